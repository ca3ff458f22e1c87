"""``checks.value``, ``shape``, ``array`` and ``larger``: messages about variables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course_utils.checks import array, larger, shape, value
from tests.checks.failing import message_of


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (24, 24),
        (np.int64(24), 24),
        (0.1 + 0.2, 0.3),
        ("rising", "rising"),
        ((24, 24), (24, 24)),
        ([24, 24], (24, 24)),
        (np.array([24, 24]), (24, 24)),
    ],
)
def test_a_right_value_passes(answer: Any, expected: Any) -> None:
    value(answer, expected)


@pytest.mark.parametrize(
    ("answer", "expected", "said"),
    [
        (23, 24, "off by one"),
        (-24, 24, "wrong sign"),
        (24.0, 24, "float dtype"),
        ((480, 640), (640, 480), "Expected: (640, 480)"),
        (24, (24, 24), "`n` holds 24, not a tuple of numbers."),
        ((24, 24), 24, "`n` holds (24, 24), not a number."),
        ("24", 24, "`n` holds '24', not a number."),
        (24, "24", "`n` holds 24, not a text."),
        (None, 24, "`n` has no value yet"),
        (..., 24, "`n` has no value yet"),
        (float("nan"), 24, "NaN"),
        ("x" * 1000, "y", "…"),
    ],
)
def test_a_wrong_value_is_explained(answer: Any, expected: Any, said: str) -> None:
    assert said in message_of(value, answer, expected, name="n")


def test_a_true_statement_is_not_the_number_one_unless_it_should_be() -> None:
    value(True, True)
    assert "Expected: 0" in message_of(value, True, False, name="flag")


def test_a_questions_own_mistake_is_named() -> None:
    mistakes = {"padded: the kernel is not subtracted": (28, 28)}
    said = message_of(value, (28, 28), (24, 24), mistakes=mistakes)
    assert "Likely mistake: padded. The kernel is not subtracted." in said


def test_a_shape_is_all_that_is_asked_of_some_arrays() -> None:
    shape(np.ones((2, 3)), (2, 3))
    shape([[1, 2, 3], [4, 5, 6]], (2, 3))
    assert "swapped axes" in message_of(shape, np.ones((3, 2)), (2, 3))
    assert "missing axis" in message_of(shape, np.ones((2, 3)), (2, 3, 1))
    assert "extra axis" in message_of(shape, np.ones((1, 2, 3)), (2, 3))
    assert "not an array of numbers" in message_of(shape, "2×3", (2, 3))
    assert "no value yet" in message_of(shape, None, (2, 3))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_an_array_of_the_right_shape_must_hold_numbers(bad: float) -> None:
    said = message_of(shape, np.full((2, 3), bad), (2, 3), name="kernel")
    assert "`kernel` holds values that are no numbers." in said


def test_an_array_is_compared_value_by_value() -> None:
    expected = np.arange(12.0).reshape(3, 4)
    array(expected.tolist(), expected)
    said = message_of(array, expected + np.eye(3, 4), expected, name="feature_map")
    assert "`feature_map` holds wrong values." in said
    assert "at [0, 0] expected 0, yours 1; 3 of 12 differ" in said


def test_the_tolerance_can_be_set() -> None:
    array([1.05, 2.0], [1.0, 2.0], tolerance=0.1)
    assert "wrong values" in message_of(array, [1.05, 2.0], [1.0, 2.0])


def test_one_measurement_must_exceed_another() -> None:
    larger(3, 2, names=("a", "b"))
    for first in (2, 1, float("nan")):
        said = message_of(larger, first, 2, names=("The first", "the second"))
        assert said.startswith("The first must be larger than the second.")


def test_large_whole_numbers_are_exact_and_shown_with_all_their_digits() -> None:
    said = message_of(value, 1_881_601, 1_881_600)
    assert "Expected: 1881600" in said
    assert "Yours:    1881601" in said


def test_a_questions_own_mistake_is_told_by_the_shape_alone() -> None:
    mistakes = {"both axes: one is asked for": np.zeros((2, 2))}
    said = message_of(array, np.ones((2, 2)), np.ones((2, 3)), mistakes=mistakes)
    assert "Likely mistake: both axes. One is asked for." in said
