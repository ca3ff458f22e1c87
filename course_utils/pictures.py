"""Pictures drawn by code, for looking at filters: an X, an O and a zebra."""

from collections.abc import Iterable
from functools import reduce

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SAMPLES = 3  # points per pixel and axis, averaged: smooth outlines


def x_and_o(size: int = 6) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Two binary pictures, one of an X and one of an O.

    Parameters
    ----------
    size : height and width in pixels, at least 5.

    Returns
    -------
    x, o : int64 arrays (size, size) of 0 (ground) and 1 (stroke).

    Raises
    ------
    ValueError : if the pictures would be too small to show a stroke.

    Examples
    --------
    >>> x, o = x_and_o()
    >>> print(x)
    [[1 0 0 0 0 1]
     [0 1 0 0 1 0]
     [0 0 1 1 0 0]
     [0 0 1 1 0 0]
     [0 1 0 0 1 0]
     [1 0 0 0 0 1]]
    >>> print(o)
    [[0 1 1 1 1 0]
     [1 0 0 0 0 1]
     [1 0 0 0 0 1]
     [1 0 0 0 0 1]
     [1 0 0 0 0 1]
     [0 1 1 1 1 0]]
    """
    if size < 5:
        raise ValueError(f"An X or an O needs at least 5 pixels a side, not {size}.")
    diagonal = np.eye(size, dtype=np.int64)
    x = np.maximum(diagonal, diagonal[:, ::-1])
    o = np.zeros((size, size), dtype=np.int64)
    o[[0, -1], 1:-1] = 1
    o[1:-1, [0, -1]] = 1
    return x, o


def zebra(size: int = 128, angle: float = 0.0, seed: int = 0) -> NDArray[np.float32]:
    """A zebra on a grey plain, its coat striped from back to belly.

    Parameters
    ----------
    size : height and width in pixels, at least 16.
    angle : turn of the whole picture in degrees, counter-clockwise; at 0 the zebra
        stands and most of its stripes are vertical, at 90 they are horizontal.
    seed : chooses the animal: the number, the bends and the start of its stripes.

    Returns
    -------
    float32 array (size, size) from 0 (black) to 1 (white).

    Raises
    ------
    ValueError : if the picture would be too small to show stripes.

    Examples
    --------
    >>> picture = zebra(64)
    >>> picture.shape, picture.dtype
    ((64, 64), dtype('float32'))
    >>> bool(picture.min() >= 0 and picture.max() <= 1)
    True

    A standing zebra changes more along a row than down a column:

    >>> along_rows, down_columns = (np.diff(picture, axis=a).std() for a in (1, 0))
    >>> bool(along_rows > 1.2 * down_columns)
    True
    """
    if size < 16:
        raise ValueError(f"A zebra needs at least 16 pixels a side, not {size}.")
    x, y = _turned_grid(size, angle)
    picture = 0.62 - 0.06 * np.tanh(8 * (y - 0.45))  # sky above, plain below
    for part, shade in _parts(x, y, np.random.default_rng(seed)):
        picture = np.where(part <= 0, shade, picture)
    samples = picture.reshape(size, _SAMPLES, size, _SAMPLES)
    pixels: NDArray[np.float32] = samples.mean(axis=(1, 3), dtype=np.float32)
    return pixels


def _turned_grid(size: int, angle: float) -> tuple[Floats, Floats]:
    """Coordinates of every sample, from -1 to 1; x to the right, y downwards."""
    points = size * _SAMPLES
    axis = (np.arange(points) + 0.5) / points * 2 - 1
    x, y = np.meshgrid(axis, axis)
    turn = np.deg2rad(angle)
    return x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)


def _parts(
    x: Floats, y: Floats, rng: np.random.Generator
) -> list[tuple[Floats, Floats | float]]:
    """Signed distances (negative inside) and shades, the furthest part first."""
    bend = rng.uniform(0.02, 0.05)
    start = rng.uniform(0, 2 * np.pi)
    across = x + bend * np.sin(4 * y + start) + 0.10 * y * (x + 0.1)
    coat = _stripes(across, rng.uniform(10.5, 12.5), start)
    # Legs, neck and head are ringed.
    leg_coat = _stripes(y, 10.0, start)
    neck_coat = _stripes(0.53 * x - 0.85 * y, 12.0, start)
    head_coat = _stripes(0.7 * (x + y), 18.0, start)

    body = _union(
        [
            _ellipse(x, y, (-0.10, -0.02), (0.52, 0.29)),
            _ellipse(x, y, (-0.40, -0.03), (0.27, 0.29)),
            _ellipse(x, y, (0.22, -0.03), (0.24, 0.28)),
        ]
    )
    neck = _limb(x, y, (0.26, -0.14), (0.52, -0.56), 0.19, 0.11)
    head = _limb(x, y, (0.53, -0.60), (0.76, -0.36), 0.115, 0.075)
    muzzle = _limb(x, y, (0.74, -0.385), (0.77, -0.35), 0.08, 0.07)
    mane = _limb(x, y, (0.13, -0.33), (0.45, -0.74), 0.05, 0.055)
    ears = _union(
        [
            _limb(x, y, (0.46, -0.68), (0.42, -0.82), 0.05, 0.02),
            _limb(x, y, (0.53, -0.69), (0.54, -0.84), 0.05, 0.02),
        ]
    )
    tail = _limb(x, y, (-0.63, -0.12), (-0.75, 0.24), 0.025, 0.025)
    tuft = _limb(x, y, (-0.74, 0.20), (-0.77, 0.36), 0.045, 0.02)
    cheek = _ellipse(x, y, (0.575, -0.575), (0.055, 0.055))
    eye = _ellipse(x, y, (0.58, -0.58), (0.03, 0.03))

    def legs(*tops: float) -> Floats:
        return _union(_limb(x, y, (t, 0.15), (t, 0.80), 0.10, 0.048) for t in tops)

    def hooves(*tops: float) -> Floats:
        return _union(
            _limb(x, y, (t, 0.82), (t + 0.02, 0.84), 0.05, 0.055) for t in tops
        )

    return [
        (legs(-0.34, 0.16), 0.75 * leg_coat),
        (hooves(-0.34, 0.16), 0.1),
        (tail, 0.9),
        (tuft, 0.05),
        (mane, 0.05),
        (legs(-0.52, 0.33), leg_coat),
        (hooves(-0.52, 0.33), 0.1),
        (neck, neck_coat),
        (body, coat),
        (ears, 0.15),
        (head, head_coat),
        (cheek, 0.97),
        (muzzle, 0.08),
        (eye, 0.02),
    ]


def _union(distances: Iterable[Floats]) -> Floats:
    """The distance to whichever shape is nearest."""
    return reduce(np.minimum, distances)


def _stripes(along: Floats, count: float, start: float) -> Floats:
    """White with black stripes, ``count`` of them from -1 to 1 of ``along``."""
    white = np.sin(np.pi * count * along + start) > 0.05
    return 0.06 + 0.91 * white.astype(np.float64)


def _ellipse(
    x: Floats, y: Floats, centre: tuple[float, float], radii: tuple[float, float]
) -> Floats:
    """Negative inside the ellipse."""
    across, down = (x - centre[0]) / radii[0], (y - centre[1]) / radii[1]
    distance: Floats = across**2 + down**2 - 1
    return distance


def _limb(
    x: Floats,
    y: Floats,
    start: tuple[float, float],
    end: tuple[float, float],
    width: float,
    end_width: float,
) -> Floats:
    """Distance to a rounded limb that tapers from ``width`` to ``end_width``."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    along = ((x - start[0]) * dx + (y - start[1]) * dy) / (dx**2 + dy**2)
    along = np.clip(along, 0, 1)
    distance: Floats = np.hypot(x - start[0] - along * dx, y - start[1] - along * dy)
    return distance - (width + along * (end_width - width))
