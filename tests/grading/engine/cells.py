"""Small notebooks for the engine, written as cells."""

from textwrap import dedent
from typing import Any

from course_utils.grading.engine.jobs import Cell, Job, Limits

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
# Generous to a loaded machine, short enough to wait for.
QUICK = Limits(
    cell_seconds=20,
    call_seconds=10,
    question_seconds=20,
    notebook_seconds=120,
    memory_mb=1500,
    processes=200,
    disk_mb=64,
    file_mb=32,
)


def context(code: str) -> Cell:
    """A cell of the instructor's: imports, data, helpers."""
    return Cell("context", _text(code), _text(code))


def solution(code: str, answer: str, stub: str = STUB) -> Cell:
    """A cell that the student fills in."""
    return Cell("solution", _text(code), stub, _text(answer), "")


def check(grade_id: str, code: str, points: float = 2.0, visible: str = "") -> Cell:
    """A cell of tests."""
    return Cell("test", _text(code), _text(visible), "", grade_id, points)


def job(*cells: Cell, limits: Limits = QUICK, **fields: Any) -> Job:
    """A job of these cells."""
    fields = {"weak": frozenset(), **fields}
    return Job("ada", "unit", "unit", tuple(cells), limits=limits, **fields)


def _text(code: str) -> str:
    return dedent(code).strip()
