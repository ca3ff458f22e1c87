"""How hard the drawn stand-ins are: four kinds of nets on each set, several seeds.

    python benchmarks/stand_ins.py              measure all sets
    python benchmarks/stand_ins.py mnist        measure one set, keep the others
    python benchmarks/stand_ins.py --figures    only redraw the page's figures and table

Measurements are kept in ``stand_ins.json`` beside this file; the page book/stand_ins.md
shows them. Training uses a part of each set, so that the whole table can be made again
in an evening: it compares nets and says nothing about the best that they could reach.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray

from course_utils.data import drawn
from course_utils.data.catalogue import find
from course_utils.plotting import PALETTE, WIDTH, use_style

HERE = Path(__file__).resolve().parent
RECORD = HERE / "stand_ins.json"
PAGE = HERE.parent / "book"
TABLE = PAGE / "stand_ins_table.txt"
FIGURES = PAGE / "_static"
NBSP = "\N{NO-BREAK SPACE}"

Layers = list[Any]


@dataclass(frozen=True)
class Arm:
    """One net on one set, with or without augmentation."""

    title: str
    net: Callable[[tuple[int, ...], int], Layers]
    epochs: int
    augmented: bool = False


@dataclass(frozen=True)
class Plan:
    """What is trained on a set, and on how many of its pictures."""

    n_train: int
    n_test: int
    arms: tuple[Arm, ...]
    batch_size: int = 128
    reduce: int = 1  # pictures are averaged over squares of this many pixels


@dataclass(frozen=True)
class Run:
    """What one training reached; accuracies in percent, one of each per epoch."""

    dataset: str
    arm: str
    seed: int
    parameters: int
    epochs: int
    seconds: float
    train: float
    test: float
    train_by_epoch: list[float]
    test_by_epoch: list[float]


def linear(shape: tuple[int, ...], classes: int) -> Layers:
    """Every pixel votes for every class."""
    from keras import layers

    return [layers.Flatten(), layers.Dense(classes)]


def small_mlp(shape: tuple[int, ...], classes: int) -> Layers:
    """One hidden layer of 100 units."""
    from keras import layers

    return [
        layers.Flatten(),
        layers.Dense(100, activation="relu"),
        layers.Dense(classes),
    ]


# By the width of the pictures: filters and their size in each convolution.
SMALL = {28: ((10, 5), (20, 5)), 32: ((6, 5), (16, 5))}
HIDDEN = {28: (), 32: (120, 84)}
REGULARISED = {28: ((16, 3), (32, 3)), 32: ((16, 5), (32, 3), (64, 3))}


def small_cnn(shape: tuple[int, ...], classes: int) -> Layers:
    """Convolution and pooling, twice, and dense layers; no regularisation.

    On grey pictures the book's pyramid of 8,490 parameters, on coloured ones its LeNet.
    """
    from keras import layers

    body: Layers = []
    for filters, size in SMALL[shape[0]]:
        body.append(layers.Conv2D(filters, size, activation="relu"))
        body.append(layers.MaxPooling2D())
    body.append(layers.Flatten())
    body.extend(layers.Dense(units, activation="relu") for units in HIDDEN[shape[0]])
    return [*body, layers.Dense(classes)]


def regularised_cnn(shape: tuple[int, ...], classes: int) -> Layers:
    """Convolution, batch normalisation, pooling; dropout before the head."""
    from keras import layers

    body: Layers = []
    for filters, size in REGULARISED[shape[0]]:
        body.append(layers.Conv2D(filters, size, padding="same", use_bias=False))
        # Few steps an epoch: a moving average over ten of them, not a hundred.
        body.append(layers.BatchNormalization(momentum=0.9))
        body.append(layers.ReLU())
        body.append(layers.MaxPooling2D())
    return [*body, layers.Flatten(), layers.Dropout(0.3), layers.Dense(classes)]


def augmentation() -> Layers:
    """Flips and small shifts; in force while training only."""
    from keras import layers

    return [layers.RandomFlip("horizontal"), layers.RandomTranslation(0.1, 0.1)]


def _four(*epochs: int) -> tuple[Arm, ...]:
    titles = ("linear", "small MLP", "small CNN", "regularised CNN")
    nets = (linear, small_mlp, small_cnn, regularised_cnn)
    return tuple(map(Arm, titles, nets, epochs))


PLANS = {
    "mnist": Plan(10_000, 10_000, _four(15, 15, 10, 10)),
    "fashion_mnist": Plan(10_000, 10_000, _four(15, 15, 12, 10)),
    "cifar10": Plan(10_000, 10_000, _four(20, 20, 12, 10)),
    "cats_vs_dogs": Plan(
        4_000,
        2_000,
        (
            Arm("linear", linear, 15, augmented=True),
            Arm("small MLP", small_mlp, 25, augmented=True),
            Arm("small CNN, not augmented", small_cnn, 25),
            Arm("small CNN", small_cnn, 25, augmented=True),
            Arm("regularised CNN", regularised_cnn, 25, augmented=True),
        ),
        batch_size=32,
        reduce=4,
    ),
}


def scaled(images: NDArray[np.uint8], reduce: int) -> NDArray[np.float32]:
    """Pictures with four axes and values from 0 to 1, maybe reduced in size."""
    x = images.astype(np.float32) / 255
    if x.ndim == 3:
        x = x[..., None]
    n, height, width, channels = x.shape
    cells = (n, height // reduce, reduce, width // reduce, reduce, channels)
    small: NDArray[np.float32] = x.reshape(cells).mean(axis=(2, 4))
    return small


def train(name: str, arm: Arm, seed: int, pictures: dict[str, NDArray[Any]]) -> Run:
    """Train one net from scratch and look at the test pictures after every epoch.

    The test pictures choose nothing here, so that they may be looked at often.
    """
    import keras

    keras.utils.set_random_seed(seed)
    x, y = pictures["x_train"], pictures["y_train"]
    body = arm.net(x.shape[1:], int(y.max()) + 1)
    extra = augmentation() if arm.augmented else []
    model = keras.Sequential([keras.Input(x.shape[1:]), *extra, *body])
    batch_size = PLANS[name].batch_size
    steps = arm.epochs * -(-len(x) // batch_size)
    rate = keras.optimizers.schedules.CosineDecay(1e-3, steps)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    test = (pictures["x_test"], pictures["y_test"])
    start = time.perf_counter()
    history = model.fit(
        x, y, batch_size, arm.epochs, validation_data=test, verbose=0
    ).history
    seconds = time.perf_counter() - start
    accuracy = model.evaluate(x, y, batch_size=500, verbose=0)[1]
    train_curve, test_curve = (
        [round(100 * value, 2) for value in history[key]]
        for key in ("accuracy", "val_accuracy")
    )
    return Run(
        name, arm.title, seed, model.count_params(), arm.epochs, round(seconds, 1),
        round(100 * accuracy, 2), test_curve[-1], train_curve, test_curve,
    )  # fmt: skip


def measure(names: Iterable[str], seeds: Iterable[int]) -> None:
    """Measure the sets named, and write down every run as soon as it is done."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(2)
    tf.config.threading.set_inter_op_parallelism_threads(2)
    for name in names:
        plan = PLANS[name]
        start = time.perf_counter()
        pictures = drawn.draw(name, plan.n_train, plan.n_test)
        print(f"{name}: drawn in {time.perf_counter() - start:.1f} s", flush=True)
        ready: dict[str, NDArray[Any]] = dict(pictures)
        for split in ("x_train", "x_test"):
            ready[split] = scaled(pictures[split], plan.reduce)
        grey = ready["x_train"].mean()
        for split in ("x_train", "x_test"):
            ready[split] -= grey
        runs = []
        for seed in seeds:
            for arm in plan.arms:
                runs.append(train(name, arm, seed, ready))
                print(_line(runs[-1]), flush=True)
        _keep(name, plan, runs)


