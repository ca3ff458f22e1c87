"""Wrong gradients of a convolution, as students write them.

They are what the argument ``mistakes`` of the checks takes: by ``"name: hint"``, the
function with the mistake in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.conv import conv2d_backward

Array = NDArray[Any]
Mistakes = dict[str, Callable[..., object]]


def kernel_gradient_mistakes() -> Mistakes:
    """Wrong gradients for a kernel: functions of (x, upstream, kernel_shape, stride).

    Examples
    --------
    >>> names = [text.partition(":")[0] for text in kernel_gradient_mistakes()]
    >>> names[:2]
    ['stride forgotten', 'one picture only']
    """

    def right(x: Array, g: Array, shape: Sequence[int], stride: int) -> Array:
        return conv2d_backward(x, np.zeros(shape), g, strides=stride)[1]

    def dense(x: Array, g: Array, shape: Sequence[int], stride: int) -> Array:
        rows, columns = g.shape[1] + shape[0] - 1, g.shape[2] + shape[1] - 1
        return right(x[:, :rows, :columns], g, shape, 1)

    summed = "every picture's share is added, as each takes part in the loss"
    return {
        "stride forgotten: the window of value (i, j) starts at (s·i, s·j)": dense,
        f"one picture only: {summed}": lambda x, g, *how: right(x[:1], g[:1], *how),
        f"mean over the pictures: {summed}": lambda x, g, *how: (
            right(x, g, *how) / len(x)
        ),
        "mean over the positions: a weight takes part at all of them, so their shares"
        " are added": lambda x, g, *how: right(x, g, *how) / g[0, ..., 0].size,
        "turned round: weight (u, v) meets the pixel u rows down and v columns to the"
        " right": lambda *call: right(*call)[::-1, ::-1],
        "PyTorch's order: Keras stores (k_h, k_w, C_in, C_out)": lambda *call: right(
            *call
        ).transpose(3, 2, 0, 1),
        "squared: a product is of a pixel and an upstream value": lambda x, g, *how: (
            right(x, g**2, *how)
        ),
        "upstream forgotten: each pixel counts as often as its value matters to the"
        " loss": lambda x, g, *how: right(x, np.ones_like(g), *how),
    }


def input_gradient_mistakes() -> Mistakes:
    """Wrong gradients for pictures: functions of (kernel, upstream, shape, stride).

    Examples
    --------
    >>> [text for text in input_gradient_mistakes() if "windows overlap" in text]
    ['overwritten: windows overlap, so add to what is there']
    """

    def right(kernel: Array, g: Array, shape: Sequence[int], stride: int) -> Array:
        return conv2d_backward(np.zeros(shape), kernel, g, strides=stride)[0]

    def overwritten(
        kernel: Array, g: Array, shape: Sequence[int], stride: int
    ) -> Array:
        found, (k_h, k_w) = np.zeros(shape), kernel.shape[:2]
        for i, j in np.ndindex(g.shape[1:3]):
            top, left = i * stride, j * stride
            share = np.tensordot(g[:, i, j], kernel, axes=(1, 3))
            found[:, top : top + k_h, left : left + k_w] = share
        return found

    def dense(kernel: Array, g: Array, shape: Sequence[int], stride: int) -> Array:
        rows, columns = np.add(g.shape[1:3], kernel.shape[:2]) - 1
        found = np.zeros(shape)
        small = (shape[0], rows, columns, shape[3])
        found[:, :rows, :columns] = right(kernel, g, small, 1)
        return found

    def cut_off(kernel: Array, g: Array, shape: Sequence[int], stride: int) -> Array:
        rows, columns = (np.array(g.shape[1:3]) - 1) * stride + kernel.shape[:2]
        return right(kernel, g, shape, stride)[:, :rows, :columns]

    spread = "weight (u, v) hands its share to the pixel u rows down and v to the right"
    return {
        "overwritten: windows overlap, so add to what is there": overwritten,
        "stride forgotten: the window of value (i, j) starts at (s·i, s·j)": dense,
        "left-over pixels cut off: what no window reaches has the gradient 0": cut_off,
        f"turned round: {spread}": lambda kernel, *rest: right(
            kernel[::-1, ::-1], *rest
        ),
        "one filter only: every filter that reads the pixel adds its share": (
            lambda kernel, g, *how: right(kernel[..., :1], g[..., :1], *how)
        ),
        "one filter only: each filter seems to overwrite the one before": (
            lambda kernel, g, *how: right(kernel[..., -1:], g[..., -1:], *how)
        ),
        "upstream forgotten: a share is the weight times the upstream value": (
            lambda kernel, g, *how: right(kernel, np.ones_like(g), *how)
        ),
        "same weights for every channel: channel c of a pixel met the weights for"
        " channel c": lambda kernel, *rest: right(
            np.broadcast_to(kernel.mean(axis=2, keepdims=True), kernel.shape), *rest
        ),
    }
