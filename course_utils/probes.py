"""Changed pictures that show what a net relies on: shuffled pixels, shifted pictures.

Everything here is NumPy. A net is anything that predicts as a Keras model does.
"""

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.conv import InvalidInput

Pixel = TypeVar("Pixel", bound=np.generic)

DIRECTIONS = ((-1, 0), (1, 0), (0, -1), (0, 1))  # up, down, left, right


class Classifier(Protocol):
    """What `accuracy_by_shift` needs of a model; every Keras model has it."""

    def predict(self, x: Any, *, batch_size: int, verbose: int) -> Any:
        """Return one score per class, (n, classes), for the pictures (n, h, w, …)."""


def shuffle_pixels(images: NDArray[Pixel], seed: int) -> NDArray[Pixel]:
    """Move the pixels of all images to other places, by one and the same permutation.

    No pixel is lost, and each keeps its channels together. What is lost is which pixels
    were neighbours. Training and test images shuffled with one seed belong together.

    Parameters
    ----------
    images : array of shape (n, height, width) or (n, height, width, C)
        Any dtype.
    seed : int
        Which permutation, a whole number of at least 0.

    Returns
    -------
    array of the shape and dtype of `images`, a copy.

    Raises
    ------
    InvalidInput
        If `images` is not an array of that shape, or the seed makes no sense.

    Examples
    --------
    >>> images = np.arange(8).reshape(2, 2, 2)
    >>> shuffled = shuffle_pixels(images, seed=0)
    >>> print(shuffled[0].ravel(), shuffled[1].ravel())
    [2 0 1 3] [6 4 5 7]
    """
    images = _batch(images)
    if not _is_whole(seed) or seed < 0:
        raise InvalidInput(f"seed must be a whole number of at least 0; got {seed!r}.")
    n, height, width = images.shape[:3]
    order = np.random.default_rng(seed).permutation(height * width)
    pixels = images.reshape(n, height * width, -1)
    return pixels[:, order].reshape(images.shape)


def shift_images(images: NDArray[Pixel], rows: int, columns: int) -> NDArray[Pixel]:
    """Move all images by whole pixels. Zeros come in, and what moves out is lost.

    Parameters
    ----------
    images : array of shape (n, height, width) or (n, height, width, C)
        Any dtype.
    rows : int
        Pixels down; up if negative.
    columns : int
        Pixels to the right; to the left if negative.

    Returns
    -------
    array of the shape and dtype of `images`, a copy.

    Raises
    ------
    InvalidInput
        If `images` is not an array of that shape, a shift is not a whole number, or
        nothing of the images would be left.

    Examples
    --------
    >>> image = np.arange(1, 10).reshape(1, 3, 3)
    >>> print(shift_images(image, rows=1, columns=-1)[0])
    [[0 0 0]
     [2 3 0]
     [5 6 0]]
    """
    images = _batch(images)
    height, width = images.shape[1:3]
    to_rows, from_rows = _slices(rows, height, "rows")
    to_columns, from_columns = _slices(columns, width, "columns")
    moved = np.zeros_like(images)
    moved[:, to_rows, to_columns] = images[:, from_rows, from_columns]
    return moved


def accuracy_by_shift(
    model: Classifier,
    x: NDArray[Any],
    y: ArrayLike,
    shifts: Iterable[int],
    *,
    batch_size: int = 500,
) -> dict[int, float]:
    """Accuracy on images that are moved by so many pixels.

    The accuracy at a shift is the mean over moves up, down, left and right. The images
    moved in all four ways are held in memory together.

    Parameters
    ----------
    model : Classifier
        A trained net: ``predict`` gives (n, classes), logits or probabilities.
    x : array of shape (n, height, width) or (n, height, width, C)
        Images, as the net takes them.
    y : integer array of shape (n,)
        Their classes.
    shifts : whole numbers
        Pixels to move by, each from 0 to less than height and width.
    batch_size : int
        Images that the net sees at once.

    Returns
    -------
    dict from each shift to a share of right answers, from 0 to 1.

    Raises
    ------
    InvalidInput
        If `x` and `y` do not match, a shift makes no sense, or the net does not give
        one score per class.

    Examples
    --------
    A net that knows only whether the left or the right pixel is brighter:

    >>> class Brighter:
    ...     def predict(self, x, *, batch_size, verbose):
    ...         return x[:, 1]
    >>> x = np.zeros((2, 3, 2))
    >>> x[0, 1, 0] = x[1, 1, 1] = 1
    >>> accuracy_by_shift(Brighter(), x, [0, 1], [0, 1])
    {0: 1.0, 1: 0.375}
    """
    x, classes = _batch(x), np.asarray(y)
    if classes.shape != (len(x),) or classes.dtype.kind not in "iu":
        raise InvalidInput(
            f"y must hold one class number per image, shape ({len(x)},); got shape"
            f" {classes.shape} and dtype {classes.dtype}."
        )
    accuracies = {}
    for shift in shifts:
        if not _is_whole(shift) or shift < 0:
            raise InvalidInput(
                f"A shift must be a whole number of at least 0; got {shift!r}. All"
                " four directions are tried by themselves."
            )
        moves = {(shift * down, shift * right) for down, right in DIRECTIONS}
        # All moves at once: a call of `predict` costs more than a few hundred images.
        moved = np.concatenate([shift_images(x, *move) for move in moves])
        predicted = _predicted(model, moved, batch_size)
        accuracies[int(shift)] = float(
            np.mean(predicted == np.tile(classes, len(moves)))
        )
    return accuracies


def _predicted(model: Classifier, x: NDArray[Any], batch_size: int) -> NDArray[np.intp]:
    scores = np.asarray(model.predict(x, batch_size=batch_size, verbose=0))
    if scores.ndim != 2 or len(scores) != len(x) or scores.shape[1] < 2:
        raise InvalidInput(
            f"The net must give one score per class, ({len(x)}, classes); it gives"
            f" shape {scores.shape}."
        )
    return np.asarray(scores.argmax(axis=1))


def _batch(images: NDArray[Pixel]) -> NDArray[Pixel]:
    array = np.asarray(images)
    if array.ndim not in (3, 4) or not array.size:
        raise InvalidInput(
            "Images have shape (n, height, width) or (n, height, width, C); got"
            f" {array.shape}. A single one needs images[None]."
        )
    return array


def _slices(shift: int, size: int, name: str) -> tuple[slice, slice]:
    """Where the pixels of one axis go to, and where they come from."""
    if not _is_whole(shift) or abs(shift) >= size:
        raise InvalidInput(
            f"{name} must be a whole number between {1 - size} and {size - 1}, or"
            f" nothing of {size} pixels is left; got {shift!r}."
        )
    ahead, behind = max(int(shift), 0), max(-int(shift), 0)
    return slice(ahead, size - behind), slice(behind, size - ahead)


def _is_whole(number: object) -> bool:
    return isinstance(number, int | np.integer) and not isinstance(number, bool)
