"""Check how the homework's three arms were trained, and what is equal among them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.checks.accuracy import Net, right
from course_utils.checks.answers import describe
from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import fail
from course_utils.checks.training import curves_of, training
from course_utils.homework import scaled

Array = NDArray[Any]
Sets = Mapping[str, tuple[Array, Array]]

_FRESH = 0.4  # share of ln(classes) that the first epoch's loss of a new net exceeds
_AS_FAR_OFF = 0.8  # share of another arm's first loss below which one has begun before
_CLEARLY = 0.1  # a share of a thousand pictures that chance does not explain
_TIPPED = 2.5  # pictures of a set that rounding may tip
_SAME_LOSS = 2e-3  # as a part of it, or of 1 where it is smaller
_PARTS = ("validation", "test", "training")


def trained(
    net: Any,
    histories: Any,
    arm: str,
    sets: Sets,
    *,
    read: str | None = None,
) -> None:
    """Check that an arm has learned, by itself, watched on the validation pictures.

    Parameters
    ----------
    net : the trained network.
    histories : by arm, what ``fit`` returned.
    arm : which one.
    sets : from `homework.three_sets`.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if there are no such curves, they show no learning or nothing but
        guessing, do not begin at the beginning, or do not belong to this net and these
        pictures.
    """
    __tracebackhide__ = True
    name = f'histories["{arm}"]'
    history = history_of(histories, arm, read=read)
    training(history, name=name, read=read)
    curves = curves_of(history, name=name, read=read)
    classes = int(sets["validation"][1].max()) + 1
    _require_more_than_guesses(curves, name, len(sets["validation"][1]), classes, read)
    if curves["loss"][0] < _FRESH * math.log(classes):
        raise fail(
            f"`{name}` does not begin with a network that has learned nothing.",
            facts={
                "Expected": f"a first loss of about ln {classes} ="
                f" {math.log(classes):.2f}",
                "Yours": f"{curves['loss'][0]:.3g}",
            },
            mistake=_GOES_ON,
            read=read,
        )
    _require_curves_of(Net(net, arm, read), curves, name, sets)


def equal_budgets(
    histories: Any, arm: str, other: str = "baseline", *, read: str | None = None
) -> None:
    """Check that two arms were trained equally often on equally many pictures.

    Parameters
    ----------
    histories : by arm, what ``fit`` returned.
    arm, other : the two.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if they differ in epochs, or in steps to an epoch.
    """
    __tracebackhide__ = True
    budgets = [_budget(histories, one, read) for one in (arm, other)]
    for what, mine, theirs, mistake in zip(
        ("epochs", "steps to an epoch"), *budgets, (_EPOCHS, _STEPS), strict=True
    ):
        if mine != theirs:
            raise fail(
                f"The arms “{arm}” and “{other}” differ in {what}.",
                facts={other: f"{theirs}", arm: f"{mine}"},
                mistake=mistake,
                read=read,
            )


def begins_anew(
    histories: Any, arm: str, other: str = "baseline", *, read: str | None = None
) -> None:
    """Check that an arm with the network of another one begins as far off as that.

    Augmentation makes the first epoch no easier. So a first loss clearly below the
    other's is that of a network that had been trained before.

    Parameters
    ----------
    histories : by arm, what ``fit`` returned.
    arm, other : the two.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if the first loss of `arm` is a fifth lower.
    """
    __tracebackhide__ = True
    first = {
        one: float(
            curves_of(
                history_of(histories, one, read=read),
                name=f'histories["{one}"]',
                read=read,
            )["loss"][0]
        )
        for one in (other, arm)
    }
    if first[arm] >= _AS_FAR_OFF * first[other]:
        return
    raise fail(
        f"The arm “{arm}” begins where “{other}” had come to.",
        facts={one: f"{loss:.3g} after the first epoch" for one, loss in first.items()},
        mistake=_GOES_ON,
        read=read,
    )


def not_known(
    net: Any,
    name: str,
    seen: tuple[Array, Array],
    strange: tuple[Array, Array],
    *,
    part: str,
    read: str | None = None,
) -> None:
    """Check that a network does no better on a set than on pictures that nobody had.

    Parameters
    ----------
    net : the trained network.
    name : the variable.
    seen : images, uint8, and labels of the set.
    strange : of CIFAR-10's own test set.
    part : the name of the set.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it is right ten points more often on the set.
    """
    __tracebackhide__ = True
    asked = Net(net, name, read)
    shares = [right(asked.outputs(scaled(x)), y) for x, y in (seen, strange)]
    if shares[0] - shares[1] < _CLEARLY:
        return
    raise fail(
        f"`{name}` knows the pictures of the {part} set.",
        facts={
            "There": f"{shares[0]:.1%} right",
            "On others": f"{shares[1]:.1%}, of pictures that it cannot have seen",
        },
        mistake=_LEAKED,
        read=read,
    )


def history_of(histories: Any, arm: str, *, read: str | None = None) -> Any:
    """What ``fit`` returned for an arm.

    Raises
    ------
    CheckFailed : if there is none.
    """
    if not isinstance(histories, Mapping):
        problem = f"`histories` holds {describe(histories)}, not a dict by arm."
        raise fail(problem, read=read)
    history = histories.get(arm)
    if history is None:
        problem = f'`histories["{arm}"]` has no value yet: keep what `fit` returns.'
        raise fail(problem, read=read)
    return history


def _budget(histories: Any, arm: str, read: str | None) -> tuple[int, int]:
    history = history_of(histories, arm, read=read)
    name = f'histories["{arm}"]'
    epochs = len(curves_of(history, name=name, read=read)["loss"])
    steps = (getattr(history, "params", None) or {}).get("steps")
    if not isinstance(steps, int):
        problem = f"`{name}` does not say how many steps an epoch had."
        mistake = _DICT if isinstance(history, Mapping) else _UNCOUNTED
        raise fail(problem, mistake=mistake, read=read)
    return epochs, steps


def _require_more_than_guesses(
    curves: Mapping[str, Array], name: str, n: int, classes: int, read: str | None
) -> None:
    """Fail if the second half of the curve lies where guessing does."""
    told = accuracy_curve(curves, name, read=read)
    late = told[len(told) // 2 :]
    chance = 1 / classes
    least = chance + 2 * math.sqrt(chance * (1 - chance) / n)
    if late.mean() >= least:
        return
    raise fail(
        f"`{name}` is that of a network which guesses.",
        facts={
            "Expected": f"more than {least:.1%} right on the validation pictures",
            "Yours": f"{late.mean():.1%}, as a mean of the last {len(late)} epochs",
        },
        mistake=_GUESSES,
        read=read,
    )


@dataclass(frozen=True)
class _Measured:
    """What a net reaches on a set: share of right answers, mean cross-entropy."""

    share: float
    entropy: float
    pictures: int

    @classmethod
    def on(cls, net: Net, images: Array, labels: Array) -> _Measured:
        outputs = net.outputs(scaled(images))
        entropy = _cross_entropy(outputs, labels)
        return cls(right(outputs, labels), entropy, len(labels))

    def has_share(self, told: float) -> bool:
        return abs(self.share - told) * self.pictures <= _TIPPED

    def is_it(self, told: float, loss: float) -> bool:
        same_loss = abs(self.entropy - loss) <= _SAME_LOSS * max(1.0, loss)
        return self.has_share(told) and same_loss


def _cross_entropy(outputs: Array, labels: Array) -> float:
    """Of logits or probabilities; NaN if there is not a number for each class."""
    if outputs.ndim != 2 or outputs.shape[1] <= labels.max():
        return math.nan
    rows = np.arange(len(labels))
    if outputs.min() >= 0 and np.allclose(outputs.sum(axis=1), 1, atol=1e-3):
        return float(-np.log(np.maximum(outputs[rows, labels], 1e-7)).mean())
    with np.errstate(invalid="ignore"):
        shifted = outputs - outputs.max(axis=1, keepdims=True)
    sums = np.log(np.exp(shifted).sum(axis=1))
    return float((sums - shifted[rows, labels]).mean())


def _require_curves_of(
    net: Net, curves: Mapping[str, Array], name: str, sets: Sets
) -> None:
    """Fail if a net and a history disagree about the validation pictures.

    By chance a net is right equally often on two sets, but then their losses differ: a
    set is blamed only if its loss is that of the curve, too.
    """
    told, losses = accuracy_curve(curves, name, read=net.read), curves["val_loss"]
    last = min(len(told), len(losses)) - 1
    ends = {last, int(told[: last + 1].argmax()), int(losses[: last + 1].argmin())}

    @cache  # the other parts are asked only if the first is not it
    def found(part: str) -> _Measured:
        return _Measured.on(net, *sets[part])

    def is_it(part: str) -> bool:
        return any(found(part).is_it(told[end], losses[end]) for end in ends)

    for_sure = next(filter(is_it, _PARTS), None)
    fits = any(found("validation").has_share(told[end]) for end in ends)
    if fits and for_sure in (None, "validation"):
        return
    raise fail(
        f"`{name}` and `{net.name}` disagree about the validation pictures.",
        facts={
            "Curve": f"{told[-1]:.1%} right at the end, {told.max():.1%} at best",
            "Network": f"{found('validation').share:.1%}",
        },
        mistake=_OTHER_PART.get(for_sure or "", _OTHER_NET),
        read=net.read,
    )


def accuracy_curve(
    curves: Mapping[str, Array],
    name: str,
    *,
    prefix: str = "val_",
    read: str | None = None,
) -> Array:
    """The curve of the accuracy, whatever the metric is called.

    Raises
    ------
    CheckFailed : if the history has none.
    """
    for key, curve in curves.items():
        if key.startswith((prefix + "acc", prefix + "sparse_cat")) and len(curve):
            return curve
    has = ", ".join(curves)
    problem = f"`{name}` has no curve of the accuracy; it has {has}."
    raise fail(problem, mistake=_NO_METRIC, read=read)


def _mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)


_GOES_ON = _mistake(
    "a network that goes on",
    "It had been trained before: build it anew, and keep the history of its first and"
    " only `fit`.",
)
_OTHER_NET = _mistake(
    "another network or other pictures",
    "The curves must be those of this very network on x_val, y_val, and it must not be"
    " trained any further afterwards. (The weights may be those of the last epoch or of"
    " the best.)",
)
_TEST = _mistake(
    "test set as validation_data",
    "The curve is that of the test pictures. What is chosen by them can no longer be"
    " judged by them: pass validation_data=(x_val, y_val).",
)
_TRAINING = _mistake(
    "training set as validation_data",
    "The curve is that of the training pictures, which the network knows by heart.",
)
_OTHER_PART = {"test": _TEST, "training": _TRAINING}
_LEAKED = _mistake(
    "leakage", "It was trained on them, and so they cannot judge it any more."
)
_EPOCHS = _mistake(
    "unequal epochs",
    "An arm that trains longer shows that training longer helps: give all the same, and"
    " no early stopping.",
)
_STEPS = _mistake(
    "unequal steps",
    "Another batch size, or other pictures: all arms see the same 2,000 in batches of"
    " one size.",
)
_DICT = _mistake(
    "the dict alone", "Keep what `fit` returns itself, not its attribute `history`."
)
_UNCOUNTED = _mistake(
    "data of unknown length",
    "Keras could not count the batches: give `fit` arrays, or a data set whose length"
    " is known.",
)
_GUESSES = _mistake(
    "labels out of step",
    "Pictures and labels must keep their common order, and every class must be among"
    " them. If they do, the rate may be far too high.",
)
_NO_METRIC = _mistake("no metric", 'Compile with metrics=["accuracy"].')
