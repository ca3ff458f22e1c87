"""Shapes as signed distances, and painting with them.

A shape is a function that says for every pixel how far it lies outside the outline
(negative: inside). Distances make soft edges of the right width for any pixel size,
join by a minimum and cut by a maximum.

Only +, −, ×, ÷, √, minimum and maximum are used: IEEE 754 fixes their results to the
last bit, so that a picture is the same on every machine. Sine and exponential are not.

Coordinates run from −1 to 1, x to the right and y downwards. Arrays of pixels have
shape (n, height, width), numbers per picture (n, 1, 1).

The distances follow I. Quilez, "2D distance functions" (iquilezles.org).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from course_utils.data.drawn.dice import Dice, Field

Number = float | np.floating | Field
Point = tuple[Number, Number]

_TINY = np.float32(1e-6)  # keeps the division finite where a line has no length


def pixel_grid(size: int) -> tuple[Field, Field]:
    """Pixel centres: x of shape (1, 1, size) and y of shape (1, size, 1)."""
    steps = np.arange(size, dtype=np.float32)
    centres: Field = (2 * steps + 1) / np.float32(size) - 1
    return centres[None, None, :], centres[None, :, None]


def rotation(angle: Field) -> tuple[Field, Field]:
    """Cosine and sine of a turn by about ``angle`` radians.

    From the tangent t of the half angle: ((1 − t²), 2t) / (1 + t²) is a true rotation
    for every t, and t is taken from the first two terms of its series.
    """
    half = angle * np.float32(0.5)
    tangent = half + half * half * half * np.float32(1 / 3)
    square = tangent * tangent
    return (1 - square) / (1 + square), 2 * tangent / (1 + square)


def placed(
    x: Field, y: Field, centre: Point, scale: Number, angle: Number = 0.0
) -> tuple[Field, Field]:
    """Pixel coordinates as seen from a thing that is moved, scaled and turned."""
    cosine, sine = rotation(np.asarray(angle, dtype=np.float32))
    x, y = x - centre[0], y - centre[1]
    along, across = x * cosine + y * sine, y * cosine - x * sine
    return along / scale, across / scale


def ellipse(x: Field, y: Field, centre: Point, radii: Point) -> Field:
    """Distance to a filled ellipse, exact on its outline and close to it near it."""
    dx, dy = (x - centre[0]) / radii[0], (y - centre[1]) / radii[1]
    smaller = np.minimum(radii[0], radii[1])
    distance: Field = (np.sqrt(dx * dx + dy * dy) - 1) * smaller
    return distance


def box(x: Field, y: Field, centre: Point, half: Point, corner: Number = 0.0) -> Field:
    """Distance to a rectangle of half sizes ``half`` with rounded corners."""
    dx = abs(x - centre[0]) - half[0] + corner
    dy = abs(y - centre[1]) - half[1] + corner
    outside_x, outside_y = np.maximum(dx, 0), np.maximum(dy, 0)
    outside = np.sqrt(outside_x * outside_x + outside_y * outside_y)
    distance: Field = outside + np.minimum(np.maximum(dx, dy), 0) - corner
    return distance


def limb(
    x: Field,
    y: Field,
    start: Point,
    end: Point,
    radius: Number,
    tip: Number | None = None,
) -> Field:
    """Distance to a thick line with round ends; its radius may change to ``tip``."""
    length_x, length_y = end[0] - start[0], end[1] - start[1]
    square = length_x * length_x + length_y * length_y + _TINY
    dx, dy = x - start[0], y - start[1]
    along = dx * (length_x / square) + dy * (length_y / square)
    along = np.minimum(np.maximum(along, 0), 1)
    dx, dy = dx - along * length_x, dy - along * length_y
    distance: Field = np.sqrt(dx * dx + dy * dy) - radius
    return distance if tip is None else distance + along * (radius - tip)


def convex(x: Field, y: Field, corners: Sequence[Point]) -> Field:
    """Distance to a convex polygon, corners clockwise as seen on the page."""
    distance: Field = np.full((1, 1, 1), -np.inf, dtype=np.float32)
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        out_x, out_y = np.float32(y1 - y0), np.float32(x0 - x1)
        length = np.sqrt(out_x * out_x + out_y * out_y)
        out_x, out_y = out_x / length, out_y / length
        side = x * out_x + y * out_y - (x0 * out_x + y0 * out_y)
        distance = np.maximum(distance, side)
    return distance


def polyline(x: Field, y: Field, points: Field) -> Field:
    """Distance to the line through ``points``, which has shape (n, points, 2)."""
    nearest: Field = np.full((1, 1, 1), np.inf, dtype=np.float32)
    for i in range(points.shape[1] - 1):
        start = points[:, i, :, None, None]
        step = points[:, i + 1, :, None, None] - start
        dx, dy = x - start[:, 0], y - start[:, 1]
        square = step[:, 0] * step[:, 0] + step[:, 1] * step[:, 1] + _TINY
        along = dx * (step[:, 0] / square) + dy * (step[:, 1] / square)
        along = np.minimum(np.maximum(along, 0, out=along), 1, out=along)
        dx, dy = dx - along * step[:, 0], dy - along * step[:, 1]
        square = dx * dx
        square += dy * dy
        nearest = np.minimum(nearest, square)
    distance: Field = np.sqrt(nearest)
    return distance


def union(*distances: Field) -> Field:
    """All of the shapes together."""
    joined = distances[0]
    for distance in distances[1:]:
        joined = np.minimum(joined, distance)
    return joined


def cut(distance: Field, *holes: Field) -> Field:
    """The shape without the holes."""
    for hole in holes:
        distance = np.maximum(distance, -hole)
    return distance


def cover(distance: Field, pixel: Number) -> Field:
    """How much of each pixel a shape covers, 0 to 1; ``pixel`` is a pixel's width."""
    covered: Field = np.minimum(np.maximum(0.5 - distance / pixel, 0), 1)
    return covered


