"""Chapter 9: the three arms of the homework, on 2,000 pictures of ten classes."""

import math
import time
from dataclasses import asdict, dataclass, replace
from typing import Any

from course_utils import data
from trainings import scaled

# Filters of the 3×3 convolutions of each stage.
BODIES = {
    "single": ((32,), (64,), (128,), (128,)),
    "light": ((32,), (64,), (128, 128)),
    "three": ((32, 32), (64, 64), (128, 128)),
    "wide": ((48, 48), (96, 96), (192, 192)),
    "deep": ((32, 32), (64, 64), (128, 128), (128,)),
}


@dataclass(frozen=True)
class Arm:
    """How an arm is trained.

    Attributes
    ----------
    body : "plain", which ends in dense layers, or one of `BODIES`, which are normalised
        and end in the mean over each map.
    augmented : whether pictures are mirrored and shifted in training.
    epochs, batch_size : the same for all arms.
    learning_rate : of Adam, at the start; it falls to 0 along the cosine.
    erased : share of the pictures of which a box is covered, from 0 to 1.
    dropout : before the head.
    weight_decay : as of AdamW.
    both_ways : whether the net is asked about every picture and about its mirror image,
        and the mean of the two answers counts.
    dataset : the image set, by name.
    """

    body: str
    augmented: bool
    epochs: int = 60
    batch_size: int = 50
    learning_rate: float = 1e-3
    erased: float = 0.0
    dropout: float = 0.0
    weight_decay: float = 0.0
    both_ways: bool = False
    dataset: str = "cifar10"

    def as_json(self) -> dict[str, Any]:
        """What was chosen."""
        return asdict(self)

    def train(self, name: str, seed: int) -> tuple[Any, float, float]:
        """Train: the net, its seconds, its validation accuracy."""
        import keras

        cifar10 = data.load(self.dataset)
        some = data.subset(cifar10.x_train, cifar10.y_train, per_class=300)
        (x, y), (x_val, y_val) = data.split(*some, 1000)
        net = self.net()
        steps = self.epochs * math.ceil(len(x) / self.batch_size)
        falling = keras.optimizers.schedules.CosineDecay(self.learning_rate, steps)
        net.compile(
            optimizer=keras.optimizers.Adam(
                falling, weight_decay=self.weight_decay or None
            ),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
        )
        began = time.perf_counter()
        how = {"batch_size": self.batch_size, "epochs": self.epochs, "verbose": 0}
        net.fit(scaled(x), y, **how)
        seconds = time.perf_counter() - began
        return net, seconds, self.share_right(net, x_val, y_val)

    def test(self, net: Any) -> float:
        """Share of the test pictures that a net names rightly."""
        cifar10 = data.load(self.dataset)
        return self.share_right(net, cifar10.x_test, cifar10.y_test)

    def share_right(self, net: Any, images: Any, labels: Any) -> float:
        """Share of some pictures that a net names rightly, as the arm asks it."""
        x = scaled(images)
        logits = net.predict(x, verbose=0)
        if self.both_ways:
            logits += net.predict(x[:, :, ::-1], verbose=0)
        return float((logits.argmax(axis=1) == labels).mean())

    def net(self) -> Any:
        """The arm's net, with its augmentation in front."""
        import keras
        from keras import layers

        changes: list[Any] = []
        if self.augmented:
            shift = layers.RandomTranslation(0.1, 0.1)
            changes += [layers.RandomFlip("horizontal"), shift]
        if self.erased:
            box = {"scale": (0.05, 0.25), "value_range": (0, 1)}
            changes += [layers.RandomErasing(self.erased, **box)]
        stages = plain() if self.body == "plain" else normalised(BODIES[self.body])
        if self.dropout:
            stages += [layers.Dropout(self.dropout)]
        head = layers.Dense(10, name="logits")
        return keras.Sequential([keras.Input((32, 32, 3)), *changes, *stages, head])


def plain() -> list[Any]:
    """Three convolutions, three poolings, a dense layer."""
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


def normalised(stages: tuple[tuple[int, ...], ...]) -> list[Any]:
    """Stages of normalised convolutions, then the mean over each map."""
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
    return [*made, layers.GlobalAveragePooling2D()]


BEST = Arm(
    "three",
    augmented=True,
    learning_rate=3e-3,
    erased=0.5,
    dropout=0.4,
    weight_decay=0.2,
    both_ways=True,
)
RECIPES = {
    "homework_baseline": Arm("plain", augmented=False),
    "homework_augmented": Arm("plain", augmented=True),
    "homework_regularised": BEST,
}
TRIES = {
    "homework_single": replace(BEST, body="single"),
    "homework_light": replace(BEST, body="light"),
    "homework_deep": replace(BEST, body="deep"),
    "homework_wide": replace(BEST, body="wide"),
    "homework_100": replace(BEST, epochs=100),
    "homework_no_decay": replace(BEST, weight_decay=0.0),
    "homework_less_decay": replace(BEST, weight_decay=1e-2),
    "homework_more_decay": replace(BEST, weight_decay=0.4),
    "homework_no_erasing": replace(BEST, erased=0.0),
}
