"""Mistakes that belong to single questions of the assignment on pooling.

They are what the argument ``mistakes`` of the checks takes: by ``"name: hint"``, the
answer that the mistake gives or a function with the mistake in it.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod

Mistakes = dict[str, Callable[..., object]]
Shape = tuple[int, int, int]

_ORDER = "swapped axes: rows come first, columns second"
_CHANNELS = "channels pooled: pooling treats every channel by itself and keeps them all"
_LOST = "channels forgotten: the third number is that of the channels"
_OVERLAP = "neighbouring windows overlap, so a layer adds k − 1 steps"
_LONGER = "after a stride of 2, a step is 2 pixels long"
_POOLED = "pooling forgotten: its windows count like those of filters"
_NO_BIAS = "bias forgotten: every filter and every class has one besides its weights"
_DEEP = "channels forgotten: each filter of the second layer reads all ten maps"

NUMBER_MISTAKES: dict[str, dict[str, object]] = {
    "thirds": {
        "stride of 1: the stride of pooling is its window unless you say otherwise": (
            26,
            38,
            12,
        ),
        "stride of 2: the stride of pooling is its window, here 3": (13, 19, 12),
        "rounded up: a last window that does not fit is left out": (10, 14, 12),
        _CHANNELS: (9, 13, 4),
        _LOST: (9, 13),
        _ORDER: (13, 9, 12),
        "windows of two: these have 3 rows and 3 columns": (14, 20, 12),
    },
    "overlapping": {
        "own size as stride: here it is given, 2": (9, 13, 12),
        "stride of 1: here it is given, 2": (26, 38, 12),
        "rounded up: a last window that does not fit is left out": (14, 20, 12),
        _CHANNELS: (13, 19, 4),
        _LOST: (13, 19),
        _ORDER: (19, 13, 12),
    },
    "padded": {
        "as large as the maps: same keeps the size at stride 1, and here it is 3": (
            28,
            40,
            12,
        ),
        "rounded down: same makes ⌈n / s⌉ values, the last windows reach over the"
        " edge": (9, 13, 12),
        "stride of 2: the stride of pooling is its window, here 3": (14, 20, 12),
        _CHANNELS: (10, 14, 4),
        _LOST: (10, 14),
        _ORDER: (14, 10, 12),
    },
    "gone": {
        "what is left: the share that is gone is asked for": 1 / 16,
        "one axis only: rows and columns both become a quarter": 3 / 4,
        "in per cent: give a share, a number from 0 to 1": 93.75,
        "what is left, in per cent: give the share that is gone, from 0 to 1": 6.25,
        "one value in four: the windows hold sixteen": 1 / 4,
    },
    "fields": {
        f"strides ignored: {_LONGER}": (5, 6, 10, 11),
        f"sizes added: {_OVERLAP}": (5, 7, 12, 14),
        "own stride counted: a layer's steps are as long as the strides before it": (
            5,
            7,
            15,
            19,
        ),
        _POOLED: (5, 5, 13, 13),
        "doubled: pooling makes a step longer, not the field": (5, 10, 14, 28),
        "sides of the maps: count the pixels that one value sees": (24, 12, 8, 4),
        "what each layer adds: go on from the field before": (5, 1, 8, 2),
    },
    "parameters": {
        _NO_BIAS: (250, 0, 5000, 0, 0, 3200),
        _DEEP: (260, 0, 520, 0, 0, 3210),
        "pooling counted: it has nothing to learn": (260, 40, 5020, 80, 0, 3210),
        "maps before pooling: the dense layer reads 4·4 values of each map": (
            260,
            0,
            5020,
            0,
            0,
            12810,
        ),
        "one value a map: the dense layer reads 4·4 values of each": (
            260,
            0,
            5020,
            0,
            0,
            210,
        ),
        "one bias for all: every filter and every class has its own": (
            251,
            0,
            5001,
            0,
            0,
            3201,
        ),
    },
    "fields_overlapping": {
        "windows of two: these have 3 rows and 3 columns": (5, 6, 14, 16),
        f"strides ignored: {_LONGER}": (5, 7, 11, 13),
        f"sizes added: {_OVERLAP}": (5, 8, 13, 16),
        "strides of three: the windows have a size of 3 and move by 2": (5, 7, 19, 25),
        _POOLED: (5, 5, 13, 13),
        "sides of the maps: count the pixels that one value sees": (24, 11, 7, 3),
    },
    "all_parameters": {
        "windows of two: those of three leave 3·3 values of each map": 8490,
        _NO_BIAS: 7050,
        _DEEP: 2590,
        "strides of three: the windows have a size of 3 and move by 2": 6080,
        "the dense layer only: add those of the filters": 1810,
        "pooling counted: it has nothing to learn": 7390,
    },
    "how_many": {
        "every even shift: two poolings have a step of 4 together": 10,
        "every shift: that holds for filters; pooling has a step": 20,
        "one too many: a shift by 0 is none": 6,
        "the smallest shift: 4 is the first of several, count them": 4,
        "none: a shift by 4 pixels moves every window onto the place of another": 0,
        "steps of 8: two poolings by 2 have a step of 2·2": 2,
    },
    "smallest": {
        "strides added: two steps of 3 and 2 make one of 3·2": 5,
        "first step only: after it, the second pooling takes 2 such steps": 3,
        "second step only: it counts values, and each is 3 pixels wide": 2,
        "any shift: that holds for filters; pooling has a step": 1,
        "receptive field: it is the step that counts": 6 + 2,
    },
}
"""What predicted numbers are after a mistake; by variable, then by mistake."""

FAULTS: dict[str, dict[str, object]] = {
    "bytes_fault": {
        "not the labels: the sparse loss takes them as whole numbers": "A",
        "not the learning rate: the loss is as large before the first step": "B",
        "not the head: it gives logits, and the loss is told so": "D",
    },
    "count_fault": {
        "not the pooling: it has no parameters and takes none away": "A",
        "not the list: Keras finds layers in it, as the second count shows": "B",
        "not the compiling: it tells how to train and makes no weights": "D",
    },
}
"""Why the other letters do not name the fault; by variable, then by mistake."""


def count_mistakes() -> Mistakes:
    """Wrong counts of the parameters of a small pyramid, as functions of a shape.

    The net has 6 filters of 5×5, pooling by two, 12 filters of 3×3, pooling by two and
    a dense layer for ten classes.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in count_mistakes().items()}
    >>> wrong["bias forgotten"]((28, 28, 1))
    3798
    """

    def sizes(shape: Shape) -> list[int]:
        """Weights and biases, layer by layer: three pairs."""
        height, width, channels = shape
        rows, columns = ((((n - 4) // 2) - 2) // 2 for n in (height, width))
        weights = [5 * 5 * channels * 6, 3 * 3 * 6 * 12, rows * columns * 12 * 10]
        return [n for pair in zip(weights, (6, 12, 10), strict=True) for n in pair]

    return {
        "no weights yet: call the net on one batch before you count": lambda shape: 0,
        "arrays counted: add up the numbers that they hold": lambda shape: 6,
        "layers counted: add up the numbers that they hold": lambda shape: 6 // 2,
        "bias forgotten: every filter and every class has one": lambda shape: sum(
            sizes(shape)[::2]
        ),
        "filters only: the dense layer belongs to the net": lambda shape: sum(
            sizes(shape)[:4]
        ),
        "the dense layer only: the filters belong to the net": lambda shape: sum(
            sizes(shape)[4:]
        ),
        "digits only: use the shape that is given": lambda shape: sum(
            sizes((28, 28, 1))
        ),
        "grey pictures only: use the channels that are given": lambda shape: sum(
            sizes((*shape[:2], 1))
        ),
        "pixels counted: parameters are the net's own numbers": lambda shape: prod(
            shape
        ),
    }
