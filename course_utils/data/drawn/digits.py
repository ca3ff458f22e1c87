"""Handwritten digits: pen strokes along bent skeletons.

Each way of writing a digit is a list of strokes through a few control points. For every
picture the points are shaken, the digit is slanted, turned, stretched and moved, and
the pen has its own width.
"""

from __future__ import annotations

import numpy as np

from course_utils.data.drawn.dice import Dice, Field
from course_utils.data.drawn.shapes import (
    cover,
    paint,
    pixel_grid,
    polyline,
    rotation,
    union,
)

SIZE = 28
PIXEL = 2 / SIZE
SAMPLES_PER_SPAN = 3

Stroke = tuple[tuple[float, float], ...]
Skeleton = tuple[Stroke, ...]

# Control points (x, y), y downwards; a new stroke where the pen turns sharply.
SKELETONS: tuple[tuple[Skeleton, ...], ...] = (
    (  # 0
        (((0.1, -0.7), (-0.4, -0.4), (-0.42, 0.3), (0.0, 0.7), (0.42, 0.3),
          (0.4, -0.4), (0.0, -0.68)),),
        (((0.25, -0.6), (-0.25, -0.6), (-0.45, 0.05), (-0.15, 0.68), (0.35, 0.45),
          (0.42, -0.2), (0.15, -0.66), (-0.1, -0.6)),),
    ),
    (  # 1
        (((0.02, -0.7), (0.0, 0.0), (-0.02, 0.7)),),
        (((0.0, -0.7), (0.0, 0.0), (0.0, 0.7)),),
        (((-0.28, -0.4), (0.04, -0.7)), ((0.04, -0.7), (0.02, 0.0), (0.0, 0.7))),
        (((-0.25, -0.45), (0.04, -0.7)), ((0.04, -0.7), (0.02, 0.68)),
         ((-0.3, 0.68), (0.32, 0.68))),
    ),
    (  # 2
        (((-0.4, -0.4), (-0.1, -0.7), (0.35, -0.45), (0.15, 0.05), (-0.42, 0.65)),
         ((-0.42, 0.65), (0.0, 0.62), (0.45, 0.66))),
        (((-0.4, -0.45), (0.0, -0.7), (0.35, -0.35), (0.05, 0.2), (-0.35, 0.6),
          (-0.42, 0.4), (-0.1, 0.45), (0.45, 0.65)),),
    ),
    (  # 3
        (((-0.38, -0.55), (0.0, -0.7), (0.35, -0.4), (-0.08, -0.04)),
         ((-0.08, -0.04), (0.38, 0.15), (0.25, 0.6), (-0.12, 0.7), (-0.42, 0.5))),
        (((-0.35, -0.66), (0.35, -0.66)), ((0.35, -0.66), (-0.05, -0.12)),
         ((-0.05, -0.12), (0.4, 0.15), (0.2, 0.65), (-0.4, 0.55))),
    ),
    (  # 4
        (((-0.3, -0.65), (-0.4, 0.1)), ((-0.4, 0.1), (0.0, 0.08), (0.42, 0.08)),
         ((0.22, -0.6), (0.2, 0.0), (0.16, 0.72))),
        (((0.2, -0.7), (-0.42, 0.2)), ((-0.42, 0.2), (0.45, 0.2)),
         ((0.2, -0.7), (0.2, 0.0), (0.2, 0.7))),
    ),
    (  # 5
        (((0.4, -0.65), (-0.28, -0.65)), ((-0.28, -0.65), (-0.34, -0.08)),
         ((-0.34, -0.08), (0.1, -0.2), (0.42, 0.2), (0.12, 0.66), (-0.4, 0.55))),
        (((0.4, -0.6), (0.0, -0.66), (-0.25, -0.5), (-0.28, -0.1), (0.1, -0.08),
          (0.36, 0.3), (0.05, 0.68), (-0.38, 0.55)),),
    ),
    (  # 6
        (((0.25, -0.7), (-0.2, -0.3), (-0.4, 0.25), (-0.1, 0.68), (0.32, 0.45),
          (0.2, 0.05), (-0.15, 0.1), (-0.36, 0.4)),),
        (((-0.05, -0.72), (-0.32, 0.0), (-0.25, 0.6), (0.2, 0.66), (0.32, 0.25),
          (0.0, 0.08), (-0.3, 0.3)),),
    ),
    (  # 7
        (((-0.42, -0.6), (0.0, -0.62), (0.42, -0.64)),
         ((0.42, -0.64), (0.1, 0.0), (-0.12, 0.7))),
        (((-0.42, -0.45), (-0.36, -0.64)), ((-0.36, -0.64), (0.4, -0.62)),
         ((0.4, -0.62), (0.05, 0.1), (-0.05, 0.7))),
        (((-0.42, -0.62), (0.42, -0.64)), ((0.42, -0.64), (0.1, 0.0), (-0.15, 0.7)),
         ((-0.2, 0.05), (0.35, 0.02))),
    ),
    (  # 8
        (((0.3, -0.5), (-0.05, -0.7), (-0.32, -0.4), (0.0, -0.05), (0.35, 0.32),
          (0.0, 0.7), (-0.35, 0.35), (0.0, -0.04), (0.32, -0.4), (0.15, -0.64)),),
        (((0.0, -0.05), (-0.3, -0.4), (0.02, -0.7), (0.3, -0.4), (0.0, -0.05),
          (-0.36, 0.35), (0.0, 0.7), (0.36, 0.35), (0.0, -0.05)),),
    ),
    (  # 9
        (((0.32, -0.4), (0.0, -0.68), (-0.34, -0.35), (-0.05, -0.05), (0.3, -0.25)),
         ((0.32, -0.45), (0.28, 0.1), (0.2, 0.7))),
        (((0.32, -0.35), (0.0, -0.68), (-0.34, -0.3), (0.0, -0.02), (0.3, -0.4),
          (0.34, 0.1), (0.15, 0.6), (-0.25, 0.66)),),
    ),
)  # fmt: skip


