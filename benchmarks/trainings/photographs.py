"""Chapter 7: cats and dogs, read from the folder of photographs."""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from course_utils import data


@dataclass(frozen=True)
class Photographs:
    """How chapter 7 trains a net on the photographs.

    Attributes
    ----------
    make : name of one of `MAKERS`.
    size : height and width of the pictures in pixels.
    epochs : times that the net sees the training pictures.
    augment : whether an augmenter changes the pictures.
    gentle : whether it only mirrors and shifts them.
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
    gentle: bool | None = None
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

    def augmenter(self) -> Any:
        """The chapter's five kinds of change, each a small one, or the gentle two."""
        import keras
        from keras import layers

        changes = [layers.RandomFlip("horizontal")]
        if not self.gentle:
            changes += [layers.RandomRotation(0.04), layers.RandomZoom(0.15)]
        changes += [layers.RandomTranslation(0.1, 0.1)]
        if not self.gentle:
            contrast = layers.RandomContrast((0.3, 0.3), value_range=(0, 1))
            changes += [contrast]
        return keras.Sequential(changes)

    def train(self, name: str, seed: int) -> tuple[Any, float, float]:
        """Train: the net, its seconds, its validation accuracy."""
        import keras

        training, validation = parts(self)
        count = sum(1 for _ in training)  # fills the cache, too
        keras.utils.set_random_seed(seed)
        net = MAKERS[self.make](self.size)
        learner = keras.Sequential([self.augmenter(), net]) if self.augment else net
        learner.compile(
            optimizer=keras.optimizers.Adam(self.rate(count)),
            loss=keras.losses.BinaryCrossentropy(from_logits=True),
            metrics=[keras.metrics.BinaryAccuracy("accuracy", threshold=0)],
        )
        began = time.perf_counter()
        learner.fit(
            batches(training, self, seed),
            validation_data=validation.batch(250),
            epochs=self.epochs,
            shuffle=False,  # the pipeline does it
            verbose=2,
        )
        seconds = time.perf_counter() - began
        return net, seconds, share_right(net, validation)

    def test(self, net: Any) -> float:
        """Share of the test photographs that a net names rightly."""
        return share_right(net, photographs("test", self.size))


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
    return pairs.map(from_0_to_1)


def from_0_to_1(picture: Any, label: Any) -> tuple[Any, Any]:
    """Pixels from 0 to 1."""
    return picture / 255, label


def parts(recipe: Photographs) -> tuple[Any, Any]:
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


def batches(pairs: Any, recipe: Photographs, seed: int) -> Any:
    """Shuffled in every epoch, in batches."""
    import tensorflow as tf

    shuffled = pairs.shuffle(4000, seed=seed).batch(recipe.batch_size)
    return shuffled.prefetch(tf.data.AUTOTUNE)


def share_right(net: Any, pairs: Any) -> float:
    """Share of the pictures whose logit lies on the right side of 0."""
    import numpy as np

    logits = net.predict(pairs.batch(250), verbose=0)
    labels = np.concatenate([label for _, label in pairs.batch(250)])
    return float(np.mean((logits > 0) == labels))


def arm(make: str, *, augment: bool) -> Photographs:
    """One of the four nets that are compared."""
    return Photographs(make, 64, 16, augment=augment, schedule="cosine")


FINAL = Photographs(
    "global_pooling",
    64,
    80,
    augment=True,
    gentle=True,
    learning_rate=2e-3,
    schedule="cosine",
)
RECIPES = {
    # The 2×2 table: 64 pixels, 16 epochs, one falling rate; only the remedies differ.
    "cats_dogs_nothing": arm("plain", augment=False),
    "cats_dogs_augmentation": arm("plain", augment=True),
    "cats_dogs_regularisation": arm("regularised", augment=False),
    "cats_dogs_both": arm("regularised", augment=True),
    "cats_dogs_net": FINAL,
    "cats_dogs_net_five": replace(FINAL, size=96, epochs=50, gentle=None),
}
TRIES = {
    "cats_dogs_small": replace(FINAL, epochs=14),
    "cats_dogs_40": replace(FINAL, epochs=40),
    "cats_dogs_flatten": replace(
        FINAL, make="regularised", epochs=40, learning_rate=1e-3
    ),
}
