"""Ten kinds of coloured objects on cluttered grounds, in the order of CIFAR-10.

Airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck. Pose, size, place,
colour, ground and light vary; the colour of a thing says little about what it is, its
outline and parts do.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_utils.data.drawn.dice import Dice, Field
from course_utils.data.drawn.scene import (
    ANY,
    ANYWHERE,
    FUR,
    Figure,
    Scene,
    places,
    rgb,
)
from course_utils.data.drawn.shapes import union

SIZE = 32
DARK = rgb("1b1b1d", "2a2624", "333a44")
GLASS = rgb("9fb8c8", "2e3b47", "c8d8e0")
WATER = rgb("2f6690", "3a7ca5", "1f4e6b", "5b8fa8", "4d7f7a", "7b9bb0")
LIGHT = rgb("f2f2f2", "dfe6ee", "fff3d6", "c9ced6")
FEATHERS = np.concatenate([FUR, ANY])
SKIN = rgb("4f7a3a", "6b8f3f", "7d6b3a", "8a9a5b", "a0522d", "3f5f4f")

TYPICAL = 0.5  # share of pictures in which the ground fits the thing


def draw_object(label: int, dice: Dice) -> Field:
    """Draw an object for each picture of the dice, shape (n, 32, 32, 3), 0 to 1."""
    scene = Scene(dice, SIZE)
    drawer, typical = _OBJECTS[label]
    scene.ground(_mostly(typical))
    scene.clutter(4, 0.4, ANY)
    empty = scene.canvas.copy()
    drawer(Figure(scene, (0.6, 1.05), 0.16, 0.1, mirrored=0.25))
    scene.haze(empty, 0.6)
    scene.clutter(3, 0.5, ANY)
    scene.light()
    return scene.picture()


def _mostly(typical: Field) -> Field:
    """All places there are, the typical ones as often as their share demands."""
    wanted = len(ANYWHERE) * TYPICAL / (1 - TYPICAL)
    return np.concatenate([ANYWHERE, *[typical] * round(wanted / len(typical))])


def _airplane(f: Figure) -> None:
    dice = f.dice
    paint, sweep = f.colour(np.concatenate([LIGHT, ANY])), dice.uniform(-0.5, -0.1)
    climb = dice.uniform(0.15, 0.75)
    far = f.convex((-0.15, -0.05), (sweep, -climb), (sweep + 0.2, -climb), (0.2, -0.05))
    f.fill(far, paint * np.float32(0.7))
    body = f.limb(-0.75, -0.02, 0.75, 0.0, radius=dice.uniform(0.1, 0.17), tip=0.1)
    tail = f.convex((-0.85, -0.45), (-0.65, -0.45), (-0.4, 0.0), (-0.8, 0.0))
    f.fill(union(body, tail), paint)
    near = f.convex((-0.2, 0.05), (0.2, 0.05), (sweep, climb), (sweep - 0.2, climb))
    f.fill(near, paint * np.float32(0.85))
    f.fill(f.limb(-0.5, -0.05, 0.6, -0.05, radius=0.03), f.colour(DARK), 0.7)


def _wheels(f: Figure, *places: float, radius: Field, height: float) -> None:
    rubber = union(*(f.ellipse(place, height, radius, radius) for place in places))
    f.fill(rubber, f.colour(DARK))
    hub = np.float32(0.45) * radius
    f.fill(union(*(f.ellipse(p, height, hub, hub) for p in places)), f.colour(LIGHT))


def _automobile(f: Figure) -> None:
    dice = f.dice
    paint = f.colour(ANY)
    roof, back, front = (
        dice.uniform(-0.6, -0.25), dice.uniform(-0.85, -0.4), dice.uniform(0.0, 0.45)
    )  # fmt: skip
    cabin = f.convex(
        (back + 0.15, roof), (front, roof), (front + 0.3, 0.02), (back, 0.02)
    )
    body = f.box(0.0, 0.15, 0.85, dice.uniform(0.16, 0.24), corner=0.12)
    f.fill(union(cabin, body), paint)
    panes = f.convex(
        (back + 0.2, roof + 0.08), (front - 0.03, roof + 0.08),
        (front + 0.16, -0.02), (back + 0.12, -0.02),
    )  # fmt: skip
    f.fill(np.maximum(panes, 0.035 - abs(f.x + 0.08)), f.colour(GLASS))
    _wheels(f, -0.5, 0.5, radius=dice.uniform(0.17, 0.24), height=0.35)
    f.fill(f.ellipse(0.78, 0.1, 0.07, 0.06), f.colour(LIGHT))


def _truck(f: Figure) -> None:
    dice = f.dice
    load, cab = f.colour(np.concatenate([LIGHT, ANY])), f.colour(ANY)
    top, door = dice.uniform(-0.75, 0.1), dice.uniform(0.0, 0.4)
    f.fill(f.convex((-0.95, top), (door - 0.06, top), (door - 0.06, 0.3), (-0.95, 0.3)),
           load)  # fmt: skip
    height = dice.uniform(-0.45, -0.2)
    cabin = f.convex(
        (door, height), (0.7, height), (0.88, 0.0), (0.92, 0.32), (door, 0.32)
    )
    f.fill(cabin, cab)
    pane = f.convex(
        (door + 0.12, height + 0.1),
        (0.66, height + 0.1),
        (0.8, 0.0),
        (door + 0.12, 0.0),
    )
    f.fill(pane, f.colour(GLASS))
    f.fill(f.limb(-0.95, 0.33, 0.9, 0.33, radius=0.05), f.colour(DARK))
    _wheels(f, -0.65, -0.3, 0.6, radius=dice.uniform(0.15, 0.2), height=0.42)


def _ship(f: Figure) -> None:
    dice = f.dice
    hull, deck = f.colour(ANY), f.colour(np.concatenate([LIGHT, ANY]))
    bow = dice.uniform(0.75, 0.98)
    left, high = dice.uniform(-0.6, -0.1), dice.uniform(-0.4, -0.15)
    f.fill(f.limb(left + 0.2, 0.1, left + 0.2, dice.uniform(-0.95, -0.5), radius=0.03),
           f.colour(DARK))  # fmt: skip
    f.fill(f.box(left + 0.42, high, 0.1, 0.3), f.colour(ANY))
    house = f.convex(
        (left, high), (left + 0.55, high), (left + 0.65, 0.15), (left, 0.15)
    )
    f.fill(house, deck)
    f.fill(f.convex((-0.9, 0.1), (bow, 0.0), (bow - 0.3, 0.5), (-0.75, 0.5)), hull)
    sea = np.maximum(
        0.42 - f.y + 0.03 * np.minimum(abs(f.x * 4) % 1, 1), -0.4 + f.y - 0.4
    )
    f.fill(np.maximum(sea, abs(f.x) - 1.2), f.colour(WATER), 0.8)
    f.fill(f.limb(left + 0.1, high + 0.12, left + 0.5, high + 0.12, radius=0.04),
           f.colour(GLASS))  # fmt: skip


def _bird(f: Figure) -> None:
    dice = f.dice
    plumage, beak = f.colour(FEATHERS), f.colour(rgb("e0a030", "c05a20", "3a3a3a"))
    wing, belly = plumage * dice.uniform(0.5, 0.9), plumage * dice.uniform(0.9, 1.4)
    flying = dice.chance(0.4)
    stands = np.where(flying, np.float32(0), np.float32(1))
    leg = dice.uniform(0.45, 0.8)
    for foot in (-0.05, 0.1):
        f.fill(f.limb(foot, 0.3, foot + 0.03, leg, radius=0.03), beak, stands)
    lift = np.where(flying, dice.uniform(-0.9, -0.6), dice.uniform(-0.15, 0.1))
    f.fill(f.limb(0.15, -0.05, -0.05, lift, radius=0.18, tip=0.05), wing * 0.8)
    f.fill(f.convex((-1.0, 0.15), (-0.35, -0.1), (-0.3, 0.25), (-0.9, 0.35)), wing)
    head = np.where(flying, dice.uniform(-0.2, 0.0), dice.uniform(-0.6, -0.35))
    reach = np.where(flying, np.float32(0.6), np.float32(0.42))
    neck = f.limb(0.2, 0.0, reach, head, radius=0.26, tip=0.18)
    f.fill(union(f.ellipse(0, 0.08, 0.5, dice.uniform(0.22, 0.33)), neck), plumage)
    f.fill(f.ellipse(0.15, 0.2, 0.3, 0.14), belly)
    tip = (reach + 0.45, head + 0.03)
    f.fill(f.convex((reach + 0.12, head - 0.09), tip, (reach + 0.12, head + 0.1)), beak)
    sweep = np.where(flying, dice.uniform(0.4, 0.8), dice.uniform(0.1, 0.3))
    f.fill(f.limb(0.1, 0.02, -0.4, sweep, radius=0.17, tip=0.05), wing)
    f.fill(f.ellipse(reach + 0.04, head - 0.04, 0.05, 0.05), f.colour(DARK))


def _frog(f: Figure) -> None:
    dice = f.dice
    skin = f.colour(np.concatenate([SKIN, FUR[2:6]]), 0.1)
    limb_skin = skin * dice.uniform(0.7, 0.95)
    for side in (-1.0, 1.0):
        knee = side * dice.uniform(0.65, 0.85)
        f.fill(f.limb(side * 0.4, 0.3, knee, 0.1, radius=0.17), limb_skin)
        f.fill(f.limb(knee, 0.1, side * 0.55, 0.5, radius=0.12), limb_skin)
        f.fill(f.limb(side * 0.45, 0.52, side * 0.95, 0.56, radius=0.07), limb_skin)
    f.fill(union(f.ellipse(0, 0.15, 0.55, 0.4), f.ellipse(0, -0.15, 0.45, 0.28)), skin)
    for side in (-0.27, 0.27):
        f.fill(f.ellipse(side, -0.4, 0.15, 0.15), skin)
        f.fill(f.ellipse(side, -0.41, 0.09, 0.08), f.colour(DARK))
    f.fill(f.ellipse(0, 0.3, 0.35, 0.22), skin * np.float32(1.3), 0.8)
    f.fill(f.limb(-0.3, -0.1, 0.3, -0.1, radius=0.025), f.colour(DARK), 0.8)


def _legs(f: Figure, fur: Field, front: float, hind: float, foot: Field,
          radius: float) -> None:  # fmt: skip
    """Four legs, the far pair darker, in some phase of a step."""
    for dark in (0.7, 0.95):
        for hip in (hind, front):
            step = f.dice.uniform(-0.16, 0.16)
            leg = f.limb(hip, 0.15, hip + step, foot, radius=radius, tip=radius * 0.7)
            f.fill(leg, fur * np.float32(dark))


def _horse(f: Figure) -> None:
    dice = f.dice
    fur = f.colour(FUR)
    mane = fur * dice.uniform(0.3, 0.8)
    _legs(f, fur, 0.32, -0.45, dice.uniform(0.7, 0.85), 0.09)
    f.fill(f.limb(-0.6, -0.1, -0.85, 0.45, radius=0.06, tip=0.11), mane)
    nod = dice.uniform(-0.15, 0.35)
    neck = f.limb(0.35, -0.1, 0.62, -0.55 + nod, radius=0.2, tip=0.13)
    body = f.limb(-0.42, -0.05, 0.28, -0.02, radius=dice.uniform(0.19, 0.27))
    f.fill(f.limb(0.25, -0.22, 0.52, -0.7 + nod, radius=0.09), mane)
    head = f.limb(0.62, -0.6 + nod, 0.92, -0.35 + nod, radius=0.13, tip=0.09)
    ear = f.convex((0.54, -0.88 + nod), (0.66, -0.65 + nod), (0.5, -0.65 + nod))
    f.fill(union(body, neck, head, ear), fur)


def _deer(f: Figure) -> None:
    dice = f.dice
    fur = f.colour(FUR)
    _legs(f, fur, 0.28, -0.4, dice.uniform(0.75, 0.95), 0.055)
    nod = dice.uniform(-0.1, 0.3)
    horn = f.colour(rgb("8b7355", "d2b48c", "5a4632"))
    seen = dice.chance(0.55).astype(np.float32)
    for lean in (-0.22, 0.18):
        tip = dice.uniform(-1.1, -0.9) + nod
        f.fill(f.limb(0.48, -0.6 + nod, 0.48 + lean, tip, radius=0.035), horn, seen)
        f.fill(f.limb(0.48 + lean * 0.6, -0.8 + nod, 0.48 + lean * 2, -0.9 + nod,
                      radius=0.03), horn, seen)  # fmt: skip
    body = f.limb(-0.4, 0.0, 0.25, 0.0, radius=dice.uniform(0.17, 0.24))
    neck = f.limb(0.28, -0.05, 0.48, -0.5 + nod, radius=0.13, tip=0.09)
    head = f.limb(0.48, -0.55 + nod, 0.75, -0.45 + nod, radius=0.11, tip=0.06)
    ear = f.limb(0.42, -0.62 + nod, 0.25, -0.7 + nod, radius=0.06)
    f.fill(union(body, neck, head, ear), fur)
    f.fill(f.ellipse(-0.6, -0.05, 0.08, 0.1), f.colour(LIGHT))


def _cat(f: Figure) -> None:
    dice = f.dice
    fur = f.colour(FUR)
    bend = dice.uniform(-0.5, 0.3)
    tail = f.limb(-0.8, 0.1, -0.75, bend, radius=0.07)
    f.fill(union(f.limb(-0.5, 0.35, -0.8, 0.1, radius=0.08), tail), fur)
    _legs(f, fur, 0.3, -0.35, dice.uniform(0.6, 0.8), 0.09)
    nod = dice.uniform(-0.15, 0.15)
    body = f.limb(-0.38, 0.17, 0.25, 0.13, radius=dice.uniform(0.22, 0.27))
    face = f.ellipse(0.42, -0.26 + nod, 0.29, dice.uniform(0.26, 0.3))
    f.fill(union(body, face, _pricked(f, nod)), fur)
    _face(f, 0.42, -0.25 + nod, 0.07, fur)


def _dog(f: Figure) -> None:
    dice = f.dice
    fur = f.colour(FUR)
    f.fill(f.limb(-0.5, 0.1, -0.8, dice.uniform(-0.4, 0.2), radius=0.08, tip=0.05), fur)
    _legs(f, fur, 0.3, -0.38, dice.uniform(0.65, 0.85), 0.1)
    nod = dice.uniform(-0.15, 0.15)
    body = f.limb(-0.4, 0.13, 0.25, 0.1, radius=dice.uniform(0.22, 0.27))
    face = f.ellipse(0.42, -0.28 + nod, 0.28, dice.uniform(0.27, 0.31))
    muzzle = f.limb(0.5, -0.15 + nod, dice.uniform(0.55, 0.85), -0.1 + nod, radius=0.16)
    upright = dice.chance(0.3)
    raised = np.where(upright, _pricked(f, nod), np.float32(1))
    f.fill(union(body, face, muzzle, raised), fur)
    hanging = fur * dice.uniform(0.5, 0.85)
    droop = dice.uniform(-0.15, 0.1) + nod
    for root, end in ((0.18, 0.08), (0.66, 0.74)):
        ear = f.limb(root, -0.42 + nod, end, droop, radius=0.09, tip=0.12)
        f.fill(ear, hanging, np.where(upright, np.float32(0), np.float32(1)))
    _face(f, 0.45, -0.28 + nod, 0.06, fur)
    f.fill(f.ellipse(0.62, -0.14 + nod, 0.08, 0.06), f.colour(DARK))


def _pricked(f: Figure, nod: Field) -> Field:
    """Two upright ears."""
    tip = f.dice.uniform(-0.78, -0.6) + nod
    return union(
        f.convex((0.17, tip), (0.4, -0.42 + nod), (0.14, -0.3 + nod)),
        f.convex((0.67, tip), (0.7, -0.3 + nod), (0.44, -0.42 + nod)),
    )


def _face(f: Figure, x: float, y: Field, size: float, fur: Field) -> None:
    """Eyes, and a lighter patch around nose and mouth."""
    f.fill(f.ellipse(x, y + 0.12, 0.14, 0.09), fur * np.float32(1.35), 0.8)
    eyes = union(f.ellipse(x - 0.13, y - 0.03, size, size),
                 f.ellipse(x + 0.13, y - 0.03, size, size))  # fmt: skip
    f.fill(eyes, f.colour(DARK))


_OBJECTS: tuple[tuple[Callable[[Figure], None], Field], ...] = (
    (_airplane, places("blue/blue", "dusk/night", "pale/asphalt", "grey/pale")),
    (_automobile, places("leaf/stone", "dusk/asphalt", "wall/stone", "blue/sand")),
    (_bird, places("leaf/leaf", "blue/straw", "snow/wood", "dusk/sea")),
    (_cat, places("wall/wood", "rose/wall", "wood/rose", "grass/stone")),
    (_deer, places("leaf/straw", "snow/snow", "dusk/grass", "grey/mud")),
    (_dog, places("wall/rose", "pale/sand", "grass/grass", "wood/stone")),
    (_frog, places("mud/teal", "grass/sea", "teal/leaf", "stone/mud")),
    (_horse, places("blue/grass", "dusk/sand", "pale/straw", "leaf/mud")),
    (_ship, places("blue/sea", "grey/teal", "dusk/dusk", "pale/sea")),
    (_truck, places("grey/asphalt", "blue/stone", "sand/sand", "night/asphalt")),
)