def paint(canvas: Field, coverage: Field, colour: Number) -> None:
    """Lay a colour over the canvas, in place."""
    canvas += coverage * (colour - canvas)


def clouds(dice: Dice, size: int, cells: int) -> Field:
    """Smooth random field of shape (n, size, size), 0 to 1: value noise."""
    lattice = dice.uniforms((cells + 1) ** 2, 0, 1).reshape(-1, cells + 1, cells + 1)
    place = (np.arange(size, dtype=np.float32) + 0.5) * np.float32(cells / size)
    cell = place.astype(np.intp)
    inside = place - np.floor(place)
    weight = inside * inside * (3 - 2 * inside)
    above, below = lattice[:, cell], lattice[:, cell + 1]
    rows = above + weight[:, None] * (below - above)
    left, right = rows[:, :, cell], rows[:, :, cell + 1]
    smooth: Field = left + weight * (right - left)
    return smooth


def stripes(x: Field, period: Number) -> Field:
    """A triangle wave along x between 0 and 1."""
    phase = x / period
    wave: Field = abs(2 * (phase - np.floor(phase)) - 1)
    return wave


def colours(dice: Dice, palette: NDArray[np.float32], jitter: float) -> Field:
    """A random colour of a palette (m, 3) for each picture, shape (3, n, 1, 1)."""
    return tinted(dice, palette[dice.choice(len(palette))], jitter)


def tinted(dice: Dice, colour: Field, jitter: float) -> Field:
    """Colours (n, 3), each a little brighter or darker and off, shape (3, n, 1, 1)."""
    brighter = 1 + dice.uniforms(1, -2 * jitter, 2 * jitter)
    shifted = colour * brighter + dice.uniforms(3, -jitter, jitter)
    return np.minimum(np.maximum(shifted, 0), 1).T[:, :, None, None]
