"""What the nets of chapter 7 reach from several seeds, as benchmarks/seeds.py does.

    COURSE_DATA_DIR=<folder> python seeds_recipe.py [net …] [--seeds 0 1 2 …]
    COURSE_DATA_DIR=<folder> python seeds_recipe.py --try net … [--seeds …]

As there: every run is kept at once in ``course_utils/seeds.json``, what is kept is not
trained again, and ``--try`` keeps nothing and leaves the test photographs unopened.

It differs from the recipes there in four ways, which `PhotoRecipe` names: photographs
are read from the folder of JPEG files as in the chapter, every eighth is held back; the
head is one logit with binary labels; an augmenter may stand before the net while it
trains; and pictures may be mixed by cutmix or mixup. To merge it, `PHOTOS` joins
`RECIPES`, and `train` and `tested` choose by the recipe's type.
"""

import argparse
import math
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from course_utils import data, seeds, session
from course_utils.errors import CourseError
from course_utils.publishing import execution, runs


@dataclass(frozen=True)
class PhotoRecipe:
    """How chapter 7 trains a net on the photographs.

    Attributes
    ----------
    make : name of the function here that makes the net.
    size : height and width of the pictures in pixels.
    epochs : times that the net sees the training pictures.
    augment : whether an augmenter changes the pictures.
    mix : "cutmix" or "mixup" mixes the pictures of each batch; left out, neither does.
    batch_size : pictures per step.
    every : each so-many-th photograph is set aside for validation.
    learning_rate : of Adam, at the start.
    schedule : "cosine" lets the rate fall to 0; left out, it stays as it is.
    dataset : the image set, by name.
    """

    make: str
    size: int
    epochs: int
    augment: bool = False
    mix: str | None = None
    batch_size: int = 32
    every: int = 8
    learning_rate: float = 1e-3
    schedule: str | None = None
    dataset: str = "cats_vs_dogs"

    def as_json(self) -> dict[str, Any]:
        """What was chosen, without what was left out."""
        return {name: told for name, told in asdict(self).items() if told is not None}

    def rate(self, pictures: int) -> Any:
        """What Adam gets for so many training pictures."""
        import keras

        if self.schedule is None:
            return self.learning_rate
        steps = self.epochs * math.ceil(pictures / self.batch_size)
        return keras.optimizers.schedules.CosineDecay(self.learning_rate, steps)


# The 2×2 table: 64 pixels, 20 epochs, one rate; only the two remedies differ.
PHOTOS = {
    "cats_dogs_nothing": PhotoRecipe("plain", 64, 20),
    "cats_dogs_augmentation": PhotoRecipe("plain", 64, 20, augment=True),
    "cats_dogs_regularisation": PhotoRecipe("regularised", 64, 20),
    "cats_dogs_both": PhotoRecipe("regularised", 64, 20, augment=True),
    "cats_dogs_net": PhotoRecipe(
        "global_pooling", 96, 50, augment=True, learning_rate=2e-3, schedule="cosine"
    ),
}

# For --try only: what else cats_dogs_net could be. Seconds are estimates, 2 cores.
TRIES = {
    "small_run": PhotoRecipe(  # the chapter's smaller run: 180 s
        "global_pooling", 64, 14, augment=True, learning_rate=2e-3, schedule="cosine"
    ),
    "at_64": PhotoRecipe(  # as long as 50 epochs at 96 pixels: 1,250 s
        "global_pooling", 64, 100, augment=True, learning_rate=2e-3, schedule="cosine"
    ),
    "at_96_cutmix": PhotoRecipe(
        "global_pooling",
        96,
        50,
        augment=True,
        mix="cutmix",
        learning_rate=2e-3,
        schedule="cosine",
    ),
    "at_96_slower": PhotoRecipe(
        "global_pooling", 96, 50, augment=True, learning_rate=1e-3, schedule="cosine"
    ),
    "at_128": PhotoRecipe(  # 45 s an epoch
        "global_pooling", 128, 28, augment=True, learning_rate=2e-3, schedule="cosine"
    ),
}
RECIPES = PHOTOS | TRIES


