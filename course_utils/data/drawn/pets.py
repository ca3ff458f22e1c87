"""Cats and dogs: animals that differ in ears, muzzle and whiskers, and in little else.

Fur, markings, pose, place, light and ground are drawn from the same ranges for both, so
that no colour and no texture tells them apart. A few dogs have pricked ears, and
parts of the animal may be hidden.
"""

from __future__ import annotations

import numpy as np

from course_utils.data.drawn.dice import Dice, Field
from course_utils.data.drawn.scene import (
    ANY,
    ANYWHERE,
    FUR,
    Figure,
    Scene,
    rgb,
)
from course_utils.data.drawn.shapes import Number, clouds, stripes, union

SIZE = 128
CAT, DOG = 0, 1
DARK = rgb("1b1716", "2a2220")
EYES = rgb("6b8e3d", "c9a227", "4a6fa5", "5a3a22", "3b2a1e")
NOSES = rgb("1f1a1a", "c78a86", "5b4038", "8f5f5a")
PALE = rgb("f4efe6", "fbf7f0", "e6d5bd")


def draw_pet(label: int, dice: Dice) -> Field:
    """Draw a cat (0) or a dog (1), shape (n, 128, 128, 3), 0 to 1."""
    scene = Scene(dice, SIZE)
    scene.ground(ANYWHERE)
    scene.clutter(7, 0.6, ANY)
    empty = scene.canvas.copy()
    _animal(Figure(scene, (0.55, 0.88), 0.2, 0.25), label)
    scene.haze(empty, 0.3)
    scene.clutter(3, 0.35, ANY)
    scene.light()
    return scene.picture()


class _Coat:
    """Fur of an animal: a colour, a second colour, and where which of them is."""

    def __init__(self, f: Figure) -> None:
        dice = f.dice
        self.main, self.other = f.colour(FUR), f.colour(FUR)
        tabby = stripes(f.x + np.float32(0.3) * f.y, dice.uniform(0.12, 0.3))
        patches = np.minimum(np.maximum(6 * clouds(dice, SIZE, 4) - 3, 0), 1)
        kind = dice.choice(3)[:, None, None]
        mix = np.where(kind == 0, tabby * dice.uniform(0.3, 0.8), 0)
        mix = np.where(kind == 1, patches, mix).astype(np.float32)
        tuft = 1 + dice.uniform(0.1, 0.4) * (clouds(dice, SIZE, 16) - np.float32(0.5))
        self.fur = (self.main + mix * (self.other - self.main)) * tuft


def _animal(f: Figure, label: int) -> None:
    dice = f.dice
    coat = _Coat(f)
    lean = dice.uniform(-0.3, 0.3)
    body = f.limb(lean * 1.5, 1.5, 0.0, 0.3, radius=dice.uniform(0.6, 0.85), tip=0.45)
    f.fill(body, coat.fur * np.float32(0.85))
    f.x = f.x - lean * np.float32(0.4)
    yaw = dice.uniform(-0.16, 0.16)
    (_cat_head if label == CAT else _dog_head)(f, coat, yaw)


def _pricked(
    f: Figure, yaw: Field, coat: _Coat, bluntness: float, worn: Number = 1.0
) -> None:
    """Two upright ears with a darker inside, on the animals that wear them."""
    dice = f.dice
    height, width = dice.uniform(0.85, 1.1), dice.uniform(0.2, 0.3)
    ears = []
    for side in (-1.0, 1.0):
        root = side * 0.38 + yaw * 0.3
        tip = side * dice.uniform(0.38, 0.58) + yaw * 0.3
        ears.append(
            f.convex((tip, -height), (root + width, -0.3), (root - width, -0.3))
        )
    f.fill(union(*ears) - bluntness, coat.fur, worn)
    f.fill(union(*ears) + 0.1, coat.main * np.float32(0.6), worn * np.float32(0.8))


def _hanging(f: Figure, yaw: Field, coat: _Coat, worn: Number) -> None:
    """Two ears that hang at the sides of the head, on the animals that wear them."""
    dice = f.dice
    length, fold = dice.uniform(-0.05, 0.55), dice.uniform(0.5, 0.85)
    ears = []
    for side in (-1.0, 1.0):
        root = side * 0.46 + yaw * 0.3
        end = side * dice.uniform(0.56, 0.75) + yaw * 0.3
        ears.append(f.limb(root, -0.42, end, length, radius=0.13, tip=0.19))
    f.fill(union(*ears), coat.fur * fold, worn)


