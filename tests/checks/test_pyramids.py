"""Mistakes in the numbers of a pyramid and in its repairs are called by their names."""

from __future__ import annotations

from typing import Any

import pytest

from course_utils.checks import value
from course_utils.checks.pyramids import FAULTS, NUMBER_MISTAKES, count_mistakes
from course_utils.conv import output_size, receptive_field, same_padding
from tests.checks.failing import message_of
from tests.checks.naming import called_otherwise, spoken


def maps(window: int, stride: int) -> tuple[int, int, int]:
    return output_size(28, window, stride), output_size(40, window, stride), 12


def fields(window: int) -> list[int]:
    stages = [(5, 1), (window, 2), (5, 1), (window, 2)]
    return [receptive_field(stages[:depth]) for depth in (1, 2, 3, 4)]


NUMBERS: dict[str, Any] = {
    "thirds": maps(3, 3),
    "overlapping": maps(3, 2),
    "padded": (*((n + sum(same_padding(n, 3, 3))) // 3 for n in (28, 40)), 12),
    "gone": 1 - 1 / 4**2,
    "fields": fields(2),
    "parameters": (10 * 26, 0, 20 * 251, 0, 0, 10 * 321),
    "fields_overlapping": fields(3),
    "all_parameters": 10 * 26 + 20 * 251 + 10 * (3 * 3 * 20 + 1),
    "how_many": len(range(4, 21, 4)),
    "smallest": 3 * 2,
}


@pytest.mark.parametrize("name", NUMBER_MISTAKES)
def test_every_wrong_prediction_is_explained(name: str) -> None:
    mistakes = NUMBER_MISTAKES[name]
    value(NUMBERS[name], NUMBERS[name], mistakes=mistakes)
    for mistake, answer in mistakes.items():
        said = message_of(value, answer, NUMBERS[name], mistakes=mistakes)
        assert spoken(mistake) in said


@pytest.mark.parametrize("name", FAULTS)
def test_every_other_letter_is_answered(name: str) -> None:
    assert sorted(["C", *map(str, FAULTS[name].values())]) == list("ABCD")
    for mistake, letter in FAULTS[name].items():
        said = message_of(value, letter, "C", mistakes=FAULTS[name])
        assert spoken(mistake) in said


def test_every_wrong_count_is_called_by_its_name() -> None:
    from keras import Input, Sequential, layers

    def right(shape: tuple[int, int, int]) -> int:
        stages = [layers.Conv2D(6, 5), layers.MaxPooling2D(2), layers.Conv2D(12, 3)]
        head = [layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(10)]
        return int(Sequential([Input(shape), *stages, *head]).count_params())

    shapes = [((28, 28, 1),), ((20, 33, 3),), ((15, 16, 2),)]
    assert called_otherwise(count_mistakes(), right, shapes) == {}
