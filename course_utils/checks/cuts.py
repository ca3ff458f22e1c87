"""Check the three sets of the homework: their sizes, classes and pixels, and that no
picture is in two of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.checks.answers import Unusable, as_numbers, describe
from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import CheckFailed, fail
from course_utils.checks.training import no_leakage
from course_utils.data import Dataset
from course_utils.homework import SIZES, NoSuchChoice, chosen_classes

Array = NDArray[Any]

_NAME = "sets"  # the student's variable


def sized(
    answer: object, cifar10: Dataset, chosen: Iterable[int], *, read: str | None = None
) -> None:
    """Check sizes, classes and labels of the three sets.

    Parameters
    ----------
    answer : the student's ``sets``: by "training", "validation" and "test" a pair of
        images, uint8 (n, 32, 32, 3), and labels, (n,), from 0 in the order of `chosen`.
    cifar10 : of whose training pictures they should be.
    chosen : the student's classes.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if a set is missing, too large or too small, holds a class too often,
        or pictures or labels that are not those of the chosen classes.
    """
    __tracebackhide__ = True
    try:
        classes = chosen_classes(chosen)
    except (NoSuchChoice, TypeError, ValueError) as error:
        raise fail(f"`chosen`: {error}", read=read) from None
    sets = _parsed(answer, read)
    for name, (images, labels) in sets.items():
        _require_size(name, len(images), len(classes), read)
        _require_classes(name, labels, classes, read)
    known = _labels_by_picture(cifar10.x_train, cifar10.y_train, classes)
    for name, (images, labels) in sets.items():
        found = [known.get(mark, -1) for mark in _marks(images)]
        if -1 in found:
            raise _strange(name, images, found.count(-1), cifar10, read)
        wrong = int(np.sum(np.asarray(found) != labels))
        if wrong:
            problem = f"{wrong:,} pictures of the {name} set have another's label."
            raise fail(problem, mistake=_OUT_OF_STEP, read=read)


def apart(answer: object, *, read: str | None = None) -> None:
    """Check that every picture is in one of the three sets, and there once.

    Parameters
    ----------
    answer, read : as for `sized`.

    Raises
    ------
    CheckFailed : if two sets share pictures, or one holds a picture twice.
    """
    __tracebackhide__ = True
    pictures = {name: images for name, (images, _) in _parsed(answer, read).items()}
    no_leakage(**pictures, read=read)
    for name, images in pictures.items():
        twice = len(images) - len(set(_marks(images)))
        if twice:
            problem = f"The {name} set holds {twice:,} pictures more than once."
            raise fail(problem, mistake=_REPLACED, read=read)


def scaling_mistakes() -> dict[str, Callable[..., object]]:
    """Wrong ways to make pixels from 0 to 1, as functions of a batch of uint8.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in scaling_mistakes().items()}
    >>> wrong["divided by 256"](np.array([[[[128]]]], dtype=np.uint8)).item()
    0.5
    """

    def own(x: Array, axes: tuple[int, ...] | None) -> Array:
        return np.asarray(np.maximum(x.max(axis=axes, keepdims=True), 1.0))

    return {
        "by its own brightest pixel: divide by 255, or each set has a scale of its own"
        " and a dark one becomes bright": lambda x: x / own(x, None),
        "each picture by its own brightest pixel: divide all by 255": lambda x: (
            x / own(x, (1, 2, 3))
        ),
        "stretched: black is 0 and white 255 in every set, also where neither is there;"
        " divide by 255": lambda x: (x - float(x.min())) / max(float(np.ptp(x)), 1.0),
        "divided into whole numbers: // makes 0 of all but the brightest; use /": (
            lambda x: x // 255
        ),
        "not scaled: divide by 255": lambda x: x,
        "divided by 256: the brightest pixel is 255": lambda x: x / 256,
        "from −1 to 1: dividing by 255 is enough here": lambda x: x / 127.5 - 1,
        "standardised: dividing by 255 is enough here, and depends on no other"
        " picture": lambda x: (x - x.mean()) / max(float(x.std()), 1e-6),
        "scaled twice: divide by 255 once": lambda x: x / 255 / 255,
        "mean taken away: dividing by 255 is enough here": lambda x: (
            x / 255 - (x / 255).mean()
        ),
        "negative: 0 is black and 1 is white": lambda x: 1 - x / 255,
    }


def _parsed(answer: object, read: str | None) -> dict[str, tuple[Array, Array]]:
    if answer is None or answer is Ellipsis:
        raise fail(f"`{_NAME}` has no value yet: assign a dict.", read=read)
    if not isinstance(answer, Mapping):
        problem = f"`{_NAME}` holds {describe(answer)}, not a dict of the three sets."
        raise fail(problem, read=read)
    if set(answer) != set(SIZES):
        raise fail(
            f"`{_NAME}` does not hold the three sets by their names.",
            facts={
                "Expected": ", ".join(SIZES),
                "Yours": ", ".join(map(str, answer)) or "nothing",
            },
            read=read,
        )
    return {name: _pair(name, answer[name], read) for name in SIZES}


def _pair(name: str, pair: object, read: str | None) -> tuple[Array, Array]:
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        problem = f"The {name} set is {describe(pair)}, not (images, labels)."
        raise fail(problem, read=read)
    try:
        images, labels = (as_numbers(part) for part in pair)
    except Unusable as error:
        problem = f"The {name} set holds {error}, not images and labels."
        raise fail(problem, read=read) from None
    facts = {
        "Expected": "(n, 32, 32, 3) and (n,)",
        "Yours": f"{images.shape} and {labels.shape}",
    }
    if images.shape[1:] != (32, 32, 3) or labels.shape != images.shape[:1]:
        turned = labels.shape[1:] == (32, 32, 3)
        mistake = _SWAPPED if turned else None
        problem = f"The {name} set is not pictures with a label each."
        raise fail(problem, facts=facts, mistake=mistake, read=read)
    if images.dtype != np.uint8:
        problem = f"The pictures of the {name} set are {images.dtype}, not uint8."
        raise fail(problem, mistake=_SCALED, read=read)
    return images, labels.astype(np.int64)


def _require_size(name: str, got: int, classes: int, read: str | None) -> None:
    wanted = SIZES[name]
    if abs(got - wanted) < classes:
        return
    fits = [other for other, n in SIZES.items() if abs(got - n) < classes]
    raise fail(
        f"The {name} set has the wrong size.",
        facts={"Expected": f"{wanted:,} pictures", "Yours": f"{got:,}"},
        mistake=_mistake("sets exchanged", f"That is the size of the {fits[0]} set.")
        if fits
        else None,
        read=read,
    )


def _require_classes(
    name: str, labels: Array, classes: list[int], read: str | None
) -> None:
    k = len(classes)
    if labels.min() < 0 or labels.max() >= k:
        raise fail(
            f"The {name} set has labels from {labels.min()} to {labels.max()}.",
            facts={"Expected": f"0 to {k - 1}, in the order of `chosen`"},
            mistake=_NUMBERS if set(labels) <= set(classes) else None,
            read=read,
        )
    counts = np.bincount(labels, minlength=k)
    if np.ptp(counts) <= 2:
        return
    raise fail(
        f"The {name} set does not hold every class equally often.",
        facts={
            "Expected": f"{len(labels) / k:.0f} of each class",
            "Yours": f"({', '.join(map(str, counts))})",
        },
        mistake=_SORTED if (counts == 0).any() else _CHANCE,
        read=read,
    )


def _labels_by_picture(x: Array, y: Array, classes: list[int]) -> dict[bytes, int]:
    """The new label of every picture of some classes, by the picture's hash."""
    known: dict[bytes, int] = {}
    for new, old in enumerate(classes):
        known |= dict.fromkeys(_marks(x[y == old]), new)
    return known


