"""``helps.helped``: filters, their normalisation and activation, and a dropout."""

from __future__ import annotations

import keras
import pytest
from keras import layers

from course_utils import models
from course_utils.checks.helps import helped
from tests.checks.failing import message_of

SHAPE = (28, 28, 1)


def net(*stages: layers.Layer) -> keras.Model:
    """Layers between the pictures and ten probabilities."""
    ends = layers.Flatten(), layers.Dense(10, activation="softmax")
    return keras.Sequential([keras.Input(SHAPE), *stages, *ends])


def block(filters: int = 4, size: int = 3) -> list[layers.Layer]:
    """Filters, normalised and activated."""
    parts = layers.Conv2D(filters, size), layers.BatchNormalization(), layers.ReLU()
    return list(parts)


class Own(keras.Model):
    """A net of a class of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = [*block(), *block(), layers.Dropout(0.2), layers.Flatten()]
        self.parts.append(layers.Dense(10))

    def call(self, x: object, training: bool | None = None) -> object:
        for part in self.parts:
            moody = isinstance(part, layers.Dropout | layers.BatchNormalization)
            x = part(x, training=training) if moody else part(x)
        return x


RIGHT = {
    "the chapter's net": models.regularised_net,
    "activated before": lambda: net(
        layers.Conv2D(4, 5, activation="relu"),
        layers.BatchNormalization(),
        layers.SeparableConv2D(6, 3),
        layers.MaxPooling2D(2),
        layers.BatchNormalization(),
        layers.Activation("gelu"),
        layers.SpatialDropout2D(0.1),
    ),
    "a last mixture of the maps": lambda: net(
        *block(), *block(), layers.Conv2D(2, 1), layers.Dropout(0.1)
    ),
    "a class of its own": Own,
}
WRONG = {
    "a linear net": lambda: net(layers.Dropout(0.2)),
    "dense layers only": lambda: net(layers.Flatten(), layers.Dense(8, "relu")),
    "one convolution": lambda: net(*block(), layers.Dropout(0.2)),
    "filters of 1×1": lambda: net(*block(), *block(size=1), layers.Dropout(0.2)),
    "batch normalisation forgotten": lambda: net(
        *block(), layers.Conv2D(4, 3, activation="relu"), layers.Dropout(0.2)
    ),
    "activation forgotten": lambda: net(
        *block(), *block()[:2], layers.Dropout(0.2), layers.Dense(8, "relu")
    ),
    "dropout forgotten": lambda: net(*block(), *block(), layers.Dropout(0.0)),
}


@pytest.mark.parametrize("make", RIGHT.values(), ids=RIGHT)
def test_a_net_with_all_helps_passes_in_any_style(make: type[keras.Model]) -> None:
    helped(make(), SHAPE)


@pytest.mark.parametrize("name", WRONG)
def test_what_a_net_lacks_is_named(name: str) -> None:
    said = message_of(helped, WRONG[name](), SHAPE, name="own", read="“A”, chapter 1")
    assert f"Likely mistake: {name}." in said
    assert "`own`" in said
    assert "“A”, chapter 1" in said


def test_the_convolution_that_lacks_something_is_told() -> None:
    lacking = net(*block(), layers.Conv2D(4, 3, activation="relu"))
    assert "After Conv2D #2 `net` has no batch" in message_of(helped, lacking, SHAPE)


def test_no_net_is_no_net() -> None:
    assert "has no value yet" in message_of(helped, None, SHAPE)
    assert "A Keras model is needed" in message_of(helped, [1], SHAPE)
