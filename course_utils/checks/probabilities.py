"""Check that an array holds probabilities."""

from __future__ import annotations

import numpy as np

from course_utils.checks import values
from course_utils.checks.answers import Unusable, as_numbers
from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import fail


def probabilities(
    answer: object,
    *,
    shape: tuple[int, ...] | None = None,
    tolerance: float = 1e-3,
    name: str = "probabilities",
    read: str | None = None,
) -> None:
    """Check that numbers lie in [0, 1] and that the last axis adds up to 1.

    Parameters
    ----------
    answer : what the student's variable holds.
    shape : what its shape must be, if that matters, mostly (n, classes).
    tolerance : how far a sum may be off.
    name : the variable.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if they are no probabilities; the message says what they may be.

    Examples
    --------
    >>> probabilities([[0.2, 0.8], [1.0, 0.0]], shape=(2, 2))
    >>> try:
    ...     probabilities([[-1.0, 2.5], [0.3, 0.1]])
    ... except AssertionError as failure:
    ...     print(failure)
    `probabilities` holds numbers that are no probabilities.
      Expected: 0 to 1
      Yours:    -1 to 2.5
    Likely mistake: logits. A softmax over the last axis makes shares of them.
    """
    __tracebackhide__ = True
    values.shape(answer, shape or _own_shape(answer), name=name, read=read)
    numbers = np.atleast_1d(as_numbers(answer)).astype(np.float64)
    low, high = float(numbers.min(initial=1)), float(numbers.max(initial=0))
    sums = numbers.sum(axis=-1)
    if low < -tolerance or high > 1 + tolerance:
        raise fail(
            f"`{name}` holds numbers that are no probabilities.",
            facts={"Expected": "0 to 1", "Yours": f"{low:.4g} to {high:.4g}"},
            mistake=_LOGITS if low < 0 else _PER_CENT if high <= 100.5 else None,
            read=read,
        )
    if np.abs(sums - 1).max(initial=0) <= tolerance:
        return
    raise fail(
        f"`{name}` holds rows that do not add up to 1.",
        facts={"Expected": "1", "Yours": f"{sums.min():.4g} to {sums.max():.4g}"},
        mistake=_reason(numbers, tolerance),
        read=read,
    )


def _own_shape(answer: object) -> tuple[int, ...]:
    try:
        return as_numbers(answer).shape
    except Unusable:
        return (1,)  # `values.shape` says what it is


def _mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)


_LOGITS = _mistake("logits", "A softmax over the last axis makes shares of them.")
_PER_CENT = _mistake("per cent", "Probabilities are shares: divide by 100.")


def _reason(numbers: np.ndarray, tolerance: float) -> Mistake:
    if numbers.ndim > 1 and np.allclose(numbers.sum(axis=0), 1, atol=tolerance):
        return _mistake(
            "softmax over the wrong axis",
            "The columns add up to 1: the softmax belongs on the last axis, that of the"
            " classes.",
        )
    if np.allclose(numbers.sum(), 1, atol=tolerance):
        return _mistake(
            "one sum for all", "All numbers together add up to 1; each row should."
        )
    return _mistake(
        "sigmoid for softmax",
        "Each number is a share of its own; a softmax shares 1 out among the classes.",
    )
