"""Parts of a set: a validation split, fewer classes, fewer pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from course_utils.errors import CourseError

Image = TypeVar("Image", bound=np.generic)
Label = TypeVar("Label", bound=np.integer)
Pairs = tuple[NDArray[Image], NDArray[Label]]


class SamplingError(CourseError, ValueError):
    """A part was asked for that the images do not have."""


def split(
    x: NDArray[Image], y: NDArray[Label], validation: float = 0.1, *, seed: int = 0
) -> tuple[
    tuple[NDArray[Image], NDArray[Label]], tuple[NDArray[Image], NDArray[Label]]
]:
    """Cut a validation set from a training set, the same share of every class.

    Parameters
    ----------
    x : images, (n, …), any dtype.
    y : labels, integers, (n,).
    validation : a float between 0 and 1 is the share of the images; an int is their
        number. No class differs from its exact share by a whole image or more.
    seed : decides which; the same seed gives the same split.

    Returns
    -------
    ``(x_train, y_train), (x_validation, y_validation)`` : copies, dtypes unchanged,
        both in the order of `x`.

    Raises
    ------
    SamplingError : if `validation` leaves one of the two parts empty, or `x` and `y`
        do not belong together.

    Examples
    --------
    >>> x, y = np.arange(100), np.repeat([0, 1], [80, 20])
    >>> (x_train, y_train), (x_val, y_val) = split(x, y, 0.1)
    >>> np.bincount(y_train), np.bincount(y_val)
    (array([72, 18]), array([8, 2]))
    """
    _check_pairs(x, y)
    n = len(y)
    size = _validation_size(validation, n)
    values, counts = np.unique(y, return_counts=True)
    chosen = np.zeros(n, dtype=bool)
    for value, share in zip(values, _shares(counts, size), strict=True):
        chosen[_shuffled_rows(y, int(value), seed)[:share]] = True
    return (x[~chosen], y[~chosen]), (x[chosen], y[chosen])


def subset(
    x: NDArray[Image],
    y: NDArray[Label],
    classes: Sequence[int] | None = None,
    per_class: int | None = None,
    *,
    seed: int = 0,
) -> tuple[NDArray[Image], NDArray[Label]]:
    """Keep some classes, and some images of each.

    Parameters
    ----------
    x : images, (n, …), any dtype.
    y : labels, integers, (n,).
    classes : the labels to keep; None keeps all.
    per_class : how many images of each; None keeps all. Of one class, a larger number
        adds to the images of a smaller one, whatever the other classes are.
    seed : decides which; the same seed gives the same images.

    Returns
    -------
    ``(x, y)`` : copies, dtypes unchanged, in the order of `x`. The labels are 0, 1, …
        in the order of `classes`.

    Raises
    ------
    SamplingError : if a class is not in `y`, is named twice or has too few images, or
        `x` and `y` do not belong together.

    Examples
    --------
    >>> x, y = np.arange(6), np.array([3, 5, 3, 7, 5, 3])
    >>> subset(x, y, classes=[5, 3])
    (array([0, 1, 2, 4, 5]), array([1, 0, 1, 0, 1]))
    >>> len(subset(x, y, classes=[5, 3], per_class=2)[0])
    4
    """
    _check_pairs(x, y)
    wanted = np.unique(y).tolist() if classes is None else [int(c) for c in classes]
    if len(wanted) == 0 or len(set(wanted)) < len(wanted):
        raise SamplingError(
            f"classes must be different labels, at least one; these are {wanted}."
        )
    if per_class is not None and per_class < 1:
        raise SamplingError(f"per_class must be at least 1; it is {per_class}.")
    new_label = np.full(len(y), -1)
    for position, value in enumerate(wanted):
        rows = _shuffled_rows(y, value, seed)
        if len(rows) < (per_class or 1):
            raise SamplingError(
                f"Class {value} has {len(rows)} images; {per_class or 1} are wanted."
            )
        new_label[rows[:per_class]] = position
    kept = new_label >= 0
    return x[kept], new_label[kept].astype(y.dtype)


def _shuffled_rows(y: NDArray[Label], value: int, seed: int) -> NDArray[np.intp]:
    """The rows of one class in an order that depends on the seed and the class only."""
    # SeedSequence takes no negative numbers; labels may be any.
    stream = np.random.default_rng([seed, value % 2**32])
    return stream.permutation(np.flatnonzero(y == value))


def _validation_size(validation: float, n: int) -> int:
    whole = isinstance(validation, (int, np.integer))
    size = int(validation) if whole else round(validation * n)
    if not 0 < size < n or (not whole and validation >= 1):
        raise SamplingError(
            f"validation={validation} of {n} images leaves one part empty; give a "
            f"share such as 0.1 or a number from 1 to {n - 1}."
        )
    return size


def _shares(counts: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """Divide `size` among classes by their counts, by largest remainder."""
    exact = counts * size / counts.sum()
    shares: NDArray[np.intp] = np.floor(exact).astype(np.intp)
    missing = size - int(shares.sum())
    shares[np.argsort(shares - exact, kind="stable")[:missing]] += 1
    return shares


def _check_pairs(x: NDArray[Image], y: NDArray[Label]) -> None:
    if y.ndim != 1 or not np.issubdtype(y.dtype, np.integer):
        raise SamplingError(
            f"y must be integer labels of shape (n,); it is {y.dtype} of shape "
            f"{y.shape}."
        )
    if len(x) != len(y):
        raise SamplingError(
            f"x holds {len(x)} images and y {len(y)} labels; they must be as many."
        )
