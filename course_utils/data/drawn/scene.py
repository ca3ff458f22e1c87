"""A colour picture in the making: ground, clutter, a figure in it, light over all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from course_utils.data.drawn.dice import Dice, Field
from course_utils.data.drawn.shapes import (
    Number,
    box,
    clouds,
    colours,
    convex,
    cover,
    ellipse,
    limb,
    paint,
    pixel_grid,
    placed,
    stripes,
    tinted,
)


def rgb(*codes: str) -> NDArray[np.float32]:
    """Colours from hexadecimal codes such as "87ceeb", shape (m, 3), 0 to 1."""
    rows = [[int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)] for code in codes]
    return np.array(rows, dtype=np.float32)


ANY = rgb(
    "c0392b", "e67e22", "f1c40f", "27ae60", "16a085", "2980b9", "8e44ad", "7f8c8d",
    "2c3e50", "ecf0f1", "8d6e63", "d98880", "a9cce3", "f5cba7", "145a32", "1c1c1c",
)  # fmt: skip
FUR = rgb(
    "2b2320", "4a3728", "6f4e37", "8b5a2b", "a9744f", "c68e5b", "d9b38c", "efe0c9",
    "f7f3ee", "7a7672", "a8a39d", "554f4b", "b5651d",
)  # fmt: skip
GROUND = {
    "asphalt": "55585c", "blue": "6f9fd8", "dusk": "e8a070", "grass": "6f9a45",
    "grey": "9aa7b5", "leaf": "3f6b2f", "mud": "7a5f40", "night": "2b3550",
    "pale": "c9d9e8", "rose": "b9787a", "sand": "d9c08f", "sea": "2f6690",
    "snow": "eef2f5", "stone": "a39c92", "straw": "b5a050", "teal": "4d8f8a",
    "wall": "d8c3a5", "wood": "8e6a48",
}  # fmt: skip


def places(*pairs: str) -> NDArray[np.float32]:
    """Colours above and below the horizon from pairs such as "blue/sea", (m, 2, 3)."""
    return np.stack([rgb(*map(GROUND.__getitem__, pair.split("/"))) for pair in pairs])


ANYWHERE = places(*(f"{above}/{below}" for above in GROUND for below in GROUND))


class Scene:
    """Canvas of shape (3, n, size, size), 0 to 1, and the pixels' coordinates."""

    def __init__(self, dice: Dice, size: int) -> None:
        self.dice = dice
        self.size = size
        self.pixel = np.float32(2 / size)
        self.x, self.y = pixel_grid(size)
        self.canvas = np.empty((3, len(dice), size, size), dtype=np.float32)

    def ground(self, places: NDArray[np.float32]) -> None:
        """Two colours that meet at a horizon, each with soft patches.

        ``places`` has shape (m, 2, 3): the colours above and below in each place.
        """
        dice, size = self.dice, self.size
        horizon = dice.uniform(-0.5, 0.6)
        slope = dice.spread(0.15)
        blur = dice.uniform(2 / self.size, 0.5)
        under = cover(horizon + slope * self.x - self.y, blur)
        place = places[dice.choice(len(places))]
        self.canvas[:] = tinted(dice, place[:, 0], 0.06)
        paint(self.canvas, under, tinted(dice, place[:, 1], 0.06))
        patches = clouds(dice, size, 4) - np.float32(0.5)
        patches += (clouds(dice, size, 9) - np.float32(0.5)) * dice.uniform(0.2, 0.9)
        self.canvas *= 1 + dice.uniform(0.1, 0.6) * patches

    def clutter(self, pieces: int, chance: float, palette: NDArray[np.float32]) -> None:
        """Things that lie about: blobs, boxes, sticks and striped cloths."""
        for piece in range(pieces):
            dice = self.dice
            centre = (dice.uniform(-1.1, 1.1), dice.uniform(-1.1, 1.1))
            size = dice.uniform(0.12, 0.5)
            x, y = placed(self.x, self.y, centre, size, dice.uniform(-1.6, 1.6))
            thin = dice.uniform(0.15, 1.0)
            if piece % 3 == 0:
                shape = ellipse(x, y, (0, 0), (1, thin))
            elif piece % 3 == 1:
                shape = box(x, y, (0, 0), (1, thin), 0.1)
            else:
                shape = limb(x, y, (-1.5, 0), (1.5, 0), thin * np.float32(0.2))
            seen = cover(shape, self.pixel / size) * dice.chance(chance)
            weave = stripes(x, dice.uniform(0.2, 0.8)) - np.float32(0.5)
            seen *= dice.uniform(0.5, 1.0) * (1 + weave * dice.uniform(-0.6, 0.6))
            paint(self.canvas, seen, colours(dice, palette, 0.1))

    def haze(self, without: Field, most: float) -> None:
        """Let what was there before the figure shine through it, up to ``most``."""
        self.canvas += self.dice.uniform(0, most) * (without - self.canvas)

    def light(self) -> None:
        """Exposure, contrast, a cast of colour and a lamp from one side."""
        dice = self.dice
        lamp = dice.spread(0.15) * self.x + dice.spread(0.15) * self.y
        cast = 1 + np.swapaxes(dice.spread(0.06, 3), 0, 1)[..., None]
        middle, contrast = dice.uniform(0.35, 0.6), dice.uniform(0.6, 1.1)
        self.canvas -= np.float32(0.45)
        self.canvas *= contrast
        self.canvas += middle
        self.canvas *= cast
        self.canvas *= 1 + lamp

    def picture(self) -> Field:
        """The finished pictures, shape (n, size, size, 3)."""
        return self.canvas.transpose(1, 2, 3, 0)


