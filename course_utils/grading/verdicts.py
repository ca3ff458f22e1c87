"""From a notebook that has run to one result per question."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from course_utils.grading import cells
from course_utils.grading.execution import (
    CRASHED,
    NOT_A_SCORE,
    TIMED_OUT,
    add_error,
    error_of,
)
from course_utils.grading.results import QuestionResult, Reason

_FAILED = ("AssertionError", "CheckFailed")  # a plain assert; course_utils.checks
_NUMPY_SCALAR = re.compile(r"np\.\w+\((.*)\)")


def judge(notebook: Any, name: str) -> Iterator[QuestionResult]:
    """Results of a notebook's questions, in its order.

    A question is a graded cell together with the answer cells above it, up to the
    previous question's.

    Parameters
    ----------
    notebook : notebook whose cells have run.
    name : its name, for the results.
    """
    answers: list[Any] = []
    answered = False  # whether a question has used ``answers`` already
    for cell in notebook.cells:
        if cells.is_answer(cell):
            answers = [cell] if answered else [*answers, cell]
            answered = False
        if cells.is_graded(cell):
            points, reason, message = _verdict(cell, answers)
            question = str(cells.grade_id(cell))
            most = cells.max_points(cell)
            yield QuestionResult(name, question, points, most, reason, message)
            answered = True


def without_run(
    notebook: Any, name: str, reason: Reason, message: str
) -> list[QuestionResult]:
    """Results of a notebook's questions when its submission could not be run.

    A file that cannot be read earns 0; a fault of ours says nothing about the points.
    """
    points = 0.0 if reason is Reason.NOT_GRADABLE else None
    return [
        QuestionResult(
            name,
            str(cells.grade_id(cell)),
            points,
            cells.max_points(cell),
            reason,
            message,
        )
        for cell in notebook.cells
        if cells.is_graded(cell)
    ]


def settle_scores(notebook: Any) -> None:
    """Make the outputs of the test cells say to nbgrader what they mean.

    nbgrader gives 0 to a cell with any line on standard error, gives full marks to one
    whose value is NaN, negative or a NumPy scalar, and drops the whole submission when
    a value is larger than the points. Here warnings do not count, a NumPy scalar is the
    number that it holds, and a number that is no score is an error.
    """
    for cell in filter(cells.is_test, notebook.cells):
        cell.outputs = [out for out in cell.outputs if not _is_stderr(out)]
        score = _score(cell)
        if score is None:
            continue
        value, output = score
        if 0 <= value <= cells.max_points(cell):
            output.data["text/plain"] = repr(value)
        else:
            most = cells.max_points(cell)
            message = f"the test's value is {value}, not a score from 0 to {most:g}"
            cell.outputs = [out for out in cell.outputs if out is not output]
            add_error(cell, NOT_A_SCORE, message)


def changed_tests(notebook: Any) -> list[str]:
    """Names of the locked cells whose text is no longer the released one."""
    locked = filter(cells.is_locked, notebook.cells)
    return [str(cells.grade_id(c)) for c in locked if not cells.is_unchanged(c)]


def _verdict(cell: Any, answers: list[Any]) -> tuple[float | None, Reason, str]:
    if not cells.is_test(cell):
        untouched = cells.is_answer(cell) and cells.is_unchanged(cell)
        if untouched:
            return 0.0, Reason.NOT_ANSWERED, "This answer is still empty."
        return None, Reason.BY_HAND, ""
    error = error_of(cell)
    if error is None:
        return _passed(cell)
    if all(cells.is_unchanged(answer) for answer in answers) and answers:
        return 0.0, Reason.NOT_ANSWERED, "The cell for your answer is unchanged."
    return 0.0, *_failure(error, answers)


def _passed(cell: Any) -> tuple[float, Reason, str]:
    most = cells.max_points(cell)
    score = _score(cell)
    if score is None or score[0] >= most:
        return most, Reason.PASSED, ""
    return score[0], Reason.FAILED, "Some of the tests passed, not all of them."


def _failure(error: Any, answers: list[Any]) -> tuple[Reason, str]:
    message = str(error.evalue).strip()
    if error.ename == CRASHED:
        return Reason.CRASHED, _sentence(message)
    stopped = [found for answer in answers if (found := error_of(answer))]
    if error.ename == TIMED_OUT or any(found.ename == TIMED_OUT for found in stopped):
        return Reason.TIMED_OUT, "It ran out of time: is there an endless loop?"
    if error.ename in _FAILED:
        return Reason.FAILED, message or "The test failed without a message."
    if error.ename == NOT_A_SCORE:
        return Reason.ERROR, _sentence(message)
    if error.ename == "NameError" and stopped:
        cause = f"{stopped[0].ename}: {stopped[0].evalue}"
        return Reason.ERROR, f"Your answer stops with {cause}"
    return Reason.ERROR, f"{error.ename}: {message}" if message else error.ename


def _score(cell: Any) -> tuple[float, Any] | None:
    """The number that a test cell ends with, and the output that holds it."""
    for output in cell.outputs:
        if output.output_type == "execute_result":
            text = str(output.data.get("text/plain", ""))
            wrapped = _NUMPY_SCALAR.fullmatch(text)
            try:
                value = float(wrapped[1] if wrapped else text)
            except ValueError:
                return None
            return (-math.inf if math.isnan(value) else value), output
    return None


def _is_stderr(output: Any) -> bool:
    return bool(output.output_type == "stream" and output.name == "stderr")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
