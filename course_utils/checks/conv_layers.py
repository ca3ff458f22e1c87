"""Mistakes that belong to single questions of the assignment on convolutional layers.

They are what the argument ``mistakes`` of the checks takes: by ``"name: hint"``, the
answer that the mistake gives or a function with the mistake in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.conv import conv2d

Array = NDArray[Any]
Mistakes = dict[str, Callable[..., object]]

_BIAS = "bias forgotten: every filter and every dense unit has one"
_ONE_BIAS = "one bias for all: every filter and every dense unit has its own"
_PADDED = "padded: left out, `padding` is valid, and a map has n − k + 1 values"
_MAPS = "maps forgotten: there is one for each filter"

NUMBER_MISTAKES: dict[str, dict[str, object]] = {
    "maps_shape": {
        _PADDED: (28, 28, 12),
        "off by one: a filter of 7 pixels fits at 28 − 7 + 1 places": (21, 21, 12),
        "swapped arguments: Conv2D takes the number of filters first": (17, 17, 7),
        "channels first: Keras has the maps at the end": (12, 22, 22),
        _MAPS: (22, 22),
        "input channels: the layer makes a map for each filter": (22, 22, 1),
        "with the batch: the shape of one picture's maps is asked for": (1, 22, 22, 12),
    },
    "features": {
        _MAPS: 22 * 22,
        _PADDED: 28 * 28 * 12,
        "size of the filters: the features are the values of the maps": 7 * 7 * 12,
        "a side only: a map has rows and columns": 22 * 12,
        "pixels: Flatten reads what the convolution has made": 28 * 28,
    },
    "conv_parameters": {
        _BIAS: 588,
        _ONE_BIAS: 589,
        "one filter only: the layer has 12": 50,
        "counted at every place: a filter has the same weights at all of them": (
            600 * 22 * 22
        ),
        "swapped arguments: Conv2D takes the number of filters first": 7 * 145,
    },
    "dense_parameters": {
        _BIAS: 58_080,
        _ONE_BIAS: 58_081,
        _MAPS: 4_850,
        _PADDED: 94_090,
        "size of the filters: the features are the values of the maps": 5_890,
        "pixels: the dense layer reads the maps": 7_850,
        "convolution included: this is the whole net": 58_690,
    },
    "right_edge": {
        "the other side: this one likes ink on the right, a left edge": 0,
        "a blur: its weights are nearly all of one sign, so it says “ink here”": 2,
        "turned: its signs differ between above and below": 3,
    },
    "blur": {
        "an edge filter: its weights have both signs": 0,
        "an edge filter: it has weights of both signs": 1,
        "a filter for edges: look for weights of one sign": 3,
    },
}
"""What predicted numbers are after a mistake; by variable, then by mistake."""

FAULTS: dict[str, dict[str, object]] = {
    "twice_fault": {
        "not the rate: nothing has been trained, and the answers were perfect": "A",
        "not the labels: the sparse loss takes whole numbers, as they are": "C",
        "not the ReLU: a softmax takes any numbers, negative ones too": "D",
    },
    "string_fault": {
        "not the pixels: they are between 0 and 1 here": "A",
        "not a second softmax: the net has none, and the loss makes none": "B",
        "not the labels: the sparse loss takes whole numbers, as they are": "D",
    },
    "rank_fault": {
        "not the small number: it is there to prevent a division by 0": "A",
        "not the net: it adds the axis that it misses, without a word": "C",
        "not the range: standardised pixels may be negative": "D",
    },
}
"""Why the other letters do not name the fault; by variable, then by mistake."""


def forward_mistakes() -> Mistakes:
    """Wrong nets of two layers: functions of (x, kernel, bias, weights, offsets).

    Examples
    --------
    >>> names = [text.partition(":")[0] for text in forward_mistakes()]
    >>> names[:3]
    ['ReLU forgotten', 'ReLU at the end too', 'ReLU before the bias']
    """

    def relu(maps: Array) -> Array:
        return np.maximum(maps, 0)

    def net(
        activation: Callable[[Array], Array] = relu,
        *,
        axes: tuple[int, ...] = (0, 1, 2, 3),
        kernel_as: Callable[[Array], Array] = lambda kernel: kernel,
        bias: float = 1,
        offset: float = 1,
        end: Callable[[Array], Array] = lambda logits: logits,
    ) -> Callable[..., object]:
        def answer(x: Array, kernel: Array, b: Array, w: Array, c: Array) -> Array:
            maps = activation(conv2d(x, kernel_as(kernel), bias * np.asarray(b)))
            return end(maps.transpose(axes).reshape(len(x), -1) @ w + offset * c)

        return answer

    def softmax(z: Array) -> Array:
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return np.asarray(e / e.sum(axis=1, keepdims=True))

    def before(x: Array, kernel: Array, b: Array, w: Array, c: Array) -> Array:
        return np.asarray((relu(conv2d(x, kernel)) + b).reshape(len(x), -1) @ w + c)

    return {
        "ReLU forgotten: negative values of the maps become 0": net(lambda m: m),
        "ReLU at the end too: a logit may be negative": net(end=relu),
        "ReLU before the bias: it acts on what the layer gives, bias included": before,
        "absolute value: the ReLU makes 0 of a negative value": net(np.abs),
        "ReLU turned round: it keeps the positive values": net(
            lambda m: np.minimum(m, 0)
        ),
        "a step: the ReLU keeps positive values as they are": net(
            lambda m: (m > 0).astype(np.float64)
        ),
        "flattened map by map: Flatten goes through rows, columns, and last the maps"
        " of each place": net(axes=(0, 3, 1, 2)),
        "flattened column by column: rows come first": net(axes=(0, 2, 1, 3)),
        "flipped kernel: lay it on the window as it stands": net(
            kernel_as=lambda kernel: kernel[::-1, ::-1]
        ),
        "bias forgotten: every map has one, added before the ReLU": net(bias=0),
        "offsets forgotten: every logit has one": net(offset=0),
        "softmax applied: the logits themselves are asked for": net(end=softmax),
        "class instead of logits: the loss needs all of them": net(
            end=lambda z: z.argmax(axis=1)
        ),
    }


def permutation_mistakes() -> Mistakes:
    """Wrong ways to move pixels: functions of (images, order).

    Examples
    --------
    >>> [wrong] = [f for t, f in permutation_mistakes().items() if "way round" in t]
    >>> wrong(np.array([[[[7]], [[8]], [[9]]]]), np.array([1, 2, 0])).ravel()
    array([9, 7, 8])
    """

    def moved(images: Array, order: Array) -> Array:
        n, height, width, channels = images.shape
        rows = images.reshape(n, height * width, channels)
        return rows[:, order].reshape(images.shape)

    def by_columns(images: Array, order: Array) -> Array:
        turned = np.ascontiguousarray(images.swapaxes(1, 2))
        return moved(turned, order).swapaxes(1, 2)

    return {
        "the other way round: place i gets the pixel that was at place order[i]": (
            lambda images, order: moved(images, np.argsort(order))
        ),
        "shape lost: the pictures keep theirs": lambda images, order: moved(
            images, order
        ).reshape(len(images), -1, images.shape[3]),
        "nothing moved: index the pixels with `order`": lambda images, order: images,
        "counted by columns: pixels are counted row by row": by_columns,
        "first picture for all: every picture keeps its own pixels": (
            lambda images, order: np.repeat(moved(images[:1], order), len(images), 0)
        ),
    }


def undo_mistakes() -> Mistakes:
    """Wrong ways to move pixels back: functions of (images, order).

    Examples
    --------
    >>> len(undo_mistakes())
    4
    """
    wrong = permutation_mistakes()
    back = next(f for text, f in wrong.items() if "way round" in text)
    lost = "shape lost: the pictures keep theirs"
    return {
        "moved once more: the way back needs the inverse, not the same order": (
            lambda images, order: back(images, np.argsort(order))
        ),
        "order reversed: read from its end it is no way back": lambda images, order: (
            back(images, np.argsort(order[::-1]))
        ),
        "nothing moved: index the pixels with the inverse of `order`": (
            lambda images, order: images
        ),
        lost: lambda images, order: np.asarray(back(images, order)).reshape(
            len(images), -1, images.shape[3]
        ),
    }


def hidden_mistakes() -> Mistakes:
    """Wrong sizes of a hidden layer: functions of (parameters, inputs, classes).

    Examples
    --------
    >>> next(iter(hidden_mistakes().values()))(794, 784, 10)
    1
    """
    whole = "it may not have more than `parameters`, so round down"
    return {
        "biases forgotten: every hidden unit has one, and every class": (
            lambda p, n, q: p // (n + q)
        ),
        "biases of the classes forgotten: they are there whatever the hidden layer": (
            lambda p, n, q: p // (n + 1 + q)
        ),
        "biases of the hidden units forgotten: each has one": lambda p, n, q: (
            (p - q) // (n + q)
        ),
        "second layer forgotten: each hidden unit has a weight for every class": (
            lambda p, n, q: p // (n + 1)
        ),
        "second layer forgotten: a hidden unit has weights for the classes, too": (
            lambda p, n, q: (p - q) // (n + 1)
        ),
        f"rounded up: {whole}": lambda p, n, q: -(-(p - q) // (n + 1 + q)),
        f"rounded to the nearest: {whole}": lambda p, n, q: round(
            (p - q) / (n + 1 + q)
        ),
        f"not rounded: {whole}": lambda p, n, q: (p - q) / (n + 1 + q),
    }


def place_mistakes() -> Mistakes:
    """Wrong ways to find where each filter answers most: functions of (maps).

    Examples
    --------
    >>> maps = np.zeros((2, 3, 4, 1))
    >>> maps[1, 2, 0] = 5
    >>> [wrong] = [f for t, f in place_mistakes().items() if t.startswith("swapped")]
    >>> wrong(maps)
    array([[1, 0, 2]])
    """

    def places(maps: Array) -> Array:
        flat = maps.reshape(-1, maps.shape[3]).argmax(axis=0)
        return np.stack(np.unravel_index(flat, maps.shape[:3]), axis=1)

    def of_one(maps: Array) -> Array:
        place = np.unravel_index(maps.argmax(), maps.shape)[:3]
        return np.repeat([place], maps.shape[3], axis=0)

    first = "the first picture only: look through all of them"
    return {
        "swapped axes: rows come before columns": lambda m: places(m)[:, [0, 2, 1]],
        first: lambda maps: places(maps[:1]),
        "smallest value: a filter answers most where its map is largest": (
            lambda maps: places(-maps)
        ),
        "one place for all: every filter has its own": of_one,
        "picture at the end: it comes first, then the row, then the column": (
            lambda maps: places(maps)[:, [1, 2, 0]]
        ),
        "places of the flat map: turn the number into picture, row and column": (
            lambda maps: maps.reshape(-1, maps.shape[3]).argmax(axis=0)
        ),
        "largest value: the place is asked for": lambda maps: maps.max(axis=(0, 1, 2)),
        "transposed: one row for each filter": lambda maps: places(maps).T,
    }


def standard_mistakes() -> Mistakes:
    """Wrong ways to standardise grey pictures for a net: functions of (images).

    Examples
    --------
    >>> images = np.arange(8).reshape(2, 2, 2)
    >>> [wrong] = [f for t, f in standard_mistakes().items() if t.startswith("no axis")]
    >>> wrong(images).shape
    (2, 2, 2)
    """

    def made(
        axes: tuple[int, ...] | None = None, spread: Callable[..., Any] = np.std
    ) -> Callable[..., object]:
        def answer(images: Array) -> Array:
            x = np.asarray(images, dtype=np.float64)
            centred = x - x.mean(axis=axes, keepdims=True)
            by = spread(x, axis=axes, keepdims=True) + 1e-7
            return np.asarray((centred / by)[..., None])

        return answer

    right = made()
    column = "the axis for the channel must be there before the mean is taken"
    return {
        f"column by column: {column}": made((0, 1)),
        "no axis for the channel: the net adds it without a word, but everything else"
        " that reads the pictures does not": lambda i: np.asarray(right(i))[..., 0],
        "pixel by pixel: one mean for all pixels of the channel is asked for": made(
            (0,)
        ),
        "picture by picture: one mean for all pictures is asked for": made((1, 2)),
        "divided by the variance: its root is the standard deviation": made(
            None, np.var
        ),
        "not divided: the standard deviation should be 1": made(
            None, lambda x, **how: 1
        ),
        "not centred: the mean should be 0": lambda images: (
            np.asarray(images) / np.std(images)
        )[..., None],
        "scaled only: pixels in [0, 1] have neither mean 0 nor deviation 1": (
            lambda images: np.asarray(images)[..., None] / 255
        ),
        "channels first: Keras has them at the end": lambda i: np.moveaxis(
            np.asarray(right(i)), -1, 1
        ),
    }
