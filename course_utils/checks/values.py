"""Check what a variable holds: a number, a text, a shape, an array."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from course_utils.checks.answers import Unusable, as_numbers, describe, size
from course_utils.checks.diagnosis import Evidence, named, plain
from course_utils.checks.verdict import WHOLE, Judge


def value(
    answer: object,
    expected: float | str | Sequence[float],
    *,
    name: str = "answer",
    tolerance: float = 1e-4,
    mistakes: Mapping[str, object] | None = None,
    read: str | None = None,
) -> None:
    """Check a number, a text or a short tuple of numbers.

    Whole numbers are compared exactly, however large. Where they are expected, 24.0 is
    not 24: a size in pixels can be used as an index and a float cannot.

    Parameters
    ----------
    answer : what the student's variable holds.
    expected : the right answer.
    name : the variable.
    tolerance : how far a float may be off, as a part of the largest.
    mistakes : the answers that mistakes of this question give, by ``"name: hint"``.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if the answer is another one, or none.

    Examples
    --------
    >>> value(24, 28 - 5 + 1)
    >>> try:
    ...     value(23, 28 - 5 + 1, name="size")
    ... except AssertionError as failure:
    ...     print(failure)
    `size` holds the wrong value.
      Expected: 24
      Yours:    23
    Likely mistake: off by one. It is one too small: from the first to the last, both \
included, there are last − first + 1.
    """
    __tracebackhide__ = True
    whole = np.asarray(expected).dtype.kind in "iu"
    judge = _judge(name, 0.0 if whole else tolerance, mistakes, read)
    _require_answered(answer, judge)
    wanted = plain(expected)
    got = judge.accept(answer, wanted, {})
    judge.require([Evidence(got, wanted)])
    if whole and as_numbers(answer).dtype.kind == "f":
        raise judge.failure(
            f"`{name}` holds the right value as floats.",
            {"Expected": describe(expected), "Yours": describe(answer)},
            WHOLE,
        )


def shape(
    answer: object,
    expected: Sequence[int],
    *,
    name: str = "answer",
    read: str | None = None,
) -> None:
    """Check that an array holds finite numbers and has the expected shape.

    Parameters
    ----------
    answer : what the student's variable holds; a list of rows will do.
    expected : the right shape.
    name : the variable.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it is no array of numbers, of another shape, or holds NaN.

    Examples
    --------
    >>> shape([[1, 0], [0, 1]], (2, 2))
    >>> try:
    ...     shape(np.zeros((3, 4)), (4, 3), name="feature_map")
    ... except AssertionError as failure:
    ...     print(failure)
    `feature_map` holds the wrong shape.
      Expected: 4×3
      Yours:    3×4
    Likely mistake: swapped axes. Rows come first, columns second: an array is \
(height, width).
    """
    __tracebackhide__ = True
    judge = _judge(name, 0.0, None, read)
    _require_answered(answer, judge)
    try:
        got = as_numbers(answer)
    except Unusable as error:
        problem = f"`{name}` holds {error}, not an array of numbers."
        raise judge.failure(problem, {"Expected": size(expected)}) from None
    # Compared with its own finite values, so that any will do.
    wanted = np.nan_to_num(got) if got.shape == tuple(expected) else np.zeros(expected)
    judge.require([Evidence(plain(got), plain(wanted))])


def array(
    answer: object,
    expected: ArrayLike,
    *,
    name: str = "answer",
    tolerance: float = 1e-4,
    mistakes: Mapping[str, object] | None = None,
    read: str | None = None,
) -> None:
    """Check the shape and all values of an array.

    Parameters
    ----------
    answer : what the student's variable holds; a list of rows will do.
    expected : the right array.
    name : the variable.
    tolerance : how far a value may be off, as a part of the largest.
    mistakes : the arrays that mistakes of this question give, by ``"name: hint"``.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if the array is another one; the message names the likely mistake.

    Examples
    --------
    >>> array([[1, 2], [3, 4]], np.array([[1.0, 2.0], [3.0, 4.0]]))
    """
    __tracebackhide__ = True
    judge = _judge(name, tolerance, mistakes, read)
    _require_answered(answer, judge)
    wanted = plain(expected)
    got = judge.accept(answer, wanted, {"Expected": describe(np.asarray(expected))})
    judge.require([Evidence(got, wanted)])


def larger(
    first: float,
    second: float,
    *,
    names: tuple[str, str],
    hint: str = "",
    read: str | None = None,
) -> None:
    """Check that one measured number is larger than another.

    Parameters
    ----------
    first, second : the numbers; NaN is larger than nothing.
    names : what they are, for the message.
    hint : what to look at if it is not so.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if the first is not the larger.

    Examples
    --------
    >>> larger(3, 2, names=("on the X", "on the O"))
    >>> try:
    ...     larger(2, 2, names=("The response to the X", "the response to the O"))
    ... except AssertionError as failure:
    ...     print(failure)
    The response to the X must be larger than the response to the O.
      Expected: more than 2
      Yours:    2
    """
    __tracebackhide__ = True
    if first > second:
        return
    judge = Judge(names[0], "is", read=read)
    problem = f"{names[0]} must be larger than {names[1]}."
    raise judge.failure(
        f"{problem} {hint}".rstrip(),
        {"Expected": f"more than {second:.4g}", "Yours": f"{first:.4g}"},
    )


def _judge(
    name: str,
    tolerance: float,
    mistakes: Mapping[str, object] | None,
    read: str | None,
) -> Judge:
    # An answer that may be rounded hears of its mistake when it is rounded, too.
    own = named(mistakes or {}, max(tolerance, 1e-4))
    return Judge(f"`{name}`", "holds", tolerance, own, read)


def _require_answered(answer: object, judge: Judge) -> None:
    __tracebackhide__ = True
    if answer is None or answer is Ellipsis:
        raise judge.failure(f"{judge.subject} has no value yet: assign one.", {})
