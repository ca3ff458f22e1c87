"""The graded homework: when it is due, and the pictures that everybody works with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from course_utils import data
from course_utils.data import Dataset
from course_utils.data.dataset import Images, Labels
from course_utils.errors import CourseError

DUE = datetime(2027, 1, 31, 23, 59, tzinfo=UTC)
"""When it has to be handed in; the brief and the notebook take it from here."""

ARMS = ("baseline", "augmented", "regularised")
"""The three networks that are compared, by the names that the notebook gives them."""

SIZES = {"training": 2000, "validation": 1000, "test": 1000}
"""How many pictures each set has, give or take one of each class."""

CHOICES = (3, 4, 5, 10)
"""How many classes one may choose."""

Pairs = tuple[Images, Labels]


class NoSuchChoice(CourseError, ValueError):
    """Classes were chosen that the homework does not allow."""


def chosen_classes(chosen: Iterable[int]) -> list[int]:
    """The classes as plain numbers.

    Parameters
    ----------
    chosen : labels of CIFAR-10, from 0 to 9; three, four or five of them, or all ten.

    Raises
    ------
    NoSuchChoice : if they are something else.

    Examples
    --------
    >>> chosen_classes(range(10))
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    >>> chosen_classes([3, 5])
    Traceback (most recent call last):
    course_utils.homework.NoSuchChoice: Choose three, four or five different labels \
from 0 to 9, or all ten; these are [3, 5].
    """
    try:
        labels = [int(label) for label in chosen]
    except (TypeError, ValueError):
        raise NoSuchChoice(
            f"Choose classes by their numbers, from 0 to 9; these are {chosen!r:.80}."
        ) from None
    allowed = len(labels) in CHOICES and len(set(labels)) == len(labels)
    if not allowed or not set(labels) <= set(range(10)):
        raise NoSuchChoice(
            "Choose three, four or five different labels from 0 to 9, or all ten;"
            f" these are {labels}."
        )
    return labels


def three_sets(cifar10: Dataset, chosen: Iterable[int]) -> dict[str, Pairs]:
    """The pictures of the homework, all cut from CIFAR-10's training set.

    CIFAR-10's own test set stays closed: with it the grader judges the third network.

    Parameters
    ----------
    cifar10 : from ``data.load("cifar10")``.
    chosen : as in `chosen_classes`.

    Returns
    -------
    dict from "training", "validation" and "test" to ``(images, labels)`` : uint8; the
        labels are 0, 1, … in the order of `chosen`.

    Raises
    ------
    NoSuchChoice : as in `chosen_classes`.

    Examples
    --------
    >>> y = np.arange(20_000, dtype=np.uint8) % 10
    >>> x = np.zeros((20_000, 1, 1, 3), dtype=np.uint8)
    >>> cifar10 = Dataset(x, y, x, y, tuple("abcdefghij"), "cifar10", "drawn")
    >>> {name: len(y) for name, (x, y) in three_sets(cifar10, [3, 5, 8]).items()}
    {'training': 1999, 'validation': 1000, 'test': 1000}
    """
    labels = chosen_classes(chosen)
    per_class = sum(SIZES.values()) // len(labels)
    x, y = data.subset(cifar10.x_train, cifar10.y_train, labels, per_class)
    rest, test = data.split(x, y, SIZES["test"])
    training, validation = data.split(*rest, SIZES["validation"])
    return {"training": training, "validation": validation, "test": test}


def strangers(cifar10: Dataset, chosen: Iterable[int]) -> Pairs:
    """Two thousand pictures of CIFAR-10's own test set, equally many of each class.

    Parameters
    ----------
    cifar10, chosen : as in `three_sets`.

    Returns
    -------
    ``(images, labels)``, as `three_sets` gives them.

    Raises
    ------
    NoSuchChoice : as in `chosen_classes`.
    """
    labels = chosen_classes(chosen)
    return data.subset(cifar10.x_test, cifar10.y_test, labels, 2000 // len(labels))


def scaled(images: Images) -> NDArray[np.float32]:
    """Pixels from 0 to 1, as 32-bit floats; of any images, any shape.

    Examples
    --------
    >>> print(scaled(np.array([0, 51, 255], dtype=np.uint8)))
    [0.  0.2 1. ]
    """
    return images.astype(np.float32) / np.float32(255)
