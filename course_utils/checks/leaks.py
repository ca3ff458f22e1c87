"""Check what a net is shown, and mistakes by which it is shown too much.

The functions that are checked here prepare arrays for `fit`. Of many right answers, a
check asks what all have in common: every picture there, with its own label, and nothing
of the test.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.checks.answers import as_numbers, describe
from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import fail
from course_utils.checks.functions import called
from course_utils.checks.training import balanced, no_leakage

Array = NDArray[Any]
Function = Callable[..., Any]
Mistakes = dict[str, Callable[..., object]]

FAULTS: dict[str, dict[str, object]] = {
    "test_fault": {
        "not the number of epochs: it is no fault to train for long and stop at the"
        " best": "A",
        "not the training pictures: nothing of them was given to the validation": "C",
        "not the labels: they lie beside their own pictures": "D",
    },
    "sorted_fault": {
        "not the learning rate: the loss of the training falls as it should": "A",
        "not overfitting: that makes a gap, but not of everything": "B",
        "not the share: a fifth is a usual part": "D",
    },
    "statistics_fault": {
        "not the division: dividing by the standard deviation is what standardising"
        " is": "B",
        "not the labels: nothing here has seen one": "C",
        "not the axes: one mean for all pixels is coarse, and no fault": "D",
    },
}
"""Why the other letters do not name the fault; by variable, then by mistake."""


def fit_arrays(
    choose: Function, x: Array, y: Array, x_test: Array, *, read: str | None = None
) -> None:
    """Check what a function chooses for `fit`: nothing of the test, nothing twice.

    Parameters
    ----------
    choose : the student's function of (x, y, x_test, y_test); it returns pictures and
        labels to train on, and a pair of validation pictures and labels.
    x, y, x_test : handed to it, with labels of −1 for the test pictures.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if validation or training holds test pictures, the two share some, a
        label is not that of its picture, or a part is too small.
    """
    __tracebackhide__ = True
    answer = called(choose, (x, y, x_test, np.full(len(x_test), -1)), read=read)
    try:
        x_fit, y_fit, (x_val, y_val) = answer
    except (TypeError, ValueError):
        problem = f"Your function returns {describe(answer)}, not x, y, (x_val, y_val)."
        raise fail(problem, read=read) from None
    parts = {"training": (x_fit, y_fit), "validation": (x_val, y_val)}
    arrays = {n: (as_numbers(a), as_numbers(b)) for n, (a, b) in parts.items()}
    for name, (images, labels) in arrays.items():
        _require_pictures(name, images, labels, x, read)
    pictures = {name: images for name, (images, _) in arrays.items()}
    no_leakage(**pictures, test=x_test, read=read)
    for name, (images, labels) in arrays.items():
        require_pairs(images, labels, x, y, name, read=read)
    share = len(x_val) / len(x)
    if len(x_fit) + len(x_val) == len(x) and 0.05 <= share <= 0.4:
        return
    raise fail(
        "The parts do not hold the training pictures in usual shares.",
        facts={
            "Expected": f"{len(x)} in all, of them a tenth to a fifth for validation",
            "Yours": f"{len(x_fit)} and {len(x_val)}",
        },
        read=read,
    )


def mixed(
    mix: Function, x: Array, y: Array, *, tail: float, read: str | None = None
) -> None:
    """Check that a function puts pictures and labels into an order good to cut.

    Parameters
    ----------
    mix : the student's function of (x, y, seed); it returns the same pictures and
        labels in another order.
    x, y : handed to it; no picture twice.
    tail : share at the end that must hold every class.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if a picture is lost or has another's label, or classes are missing
        at the end.
    """
    __tracebackhide__ = True
    answer = called(mix, (x, y, 0), read=read)
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        problem = f"Your function returns {describe(answer)}, not x and y."
        raise fail(problem, read=read)
    images, labels = (as_numbers(part) for part in answer)
    _require_pictures("answer", images, labels, x, read)
    if len(images) != len(x):
        facts = {"Expected": f"{len(x)}", "Yours": f"{len(images)}"}
        raise fail("Your function loses pictures.", facts=facts, read=read)
    require_pairs(images, labels, x, y, "answer", read=read)
    cut = round((1 - tail) * len(y))
    name = f"y[{cut}:]"
    balanced(labels[cut:], len(np.unique(y)), name=name, at_least=0.25, read=read)


def _require_pictures(
    name: str, images: Array, labels: Array, x: Array, read: str | None
) -> None:
    if images.shape[1:] == x.shape[1:] and len(images) == labels.size > 0:
        return
    raise fail(
        f"The {name} part holds no pictures with their labels.",
        facts={
            "Expected": f"(n, {', '.join(map(str, x.shape[1:]))}) and (n,)",
            "Yours": f"{images.shape} and {labels.shape}",
        },
        read=read,
    )


def require_pairs(
    images: Array, labels: Array, x: Array, y: Array, name: str, *, read: str | None
) -> None:
    """Fail if a picture has another label than before, or none of `x` is like it.

    Raises
    ------
    CheckFailed : the message says how many.
    """
    known = {picture.tobytes(): int(label) for picture, label in zip(x, y, strict=True)}
    found = [known.get(picture.astype(x.dtype).tobytes()) for picture in images]
    strangers = sum(label is None for label in found)
    problem = f"{strangers} pictures of the {name} part are none of those given."
    if strangers:
        raise fail(problem, read=read)
    wrong = sum(a != b for a, b in zip(found, labels.reshape(-1), strict=True))
    if not wrong:
        return
    raise fail(
        f"{wrong} of {len(found)} pictures of the {name} part have another's label.",
        mistake=_OUT_OF_STEP,
        read=read,
    )


def copies_mistakes() -> Mistakes:
    """Wrong ways to find copies, as functions of (images, others).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in copies_mistakes().items()}
    >>> x = np.array([[[1, 2]], [[2, 1]], [[5, 5]]], dtype=np.uint8)
    >>> wrong["means compared"](x, x[:1]).tolist()
    [True, True, False]
    """

    def alike(key: Callable[[Array], object]) -> Function:
        def answer(images: Array, others: Array) -> Array:
            seen = {key(picture) for picture in others}
            return np.array([key(picture) in seen for picture in images])

        return answer

    exact = alike(lambda p: p.tobytes())

    def same_place(images: Array, others: Array) -> Array:
        n = min(len(images), len(others))
        found = np.zeros(len(images), dtype=bool)
        found[:n] = [np.array_equal(images[i], others[i]) for i in range(n)]
        return found

    def first_only(images: Array, others: Array) -> Array:
        found, (_, first) = exact(images, others), np.unique(images, True, axis=0)
        return np.asarray(found & np.isin(np.arange(len(images)), first))

    return {
        "means compared: different pictures may have the same mean; a hash depends on"
        " every pixel in its place": alike(lambda p: int(p.sum(dtype=np.int64))),
        "grey levels sorted: a hash depends on every pixel in its place": alike(
            lambda p: np.sort(p, axis=None).tobytes()
        ),
        "first pixels only: the hash must depend on all of them": alike(
            lambda p: p.ravel()[:3].tobytes()
        ),
        "the other way round: True is for a picture that is in the other set, too": (
            lambda images, others: ~exact(images, others)
        ),
        "the objects compared: hash() of each array's own memory finds nothing": (
            lambda images, others: np.zeros(len(images), dtype=bool)
        ),
        "same place only: a copy may stand anywhere in the other set": same_place,
        "first of several only: each picture that is there gets True": first_only,
        "near copies, too: pictures must be equal in every pixel": alike(
            lambda p: (p // 8).tobytes()
        ),
        "other answers: one truth value for each of `images`": lambda images, others: (
            exact(others, images)
        ),
    }


def statistics_mistakes() -> Mistakes:
    """Wrong ways to standardise two sets alike, as functions of (x, x_val).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in statistics_mistakes().items()}
    >>> wrong["not divided"](np.array([0.0, 2.0]), np.array([5.0]))
    array([-1.,  1.,  4.])
    """

    def by(part: Callable[[Array, Array], Array]) -> Function:
        def answer(x: Array, x_val: Array) -> Array:
            one = part(x, x_val)
            return _joined(
                (x - one.mean()) / one.std(), (x_val - one.mean()) / one.std()
            )

        return answer

    def own(x: Array) -> Array:
        return np.asarray((x - x.mean()) / x.std())

    return {
        "statistics of all: mean and standard deviation are learned, so they come from"
        " the training pictures alone": by(lambda x, v: _joined(x, v)),
        "each with its own: the net must find the same scale in both; use those of the"
        " training pictures": lambda x, v: _joined(own(x), own(v)),
        "statistics of the validation pictures: use those of the training pictures": by(
            lambda x, v: v
        ),
        "validation left as it was: it gets the same mean and standard deviation": (
            lambda x, v: _joined(own(x), v)
        ),
        "not divided": lambda x, v: _joined(x - x.mean(), v - x.mean()),
        "mean not subtracted": lambda x, v: _joined(x / x.std(), v / x.std()),
        "variance: divide by the standard deviation, its square root": lambda x, v: (
            _joined((x - x.mean()) / x.var(), (v - x.mean()) / x.var())
        ),
        "stretched to [0, 1]: subtract the mean, divide by the standard deviation": (
            lambda x, v: _joined((x - x.min()) / np.ptp(x), (v - x.min()) / np.ptp(x))
        ),
        "multiplied: divide by the standard deviation": lambda x, v: _joined(
            (x - x.mean()) * x.std(), (v - x.mean()) * x.std()
        ),
    }


def _joined(x: Array, x_val: Array) -> Array:
    return np.concatenate([x, x_val])


_OUT_OF_STEP = Mistake(
    "out of step",
    "Pictures and labels must be put into the same new order: draw one permutation and"
    " index both with it.",
    lambda _: True,
)