def _eyes(f: Figure, yaw: Field, height: Field, wide: float, pupil: float) -> None:
    """Dark lids, a coloured iris, a pupil (narrow in cats) and a glint in each eye."""
    dice = f.dice
    gap, squint = dice.uniform(0.22, 0.3), dice.uniform(0.6, 1.0)

    def both(width: float, tall: float, aside: float = 0.0) -> Field:
        pair = (
            f.ellipse(side * gap + yaw + aside, height - aside, width, tall * squint)
            for side in (-1.0, 1.0)
        )
        return union(*pair)

    f.fill(both(wide, 0.11), f.colour(DARK))
    f.fill(both(wide - 0.025, 0.09), f.colour(EYES))
    f.fill(both(pupil, 0.085), f.colour(DARK))
    f.fill(both(0.022, 0.022, aside=0.032), f.colour(PALE))


def _cat_head(f: Figure, coat: _Coat, yaw: Field) -> None:
    dice = f.dice
    _pricked(f, yaw, coat, 0.02)
    f.fill(f.ellipse(yaw * 0.3, 0, dice.uniform(0.6, 0.7), dice.uniform(0.5, 0.58)),
           coat.fur)  # fmt: skip
    _eyes(f, yaw, dice.uniform(-0.12, -0.02), 0.13, 0.035)
    nose = dice.uniform(0.14, 0.2)
    pads = union(f.ellipse(yaw * 1.3 - 0.1, nose + 0.12, 0.13, 0.1),
                 f.ellipse(yaw * 1.3 + 0.1, nose + 0.12, 0.13, 0.1))  # fmt: skip
    f.fill(pads, f.colour(np.concatenate([PALE, FUR])), 0.8)
    f.fill(f.convex((yaw * 1.3 - 0.07, nose), (yaw * 1.3 + 0.07, nose),
                    (yaw * 1.3, nose + 0.08)), f.colour(NOSES))  # fmt: skip
    _mouth(f, yaw * 1.3, nose + 0.08, 0.12)
    _whiskers(f, yaw, nose + 0.1)


def _whiskers(f: Figure, yaw: Field, height: Field) -> None:
    """Three fine hairs on each side."""
    hairs = []
    for side in (-1.0, 1.0):
        for rise in (-0.12, 0.0, 0.12):
            root, end = side * 0.12 + yaw * 1.3, side * 0.8 + yaw
            tip = height + rise + f.dice.uniform(-0.05, 0.05)
            hairs.append(f.limb(root, height, end, tip, radius=0.008))
    colour = f.colour(np.concatenate([PALE, DARK]))
    f.fill(union(*hairs), colour, f.dice.uniform(0.3, 0.9))


def _dog_head(f: Figure, coat: _Coat, yaw: Field) -> None:
    dice = f.dice
    pricked = dice.either(0.3, 1.0, 0.0)
    _pricked(f, yaw, coat, 0.05, pricked)
    f.fill(f.ellipse(yaw * 0.3, 0, dice.uniform(0.5, 0.62), dice.uniform(0.54, 0.64)),
           coat.fur)  # fmt: skip
    _hanging(f, yaw, coat, 1 - pricked)
    _eyes(f, yaw, dice.uniform(-0.2, -0.1), 0.1, 0.06)
    snout = dice.uniform(0.25, 0.42)
    muzzle = f.ellipse(
        yaw * 1.6, snout, dice.uniform(0.24, 0.34), dice.uniform(0.2, 0.3)
    )
    f.fill(muzzle, f.colour(np.concatenate([PALE, FUR])), 0.85)
    nose = snout - 0.12
    tongue = dice.chance(0.35).astype(np.float32)
    f.fill(f.limb(yaw * 1.6, snout + 0.2, yaw * 1.6, snout + 0.34, radius=0.09),
           f.colour(rgb("c96a70", "b5525c")), tongue)  # fmt: skip
    f.fill(f.ellipse(yaw * 1.7, nose, 0.12, 0.085), f.colour(NOSES))
    _mouth(f, yaw * 1.6, nose + 0.08, 0.18)


def _mouth(f: Figure, x: Field, y: Field, size: float) -> None:
    lips = (f.limb(x, y + 0.06, x + s * size, y + 0.1, radius=0.012) for s in (-1, 1))
    f.fill(union(f.limb(x, y, x, y + 0.06, radius=0.012), *lips), f.colour(DARK), 0.8)
