"""``course_utils.homework``: the pictures of the graded homework."""

from __future__ import annotations

from datetime import UTC

import numpy as np
import pytest

from course_utils.data import Dataset
from course_utils.errors import CourseError
from course_utils.homework import DUE, SIZES, chosen_classes, scaled, strangers
from course_utils.homework import three_sets as cut


@pytest.fixture(scope="module")
def cifar10() -> Dataset:
    """A set in which each picture is its own number, and ten classes lie mixed."""
    number = np.arange(14_000, dtype=np.uint32)
    x = number.view(np.uint8).reshape(-1, 1, 1, 4)
    y = (number % 10).astype(np.uint8)
    return Dataset(x, y, x + 1, y, tuple("abcdefghij"), "cifar10", "drawn")


@pytest.mark.parametrize(
    "chosen", [range(10), [9, 3, 0, 1, 7], [2, 3, 5, 7], [3, 5, 8]]
)
def test_sets_have_their_sizes_and_every_class_equally_often(
    cifar10: Dataset, chosen: list[int]
) -> None:
    for name, (x, y) in cut(cifar10, chosen).items():
        assert abs(len(x) - SIZES[name]) <= 1
        assert np.ptp(np.bincount(y, minlength=len(chosen))) <= 1
        numbers = x.reshape(-1, 4).view(np.uint32)[:, 0]
        np.testing.assert_array_equal(np.asarray(chosen)[y], numbers % 10)


def test_no_picture_is_in_two_sets(cifar10: Dataset) -> None:
    sets = cut(cifar10, range(10)).values()
    pictures = [picture.tobytes() for x, _ in sets for picture in x]
    assert len(set(pictures)) == len(pictures) == 4000


def test_strangers_come_from_the_test_set(cifar10: Dataset) -> None:
    x, y = strangers(cifar10, [4, 2, 6])
    np.testing.assert_array_equal(np.bincount(y), [666, 666, 666])
    own = {picture.tobytes() for picture in cifar10.x_test}
    assert {picture.tobytes() for picture in x} <= own


@pytest.mark.parametrize(
    "chosen", [[], [3, 5], range(6), [1, 1, 2], [1, 2, 10], [-1, 2, 3]]
)
def test_other_choices_are_refused_in_a_sentence(chosen: list[int]) -> None:
    with pytest.raises(CourseError, match="three, four or five different labels"):
        chosen_classes(chosen)


@pytest.mark.parametrize("chosen", [["cat", "dog", "ship"], None])
def test_classes_by_name_are_refused_in_a_sentence(chosen: list[int]) -> None:
    with pytest.raises(CourseError, match="by their numbers, from 0 to 9"):
        chosen_classes(chosen)


def test_pixels_are_scaled_by_the_same_number_whatever_the_pictures() -> None:
    dark = np.array([0, 5, 51], dtype=np.uint8)
    np.testing.assert_allclose(scaled(dark), [0, 5 / 255, 0.2])
    assert scaled(dark).dtype == np.float32


def test_the_due_date_has_a_time_zone() -> None:
    assert DUE.tzinfo is UTC
