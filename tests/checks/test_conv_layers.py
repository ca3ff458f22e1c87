"""Mistakes in the answers to `3_conv_layers` are called by their names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course_utils.checks import conv_layers, value
from course_utils.conv import conv2d
from tests.checks.failing import message_of
from tests.checks.naming import called_otherwise, spoken

NUMBERS: dict[str, Any] = {
    "maps_shape": (28 - 7 + 1, 28 - 7 + 1, 12),
    "features": 22 * 22 * 12,
    "conv_parameters": 12 * (7 * 7 + 1),
    "dense_parameters": 22 * 22 * 12 * 10 + 10,
    "right_edge": 1,
    "blur": 2,
}


@pytest.mark.parametrize("name", conv_layers.NUMBER_MISTAKES)
def test_every_wrong_prediction_is_explained(name: str) -> None:
    mistakes = conv_layers.NUMBER_MISTAKES[name]
    value(NUMBERS[name], NUMBERS[name], mistakes=mistakes)
    for mistake, answer in mistakes.items():
        said = message_of(value, answer, NUMBERS[name], mistakes=mistakes)
        assert spoken(mistake) in said


@pytest.mark.parametrize(
    ("name", "right"),
    [("twice_fault", "B"), ("string_fault", "C"), ("rank_fault", "B")],
)
def test_every_other_letter_is_answered(name: str, right: str) -> None:
    faults = conv_layers.FAULTS[name]
    assert sorted([right, *map(str, faults.values())]) == list("ABCD")
    for mistake, letter in faults.items():
        assert spoken(mistake) in message_of(value, letter, right, mistakes=faults)


def net(seed: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(seed)
    shapes = (2, 5, 6, 2), (2, 3, 2, 3), (3,), (4 * 4 * 3, 4), (4,)
    return tuple(rng.normal(size=shape) for shape in shapes)


def forward(x: Any, kernel: Any, bias: Any, weights: Any, offsets: Any) -> Any:
    maps = np.maximum(conv2d(x, kernel, bias), 0)
    return maps.reshape(len(x), -1) @ weights + offsets


def test_every_wrong_forward_pass_is_named() -> None:
    mistakes = conv_layers.forward_mistakes()
    assert not called_otherwise(mistakes, forward, [net(0), net(1)])


def moved(images: Any, order: Any) -> Any:
    rows = images.reshape(len(images), -1, images.shape[3])
    return rows[:, order].reshape(images.shape)


def test_every_wrong_move_of_pixels_is_named_there_and_back() -> None:
    rng = np.random.default_rng(2)
    inputs = [(rng.normal(size=(3, 4, 5, 2)), rng.permutation(20)) for _ in range(2)]
    there, back = conv_layers.permutation_mistakes(), conv_layers.undo_mistakes()
    assert not called_otherwise(there, moved, inputs)
    assert not called_otherwise(
        back, lambda images, order: moved(images, np.argsort(order)), inputs
    )


def test_every_wrong_size_of_a_hidden_layer_is_named() -> None:
    inputs = [(795 * 40 + 9, 784, 10), (1000, 20, 3), (62_006, 3072, 10), (110, 5, 4)]
    right = [(p - q) // (n + 1 + q) for p, n, q in inputs]
    mistakes = conv_layers.hidden_mistakes()
    wrong = called_otherwise(mistakes, lambda p, n, q: (p - q) // (n + 1 + q), inputs)
    assert right == [39, 41, 20, 10]
    assert not wrong


def test_every_wrong_place_is_named() -> None:
    def places(maps: Any) -> Any:
        flat = maps.reshape(-1, maps.shape[3]).argmax(axis=0)
        return np.stack(np.unravel_index(flat, maps.shape[:3]), axis=1)

    rng = np.random.default_rng(3)
    inputs = [(rng.normal(size=(3, 4, 7, 5)),), (rng.normal(size=(4, 5, 6, 2)),)]
    assert not called_otherwise(conv_layers.place_mistakes(), places, inputs)


def test_every_wrong_way_to_standardise_is_named() -> None:
    def right(images: Any) -> Any:
        return ((images - images.mean()) / images.std())[..., None]

    rng = np.random.default_rng(4)
    inputs = [(rng.integers(0, 256, (3, 6, 8), dtype=np.uint8),) for _ in range(2)]
    assert not called_otherwise(conv_layers.standard_mistakes(), right, inputs)
