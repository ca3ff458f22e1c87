"""Wrong convolutions, as students write them.

They are what the argument ``mistakes`` of the checks takes: by ``"name: hint"``, the
function with the mistake in it. Each is a right convolution of something changed, or a
right one that is changed afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.conv import conv2d, output_size

Array = NDArray[Any]
Mistakes = dict[str, Callable[..., object]]


@dataclass(frozen=True)
class _Layer:
    """One call of a convolution, to be made again with a change."""

    x: Array
    kernel: Array
    bias: Array | None
    stride: int = 1
    padding: int = 0

    @property
    def maps(self) -> Array:
        x, kernel, bias = self.x, self.kernel, self.bias
        return conv2d(x, kernel, bias, strides=self.stride, padding=self.padding)

    def but(self, **changes: Any) -> Array:
        """The maps with some of it changed."""
        return replace(self, **changes).maps

    def with_bias(self, times: int) -> Array:
        """The maps with the bias added as often."""
        return self.but(bias=times * np.asarray(self.bias))


def convolution_mistakes() -> Mistakes:
    """Wrong layers, as functions of (x, kernel, bias, stride, padding).

    Examples
    --------
    >>> forgotten = convolution_mistakes()["bias forgotten: add it to every value"]
    >>> forgotten(np.ones((1, 2, 2, 1)), np.ones((2, 2, 1, 1)), np.ones(1)).item()
    4.0
    """
    once = "each filter's bias is added to a value once, after the sum"
    mistakes: dict[str, Callable[[_Layer], Array]] = {
        "flipped kernel: lay it on the window as it stands": lambda c: c.but(
            kernel=c.kernel[::-1, ::-1]
        ),
        "bias forgotten: add it to every value": lambda c: c.but(bias=None),
        f"bias in every product: {once}": lambda c: c.with_bias(c.kernel[..., 0].size),
        f"bias in every channel: {once}": lambda c: c.with_bias(c.kernel.shape[2]),
        f"bias in every pixel: {once}": lambda c: c.with_bias(c.kernel[..., 0, 0].size),
        "one bias for all filters: filter f has bias[f]": lambda c: c.but(
            bias=np.full(c.kernel.shape[3], np.asarray(c.bias)[0])
        ),
        "one filter for all maps: map f is made with kernel[:, :, :, f]": lambda c: (
            c.but(kernel=np.repeat(c.kernel[..., :1], c.kernel.shape[3], axis=3))
        ),
        "channels averaged: a filter adds up what it finds in them": lambda c: c.but(
            kernel=c.kernel / c.kernel.shape[2]
        ),
        "mean instead of sum: a filter adds up its products": lambda c: c.but(
            kernel=c.kernel / c.kernel[..., 0].size
        ),
        "one channel only: a filter reads every input channel": lambda c: c.but(
            x=c.x[..., :1], kernel=c.kernel[:, :, :1]
        ),
        "one channel only: each channel seems to overwrite the one before, instead of"
        " being added": lambda c: c.but(x=c.x[..., -1:], kernel=c.kernel[:, :, -1:]),
        "one picture for all: the whole batch is read, not x[0] alone": lambda c: (
            np.repeat(c.but(x=c.x[:1]), len(c.x), axis=0)
        ),
        "channels not summed: a filter makes one map, the sum over its input"
        " channels": lambda c: np.zeros((*c.maps.shape, c.x.shape[3])),
        "channels not summed: a filter makes one map, and its input channels all go"
        " into it": lambda c: np.zeros((*c.maps.shape[:3], *c.kernel.shape[2:])),
        **_wrong_paths(),
    }
    return {text: _taking_a_call(change) for text, change in mistakes.items()}


def _wrong_paths() -> dict[str, Callable[[_Layer], Array]]:
    """Layers whose filter starts, steps or ends at the wrong place."""

    def columns_by_height(c: _Layer) -> Array:
        height, width = c.x.shape[1], c.kernel.shape[1]
        return c.maps[:, :, : output_size(height, width, c.stride, c.padding)]

    def one_more(c: _Layer) -> Array:
        half = c.padding // 2
        side = (half, half + c.stride - 1)
        return c.but(padding=(side, side))

    def side_by_side(c: _Layer) -> Array:
        rows, columns = c.maps.shape[1:3]
        return c.but(stride=1)[:, :rows, :columns]

    both = "half of the rows lie on each side"
    steps = "the filter moves on by `stride` pixels"
    return {
        f"padding on one side: {both}, not all at the end": lambda c: c.but(
            padding=((0, c.padding), (0, c.padding))
        ),
        f"padding on one side: {both}, not all at the start": lambda c: c.but(
            padding=((c.padding, 0), (c.padding, 0))
        ),
        "padding counted twice: `padding` rows are added in all, half of them on each"
        " side": lambda c: c.but(padding=2 * c.padding),
        "padding forgotten: zeros lie round the picture": lambda c: c.but(padding=0),
        f"stride ignored: {steps}, along both axes": lambda c: c.but(stride=1),
        f"stride ignored: {steps}, from row to row too": lambda c: c.but(
            stride=(1, c.stride)
        ),
        f"stride ignored: {steps}, from column to column too": lambda c: c.but(
            stride=(c.stride, 1)
        ),
        "one position short: a filter of k pixels fits at n − k + 1 places": lambda c: (
            c.maps[:, :-1, :-1]
        ),
        "windows side by side: window (i, j) starts s·i rows down and s·j columns to"
        " the right": side_by_side,
        "rounded up: a last window that does not fit is left out": one_more,
        "swapped axes: rows come before columns": lambda c: c.maps.swapaxes(1, 2),
        "width from the height: a picture need not be square": columns_by_height,
    }


def _taking_a_call(change: Callable[[_Layer], Array]) -> Callable[..., object]:
    return lambda *call: change(_Layer(*call))
