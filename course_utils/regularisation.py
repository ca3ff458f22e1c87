"""Batch normalisation, dropout, label smoothing and the L2 penalty in plain NumPy.

Each does what Keras does, with the same default numbers. Channels are the last axis, as
in (n, height, width, C); the features of a dense layer, (n, C), are treated alike. All
arithmetic is done in float64.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.conv import InvalidInput

Array = NDArray[np.float64]


def batch_norm_train(
    x: ArrayLike,
    gamma: ArrayLike,
    beta: ArrayLike,
    moving_mean: ArrayLike,
    moving_variance: ArrayLike,
    *,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
) -> tuple[Array, Array, Array]:
    """Normalise every channel by its mean and variance in this batch.

    Parameters
    ----------
    x : array of shape (n, height, width, C), or (n, C)
        What the layer reads.
    gamma, beta : arrays of shape (C,)
        Learned scale and shift of each channel; ones and zeros at the start.
    moving_mean, moving_variance : arrays of shape (C,)
        What was kept from the batches before; zeros and ones at the start. They take no
        part in `y`.
    momentum : float from 0 to 1
        Share of what was kept before that stays. (PyTorch's momentum is the share that
        goes.)
    epsilon : float
        Added to the variance, so that a constant channel is not divided by zero.

    Returns
    -------
    (y, moving_mean, moving_variance) : float64 arrays
        `y` has the shape of `x`; the other two are to be kept for the next batch.

    Raises
    ------
    InvalidInput
        If an array has another shape or holds NaN or infinity, a variance is negative,
        or a number makes no sense.

    Notes
    -----
    The variance divides by the number of values, n·height·width, also in the moving
    variance; PyTorch's moving variance divides by one less.

    References
    ----------
    S. Ioffe, C. Szegedy, "Batch normalization: accelerating deep network training by
    reducing internal covariate shift", ICML (2015), arXiv:1502.03167, algorithm 1.

    Examples
    --------
    >>> x = [[1.0, 10.0], [3.0, 30.0]]
    >>> start = {"gamma": [1, 1], "beta": [0, 0]}
    >>> kept = {"moving_mean": [0, 0], "moving_variance": [1, 1]}
    >>> y, mean, variance = batch_norm_train(x, **start, **kept)
    >>> print(y.round(3), mean, variance, sep="\\n")
    [[-1. -1.]
     [ 1.  1.]]
    [0.02 0.2 ]
    [1.   1.99]
    """
    x = _features(x)
    before = _moments(x, moving_mean, moving_variance)
    momentum = _number(momentum, "momentum", 0, 1)
    axes = tuple(range(x.ndim - 1))
    mean, variance = x.mean(axis=axes), x.var(axis=axes)
    y = batch_norm_infer(x, gamma, beta, mean, variance, epsilon=epsilon)
    moving = (
        momentum * old + (1 - momentum) * new
        for old, new in zip(before, (mean, variance), strict=True)
    )
    return y, *moving


def batch_norm_infer(
    x: ArrayLike,
    gamma: ArrayLike,
    beta: ArrayLike,
    moving_mean: ArrayLike,
    moving_variance: ArrayLike,
    *,
    epsilon: float = 1e-3,
) -> Array:
    """Normalise every channel by the moving mean and variance kept in training.

    What comes out for a picture does not depend on the other pictures of the batch.

    Parameters
    ----------
    x, gamma, beta, moving_mean, moving_variance, epsilon
        As in `batch_norm_train`.

    Returns
    -------
    float64 array of the shape of `x`

    Raises
    ------
    InvalidInput
        As `batch_norm_train`.

    References
    ----------
    S. Ioffe, C. Szegedy, "Batch normalization: accelerating deep network training by
    reducing internal covariate shift", ICML (2015), arXiv:1502.03167, algorithm 2.

    Examples
    --------
    >>> batch_norm_infer([[7.0]], [2], [1], [5], [4], epsilon=1e-9).round(3)
    array([[3.]])
    """
    x = _features(x)
    gamma, beta = _per_channel(gamma, "gamma", x), _per_channel(beta, "beta", x)
    mean, variance = _moments(x, moving_mean, moving_variance)
    return gamma * (x - mean) / np.sqrt(variance + _epsilon(epsilon)) + beta


def batch_norm_backward(
    x: ArrayLike, gamma: ArrayLike, upstream: ArrayLike, *, epsilon: float = 1e-3
) -> tuple[Array, Array, Array]:
    """Gradients of a loss with respect to input, gamma and beta of `batch_norm_train`.

    Parameters
    ----------
    x, gamma, epsilon
        As they went in.
    upstream : array of the shape of `x`
        Gradient of the loss with respect to what came out.

    Returns
    -------
    (grad_x, grad_gamma, grad_beta) : float64 arrays
        With the shapes of `x`, (C,) and (C,).

    Raises
    ------
    InvalidInput
        As `batch_norm_train`, or if `upstream` does not have the shape of `x`.

    Notes
    -----
    Every value takes part in the mean and the variance of its channel, so its gradient
    has three terms: its own, and one for each of these.

    References
    ----------
    S. Ioffe, C. Szegedy, "Batch normalization: accelerating deep network training by
    reducing internal covariate shift", ICML (2015), arXiv:1502.03167, section 3.

    Examples
    --------
    A constant added to all of a channel is taken away again, so nothing flows back:

    >>> upstream = np.ones((3, 1))
    >>> grad_x, _, grad_beta = batch_norm_backward([[1], [2], [4]], [1], upstream)
    >>> bool(np.allclose(grad_x, 0)), grad_beta
    (True, array([3.]))
    """
    x, upstream = _features(x), _features(upstream, "upstream gradient")
    gamma = _per_channel(gamma, "gamma", x)
    if upstream.shape != x.shape:
        raise InvalidInput(
            f"The upstream gradient has shape {upstream.shape} and the input {x.shape}:"
            " batch normalisation keeps the shape, so they must agree."
        )
    axes = tuple(range(x.ndim - 1))
    deviation = np.sqrt(x.var(axis=axes) + _epsilon(epsilon))
    normalised = (x - x.mean(axis=axes)) / deviation
    by_mean = upstream.mean(axis=axes)
    by_variance = normalised * (upstream * normalised).mean(axis=axes)
    grad_x = gamma / deviation * (upstream - by_mean - by_variance)
    return grad_x, (upstream * normalised).sum(axis=axes), upstream.sum(axis=axes)


def dropout(
    x: ArrayLike, rate: float, rng: np.random.Generator, *, training: bool
) -> Array:
    """Set a random share of the values to zero in training, and nothing in inference.

    What is left is divided by the share that stays, so that the mean is expected to
    remain what it was ("inverted" dropout) and inference needs no correction.

    Parameters
    ----------
    x : array of any shape
        What the layer reads.
    rate : float from 0 to below 1
        Probability of each value to be dropped.
    rng : numpy.random.Generator
        Draws which.
    training : bool
        False returns `x` as it is, and draws nothing.

    Returns
    -------
    float64 array of the shape of `x`

    Raises
    ------
    InvalidInput
        If `x` does not hold finite numbers, or rate or generator make no sense.

    References
    ----------
    N. Srivastava et al., "Dropout: a simple way to prevent neural networks from
    overfitting", JMLR 15 (2014), section 10: there, weights are scaled after training.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> dropout(np.ones(8), 0.5, rng, training=True)
    array([2., 0., 0., 0., 2., 2., 2., 2.])
    >>> dropout(np.ones(8), 0.5, rng, training=False)
    array([1., 1., 1., 1., 1., 1., 1., 1.])
    """
    x = _finite(x, "input of dropout")
    rate = _number(rate, "rate", 0, 1)
    if rate == 1:
        raise InvalidInput("rate must be below 1: with 1, nothing would be left.")
    if not isinstance(rng, np.random.Generator):
        raise InvalidInput(
            "rng must be a NumPy generator, for example np.random.default_rng(0); got"
            f" {rng!r}."
        )
    if not training:
        return x
    kept = rng.random(x.shape) >= rate
    return np.where(kept, x / (1 - rate), 0.0)


def smooth_labels(labels: ArrayLike, smoothing: float) -> Array:
    """Take a share of the certainty from one-hot labels and spread it over all classes.

    Parameters
    ----------
    labels : array of shape (n, classes)
        One-hot labels, or other probabilities: every row adds up to 1.
    smoothing : float from 0 to 1
        Share that is spread evenly, over the right class as well: of K classes it keeps
        1 − smoothing + smoothing / K, and every other gets smoothing / K.

    Returns
    -------
    float64 array of shape (n, classes)

    Raises
    ------
    InvalidInput
        If these are no one-hot labels, or the share makes no sense.

    References
    ----------
    C. Szegedy et al., "Rethinking the Inception architecture for computer vision", CVPR
    (2016), doi:10.1109/CVPR.2016.308, section 7.

    Examples
    --------
    >>> smooth_labels([[0, 1, 0, 0]], 0.2)
    array([[0.05, 0.85, 0.05, 0.05]])
    """
    labels = _finite(labels, "labels")
    smoothing = _number(smoothing, "smoothing", 0, 1)
    if labels.ndim != 2 or not labels.size:
        raise InvalidInput(
            f"One-hot labels have shape (n, classes); got {labels.shape}: make them of"
            " class numbers with keras.utils.to_categorical(y)."
        )
    if labels.min() < 0 or not np.allclose(labels.sum(axis=1), 1):
        raise InvalidInput(
            "Every row of one-hot labels adds up to 1, with nothing below 0; these do"
            " not: make them with keras.utils.to_categorical(y)."
        )
    return np.asarray(labels * (1 - smoothing) + smoothing / labels.shape[1])


def l2_penalty(weights: ArrayLike, factor: float = 0.01) -> float:
    """What ``keras.regularizers.L2`` adds to the loss for one array of weights.

    It is factor · Σ w², without the ½ of many texts, and not divided by the number of
    weights or pictures. Keras adds one for every layer that asks for it; of a
    `kernel_regularizer` the biases are free.

    Parameters
    ----------
    weights : array of any shape
        For example ``layer.kernel``.
    factor : float, 0 or more
        Strength of the penalty.

    Raises
    ------
    InvalidInput
        If the weights are not finite numbers, or the factor is negative.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning* (2016), section 7.1.1 (with
    the factor ½).

    Examples
    --------
    >>> l2_penalty([[1.0, -2.0], [0.0, 3.0]], 0.5)
    7.0
    """
    weights = _finite(weights, "weights")
    return _number(factor, "factor", 0, np.inf) * float(np.sum(weights**2))


def _finite(values: ArrayLike, name: str) -> Array:
    """Return the values as float64, or say why they cannot be used."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise InvalidInput(
            f"The {name} is not an array: its rows differ in length."
        ) from None
    if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
        raise InvalidInput(
            f"The {name} must hold finite real numbers: find where NaN, infinity or"
            f" {array.dtype} comes from."
        )
    return array.astype(np.float64)


