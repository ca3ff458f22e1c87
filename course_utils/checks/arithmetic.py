"""Mistakes that belong to single questions of the assignment on arithmetic.

They are what the argument ``mistakes`` of the checks takes: by ``"name: hint"``, the
answer that the mistake gives or a function with the mistake in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

Mistakes = dict[str, Callable[..., object]]
Layers = Sequence[tuple[int, int]]

_PLACES = "moves counted: before the first move there is one position already, so add 1"
_WHOLE = "a last window that does not fit is left out"
_IN_ALL = "this course counts the rows in all, both sides together"
_ORDER = "swapped axes: rows come first"
_KERNEL_ORDER = "kernel axes swapped: its height comes first, then its width"
_SHARED = "the same weights are used at all positions"
_BIAS = "bias forgotten: every filter has one besides its weights"
_DEEP = "channels forgotten: each filter has weights for all 6 of them"

NUMBER_MISTAKES: dict[str, dict[str, object]] = {
    "padded_map": {
        f"padding counted twice: {_IN_ALL}": (30, 42),
        "padding forgotten: the filter slides over the zeros too": (26, 38),
        _PLACES: (27, 39),
        _ORDER: (40, 28),
        _KERNEL_ORDER: (30, 38),
        "as large as the picture: that would take k − 1 rows of zeros": (30, 40),
    },
    "strided_map": {
        _PLACES: (14, 22),
        f"rounded up: {_WHOLE}": (16, 24),
        f"not rounded: {_WHOLE}, so round down": (15.25, 23.75),
        "stride ignored: the filter moves on by 4 pixels at a time": (58, 92),
        "the size for same: without padding the filter must fit": (16, 25),
        _ORDER: (23, 15),
    },
    "same_map": {
        "rounded down: same makes ⌈n / s⌉ values": (12, 9),
        "stride ignored: same keeps the size of the picture only at stride 1": (25, 18),
        "the size for valid: same adds zeros": (12, 8),
        _ORDER: (9, 13),
    },
    "never_seen": {
        "nothing left over: count on from the last column of the last window": 0,
        "rows instead of columns: this is what is left over at the bottom": 1,
        "a whole stride: count on from the last column of the last window": 4,
    },
    "parameters": {
        _BIAS: 2400,
        "one bias for all: every filter has its own": 2401,
        _DEEP: 416,
        "one filter only: the layer has 16": 151,
        "multiply–adds counted: parameters do not depend on the positions": 1_881_600,
    },
    "parameters_large": {
        f"grown with the picture: {_SHARED}": 4 * 2416,
        f"grown with one side: {_SHARED}": 2 * 2416,
        _BIAS: 2400,
    },
    "multiply_adds": {
        "positions forgotten: the weights are used at each of them": 2400,
        "operations counted: a multiply–add is one, though it does two": 3_763_200,
        "the positions of valid: same keeps 28×28 of them": 1_382_400,
        _DEEP: 313_600,
        "one filter only: the layer has 16": 117_600,
        "bias counted: it is added, not multiplied": 1_894_144,
    },
    "multiply_adds_strided": {
        "halved: a stride of 2 skips every second row and every second column": 940_800,
        "stride ignored: fewer positions are visited": 1_881_600,
        "the positions of valid: same makes ⌈28 / 2⌉ along each axis": 345_600,
        "positions forgotten: the weights are used at each of them": 2400,
    },
    "field": {
        "sizes added: neighbouring windows overlap, so each layer adds k − 1": 13,
        "strides ignored: after a stride of 2, a step is 2 pixels long": 9,
        "own stride counted: a layer's steps are as long as the strides before it": 21,
        "sizes multiplied: windows share pixels": 108,
    },
}
"""What predicted numbers are after a mistake; by variable, then by mistake."""


def output_shape_mistakes() -> Mistakes:
    """Wrong ways to work out the shape of the maps of a layer.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in output_shape_mistakes().items()}
    >>> wrong["padding forgotten"]((28, 28, 1), (5, 5, 1, 9), 1, 4)
    (24, 24, 9)
    """

    def shape(
        size: Callable[[int, int, int, int], float] = _size,
        channels: int = 3,
        kernel_axes: tuple[int, int] = (0, 1),
        order: Sequence[int] = (0, 1, 2),
    ) -> Callable[..., tuple[float, ...]]:
        def answer(
            image: Sequence[int], kernel: Sequence[int], stride: int, padding: int
        ) -> tuple[float, ...]:
            sides = [
                size(n, kernel[axis], stride, padding)
                for n, axis in zip(image, kernel_axes, strict=False)
            ]
            found = [*sides, kernel[channels]]
            return tuple(found[i] for i in order)

        return answer

    def square(
        image: Sequence[int], kernel: Sequence[int], stride: int, padding: int
    ) -> object:
        side = _size(image[0], kernel[0], stride, padding)
        return side, side, kernel[3]

    return {
        f"padding counted twice: {_IN_ALL}": shape(
            lambda n, k, s, p: _size(n, k, s, 2 * p)
        ),
        "padding forgotten: it makes the picture larger": shape(
            lambda n, k, s, p: _size(n, k, s, 0)
        ),
        "padding added at the end: it lies round the picture, and the filter slides"
        " over it with the stride": shape(lambda n, k, s, p: _size(n, k, s, 0) + p),
        "stride ignored: the filter moves on by `stride` pixels": shape(
            lambda n, k, s, p: _size(n, k, 1, p)
        ),
        _PLACES: shape(lambda n, k, s, p: (n - k + p) // s),
        "+ 1 inside: add 1 after the division, or the stride before it": shape(
            lambda n, k, s, p: (n - k + p + 1) // s
        ),
        f"rounded up: {_WHOLE}": shape(lambda n, k, s, p: -(-(n - k + p) // s) + 1),
        f"not rounded: {_WHOLE}, so round down": shape(
            lambda n, k, s, p: (n - k + p) / s + 1
        ),
        _KERNEL_ORDER: shape(kernel_axes=(1, 0)),
        "one kernel side for both: k_h belongs to the rows, k_w to the columns": shape(
            kernel_axes=(0, 0)
        ),
        _ORDER: shape(order=(1, 0, 2)),
        "square pictures only: the columns have a size of their own": square,
        "channels forgotten: the third number is that of the maps, C_out": (
            lambda *layer: shape()(*layer)[:2]
        ),
        "input channels: the layer makes C_out maps": shape(channels=2),
        "channels first: Keras has the channels at the end": shape(order=(2, 0, 1)),
    }


def _size(n: int, k: int, s: int, p: int) -> int:
    return (n - k + p) // s + 1


def same_padding_mistakes() -> Mistakes:
    """Wrong ways to find the rows that ``padding="same"`` adds.

    Examples
    --------
    >>> [odd_first] = [v for k, v in same_padding_mistakes().items() if "first" in k]
    >>> odd_first(28, 3, 2)
    (1, 0)
    """

    def rows(
        needed: Callable[[int, int, int], int] = _needed,
        split: Callable[[int], tuple[float, float]] = lambda p: (p // 2, p - p // 2),
    ) -> Callable[..., object]:
        return lambda n, kernel_size, stride: split(needed(n, kernel_size, stride))

    return {
        "odd row first: it goes to the end, at the bottom or the right": rows(
            split=lambda p: (p - p // 2, p // 2)
        ),
        "stride ignored: k − 1 rows are needed only at stride 1": rows(
            lambda n, k, s: k - 1
        ),
        "one on each side: an odd number of rows cannot be shared evenly": rows(
            split=lambda p: (-(-p // 2), -(-p // 2))
        ),
        "odd row lost: before and after together must be all that is needed": rows(
            split=lambda p: (p // 2, p // 2)
        ),
        "halved: an odd row cannot be cut in two; it goes to the end": rows(
            split=lambda p: (p / 2, p / 2)
        ),
        "all at the end: half of the rows go before": rows(split=lambda p: (0, p)),
        "rounded down: same promises ⌈n / s⌉ positions": rows(
            lambda n, k, s: max((n // s - 1) * s + k - n, 0)
        ),
        "only sizes that the stride divides: k − s rows are not enough, or too many,"
        " for the others": rows(lambda n, k, s: max(k - s, 0)),
        "fewer than none: where the windows reach no further than the picture, nothing"
        " is added": rows(lambda n, k, s: (-(-n // s) - 1) * s + k - n),
    }


def _needed(n: int, k: int, s: int) -> int:
    return max((-(-n // s) - 1) * s + k - n, 0)


def receptive_field_mistakes() -> Mistakes:
    """Wrong ways to work out a receptive field.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in receptive_field_mistakes().items()}
    >>> wrong["strides ignored"]([(3, 2), (3, 1)])
    5
    """

    def field(
        step: Callable[[Layers, int], int], first: int = 1, less: int = 1
    ) -> Callable[..., object]:
        def answer(layers: Layers) -> object:
            added = [(k - less) * step(layers, i) for i, (k, _) in enumerate(layers)]
            return first + sum(added)

        return answer

    def before(layers: Layers, i: int) -> int:
        return math.prod(s for _, s in layers[:i])

    return {
        "strides ignored: after a stride of 2, a step is 2 pixels long": field(
            lambda layers, i: 1
        ),
        "own stride counted: a layer's steps are as long as the strides of the layers"
        " before it": field(lambda layers, i: before(layers, i + 1)),
        "last stride only: multiply the strides of all layers before": field(
            lambda layers, i: layers[i - 1][1] if i else 1
        ),
        "strides added: a step after strides of 2 and 2 is 4 pixels long, and after 3"
        " and 3 it is 9": field(
            lambda layers, i: sum(s for _, s in layers[:i]) if i else 1
        ),
        "from the wrong end: the strides before a layer count, not those after": field(
            lambda layers, i: math.prod(s for _, s in layers[i + 1 :])
        ),
        "nothing to start from: with no layer at all, a value sees one pixel": field(
            before, first=0
        ),
        "sizes added: neighbouring windows overlap, so each layer adds k − 1": field(
            lambda layers, i: 1, first=0, less=0
        ),
        "k instead of k − 1: neighbouring windows overlap": field(before, less=0),
        "sizes multiplied: windows share pixels": lambda layers: math.prod(
            k for k, _ in layers
        ),
    }
