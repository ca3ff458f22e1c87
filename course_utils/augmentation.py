"""Mixup, cutout and cutmix by hand: new pictures, and what their labels become.

A function with a random generator draws what it needs, and one without does the rest:
`mixup` draws for `blend`, `cutout` for `erase`, `cutmix` for `paste`. Everything is
NumPy; no input is changed.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.conv import InvalidInput


class Augmented(NamedTuple):
    """New pictures and labels, and how much each picture's own label still counts."""

    images: NDArray[Any]
    """Shape (n, height, width, C)."""
    labels: NDArray[Any]
    """Shape (n, classes); every row adds up to 1."""
    weights: NDArray[np.float64]
    """Shape (n,), from 0 to 1; what is missing to 1 is the weight of the partner."""


def mixup(
    images: ArrayLike,
    labels: ArrayLike,
    rng: np.random.Generator,
    *,
    alpha: float = 0.2,
) -> Augmented:
    """Lay each picture over another one of its batch, and mix their labels alike.

    Parameters
    ----------
    images : array of shape (n, height, width, C)
        Pictures on any scale.
    labels : array of shape (n, classes)
        One-hot labels.
    rng : numpy.random.Generator
        Draws the partners, a permutation of the batch, and a weight for each picture.
    alpha : float above 0
        Weights come from Beta(alpha, alpha): near 0 or 1 if it is small, evenly from
        0 to 1 if it is 1.

    Returns
    -------
    Augmented : images, labels, weights
        As `blend` makes them.

    Raises
    ------
    InvalidInput
        If the arrays are no batch of pictures with one-hot labels, or generator or
        alpha make no sense.

    Notes
    -----
    Every picture has a weight of its own, as in ``keras.layers.MixUp``; the code of the
    paper draws one for the whole batch.

    References
    ----------
    H. Zhang, M. Cisse, Y. N. Dauphin, D. Lopez-Paz, "mixup: beyond empirical risk
    minimization", ICLR (2018), arXiv:1710.09412.

    Examples
    --------
    >>> rng = np.random.default_rng(8)
    >>> images, labels, weights = mixup(np.ones((2, 4, 4, 3)), np.eye(2), rng, alpha=1)
    >>> print(labels.round(2), weights.round(2))
    [[0.47 0.53]
     [0.22 0.78]] [0.47 0.78]
    """
    x, y = _batch(images, labels)
    partners = _generator(rng).permutation(len(x))
    return blend(x, y, partners, _symmetric_beta(rng, alpha, len(x)))


def cutout(
    images: ArrayLike,
    labels: ArrayLike,
    rng: np.random.Generator,
    *,
    size: int,
    value: float = 0,
) -> Augmented:
    """Cover a square of each picture. The labels stay as they are.

    The middle of the square may be any pixel, so that part of it may lie outside.

    Parameters
    ----------
    images, labels, rng
        As in `mixup`.
    size : int
        Side of the square in pixels.
    value : float
        What the covered pixels become. Zero is meant for pictures whose mean was taken
        away; for others it is black.

    Returns
    -------
    Augmented : images, labels, weights
        As `erase` makes them.

    Raises
    ------
    InvalidInput
        As `mixup`, or if the size is not a whole number of at least 1.

    References
    ----------
    T. DeVries, G. W. Taylor, "Improved regularization of convolutional neural networks
    with cutout" (2017), arXiv:1708.04552.

    Examples
    --------
    >>> rng = np.random.default_rng(10)
    >>> images, labels, _ = cutout(np.ones((1, 4, 5, 1)), [[0, 1]], rng, size=3)
    >>> print(images[0, ..., 0].astype(int), labels, sep="\\n")
    [[1 1 1 1 1]
     [1 1 1 1 1]
     [1 1 1 0 0]
     [1 1 1 0 0]]
    [[0 1]]
    """
    x, y = _batch(images, labels)
    if not isinstance(size, int | np.integer) or size < 1:
        raise InvalidInput(f"size must be a whole number of at least 1; got {size!r}.")
    sides = np.full((len(x), 2), size)
    return erase(x, y, _random_boxes(x.shape, sides, _generator(rng)), value=value)


