"""The three arms of the homework on ten classes, over many seeds.

    COURSE_DATA_DIR=<folder> python seeds_recipe.py [arm …] [--seeds 0 1 2 …] [--try]
                             [--epochs …] [--body …] [--keep PATH]

In the form of ``benchmarks/seeds.py``: kept runs are named ``homework_<arm>``. All arms
get the same pictures and epochs. With ``--try`` the runs are judged by the 1,000
validation pictures and the test pictures stay unopened.
"""

import argparse
import math
import os
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from course_utils import data, seeds, session
from course_utils.publishing import execution, runs


@dataclass(frozen=True)
class Recipe:
    """How an arm is trained.

    Attributes
    ----------
    net : "plain", or one of `BODIES`.
    augmented : whether pictures are mirrored and shifted in training.
    epochs, batch_size, learning_rate : of Adam; the rate falls along the cosine.
    erased : share of the pictures of which a box is covered, from 0 to 1.
    dropout : before the head.
    weight_decay : of AdamW; 0 is Adam.
    """

    net: str
    augmented: bool
    epochs: int = 60
    batch_size: int = 50
    learning_rate: float = 1e-3
    erased: float = 0.0
    dropout: float = 0.0
    weight_decay: float = 0.0
    dataset: str = "cifar10"
    schedule: str = "cosine"


# Filters of the 3×3 convolutions of each stage: first guesses, to be tried in turn.
BODIES = {
    "three": ((32, 32), (64, 64), (128, 128)),  # 289,642 parameters, 39 M multiply–adds
    "wide": ((48, 48), (96, 96), (192, 192)),
    "deep": ((32, 32), (64, 64), (128, 128), (128,)),
}

RECIPES = {
    "baseline": Recipe("plain", augmented=False),
    "augmented": Recipe("plain", augmented=True),
    "regularised": Recipe(
        "three",
        augmented=True,
        learning_rate=3e-3,
        erased=0.5,
        dropout=0.4,
        weight_decay=1e-2,
    ),
}


def plain() -> list[Any]:
    """Three convolutions, three poolings, two dense layers: 122,570 parameters."""
    from keras import layers

    stages = [
        layer
        for filters in (32, 64, 64)
        for layer in (
            layers.Conv2D(filters, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
        )
    ]
    return [*stages, layers.Flatten(), layers.Dense(64, activation="relu")]


def normalised(stages: tuple[tuple[int, ...], ...], dropout: float) -> list[Any]:
    """Stages of normalised convolutions, the mean over each map, dropout."""
    from keras import layers

    made: list[Any] = []
    for stage, widths in enumerate(stages):
        made += [layers.MaxPooling2D(2)] if stage else []
        for filters in widths:
            made += [
                layers.Conv2D(filters, 3, padding="same", use_bias=False),
                layers.BatchNormalization(),
                layers.ReLU(),
            ]
    return [*made, layers.GlobalAveragePooling2D(), layers.Dropout(dropout)]


def build(recipe: Recipe) -> Any:
    """The arm's net, with its augmentation in front."""
    import keras
    from keras import layers

    changes: list[Any] = []
    if recipe.augmented:
        changes += [layers.RandomFlip("horizontal"), layers.RandomTranslation(0.1, 0.1)]
    if recipe.erased:
        changes += [
            layers.RandomErasing(recipe.erased, scale=(0.05, 0.25), value_range=(0, 1))
        ]
    body = (
        plain()
        if recipe.net == "plain"
        else normalised(BODIES[recipe.net], recipe.dropout)
    )
    return keras.Sequential(
        [keras.Input((32, 32, 3)), *changes, *body, layers.Dense(10, name="logits")]
    )


def scaled(images: Any) -> Any:
    """Pictures as a net takes them: float32 from 0 to 1."""
    return images.astype("float32") / 255


def train(recipe: Recipe, seed: int) -> tuple[Any, float, float]:
    """Train an arm from one seed: the net, its seconds, its validation accuracy."""
    session.start(seed)
    import keras

    cifar10 = data.load(recipe.dataset)
    some = data.subset(cifar10.x_train, cifar10.y_train, per_class=300)
    (x, y), (x_val, y_val) = data.split(*some, 1000)
    x, x_val, net = scaled(x), scaled(x_val), build(recipe)
    steps = recipe.epochs * math.ceil(len(x) / recipe.batch_size)
    falling = keras.optimizers.schedules.CosineDecay(recipe.learning_rate, steps)
    decay = recipe.weight_decay or None
    net.compile(
        optimizer=keras.optimizers.Adam(falling, weight_decay=decay),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    began = time.perf_counter()
    net.fit(x, y, batch_size=recipe.batch_size, epochs=recipe.epochs, verbose=0)
    seconds = time.perf_counter() - began
    return net, seconds, net.evaluate(x_val, y_val, verbose=0)[1]


def tested(arm: str, recipe: Recipe, seed: int) -> seeds.SeedRun:
    """Train an arm from one seed, and show it the test pictures, once."""
    net, seconds, validation = train(recipe, seed)
    cifar10 = data.load(recipe.dataset)
    x, y = data.subset(cifar10.x_test, cifar10.y_test, per_class=100)
    return seeds.SeedRun(
        net=f"homework_{arm}",
        seed=seed,
        recipe=asdict(recipe),
        parameters=net.count_params(),
        seconds=round(seconds, 1),
        validation_accuracy=round(validation, 5),
        test_accuracy=round(net.evaluate(scaled(x), y, verbose=0)[1], 5),
        data_source=cifar10.source,
        date=datetime.now(UTC).date().isoformat(),
        machine=runs.machine(),
        versions=runs.versions(),
    )


def main() -> None:
    """Train what is asked for, and print or keep what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("arms", nargs="*", choices=[[], *RECIPES], metavar="arm")
    parser.add_argument("--seeds", nargs="+", type=int, default=range(5))
    parser.add_argument("--try", action="store_true", dest="trying")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--body", choices=BODIES, default="three")
    parser.add_argument("--keep", type=Path, default=seeds.KEPT)
    asked = parser.parse_args()
    execution.keep_to_cores(execution.CORES)
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    for arm in asked.arms or RECIPES:
        recipe = replace(RECIPES[arm], epochs=asked.epochs)
        if recipe.net != "plain":
            recipe = replace(recipe, net=asked.body)
        shares = []
        for seed in asked.seeds:
            if asked.trying:
                _, seconds, share = train(recipe, seed)
            else:
                run = tested(arm, recipe, seed)
                seeds.keep(run, path=asked.keep)
                seconds, share = run.seconds, run.validation_accuracy
            shares.append(share)
            print(f"{arm}, seed {seed}: {share:.2%}, {seconds:.0f} s", flush=True)
        spread = stdev(shares) if len(shares) > 1 else 0.0
        print(f"{arm}: validation {mean(shares):.2%}, SD {spread:.2%}")


if __name__ == "__main__":
    main()