def _line(run: Run) -> str:
    return (
        f"{run.dataset:14} {run.arm:27} seed {run.seed}  train {run.train:6.2f}  "
        f"test {run.test:6.2f}  {run.seconds:6.1f} s"
    )


def _keep(name: str, plan: Plan, runs: list[Run]) -> None:
    record = read()
    record[name] = {
        "n_train": plan.n_train,
        "n_test": plan.n_test,
        "pictures": drawn.VERSION,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": {
            package: version(package) for package in ("keras", "tensorflow", "numpy")
        },
        "runs": [asdict(run) for run in runs],
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def read() -> dict[str, Any]:
    """The measurements that are kept, by set."""
    if not RECORD.exists():
        return {}
    record: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return record


def by_arm(measured: dict[str, Any], key: str = "test") -> dict[str, list[float]]:
    """One number per seed for every arm of a set, in the order of measurement."""
    found: dict[str, list[float]] = {}
    for run in measured["runs"]:
        found.setdefault(run["arm"], []).append(run[key])
    return found


def table(record: dict[str, Any]) -> str:
    """The measurements as a table in Markdown."""
    rows = [
        "| set | net | parameters | epochs | training | test | seconds |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for name in PLANS:
        measured = record[name]
        columns = [
            by_arm(measured, key)
            for key in ("parameters", "epochs", "train", "test", "seconds")
        ]
        for arm in columns[0]:
            parameters, epochs, train, test, seconds = (c[arm] for c in columns)
            spread = f"{statistics.mean(test):.1f} ± {statistics.stdev(test):.1f}"
            rows.append(
                f"| {name} | {arm} | {parameters[0]:,} | {epochs[0]} "
                f"| {statistics.mean(train):.1f} | {spread.replace(' ', NBSP)} "
                f"| {statistics.mean(seconds):.0f} |"
            )
    return "\n".join(rows) + "\n"


def draw_sheet(name: str, columns: int) -> None:
    """Picture of a set for the page: a row of drawn examples of every class."""
    classes = find(name).classes
    lines = 3 if len(classes) == 2 else 1
    pictures = drawn.draw(name, lines * columns * len(classes), 0)
    x, y = pictures["x_train"], pictures["y_train"]
    rows = [
        (label if line == 0 else "", x[y == number][line * columns :][:columns])
        for number, label in enumerate(classes)
        for line in range(lines)
    ]
    size = x.shape[1]
    sheet = np.full((len(rows) * (size + 2), columns * (size + 2), *x.shape[3:]), 255)
    for i, (_, examples) in enumerate(rows):
        for j, picture in enumerate(examples):
            top, left = i * (size + 2), j * (size + 2)
            sheet[top : top + size, left : left + size] = picture
    height = WIDTH * 0.82 * sheet.shape[0] / sheet.shape[1]
    figure, axes = plt.subplots(figsize=(WIDTH, height))
    axes.imshow(sheet, cmap="gray", vmin=0, vmax=255)
    axes.set_yticks(
        [(i + 0.5) * (size + 2) for i in range(len(rows))], [label for label, _ in rows]
    )
    axes.tick_params(length=0)
    axes.set_xticks([])
    axes.spines[:].set_visible(False)
    kind = "jpg" if x.ndim == 4 else "png"  # noise in colour makes a large PNG
    figure.savefig(FIGURES / f"stand_ins_{name}.{kind}", dpi=160)
    plt.close(figure)


def draw_overfitting(measured: dict[str, Any]) -> None:
    """Picture of the training and test curves of the small CNN on cats and dogs."""
    figure, panels = plt.subplots(1, 2, figsize=(WIDTH, 3.0), sharey=True)
    arms = ("small CNN, not augmented", "small CNN")
    for axes, arm in zip(panels, arms, strict=True):
        for key, label, colour, line in (
            ("train_by_epoch", "training", PALETTE[0], "-"),
            ("test_by_epoch", "test", PALETTE[1], "--"),
        ):
            curves = np.array(by_arm(measured, key)[arm])
            epochs = np.arange(1, curves.shape[1] + 1)
            axes.plot(epochs, curves.T, color=colour, linestyle=line, alpha=0.35, lw=1)
            axes.plot(epochs, curves.mean(axis=0), line, color=colour, label=label)
        axes.set(title=arm, xlabel="epoch", ylim=(45, 101))
        axes.xaxis.get_major_locator().set_params(integer=True)
    panels[0].set_ylabel("accuracy in %")
    panels[0].legend(loc="lower right")
    figure.savefig(FIGURES / "stand_ins_overfitting.png", dpi=160)
    plt.close(figure)


def publish() -> None:
    """Write the page's table and figures from the kept measurements."""
    use_style()
    record = read()
    TABLE.write_text(table(record), encoding="utf-8")
    for name, columns in zip(PLANS, (14, 14, 12, 6), strict=True):
        draw_sheet(name, columns)
    draw_overfitting(record["cats_vs_dogs"])


def main() -> None:
    """Measure what the command line asks for, print the table, redraw the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="set", help=", ".join(PLANS))
    parser.add_argument("--seeds", type=int, default=3, help="runs per net")
    parser.add_argument("--figures", action="store_true", help="measure nothing")
    options = parser.parse_args()
    unknown = set(options.names) - set(PLANS)
    if unknown:
        parser.error(f"no set {', '.join(unknown)}; there are {', '.join(PLANS)}")
    if not options.figures:
        measure(options.names or PLANS, range(options.seeds))
    if set(read()) == set(PLANS):
        publish()
        print(table(read()))


if __name__ == "__main__":
    main()