def cutmix(
    images: ArrayLike,
    labels: ArrayLike,
    rng: np.random.Generator,
    *,
    alpha: float = 1.0,
) -> Augmented:
    """Paste a box of another picture into each, and mix the labels by its area.

    With λ from Beta(alpha, alpha), the box has √(1 − λ) of the height and of the width.
    Its middle may be any pixel; what reaches over the edge is cut off. The label's
    weight is then counted anew, from the pixels that were really replaced.

    Parameters
    ----------
    images, labels, rng
        As in `mixup`.
    alpha : float above 0
        With 1, all λ are equally likely.

    Returns
    -------
    Augmented : images, labels, weights
        As `paste` makes them.

    Raises
    ------
    InvalidInput
        As `mixup`.

    Notes
    -----
    ``keras.layers.CutMix`` shifts the box so that it lies inside, and computes the
    weight before the box is rounded to pixels. Its ``factor=1.0`` is not alpha = 1 but
    draws an alpha between 0 and 1 for each batch; ``factor=(1, 1)`` is.

    References
    ----------
    S. Yun et al., "CutMix: regularization strategy to train strong classifiers with
    localizable features", ICCV (2019), doi:10.1109/ICCV.2019.00612, arXiv:1905.04899.

    Examples
    --------
    >>> rng = np.random.default_rng(6)
    >>> pictures = np.zeros((2, 4, 5, 1))
    >>> pictures[1] = 1
    >>> images, labels, _ = cutmix(pictures, np.eye(2), rng)
    >>> print(images[0, ..., 0].astype(int), labels[0], sep="\\n")
    [[0 0 0 0 0]
     [0 0 1 1 1]
     [0 0 1 1 1]
     [0 0 1 1 1]]
    [0.55 0.45]
    """
    x, y = _batch(images, labels)
    partners = _generator(rng).permutation(len(x))
    share = 1 - _symmetric_beta(rng, alpha, len(x))
    sides = np.sqrt(share)[:, None] * x.shape[1:3]
    boxes = _random_boxes(x.shape, np.rint(sides).astype(np.intp), rng)
    return paste(x, y, partners, boxes)


def blend(
    images: ArrayLike, labels: ArrayLike, partners: ArrayLike, weights: ArrayLike
) -> Augmented:
    """Mix pictures and labels with those of their partners, by given weights.

    Parameters
    ----------
    images, labels
        As in `mixup`.
    partners : integer array of shape (n,)
        For each picture the number of the one that is laid over it.
    weights : array of shape (n,)
        How much of each picture stays, from 0 to 1.

    Returns
    -------
    Augmented : images, labels, weights
        Floats: float32, or float64 where that went in.

    Raises
    ------
    InvalidInput
        If the arrays do not match, or numbers make no sense.

    Examples
    --------
    >>> pictures = np.array([0.0, 1.0]).reshape(2, 1, 1, 1)
    >>> images, labels, _ = blend(pictures, np.eye(2), [1, 0], [0.75, 0.5])
    >>> images.ravel()
    array([0.25, 0.5 ])
    >>> labels
    array([[0.75, 0.25],
           [0.5 , 0.5 ]])
    """
    x, y = _batch(images, labels)
    others, shares = _partners(partners, x), _weights(weights, x)
    return Augmented(_mixed(x, others, shares), _mixed(y, others, shares), shares)


def erase(
    images: ArrayLike, labels: ArrayLike, boxes: ArrayLike, *, value: float = 0
) -> Augmented:
    """Cover a given box of each picture with one value.

    Parameters
    ----------
    images, labels
        As in `mixup`.
    boxes : integer array of shape (n, 4)
        First row, row after the last, first column, column after the last. What lies
        outside the picture does not count.
    value : float
        What the covered pixels become.

    Returns
    -------
    Augmented : images, labels, weights
        Pictures of the dtype that went in, and the labels that went in: their weight
        is 1 however much is covered.

    Raises
    ------
    InvalidInput
        If the arrays do not match, or the value is none that a pixel can have.

    Examples
    --------
    >>> erase(np.ones((1, 2, 3, 1)), [[1]], [[0, 1, 1, 9]]).images[0, ..., 0]
    array([[1., 0., 0.],
           [1., 1., 1.]])
    """
    x, y = _batch(images, labels)
    covered = _masks(boxes, x.shape)[..., None]
    filled = np.where(covered, _pixel(value, x.dtype), x)
    return Augmented(filled, y.copy(), np.ones(len(x)))


def paste(
    images: ArrayLike, labels: ArrayLike, partners: ArrayLike, boxes: ArrayLike
) -> Augmented:
    """Replace a given box of each picture by that of its partner.

    Parameters
    ----------
    images, labels, partners
        As in `blend`.
    boxes : integer array of shape (n, 4)
        As in `erase`.

    Returns
    -------
    Augmented : images, labels, weights
        Pictures of the dtype that went in. A weight is the share of the picture's
        pixels that were not replaced.

    Raises
    ------
    InvalidInput
        If the arrays do not match.

    Examples
    --------
    One column of three reaches into the picture:

    >>> pictures = np.zeros((2, 2, 4, 1)), np.eye(2)
    >>> paste(*pictures, [1, 0], [[0, 2, -2, 1], [0, 0, 0, 0]]).labels
    array([[0.75, 0.25],
           [0.  , 1.  ]])
    """
    x, y = _batch(images, labels)
    others = _partners(partners, x)
    replaced = _masks(boxes, x.shape)
    shares = 1 - replaced.mean(axis=(1, 2))
    mixed = np.where(replaced[..., None], x[others], x)
    return Augmented(mixed, _mixed(y, others, shares), shares)


