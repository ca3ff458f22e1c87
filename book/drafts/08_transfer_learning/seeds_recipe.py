"""Cat or dog with 200 pictures a class: scratch, frozen, fine-tuned, over many seeds.

    COURSE_DATA_DIR=<folder> python seeds_recipe.py [--seeds 0 1 2 …] [--try] [--body 0]
                             [--rate …] [--scratch-epochs …] [--keep PATH]

In the form of ``benchmarks/seeds.py``. Each seed pretrains a body of its own on the eight
other classes, which is what the chapter does not do: there, all seeds share one body
(``--body 0`` does the same here). ``--try`` judges by validation pictures and leaves the
test pictures unopened.
"""

import argparse
import math
import os
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from course_utils import data, seeds, session
from course_utils.publishing import execution, runs


@dataclass(frozen=True)
class Recipe:
    """How the chapter trains.

    Attributes
    ----------
    pretraining : epochs, batch size and learning rate on the eight classes.
    scratch, frozen, fine_tuned : epochs and learning rate on the few pictures.
    per_class : pictures of cats, and of dogs.
    shift : of RandomTranslation, as a share of the picture.
    """

    pretraining: tuple[int, int, float] = (15, 64, 2e-3)
    scratch: tuple[int, float] = (100, 1e-3)
    frozen: tuple[int, float] = (60, 1e-2)
    fine_tuned: tuple[int, float] = (30, 1e-4)
    per_class: int = 200
    shift: float = 0.1
    dataset: str = "cifar10"
    schedule: str = "cosine"


WAYS = ("scratch", "frozen", "fine_tuned")


def scaled(images: Any) -> Any:
    """Pictures as a net takes them: float32 from 0 to 1."""
    return images.astype("float32") / 255


@lru_cache
def pets() -> tuple[Any, ...]:
    """The pool of cats and dogs, and their validation pictures."""
    cifar10 = data.load("cifar10")
    pool = data.subset(cifar10.x_train, cifar10.y_train, classes=[3, 5])
    (x, y), (x_val, y_val) = data.split(*pool, 1000)
    return x, y, scaled(x_val), y_val


def make_body() -> Any:
    """The net of chapter 7 without its head."""
    import keras

    from course_utils import models

    net = models.cats_dogs_net(size=32)
    return keras.Model(net.inputs[0], net.get_layer("global_pool").output, name="body")


def with_head(body: Any, recipe: Recipe, units: int = 1) -> Any:
    """Augmentation, a body, dropout, a dense layer."""
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(recipe.shift, recipe.shift),
            body,
            layers.Dropout(0.4),
            layers.Dense(units, name="logit"),
        ]
    )


def fit(net: Any, x: Any, y: Any, how: tuple[int, float], batch_size: int = 32) -> Any:
    """Train with a rate that falls along the cosine."""
    import keras

    epochs, rate = how
    steps = epochs * math.ceil(len(x) / batch_size)
    binary = net.output_shape[1] == 1
    net.compile(
        optimizer=keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(rate, steps)
        ),
        loss=keras.losses.BinaryCrossentropy(from_logits=True)
        if binary
        else keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[
            keras.metrics.BinaryAccuracy(threshold=0, name="accuracy")
            if binary
            else "accuracy"
        ],
    )
    net.fit(x, y, batch_size=batch_size, epochs=epochs, verbose=0)
    return net


@lru_cache
def pretrained(seed: int, recipe: Recipe) -> Any:
    """A body that has learned the eight other classes."""
    import keras

    keras.utils.set_random_seed(seed)
    cifar10 = data.load("cifar10")
    others = [label for label in range(10) if label not in (3, 5)]
    chosen = data.subset(cifar10.x_train, cifar10.y_train, classes=others)
    (x, y), (x_val, y_val) = data.split(*chosen, 0.1)
    epochs, batch_size, rate = recipe.pretraining
    body, began = make_body(), time.perf_counter()
    teacher = fit(with_head(body, recipe, 8), scaled(x), y, (epochs, rate), batch_size)
    _, share = teacher.evaluate(scaled(x_val), y_val, verbose=0)
    print(f"body {seed}: {share:.2%}, {time.perf_counter() - began:.0f} s", flush=True)
    return body


