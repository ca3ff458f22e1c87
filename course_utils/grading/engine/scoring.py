"""From what a test did to points, a reason and what the student reads."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from course_utils.grading.engine.jobs import Cell
from course_utils.grading.engine.outputs import Output, Ran
from course_utils.grading.engine.verdicts import REASONS, Reason, Verdict

MAX_TEXT = 4000

_ASSERTIONS = ("AssertionError", "CheckFailed")  # a plain assert; course_utils.checks
_SENTENCES = {
    "failed": "A test did not hold.",
    "timed_out": "Your code ran too long for this question: is there an endless loop?",
    "memory": "Your code used more memory than this question allows.",
    "crashed": "Your code ended its Python process.",
    "garbled": "What your code returned could not be read.",
    "too_large": "Your code returned more data than a test can take.",
    "not_answered": "This question is not answered yet.",
}


@dataclass(frozen=True)
class Tested:
    """What happened to a test cell.

    Parameters
    ----------
    status : "passed", "value", "failed", "error", "cannot_cross", "garbled" or one of
        the fates of a kernel.
    message : what the test said.
    value : for "value", what the cell's last expression was: a boolean, or a number as
        text.
    missing : names that the answer should have defined and did not.
    """

    status: str
    message: str = ""
    value: bool | str | None = None
    flags: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @classmethod
    def of(cls, message: dict[str, Any]) -> "Tested":
        """Take over a checker's answer."""
        return cls(
            status=str(message.get("status")),
            message=_clean(message.get("message", "")),
            value=message.get("value"),
            flags=tuple(_clean(flag) for flag in message.get("flags", ())),
            missing=tuple(_clean(name) for name in message.get("missing", ())),
        )

    @classmethod
    def of_weak(cls, ran: Ran) -> "Tested":
        """Take over what the student's own kernel says."""
        flags = ("weak",)
        if ran.fate == "error":
            kind, _, text = ran.error.partition(": ")
            if kind in _ASSERTIONS:
                return cls("failed", _clean(text.strip()), flags=flags)
            return cls("error", _clean(ran.error), flags=flags)
        if ran.fate != "ok":
            return cls(ran.fate, flags=flags)
        for output in ran.outputs:
            if output["output_type"] == "execute_result":
                text = str(output["data"].get("text/plain", ""))
                value = _weak_value(text)
                return cls("value" if value is not None else "passed", "", value, flags)
        return cls("passed", flags=flags)


def judge(
    cell: Cell, tested: Tested, makers: Sequence[tuple[Cell, Ran | None]]
) -> Verdict:
    """Return the verdict on a test cell.

    Parameters
    ----------
    cell : the test cell.
    tested : what it did.
    makers : the solution cells that define what it looks at, and how each ran.
    """
    if tested.status == "passed":
        return _verdict(cell, tested, cell.points, "passed")
    if tested.status == "value":
        return _scored(cell, tested)
    if tested.status in ("not_gradable", "infrastructure"):
        reason: Reason = next(r for r in REASONS if r == tested.status)
        return _verdict(cell, tested, None, reason, tested.message)
    if makers and not any(maker.answered for maker, _ in makers):
        return _verdict(cell, tested, 0.0, "not_answered", _SENTENCES["not_answered"])
    cause = _cause(tested, makers)
    if cause is not None:
        return _verdict(cell, tested, 0.0, *cause)
    if tested.missing and tested.status != "failed":
        text = f"Your code does not define {', '.join(tested.missing)}."
        return _verdict(cell, tested, 0.0, "error", text, ("missing",))
    if tested.status in ("garbled", "too_large"):
        flags = (f"{tested.status}: {tested.message}",)
        text = _SENTENCES[tested.status]
        return _verdict(cell, tested, 0.0, "error", text, flags)
    if tested.status == "cannot_cross":
        text = f"A test needs plain data here: {tested.message}."
        return _verdict(cell, tested, 0.0, "failed", text, ("cannot_cross",))
    reason = next((r for r in REASONS if r == tested.status), "error")
    text = tested.message or _SENTENCES.get(reason, "")
    return _verdict(cell, tested, 0.0, reason, text + _stopped(makers))


