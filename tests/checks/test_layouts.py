"""``checks.layouts``: the networks of the homework's three arms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import pytest
from keras import layers

from course_utils.checks import layouts
from tests.checks.failing import message_of

CLASSES = 5
LOGITS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def net(*stages: Any, loss: Any = LOGITS, optimizer: Any = "adam") -> keras.Model:
    made = keras.Sequential([keras.Input((32, 32, 3)), *stages])
    made.compile(optimizer, loss, metrics=["accuracy"])
    return made


def conv(filters: int = 4) -> keras.layers.Layer:
    return layers.Conv2D(filters, 3, strides=4, activation="relu")


def plain(**how: Any) -> keras.Model:
    body = conv(), layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(CLASSES)
    return net(*body, **how)


def with_flip() -> keras.Model:
    flip = keras.Sequential([layers.RandomFlip("horizontal")])
    body = conv(), layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(CLASSES)
    return net(flip, *body)


def head() -> list[Any]:
    return [layers.Flatten(), layers.Dense(CLASSES)]


def test_a_plain_network_passes() -> None:
    layouts.plain(plain, CLASSES)
    softmax = layers.Dense(CLASSES, activation="softmax")
    layouts.plain(
        lambda: net(
            conv(),
            layers.GlobalAveragePooling2D(),
            softmax,
            loss="sparse_categorical_crossentropy",
        ),
        CLASSES,
    )


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (None, "no value yet"),
        (lambda: None, "returned None"),
        (lambda: net(conv(), layers.MaxPooling2D(2), *head()[:1]), "one number for"),
        (lambda: net(conv(), layers.MaxPooling2D(2), layers.Dense(5)), "not flattened"),
        (lambda: net(*head()), "no convolution"),
        (lambda: net(conv(), *head()), "no pooling"),
        (
            lambda: net(conv(), layers.MaxPooling2D(2), layers.Dropout(0.5), *head()),
            "yours has dropout",
        ),
        (with_flip, "yours has RandomFlip"),
        (
            lambda: plain(loss="sparse_categorical_crossentropy"),
            "logits taken for probabilities",
        ),
        (lambda: plain(optimizer=keras.optimizers.AdamW()), "a penalty on weights"),
        (lambda: keras.Sequential(plain().layers), "compile forgotten"),
    ],
)
def test_what_is_no_baseline_is_named(build: Any, said: str) -> None:
    assert said in message_of(layouts.plain, build, CLASSES)


def test_the_second_network_is_the_first_with_augmentation() -> None:
    layouts.same_network(with_flip, plain)
    said = message_of(layouts.same_network, plain, plain)
    assert "no augmentation in the network of `build_augmented`" in said

    def wider() -> keras.Model:
        body = conv(8), layers.MaxPooling2D(2), *head()
        return net(layers.RandomFlip(), *body)

    said = message_of(layouts.same_network, wider, plain)
    assert "Conv2D makes 8×8×8 feature maps; the baseline has 8×8×4 there." in said


def test_a_network_that_is_not_there_is_not_told_to_be_without_augmentation() -> None:
    said = message_of(layouts.require_augmentation, None, "regularised")
    assert "has no value yet" in said


def adam(rate: Any) -> Callable[[], keras.Model]:
    return lambda: plain(optimizer=keras.optimizers.Adam(rate))


def flipped(optimizer: Any = "adam", **head: Any) -> Callable[[], keras.Model]:
    def build() -> keras.Model:
        body = conv(), layers.MaxPooling2D(2), layers.Flatten()
        flip, last = layers.RandomFlip(), layers.Dense(CLASSES, **head)
        return net(flip, *body, last, optimizer=optimizer)

    return build


def falling(steps: int) -> Any:
    return keras.optimizers.schedules.CosineDecay(0.01, steps)


def test_the_second_network_is_compiled_as_the_first() -> None:
    layouts.same_network(flipped(keras.optimizers.Adam(0.01)), adam(0.01))
    layouts.same_network(flipped("adam"), adam(0.001))
    layouts.same_network(flipped(keras.optimizers.Adam(falling(9))), adam(falling(9)))
    for build, baseline, said in (
        (flipped(keras.optimizers.Adam(0.02)), adam(0.01), "learning_rate 0.02"),
        (flipped(keras.optimizers.Adam(falling(8))), adam(falling(9)), "'decay_steps'"),
        (flipped("sgd"), adam(0.01), "class sgd"),
        (flipped(kernel_regularizer="l2"), plain, "has a penalty on weights; the"),
    ):
        message = message_of(layouts.same_network, build, baseline)
        assert said in message
        assert "two things at once" in message


def with_residue() -> keras.Model:
    inputs = keras.Input((32, 32, 3))
    one = conv()(inputs)
    two = layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same")(one))
    pooled = layers.GlobalAveragePooling2D()(layers.add([one, two]))
    made = keras.Model(inputs, layers.Dense(CLASSES)(pooled))
    made.compile("adam", LOGITS)
    return made


@pytest.mark.parametrize(
    "build",
    [
        lambda: net(conv(), layers.BatchNormalization(), layers.Dropout(0.2), *head()),
        lambda: net(
            keras.Sequential([conv(), layers.SpatialDropout2D(0.2)]),
            layers.GlobalMaxPooling2D(),
            layers.Dense(CLASSES),
        ),
        lambda: net(
            conv(),
            *head(),
            loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
            optimizer=keras.optimizers.AdamW(weight_decay=0.01),
        ),
        with_residue,
    ],
)
def test_two_kinds_of_means_suffice(build: Callable[[], Any]) -> None:
    layouts.means(build, CLASSES)


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (plain, "no means"),
        (with_flip, "no means"),
        (
            lambda: net(conv(), layers.Dropout(0.2), layers.Dropout(0.5), *head()),
            "one kind",
        ),
        (
            lambda: net(
                layers.Conv2D(4, 5, strides=4, kernel_regularizer="l2"),
                *head(),
                optimizer=keras.optimizers.AdamW(),
            ),
            "Yours:    a penalty on weights",
        ),
        (lambda: net(conv(), layers.Flatten(), layers.Dense(3)), "one number for each"),
    ],
)
def test_too_few_means_are_named(build: Any, said: str) -> None:
    assert said in message_of(layouts.means, build, CLASSES)