def _marks(images: Array) -> list[bytes]:
    return [hashlib.blake2b(p.tobytes(), digest_size=16).digest() for p in images]


def _strange(
    name: str, images: Array, count: int, cifar10: Dataset, read: str | None
) -> CheckFailed:
    own_test = set(_marks(cifar10.x_test))
    from_test = sum(mark in own_test for mark in _marks(images))
    problem = (
        f"{count:,} pictures of the {name} set are none of CIFAR-10's training pictures"
        " of these classes."
    )
    return fail(problem, mistake=_OWN_TEST if from_test else _CHANGED, read=read)


def _mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)


_SWAPPED = _mistake("swapped", "The images come first, then the labels.")
_SCALED = _mistake(
    "scaled already", "Leave the bytes as they are here; `as_input` scales them."
)
_NUMBERS = _mistake(
    "labels not numbered anew",
    "The network has an output for each class that you chose, numbered from 0:"
    " `data.subset` gives the labels so.",
)
_SORTED = _mistake(
    "sorted labels",
    "A set cut from the end of sorted labels holds the last classes only: cut each"
    " class by itself, as `data.split` does.",
)
_CHANCE = _mistake(
    "not class by class",
    "Chance alone deals the classes out unevenly: take equally many of each with"
    " `data.subset`, and let `data.split` divide each class.",
)
_OUT_OF_STEP = _mistake(
    "out of step",
    "Pictures and labels must be put into the same new order, and `data.subset` numbers"
    " the classes in the order of `chosen`.",
)
_REPLACED = _mistake(
    "drawn with replacement", "rng.choice draws one picture as often as it likes."
)
_OWN_TEST = _mistake(
    "CIFAR-10's own test set",
    "It stays closed, for it judges your third network in the end: cut all three sets"
    " from the training pictures.",
)
_CHANGED = _mistake(
    "changed pictures", "Cut the sets first, and leave the pixels as they are."
)
