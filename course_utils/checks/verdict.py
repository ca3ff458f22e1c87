"""Compare one answer, or several, with what was expected, and say what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from course_utils.checks.answers import Unusable, as_numbers, describe, show, size
from course_utils.checks.diagnosis import (
    SHAPE_MISTAKES,
    VALUE_MISTAKES,
    Array,
    Evidence,
    Mistake,
    by_shape,
    close,
    diagnose,
    plain,
)
from course_utils.checks.failure import CheckFailed, fail

_SEEN_AT_ONCE = 9  # values among which a reader finds the wrong ones unaided

_NONE = Mistake(
    "returned None",
    "A function without `return` gives None; printing a result does not return it.",
    lambda _: True,
)
WHOLE = Mistake(
    "float dtype",
    "A count of pixels is a whole number; // divides without a remainder.",
    lambda _: True,
)
_NAN = Mistake(
    "NaN",
    "It comes from 0 / 0, from infinity minus infinity, or from an array made by"
    " np.empty that was never filled.",
    lambda _: True,
)


@dataclass(frozen=True)
class Judge:
    """Whose answer it is, and what may be wrong with it.

    Parameters
    ----------
    subject, verb : the start of every sentence: "Your function" and "returns".
    tolerance : how far numbers may be off, as a part of the largest.
    mistakes : mistakes of this question, looked for before the general ones.
    read : where the course explains it.
    """

    subject: str
    verb: str
    tolerance: float = 1e-4
    mistakes: Sequence[Mistake] = field(default=())
    read: str | None = None

    def accept(
        self, answer: object, expected: Array, facts: Mapping[str, str]
    ) -> Array:
        """The answer as plain floats or texts, if it is of the expected kind."""
        if expected.dtype.kind == "U":
            if type(answer) not in (str, np.str_):
                raise self._unusable(answer, "a text", facts)
            return np.asarray(str(answer))
        kinds = ["a number", "a tuple of numbers", "an array of numbers"]
        kind = kinds[min(expected.ndim, 2)]
        try:
            numbers = as_numbers(answer)
        except Unusable as error:
            raise self._unusable(answer, kind, facts, str(error)) from None
        if min(numbers.ndim, expected.ndim) == 0 < max(numbers.ndim, expected.ndim):
            raise self._unusable(answer, kind, facts)
        # The shape comes first: there is no need to copy what is too large anyway.
        return plain(numbers) if numbers.shape == expected.shape else numbers

    def require(self, evidence: Sequence[Evidence]) -> None:
        """Fail with the first wrong answer, explained by all of them."""
        wrong = next((e for e in evidence if not self._is_right(e)), None)
        if wrong is None:
            return
        if wrong.got.shape != wrong.expected.shape:
            raise self._wrong_shape(wrong, evidence)
        raise self._wrong_values(wrong, evidence)

    def _is_right(self, e: Evidence) -> bool:
        return close(e.got, e.expected, self.tolerance)

    def _unusable(
        self,
        answer: object,
        kind: str,
        facts: Mapping[str, str],
        words: str | None = None,
    ) -> CheckFailed:
        return self.failure(
            f"{self.subject} {self.verb} {words or describe(answer)}, not {kind}.",
            facts,
            _NONE if answer is None and self.verb == "returns" else None,
        )

    def _wrong_shape(
        self, wrong: Evidence, evidence: Sequence[Evidence]
    ) -> CheckFailed:
        shapes = [
            Evidence(
                np.array(e.got.shape, dtype=np.float64),
                np.array(e.expected.shape, dtype=np.float64),
                e.arguments,
            )
            for e in evidence
        ]
        return self.failure(
            f"{self.subject} {self.verb} the wrong shape.",
            {
                **given(wrong.arguments),
                "Expected": size(wrong.expected.shape),
                "Yours": size(wrong.got.shape),
            },
            diagnose(shapes, [*by_shape(self.mistakes), *SHAPE_MISTAKES]),
        )

    def _wrong_values(
        self, wrong: Evidence, evidence: Sequence[Evidence]
    ) -> CheckFailed:
        facts = given(wrong.arguments)
        if wrong.got.dtype.kind == "f" and not np.isfinite(wrong.got).all():
            count = int((~np.isfinite(wrong.got)).sum())
            facts["Expected"] = "finite numbers"
            facts["Yours"] = f"{count} of {wrong.got.size} values NaN or infinite"
            return self.failure(
                f"{self.subject} {self.verb} values that are no numbers.", facts, _NAN
            )
        facts["Expected"], facts["Yours"] = show(wrong.expected), show(wrong.got)
        if wrong.got.size > _SEEN_AT_ONCE:
            facts["First"] = self._first_difference(wrong)
        return self.failure(
            f"{self.subject} {self.verb} "
            + ("wrong values." if wrong.got.ndim else "the wrong value."),
            facts,
            diagnose(evidence, [*self.mistakes, *VALUE_MISTAKES]),
        )

    def _first_difference(self, wrong: Evidence) -> str:
        scale = self.tolerance * float(np.abs(wrong.expected).max(initial=1.0))
        off = np.abs(wrong.got - wrong.expected) > scale
        place = tuple(int(i) for i in np.argwhere(off)[0])
        return (
            f"at {list(place)} expected {wrong.expected[place]:.6g},"
            f" yours {wrong.got[place]:.6g}; {int(off.sum())} of {off.size} differ"
        )

    def failure(
        self,
        problem: str,
        facts: Mapping[str, str],
        mistake: Mistake | None = None,
    ) -> CheckFailed:
        """The error to raise, with the section to read."""
        return fail(problem, facts=dict(facts), mistake=mistake, read=self.read)


def given(arguments: Sequence[object]) -> dict[str, str]:
    """What a function was called with, for a message."""
    if not arguments:
        return {}
    return {"Input": ", ".join(describe(argument) for argument in arguments)}
