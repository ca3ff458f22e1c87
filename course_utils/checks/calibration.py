"""Mistakes in temperatures and in calibration errors.

They belong to the assignment on Fashion-MNIST and are what the argument ``mistakes`` of
the checks takes: by ``"name: hint"``, a function with the mistake in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

Array = NDArray[Any]
Mistakes = dict[str, Callable[..., object]]


def temperature_mistakes() -> Mistakes:
    """Wrong probabilities from logits and a temperature: functions of those two.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in temperature_mistakes().items()}
    >>> wrong["temperature ignored"](np.zeros((1, 2)), 3.0)
    array([[0.5, 0.5]])
    """
    return {
        "temperature ignored: divide the logits by it; if it is subtracted, a softmax"
        " does not notice": lambda z, t: softmax(z, axis=1),
        "multiplied: above 1 it makes a net less sure, so divide": lambda z, t: softmax(
            z * t, axis=1
        ),
        "probabilities divided: divide the logits, then take the softmax": (
            lambda z, t: softmax(z, axis=1) / t
        ),
        "softmax twice: the logits are divided before the only one": lambda z, t: (
            softmax(softmax(z, axis=1) / t, axis=1)
        ),
        "softmax over the wrong axis: the probabilities of one picture add up to 1": (
            lambda z, t: softmax(z / t, axis=0)
        ),
        "one sum for all pictures: the probabilities of each add up to 1": (
            lambda z, t: softmax(z / t)
        ),
        "no softmax: these are logits still": lambda z, t: z / t,
        "logarithms: give the probabilities themselves": lambda z, t: np.log(
            softmax(z / t, axis=1)
        ),
        "not divided by their sum: probabilities add up to 1": lambda z, t: np.exp(
            z / t
        ),
        "confidence only: give the probabilities of all classes": lambda z, t: softmax(
            z / t, axis=1
        ).max(axis=1),
    }


class _Bins:
    """Pictures by confidence: the share in each bin, mean confidence and accuracy."""

    def __init__(self, confidence: Array, right: Array, bins: int, last: bool) -> None:
        number = np.ceil(confidence * bins).astype(int) - 1
        if not last:  # a confidence of 1 falls out of bins that end below their border
            number = np.floor(confidence * bins).astype(int)
        members = [number == i for i in range(bins)]
        members = [one for one in members if one.any()]
        self.shares = np.array([one.mean() for one in members])
        self.confidence = np.array([confidence[one].mean() for one in members])
        self.accuracy = np.array([right[one].mean() for one in members])
        self.centres = np.array([(number[one][0] + 0.5) / bins for one in members])
        self.gaps = np.abs(self.confidence - self.accuracy)
        self.bins = bins


def ece_mistakes() -> Mistakes:
    """Wrong calibration errors: functions of (probabilities, labels, bins).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in ece_mistakes().items()}
    >>> p = np.array([[0.7, 0.3], [0.9, 0.1]])
    >>> round(float(wrong["one bin"](p, np.array([0, 1]), 10)), 4)
    0.3
    """

    def made(
        told: Callable[[_Bins], Any],
        *,
        confidence: Callable[[Array, Array], Array] = lambda p, y: p.max(axis=1),
        last: bool = True,
    ) -> Callable[[Array, Array, int], float]:
        def answer(p: Array, y: Array, bins: int) -> float:
            right = p.argmax(axis=1) == y
            return float(told(_Bins(confidence(p, y), right, bins, last)))

        return answer

    def weighted(b: _Bins) -> Any:
        return b.shares @ b.gaps

    right = made(weighted)
    return {
        "not weighted: a bin counts by its share of the pictures": made(
            lambda b: b.gaps.mean()
        ),
        "divided by the number of bins: a bin counts by its share of the pictures": (
            made(lambda b: b.gaps.sum() / b.bins)
        ),
        "added up: a bin counts by its share of the pictures": made(
            lambda b: b.gaps.sum()
        ),
        "weighted and divided: the shares add up to 1 already": made(
            lambda b: weighted(b) / b.bins
        ),
        "largest gap: the expected error is their weighted mean": made(
            lambda b: b.gaps.max()
        ),
        "signs kept: gaps of opposite signs cancel; take the size of each": made(
            lambda b: b.shares @ (b.confidence - b.accuracy)
        ),
        "signs kept: accuracy − confidence may be negative; take the size of each": (
            made(lambda b: b.shares @ (b.accuracy - b.confidence))
        ),
        "squared: the gaps are averaged as they are": made(
            lambda b: b.shares @ b.gaps**2
        ),
        "centres of the bins: compare the mean confidence in the bin": made(
            lambda b: b.shares @ np.abs(b.centres - b.accuracy)
        ),
        "a confidence of 1 lost: the last bin includes its upper border": made(
            weighted, last=False
        ),
        "probability of the true class: the confidence is that of the answer": made(
            weighted, confidence=lambda p, y: p[np.arange(len(y)), y]
        ),
        "one bin: sort the pictures into bins by their confidence": lambda p, y, n: (
            right(p, y, 1)
        ),
        "ten bins: use the number that is given": lambda p, y, n: right(p, y, 10),
        "per cent: give a share from 0 to 1": lambda p, y, n: 100 * right(p, y, n),
        "share of mistakes: compare confidence and accuracy": lambda p, y, n: float(
            np.mean(p.argmax(axis=1) != y)
        ),
    }