def bipyramid(size: int, *, regularised: bool) -> Any:
    """The chapter's net with Flatten, plain or with batch norm, dropout and L2."""
    import keras
    from keras import layers

    l2 = keras.regularizers.L2(1e-4) if regularised else None
    net = keras.Sequential([keras.Input((size, size, 3))], name="bipyramid")
    same: dict[str, Any] = {"padding": "same", "kernel_regularizer": l2}
    for i, filters in enumerate((32, 64, 128, 128), start=1):
        net.add(layers.Conv2D(filters, 3, name=f"conv_{i}", **same))
        if regularised:
            net.add(layers.BatchNormalization(name=f"norm_{i}"))
        net.add(layers.ReLU(name=f"relu_{i}"))
        net.add(layers.MaxPooling2D(2, name=f"pool_{i}"))
    net.add(layers.Flatten(name="flatten"))
    if regularised:
        net.add(layers.Dropout(0.5, name="dropout"))
    net.add(layers.Dense(128, "relu", kernel_regularizer=l2, name="dense"))
    net.add(layers.Dense(1, name="logit"))
    return net


def global_pooling(size: int) -> Any:
    """The net of `course_utils.models`, which ends in global average pooling."""
    from course_utils import models

    return models.cats_dogs_net(size)


MAKERS: dict[str, Callable[[int], Any]] = {
    "plain": lambda size: bipyramid(size, regularised=False),
    "regularised": lambda size: bipyramid(size, regularised=True),
    "global_pooling": global_pooling,
}


def augmenter() -> Any:
    """The chapter's five kinds of change, each a small one."""
    import keras
    from keras import layers

    return keras.Sequential(
        [
            layers.RandomFlip("horizontal"),
            layers.RandomRotation(0.04),
            layers.RandomZoom(0.15),
            layers.RandomTranslation(0.1, 0.1),
            layers.RandomContrast((0.3, 0.3), value_range=(0, 1)),
        ],
        name="augmenter",
    )


def photographs(split: str, size: int) -> Any:
    """Single photographs from 0 to 1 and their labels, all cats before all dogs."""
    import keras

    pairs = keras.utils.image_dataset_from_directory(
        data.photo_folder() / split,
        label_mode="binary",
        image_size=(size, size),
        batch_size=None,
        shuffle=False,
        verbose=False,
    )
    return pairs.map(scaled)


def scaled(picture: Any, label: Any) -> tuple[Any, Any]:
    """Pixels from 0 to 1."""
    return picture / 255, label


def parts(recipe: PhotoRecipe) -> tuple[Any, Any]:
    """Training and validation photographs, both cached."""
    import tensorflow as tf

    pairs = photographs("train", recipe.size)
    held_back = len(pairs.batch(recipe.every))

    def part(count: int, *, held: bool) -> Any:
        def wanted(number: Any, pair: Any) -> Any:
            return tf.equal(number % recipe.every == 0, held)

        def without_number(number: Any, pair: Any) -> Any:
            return pair

        chosen = pairs.enumerate().filter(wanted).map(without_number).cache()
        return chosen.apply(tf.data.experimental.assert_cardinality(count))

    left = part(len(pairs) - held_back, held=False)
    return left, part(held_back, held=True)


def batches(pairs: Any, recipe: PhotoRecipe, seed: int) -> Any:
    """Shuffled in every epoch, in batches, mixed if the recipe says so."""
    import keras
    import tensorflow as tf

    shuffled = pairs.shuffle(4000, seed=seed).batch(recipe.batch_size)
    if recipe.mix is not None:
        kinds = {
            "cutmix": lambda: keras.layers.CutMix(factor=(1, 1), seed=seed),
            "mixup": lambda: keras.layers.MixUp(alpha=0.2, seed=seed),
        }
        layer = kinds[recipe.mix]()

        def mixed(images: Any, labels: Any) -> tuple[Any, Any]:
            both = layer({"images": images, "labels": labels}, training=True)
            return both["images"], both["labels"]

        shuffled = shuffled.map(mixed)
    return shuffled.prefetch(tf.data.AUTOTUNE)


