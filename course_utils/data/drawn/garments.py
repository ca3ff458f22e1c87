"""Garments: grey silhouettes with cloth, folds and patterns, photographed from above.

T-shirt, trousers, pullover, dress, coat, sandal, shirt, sneaker, bag and ankle boot, in
the order of Fashion-MNIST. Most are symmetric, so that |x| takes the place of x. The
four tops differ in sleeves, length and collar, and these overlap, as they do in shops.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_utils.data.drawn.dice import Dice, Field, Mask
from course_utils.data.drawn.shapes import (
    box,
    clouds,
    convex,
    cover,
    cut,
    ellipse,
    limb,
    paint,
    pixel_grid,
    placed,
    stripes,
    union,
)

SIZE = 28
PIXEL = np.float32(2 / SIZE)


class _Cloth:
    """A picture in the making: coordinates, dice, silhouette and its grey value."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        x, y = pixel_grid(SIZE)
        centre = (dice.uniform(-0.12, 0.12), dice.uniform(-0.1, 0.1))
        x, y = placed(x, y, centre, dice.uniform(0.84, 1.04), dice.spread(0.07))
        self.x, self.y = x * dice.uniform(0.9, 1.12), y
        self.side = abs(self.x)
        n = len(dice)
        self.image = np.zeros((n, SIZE, SIZE), dtype=np.float32)
        self.tone = dice.uniform(0.2, 1.0)

    def fill(self, shape: Field) -> None:
        """Lay cloth of a random pattern over a shape."""
        dice = self.dice
        grey = self.tone * (1 + self._pattern())
        folds = clouds(dice, SIZE, 5) - np.float32(0.5)
        grey = grey * (1 + dice.uniform(0.1, 0.5) * folds)
        edge = np.minimum(np.maximum(1 + shape * 5, 0), 1)
        grey = grey * (1 - dice.uniform(0.0, 0.35) * edge)
        paint(self.image, cover(shape, PIXEL), np.minimum(grey, 1))

    def _pattern(self) -> Field:
        """Plain, striped across, striped along, checked or printed."""
        dice = self.dice
        kind = dice.choice(8)[:, None, None]
        period = dice.uniform(0.18, 0.5)
        strength = dice.uniform(-0.7, 0.5)
        across, along = stripes(self.y, period), stripes(self.x, period)
        place = (dice.uniform(-0.1, 0.1), dice.uniform(-0.3, 0.2))
        print_ = box(self.x, self.y, place, (dice.uniform(0.1, 0.3), 0.15), 0.1)
        pattern = np.where(kind == 0, across, 0)
        pattern = np.where(kind == 1, along, pattern)
        pattern = np.where(kind == 2, across * along, pattern)
        pattern = np.where(kind == 3, cover(print_, PIXEL), pattern)
        return (strength * pattern).astype(np.float32)

    def line(self, shape: Field, strength: Field) -> None:
        """Draw a seam, button or lace: darker on light cloth, lighter on dark."""
        grey = np.where(self.tone > 0.5, self.tone - strength, self.tone + strength)
        paint(self.image, cover(shape, PIXEL), np.maximum(grey, 0))


def draw_garment(label: int, dice: Dice) -> Field:
    """Draw a garment once for each picture of the dice, shape (n, 28, 28), 0 to 1."""
    cloth = _Cloth(dice)
    _GARMENTS[label](cloth)
    return cloth.image


def _torso(c: _Cloth, width: Field, hem: Field, flare: Field) -> Field:
    """Front of a top: shoulders at −0.75, straight sides down to the hem."""
    shoulder = c.dice.uniform(-0.72, -0.62)
    return convex(
        c.side,
        c.y,
        [(-1, -0.8), (0.2, -0.8), (width, shoulder), (width + flare, hem), (-1, hem)],
    )


def _sleeve(c: _Cloth, width: Field, length: Field, angle: Field) -> Field:
    """Sleeve from the shoulder; ``angle`` is how far its end stands off sideways."""
    thick = c.dice.uniform(0.13, 0.19)
    start = (width - 0.1, -0.58)
    end = (width + angle, -0.58 + length)
    return limb(c.side, c.y, start, end, thick, thick * c.dice.uniform(0.6, 0.95))


def _neck(c: _Cloth, wide: Field, deep: Field) -> Field:
    return ellipse(c.side, c.y, (0, -0.84), (wide, deep))


def _top(c: _Cloth, long_sleeves: Mask, hem: Field) -> Field:
    """Torso, sleeves and neck of a T-shirt, shirt, pullover or coat."""
    dice = c.dice
    width, flare = dice.uniform(0.36, 0.5), dice.uniform(-0.05, 0.08)
    short = dice.uniform(0.2, 0.45)
    length = np.where(long_sleeves, dice.uniform(0.95, 1.3), short)
    angle = np.where(long_sleeves, dice.uniform(0.08, 0.3), dice.uniform(0.15, 0.35))
    shape = union(_torso(c, width, hem, flare), _sleeve(c, width, length, angle))
    return cut(shape, _neck(c, dice.uniform(0.16, 0.28), dice.uniform(0.08, 0.22)))


