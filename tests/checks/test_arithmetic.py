"""Mistakes in sizes, costs, fields and repairs are called by their names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course_utils.checks import value
from course_utils.checks.arithmetic import (
    NUMBER_MISTAKES,
    output_shape_mistakes,
    receptive_field_mistakes,
    same_padding_mistakes,
)
from course_utils.checks.repairs import FAULTS, batch_mistakes, stroke_mistakes
from course_utils.conv import (
    conv2d,
    multiply_adds,
    output_shape,
    output_size,
    receptive_field,
    same_padding,
)
from tests.checks.failing import message_of
from tests.checks.naming import called_otherwise, spoken

READS, KERNEL = (28, 28, 6), (5, 5, 6, 16)
NUMBERS: dict[str, Any] = {
    "padded_map": (output_size(30, 5, padding=2), output_size(40, 3, padding=2)),
    "strided_map": (output_size(64, 7, 4), output_size(98, 7, 4)),
    "same_map": output_shape((25, 18, 1), (3, 3, 1, 1), strides=2, padding="same")[:2],
    "never_seen": (98 - 7) % 4,
    "parameters": 5 * 5 * 6 * 16 + 16,
    "parameters_large": 5 * 5 * 6 * 16 + 16,
    "multiply_adds": multiply_adds(READS, KERNEL, padding="same"),
    "multiply_adds_strided": multiply_adds(READS, KERNEL, strides=2, padding="same"),
    "field": receptive_field([(3, 1), (2, 2), (3, 1), (2, 2), (3, 1)]),
}


@pytest.mark.parametrize("name", NUMBER_MISTAKES)
def test_every_wrong_prediction_is_explained(name: str) -> None:
    mistakes = NUMBER_MISTAKES[name]
    value(NUMBERS[name], NUMBERS[name], mistakes=mistakes)
    for mistake, answer in mistakes.items():
        said = message_of(value, answer, NUMBERS[name], mistakes=mistakes)
        assert spoken(mistake) in said


@pytest.mark.parametrize(
    ("name", "right"), [("batch_fault", "B"), ("bytes_fault", "C")]
)
def test_every_other_letter_is_answered(name: str, right: str) -> None:
    assert sorted([right, *map(str, FAULTS[name].values())]) == list("ABCD")
    for mistake, letter in FAULTS[name].items():
        said = message_of(value, letter, right, mistakes=FAULTS[name])
        assert spoken(mistake) in said


def test_every_wrong_shape_is_called_by_its_name() -> None:
    def right(image: Any, kernel: Any, stride: int, padding: int) -> Any:
        return output_shape(image, kernel, strides=stride, padding=padding)

    layers = [((30, 41, 3), (5, 3, 3, 6), 3, 4), ((64, 98, 8), (7, 7, 8, 4), 4, 0)]
    layers += [((9, 12, 5), (3, 5, 5, 7), 2, 2)]
    assert called_otherwise(output_shape_mistakes(), right, layers) == {}


def test_every_wrong_same_padding_is_called_by_its_name() -> None:
    sizes = [(28, 5, 2), (29, 3, 2), (27, 3, 4), (8, 1, 2), (28, 2, 1)]
    assert called_otherwise(same_padding_mistakes(), same_padding, sizes) == {}


def test_every_wrong_receptive_field_is_called_by_its_name() -> None:
    stacks = [([(7, 2), (3, 3), (3, 2), (4, 1)],), ([(5, 1), (2, 2), (5, 1), (2, 2)],)]
    assert called_otherwise(receptive_field_mistakes(), receptive_field, stacks) == {}


def test_every_wrong_batch_is_called_by_its_name() -> None:
    picture = np.random.default_rng(1).integers(0, 200, size=(6, 9), dtype=np.uint8)
    wrong = called_otherwise(
        batch_mistakes(), lambda p: p[None, ..., None] / 255, [(picture,)]
    )
    assert wrong == {}


def test_every_wrong_count_is_called_by_its_name() -> None:
    kernel, bias = np.array([[-1, 1, 1, -1]] * 5), -4.5
    images = np.random.default_rng(2).integers(0, 256, size=(4, 40, 40), dtype=np.uint8)
    images[:, 10:20, 8:10], images[:, 10:20, 7], images[:, 10:20, 10] = 255, 0, 0

    def right(pictures: Any) -> Any:
        pixels = pictures[..., None] / 255
        maps = conv2d(pixels, kernel[..., None, None], [bias])
        return (maps > 0).sum(axis=(1, 2, 3))

    wrong = called_otherwise(stroke_mistakes(kernel, bias), right, [(images,)])
    assert wrong == {}
