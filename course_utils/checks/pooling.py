"""Wrong pooling, forwards and backwards, as students write it.

They are what the argument ``mistakes`` of the checks takes: by ``"name: hint"``, the
function with the mistake in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.conv import avg_pool2d, max_pool2d
from course_utils.probes import shift_images

Array = NDArray[Any]
Mistakes = dict[str, Callable[..., object]]
Shares = Callable[[Array], Array]
"""What each value of a window gets of an upstream gradient of 1."""


def max_pool_mistakes() -> Mistakes:
    """Wrong max pooling, as functions of (x, size, stride).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in max_pool_mistakes().items()}
    >>> x = -np.ones((1, 2, 2, 1))
    >>> wrong["started from 0"](x, 2, 2).item()
    0.0
    """

    def largest(x: Array, size: int, stride: int) -> Array:
        return max_pool2d(x, size, strides=stride)

    def across(x: Array, size: int, stride: int) -> Array:
        return np.asarray(largest(x, size, stride).max(axis=3, keepdims=True))

    from_zero = "a window may hold nothing but negative values, so begin with one of"
    return {
        "mean instead of maximum: keep the largest value": lambda x, k, s: avg_pool2d(
            x, k, strides=s
        ),
        "minimum instead of maximum: keep the largest value": lambda x, k, s: (
            -largest(-np.asarray(x), k, s)
        ),
        "sum instead of maximum: keep the largest value": lambda x, k, s: (
            k**2 * avg_pool2d(x, k, strides=s)
        ),
        "largest without its sign: −3 is less than 1": lambda x, k, s: largest(
            np.abs(x), k, s
        ),
        f"started from 0: {from_zero} them": lambda x, k, s: np.maximum(
            largest(x, k, s), 0
        ),
        "first value of each window: compare all of them": lambda x, k, s: x[
            :, : x.shape[1] - k + 1 : s, : x.shape[2] - k + 1 : s
        ],
        "channels mixed: every channel is pooled by itself": lambda x, k, s: (
            np.broadcast_to(across(x, k, s), largest(x, k, s).shape)
        ),
        "channels lost: every channel is pooled by itself": lambda *call: across(*call)[
            ..., 0
        ],
        "channels merged: every channel is pooled by itself": across,
        "one picture for all: read the whole batch, not x[0] alone": lambda x, k, s: (
            np.repeat(largest(x[:1], k, s), len(x), axis=0)
        ),
        **_wrong_windows(largest),
    }


def _wrong_windows(pool: Callable[[Array, int, int], Array]) -> Mistakes:
    """Pooling whose window starts, steps or ends at the wrong place."""

    def side_by_side(x: Array, k: int, s: int) -> Array:
        rows, columns = pool(x, k, s).shape[1:3]
        return pool(x, k, 1)[:, :rows, :columns]

    def columns_by_height(x: Array, k: int, s: int) -> Array:
        return pool(x, k, s)[:, :, : (x.shape[1] - k) // s + 1]

    def one_more(x: Array, k: int, s: int) -> Array:
        more = [(0, -(n - k) % s) for n in x.shape[1:3]]
        low = np.pad(x, [(0, 0), *more, (0, 0)], constant_values=np.min(x))
        return pool(low, k, s)

    return {
        "stride ignored: the window moves on by `stride` pixels, not by its own"
        " size": lambda x, k, s: pool(x, k, k),
        "stride of 1: the window moves on by `stride` pixels": lambda x, k, s: pool(
            x, k, 1
        ),
        "size ignored: the window has `size` rows and columns, whatever the"
        " stride": lambda x, k, s: pool(x, s, s),
        "two by two: the window has `size` rows and columns and moves on by"
        " `stride`": lambda x, k, s: pool(x, 2, 2),
        "windows side by side: window (i, j) starts s·i rows down and s·j columns to"
        " the right": side_by_side,
        "rounded up: a last window that does not fit is left out": one_more,
        "one position short: a window of k pixels fits at n − k + 1 places": (
            lambda x, k, s: pool(x, k, s)[:, :-1, :-1]
        ),
        "swapped axes: rows come before columns": lambda x, k, s: pool(
            x, k, s
        ).swapaxes(1, 2),
        "width from the height: a map need not be square": columns_by_height,
    }


def avg_pool_mistakes() -> Mistakes:
    """Wrong means over windows side by side, as functions of (x, size).

    The right answer counts what lies in the map and nothing else: the last windows may
    reach over its edge.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in avg_pool_mistakes().items()}
    >>> wrong["zeros counted"](np.ones((1, 3, 2, 1)), 2)[0, :, 0, 0]
    array([1. , 0.5])
    """

    def counted(x: Array) -> tuple[Array, Array]:
        return np.asarray(x, dtype=np.float64), np.ones(np.shape(x))

    def sums(x: Array, size: int) -> Array:
        starts = [np.arange(0, n, size) for n in x.shape[1:3]]
        rows = np.add.reduceat(x, starts[0], axis=1)
        return np.asarray(np.add.reduceat(rows, starts[1], axis=2))

    def mean(x: Array, size: int) -> Array:
        values, ones = counted(x)
        return np.asarray(sums(values, size) / sums(ones, size))

    def whole(x: Array, size: int) -> Array:
        return avg_pool2d(x, size)

    within = "the mean is over the values that lie in the map"
    edge = "windows that reach over the edge count, too: there are ⌈n / size⌉"
    return {
        "sum instead of mean: divide by the number of values": lambda x, k: sums(
            counted(x)[0], k
        ),
        "divided by one side: a whole window holds size·size values": lambda x, k: (
            k * mean(x, k)
        ),
        f"zeros counted: {within}": lambda x, k: sums(counted(x)[0], k) / k**2,
        f"last windows left out: {edge}": whole,
        "maximum instead of mean: take the mean": lambda x, k: max_pool2d(
            x, k, padding="same"
        ),
        "channels mixed: every channel is pooled by itself": lambda x, k: (
            np.broadcast_to(mean(x, k).mean(axis=3, keepdims=True), mean(x, k).shape)
        ),
        "channels lost: every channel is pooled by itself": lambda x, k: mean(
            x, k
        ).mean(axis=3),
        "one picture for all: read the whole batch, not x[0] alone": lambda x, k: (
            np.repeat(mean(x[:1], k), len(x), axis=0)
        ),
        "divided into whole numbers: a mean may have a fraction, so use / and not //": (
            lambda x, k: np.floor(mean(x, k))
        ),
        "swapped axes: rows come before columns": lambda x, k: mean(x, k).swapaxes(
            1, 2
        ),
        "width from the height: a map need not be square": lambda x, k: mean(x, k)[
            :, :, : -(-x.shape[1] // k)
        ],
    }


def max_pool_gradient_mistakes() -> Mistakes:
    """Wrong gradients of max pooling, functions of (x, upstream, size, stride).

    Of values that are equally large, the first in reading order is the winner.

    Examples
    --------
    >>> wrong = max_pool_gradient_mistakes()
    >>> [last] = [v for k, v in wrong.items() if k.startswith("last of equals")]
    >>> last(np.ones((1, 2, 2, 1)), np.ones((1, 1, 1, 1)), 2, 2)[0, :, :, 0]
    array([[0., 0.],
           [0., 1.]])
    """

    def back(shares: Shares, **changes: Any) -> Callable[..., Array]:
        return lambda x, g, k, s: _handed_back(x, g, k, s, shares, **changes)

    def right(x: Array, g: Array, size: int, stride: int) -> Array:
        return _handed_back(x, g, size, stride, _first)

    def cut_off(x: Array, g: Array, k: int, s: int) -> Array:
        rows, columns = (np.array(g.shape[1:3]) - 1) * s + k
        return right(x, g, k, s)[:, :rows, :columns]

    added = "a winner of several windows adds up what it gets"
    winner = "of a window the winner alone takes part in the maximum"
    ties = "of equal values the first in reading order gets everything"
    place = "the window of value (i, j) starts at (s·i, s·j)"
    return {
        f"overwritten: {added}": back(_first, put=lambda old, new: new),
        f"overwritten: windows overlap, and {added}": back(
            _first, put=lambda old, new: np.where(new == 0, old, new)
        ),
        f"all of equals: {ties}": back(_all_largest),
        f"shared by equals: {ties}": back(
            lambda w: _all_largest(w) / _all_largest(w).sum(axis=1, keepdims=True)
        ),
        f"last of equals: {ties}": back(_last),
        f"shared out: that is the gradient of a mean; {winner}": back(
            lambda w: np.full(w.shape, 1 / w.shape[1])
        ),
        f"everyone gets it: {winner}": back(lambda w: np.ones(w.shape)),
        "smallest instead of largest: the winner is the largest value": back(
            lambda w: _first(-w)
        ),
        "upstream forgotten: the winner gets the upstream value of its window": (
            lambda x, g, *how: right(x, np.ones_like(g), *how)
        ),
        "values instead of gradients: the winner gets the upstream value": (
            lambda x, g, k, s: right(x, max_pool2d(x, k, strides=s), k, s)
        ),
        "times the value: the maximum grows by as much as its winner does": (
            lambda x, g, k, s: right(x, g * max_pool2d(x, k, strides=s), k, s)
        ),
        f"stride ignored: {place}": back(_first, step=lambda k, s: k),
        f"windows side by side: {place}": back(_first, step=lambda k, s: 1),
        "one winner for all channels: each channel has its own": lambda x, g, *how: (
            right(np.repeat(x[..., :1], x.shape[3], axis=3), g, *how)
        ),
        "one winner for all pictures: each picture has its own": lambda x, g, *how: (
            right(np.repeat(x[:1], len(x), axis=0), g, *how)
        ),
        "one picture only: every picture has a gradient of its own": (
            lambda x, g, *how: right(x[:1], g[:1], *how)
        ),
        "left-over pixels cut off: what no window reaches has the gradient 0": cut_off,
    }


def _first(windows: Array) -> Array:
    winners: Array = np.eye(windows.shape[1])[windows.argmax(axis=1)]
    return winners.transpose(0, 2, 1)


def _last(windows: Array) -> Array:
    return _first(windows[:, ::-1])[:, ::-1]


def _all_largest(windows: Array) -> Array:
    return np.asarray(windows == windows.max(axis=1, keepdims=True), dtype=float)


def _handed_back(
    x: Array,
    upstream: Array,
    size: int,
    stride: int,
    shares: Shares,
    *,
    step: Callable[[int, int], int] = lambda size, stride: stride,
    put: Callable[[Array, Array], Array] = np.add,
) -> Array:
    """Hand each upstream value to its window; shares get (n, values, C)."""
    found = np.zeros(np.shape(x))
    for i, j in np.ndindex(upstream.shape[1:3]):
        top, left = i * step(size, stride), j * step(size, stride)
        place = np.s_[:, top : top + size, left : left + size]
        window = x[place]
        share = shares(window.reshape(len(x), -1, x.shape[3])).reshape(window.shape)
        found[place] = put(found[place], share * upstream[:, i, j][:, None, None])
    return found


def agreement_mistakes() -> Mistakes:
    """Wrong ways to compare pooled pictures before and after a shift.

    They are functions of (ink, shift, size): pictures of ones and zeros (n, h, w, 1),
    pixels to the right, size and step of the window. The right answer is the number of
    windows that hold ink both times, divided by that of those that do at least once.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in agreement_mistakes().items()}
    >>> ink = np.eye(4)[None, ..., None]
    >>> wrong["empty windows counted"](ink, 1, 1)
    0.5625
    """

    def compare(
        measure: Callable[[Array, Array], object],
        move: Callable[[Array, int], Array] = lambda ink, d: shift_images(ink, 0, d),
        pool: Callable[[Array, int], Array] = max_pool2d,
        pool_first: bool = False,
    ) -> Callable[..., object]:
        def share(ink: Array, shift: int, size: int) -> object:
            ink = np.asarray(ink, dtype=np.float64)
            after = pool(move(ink, shift), size)
            if pool_first:
                after = move(pool(ink, size), shift)
            return measure(pool(ink, size), after)

        return share

    def both(before: Array, after: Array) -> Any:
        return np.sum((before > 0) & (after > 0))

    def either(before: Array, after: Array) -> Any:
        return np.sum((before > 0) | (after > 0))

    def overlap(before: Array, after: Array) -> object:
        return both(before, after) / either(before, after)

    def of_each(before: Array, after: Array) -> object:
        return np.mean([overlap(*pair) for pair in zip(before, after, strict=True)])

    counted = "divide by the number of windows that hold ink before or after"
    return {
        "empty windows counted: they agree anyway; count windows with ink": compare(
            lambda a, b: float(np.mean(a == b))
        ),
        f"divided by all windows: {counted}": compare(
            lambda a, b: both(a, b) / np.size(a)
        ),
        f"divided by the windows before: {counted}": compare(
            lambda a, b: both(a, b) / np.sum(a > 0)
        ),
        f"divided by the windows after: {counted}": compare(
            lambda a, b: both(a, b) / np.sum(b > 0)
        ),
        f"counted twice: {counted}, each of them once": compare(
            lambda a, b: both(a, b) / (np.sum(a > 0) + np.sum(b > 0))
        ),
        "Dice's measure: windows that hold ink both times count once, above and"
        " below": compare(
            lambda a, b: 2 * both(a, b) / (np.sum(a > 0) + np.sum(b > 0))
        ),
        "difference instead of agreement: 1 means that nothing has changed": compare(
            lambda a, b: 1 - both(a, b) / either(a, b)
        ),
        "not divided: give a share, not a number of windows": compare(both),
        "mean of the pictures' shares: count the windows of all pictures"
        " together": compare(of_each),
        "pooled first: the picture moves, and then it is pooled": compare(
            overlap, pool_first=True
        ),
        "not pooled: compare the pooled pictures": compare(
            overlap, pool=lambda ink, size: ink
        ),
        "not moved: pool the pictures a second time, after the shift": compare(
            overlap, move=lambda ink, shift: ink
        ),
        "moved down: the shift is to the right, along axis 2": compare(
            overlap, move=lambda ink, d: shift_images(ink, d, 0)
        ),
        "moved to the left: the shift is to the right": compare(
            overlap, move=lambda ink, d: shift_images(ink, 0, -d)
        ),
        "moved round: what leaves at the right does not come in at the left; zeros"
        " do": compare(overlap, move=lambda ink, d: np.roll(ink, d, axis=2)),
        "mean of the windows: a single pixel of ink is enough": compare(
            lambda a, b: both(a - 0.5, b - 0.5) / either(a - 0.5, b - 0.5),
            pool=avg_pool2d,
        ),
        "step of 1: the windows lie side by side, with a step of `size`": compare(
            overlap, pool=lambda ink, size: max_pool2d(ink, size, strides=1)
        ),
        "two by two: the windows have `size` rows and columns": compare(
            overlap, pool=lambda ink, size: max_pool2d(ink, 2)
        ),
    }