def train(name: str, seed: int) -> tuple[Any, float, float]:
    """Train a net from one seed: the net, its seconds, its validation accuracy."""
    session.start(seed)
    import keras

    recipe = RECIPES[name]
    training, validation = parts(recipe)
    count = sum(1 for _ in training)  # Fills the cache, too.
    keras.utils.set_random_seed(seed)
    net = MAKERS[recipe.make](recipe.size)
    learner = keras.Sequential([augmenter(), net]) if recipe.augment else net
    learner.compile(
        optimizer=keras.optimizers.Adam(recipe.rate(count)),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.BinaryAccuracy("accuracy", threshold=0)],
    )
    began = time.perf_counter()
    learner.fit(
        batches(training, recipe, seed),
        validation_data=validation.batch(250),
        epochs=recipe.epochs,
        shuffle=False,  # The pipeline does it.
        verbose=2,
    )
    seconds = time.perf_counter() - began
    return net, seconds, share_right(net, validation)


def share_right(net: Any, pairs: Any) -> float:
    """Share of the pictures whose logit lies on the right side of 0."""
    import numpy as np

    logits = net.predict(pairs.batch(250), verbose=0)
    labels = np.concatenate([label for _, label in pairs.batch(250)])
    return float(np.mean((logits > 0) == labels))


def tested(name: str, seed: int) -> seeds.SeedRun:
    """Train a net from one seed, and show it the test photographs, once."""
    net, seconds, validation = train(name, seed)
    recipe = RECIPES[name]
    return seeds.SeedRun(
        net=name,
        seed=seed,
        recipe=recipe.as_json(),
        parameters=net.count_params(),
        seconds=round(seconds, 1),
        validation_accuracy=round(validation, 5),
        test_accuracy=round(share_right(net, photographs("test", recipe.size)), 5),
        data_source=data.load(recipe.dataset).source,
        date=datetime.now(UTC).date().isoformat(),
        machine=runs.machine(),
        versions=runs.versions(),
    )


def is_kept(name: str, seed: int) -> bool:
    """Whether this very run is there already."""
    wanted = (name, seed, RECIPES[name].as_json())
    return any(
        (run.net, run.seed, run.recipe) == wanted and run.data_source != "drawn"
        for run in seeds.kept()
    )


def main() -> None:
    """Train what is missing, then print one table per net."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("nets", nargs="*", choices=[[], *RECIPES], metavar="net")
    parser.add_argument("--seeds", nargs="+", type=int, default=range(5))
    parser.add_argument("--try", action="store_true", dest="trying")
    asked = parser.parse_args()
    execution.keep_to_cores(execution.CORES)
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    for name in asked.nets or PHOTOS:
        for seed in asked.seeds:
            if asked.trying:
                _, seconds, validation = train(name, seed)
                print(
                    f"{name}, seed {seed}: validation {validation:.2%}, {seconds:.0f} s"
                )
                continue
            if name in TRIES:
                raise CourseError(f"{name} is for --try: it is no recipe to keep.")
            if is_kept(name, seed):
                print(f"{name}, seed {seed}: kept already")
                continue
            print(f"{name}, seed {seed}: training", flush=True)
            seeds.keep(tested(name, seed))
        if not asked.trying:
            print(f"\n{name}: {RECIPES[name]}\n{seeds.table(seeds.kept(name))}\n")


if __name__ == "__main__":
    try:
        main()
    except CourseError as error:
        sys.exit(str(error))
