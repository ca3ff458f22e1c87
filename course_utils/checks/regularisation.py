"""Mistakes in batch normalisation, dropout, label smoothing and the L2 penalty.

They belong to the assignment on Fashion-MNIST and are what the argument ``mistakes`` of
the checks takes: by ``"name: hint"``, the answer that the mistake gives or a function
with the mistake in it. Batch normalisation in training returns three things, so it has
checks of its own, `normalises` and `keeps`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils import regularisation
from course_utils.checks.answers import describe
from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import fail
from course_utils.checks.functions import called, function

Array = NDArray[Any]
Function = Callable[..., Any]
Mistakes = dict[str, Callable[..., object]]

_CHANNEL = "each channel has a mean of its own, over all pictures and all places"
_MOVING = "the mean and the variance of each channel"
_RIGHT = "the right class gets its part of what is spread, too"
_NATURAL = "Keras takes the natural logarithm, np.log"

NUMBER_MISTAKES: dict[str, dict[str, object]] = {
    "in_all": {
        "two numbers a channel: a batch normalisation has gamma, beta, and the moving"
        " averages of mean and variance": 34_330,
        "batch normalisation forgotten: it keeps four numbers for each channel": 34_186,
        "biases forgotten: every filter and every class has one": 34_392,
        "not padded: with same, a 3×3 filter keeps the size of the maps": 22_954,
        "pooling forgotten: each halves rows and columns": 387_274,
        "channels forgotten: a filter of the second layer reads all 24 maps": 24_538,
    },
    "not_trained": {
        "all of the batch normalisation: gamma and beta are learned by gradients": 288,
        f"one number a channel: {_MOVING} are kept": 72,
        "none: the moving averages are made without gradients": 0,
        "arrays counted: count the numbers that they hold": 4,
        f"the first layer only: both keep {_MOVING}": 48,
        f"the second layer only: both keep {_MOVING}": 96,
    },
    "values_per_mean": {
        f"pictures only: {_CHANNEL}": 64,
        f"one picture only: {_CHANNEL}": 28 * 28,
        f"all channels together: {_CHANNEL}": 64 * 28 * 28 * 24,
        f"one picture, all channels: {_CHANNEL}": 28 * 28 * 24,
        "after pooling: the normalisation comes before it": 64 * 14 * 14,
        "number of means: over how many values is one of them taken": 24,
    },
    "left": {
        "subtracted: each batch takes a hundredth of what is still there": 0.5,
        "what has gone: the share that is left is asked for": 1 - 0.99**50,
        "one batch: there are fifty, and each leaves 0.99 of the start": 0.99,
        "momentum of 0.9: that of Keras is 0.99": 0.9**50,
        "in per cent: give a share, from 0 to 1": 100 * 0.99**50,
        "multiplied: fifty times the factor 0.99 is its fiftieth power": 50 * 0.99,
    },
    "best": {
        "no smoothing: being surer than the label costs": 1.0,
        f"own part forgotten: {_RIGHT}": 0.8,
        "what the others get: the right class keeps most": 0.04,
        "the smoothing itself: that share is taken away": 0.2,
        "ten classes: there are five": 0.82,
    },
    "smallest": {
        "nothing: with these labels the loss cannot be 0": 0.0,
        "the right class only: the other four have a part in this loss": -math.log(
            0.84
        ),
        "right class only, weighted: the other four have a part in this loss": (
            -0.84 * math.log(0.84)
        ),
        "one other class: there are four of them": -0.84 * math.log(0.84)
        - 0.04 * math.log(0.04),
        f"logarithm to base 10: {_NATURAL}": 0.6615 / math.log(10),
        f"logarithm to base 2: {_NATURAL}": 0.6615 / math.log(2),
        f"own part forgotten: {_RIGHT}": -0.8 * math.log(0.8) - 0.2 * math.log(0.05),
        "mean over the classes: they are added up": 0.6615 / 5,
        "sign lost: the logarithm of a share is negative, the loss is not": -0.6615,
    },
}
"""What predicted numbers are after a mistake; by variable, then by mistake."""

FAULTS: dict[str, dict[str, object]] = {
    "rank_fault": {
        "not the pictures: they have all of their four axes": "A",
        "not the head: ten probabilities for ten classes are right": "C",
        "not the batches: Keras makes a last one that is smaller": "D",
    },
    "binary_fault": {
        "not so quick: it has not been trained at all": "A",
        "not the labels: one-hot rows are what ten probabilities are compared with": (
            "B"
        ),
        "not the softmax: it gives probabilities that add up to 1, as it should": "D",
    },
    "smoothing_fault": {
        "not the place: label smoothing is an argument of the loss": "A",
        "not the size: 0.1 is what most people take": "C",
        "not the logits: with from_logits=True it is not accepted either": "D",
    },
    "random_fault": {
        "not the rate: a half is usual before the last layer": "A",
        "not the weights: they are the same in both calls": "B",
        "not the training: random answers of one and the same net come from a layer"
        " that draws": "D",
    },
}
"""Why the other letters do not name the fault; by variable, then by mistake."""


def normalises(
    fn: Function, inputs: Sequence[tuple[Any, ...]], *, read: str | None = None
) -> None:
    """Check what a batch normalisation in training makes of its input.

    Parameters
    ----------
    fn : the student's function of (x, gamma, beta, moving_mean, moving_variance,
        momentum, epsilon); it returns y and the two new moving averages.
    inputs : arguments of each call; x is (n, height, width, C).
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it does not return three things, or y is wrong.
    """
    __tracebackhide__ = True
    _require_three(fn, inputs[0], read)
    function(
        lambda *a: fn(*a)[0],
        lambda *a: _trained(*a)[0],
        inputs,
        mistakes=training_mistakes(),
        read=read,
    )


def keeps(
    fn: Function, inputs: Sequence[tuple[Any, ...]], *, read: str | None = None
) -> None:
    """Check the moving averages that a batch normalisation in training returns.

    Parameters
    ----------
    fn, inputs, read : as for `normalises`.

    Raises
    ------
    CheckFailed : if it does not return three things, or one of the last two is wrong.
    """
    __tracebackhide__ = True
    _require_three(fn, inputs[0], read)
    function(
        lambda *a: list(fn(*a)[1:]),
        lambda *a: _trained(*a)[1:],
        inputs,
        mistakes=moving_mistakes(),
        read=read,
    )


def _require_three(fn: Function, arguments: tuple[Any, ...], read: str | None) -> None:
    __tracebackhide__ = True
    answer = called(fn, arguments, read=read)
    if isinstance(answer, tuple | list) and len(answer) == 3:
        return
    raise fail(
        "Your function does not return three things.",
        facts={
            "Expected": "y, moving_mean, moving_variance",
            "Yours": describe(answer),
        },
        mistake=_NONE if answer is None else None,
        read=read,
    )


def _trained(
    x: Array, gamma: Array, beta: Array, mean: Array, variance: Array, *how: float
) -> tuple[Array, Array, Array]:
    momentum, epsilon = how
    return regularisation.batch_norm_train(
        x, gamma, beta, mean, variance, momentum=momentum, epsilon=epsilon
    )


def _moments(x: Array, axes: int | tuple[int, ...] = (0, 1, 2)) -> tuple[Array, Array]:
    return x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)


def _scaled(x: Array, moments: tuple[Array, Array], epsilon: float) -> Array:
    mean, variance = moments
    return np.asarray((x - mean) / np.sqrt(variance + epsilon))


def _formula_mistakes(moments: Callable[..., tuple[Array, Array]]) -> Mistakes:
    """Wrong formulas, whatever mean and variance they are given.

    `moments` takes what the function takes; x, gamma and beta come first, epsilon last.
    """

    def made(change: Callable[..., Array]) -> Function:
        def answer(x: Array, gamma: Array, beta: Array, *rest: Any) -> Array:
            found = moments(x, gamma, beta, *rest)
            return change(np.asarray(x, dtype=np.float64), found, gamma, beta, rest[-1])

        return answer

    return {
        "divided by the variance: the root of it is the deviation": made(
            lambda x, m, g, b, e: g * (x - m[0]) / (m[1] + e) + b
        ),
        "epsilon beside the root: add it to the variance, then take the root": made(
            lambda x, m, g, b, e: g * (x - m[0]) / (np.sqrt(m[1]) + e) + b
        ),
        "epsilon forgotten: without it a constant channel is divided by zero": made(
            lambda x, m, g, b, e: g * _scaled(x, m, 0) + b
        ),
        "epsilon of 0.001: use the one that is given": made(
            lambda x, m, g, b, e: g * _scaled(x, m, 1e-3) + b
        ),
        "gamma and beta forgotten: scale and shift come last": made(
            lambda x, m, g, b, e: _scaled(x, m, e)
        ),
        "gamma forgotten: multiply by it before beta is added": made(
            lambda x, m, g, b, e: _scaled(x, m, e) + b
        ),
        "beta forgotten: add it at the end": made(
            lambda x, m, g, b, e: g * _scaled(x, m, e)
        ),
        "gamma and beta swapped: gamma is the factor, beta the shift": made(
            lambda x, m, g, b, e: b * _scaled(x, m, e) + g
        ),
        "beta before gamma: multiply first, then add": made(
            lambda x, m, g, b, e: g * (_scaled(x, m, e) + b)
        ),
        "mean not subtracted: the values lie around 0 afterwards": made(
            lambda x, m, g, b, e: g * x / np.sqrt(m[1] + e) + b
        ),
    }


def training_mistakes() -> Mistakes:
    """Wrong normalisations by the batch: functions of what `normalises` hands over.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in training_mistakes().items()}
    >>> x = np.array([[1.0], [3.0]]).reshape(2, 1, 1, 1)
    >>> wrong["moving averages used"](x, 1, 0, 2, 4, 0.9, 0).ravel()
    array([-0.5,  0.5])
    """

    def over(axes: int | tuple[int, ...]) -> Function:
        return lambda x, g, b, *rest: g * _scaled(x, _moments(x, axes), rest[-1]) + b

    def sampled(x: Array, *_: Any) -> tuple[Array, Array]:
        mean, variance = _moments(x)
        n = x[..., 0].size
        return mean, variance * n / (n - 1)

    def by(moments: Callable[..., tuple[Array, Array]]) -> Function:
        return lambda x, g, b, *rest: (
            g * _scaled(x, moments(x, g, b, *rest), rest[-1]) + b
        )

    return {
        "moving averages used: they are for the net in use; in training it takes the"
        " mean and the variance of the batch": by(lambda x, g, b, m, v, k, e: (m, v)),
        "new moving averages used: in training, take the mean and the variance of the"
        " batch itself": by(lambda *a: _trained(*a)[1:]),
        f"one mean for all channels: {_CHANNEL}": over((0, 1, 2, 3)),
        f"a mean for each place: {_CHANNEL}": over(0),
        f"a mean for each picture: {_CHANNEL}": over((1, 2)),
        f"over the channels: {_CHANNEL}": over(3),
        "n − 1 for n: this variance divides by the number of values": by(sampled),
        **_formula_mistakes(lambda x, *_: _moments(x)),
    }


def moving_mistakes() -> Mistakes:
    """Wrong moving averages: functions of what `keeps` hands over.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in moving_mistakes().items()}
    >>> x = np.array([[1.0], [3.0]]).reshape(2, 1, 1, 1)
    >>> [float(a[0]) for a in wrong["not updated"](x, 1, 0, [2], [4], 0.9, 0)]
    [2.0, 4.0]
    """

    def made(
        mix: Callable[[Array, Array, float], Array],
        new: Callable[[Array], Sequence[Array]] = lambda x: (
            x.mean((0, 1, 2)),
            x.var((0, 1, 2)),
        ),
    ) -> Function:
        def answer(x: Array, g: Array, b: Array, *rest: Any) -> list[Array]:
            *kept, momentum, _ = rest
            pairs = zip(kept, new(np.asarray(x, dtype=np.float64)), strict=True)
            return [mix(np.asarray(old), fresh, momentum) for old, fresh in pairs]

        return answer

    def right(old: Array, fresh: Array, momentum: float) -> Array:
        return np.asarray(momentum * old + (1 - momentum) * fresh)

    def only(number: int) -> Function:
        def answer(*given: Any) -> list[Array]:
            made = list(_trained(*given)[1:])
            made[number] = given[3 + number]
            return made

        return answer

    return {
        "not updated: mix in the mean and the variance of this batch": made(
            lambda old, fresh, k: old
        ),
        "replaced: most of what was kept before stays": made(
            lambda old, fresh, k: fresh
        ),
        "the other way round: momentum is the share of what was kept before": made(
            lambda old, fresh, k: (1 - k) * old + k * fresh
        ),
        "only added: what was kept before is multiplied by the momentum": made(
            lambda old, fresh, k: old + (1 - k) * fresh
        ),
        "not weighted: this batch counts by 1 − momentum": made(
            lambda old, fresh, k: k * old + fresh
        ),
        "momentum of 0.99: use the one that is given": made(
            lambda old, fresh, k: 0.99 * old + 0.01 * fresh
        ),
        "deviation kept: it is the variance that is averaged": made(
            right, lambda x: (x.mean((0, 1, 2)), x.std((0, 1, 2)))
        ),
        "n − 1 for n: this variance divides by the number of values": made(
            right, lambda x: (x.mean((0, 1, 2)), x.var((0, 1, 2), ddof=1))
        ),
        "statistics of what comes out: average those of the input": made(
            right, lambda x: (0 * x[0, 0, 0], 0 * x[0, 0, 0] + 1)
        ),
        "variance not updated: both are kept": only(1),
        "mean not updated: both are kept": only(0),
        "mean and variance swapped: the mean comes first": lambda *a: _trained(*a)[
            :0:-1
        ],
    }


def use_mistakes() -> Mistakes:
    """Wrong batch normalisations in use, of (x, gamma, beta, mean, variance, epsilon).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in use_mistakes().items()}
    >>> x = np.array([[1.0], [3.0]]).reshape(2, 1, 1, 1)
    >>> wrong["mean and variance swapped"](x, 1, 0, 4, 2, 0).ravel()
    array([-0.5,  0.5])
    """
    return {
        "statistics of the batch: in use the moving averages take their place, and a"
        " picture does not depend on the others": lambda x, g, b, m, v, e: (
            g * _scaled(x, _moments(x), e) + b
        ),
        "mean of the batch: subtract the moving mean": lambda x, g, b, m, v, e: (
            g * _scaled(x, (_moments(x)[0], v), e) + b
        ),
        "variance of the batch: divide by the root of the moving variance": (
            lambda x, g, b, m, v, e: g * _scaled(x, (m, _moments(x)[1]), e) + b
        ),
        "mean and variance swapped: the mean is subtracted": lambda x, g, b, m, v, e: (
            g * _scaled(x, (v, m), e) + b
        ),
        "nothing done: in use, too, the values are normalised": (
            lambda x, g, b, m, v, e: x
        ),
        "gamma and beta only: normalise first": lambda x, g, b, m, v, e: g * x + b,
        **_formula_mistakes(lambda x, g, b, m, v, e: (m, v)),
    }


def dropout_mistakes() -> Mistakes:
    """Wrong dropouts: functions of (x, rate, draws, training).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in dropout_mistakes().items()}
    >>> x, draws = np.array([1.0, 2.0]), np.array([0.1, 0.9])
    >>> wrong["not divided"](x, 0.5, draws, True)
    array([0., 2.])
    """

    def made(
        trained: Callable[[Array, float, Array], Array],
        used: Callable[[Array, float, Array], Array] = lambda x, r, d: x,
    ) -> Function:
        def answer(x: Array, rate: float, draws: Array, training: bool) -> Array:
            return np.asarray((trained if training else used)(x, rate, draws))

        return answer

    def right(x: Array, rate: float, draws: Array) -> Array:
        return np.asarray(x * (draws >= rate) / (1 - rate))

    def dropped(x: Array, rate: float, draws: Array) -> Array:
        return np.asarray(x * (draws >= rate))

    return {
        "not divided: what is left is divided by the share that stays, or the layers"
        " behind meet larger values in use": made(dropped),
        "scaled in use: the division in training has seen to that already": made(
            dropped, lambda x, r, d: x * (1 - r)
        ),
        "scaled twice: nothing happens in use": made(
            right, lambda x, r, d: x * (1 - r)
        ),
        "divided by the rate: divide by the share that stays, 1 − rate": made(
            lambda x, r, d: dropped(x, r, d) / r
        ),
        "multiplied: divide by the share that stays": made(
            lambda x, r, d: dropped(x, r, d) * (1 - r)
        ),
        "rate taken for the share that stays: it is the share that is dropped": made(
            lambda x, r, d: x * (d < r) / r
        ),
        "the others dropped: a value goes where its draw is below the rate": made(
            lambda x, r, d: x * (d < r) / (1 - r)
        ),
        "in use as in training: in use nothing is dropped": made(right, right),
        "never dropped: in training, values are": made(lambda x, r, d: x),
        "modes swapped: it is in training that values are dropped": made(
            lambda x, r, d: x, right
        ),
        "one draw for all: each value has its own": made(
            lambda x, r, d: x * (d.flat[0] >= r) / (1 - r)
        ),
        "a threshold of a half: compare the draws with the rate": made(
            lambda x, r, d: x * (d >= 0.5) / (1 - r)
        ),
        "the mask instead of the values: multiply them by it": made(
            lambda x, r, d: (d >= r) / (1 - r)
        ),
    }


def smoothing_mistakes() -> Mistakes:
    """Wrong smoothed labels: functions of (labels, classes, smoothing).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in smoothing_mistakes().items()}
    >>> wrong["not smoothed"](np.array([1]), 3, 0.3)
    array([[0., 1., 0.]])
    """

    def rows(y: Array, classes: int) -> Array:
        return np.asarray(np.eye(classes)[y])

    def made(right: Function, other: Function) -> Function:
        def answer(y: Array, k: int, s: float) -> Array:
            hot = rows(y, k)
            return np.asarray(hot * right(k, s) + (1 - hot) * other(k, s))

        return answer

    return {
        "not smoothed: take a share of the certainty and spread it": made(
            lambda k, s: 1, lambda k, s: 0
        ),
        f"own part forgotten: {_RIGHT}": made(lambda k, s: 1 - s, lambda k, s: s / k),
        "spread over the others only: it is spread over all classes, the right one"
        " among them": made(lambda k, s: 1 - s, lambda k, s: s / (k - 1)),
        "not spread: what is taken from the right class goes to all": made(
            lambda k, s: 1 - s, lambda k, s: 0
        ),
        "not divided: each class gets the share divided by their number": made(
            lambda k, s: 1, lambda k, s: s
        ),
        "nothing taken: the right class gives away what is spread": made(
            lambda k, s: 1 + s / k, lambda k, s: s / k
        ),
        "shares exchanged: the smoothing is what is taken away": made(
            lambda k, s: s + (1 - s) / k, lambda k, s: (1 - s) / k
        ),
        "divided by the others: there are as many parts as classes": made(
            lambda k, s: 1 - s + s / (k - 1), lambda k, s: s / (k - 1)
        ),
        "transposed: a row for each picture, a column for each class": lambda y, k, s: (
            (rows(y, k) * (1 - s) + s / k).T
        ),
    }


def row_entropy(t: ArrayLike, logits: ArrayLike) -> float:
    """Mean over the pictures of −Σ t ln p, for labels that are rows of probabilities.

    Parameters
    ----------
    t : floats, (n, classes), each row adds up to 1.
    logits : floats, (n, classes).

    Examples
    --------
    >>> round(row_entropy([[0.5, 0.5], [1, 0]], np.zeros((2, 2))), 4)
    0.6931
    """
    z = np.asarray(logits, dtype=np.float64)
    z = z - z.max(axis=1, keepdims=True)
    logs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return float(-(np.asarray(t) * logs).sum(axis=1).mean())


def entropy_mistakes() -> Mistakes:
    """Wrong cross-entropies of rows: functions of (t, logits).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in entropy_mistakes().items()}
    >>> round(float(wrong["sum"](np.eye(2), np.zeros((2, 2)))), 4)
    1.3863
    """

    def shares(z: Array, axis: int | None = 1) -> Array:
        powers = np.exp(z)
        return np.asarray(powers / powers.sum(axis=axis, keepdims=True))

    def surest(t: Array) -> Array:
        return np.asarray(np.eye(t.shape[1])[t.argmax(axis=1)])

    def binary(t: Array, z: Array) -> float:
        p = shares(z)
        return float(-(t * np.log(p) + (1 - t) * np.log(1 - p)).mean())

    return {
        "sum: give the mean over the pictures": lambda t, z: len(z) * row_entropy(t, z),
        "mean over the classes, too: they are added up": lambda t, z: (
            row_entropy(t, z) / z.shape[1]
        ),
        "sign lost: the logarithm of a probability is negative, the loss is not": (
            lambda t, z: -row_entropy(t, z)
        ),
        f"logarithm to base 2: {_NATURAL}": lambda t, z: (
            row_entropy(t, z) / math.log(2)
        ),
        f"logarithm to base 10: {_NATURAL}": lambda t, z: (
            row_entropy(t, z) / math.log(10)
        ),
        "right class only: a smoothed label has a part in every class": (
            lambda t, z: row_entropy(surest(t), z)
        ),
        "arguments swapped: the logarithm is that of the net's probabilities": (
            lambda t, z: -(shares(z) * np.log(t)).sum(axis=1).mean()
        ),
        "no softmax: logits are no probabilities yet": lambda t, z: (
            -(t * z).sum(axis=1).mean()
        ),
        "softmax over the wrong axis: the probabilities of one picture add up to 1": (
            lambda t, z: -(t * np.log(shares(z, 0))).sum(axis=1).mean()
        ),
        "one sum for all pictures: the probabilities of each add up to 1": (
            lambda t, z: -(t * np.log(shares(z, None))).sum(axis=1).mean()
        ),
        "binary cross-entropy: it asks of every class by itself": binary,
        "squared distance: the cross-entropy is −Σ t ln p": lambda t, z: (
            ((t - shares(z)) ** 2).sum(axis=1).mean()
        ),
        "no logarithm: the cross-entropy is −Σ t ln p": lambda t, z: (
            -(t * shares(z)).sum(axis=1).mean()
        ),
    }


def penalty_mistakes() -> Mistakes:
    """Wrong losses with an L2 penalty: functions of (loss, weights, factor).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in penalty_mistakes().items()}
    >>> float(wrong["biases charged"](1.0, [np.ones((2, 2)), np.ones(2)], 0.5))
    4.0
    """

    def made(
        price: Callable[[Array], Any], axes: Sequence[int] = (2, 3, 4)
    ) -> Callable[[float, list[Array], float], float]:
        def answer(loss: float, weights: list[Array], factor: float) -> float:
            charged = [np.asarray(w) for w in weights if np.ndim(w) in axes]
            return float(loss + factor * sum(price(w) for w in charged))

        return answer

    def squares(w: Array) -> Any:
        return (w**2).sum()

    right = made(squares)
    return {
        "a half too many: Keras has no ½ in its penalty": made(
            lambda w: squares(w) / 2
        ),
        "mean for sum: the squares are added up": made(lambda w: (w**2).mean()),
        "not squared: that is L1; L2 charges the squares": made(
            lambda w: np.abs(w).sum()
        ),
        "weights added as they are: square them first": made(lambda w: w.sum()),
        "squared too late: square each weight, then add": made(lambda w: w.sum() ** 2),
        "length for its square: L2 charges the sum of the squares itself": made(
            lambda w: np.sqrt(squares(w))
        ),
        "biases charged: of a layer with an L2 penalty the kernel pays alone": made(
            squares, (1, 2, 3, 4)
        ),
        "filters left out: a kernel has two axes or more": made(squares, (2,)),
        "dense layers left out: a kernel has two axes or more": made(squares, (4,)),
        "only the biases charged: it is the kernels that pay": made(squares, (1,)),
        "penalty alone: add it to the loss": lambda a, w, f: right(0, w, f),
        "loss alone: add the penalty to it": lambda a, w, f: a,
        "subtracted: a penalty makes the loss larger": lambda a, w, f: right(a, w, -f),
        "factor squared: it is multiplied once": lambda a, w, f: right(a, w, f * f),
        "factor forgotten: it says how much a square costs": lambda a, w, f: right(
            a, w, 1
        ),
        "last kernel only: add up those of all layers": lambda a, w, f: right(
            a, [k for k in w if np.ndim(k) > 1][-1:], f
        ),
    }


_NONE = Mistake(
    "returned None",
    "A function without `return` gives None; printing a result does not return it.",
    lambda _: True,
)