def by_hand(cell: Cell) -> Verdict:
    """The verdict on a cell that a person grades: none yet, or nothing to grade."""
    if cell.answered:
        return Verdict(cell.grade_id, None, cell.points, "by_hand")
    text = _SENTENCES["not_answered"]
    return Verdict(cell.grade_id, 0.0, cell.points, "not_answered", text)


def outputs_of(verdict: Verdict) -> tuple[Output, ...]:
    """Outputs of a test cell from which nbgrader reads the points of the verdict."""
    if verdict.reason == "partial":
        return (
            {
                "output_type": "execute_result",
                "execution_count": None,
                "data": {"text/plain": repr(verdict.points)},
                "metadata": {},
            },
        )
    if verdict.points is not None and verdict.points >= verdict.max_points:
        return ()
    text = verdict.message or verdict.reason
    return (
        {
            "output_type": "error",
            "ename": verdict.reason,
            "evalue": text,
            "traceback": [text],
        },
    )


def _scored(cell: Cell, tested: Tested) -> Verdict:
    """Points from the value of the cell's last expression."""
    if isinstance(tested.value, bool):
        if tested.value:
            return _verdict(cell, tested, cell.points, "passed")
        return _verdict(cell, tested, 0.0, "failed", "The test's value is False.")
    number = float(str(tested.value))
    if not math.isfinite(number) or not 0 <= number <= cell.points:
        text = f"The test's value is {number}, which is no number of points."
        return _verdict(cell, tested, 0.0, "error", text, (f"score: {number}",))
    if number == cell.points:
        return _verdict(cell, tested, number, "passed")
    text = f"{number:g} of {cell.points:g} points." if number else "No points."
    return _verdict(cell, tested, number, "partial" if number else "failed", text)


def _cause(
    tested: Tested, makers: Sequence[tuple[Cell, Ran | None]]
) -> tuple[Reason, str] | None:
    """Why a test had nothing to look at: the answer's own cell came to grief."""
    if not (tested.missing or tested.message.startswith("NameError")):
        return None
    for _, ran in makers:
        if ran is None or ran.fate == "ok":
            continue
        if ran.fate == "error":
            return "error", _ended_by(ran)
        return ran.fate, _SENTENCES[ran.fate]
    return None


def _ended_by(ran: Ran) -> str:
    return f"Your code stopped with {ran.error[:MAX_TEXT]}"


def _stopped(makers: Sequence[tuple[Cell, Ran | None]]) -> str:
    """What ended an answer's cell too early; a test sees only what came before it.

    A cell that begins with ``net = None`` and then fails has defined the name.
    """
    for maker, ran in makers:
        if ran is None or ran.fate != "error" or not maker.answered:
            continue
        if ran.error != "NotImplementedError":  # the stub's: a part is still to come
            return f"\n\n{_ended_by(ran)}"
    return ""


def _verdict(
    cell: Cell,
    tested: Tested,
    points: float | None,
    reason: Reason,
    message: str = "",
    flags: tuple[str, ...] = (),
) -> Verdict:
    return Verdict(
        question=cell.grade_id,
        points=points,
        max_points=cell.points,
        reason=reason,
        message=_clean(message),
        flags=(*tested.flags, *flags),
    )


def _weak_value(text: str) -> bool | str | None:
    if text in ("True", "False"):
        return text == "True"
    if text.startswith("np.") and text.endswith(")"):
        text = text[text.index("(") + 1 : -1]
    try:
        return repr(float(text))
    except ValueError:
        return None


def _clean(text: object) -> str:
    """Text that can be written to a file, whatever it holds."""
    return str(text)[:MAX_TEXT].encode("utf-8", "replace").decode()
