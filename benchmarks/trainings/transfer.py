"""Chapter 8: cat or dog with few pictures, from scratch and with a pretrained body.

Each seed pretrains a body of its own and draws pictures of its own; the three ways
share both, so that they can be compared seed by seed.
"""

import math
import time
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

from course_utils import data
from trainings import scaled

PETS = (3, 5)  # cat and dog, by their numbers in CIFAR-10


@dataclass(frozen=True)
class Phase:
    """One training: the rate is Adam's at the start and falls to 0 along the cosine."""

    epochs: int
    learning_rate: float
    batch_size: int = 32


@dataclass(frozen=True)
class Transfer:
    """How chapter 8 trains a net on few cats and dogs.

    Attributes
    ----------
    body : how the body learns the eight other classes; left out, it begins with random
        weights.
    head : how a head learns on what the body makes, while the body stays as it is.
    whole : how the whole net learns then, with a pretrained body all of it but batch
        normalisation; left out, the body stays frozen.
    per_class : pictures of cats, and of dogs.
    dataset : the image set, by name.
    """

    body: Phase | None = None
    head: Phase | None = None
    whole: Phase | None = None
    per_class: int = 200
    dataset: str = "cifar10"

    def as_json(self) -> dict[str, Any]:
        """What was chosen, without what was left out."""
        return {name: told for name, told in asdict(self).items() if told is not None}

    def train(self, name: str, seed: int) -> tuple[Any, float, float]:
        """Train: the net, its seconds without the body's, its validation accuracy."""
        import keras

        (pool, kinds), (x_val, y_val) = pets(self.dataset)
        x, y = data.subset(pool, kinds, per_class=self.per_class, seed=seed)
        x = scaled(x)
        base = pretrained(self.body, self.dataset, seed) if self.body else None
        keras.utils.set_random_seed(seed)
        began = time.perf_counter()
        net = with_head(make_body() if base is None else base)
        if self.head:
            train_head(net, x, y, self.head)
        if self.whole:
            keras.utils.set_random_seed(seed)
            net = fit(net if base is None else free_but_norms(net), x, y, self.whole)
        seconds = time.perf_counter() - began
        return net, seconds, share_right(net, scaled(x_val), y_val)

    def test(self, net: Any) -> float:
        """Share of the test set's cats and dogs that a net names rightly."""
        pictures = data.load(self.dataset)
        x, y = data.subset(pictures.x_test, pictures.y_test, classes=PETS)
        return share_right(net, scaled(x), y)


@cache
def pets(dataset: str) -> Any:
    """The pool of cats and dogs, from 0 to 255, and 1,000 of them for validation."""
    pictures = data.load(dataset)
    return data.split(
        *data.subset(pictures.x_train, pictures.y_train, classes=PETS), 1000
    )


def make_body() -> Any:
    """The net of chapter 7 without its head: a picture becomes 128 numbers."""
    import keras

    from course_utils import models

    net = models.cats_dogs_net(size=32)
    return keras.Model(net.inputs[0], net.get_layer("global_pool").output, name="body")


def with_head(body: Any, units: int = 1) -> Any:
    """Augmentation, a body, dropout, a dense layer."""
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(0.1, 0.1),
            body,
            layers.Dropout(0.4, name="dropout"),
            layers.Dense(units, name="logit"),
        ]
    )


def train_head(net: Any, x: Any, y: Any, phase: Phase) -> None:
    """Train the last layer alone, on what the body makes of the pictures."""
    import keras

    head = keras.Sequential([keras.Input((128,)), keras.layers.Dense(1)])
    fit(head, net.get_layer("body").predict(x, verbose=0), y, phase)
    net.get_layer("logit").set_weights(head.get_weights())


def free_but_norms(net: Any) -> Any:
    """A copy of a net, all of which learns but its batch normalisation."""
    import keras

    base = net.get_layer("body")
    body = keras.models.clone_model(base)
    body.set_weights(base.get_weights())
    for layer in body.layers:
        layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
    free = with_head(body)
    free.get_layer("logit").set_weights(net.get_layer("logit").get_weights())
    return free


@cache
def pretrained(phase: Phase, dataset: str, seed: int) -> Any:
    """A body that has learned the eight other classes."""
    import keras

    keras.utils.set_random_seed(seed)
    pictures = data.load(dataset)
    others = [label for label in range(10) if label not in PETS]
    chosen = data.subset(pictures.x_train, pictures.y_train, classes=others)
    (x, y), _ = data.split(*chosen, 0.1)  # the chapter looks at the other part
    body = make_body()
    fit(with_head(body, units=8), scaled(x), y, phase)
    return body


def fit(net: Any, x: Any, y: Any, phase: Phase) -> Any:
    """Train a net that ends in one logit, or in several."""
    import keras

    steps = phase.epochs * math.ceil(len(x) / phase.batch_size)
    falling = keras.optimizers.schedules.CosineDecay(phase.learning_rate, steps)
    losses = keras.losses
    one = net.output_shape[1] == 1
    loss = losses.BinaryCrossentropy if one else losses.SparseCategoricalCrossentropy
    net.compile(keras.optimizers.Adam(falling), loss(from_logits=True))
    net.fit(x, y, batch_size=phase.batch_size, epochs=phase.epochs, verbose=0)
    return net


def share_right(net: Any, x: Any, y: Any) -> float:
    """Share of the pictures whose logit lies on the right side of 0."""
    import numpy as np

    return float(np.mean((net.predict(x, verbose=0)[:, 0] > 0) == y))


SCRATCH = Transfer(whole=Phase(100, 1e-3))
FROZEN = Transfer(body=Phase(15, 2e-3, 64), head=Phase(60, 1e-2))
FINE_TUNED = replace(FROZEN, whole=SCRATCH.whole)
RECIPES = {
    "transfer_scratch": SCRATCH,
    "transfer_frozen": FROZEN,
    "transfer_fine_tuned": FINE_TUNED,
}
TRIES = {
    "transfer_scratch_longer": replace(SCRATCH, whole=Phase(200, 1e-3)),
    "transfer_scratch_faster": replace(SCRATCH, whole=Phase(100, 2e-3)),
    "transfer_fine_tuned_slower": replace(FROZEN, whole=Phase(100, 3e-4)),
    "transfer_fine_tuned_faster": replace(FROZEN, whole=Phase(100, 3e-3)),
}
