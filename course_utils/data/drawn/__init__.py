"""Stand-ins for the four image sets, drawn by code.

For a machine without the real pictures: the same shapes, types and counts, and hard
enough that a better net scores better (``benchmarks/stand_ins.py`` measures it).
Nothing that is learnt from them says anything about the real sets.

Each picture depends on the seed, the set, the split and its place in the split, on
nothing else: a small set is the beginning of the large one, and every run on every
machine draws the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from course_utils.data.drawn import digits, garments, objects, pets
from course_utils.data.drawn.dice import Dice, Field, grain, shuffled_labels
from course_utils.errors import CourseError

__all__ = ["NAMES", "VERSION", "draw"]

VERSION = "2"
"""Changes whenever a picture changes; files of drawn pictures are kept under it."""

Images = NDArray[np.uint8]


class _Set(NamedTuple):
    drawer: Callable[[int, Dice], Field]
    shape: tuple[int, ...]
    classes: int
    n_train: int
    n_test: int
    noise: float  # standard deviation of the camera noise, 0–1 scale
    block: int  # pictures drawn at a time: bounds the memory, changes no picture


_SETS = {
    "mnist": _Set(digits.draw_digit, (28, 28), 10, 60_000, 10_000, 0.0, 1000),
    "fashion_mnist": _Set(
        garments.draw_garment, (28, 28), 10, 60_000, 10_000, 0.02, 1000
    ),
    "cifar10": _Set(objects.draw_object, (32, 32, 3), 10, 50_000, 10_000, 0.055, 500),
    "cats_vs_dogs": _Set(pets.draw_pet, (128, 128, 3), 2, 4_000, 1_000, 0.03, 8),
}

NAMES = tuple(_SETS)


def draw(
    name: str, n_train: int | None = None, n_test: int | None = None, *, seed: int = 0
) -> dict[str, Images]:
    """Draw a stand-in for one of the image sets.

    Parameters
    ----------
    name : "mnist", "fashion_mnist", "cifar10" or "cats_vs_dogs".
    n_train, n_test : number of pictures; by default as many as the real set has.
        A smaller set is the beginning of a larger one.
    seed : another whole number draws other pictures.

    Returns
    -------
    dict with ``x_train``, ``y_train``, ``x_test``, ``y_test``, all uint8: pictures of
    shape (n, height, width) or (n, height, width, 3), 0 to 255, and labels (n,). The
    classes are balanced, to one picture each.

    Raises
    ------
    CourseError : if there is no such set, or a count or the seed is negative.

    Examples
    --------
    >>> pictures = draw("cifar10", n_train=20, n_test=10)
    >>> pictures["x_train"].shape, pictures["y_test"].shape
    ((20, 32, 32, 3), (10,))
    """
    if name not in _SETS:
        known = ", ".join(NAMES)
        raise CourseError(f"There is no drawn set “{name}”; there are {known}.")
    kind = _SETS[name]
    counts = {
        "train": kind.n_train if n_train is None else n_train,
        "test": kind.n_test if n_test is None else n_test,
    }
    if min(*counts.values(), seed) < 0:
        raise CourseError("n_train, n_test and seed must not be negative.")
    arrays: dict[str, Images] = {}
    for split, n in counts.items():
        x, y = _draw_split(kind, f"{name}/{split}", n, seed)
        arrays |= {f"x_{split}": x, f"y_{split}": y}
    return arrays


def _draw_split(kind: _Set, stream: str, n: int, seed: int) -> tuple[Images, Images]:
    labels = shuffled_labels(n, kind.classes, seed, stream)
    images = np.empty((n, *kind.shape), dtype=np.uint8)
    for start in range(0, n, kind.block):
        stop = min(start + kind.block, n)
        images[start:stop] = _draw_block(kind, labels[start:stop], stream, start, seed)
    return images, labels


def _draw_block(
    kind: _Set, labels: Images, stream: str, start: int, seed: int
) -> Images:
    """Draw the pictures of a block, class by class, and round them to bytes."""
    n = len(labels)
    dice = Dice.of_pictures(seed, stream, start, start + n)
    block = np.empty((n, *kind.shape), dtype=np.float32)
    for label in range(kind.classes):
        rows = np.flatnonzero(labels == label)
        if len(rows):
            block[rows] = kind.drawer(label, dice.pick(rows))
    block *= 255
    if kind.noise:
        pixels = block[0].size
        noise = grain(seed, stream, start, start + n, pixels)
        block += np.float32(kind.noise * 255 / 104.5) * noise.reshape(block.shape)
    np.minimum(np.maximum(block, 0, out=block), 255, out=block)
    return (block + np.float32(0.5)).astype(np.uint8)