def _features(values: ArrayLike, name: str = "input") -> Array:
    array = _finite(values, name)
    if array.ndim < 2 or not array.size:
        raise InvalidInput(
            f"The {name} must have shape (n, height, width, C) or (n, C) and hold at"
            f" least one value; got shape {array.shape}."
        )
    return array


def _per_channel(values: ArrayLike, name: str, x: Array) -> Array:
    array = _finite(values, name)
    if array.shape != x.shape[-1:]:
        raise InvalidInput(
            f"{name} must hold one number per channel, shape ({x.shape[-1]},); got"
            f" shape {array.shape}."
        )
    return array


def _moments(x: Array, mean: ArrayLike, variance: ArrayLike) -> tuple[Array, Array]:
    mean = _per_channel(mean, "moving_mean", x)
    variance = _per_channel(variance, "moving_variance", x)
    if variance.min() < 0:
        raise InvalidInput(
            f"moving_variance goes down to {variance.min():g}, and a variance is never"
            " negative: see whether mean and variance are in each other's place."
        )
    return mean, variance


def _number(value: float, name: str, lowest: float, highest: float) -> float:
    if not isinstance(value, float | int | np.number) or not lowest <= value <= highest:
        reach = f"from {lowest:g} to {highest:g}" if highest < np.inf else "not below 0"
        raise InvalidInput(f"{name} must be a number {reach}; got {value!r}.")
    return float(value)


def _epsilon(value: float) -> float:
    if _number(value, "epsilon", 0, np.inf) == 0:
        raise InvalidInput(
            "epsilon must be above 0: a constant channel has variance 0."
        )
    return float(value)
