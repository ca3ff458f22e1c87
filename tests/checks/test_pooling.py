"""Wrong pooling, forwards and backwards, is caught and called by its name."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.checks import function
from course_utils.checks.pooling import (
    agreement_mistakes,
    avg_pool_mistakes,
    max_pool_gradient_mistakes,
    max_pool_mistakes,
)
from course_utils.conv import avg_pool2d, max_pool2d
from course_utils.probes import shift_images
from tests.checks.naming import called_otherwise

RNG = np.random.default_rng(0)


def windows(x: Any, size: int, stride: int) -> Any:
    view = np.lib.stride_tricks.sliding_window_view(x, (size, size), (1, 2))
    return view[:, ::stride, ::stride]


def largest(x: Any, size: int, stride: int) -> Any:
    return windows(x, size, stride).max(axis=(4, 5))


def mean(x: Any, size: int) -> Any:
    rows, columns = (range(0, n, size) for n in x.shape[1:3])
    parts = [[x[:, i : i + size, j : j + size] for j in columns] for i in rows]
    means = [[part.mean(axis=(1, 2)) for part in row] for row in parts]
    return np.moveaxis(np.array(means), 2, 0)


def gradient(x: Any, upstream: Any, size: int, stride: int) -> Any:
    result = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(upstream.shape):
        top, left = i * stride, j * stride
        window = x[n, top : top + size, left : left + size, c]
        row, column = np.unravel_index(window.argmax(), window.shape)
        result[n, top + row, left + column, c] += upstream[n, i, j, c]
    return result


def agreement(ink: Any, shift: int, size: int) -> float:
    before = max_pool2d(ink, size) > 0
    after = max_pool2d(shift_images(ink, 0, shift), size) > 0
    return float((before & after).sum() / (before | after).sum())


def test_every_wrong_max_pooling_is_called_by_its_name() -> None:
    calls = [
        (RNG.normal(size=(2, 8, 11, 3)) - 1, 3, 2),
        (RNG.normal(size=(3, 10, 14, 2)) - 1, 4, 3),
    ]
    function(largest, lambda x, k, s: max_pool2d(x, k, strides=s), calls)
    assert called_otherwise(max_pool_mistakes(), largest, calls) == {}


def test_every_wrong_mean_is_called_by_its_name() -> None:
    calls = [
        (100 * RNG.normal(size=(2, 5, 7, 3)), 2),
        (100 * RNG.normal(size=(2, 8, 11, 2)), 3),
    ]
    function(mean, lambda x, k: avg_pool2d(x, k, padding="same"), calls)
    assert called_otherwise(avg_pool_mistakes(), mean, calls) == {}


def test_every_wrong_gradient_of_a_maximum_is_called_by_its_name() -> None:
    digits = RNG.integers(1, 4, size=(2, 8, 10, 2)).astype(float)
    calls = [
        (RNG.normal(size=(2, 8, 10, 2)), RNG.normal(size=(2, 3, 4, 2)), 3, 2),
        (digits, RNG.normal(size=(2, 3, 4, 2)), 3, 2),
    ]
    assert called_otherwise(max_pool_gradient_mistakes(), gradient, calls) == {}


def test_a_maximum_hands_back_what_tensorflow_hands_back() -> None:
    import tensorflow as tf
    from keras import layers

    x = tf.Variable(RNG.integers(0, 3, size=(2, 7, 8, 2)).astype("float32"))
    with tf.GradientTape() as tape:
        pooled = layers.MaxPooling2D(3, strides=2)(x)
        upstream = RNG.normal(size=pooled.shape).astype("float32")
        loss = tf.reduce_sum(pooled * upstream)
    expected = tape.gradient(loss, x).numpy()
    function(gradient, [expected], [(x.numpy(), upstream, 3, 2)])


def test_every_wrong_agreement_is_called_by_its_name() -> None:
    ink = RNG.random((3, 12, 12, 1)) < np.array([0.05, 0.1, 0.3])[:, None, None, None]
    calls = [(ink.astype(float), 1, 3), (ink[:, ::-1].astype(float), 2, 3)]
    assert called_otherwise(agreement_mistakes(), agreement, calls) == {}
