"""``checks.training``, ``no_leakage``, ``balanced``: how a net was trained."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from course_utils.checks import balanced, no_leakage, training
from tests.checks.failing import message_of

FALLS = {"loss": [2.3, 1.5, 1.2, 1.0], "val_loss": [2.2, 1.6, 1.7, 1.8]}


def history(curves: Any) -> keras.callbacks.History:
    told = keras.callbacks.History()
    told.history = curves
    return told


@pytest.mark.parametrize("told", [FALLS, history(FALLS)])
def test_curves_that_fall_pass(told: Any) -> None:
    training(told, epochs_at_most=4)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (None, "no value yet"),
        (keras.Sequential(), "holds a net; the history is what `fit` returns"),
        ([2.3, 1.2], "not a history"),
        ({"loss": [2.3, 1.2]}, "no validation curves; it has loss"),
        ({"loss": ["a", "b"]}, "no list of numbers"),
        ({"loss": [2.3], "val_loss": [2.2]}, "makes no curve"),
        ({"loss": [2.3, 2.29], "val_loss": [2.3, 2.3]}, "nothing learned"),
        ({"loss": [2.3, 9.0], "val_loss": [2.3, 9.0]}, "learning rate too high"),
        ({"loss": [2.3, np.nan], "val_loss": [2.3, np.nan]}, "NaN"),
    ],
)
def test_what_is_no_training_is_named(told: Any, said: str) -> None:
    assert said in message_of(training, told)


def test_more_epochs_than_the_budget_are_too_many() -> None:
    said = message_of(training, FALLS, epochs_at_most=3)
    assert "at most 3" in said
    assert "Yours:    4" in said


def test_early_stopping_ends_patience_epochs_after_the_best() -> None:
    training(FALLS, patience=2)
    assert "stopped too late" in message_of(training, FALLS, patience=1)
    assert "stopped too early" in message_of(training, FALLS, patience=3)
    training(FALLS, patience=3, epochs_at_most=4)
    assert "no curve 'val_acc'" in message_of(
        training, FALLS, patience=2, monitor="val_acc"
    )


def test_the_best_epoch_of_an_accuracy_is_the_highest() -> None:
    told = FALLS | {"val_accuracy": [0.2, 0.5, 0.4, 0.4]}
    training(told, patience=2, monitor="val_accuracy")
    assert "Best epoch: 2, by val_accuracy" in message_of(
        training, told, patience=1, monitor="val_accuracy"
    )


def test_the_weights_of_the_best_epoch_must_have_come_back() -> None:
    net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    net.set_weights([np.eye(2), np.zeros(2)])
    x, y = np.eye(2)[np.arange(100) % 2], np.arange(100) % 2
    best = FALLS | {"val_accuracy": [0.5, 1.0, 0.7, 0.6]}
    training(best, monitor="val_accuracy", restored=(net, x, y))
    y = np.where(np.arange(100) < 40, 1 - y, y)
    said = message_of(training, best, monitor="val_accuracy", restored=(net, x, y))
    assert "weights not restored" in said
    assert "60.0%, as after the last epoch" in said
    assert "no curve 'val_accuracy'" in message_of(
        training, FALLS, restored=(net, x, y)
    )


IMAGES = np.random.default_rng(0).integers(0, 256, (30, 8, 8, 3), dtype=np.uint8)
IMAGES[::5, 0, 0], IMAGES[::5, 0, 1] = 0, 255  # each part has black and white


@pytest.mark.parametrize(
    "scale",
    [
        lambda x: x,
        lambda x: x.astype(np.float32),
        lambda x: x.astype(np.float32) / 255,
        lambda x: x / 127.5 - 1,
        lambda x: (x - x.mean((0, 1, 2))) / x.std((0, 1, 2)),
        lambda x: np.asfortranarray(x),
    ],
)
def test_a_picture_in_two_parts_is_found_on_any_scale(scale: Any) -> None:
    no_leakage(train=scale(IMAGES[:20]), test=IMAGES[20:])
    said = message_of(no_leakage, train=scale(IMAGES), test=IMAGES[20:])
    assert "in “train” as well: 10 of 10" in said
    assert "leakage from the test set" in said


def test_parts_that_share_training_pictures_are_named() -> None:
    parts = {"train": IMAGES[:20], "validation": IMAGES[18:25], "test": IMAGES[25:]}
    said = message_of(no_leakage, **parts)
    assert "“validation” are in “train” as well: 2 of 7" in said


def test_classes_may_differ_a_little() -> None:
    balanced(np.arange(100)[:, None] % 10, 10)
    balanced([0, 0, 1, 1, 2], 3)


def test_the_end_of_sorted_labels_lacks_classes() -> None:
    said = message_of(balanced, np.repeat(np.arange(10), 20)[-40:], 10, name="tail")
    assert "`tail` does not hold every class" in said
    assert "sorted labels" in said
    assert "about 4 of each of 10" in said


def test_a_rare_class_is_rare_and_not_sorted() -> None:
    said = message_of(balanced, [0] * 19 + [1], 2)
    assert "(19, 1)" in said
    assert "sorted" not in said


def test_labels_that_are_none_are_named() -> None:
    assert "label 3; there are 2" in message_of(balanced, [0, 1, 3], 2)
    assert "not labels" in message_of(balanced, ["cat"], 2)
