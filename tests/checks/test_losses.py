"""What the last layer gives and what the loss expects."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from keras.losses import BinaryCrossentropy as Binary
from keras.losses import CategoricalCrossentropy as OneHot
from keras.losses import SparseCategoricalCrossentropy as Sparse

from course_utils.checks import loss_matches_head
from tests.checks.failing import message_of
from tests.checks.nets import STYLES

NUMBERS, ROWS = np.array([3, 1, 4]), np.eye(10)[[3, 1, 4]]


def net_of(
    units: int, activation: Any, loss: Any, metrics: Any = ("accuracy",)
) -> keras.Model:
    head = layers.Dense(units, activation=activation)
    net = keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), head])
    net.compile("adam", loss, metrics=list(metrics))
    return net


@pytest.mark.parametrize(
    ("units", "activation", "loss", "labels"),
    [
        (10, None, Sparse(from_logits=True), NUMBERS),
        (10, "softmax", "sparse_categorical_crossentropy", NUMBERS),
        (10, "softmax", Sparse(), NUMBERS[:, None]),
        (10, "softmax", keras.losses.sparse_categorical_crossentropy, NUMBERS),
        (10, None, OneHot(from_logits=True), ROWS),
        (10, "softmax", "categorical_crossentropy", ROWS),
        (1, "sigmoid", "binary_crossentropy", None),
    ],
)
def test_a_pair_that_belongs_together_is_right(
    units: int, activation: Any, loss: Any, labels: Any
) -> None:
    loss_matches_head(net_of(units, activation, loss), labels)


def test_a_single_logit_needs_a_threshold_of_zero() -> None:
    loss = Binary(from_logits=True)
    right = keras.metrics.BinaryAccuracy(threshold=0)
    loss_matches_head(net_of(1, None, loss, [right]))
    for wrong in ("accuracy", keras.metrics.BinaryAccuracy()):
        message = message_of(loss_matches_head, net_of(1, None, loss, [wrong]))
        assert "a threshold for probabilities" in message


@pytest.mark.parametrize("make", STYLES)
def test_the_last_activation_is_found_in_every_style(make: Any) -> None:
    net = make()
    net.compile("adam", Sparse(from_logits=True))
    loss_matches_head(net, input_shape=(28, 28, 1))
    net.compile("adam", "sparse_categorical_crossentropy")
    message = message_of(loss_matches_head, net, input_shape=(28, 28, 1))
    assert "logits taken for probabilities" in message
    assert "Dense of 10 values, linear" in message


@pytest.mark.parametrize(
    ("units", "activation", "loss", "words"),
    [
        (10, "softmax", Sparse(from_logits=True), "softmax twice"),
        (10, "softmax", OneHot(from_logits=True), "softmax twice"),
        (10, None, Sparse(), "SparseCategoricalCrossentropy(from_logits=True)"),
        (10, None, "categorical_crossentropy", "logits taken for probabilities"),
        (10, "relu", Sparse(from_logits=True), "relu at the end"),
        (10, "sigmoid", Sparse(), "exclude each other"),
        (10, "sigmoid", Binary(), "binary cross-entropy for several classes"),
        (10, None, Binary(from_logits=True), "binary cross-entropy for several"),
        (10, "softmax", "mse", "not for classes"),
        (10, None, "mean_absolute_error", "not for classes"),
        (1, "softmax", "binary_crossentropy", "a softmax of one value"),
        (1, None, Binary(), "BinaryCrossentropy(from_logits=True)"),
        (1, None, Sparse(from_logits=True), "one value for all classes"),
    ],
)
def test_a_pair_that_does_not_is_named(
    units: int, activation: Any, loss: Any, words: str
) -> None:
    net = net_of(units, activation, loss)
    assert words in message_of(loss_matches_head, net)


def test_a_softmax_layer_is_found_behind_the_dense_one() -> None:
    stack = [keras.Input((4,)), layers.Dense(3), layers.Softmax()]
    net = keras.Sequential(stack)
    net.compile("adam", Sparse(from_logits=True))
    message = message_of(loss_matches_head, net)
    assert "softmax twice" in message
    assert "from_logits=True" in message


def test_labels_are_compared_with_the_loss() -> None:
    sparse, one_hot = (net_of(10, None, L(from_logits=True)) for L in (Sparse, OneHot))
    assert "one-hot labels for a sparse" in message_of(loss_matches_head, sparse, ROWS)
    assert "whole numbers for a loss" in message_of(loss_matches_head, one_hot, NUMBERS)


def test_a_net_that_is_not_compiled_is_told_so() -> None:
    net = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
    assert "compile forgotten" in message_of(loss_matches_head, net)