class Figure:
    """A thing in a scene, in coordinates of its own: moved, sized, turned, mirrored."""

    def __init__(
        self,
        scene: Scene,
        size: tuple[float, float],
        shift: float,
        turn: float,
        mirrored: float = 0.5,
    ) -> None:
        dice = self.dice = scene.dice
        self.scene = scene
        scale = dice.uniform(*size)
        centre = (dice.uniform(-shift, shift), dice.uniform(-shift, shift))
        self.x, self.y = placed(scene.x, scene.y, centre, scale, dice.spread(turn))
        foreshortened = dice.uniform(0.7, 1.05)
        self.x = self.x * dice.either(mirrored, -1.0, 1.0) / foreshortened
        self.pixel = scene.pixel / scale
        self.sun = dice.uniform(0.0, 0.35)

    def fill(self, shape: Field, colour: Number, opacity: Number = 1.0) -> None:
        """Paint a shape, lighter above than below."""
        shade = 1 - self.sun * np.minimum(np.maximum(self.y, -1), 1)
        coverage = cover(shape, self.pixel) * opacity
        paint(self.scene.canvas, coverage, colour * shade)

    def colour(self, palette: NDArray[np.float32], jitter: float = 0.06) -> Field:
        """A colour for this figure, shape (3, n, 1, 1)."""
        return colours(self.dice, palette, jitter)

    def limb(self, *where: Number, radius: Number, tip: Number | None = None) -> Field:
        """Thick line from (x0, y0) to (x1, y1)."""
        x0, y0, x1, y1 = where
        return limb(self.x, self.y, (x0, y0), (x1, y1), radius, tip)

    def ellipse(self, *where: Number) -> Field:
        """Ellipse given by its centre and its two radii."""
        cx, cy, rx, ry = where
        return ellipse(self.x, self.y, (cx, cy), (rx, ry))

    def box(self, *where: Number, corner: Number = 0.0) -> Field:
        """Rectangle given by its centre and its two half sizes."""
        cx, cy, hx, hy = where
        return box(self.x, self.y, (cx, cy), (hx, hy), corner)

    def convex(self, *corners: tuple[Number, Number]) -> Field:
        """Convex polygon, corners clockwise as seen on the page."""
        return convex(self.x, self.y, corners)