def train(seed: int, recipe: Recipe, body_seed: int) -> dict[str, tuple[Any, float]]:
    """The three nets of one seed, each with the seconds that it took."""
    import keras
    from keras import layers

    pool, kinds, _, _ = pets()
    few, y = data.subset(pool, kinds, per_class=recipe.per_class, seed=seed)
    few = scaled(few)
    base = pretrained(body_seed, recipe)
    made, began = {}, time.perf_counter()

    def note(name: str, net: Any) -> None:
        nonlocal began
        made[name] = (net, time.perf_counter() - began)
        began = time.perf_counter()

    keras.utils.set_random_seed(seed)
    note("scratch", fit(with_head(make_body(), recipe), few, y, recipe.scratch))

    keras.utils.set_random_seed(seed)
    head = keras.Sequential([keras.Input((128,)), layers.Dense(1)])
    fit(head, base.predict(few, verbose=0), y, recipe.frozen)
    frozen = with_head(base, recipe)
    frozen.get_layer("logit").set_weights(head.get_weights())
    note("frozen", frozen)

    keras.utils.set_random_seed(seed)
    body = keras.models.clone_model(base)
    body.set_weights(base.get_weights())
    for layer in body.layers:
        layer.trainable = not isinstance(layer, layers.BatchNormalization)
    tuned = with_head(body, recipe)
    tuned.get_layer("logit").set_weights(head.get_weights())
    note("fine_tuned", fit(tuned, few, y, recipe.fine_tuned))
    return made


def share_right(net: Any, x: Any, y: Any) -> float:
    """Share of logits with the right sign."""
    return float(np.mean((net.predict(x, batch_size=500, verbose=0)[:, 0] > 0) == y))


def main() -> None:
    """Train the seeds, and print or keep what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", nargs="+", type=int, default=range(5))
    parser.add_argument("--body", type=int, help="one body for all seeds")
    parser.add_argument("--try", action="store_true", dest="trying")
    parser.add_argument("--keep", type=Path, default=seeds.KEPT)
    parser.add_argument("--rate", type=float, default=1e-4, help="of fine-tuning")
    parser.add_argument("--scratch-epochs", type=int, default=100)
    asked = parser.parse_args()
    execution.keep_to_cores(execution.CORES)
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    session.start()
    recipe = Recipe(fine_tuned=(30, asked.rate), scratch=(asked.scratch_epochs, 1e-3))
    *_, x_val, y_val = pets()
    found: dict[str, list[float]] = {name: [] for name in WAYS}
    for seed in asked.seeds:
        made = train(seed, recipe, seed if asked.body is None else asked.body)
        for name, (net, seconds) in made.items():
            share = share_right(net, x_val, y_val)
            found[name].append(share)
            print(f"seed {seed}, {name}: {share:.2%}, {seconds:.0f} s", flush=True)
            if not asked.trying:
                seeds.keep(
                    tested(name, net, seed, seconds, share, recipe), path=asked.keep
                )
    for better, worse in (("frozen", "scratch"), ("fine_tuned", "scratch")):
        pairs = np.subtract(found[better], found[worse])
        error = pairs.std(ddof=1) / math.sqrt(len(pairs)) if len(pairs) > 1 else 0
        print(f"{better} − {worse}: {pairs.mean():.2%} ± {error:.2%}")


def tested(
    name: str, net: Any, seed: int, seconds: float, share: float, recipe: Recipe
) -> seeds.SeedRun:
    """Show a net the test pictures, once."""
    cifar10 = data.load("cifar10")
    x, y = data.subset(cifar10.x_test, cifar10.y_test, classes=[3, 5])
    return seeds.SeedRun(
        net=f"transfer_{name}",
        seed=seed,
        recipe=asdict(recipe),
        parameters=net.count_params(),
        seconds=round(seconds, 1),
        validation_accuracy=round(share, 5),
        test_accuracy=round(share_right(net, scaled(x), y), 5),
        data_source=cifar10.source,
        date=datetime.now(UTC).date().isoformat(),
        machine=runs.machine(),
        versions=runs.versions(),
    )


if __name__ == "__main__":
    main()
