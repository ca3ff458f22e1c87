"""One net in the styles in which students build it."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers


def sequential() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(9, 5, activation="relu"),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )


def without_input() -> keras.Model:
    return keras.Sequential(
        [
            layers.Conv2D(9, kernel_size=(5, 5), strides=1, padding="valid"),
            layers.Activation("relu"),
            layers.Flatten(),
            layers.Dense(10, activation="linear"),
        ]
    )


def step_by_step() -> keras.Model:
    net = keras.Sequential(name="mine")
    net.add(keras.Input((28, 28, 1), name="pixels"))
    net.add(layers.Conv2D(9, 5))
    net.add(layers.ReLU())
    net.add(layers.Reshape((5184,)))
    net.add(layers.Dense(10, name="answer"))
    return net


def functional() -> keras.Model:
    inputs = keras.Input((28, 28, 1))
    maps = layers.Conv2D(9, 5, activation=keras.activations.relu)(inputs)
    return keras.Model(inputs, layers.Dense(10)(layers.Flatten()(maps)))


def with_operations() -> keras.Model:
    inputs = keras.Input((28, 28, 1))
    maps = keras.ops.relu(layers.Conv2D(9, 5)(inputs))
    return keras.Model(inputs, layers.Dense(10)(keras.ops.reshape(maps, (-1, 5184))))


def nested() -> keras.Model:
    front = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Conv2D(9, 5, activation="relu")]
    )
    inputs = keras.Input((28, 28, 1))
    return keras.Model(inputs, layers.Dense(10)(layers.Flatten()(front(inputs))))


class Subclassed(keras.Model):
    """With its layers in another order than it calls them."""

    def __init__(self, filters: int = 9, **others: Any) -> None:
        super().__init__(**others)
        self.head = layers.Dense(10)
        self.flatten = layers.Flatten()
        self.conv = layers.Conv2D(filters, 5)

    def call(self, x: Any, training: bool = False) -> Any:
        return self.head(self.flatten(keras.ops.relu(self.conv(x))))


STYLES = [
    sequential,
    without_input,
    step_by_step,
    functional,
    with_operations,
    nested,
    Subclassed,
]
