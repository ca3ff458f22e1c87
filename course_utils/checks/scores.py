"""Mistakes of the assignment on LeNet that show in numbers: losses, shares, rates.

They are what the argument ``mistakes`` of the checks takes: by ``"name: hint"``, the
answer that the mistake gives or a function with the mistake in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
Mistakes = dict[str, Callable[..., object]]

_NATURAL = "Keras takes the natural logarithm, np.log"
_SIGN = "sign lost: the logarithm of a probability is negative, the loss is not"

NUMBER_MISTAKES: dict[str, dict[str, object]] = {
    "ten": {
        f"logarithm to base 10: {_NATURAL}": 1.0,
        f"logarithm to base 2: {_NATURAL}": math.log2(10),
        _SIGN: -math.log(10),
        "a probability: the loss is −ln of it": 0.1,
        "nothing is zero: the loss is 0 only if the right class gets all": 0.0,
        "share of mistakes: the loss is −ln of a probability": 0.9,
        "unscaled pixels: losses like this come from a mistake": 190.0,
    },
    "hundred": {
        f"logarithm to base 10: {_NATURAL}": 2.0,
        f"logarithm to base 2: {_NATURAL}": math.log2(100),
        _SIGN: -math.log(100),
        "as with ten classes: each of a hundred gets less": math.log(10),
        "ten times as much: the logarithm grows slowly": 10 * math.log(10),
        "a probability: the loss is −ln of it": 0.01,
    },
    "sure": {
        f"logarithm to base 10: {_NATURAL}": -math.log10(0.8),
        f"logarithm to base 2: {_NATURAL}": -math.log2(0.8),
        _SIGN: math.log(0.8),
        "share of mistakes: the loss is −ln of the probability": 0.2,
        "a probability: the loss is −ln of it": 0.8,
        "of the wrong classes: the loss looks at the right one alone": -math.log(0.2),
    },
    "compared": {
        "one comparison each: (n,) beside (n, 1) is stretched to a table": (1000,),
        "a column: (n,) beside (n, 1) is stretched to a table": (1000, 1),
        "a row: (n,) beside (n, 1) is stretched to a table": (1, 1000),
        "ten classes: the table compares labels with labels": (1000, 10),
    },
    "says": {
        "what the net can do: the table compares every prediction with every label": (
            0.62
        ),
        "nothing at all: one label in ten is the same by chance": 0.0,
        "one in a thousand: each label is one of ten": 0.001,
        "everything: one label in ten is the same by chance": 1.0,
    },
}
"""What predicted numbers are after a mistake; by variable, then by mistake."""

FAULTS: dict[str, dict[str, object]] = {
    "first_rate": {
        "too careful: the loss does not fall there, and will not in a training": "A",
        "the lowest point: there the steps are about to become too large, and a"
        " training is longer than this test": "C",
        "too high: the loss has come back up, and the net knows nothing any more": "D",
    },
}
"""Why the other letters are wrong; by variable, then by mistake."""


def cross_entropy(logits: ArrayLike, labels: ArrayLike) -> float:
    """Mean of −ln p, where p is the probability of the right class.

    Parameters
    ----------
    logits : floats, (n, classes).
    labels : integers, (n,).

    Examples
    --------
    >>> round(cross_entropy(np.zeros((4, 10)), [3, 1, 4, 1]), 4)
    2.3026
    """
    shifted = np.asarray(logits, dtype=np.float64)
    return float(_losses(shifted, np.asarray(labels)).mean())


def _losses(logits: Array, labels: Array) -> Array:
    shifted = logits - logits.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return np.asarray(-logs[np.arange(len(labels)), labels])


def cross_entropy_mistakes() -> Mistakes:
    """Wrong cross-entropies, as functions of (logits, labels).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in cross_entropy_mistakes().items()}
    >>> round(float(wrong["sum"](np.zeros((2, 10)), np.array([3, 1]))), 4)
    4.6052
    """

    def softmax(logits: Array, axis: int | None = 1) -> Array:
        powers = np.exp(logits)
        return np.asarray(powers / powers.sum(axis=axis, keepdims=True))

    def of(shares: Array, labels: Array) -> Array:
        return np.asarray(shares[np.arange(len(labels)), labels])

    return {
        "sum: give the mean over the pictures": lambda z, y: _losses(z, y).sum(),
        "not averaged: give the mean over the pictures": _losses,
        "mean over the classes, too: only the right class counts": lambda z, y: (
            cross_entropy(z, y) / z.shape[1]
        ),
        _SIGN: lambda z, y: -cross_entropy(z, y),
        f"logarithm to base 2: {_NATURAL}": lambda z, y: (
            cross_entropy(z, y) / math.log(2)
        ),
        f"logarithm to base 10: {_NATURAL}": lambda z, y: (
            cross_entropy(z, y) / math.log(10)
        ),
        "probability: take −ln of it": lambda z, y: of(softmax(z), y).mean(),
        "mean too early: take the logarithm of each picture's probability, then the"
        " mean": lambda z, y: -np.log(of(softmax(z), y).mean()),
        "softmax over the wrong axis: the probabilities of one picture add up to 1": (
            lambda z, y: -np.log(of(softmax(z, 0), y)).mean()
        ),
        "one sum for all pictures: the probabilities of each add up to 1": (
            lambda z, y: -np.log(of(softmax(z, None), y)).mean()
        ),
        "no softmax: logits are no probabilities yet": lambda z, y: -of(z, y).mean(),
        "surest class: the loss looks at the right class, not at the largest": (
            lambda z, y: cross_entropy(z, z.argmax(axis=1))
        ),
        "overflow: e to the power of 1000 is infinite; subtract the largest logit of"
        " each picture first": lambda z, y: np.nan,
    }


def share_mistakes() -> Mistakes:
    """Wrong shares of right answers, as functions of (y_true, y_pred).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in share_mistakes().items()}
    >>> column = np.array([[0], [1], [2], [3]])
    >>> float(wrong["everything with everything"](column, np.array([0, 1, 2, 3])))
    0.25
    """

    def right(y_true: Array, y_pred: Array) -> Array:
        return np.asarray(np.reshape(y_true, -1) == np.reshape(y_pred, -1))

    return {
        "everything with everything: (n, 1) beside (n,) makes a table of n×n; flatten"
        " the labels first": lambda t, p: np.mean(np.asarray(t) == np.asarray(p)),
        "a count: divide by the number of pictures": lambda t, p: right(t, p).sum(),
        "per cent: give a share from 0 to 1": lambda t, p: 100 * right(t, p).mean(),
        "share of mistakes: count what is right": lambda t, p: 1 - right(t, p).mean(),
        "one label for all: compare each prediction with its own label": lambda t, p: (
            np.mean(np.reshape(p, -1) == np.reshape(t, -1)[0])
        ),
        "all or nothing: give the share of pictures that are right": lambda t, p: float(
            right(t, p).all()
        ),
        "rounded: give the share as it is": lambda t, p: np.rint(right(t, p).mean()),
    }


def steepest(rates: ArrayLike, losses: ArrayLike) -> float:
    """Learning rate at which the loss of a range test falls fastest.

    Parameters
    ----------
    rates : positive floats that grow, (n,).
    losses : floats, (n,).

    Returns
    -------
    The middle, on a logarithmic axis, of the step with the most negative slope.

    Examples
    --------
    >>> round(steepest([1e-4, 1e-3, 1e-2, 1e-1], [2.3, 2.2, 1.7, 1.6]), 5)
    0.00316
    """
    x, y = np.log(np.asarray(rates, dtype=np.float64)), np.asarray(losses)
    i = int(np.argmin(np.diff(y) / np.diff(x)))
    return float(np.exp((x[i] + x[i + 1]) / 2))


def steepest_mistakes() -> Mistakes:
    """Wrong ways to find where the loss falls fastest, of (rates, losses).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in steepest_mistakes().items()}
    >>> float(wrong["lowest point"](np.array([0.1, 0.2, 0.3]), np.array([3, 1, 2])))
    0.2
    """

    def step(rates: Array, slopes: Array) -> tuple[float, float]:
        i = int(np.argmin(slopes))
        return float(rates[i]), float(rates[i + 1])

    def slopes(rates: Array, losses: Array) -> Array:
        return np.asarray(np.diff(losses) / np.diff(np.log(rates)))

    def middle(pair: tuple[float, float]) -> float:
        return math.sqrt(pair[0] * pair[1])

    return {
        "lowest point: look for the steepest fall, not for where it ends": (
            lambda r, v: r[np.argmin(v)]
        ),
        "slope over the rate itself: take the logarithm of the rates first, or the"
        " smallest rates win": lambda r, v: middle(
            step(r, np.diff(v) / np.diff(r)),
        ),
        "steepest rise: where the loss falls its slope is negative": lambda r, v: (
            middle(step(r, -slopes(r, v)))
        ),
        "flattest place: the sign of the slope matters": lambda r, v: middle(
            step(r, np.abs(slopes(r, v)))
        ),
        "steps of different width: divide each fall by the width of its step on the"
        " logarithmic axis": lambda r, v: middle(step(r, np.diff(v))),
        "left end: give the middle of the step": lambda r, v: step(r, slopes(r, v))[0],
        "right end: give the middle of the step": lambda r, v: step(r, slopes(r, v))[1],
        "arithmetic mean: the middle on a logarithmic axis is √(a·b)": lambda r, v: (
            sum(step(r, slopes(r, v))) / 2
        ),
        "number of the step: give the rate there": lambda r, v: float(
            np.argmin(slopes(r, v))
        ),
        "logarithm of the rate: go back with np.exp": lambda r, v: math.log(
            middle(step(r, slopes(r, v)))
        ),
    }
