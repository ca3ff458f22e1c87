"""Wrong convolutions and wrong gradients are caught and called by their names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course_utils.checks import function
from course_utils.checks.convolutions import convolution_mistakes
from course_utils.checks.gradients import (
    input_gradient_mistakes,
    kernel_gradient_mistakes,
)
from course_utils.conv import conv2d, conv2d_backward
from tests.checks.failing import message_of
from tests.checks.naming import called_otherwise

RNG = np.random.default_rng(0)


def random_layer(image: Any, kernel: Any, stride: int, padding: int) -> Any:
    sizes = image, kernel, kernel[-1]
    return *(RNG.normal(size=size) for size in sizes), stride, padding


# These two tell every wrong convolution in `TWELVE` from a right one.
LAYERS = [
    random_layer((2, 7, 10, 3), (3, 5, 3, 4), stride=2, padding=2),
    random_layer((2, 6, 9, 2), (2, 3, 2, 3), stride=3, padding=0),
]


def layer(x: Any, kernel: Any, bias: Any, stride: int, padding: int) -> Any:
    return conv2d(x, kernel, bias, strides=stride, padding=padding)


def steps(x: Any, kernel: Any, bias: Any, stride: int, padding: int) -> Any:
    """A layer written out, as a start for other mistakes."""
    side = padding // 2
    x = np.pad(x, [(0, 0), (side, side), (side, side), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], (1, 2))
    maps = np.einsum("nijcuv,uvcf->nijf", windows[:, ::stride, ::stride], kernel)
    return maps + bias


TWELVE = {
    "flipped kernel": lambda x, k, *rest: steps(x, k[::-1, ::-1], *rest),
    "bias forgotten": lambda x, k, b, *how: steps(x, k, 0 * b, *how),
    "bias in every product": lambda x, k, b, *how: steps(
        x, k, k[..., 0].size * b, *how
    ),
    "one bias for all": lambda x, k, b, *how: steps(x, k, b[0], *how),
    "width from the height": lambda x, k, b, s, p: steps(x, k, b, s, p)[
        :, :, : (x.shape[1] + p - k.shape[1]) // s + 1
    ],
    "rounded up": lambda x, k, b, s, p: steps(
        np.pad(x, [(0, 0), (0, s - 1), (0, s - 1), (0, 0)]), k, b, s, p
    ),
    "padding on one side": lambda x, k, b, s, p: steps(
        np.pad(x, [(0, 0), (0, p), (0, p), (0, 0)]), k, b, s, 0
    ),
    "stride ignored": lambda x, k, b, s, p: steps(x, k, b, 1, p)[:, ::s],
    "channels averaged": lambda x, k, *rest: steps(x, k / k.shape[2], *rest),
    "channels not summed": lambda x, k, b, s, p: np.stack(
        [
            steps(x[..., c : c + 1], k[:, :, c : c + 1], b, s, p)
            for c in range(k.shape[2])
        ],
        axis=-1,
    ),
    "hard-coded size": lambda *call: np.resize(
        steps(*call), (len(call[0]), 3, 3, call[1].shape[3])
    ),
    "swapped axes": lambda *call: steps(*call).swapaxes(1, 2),
}


def test_a_right_layer_passes() -> None:
    function(steps, layer, LAYERS, mistakes=convolution_mistakes())


@pytest.mark.parametrize("mistake", TWELVE)
def test_the_twelve_usual_wrong_convolutions_are_told_by_two_inputs(
    mistake: str,
) -> None:
    mistakes = convolution_mistakes()
    said = message_of(function, TWELVE[mistake], layer, LAYERS, mistakes=mistakes)
    assert f"Likely mistake: {mistake}" in said


def test_every_wrong_convolution_is_called_by_its_name() -> None:
    assert called_otherwise(convolution_mistakes(), layer, LAYERS) == {}


def test_every_wrong_kernel_gradient_is_called_by_its_name() -> None:
    def right(x: Any, g: Any, shape: Any, stride: int) -> Any:
        return conv2d_backward(x, np.zeros(shape), g, strides=stride)[1]

    shapes = (2, 6, 8, 2), (2, 2, 3, 3), (3, 3, 2, 3)
    inputs = [(RNG.normal(size=shapes[0]), RNG.normal(size=shapes[1]), shapes[2], 2)]
    assert called_otherwise(kernel_gradient_mistakes(), right, inputs) == {}


def test_every_wrong_input_gradient_is_called_by_its_name() -> None:
    def right(kernel: Any, g: Any, shape: Any, stride: int) -> Any:
        return conv2d_backward(np.zeros(shape), kernel, g, strides=stride)[0]

    shapes = (3, 3, 2, 3), (1, 2, 3, 3), (1, 6, 8, 2)
    inputs = [(RNG.normal(size=shapes[0]), RNG.normal(size=shapes[1]), shapes[2], 2)]
    assert called_otherwise(input_gradient_mistakes(), right, inputs) == {}
