"""Repairs that leave the fault in, or put another in its place.

They belong to the questions on faulty code of the assignment on arithmetic, and are
what the argument ``mistakes`` of the checks takes: by ``"name: hint"``, the answer that
the mistake gives or a function with the mistake in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.conv import conv2d

Array = NDArray[Any]
Mistakes = dict[str, Callable[..., object]]


FAULTS: dict[str, dict[str, object]] = {
    "batch_fault": {
        "not the padding: it makes maps as large as what was read, and the first axis"
        " counts pictures": "A",
        "not the channels: the first axis of the maps counts pictures": "C",
        "not the filters: the layer has 4, as the last axis of the maps says": "D",
    },
    "bytes_fault": {
        "not the bias: it is added to each value once": "A",
        "not the kernel: turned round, this one is the same": "B",
        "not an overflow: the convolution is computed with floats, whatever it is"
        " given": "D",
    },
}
"""Why the other letters do not name the fault; by variable, then by mistake."""


def batch_mistakes() -> Mistakes:
    """Wrong ways to make one grey picture of bytes a batch for a net.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in batch_mistakes().items()}
    >>> wrong["no axis for the channel"](np.zeros((5, 4))).shape
    (1, 5, 4)
    """
    return {
        "no axis for the pictures: (height, width, 1) is read as `height` pictures of"
        " one column each": lambda picture: picture[..., None],
        "no axis for the channel: Keras puts it there without a word, but other code"
        " will not; look at the number of axes yourself": lambda picture: picture[None],
        "channels first: Keras wants (n, height, width, channels)": lambda picture: (
            picture[None, None]
        ),
        "pictures at the end: the first axis counts them": lambda picture: picture[
            :, :, None, None
        ],
        "as it was: a picture alone has two axes, a batch has four": lambda p: p,
        "divided into whole numbers: // makes 0 of all pixels but the brightest; use"
        " /": lambda picture: picture[None, ..., None] // 255,
        "not scaled: the net expects pixels in [0, 1], and bytes go up to 255": (
            lambda picture: picture[None, ..., None]
        ),
        "scaled twice: divide by 255 once": lambda picture: (
            picture[None, ..., None] / 255**2
        ),
        "stretched: not every picture has a pixel of 255, so divide by 255, not by the"
        " largest": lambda picture: picture[None, ..., None] / picture.max(),
        "swapped axes: rows come before columns": lambda picture: (
            picture.T[None, ..., None] / 255
        ),
    }


def stroke_mistakes(kernel: Array, bias: float) -> Mistakes:
    """Wrong ways to count the positions at which a detector responds.

    Parameters
    ----------
    kernel : the detector's weights, for pixels in [0, 1]; shape (k_h, k_w).
    bias : what is added to each response.

    Examples
    --------
    >>> wrong = stroke_mistakes(np.ones((1, 1)), -0.5)
    >>> [text.partition(":")[0] for text in wrong][:2]
    ['not scaled', 'divided into whole numbers']
    """

    def maps(images: Array, *, scale: float = 255, bias: float = bias) -> Array:
        pixels = np.asarray(images)[..., None] / scale
        return conv2d(pixels, kernel[..., None, None], [bias])[..., 0]

    def count(maps: Array) -> Array:
        return np.asarray((maps > 0).sum(axis=(1, 2)))

    return {
        "not scaled: the bias is meant for pixels up to 1, and bytes go up to 255;"
        " divide the pixels, or multiply the bias": lambda images: count(
            maps(images, scale=1)
        ),
        "divided into whole numbers: // makes 0 of all pixels but the brightest; use"
        " /": lambda images: count(maps(images // 255, scale=1)),
        "bias forgotten: without it the faintest response counts": (
            lambda images: count(maps(images, bias=0))
        ),
        "maps not counted: give one number for each picture": lambda images: maps(
            images
        )[..., None],
        "strengths added: count the positions": lambda images: np.maximum(
            maps(images), 0
        ).sum(axis=(1, 2)),
        "a share: give the number of positions": lambda images: (maps(images) > 0).mean(
            axis=(1, 2)
        ),
        "yes or no: count the positions": lambda images: (
            maps(images).max(axis=(1, 2)) > 0
        ),
        "below the threshold: count where the response and the bias add up to more than"
        " 0": lambda images: count(-maps(images)),
    }
