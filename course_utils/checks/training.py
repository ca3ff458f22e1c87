"""Check how a net was trained: its curves, and what it was shown."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.checks.accuracy import Net, right
from course_utils.checks.answers import describe
from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import CheckFailed, fail

Array = NDArray[Any]

_FALLS_BY = 0.05  # share of its first value that the training loss must lose


def training(
    history: Any,
    *,
    epochs_at_most: int | None = None,
    patience: int | None = None,
    monitor: str = "val_loss",
    restored: tuple[Any, ArrayLike, ArrayLike] | None = None,
    name: str = "history",
    read: str | None = None,
) -> None:
    """Check that the curves of a training show learning, and its validation.

    Parameters
    ----------
    history : what ``fit`` returned, or its dict of lists.
    epochs_at_most : the budget.
    patience : where early stopping was asked for: so many epochs after the best one the
        training must have ended, or else have used up its budget.
    monitor : the curve that decides which epoch is best; of an accuracy the highest,
        of anything else the lowest.
    restored : the net, the validation pictures and their labels, where the weights of
        the best epoch should have come back: then the net must have that epoch's
        ``val_accuracy``.
    name : the variable.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it is no history, lacks validation curves, shows no learning, is
        too long, or did not stop or restore as asked.

    Examples
    --------
    >>> training({"loss": [2.2, 1.6], "val_loss": [2.0, 1.7]})
    >>> try:
    ...     training({"loss": [2.2, 1.6]})
    ... except AssertionError as failure:
    ...     print(failure)
    `history` has no validation curves; it has loss.
    Likely mistake: no validation. Pass validation_data=(x_val, y_val) to `fit`.
    """
    __tracebackhide__ = True
    checked = _History(history, name, read)
    checked.require_validation()
    checked.require_budget(epochs_at_most)
    checked.require_learning()
    if patience is not None:
        checked.require_stop(monitor, patience, epochs_at_most)
    if restored is not None:
        checked.require_restored(monitor, *restored)


def curves_of(
    history: Any, *, name: str = "history", read: str | None = None
) -> dict[str, Array]:
    """The curves of a training by their names, as arrays of floats, (epochs,).

    Parameters
    ----------
    history, name, read : as in `training`.

    Raises
    ------
    CheckFailed : if it is no history.

    Examples
    --------
    >>> curves_of({"loss": [2.2, 1.6]})
    {'loss': array([2.2, 1.6])}
    """
    __tracebackhide__ = True
    return _History(history, name, read).curves


class _History:
    """The curves of one training, and what to say about them."""

    def __init__(self, history: Any, name: str, read: str | None) -> None:
        self.name, self.read = name, read
        if history is None or history is Ellipsis:
            raise self.failure(f"`{name}` has no value yet: assign one.")
        if hasattr(history, "fit"):
            raise self.failure(
                f"`{name}` holds a net; the history is what `fit` returns:"
                f" {name} = net.fit(…)."
            )
        told = getattr(history, "history", history)
        if not isinstance(told, Mapping) or "loss" not in told:
            raise self.failure(
                f"`{name}` holds {describe(told)}, not a history: that is what `fit`"
                " returns."
            )
        self.curves = {str(key): self._numbers(told[key], key) for key in told}
        self.epochs = len(self.curves["loss"])

    def _numbers(self, values: Any, key: object) -> Array:
        try:
            return np.asarray(values, dtype=np.float64).reshape(-1)
        except (TypeError, ValueError):
            raise self.failure(
                f"`{self.name}` holds a curve `{key}` that is no list of numbers."
            ) from None

    def require_validation(self) -> None:
        if len(self.curves.get("val_loss", ())) == self.epochs > 0:
            return
        has = ", ".join(self.curves)
        raise self.failure(
            f"`{self.name}` has no validation curves; it has {has}.",
            mistake=_mistake(
                "no validation", "Pass validation_data=(x_val, y_val) to `fit`."
            ),
        )

    def require_budget(self, epochs_at_most: int | None) -> None:
        if epochs_at_most is None or self.epochs <= epochs_at_most:
            return
        facts = {"Expected": f"at most {epochs_at_most}", "Yours": str(self.epochs)}
        raise self.failure("The training has more epochs than its budget.", facts)

    def require_learning(self) -> None:
        loss = self.curves["loss"]
        if self.epochs < 2:
            raise self.failure(
                f"`{self.name}` has {self.epochs} epoch, which makes no curve: train"
                " for two at least."
            )
        facts = {"Loss": " → ".join(f"{value:.3g}" for value in loss[[0, -1]])}
        if not np.isfinite(loss).all():
            mistake = _mistake(
                "NaN",
                "The loss is no number any more: lower the learning rate, and look for"
                " the logarithm of 0.",
            )
        elif loss.min() <= (1 - _FALLS_BY) * loss[0]:
            return
        elif loss[-1] > loss[0] * (1 + _FALLS_BY):
            mistake = _mistake(
                "learning rate too high", "The loss rises: try a tenth of the rate."
            )
        else:
            mistake = _mistake(
                "nothing learned",
                "The loss stays where it began: the rate is far too high or far too"
                " low, or the labels do not belong to the pictures.",
            )
        problem = "The training loss does not fall as it does where a net learns."
        raise self.failure(problem, facts, mistake)

    def best(self, monitor: str) -> int:
        """Number of the best epoch, from 0; the first of several that are equal."""
        if monitor not in self.curves:
            has = ", ".join(self.curves)
            raise self.failure(f"`{self.name}` has no curve {monitor!r}; it has {has}.")
        curve = self.curves[monitor]
        higher = monitor.endswith(("accuracy", "acc", "auc"))
        return int(np.argmax(curve) if higher else np.argmin(curve))

    def require_stop(self, monitor: str, patience: int, budget: int | None) -> None:
        after = self.epochs - 1 - self.best(monitor)
        used_up = self.epochs == budget
        if after == patience or (used_up and after < patience):
            return
        facts = {
            "Best epoch": f"{self.best(monitor) + 1}, by {monitor}",
            "Expected": f"the end {patience} epochs later",
            "Yours": f"the end after epoch {self.epochs}",
        }
        hint = f'EarlyStopping(monitor="{monitor}", patience={patience}, …)'
        late = _mistake("stopped too late", f"Pass callbacks=[{hint}] to `fit`.")
        early = _mistake(
            "stopped too early",
            f"It gave up before {patience} epochs without a better one: {hint}, and"
            " enough epochs.",
        )
        raise self.failure(
            "The training did not stop where it should.",
            facts,
            late if after > patience else early,
        )

    def require_restored(
        self, monitor: str, model: Any, x: ArrayLike, y: ArrayLike
    ) -> None:
        labels = np.asarray(y).reshape(-1)
        share = right(Net(model, "net", self.read).outputs(np.asarray(x)), labels)
        told, best = self.curves.get("val_accuracy", np.array([])), self.best(monitor)
        if not len(told):
            raise self.failure(
                f"`{self.name}` has no curve 'val_accuracy': compile with"
                ' metrics=["accuracy"].'
            )
        two = 2.5 / len(labels)  # pictures that rounding may tip
        if abs(share - told[best]) <= two:
            return
        last = abs(share - told[-1]) <= two
        facts = {
            "Expected": f"{told[best]:.1%} on the validation pictures, as after epoch"
            f" {best + 1}",
            "Yours": f"{share:.1%}" + (", as after the last epoch" if last else ""),
        }
        raise self.failure(
            "The net does not have the weights of its best epoch.",
            facts,
            _mistake(
                "weights not restored",
                "EarlyStopping puts the best weights back only with"
                " restore_best_weights=True.",
            )
            if last
            else None,
        )

    def failure(
        self,
        problem: str,
        facts: dict[str, str] | None = None,
        mistake: Mistake | None = None,
    ) -> CheckFailed:
        return fail(problem, facts=facts, mistake=mistake, read=self.read)


def no_leakage(*, read: str | None = None, **parts: ArrayLike) -> None:
    """Check that no picture lies in two parts of the data.

    Pictures are compared by a hash of their grey levels, so it does not matter whether
    a part holds bytes, pixels from 0 to 1 or from −1 to 1, or was standardised, as long
    as it contains a black and a white pixel then.

    Parameters
    ----------
    read : where the course explains it.
    **parts : pictures by the name of their part, (n, …): train, validation, test.

    Raises
    ------
    CheckFailed : if two parts share pictures; the message says which and how many.

    Examples
    --------
    >>> x = np.arange(12, dtype=np.uint8).reshape(6, 2)
    >>> no_leakage(train=x[:4], test=x[4:])
    >>> try:
    ...     no_leakage(train=x[:4], validation=x[3:4], test=x[4:])
    ... except AssertionError as failure:
    ...     print(failure)
    Pictures of the part “validation” are in “train” as well: 1 of 1.
    Likely mistake: leakage. A net does well on pictures that it has seen before, \