def _random_boxes(
    shape: tuple[int, ...], sides: NDArray[np.intp], rng: np.random.Generator
) -> NDArray[np.intp]:
    """Boxes of (height, width) pixels around any pixel; they may reach outside."""
    middles = rng.integers(0, shape[1:3], size=sides.shape)
    first = middles - sides // 2
    return np.stack([first, first + sides], axis=2).reshape(-1, 4)


def _masks(boxes: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which pixels lie in each picture's box, shape (n, height, width)."""
    corners = np.asarray(boxes)
    if corners.shape != (shape[0], 4) or corners.dtype.kind not in "iu":
        raise InvalidInput(
            "boxes must hold four whole numbers per picture (first row, row after the"
            f" last, first column, column after the last), shape ({shape[0]}, 4); got"
            f" shape {corners.shape} and dtype {corners.dtype}."
        )
    top, bottom, left, right = corners.T[..., None]
    rows, columns = np.arange(shape[1]), np.arange(shape[2])
    in_rows = (rows >= top) & (rows < bottom)
    in_columns = (columns >= left) & (columns < right)
    return np.asarray(in_rows[:, :, None] & in_columns[:, None, :])


def _mixed(
    values: NDArray[Any], partners: NDArray[np.intp], weights: NDArray[np.float64]
) -> NDArray[Any]:
    dtype = np.result_type(values.dtype, np.float32)
    share = weights.reshape(-1, *[1] * (values.ndim - 1)).astype(dtype)
    return np.asarray(share * values + (1 - share) * values[partners])


def _batch(images: ArrayLike, labels: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Pictures and one-hot labels that belong together, or what is wrong with them."""
    x, y = np.asarray(images), np.asarray(labels)
    if x.ndim != 4 or not x.size or x.dtype.kind not in "uif":
        raise InvalidInput(
            "Images have shape (n, height, width, C) and hold numbers; got shape"
            f" {x.shape} and dtype {x.dtype}. Grey ones need images[..., None]."
        )
    if y.ndim != 2 or len(y) != len(x) or y.dtype.kind not in "buif":
        raise InvalidInput(
            f"Labels must be one-hot, one row for each of {len(x)} pictures; got shape"
            f" {y.shape}: make them of class numbers with"
            " keras.utils.to_categorical(y)."
        )
    if y.min() < 0 or not np.allclose(y.sum(axis=1), 1, atol=1e-5):
        raise InvalidInput(
            "Every row of one-hot labels adds up to 1, with nothing below 0; these do"
            " not: make them with keras.utils.to_categorical(y)."
        )
    return x, y


def _partners(partners: ArrayLike, x: NDArray[Any]) -> NDArray[np.intp]:
    others, n = np.asarray(partners), len(x)
    if others.shape != (n,) or others.dtype.kind not in "iu":
        raise InvalidInput(
            f"partners must hold the number of a picture for each, shape ({n},); got"
            f" shape {others.shape} and dtype {others.dtype}."
        )
    if others.min() < 0 or others.max() >= n:
        raise InvalidInput(
            f"partners must be numbers from 0 to {n - 1}; these run from"
            f" {others.min()} to {others.max()}."
        )
    return others.astype(np.intp)


def _weights(weights: ArrayLike, x: NDArray[Any]) -> NDArray[np.float64]:
    shares = np.asarray(weights, dtype=np.float64)
    # NaN fails both comparisons.
    if shares.shape != (len(x),) or not ((shares >= 0) & (shares <= 1)).all():
        raise InvalidInput(
            f"weights must hold a number from 0 to 1 for each picture, shape"
            f" ({len(x)},); got {weights!r}."
        )
    return shares


def _generator(rng: np.random.Generator) -> np.random.Generator:
    if not isinstance(rng, np.random.Generator):
        raise InvalidInput(
            "rng must be a NumPy generator, for example np.random.default_rng(0); got"
            f" {rng!r}."
        )
    return rng


def _symmetric_beta(
    rng: np.random.Generator, alpha: float, n: int
) -> NDArray[np.float64]:
    if not isinstance(alpha, float | int | np.number) or not 0 < alpha < np.inf:
        raise InvalidInput(f"alpha must be a number above 0; got {alpha!r}.")
    return rng.beta(float(alpha), float(alpha), size=n)


def _pixel(value: float, dtype: np.dtype[Any]) -> NDArray[Any]:
    if np.isfinite(value):
        pixel = np.asarray(value).astype(dtype)
        if np.isclose(pixel, value):
            return pixel
    raise InvalidInput(
        f"Pixels of {dtype} cannot have the value {value!r}: choose another, or turn"
        " the pictures into floats."
    )
