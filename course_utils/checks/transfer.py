"""References and mistakes of the questions on chapter 8: pairs, ensembles, scales.

The mistakes are what the argument ``mistakes`` of the checks takes: by ``"name:
hint"``, the answer that the mistake gives or a function with the mistake in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
Mistakes = dict[str, Callable[..., object]]

IMAGENET_MEANS = np.array([103.939, 116.779, 123.68])  # blue, green, red

USELESS: dict[str, object] = {
    "these differ most: networks from scratch end at different places, so one may be"
    " right where another is wrong": "A",
    "these differ: all weights learned, each time with other noise": "B",
    "these differ: what each member saw was drawn anew": "D",
}
"""Why the other letters do not name the five that are one, five times."""


def paired(a: ArrayLike, b: ArrayLike) -> tuple[float, float]:
    """Mean of the paired differences a − b, and its standard error.

    Examples
    --------
    >>> mean, error = paired([3.0, 5.0], [1.0, 1.0])
    >>> mean, round(error, 6)
    (3.0, 1.0)
    """
    pairs = np.subtract(a, b)
    return float(pairs.mean()), float(pairs.std(ddof=1) / np.sqrt(len(pairs)))


def paired_mistakes() -> Mistakes:
    """Wrong means and errors, as functions of two lists.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in paired_mistakes().items()}
    >>> wrong["the other way round"]([3.0, 5.0], [1.0, 1.0])
    (-3.0, 1.0)
    """

    def made(error: Callable[[Array], Any]) -> Callable[..., tuple[Any, Any]]:
        return lambda a, b: (np.mean(np.subtract(a, b)), error(np.subtract(a, b)))

    def unpaired(a: ArrayLike, b: ArrayLike) -> tuple[float, float]:
        both = np.var(np.asarray(a), ddof=1) + np.var(np.asarray(b), ddof=1)
        return paired(a, b)[0], float(np.sqrt(both / np.size(a)))

    def median(a: ArrayLike, b: ArrayLike) -> tuple[float, float]:
        return float(np.median(np.subtract(a, b))), paired(a, b)[1]

    return {
        "the other way round: subtract b from a": lambda a, b: paired(b, a),
        "standard deviation: divide it by the root of the number of pairs": made(
            lambda d: d.std(ddof=1)
        ),
        "divided by n: the spread of a deviation from few pairs is taken with n − 1,"
        " `ddof=1`": made(lambda d: d.std() / np.sqrt(len(d))),
        "neither ddof nor root: take `ddof=1`, then divide by the root of the number"
        " of pairs": made(lambda d: d.std()),
        "divided by n, not by its root: a mean of four pairs is twice as sure as one,"
        " not four times": made(lambda d: d.std(ddof=1) / len(d)),
        "variance: its root is the standard deviation": made(
            lambda d: d.var(ddof=1) / len(d)
        ),
        "not paired: subtract seed by seed first, then take the spread of the"
        " differences": unpaired,
        "two standard errors: give one": made(
            lambda d: 2 * d.std(ddof=1) / np.sqrt(len(d))
        ),
        "sizes of the differences: a pair may speak for b": lambda a, b: paired(
            np.abs(np.subtract(a, b)), np.zeros(np.size(a))
        ),
        "exchanged: the mean comes first": lambda a, b: paired(a, b)[::-1],
        "median: the standard error belongs to the mean": median,
        "points: leave shares as they are": lambda a, b: tuple(
            100 * one for one in paired(a, b)
        ),
    }


def ensemble(probabilities: Array) -> Array:
    """Classes that the mean of the members' probabilities names.

    Parameters
    ----------
    probabilities : (members, n, classes).

    Examples
    --------
    >>> ensemble(np.array([[[0.6, 0.4]], [[0.1, 0.9]]]))
    array([1])
    """
    return np.asarray(probabilities.mean(axis=0).argmax(axis=-1))


def ensemble_mistakes() -> Mistakes:
    """Wrong answers of an ensemble, as functions of (members, n, classes).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in ensemble_mistakes().items()}
    >>> wrong["first member"](np.array([[[0.6, 0.4]], [[0.1, 0.9]]]))
    array([0])
    """

    def votes(p: Array) -> Array:
        counts = np.eye(p.shape[-1])[p.argmax(axis=-1)].sum(axis=0)
        return np.asarray(counts.argmax(axis=-1))

    return {
        "a vote: a member that is sure weighs more than one that is not; average the"
        " probabilities, then take the largest": votes,
        "multiplied: this is the mean of the logarithms; average the probabilities"
        " themselves": lambda p: np.log(p).mean(axis=0).argmax(axis=-1),
        "the surest member: all members count alike": lambda p: p.max(axis=0).argmax(
            axis=-1
        ),
        "median: take the mean": lambda p: np.median(p, axis=0).argmax(axis=-1),
        "mean of the classes' numbers: between 0 and 2 lies 1, which nobody named": (
            lambda p: p.argmax(axis=-1).mean(axis=0).round()
        ),
        "first member: average over all": lambda p: p[0].argmax(axis=-1),
        "last member: average over all": lambda p: p[-1].argmax(axis=-1),
        "least likely: `argmax` finds the largest": lambda p: p.mean(axis=0).argmin(
            axis=-1
        ),
        "probabilities: give the number of the class": lambda p: p.mean(axis=0),
        "every member's own answer: average before you take the largest": (
            lambda p: p.argmax(axis=-1)
        ),
        "largest over the pictures: each picture has its class, so the last axis": (
            lambda p: p.mean(axis=0).argmax(axis=0)
        ),
        "mean over the pictures: members stand on the first axis": lambda p: p.mean(
            axis=1
        ).argmax(axis=-1),
    }


def gain(probabilities: Array, y: Array) -> float:
    """Accuracy of the ensemble minus the mean accuracy of its members.

    Examples
    --------
    >>> gain(np.array([[[0.6, 0.4]], [[0.1, 0.9]]]), np.array([1]))
    0.5
    """
    alone = np.mean(probabilities.argmax(axis=-1) == y)
    return float(np.mean(ensemble(probabilities) == y) - alone)


def gain_mistakes() -> Mistakes:
    """Wrong gains, as functions of (members, n, classes) and labels.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in gain_mistakes().items()}
    >>> wrong["the other way round"](np.array([[[0.6, 0.4]], [[0.1, 0.9]]]), [1])
    -0.5
    """

    def together(p: Array, y: Array) -> Any:
        return np.mean(ensemble(p) == y)

    def each(p: Array, y: Array) -> Array:
        return np.asarray((p.argmax(axis=-1) == y).mean(axis=1))

    def votes(p: Array) -> Any:
        return np.eye(p.shape[-1])[p.argmax(axis=-1)].sum(axis=0).argmax(axis=-1)

    return {
        "the other way round: ensemble minus mean member": lambda p, y: -gain(p, y),
        "against the best member: nobody knows beforehand which it is; compare with"
        " the mean": lambda p, y: together(p, y) - each(p, y).max(),
        "against the worst member: compare with the mean": lambda p, y: (
            together(p, y) - each(p, y).min()
        ),
        "against the first member: compare with the mean": lambda p, y: (
            together(p, y) - each(p, y)[0]
        ),
        "the ensemble alone: subtract the mean accuracy of its members": together,
        "the members alone: subtract it from the accuracy of the ensemble": (
            lambda p, y: each(p, y).mean()
        ),
        "a vote: the ensemble averages probabilities": lambda p, y: (
            np.mean(votes(p) == y) - each(p, y).mean()
        ),
        "points: give a share, 0.02 for two points": lambda p, y: 100 * gain(p, y),
        "a ratio: subtract": lambda p, y: together(p, y) / each(p, y).mean(),
        "pictures counted: divide by their number": lambda p, y: gain(p, y) * len(y),
        "size only: an ensemble may lose": lambda p, y: abs(gain(p, y)),
    }


def for_mobilenet(pictures: Array) -> Array:
    """Pixels from 0 to 1 as MobileNetV2 wants them, from −1 to 1.

    Examples
    --------
    >>> for_mobilenet(np.array([0.0, 0.5, 1.0]))
    array([-1.,  0.,  1.])
    """
    return np.asarray(2 * pictures - 1)


def mobilenet_mistakes() -> Mistakes:
    """Wrong scales, as functions of pictures from 0 to 1.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in mobilenet_mistakes().items()}
    >>> wrong["half of the range"](np.array([0.0, 1.0]))
    array([-0.5,  0.5])
    """
    return {
        "as they were: 0 has to become −1": lambda x: x,
        "from 0 to 255: this is what other weights want": lambda x: 255 * x,
        "meant for bytes: these pixels go up to 1, not to 255; divide by 0.5, not by"
        " 127.5": lambda x: x / 127.5 - 1,
        "half of the range: from −0.5 to 0.5; multiply by 2": lambda x: x - 0.5,
        "moved only: from −1 to 0; multiply by 2 first": lambda x: x - 1,
        "multiplied only: from 0 to 2; subtract 1": lambda x: 2 * x,
        "upside down: black becomes −1": lambda x: 1 - 2 * x,
        "blue, green, red: these weights want the colours in the usual order": (
            lambda x: 2 * x[..., ::-1] - 1
        ),
        "by their own mean: what comes out must not depend on the other pictures": (
            lambda x: (x - x.mean()) / x.std()
        ),
        "stretched: not every picture has black and white in it; use 0 and 1": (
            lambda x: 2 * (x - x.min()) / (x.max() - x.min()) - 1
        ),
    }


def for_vgg(pictures: Array) -> Array:
    """Pixels from 0 to 1 as VGG16 wants them: of 255, blue first, less the means.

    Examples
    --------
    >>> for_vgg(np.array([[1.0, 0.0, 0.0]])).round(3)
    array([[-103.939, -116.779,  131.32 ]])
    """
    return np.asarray(255 * pictures[..., ::-1] - IMAGENET_MEANS)


def vgg_mistakes() -> Mistakes:
    """Wrong preparations, as functions of pictures from 0 to 1.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in vgg_mistakes().items()}
    >>> wrong["means forgotten"](np.array([[1.0, 0.0, 0.0]]))
    array([[  0.,   0., 255.]])
    """
    m = IMAGENET_MEANS
    return {
        "red, green, blue: turn the last axis round, and let each mean meet its own"
        " colour": lambda x: 255 * x - m,
        "red first: the right means, but turn the last axis round": lambda x: (
            255 * x - m[::-1]
        ),
        "means in the other order: the first belongs to blue": lambda x: (
            255 * x[..., ::-1] - m[::-1]
        ),
        "means forgotten: subtract them": lambda x: 255 * x[..., ::-1],
        "from 0 to 1: the means are those of pixels up to 255": lambda x: (
            x[..., ::-1] - m
        ),
        "scaled back: leave the pixels as large as 255": lambda x: (
            x[..., ::-1] - m / 255
        ),
        "means added: subtract them": lambda x: 255 * x[..., ::-1] + m,
        "one mean for all: each colour has its own": lambda x: (
            255 * x[..., ::-1] - m.mean()
        ),
        "their own means: take those of the pictures that the weights were trained"
        " on": lambda x: 255 * (x[..., ::-1] - x[..., ::-1].mean(axis=(0, 1, 2))),
        "as for MobileNetV2: every family has its own scale": lambda x: 2 * x - 1,
        "mirrored: turn the colours round, the last axis, not the columns": lambda x: (
            255 * x[..., ::-1, :] - m
        ),
        "as they were: 0 to 1 becomes 0 to 255, blue first, less the means": lambda x: (
            x
        ),
    }
