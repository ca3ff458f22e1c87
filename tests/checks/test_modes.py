"""Repairs that leave the fault in are told from those that do not."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from course_utils.checks import modes
from tests.checks.failing import message_of

RNG = np.random.default_rng(0)
X, LABELS = RNG.random((30, 6)), RNG.integers(0, 4, 30)
ROWS = np.eye(4)[LABELS]


def net(rate: float = 0.5, **mode: bool) -> Any:
    inputs = keras.Input((6,))
    dropped = layers.Dropout(rate)(layers.Dense(9)(inputs), **mode)
    return keras.Model(inputs, layers.Dense(4, activation="softmax")(dropped))


def test_a_net_that_draws_only_in_training_is_steady() -> None:
    modes.steady(net, X)
    modes.steady(net(), X)


def test_a_net_that_draws_in_use_is_told_so_though_predict_is_steady() -> None:
    noisy = net(training=True)
    assert np.array_equal(noisy.predict(X, verbose=0), noisy.predict(X, verbose=0))
    assert "Likely mistake: dropout in use." in message_of(modes.steady, noisy, X)


def test_a_net_that_never_draws_is_told_so() -> None:
    assert "Likely mistake: dropout gone." in message_of(modes.steady, net(0.0), X)


@pytest.mark.parametrize("metric", ["accuracy", "acc", "categorical_accuracy"])
def test_the_share_of_right_answers_may_be_told_in_several_ways(metric: str) -> None:
    compiled = net()
    compiled.compile("adam", "categorical_crossentropy", metrics=[metric])
    modes.tells_accuracy(compiled, X, ROWS)


def test_an_accuracy_counted_class_by_class_is_told_from_the_real_one() -> None:
    compiled = net()
    compiled.compile("adam", "binary_crossentropy", metrics=["binary_accuracy"])
    said = message_of(modes.tells_accuracy, compiled, X, ROWS)
    assert "Likely mistake: counted class by class." in said


def test_a_net_without_a_metric_is_told_so() -> None:
    compiled = net()
    compiled.compile("adam", "categorical_crossentropy")
    said = message_of(modes.tells_accuracy, compiled, X, ROWS)
    assert "Likely mistake: no metric." in said


def smoothing(rows: Any, loss: Any) -> str:
    how = {"classes": 4, "smoothing": 0.1}
    return message_of(modes.smooths, lambda y: (rows, loss), LABELS, **how)


SMOOTH = 0.9 * ROWS + 0.1 / 4
LOSS = keras.losses.CategoricalCrossentropy


@pytest.mark.parametrize(
    ("rows", "loss"),
    [
        (ROWS, LOSS(label_smoothing=0.1)),
        (SMOOTH, LOSS()),
        (SMOOTH, "categorical_crossentropy"),
        (SMOOTH.tolist(), keras.losses.categorical_crossentropy),
    ],
)
def test_rows_or_loss_may_smooth(rows: Any, loss: Any) -> None:
    modes.smooths(lambda y: (rows, loss), LABELS, classes=4, smoothing=0.1)


@pytest.mark.parametrize(
    ("rows", "loss", "said"),
    [
        (ROWS, LOSS(), "not smoothed"),
        (SMOOTH, LOSS(label_smoothing=0.1), "smoothed twice"),
        (np.where(ROWS == 1, 0.9, 0.1 / 3), LOSS(), "spread over the others only"),
        (ROWS, LOSS(from_logits=True, label_smoothing=0.1), "from_logits"),
        (LABELS, LOSS(label_smoothing=0.1), "whole numbers"),
    ],
)
def test_every_other_pair_hears_its_mistake(rows: Any, loss: Any, said: str) -> None:
    assert f"Likely mistake: {said}." in smoothing(rows, loss)


def test_labels_that_a_loss_cannot_read_are_told_so() -> None:
    said = smoothing(SMOOTH, "sparse_categorical_crossentropy")
    assert "cannot compare your labels" in said
    assert "not rows of numbers" in smoothing(None, LOSS())
    only = message_of(modes.smooths, lambda y: LOSS(), LABELS, classes=4, smoothing=0.1)
    assert "not labels and a loss" in only