def draw_digit(label: int, dice: Dice) -> Field:
    """Draw a digit once for each picture of the dice, shape (n, 28, 28), 0 to 1."""
    variants = SKELETONS[label]
    images = np.empty((len(dice), SIZE, SIZE), dtype=np.float32)
    chosen = dice.choice(len(variants))
    for number, skeleton in enumerate(variants):
        rows = np.flatnonzero(chosen == number)
        if len(rows):
            images[rows] = _write(skeleton, dice.pick(rows))
    return images


def _write(skeleton: Skeleton, dice: Dice) -> Field:
    """Ink of one way of writing a digit, shape (n, 28, 28)."""
    x, y = pixel_grid(SIZE)
    hand = _Hand(dice)
    ink = union(
        *(polyline(x, y, _curve(hand.move(stroke, dice))) for stroke in skeleton)
    )
    pen = dice.uniform(0.045, 0.125)
    image = np.zeros(ink.shape, dtype=np.float32)
    paint(image, cover(ink - pen, PIXEL * 1.5), dice.uniform(0.8, 1.0))
    return image


class _Hand:
    """How somebody writes: size, slant, turn, bend and place of the whole digit."""

    def __init__(self, dice: Dice) -> None:
        self.cosine, self.sine = (part[..., 0] for part in rotation(dice.spread(0.14)))
        self.width = 0.93 + dice.spread(0.16)[..., 0]
        self.height = 0.93 + dice.spread(0.1)[..., 0]
        self.slant = 0.14 + dice.spread(0.21)[..., 0]
        self.bend = dice.spread(0.14)[..., 0]
        self.shift_x = dice.spread(0.07)[..., 0]
        self.shift_y = dice.spread(0.07)[..., 0]

    def move(self, stroke: Stroke, dice: Dice) -> Field:
        """Control points of a stroke for each picture, shape (n, points, 2)."""
        points = np.asarray(stroke, dtype=np.float32)
        x = points[:, 0] + dice.spread(0.07, len(points))[..., 0]
        y = points[:, 1] + dice.spread(0.07, len(points))[..., 0]
        x = x * self.width - y * self.slant + self.bend * (y * y - np.float32(0.2))
        y = y * self.height
        turned_x = self.cosine * x - self.sine * y + self.shift_x
        turned_y = self.sine * x + self.cosine * y + self.shift_y
        return np.stack([turned_x, turned_y], axis=2).astype(np.float32)


def _curve(points: Field) -> Field:
    """A smooth line through control points (Catmull–Rom), sampled as a polyline."""
    if points.shape[1] == 2:
        return points
    padded = np.concatenate([points[:, :1], points, points[:, -1:]], axis=1)
    before, start, end, after = (
        padded[:, i : padded.shape[1] - 3 + i] for i in range(4)
    )
    samples = []
    for step in range(SAMPLES_PER_SPAN):
        t = np.float32(step / SAMPLES_PER_SPAN)
        cubic = 3 * (start - end) + after - before
        square = 2 * before - 5 * start + 4 * end - after
        slope = end - before
        samples.append(start + t * (slope + t * (square + t * cubic)) / 2)
    curve = np.stack(samples, axis=2).reshape(len(points), -1, 2)
    return np.concatenate([curve, points[:, -1:]], axis=1)
