"""``checks.cuts``: the three sets of the homework."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from course_utils import homework
from course_utils.checks import function
from course_utils.checks.cuts import apart, scaling_mistakes, sized
from course_utils.data import Dataset, subset
from course_utils.data.drawn import draw
from tests.checks.failing import message_of
from tests.checks.naming import called_otherwise

CHOSEN = [3, 5, 8, 0, 1]


@pytest.fixture(scope="module")
def cifar10() -> Dataset:
    """Pictures of noise, each different, ten classes."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (10_000, 32, 32, 3), dtype=np.uint8)
    y = (np.arange(10_000) % 10).astype(np.uint8)
    return Dataset(x[:9000], y[:9000], x[9000:], y[9000:], tuple("abcdefghij"), "", "")


@pytest.fixture(scope="module")
def right(cifar10: Dataset) -> dict[str, Any]:
    return homework.three_sets(cifar10, CHOSEN)


Sets = dict[str, Any]


def with_test(change: Callable[[Any, Any], Any]) -> Callable[[Sets], Sets]:
    return lambda sets: sets | {"test": change(*sets["test"])}


def test_right_sets_pass(cifar10: Dataset, right: Sets) -> None:
    sized(right, cifar10, CHOSEN)
    apart(right)
    shuffled = with_test(lambda x, y: [x[::-1], y[::-1].astype(float)])(right)
    sized(shuffled, cifar10, np.array(CHOSEN))
    apart(shuffled)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda sets: None, "no value yet"),
        (lambda sets: list(sets.values()), "not a dict of the three sets"),
        (lambda sets: {"train": sets["training"]}, "by their names"),
        (with_test(lambda x, y: x), "not (images, labels)"),
        (with_test(lambda x, y: ("x", y)), "not images and labels"),
        (with_test(lambda x, y: (y, x)), "swapped"),
        (with_test(lambda x, y: (x[:-1], y)), "a label each"),
        (with_test(lambda x, y: (x / 255, y)), "scaled already"),
        (with_test(lambda x, y: (x[:900], y[:900])), "Yours:    900"),
        (lambda sets: sets | {"test": sets["training"]}, "sets exchanged"),
        (with_test(lambda x, y: (x, np.array(CHOSEN)[y])), "not numbered anew"),
        (with_test(lambda x, y: (x, y.astype(int) - 1)), "labels from -1 to 3"),
        (with_test(lambda x, y: (x, np.zeros_like(y))), "sorted labels"),
        (with_test(lambda x, y: (x, np.minimum(y + (y == 2), 4))), "sorted labels"),
        (with_test(lambda x, y: (x, np.roll(y, 1))), "out of step"),
        (with_test(lambda x, y: (x + 1, y)), "changed pictures"),
    ],
)
def test_wrong_sets_hear_why(
    cifar10: Dataset, right: Sets, change: Callable[[Sets], Any], said: str
) -> None:
    assert said in message_of(sized, change(right), cifar10, CHOSEN)


def test_classes_dealt_out_by_chance_are_named(cifar10: Dataset) -> None:
    x, y = subset(cifar10.x_train, cifar10.y_train, CHOSEN, 800)
    order = np.random.default_rng(1).permutation(len(x))
    parts = np.split(order, [2000, 3000])
    sets = {
        n: (x[rows], y[rows]) for n, rows in zip(homework.SIZES, parts, strict=True)
    }
    assert "not class by class" in message_of(sized, sets, cifar10, CHOSEN)


def test_cifar10s_own_test_pictures_are_recognised(cifar10: Dataset) -> None:
    half = Dataset(
        cifar10.x_train[:4500],
        cifar10.y_train[:4500],
        cifar10.x_train[4500:],
        cifar10.y_train[4500:],
        cifar10.classes,
        "",
        "",
    )
    chosen = range(10)
    sets = homework.three_sets(half, chosen)
    sets["test"] = subset(half.x_test, half.y_test, chosen, 100)
    said = message_of(sized, sets, half, chosen)
    assert "1,000 pictures of the test set are none" in said
    assert "CIFAR-10's own test set" in said


def test_a_choice_that_is_not_allowed_is_named(cifar10: Dataset, right: Sets) -> None:
    assert "these are [3, 5]" in message_of(sized, right, cifar10, [3, 5])


def test_shared_and_repeated_pictures_are_counted(right: Sets) -> None:
    sets = right | {"validation": right["training"]}
    assert "“validation” are in “training”" in message_of(apart, sets)
    x_test, y_test = right["test"]
    rows = np.arange(1000) // 2
    sets = right | {"test": (x_test[rows], y_test[rows])}
    said = message_of(apart, sets)
    assert "500 pictures more than once" in said
    assert "drawn with replacement" in said


def test_every_wrong_scale_is_called_by_its_name() -> None:
    pictures = draw("cifar10", 8, 0)["x_train"]
    inputs = [(pictures // 2,), (30 + pictures[:1] // 3,)]
    assert not called_otherwise(scaling_mistakes(), homework.scaled, inputs)
    function(lambda x: x * (1 / 255), homework.scaled, inputs)
