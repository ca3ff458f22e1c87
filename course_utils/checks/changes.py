"""Check changed pictures and their labels, and mistakes in changing them by hand.

The mistakes are what the argument ``mistakes`` of the checks takes: by ``"name:
hint"``, the answer that the mistake gives or a function with the mistake in it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils import augmentation
from course_utils.checks.accuracy import Net
from course_utils.checks.answers import Unusable, as_numbers, describe
from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import fail
from course_utils.checks.functions import called, function
from course_utils.checks.nets import built, every_layer
from course_utils.checks.pipeline import pipeline
from course_utils.probes import shift_images

Array = NDArray[Any]
Function = Callable[..., Any]
Mistakes = dict[str, Callable[..., object]]

PICTURES, LABELS = 0, 1
"""Which part of a pair `mixed` looks at."""

NUMBER_MISTAKES: dict[str, dict[str, object]] = {
    "after_mixup": {
        "of the dog: the cat's share is asked for": 0.4,
        "as before: the dog shines through the whole picture": 1.0,
        "half and half: the label is mixed as the picture is": 0.5,
    },
    "after_cutout": {
        "what is seen: a cat that is partly covered is a cat": 0.75,
        "what is covered: a cat that is partly covered is a cat": 0.25,
        "no cat any more: three quarters of it can still be seen": 0.0,
    },
    "after_cutmix": {
        "whole box: half of its columns lie outside and replace nothing": 0.6875,
        "of the dog: the cat's share is asked for": 0.15625,
        "of the dog, and the whole box: the cat's share is asked for, and half of the"
        " box lies outside": 0.3125,
        "columns alone: an area has rows, too": 0.75,
        "rows alone: an area has columns, too": 0.375,
        "as before: a part of the picture is a dog": 1.0,
        "half and half: the label goes by area": 0.5,
    },
}
"""What predicted labels are after a mistake; by variable, then by mistake."""

FAULTS: dict[str, dict[str, object]] = {
    "validation_fault": {
        "not the size of the batches: it changes the steps, and no picture": "A",
        "not the cache: there is none here": "C",
        "not the labels: `change` hands them on as they are": "D",
    },
    "units_fault": {
        "not the order: a turn and a change of brightness can be exchanged": "A",
        "not the number of pictures: layers take batches of any size": "C",
        "not the seed: it decides which changes are drawn, not how large they are": "D",
    },
}
"""Why the other letters do not name the fault; by variable, then by mistake."""


def mirror(images: Array, chosen: Array) -> Array:
    """Pictures of which some are mirrored, left to right.

    Parameters
    ----------
    images : (n, height, width, C).
    chosen : truth values, (n,).

    Examples
    --------
    >>> mirror(np.arange(4).reshape(2, 1, 2, 1), np.array([True, False])).ravel()
    array([1, 0, 2, 3])
    """
    return np.where(chosen[:, None, None, None], images[:, :, ::-1], images)


def mirror_mistakes() -> Mistakes:
    """Wrong ways to mirror some pictures, as functions of (images, chosen).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in mirror_mistakes().items()}
    >>> wrong["all of them"](np.array([[[[1], [2]]]]), np.array([False])).ravel()
    array([2, 1])
    """

    def some(changed: Callable[[Array], Array]) -> Function:
        return lambda x, chosen: np.where(chosen[:, None, None, None], changed(x), x)

    return {
        "all of them: mirror only where `chosen` is True": lambda x, _: x[:, :, ::-1],
        "none of them: the pictures are as they were": lambda x, _: x,
        "the others: mirror where `chosen` is True": lambda x, chosen: mirror(
            x, ~np.asarray(chosen)
        ),
        "upside down: left and right change places, along the axis of the columns": (
            some(lambda x: x[:, ::-1])
        ),
        "turned: only the columns change their order, not the rows": some(
            lambda x: x[:, ::-1, ::-1]
        ),
        "colours reversed: the last axis holds the channels, the one before it the"
        " columns": some(lambda x: x[..., ::-1]),
        "pictures in another order: the first axis counts them": some(
            lambda x: x[::-1]
        ),
        "the chosen ones alone: those that are not mirrored belong there, too": (
            lambda x, chosen: x[chosen][:, :, ::-1]
        ),
    }


def shift_mistakes() -> Mistakes:
    """Wrong ways to move pictures, as functions of (images, down, right).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in shift_mistakes().items()}
    >>> wrong["rolled"](np.arange(3).reshape(1, 3, 1, 1), 1, 0).ravel()
    array([2, 0, 1])
    """

    def edges(x: Array, down: int, right: int) -> Array:
        rows = np.clip(np.arange(x.shape[1]) - down, 0, x.shape[1] - 1)
        columns = np.clip(np.arange(x.shape[2]) - right, 0, x.shape[2] - 1)
        return np.asarray(x[:, rows][:, :, columns])

    return {
        "rolled: what leaves on one side comes back on the other; set it to 0": (
            lambda x, d, r: np.roll(x, (d, r), axis=(1, 2))
        ),
        "the other way: down and right are towards larger indices": lambda x, d, r: (
            shift_images(x, -d, -r)
        ),
        "swapped axes: down is along the rows, axis 1": lambda x, d, r: shift_images(
            x, r, d
        ),
        "one axis only: the columns have not moved": lambda x, d, r: shift_images(
            x, d, 0
        ),
        "one axis only: the rows have not moved": lambda x, d, r: shift_images(x, 0, r),
        "edge repeated: what comes in is 0": edges,
        "not moved: the pictures are as they were": lambda x, d, r: x,
        "signs lost: a negative number moves up, or left": lambda x, d, r: shift_images(
            x, abs(d), abs(r)
        ),
        "cut off: the picture keeps its size": lambda x, d, r: shift_images(x, d, r)[
            :, max(d, 0) : x.shape[1] + min(d, 0), max(r, 0) : x.shape[2] + min(r, 0)
        ],
    }


def cutout(images: Array, tops: Array, lefts: Array, size: int) -> Array:
    """Pictures with a square of each covered with 0; it may reach outside.

    Parameters
    ----------
    images : (n, height, width, C).
    tops, lefts : first row and column of each square, integers, (n,).
    size : side of the squares in pixels.

    Examples
    --------
    >>> x = np.ones((1, 2, 3, 1))
    >>> cutout(x, np.array([-1]), np.array([1]), 2)[0, ..., 0]
    array([[1., 0., 0.],
           [1., 1., 1.]])
    """
    boxes = np.stack([tops, tops + size, lefts, lefts + size], axis=1)
    return augmentation.erase(images, np.ones((len(images), 1)), boxes).images


def cutout_mistakes() -> Mistakes:
    """Wrong ways to cover a square of each picture, as functions like `cutout`.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in cutout_mistakes().items()}
    >>> x, none = np.ones((1, 3, 3, 1)), np.array([0])
    >>> wrong["one row and column too many"](x, none, none, 1)[0, ..., 0]
    array([[0., 0., 1.],
           [0., 0., 1.],
           [1., 1., 1.]])
    """

    def sliced(x: Array, tops: Array, lefts: Array, size: int) -> Array:
        result = x.copy()
        for picture, top, left in zip(result, tops, lefts, strict=True):
            picture[top : top + size, left : left + size] = 0
        return result

    def kept_inside(x: Array, tops: Array, lefts: Array, size: int) -> Array:
        height, width = x.shape[1:3]
        tops = np.clip(tops, 0, height - size)
        return cutout(x, tops, np.clip(lefts, 0, width - size), size)

    def first_channel(x: Array, tops: Array, lefts: Array, size: int) -> Array:
        result = x.copy()
        result[..., :1] = cutout(x[..., :1], tops, lefts, size)
        return result

    def all_alike(x: Array, tops: Array, lefts: Array, size: int) -> Array:
        return cutout(
            x, np.repeat(tops[:1], len(x)), np.repeat(lefts[:1], len(x)), size
        )

    return {
        "negative index: counted from the end, a slice such as [-3:2] is empty; begin"
        " at max(top, 0)": sliced,
        "swapped axes: tops count rows, lefts count columns": lambda x, t, c, s: cutout(
            x, c, t, s
        ),
        "one row and column too many: a slice ends before its second index": (
            lambda x, t, c, s: cutout(x, t, c, s + 1)
        ),
        "one row and column too few: a slice ends before its second index": (
            lambda x, t, c, s: cutout(x, t, c, s - 1)
        ),
        "the same square for all: each picture has its own": all_alike,
        "one channel only: a pixel is covered in all of them": first_channel,
        "the rest covered: it is the square that becomes 0": lambda x, t, c, s: (
            x - cutout(x, t, c, s)
        ),
        "middles: the arguments are the square's first row and column": (
            lambda x, t, c, s: cutout(x, t - s // 2, c - s // 2, s)
        ),
        "moved inside: what lies outside is cut off": kept_inside,
        "white: covered pixels are 0": lambda x, t, c, s: np.where(
            cutout(np.ones_like(x), t, c, s) == 0, 1, x
        ),
        "nothing covered: the pictures are as they were": lambda x, t, c, s: x,
    }


def mixed(
    mix: Function,
    reference: Function,
    inputs: Iterable[tuple[Any, ...]],
    *,
    part: int,
    mistakes: Mistakes,
    read: str | None = None,
) -> None:
    """Check the pictures, or the labels, that a function mixes.

    Parameters
    ----------
    mix : the student's function; it returns pictures and labels.
    reference : a right function of the same arguments, which returns as much.
    inputs : one tuple of arguments for each call.
    part : `PICTURES` or `LABELS`.
    mistakes : mistakes in this part, as functions of the same arguments that return
        the part.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it returns no pair, or this part of it is another than expected.

    Examples
    --------
    >>> pair = np.zeros((2, 1, 1, 1)), np.eye(2), np.array([1, 0]), np.array([1, 0.5])
    >>> def mixup(*arguments):
    ...     return augmentation.blend(*arguments)[:2]
    >>> mixed(mixup, augmentation.blend, [pair], part=LABELS, mistakes={})
    """
    __tracebackhide__ = True
    calls = list(inputs)
    pairs = [_pair(called(mix, arguments, read=read), read) for arguments in calls]
    answers = iter([pair[part] for pair in pairs])
    expected = [reference(*arguments)[part] for arguments in calls]
    function(
        lambda *arguments: next(answers), expected, calls, mistakes=mistakes, read=read
    )


def _pair(answer: object, read: str | None) -> tuple[object, object]:
    if isinstance(answer, tuple | list) and len(answer) == 2:
        return answer[0], answer[1]
    problem = f"Your function returns {describe(answer)}, not pictures and labels."
    raise fail(problem, mistake=_NO_PAIR if answer is None else None, read=read)


def blend_mistakes(part: int) -> Mistakes:
    """Wrong mixup, as functions of (images, labels, partners, weights).

    Parameters
    ----------
    part : `PICTURES` or `LABELS`, which of the two the functions return.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in blend_mistakes(LABELS).items()}
    >>> x, y, partners = np.zeros((2, 1, 1, 1)), np.eye(2), np.array([1, 0])
    >>> wrong["weights exchanged"](x, y, partners, np.array([0.75, 1.0]))
    array([[0.25, 0.75],
           [1.  , 0.  ]])
    """

    def of(change: Callable[..., tuple[Array, Array]]) -> Function:
        def answer(x: Array, y: Array, partners: Array, weights: Array) -> Array:
            others, shares = change(partners, weights)
            return augmentation.blend(x, y, others, shares)[part]

        return answer

    def own(x: Array, y: Array) -> Array:
        return (x, y)[part]

    shared = {
        "weights exchanged: `weights` says how much of each picture itself stays": of(
            lambda p, w: (p, 1 - w)
        ),
        "one weight for all: each picture has its own": of(
            lambda p, w: (p, np.full(len(w), w[0]))
        ),
        "half and half: use the weights": of(lambda p, w: (p, np.full(len(w), 0.5))),
        "back to front: the partner of picture i is picture partners[i]": of(
            lambda p, w: (np.arange(len(p))[::-1], w)
        ),
        "neighbours: the partner of picture i is picture partners[i]": of(
            lambda p, w: (np.roll(np.arange(len(p)), 1), w)
        ),
        "found from the other side: the partner of picture i is partners[i], not the"
        " one whose partner is i": of(lambda p, w: (np.argsort(p), w)),
        "partner's weight: picture i is mixed with weights[i]": of(
            lambda p, w: (p, w[p])
        ),
        "not reduced: the partner counts 1 − weight": lambda x, y, p, w: (
            _column(w, own(x, y)) * own(x, y) + own(x, y)[p]
        ),
    }
    if part == PICTURES:
        return {
            "as before: nothing of the partner is in the picture": lambda x, y, p, w: x,
            **shared,
        }
    return {
        "as before: the picture shows a part of its partner, and the label says so": (
            lambda x, y, p, w: y
        ),
        "the larger half: a mixed picture has a mixed label": lambda x, y, p, w: (
            augmentation.blend(x, y, p, np.rint(w)).labels
        ),
        **shared,
    }


def _column(weights: Array, like: Array) -> Array:
    return weights.reshape(-1, *[1] * (like.ndim - 1))


def paste_mistakes(part: int) -> Mistakes:
    """Wrong cutmix, as functions of (images, labels, partners, boxes).

    Parameters
    ----------
    part : `PICTURES` or `LABELS`, which of the two the functions return.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in paste_mistakes(LABELS).items()}
    >>> x, y = np.zeros((2, 2, 4, 1)), np.eye(2)
    >>> boxes = np.array([[0, 2, 3, 5], [0, 0, 0, 0]])
    >>> wrong["area of the whole box"](x, y, np.array([1, 0]), boxes)[0]
    array([0.5, 0.5])
    """
    return _pasted_mistakes() if part == PICTURES else _pasted_label_mistakes()


def _pasted_mistakes() -> Mistakes:
    def of(change: Callable[..., tuple[Array, Array]]) -> Function:
        return lambda x, y, p, b: augmentation.paste(x, y, *change(x, p, b)).images

    def sliced(x: Array, y: Array, partners: Array, boxes: Array) -> Array:
        result = x.copy()
        for i, (top, bottom, left, right) in enumerate(boxes):
            place = (slice(top, bottom), slice(left, right))
            result[i][place] = x[partners[i]][place]
        return result

    def one_by_one(x: Array, y: Array, partners: Array, boxes: Array) -> Array:
        result = x.copy()
        for i in range(len(x)):
            done = augmentation.paste(result, y, partners, boxes).images
            result[i] = done[i]
        return result

    return {
        "as before: nothing of the partner is in the picture": lambda x, y, p, b: x,
        "negative index: counted from the end, a slice such as [-3:2] is empty; begin"
        " at max(top, 0)": sliced,
        "rows and columns exchanged: a box is (first row, row after the last, first"
        " column, column after the last)": of(lambda x, p, b: (p, b[:, [2, 3, 0, 1]])),
        "the order of a box: it is (first row, row after the last, first column, column"
        " after the last)": of(lambda x, p, b: (p, b[:, [0, 2, 1, 3]])),
        "heights and widths: a box holds where it ends, not how long it is": of(
            lambda x, p, b: (
                p,
                np.stack(
                    [b[:, 0], b[:, 0] + b[:, 1], b[:, 2], b[:, 2] + b[:, 3]], axis=1
                ),
            )
        ),
        "one row and column too many: a slice ends before its second index": of(
            lambda x, p, b: (p, b + np.array([0, 1, 0, 1]))
        ),
        "the rest replaced: it is the box that shows the partner": lambda x, y, p, b: (
            x + x[p] - augmentation.paste(x, y, p, b).images
        ),
        "the same box for all: each picture has its own": of(
            lambda x, p, b: (p, np.repeat(b[:1], len(b), axis=0))
        ),
        "already mixed: the partner is taken as it was before anything was pasted": (
            one_by_one
        ),
        "back to front: the partner of picture i is picture partners[i]": of(
            lambda x, p, b: (np.arange(len(p))[::-1], b)
        ),
        "blended: a pixel shows either the picture or its partner": lambda x, y, p, b: (
            augmentation.blend(x, y, p, augmentation.paste(x, y, p, b).weights).images
        ),
    }


def _pasted_label_mistakes() -> Mistakes:
    def by(weights: Callable[[Array, Array], Array]) -> Function:
        def answer(x: Array, y: Array, partners: Array, boxes: Array) -> Array:
            shares = weights(x, boxes)[:, None]
            return np.asarray(shares * y + (1 - shares) * y[partners])

        return answer

    def sides(boxes: Array) -> tuple[Array, Array]:
        return boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]

    def inside(x: Array, boxes: Array) -> Array:
        return np.stack(
            [
                boxes[:, :2].clip(0, x.shape[1]),
                boxes[:, 2:].clip(0, x.shape[2]),
            ],
            axis=1,
        ).reshape(-1, 4)

    def whole(x: Array, boxes: Array) -> Array:
        height, width = sides(boxes)
        return np.asarray(1 - height * width / (x.shape[1] * x.shape[2]))

    def really(x: Array, boxes: Array) -> Array:
        return whole(x, inside(x, boxes))

    def lengths(x: Array, boxes: Array) -> Array:
        height, width = sides(inside(x, boxes))
        return np.asarray(1 - (height / x.shape[1] + width / x.shape[2]) / 2)

    return {
        "area of the whole box: what lies outside the picture replaces nothing": by(
            whole
        ),
        "as before: a part of the picture is its partner, and the label says so": (
            lambda x, y, p, b: y
        ),
        "weights exchanged: the part that was replaced belongs to the partner": by(
            lambda x, b: 1 - really(x, b)
        ),
        "half and half: the label goes by area": by(lambda x, b: np.full(len(b), 0.5)),
        "lengths instead of areas: rows times columns": by(lengths),
        "one weight for all: each picture has a box of its own": by(
            lambda x, b: np.full(len(b), really(x, b)[0])
        ),
        "one weight for all: each picture has a box of its own; do not take the mean": (
            by(lambda x, b: np.full(len(b), really(x, b).mean()))
        ),
        "the larger part: a mixed picture has a mixed label": by(
            lambda x, b: np.rint(really(x, b))
        ),
        "partner's label alone: the picture itself still counts": lambda x, y, p, b: y[
            p
        ],
        "back to front: the partner of picture i is picture partners[i]": (
            lambda x, y, p, b: by(really)(x, y, np.arange(len(p))[::-1], b)
        ),
    }


def same_family(key: Function, images: Array, *, read: str | None = None) -> None:
    """Check that a key is one for a picture and its mirror image, and for no other.

    Parameters
    ----------
    key : the student's function of one picture, (height, width, C).
    images : different pictures, uint8, (n, height, width, C), none of them symmetric.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if a picture and its mirror image get different keys, or different
        pictures the same; the message says which.

    Examples
    --------
    >>> images = np.arange(24, dtype=np.uint8).reshape(2, 2, 2, 3)
    >>> same_family(lambda p: min(p.tobytes(), p[:, ::-1].tobytes()), images)
    """
    __tracebackhide__ = True

    def key_of(picture: Array) -> Hashable:
        answer: Hashable = called(key, (np.ascontiguousarray(picture),), read=read)
        if type(answer) in _KEYS or isinstance(answer, np.generic):
            return answer
        problem = f"Your function returns {describe(answer)}, not bytes or a text."
        raise fail(problem, read=read)

    for picture in images:
        own = key_of(picture)
        if own != key_of(picture):
            raise fail(
                "Your function gives the same picture another key the second time.",
                read=read,
            )
        if own != key_of(picture[:, ::-1]):
            raise fail(
                "A picture and its mirror image get different keys.",
                mistake=_NOT_MIRRORED,
                read=read,
            )
        for what, change in _RELATIVES.items():
            if own == key_of(change(picture)):
                raise fail(
                    f"A picture and {what} get the same key.",
                    mistake=_COARSE,
                    read=read,
                )


def _one_more(picture: Array) -> Array:
    """The picture with two pixels exchanged, and so its sum as it was."""
    result = picture.copy()
    first, last = result[0, 0, 0], result[-1, 0, 0]
    result[0, 0, 0], result[-1, 0, 0] = last, first
    if first == last:
        result[1, 0, 0] ^= 1
    return result


_RELATIVES: dict[str, Callable[[Array], Array]] = {
    "the same turned upside down": lambda p: p[::-1],
    "the same with its colours exchanged": lambda p: p[..., ::-1],
    "the same with its first row mirrored": lambda p: np.concatenate(
        [p[:1, ::-1], p[1:]]
    ),
    "one with two other pixels": _one_more,
    "one that is one grey level darker in one place": lambda p: np.concatenate(
        [p[:-1], p[-1:] ^ 1]
    ),
}
_KEYS = (bytes, str, int, tuple, frozenset)


def training_only(
    make: Function, x: Array, y: Array, *, read: str | None = None
) -> None:
    """Check data sets for training and validation: only the first is augmented.

    Parameters
    ----------
    make : the student's function of (x, y, x_val, y_val), which returns both.
    x, y : to train on: dark pictures with the label 0 and light ones with 1, so that a
        change that leaves them recognisable leaves them dark or light.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it does not return two data sets of pictures and labels, the
        validation pictures are changed, the others not, or labels are lost.
    """
    __tracebackhide__ = True
    half = len(x) // 2
    arguments = x[:half], y[:half], x[half:], y[half:]
    answer = called(make, arguments, read=read)
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        problem = f"Your function returns {describe(answer)}, not two data sets."
        raise fail(problem, read=read)
    train, validation = answer
    shape = x.shape[1:]
    pipeline(train, validation, shape=shape, augmented=True, name="train", read=read)
    for name, data, count in (
        ("train", train, half),
        ("val", validation, len(x) - half),
    ):
        _require_labels(name, data, count, read)


def _require_labels(name: str, data: Any, count: int, read: str | None) -> None:
    __tracebackhide__ = True
    light: list[bool] = []
    labels: list[float] = []
    for batch in data:
        if len(labels) > count:
            break  # one that repeats itself never ends
        if not isinstance(batch, tuple | list) or len(batch) != 2:
            problem = f"The set `{name}` holds pictures without labels."
            raise fail(problem, mistake=_NO_LABELS, read=read)
        light += list(np.asarray(batch[0]).mean(axis=(1, 2, 3)) > 0.5)
        labels += np.asarray(batch[1]).reshape(-1).tolist()
    if len(labels) != count:
        yours = f"{len(labels)}" if len(labels) < count else f"more than {count}"
        facts = {"Expected": f"{count}", "Yours": yours}
        raise fail(
            f"The set `{name}` loses or repeats pictures.", facts=facts, read=read
        )
    wrong = sum(
        bool(label) != bool(one) for label, one in zip(labels, light, strict=True)
    )
    if wrong:
        problem = (
            f"{wrong} of {count} pictures of the set `{name}` have another's label."
        )
        raise fail(problem, read=read)


def augments(net: Any, x: Array, *, name: str = "net", read: str | None = None) -> None:
    """Check that a net changes, by random layers of its own, what it is trained on.

    Parameters
    ----------
    net : the student's net, of any style.
    x : some pictures as the net reads them, floats, (n, height, width, C).
    name : the variable.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it is no net, has no random layers, or they leave every picture as
        it is.

    Examples
    --------
    >>> import keras
    >>> parts = [keras.layers.RandomFlip("horizontal"), keras.layers.Flatten()]
    >>> net = keras.Sequential([keras.Input((4, 4, 3)), *parts])
    >>> augments(net, np.random.default_rng(0).random((20, 4, 4, 3), "float32"))
    """
    __tracebackhide__ = True
    Net(net, name, read).outputs(x[:1])  # it says so if this is no net
    if hasattr(type(net), "functional"):  # the grader's stand-in for a net
        net = net.functional(x.shape[1:])
    kinds = ("Random", "RandAugment", "AugMix")
    layers = [one for one in every_layer(net) if type(one).__name__.startswith(kinds)]
    if not layers:
        raise fail(
            f"`{name}` has no layers that change pictures at random.",
            facts={"Expected": "layers such as RandomFlip, behind its Input"},
            mistake=_OUTSIDE,
            read=read,
        )
    if not any(_moves(layer, x) for layer in layers):
        found = ", ".join(type(layer).__name__ for layer in layers)
        raise fail(
            f"The random layers of `{name}` leave every picture as it is.",
            facts={"Expected": "changed pictures in training", "Yours": found},
            mistake=_NO_CHANGE,
            read=read,
        )


def _moves(layer: Any, x: Array) -> bool:
    """Whether a layer changes pictures in training."""
    try:
        changed = np.asarray(layer(x, training=True))
    except Exception:  # it stands behind others and reads what they make
        return True
    return changed.shape != x.shape or bool(np.abs(changed - x).max() > _VISIBLE)


_VISIBLE = 1e-3  # of the way from black to white


def small_changes(
    make: Any, *, degrees: float, brightness: float, read: str | None = None
) -> None:
    """Check random turns and changes of brightness by what they do to a picture.

    A grey picture with one light spot is changed many times: where the spot went tells
    the angle, and the grey tells the brightness.

    Parameters
    ----------
    make : the student's function, which returns layers for pictures from 0 to 1, or
        what it returns.
    degrees, brightness : the largest turn and change, either way, that was asked for.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if changes are larger, or much smaller, or none at all.

    Examples
    --------
    >>> import keras
    >>> turn = keras.layers.RandomRotation(30 / 360)
    >>> light = keras.layers.RandomBrightness(0.2, value_range=(0, 1))
    >>> small_changes(keras.Sequential([turn, light]), degrees=30, brightness=0.2)
    """
    __tracebackhide__ = True
    net = built(make, read=read)
    grey, angles = _changes(net, _spots(), read)
    _require_range("brightness", 100 * (grey - _GREY), 100 * brightness, " %", read)
    _require_range("turn", np.degrees(angles), degrees, "°", read)


_GREY, _SPOT, _AWAY, _TRIES = 0.5, 0.3, 12, 96


def _spots() -> Array:
    """Grey pictures with a light spot to the right of the middle."""
    rows, columns = np.mgrid[:64, :64] - 31.5
    spot = np.exp(-(rows**2 + (columns - _AWAY) ** 2) / 8)
    picture = np.repeat((_GREY + _SPOT * spot)[..., None], 3, axis=-1)
    return np.repeat(picture[None], _TRIES, axis=0).astype(np.float32)


def _changes(net: Any, pictures: Array, read: str | None) -> tuple[Array, Array]:
    """The grey of each picture after a change, and the angle of its spot."""
    try:
        changed = as_numbers(np.asarray(net(pictures, training=True)))
    except Unusable as error:
        raise fail(f"The layers return {error}, not pictures.", read=read) from None
    if changed.shape != pictures.shape:
        facts = {"Expected": str(pictures.shape), "Yours": str(changed.shape)}
        raise fail("The layers change the shape of pictures.", facts=facts, read=read)
    flat = changed.mean(axis=-1, dtype=np.float64)
    grey = np.median(flat, axis=(1, 2))
    light = np.maximum(flat - grey[:, None, None] - _SPOT / 10, 0)
    rows, columns = np.mgrid[:64, :64] - 31.5
    down, right = ((light * axis).sum(axis=(1, 2)) for axis in (rows, columns))
    return grey, np.arctan2(down, right)


def _require_range(
    what: str, found: Array, limit: float, unit: str, read: str | None
) -> None:
    __tracebackhide__ = True
    low, high = float(found.min()), float(found.max())
    facts = {
        "Expected": f"from −{limit:g}{unit} to {limit:g}{unit}",
        "Yours": f"from {low:.0f}{unit} to {high:.0f}{unit} in {len(found)} tries",
    }
    if max(-low, high) > 1.1 * limit:
        problem = f"The changes of {what} are too large."
        raise fail(problem, facts=facts, mistake=_TOO_LARGE[what], read=read)
    if max(-low, high) < 0.6 * limit:
        problem = f"The changes of {what} are too small."
        raise fail(problem, facts=facts, mistake=_TOO_SMALL[what], read=read)
    if min(-low, high) < 0.3 * limit:
        problem = f"The changes of {what} go one way only."
        raise fail(problem, facts=facts, read=read)


def _mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)


_NO_PAIR = _mistake(
    "returned None",
    "A function without `return` gives None; printing a result does not return it.",
)
_NOT_MIRRORED = _mistake(
    "mirror image forgotten",
    "Make the bytes of the picture and of picture[:, ::-1], and use both, in an order"
    " that does not depend on which of them came first: the smaller, say.",
)
_COARSE = _mistake(
    "a key that is too coarse",
    "It must depend on every pixel in its place: use .tobytes(), not a sum or sorted"
    " values.",
)
_OUTSIDE = _mistake(
    "augmentation outside the net",
    "Put RandomFlip and its like among the net's own layers, behind Input, and hand in"
    " the net in which they are. Pictures that were changed beforehand are the same in"
    " every epoch.",
)
_NO_CHANGE = _mistake(
    "nothing changed", "A factor of 0 changes nothing: RandomTranslation(0.1, 0.1)."
)
_NO_LABELS = _mistake(
    "labels forgotten", "`map` takes and returns both: lambda x, y: (…, y)."
)
_TOO_LARGE = {
    "turn": _mistake(
        "degrees for turns",
        "RandomRotation counts in full turns: 30 degrees are 30 / 360.",
    ),
    "brightness": _mistake(
        "another range of pixels",
        "RandomBrightness takes pixels to go up to 255, unless you say"
        " value_range=(0, 1).",
    ),
}
_TOO_SMALL = {
    "turn": _mistake(
        "turns too small",
        "RandomRotation counts in full turns: 30 degrees are 30 / 360, and a single"
        " number means either way.",
    ),
    "brightness": _mistake(
        "brightness as it was",
        "RandomBrightness(0.2) changes by up to 0.2 of the range of pixels.",
    ),
}
