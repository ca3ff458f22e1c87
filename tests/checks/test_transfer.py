"""Mistakes in pairs, ensembles and scales are called by name; scales are Keras's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from course_utils.checks import transfer, value
from tests.checks.failing import message_of
from tests.checks.naming import called_otherwise, spoken

RNG = np.random.default_rng(0)
PICTURES = RNG.random((2, 3, 4, 3), dtype=np.float32)


def shares(members: int, n: int, classes: int, seed: int) -> Any:
    """Probabilities of some networks, far from even."""
    p = np.random.default_rng(seed).random((members, n, classes)) ** 2
    return p / p.sum(axis=-1, keepdims=True)


SURE = np.array([[[0.55, 0.45]], [[0.55, 0.45]], [[0.1, 0.9]]])


@pytest.mark.parametrize(
    ("mistakes", "right", "inputs"),
    [
        (
            transfer.paired_mistakes,
            transfer.paired,
            [(RNG.random(7), RNG.random(7)), (RNG.random(3), RNG.random(3))],
        ),
        (
            transfer.ensemble_mistakes,
            transfer.ensemble,
            [(shares(4, 8, 3, 82),), (shares(5, 12, 4, 92),)],
        ),
        (
            transfer.gain_mistakes,
            transfer.gain,
            [
                (shares(4, 8, 3, 82), np.array([2, 2, 2, 1, 0, 1, 0, 2])),
                (shares(4, 30, 3, 93), np.random.default_rng(93).integers(0, 3, 30)),
                (SURE, np.array([0])),
            ],
        ),
        (transfer.mobilenet_mistakes, transfer.for_mobilenet, [(0.9 * PICTURES,)]),
        (transfer.vgg_mistakes, transfer.for_vgg, [(PICTURES,)]),
    ],
)
def test_every_mistake_is_named(
    mistakes: Callable[[], dict[str, Callable[..., object]]],
    right: Callable[..., object],
    inputs: list[tuple[Any, ...]],
) -> None:
    assert called_otherwise(mistakes(), right, inputs) == {}


def test_every_other_letter_is_answered() -> None:
    assert sorted(["C", *map(str, transfer.USELESS.values())]) == list("ABCD")
    for mistake, letter in transfer.USELESS.items():
        said = message_of(value, letter, "C", mistakes=transfer.USELESS)
        assert spoken(mistake) in said


@pytest.mark.parametrize(
    ("family", "right"),
    [("mobilenet_v2", transfer.for_mobilenet), ("vgg16", transfer.for_vgg)],
)
def test_pictures_are_prepared_as_keras_does(
    family: str, right: Callable[[Any], Any]
) -> None:
    prepare = getattr(keras.applications, family).preprocess_input
    expected = prepare(255 * PICTURES.astype(np.float64))
    np.testing.assert_allclose(right(PICTURES), expected, atol=1e-4)