def _buttons(c: _Cloth, chance: float) -> None:
    """A front edge with buttons, on some of the garments."""
    dice = c.dice
    strength = np.where(dice.chance(chance), dice.uniform(0.04, 0.45), np.float32(0))
    edge = box(c.x, c.y, (0, 0.1), (0.012, 0.75))
    beads = np.maximum(abs(c.x) - 0.04, stripes(c.y, 0.3) * 0.15 - 0.05)
    c.line(np.maximum(union(edge, beads), abs(c.y) - 0.68), strength)


def _collar(c: _Cloth, chance: float, size: float) -> None:
    dice = c.dice
    strength = np.where(dice.chance(chance), dice.uniform(0.04, 0.5), np.float32(0))
    flap = limb(c.side, c.y, (0.22, -0.8), (0.04, -0.8 + size), 0.05)
    c.line(flap, strength)


def _t_shirt(c: _Cloth) -> None:
    c.fill(_top(c, c.dice.chance(0.08), c.dice.uniform(0.55, 0.85)))
    _collar(c, 0.15, 0.2)
    _buttons(c, 0.1)


def _shirt(c: _Cloth) -> None:
    c.fill(_top(c, c.dice.chance(0.6), c.dice.uniform(0.58, 0.88)))
    _collar(c, 0.75, 0.22)
    _buttons(c, 0.75)


def _pullover(c: _Cloth) -> None:
    c.fill(_top(c, c.dice.chance(0.94), c.dice.uniform(0.55, 0.85)))
    _collar(c, 0.15, 0.3)
    _buttons(c, 0.12)
    hem = np.maximum(abs(c.y - 0.62) - 0.02, c.side - 0.4)
    c.line(hem, c.dice.uniform(0.0, 0.3))


def _coat(c: _Cloth) -> None:
    c.fill(_top(c, c.dice.chance(0.96), c.dice.uniform(0.65, 0.95)))
    _collar(c, 0.75, 0.4)
    _buttons(c, 0.75)


def _trouser(c: _Cloth) -> None:
    dice = c.dice
    waist, foot = dice.uniform(0.22, 0.34), dice.uniform(0.1, 0.17)
    spread = dice.uniform(0.02, 0.22)
    top, end = dice.uniform(-0.9, -0.8), dice.uniform(0.78, 0.92)
    crotch = top + dice.uniform(0.35, 0.5)
    # The inseam, taken up to the waist, so that each leg is convex.
    inner = spread * (top - crotch) / (end - crotch)
    leg = convex(
        c.side, c.y,
        [(inner, top), (waist, top), (spread + 2 * foot, end), (spread, end)],
    )  # fmt: skip
    c.fill(leg)
    c.line(
        np.maximum(abs(c.y - top - 0.1) - 0.015, c.side - waist), dice.uniform(0, 0.3)
    )


def _dress(c: _Cloth) -> None:
    dice = c.dice
    bust, waist, hem = (
        dice.uniform(0.2, 0.3), dice.uniform(0.15, 0.26), dice.uniform(0.22, 0.5)
    )  # fmt: skip
    height = dice.uniform(-0.3, -0.05)
    bodice = convex(
        c.side, c.y,
        [(-1, -0.8), (0.16, -0.82), (bust, -0.6), (waist, height), (-1, height)],
    )  # fmt: skip
    skirt = convex(
        c.side, c.y,
        [(-1, height - 0.05), (waist, height - 0.05), (hem, 0.9), (-1, 0.9)],
    )  # fmt: skip
    length = np.where(dice.chance(0.4), dice.uniform(0.2, 1.1), np.float32(0.02))
    sleeve = limb(
        c.side, c.y, (bust - 0.05, -0.64), (bust + 0.16 * length, -0.64 + length), 0.1
    )
    shape = union(bodice, skirt, sleeve)
    c.fill(cut(shape, _neck(c, dice.uniform(0.1, 0.18), dice.uniform(0.1, 0.35))))


def _flip(c: _Cloth) -> None:
    """Shoes point left, as most do in the real set; some are mirrored."""
    c.x = c.x * c.dice.either(0.9, 1.0, -1.0)


def _sole(c: _Cloth, thick: Field, heel: Field) -> Field:
    """Sole from the toe at the left to the heel at the right."""
    flat = limb(c.x, c.y, (-0.7, 0.42), (0.7, 0.42), thick)
    block = box(c.x, c.y, (0.6, 0.42 + heel / 2), (0.18, heel / 2), 0.03)
    return union(flat, block)


