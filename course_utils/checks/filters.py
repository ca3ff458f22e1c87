"""Mistakes that belong to single questions of the assignment on filters.

They are what the argument ``mistakes`` of the checks takes: by ``"name: hint"``, the
answer that the mistake gives or a function with the mistake in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.conv import correlate2d

Array = NDArray[Any]
Mistakes = dict[str, Callable[..., object]]

_PADDED = "padded: a kernel of k pixels cannot start at each of n"
_BEYOND = "padded: the kernel must not reach beyond the picture"
_PLACES = "off by one: a kernel of k pixels can start at n − k + 1 of n"

SIZE_MISTAKES: dict[str, dict[str, object]] = {
    "digit_map": {_PADDED: (28, 28), _BEYOND: (32, 32), _PLACES: (23, 23)},
    "photo_map": {
        _PADDED: (480, 640),
        _BEYOND: (482, 646),
        _PLACES: (477, 633),
        "swapped axes: rows come first": (634, 478),
        "kernel axes swapped: 3 is its height, 7 its width": (474, 638),
    },
    "twice_map": {
        _PADDED: (28, 28),
        _BEYOND: (34, 34),
        _PLACES: (20, 20),
        "off by one: each of the two filters has its own + 1": (21, 21),
        "one filter only: the second slides over the map of the first": (24, 24),
        "picture twice: the second filter slides over the map of the first": (26, 26),
    },
    "kernel_size": {_PLACES: 6},
}
"""What predicted sizes are after a mistake; by variable, then by mistake."""


def energy_mistakes(kernels: Mapping[str, Array]) -> Mistakes:
    """Other ways than energy to find the kernel that responds most.

    Parameters
    ----------
    kernels : the kernels to choose from, by name.

    Examples
    --------
    >>> kernels = {"level": np.array([[-1], [1]]), "upright": np.array([[-1, 1]])}
    >>> stripes = np.array([[0, 1, 0, 1]] * 4)
    >>> energy_mistakes(kernels)["smallest energy: the largest is asked for"](stripes)
    'level'
    """

    def most(measure: Callable[[Array], float]) -> Callable[..., object]:
        def name(picture: Array) -> str:
            maps = {key: correlate2d(picture, k) for key, k in kernels.items()}
            return max(maps, key=lambda key: measure(maps[key]))

        return name

    cancel = "positive and negative responses cancel, so square each one first"
    return {
        f"sum instead of energy: {cancel}": most(lambda m: float(m.sum())),
        f"square of the sum: {cancel}": most(lambda m: float(m.sum() ** 2)),
        "largest value instead of energy: one bright spot decides alone": most(
            lambda m: float(m.max())
        ),
        "smallest energy: the largest is asked for": most(
            lambda m: -float((m**2).sum())
        ),
    }


def shift_mistakes() -> Mistakes:
    """Wrong ways to compare moving a picture with moving its feature map.

    Examples
    --------
    >>> names = [text.partition(":")[0] for text in shift_mistakes()]
    >>> names[:3]
    ['one way twice', 'map not moved', 'picture not moved']
    """

    def gap(
        picture_by: Callable[[int, int], tuple[int, int]] = lambda d, r: (d, r),
        map_by: Callable[[int, int], tuple[int, int]] = lambda d, r: (d, r),
        measure: Callable[[Array], Array] = np.abs,
    ) -> Callable[..., object]:
        def compare(image: Array, kernel: Array, down: int, right: int) -> Array:
            moved = np.roll(image, picture_by(down, right), axis=(0, 1))
            feature_map = correlate2d(image, kernel)
            filtered = np.roll(feature_map, map_by(down, right), axis=(0, 1))
            return measure(correlate2d(moved, kernel) - filtered)

        return compare

    def stay(down: int, right: int) -> tuple[int, int]:
        return 0, 0

    def back(down: int, right: int) -> tuple[int, int]:
        return -down, -right

    def across(down: int, right: int) -> tuple[int, int]:
        return right, down

    absolute = "the absolute value of the difference is asked for"
    return {
        "one way twice: one moves first, the other filters first": gap(stay, stay),
        "map not moved: after filtering, the feature map must move too": gap(
            map_by=stay
        ),
        "picture not moved: it must move before it is filtered": gap(picture_by=stay),
        "moved the other way: picture and map both move by (down, right)": gap(
            map_by=back
        ),
        "swapped axes: axis 0 goes down, axis 1 to the right": gap(across, across),
        f"no absolute value: {absolute}": gap(measure=np.positive),
        f"negative difference: {absolute}": gap(measure=np.negative),
        f"squared difference: {absolute}": gap(measure=np.square),
    }


def colour_mistakes() -> Mistakes:
    """Wrong ways to filter a picture that has several channels.

    Examples
    --------
    >>> [hint.partition(":")[0] for hint in colour_mistakes()]
    ['three channels only', 'grey first', 'grey picture']
    """

    def of_channels(channels: Callable[[Array], Array]) -> Callable[..., object]:
        def answer(image: Array, kernel: Array) -> Array:
            pairs = zip(channels(image).T, channels(kernel).T, strict=True)
            maps = [correlate2d(one.T, weights.T) for one, weights in pairs]
            return np.asarray(np.sum(maps, axis=0))

        return answer

    grey = "the channels are mixed before each has met its own weights"
    return {
        "three channels only: take as many as the picture has": of_channels(
            lambda a: a[:, :, :3]
        ),
        f"grey first: {grey}": of_channels(lambda a: a.mean(axis=2, keepdims=True)),
        f"grey picture: {grey}": of_channels(lambda a: a.sum(axis=2, keepdims=True)),
    }