so they cannot judge it.
    """
    __tracebackhide__ = True
    hashes = {name: _hashes(np.asarray(images)) for name, images in parts.items()}
    names = list(hashes)
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            shared = sum(h in set(hashes[one]) for h in hashes[other])
            if not shared:
                continue
            raise fail(
                f"Pictures of the part “{other}” are in “{one}” as well: {shared:,} of"
                f" {len(hashes[other]):,}.",
                mistake=_LEAKAGE[other == "test"],
                read=read,
            )


def _mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)


_LEAKAGE = {
    False: _mistake(
        "leakage",
        "A net does well on pictures that it has seen before, so they cannot judge it.",
    ),
    True: _mistake(
        "leakage from the test set",
        "Whatever is decided by the test pictures, the weights or the best epoch, they"
        " can no longer judge: use validation pictures cut from the training set.",
    ),
}


def _hashes(images: Array) -> list[bytes]:
    grey = np.ascontiguousarray(_grey_levels(images))
    return [hashlib.sha256(picture.tobytes()).digest() for picture in grey]


def _grey_levels(images: Array) -> Array:
    """Pictures as bytes, whatever linear scale their pixels are on."""
    if images.dtype.kind in "bui" or not images.size:
        return images.astype(np.uint8)
    low, high = _scale(images)
    shares = (images - low) / np.maximum(high - low, 1e-12)
    return np.asarray(np.rint(255 * shares).clip(0, 255), dtype=np.uint8)


def _scale(images: Array) -> tuple[Array, Array]:
    """What stands for black and for white: for all pixels, or in each channel."""
    low, high = images.min(), images.max()
    for black, white in ((0, 1), (0, 255), (-1, 1)):
        if black <= low and high <= white:
            return np.array(black), np.array(white)
    axes = tuple(range(images.ndim - 1))  # standardised
    return images.min(axes), images.max(axes)


def balanced(
    labels: ArrayLike,
    classes: int,
    *,
    at_least: float = 0.5,
    name: str = "y_val",
    read: str | None = None,
) -> None:
    """Check that a part of the labels holds every class, about equally often.

    Parameters
    ----------
    labels : integers, (n,) or (n, 1).
    classes : how many classes there are.
    at_least : how many labels the rarest class must have, as a part of its fair share,
        n / classes.
    name : the variable.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if a class is missing or rare.

    Examples
    --------
    >>> balanced([0, 1, 2, 0, 1, 2], 3)
    >>> try:
    ...     balanced([2, 2, 2, 2, 2, 1], 3)
    ... except AssertionError as failure:
    ...     print(str(failure).splitlines()[0])
    `y_val` does not hold every class as it should.
    """
    __tracebackhide__ = True
    try:
        flat = np.asarray(labels).reshape(-1).astype(np.int64)
        counts = np.bincount(flat, minlength=classes)
    except (TypeError, ValueError):
        problem = f"`{name}` holds {describe(labels)}, not labels from 0 on."
        raise fail(problem, read=read) from None
    if len(counts) > classes:
        problem = f"`{name}` holds the label {len(counts) - 1}; there are {classes}."
        raise fail(problem, read=read)
    fair = len(flat) / classes
    if len(flat) and counts.min() >= math.floor(at_least * fair):
        return
    raise fail(
        f"`{name}` does not hold every class as it should.",
        facts={
            "Expected": f"about {fair:.0f} of each of {classes} classes",
            "Yours": f"({', '.join(map(str, counts))})",
        },
        mistake=_mistake(
            "sorted labels",
            "A part cut from the end of sorted labels holds the last classes only:"
            " shuffle first, pictures and labels alike.",
        )
        if (counts == 0).any()
        else None,
        read=read,
    )
