"""Check a function by calling it."""

from __future__ import annotations

import copy
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.checks.diagnosis import Evidence, Mistake, named, plain
from course_utils.checks.failure import CheckFailed
from course_utils.checks.quiet import silence
from course_utils.checks.verdict import Judge, given

Arguments = tuple[Any, ...]


def function(
    fn: Callable[..., Any],
    reference: Callable[..., Any] | Sequence[Any],
    inputs: Iterable[Arguments],
    *,
    tolerance: float = 1e-4,
    mistakes: Mapping[str, object] | None = None,
    read: str | None = None,
) -> None:
    """Check what a function returns for each of several inputs.

    All inputs are tried before anything is said: a mistake is named only if it
    explains every answer. The first wrong one is shown.

    Parameters
    ----------
    fn : the student's function.
    reference : a right function of the same arguments, or the right answers, one for
        each input. An answer is an array, a number, a tuple of numbers or a text.
    inputs : one tuple of arguments for each call; the function gets copies.
    tolerance : how far numbers may be off, as a part of the largest.
    mistakes : mistakes of this question, by ``"name: hint"``, each as the function
        with that mistake in it; looked for before the general ones.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if the function raises an error, changes its input or returns
        something else than expected; the message names the likely mistake.

    Examples
    --------
    >>> from course_utils.conv import correlate2d
    >>> image, kernel = np.eye(4), np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> function(correlate2d, correlate2d, [(image, kernel)])
    >>> def convolve(image, kernel):
    ...     return correlate2d(image, kernel[::-1, ::-1])
    >>> try:
    ...     function(convolve, correlate2d, [(image, kernel)])
    ... except AssertionError as failure:
    ...     print(str(failure).partition(" The kernel")[0])
    Your function returns wrong values.
      Input:    a 4×4 array of float64, a 2×2 array of float64
      Expected: [[5 3 0]
                 [2 5 3]
                 [0 2 5]]
      Yours:    [[5 2 0]
                 [3 5 2]
                 [0 3 5]]
    Likely mistake: flipped kernel.
    """
    __tracebackhide__ = True
    own = named(mistakes or {})
    judge = Judge("Your function", "returns", tolerance, own, read)
    evidence: list[Evidence] = []
    failure: CheckFailed | None = None
    for number, arguments in enumerate(inputs):
        try:
            answer = _call(fn, arguments, judge)
            expected = _expected(reference, number, arguments)
            got = judge.accept(answer, expected, given(arguments))
        except CheckFailed as error:
            failure = error
            break
        right = reference if callable(reference) else None
        evidence.append(Evidence(got, expected, arguments, right))
    judge.require(evidence)
    if failure is not None:
        raise failure


def called(
    fn: Callable[..., Any], arguments: Arguments = (), *, read: str | None = None
) -> Any:
    """What a student's function returns, whatever that is.

    Parameters
    ----------
    fn : the student's function.
    arguments : what to call it with; it gets copies.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it is not written yet, raises an error or changes its input.
    """
    __tracebackhide__ = True
    return _call(fn, arguments, Judge("Your function", "returns", read=read))


def _expected(
    reference: Callable[..., Any] | Sequence[Any], number: int, arguments: Arguments
) -> Any:
    if callable(reference):
        return plain(reference(*copy.deepcopy(arguments)))
    return plain(reference[number])


def _call(fn: Callable[..., Any], arguments: Arguments, judge: Judge) -> object:
    """What the function returns, with its own warnings out of the way.

    nbgrader takes all points from a test cell that writes to stderr, and a warning is
    no wrong answer.
    """
    theirs = copy.deepcopy(arguments)
    facts = given(arguments)
    try:
        with silence():
            answer = fn(*theirs)
    except NotImplementedError:
        raise judge.failure(
            "This function is not written yet: put your code in place of"
            " `raise NotImplementedError()`.",
            {},
        ) from None
    except (Exception, SystemExit) as error:
        problem = f"Your function raises {_words(error)}"
        raise judge.failure(problem, facts | _line(error), _reason(error)) from None
    for position, (before, after) in enumerate(zip(arguments, theirs, strict=True), 1):
        if not _same(before, after):
            raise judge.failure(
                f"Your function changes its argument number {position}.",
                facts,
                _CHANGES_INPUT,
            )
    return answer


_LONGEST = 300  # characters of an error's own message

_CHANGES_INPUT = Mistake(
    "modified its input",
    "Whoever calls the function still needs that array: write into a new one, or work"
    " on a copy (`.copy()`).",
    lambda _: True,
)
_PLACES = (
    "A window seems to reach beyond the edge: among n pixels, one of k can start at"
    " n − k + 1 places, 0 to n − k. Where height and width differ, look for rows and"
    " columns that are swapped."
)
_RAISED = [
    (IndexError, "", Mistake("index out of bounds", _PLACES, lambda _: True)),
    (ValueError, "broadcast", Mistake("shapes that differ", _PLACES, lambda _: True)),
]


def _words(error: BaseException) -> str:
    """The last line of a traceback, shortened if it is very long."""
    words = traceback.format_exception_only(error)[-1].strip()
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _reason(error: BaseException) -> Mistake | None:
    """What usually lies behind an error of this kind."""
    words = _words(error)
    fits = (m for kind, part, m in _RAISED if isinstance(error, kind) and part in words)
    return next(fits, None)


def _same(before: object, after: object) -> bool:
    if not isinstance(before, np.ndarray):
        return True
    # Bytes, because a NaN is not equal to itself.
    return isinstance(after, np.ndarray) and before.tobytes() == after.tobytes()


def _line(error: BaseException) -> dict[str, str]:
    """The line of the student's own code in which the error arose."""
    frames = traceback.extract_tb(error.__traceback__)[1:]  # the first is ours
    own = [frame for frame in frames if frame.filename == frames[0].filename]
    return {"In line": f"`{own[-1].line}`"} if own and own[-1].line else {}