def _sandal(c: _Cloth) -> None:
    _flip(c)
    dice = c.dice
    heel = np.where(dice.chance(0.5), dice.uniform(0.1, 0.45), np.float32(0.05))
    lift = dice.uniform(0.0, 0.35)
    c.y = c.y + lift * (c.x - 0.2) * np.float32(0.5)
    c.fill(_sole(c, dice.uniform(0.04, 0.1), heel))
    band = dice.uniform(0.03, 0.08)
    for place in (-0.42, -0.1):
        arch = ellipse(
            c.x, c.y, (place + dice.uniform(-0.15, 0.15), 0.42),
            (dice.uniform(0.12, 0.3), dice.uniform(0.2, 0.6)),
        )  # fmt: skip
        c.fill(np.maximum(abs(arch) - band, c.y - 0.42))
    ankle = dice.uniform(-0.3, 0.1)
    loop = abs(ellipse(c.x, c.y, (0.48, ankle), (0.22, dice.uniform(0.06, 0.16))))
    back = limb(c.x, c.y, (0.66, 0.4), (0.68, ankle), 0.05)
    worn = np.where(dice.chance(0.75), union(loop - 0.04, back), np.float32(1))
    c.fill(worn)


def _upper(c: _Cloth, ankle: Field, shaft: Field, opening: Field) -> Field:
    """Upper of a closed shoe: the foot and a shaft up to the height ``ankle``."""
    toe = c.dice.uniform(0.0, 0.2)
    foot = convex(
        c.x, c.y,
        [(-0.75, 0.2), (-0.55, 0.08 - toe / 2), (0.1, -0.2), (0.72, -0.2),
         (0.78, 0.45), (-0.82, 0.45)],
    )  # fmt: skip
    leg = convex(
        c.x, c.y,
        [(opening, ankle), (0.72 + shaft, ankle), (0.76, 0.4), (-0.25 + toe, 0.4),
         (opening - 0.1, 0.0)],
    )  # fmt: skip
    return union(foot, leg)


def _sneaker(c: _Cloth) -> None:
    _flip(c)
    dice = c.dice
    c.y = c.y * dice.uniform(1.0, 1.35) - dice.uniform(-0.1, 0.1)
    high = dice.chance(0.1)
    ankle = np.where(high, dice.uniform(-0.65, -0.45), dice.uniform(-0.38, -0.15))
    c.fill(_upper(c, ankle, dice.uniform(0.0, 0.06), dice.uniform(0.1, 0.3)))
    c.line(limb(c.x, c.y, (-0.75, 0.42), (0.75, 0.42), 0.07), dice.uniform(0.1, 0.6))
    laces = np.maximum(
        abs(c.y + 0.45 * c.x + 0.1) - 0.07, stripes(c.x, 0.16) * 0.08 - 0.04
    )
    c.line(np.maximum(laces, abs(c.x + 0.15) - 0.25), dice.uniform(0.0, 0.5))
    swoosh = limb(c.x, c.y, (0.0, 0.25), (0.5, dice.uniform(-0.1, 0.2)), 0.03, 0.07)
    c.line(swoosh, dice.uniform(0.0, 0.5))


def _boot(c: _Cloth) -> None:
    _flip(c)
    dice = c.dice
    c.y = c.y * dice.uniform(0.82, 1.1) - dice.uniform(0.0, 0.2)
    ankle = dice.uniform(-1.0, -0.5)
    c.fill(_upper(c, ankle, dice.uniform(-0.05, 0.08), dice.uniform(-0.05, 0.2)))
    heel = dice.uniform(0.05, 0.35)
    c.line(_sole(c, dice.uniform(0.03, 0.07), heel), dice.uniform(0.1, 0.4))
    zip_ = limb(c.x, c.y, (0.4, ankle), (0.4, 0.2), 0.02)
    c.line(zip_, dice.uniform(0.0, 0.4))


def _bag(c: _Cloth) -> None:
    dice = c.dice
    wide, high = dice.uniform(0.5, 0.85), dice.uniform(0.3, 0.55)
    top = dice.uniform(0.0, 0.25) + 0.35 - high
    body = convex(
        c.side, c.y,
        [(-1, top - high * 0.6), (wide * dice.uniform(0.75, 1.0), top - high * 0.6),
         (wide, top + high), (-1, top + high)],
    )  # fmt: skip
    arch = ellipse(
        c.x, c.y, (0, top - high * 0.6),
        (dice.uniform(0.2, 0.45), dice.uniform(0.15, 0.5)),
    )  # fmt: skip
    handle = np.where(dice.chance(0.85), abs(arch) - 0.05, np.float32(1))
    c.fill(union(body, handle))
    flap = np.maximum(abs(c.y - top) - 0.02, c.side - wide)
    c.line(flap, dice.uniform(0.0, 0.5))
    c.line(box(c.x, c.y, (0, top + 0.05), (0.06, 0.06)), dice.uniform(0.0, 0.5))


_GARMENTS: tuple[Callable[[_Cloth], None], ...] = (
    _t_shirt, _trouser, _pullover, _dress, _coat,
    _sandal, _shirt, _sneaker, _bag, _boot,
)  # fmt: skip
