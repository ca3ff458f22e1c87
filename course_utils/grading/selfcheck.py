"""What a student runs before handing in: the tests that are in the notebook.

The kernel is an ordinary one and the tests run beside the answers, so that it works
wherever Jupyter does and needs nothing of the author's. What the tests say becomes a
verdict as it does in the grader, by the same rules and in the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from course_utils.errors import CourseError
from course_utils.grading import cells
from course_utils.grading.engine.jobs import Cell
from course_utils.grading.engine.outputs import Fate, Ran, error_text
from course_utils.grading.engine.scoring import Tested, by_hand, judge
from course_utils.grading.engine.verdicts import Verdict
from course_utils.grading.execution import (
    CRASHED,
    TIMED_OUT,
    Limits,
    error_of,
    run_notebook,
)
from course_utils.grading.notebooks import read_notebook

_FATES: dict[str, Fate] = {TIMED_OUT: "timed_out", CRASHED: "crashed"}


@dataclass(frozen=True)
class Check:
    """What the visible tests say about a notebook; ``remarks`` are for the student."""

    notebook: Path
    questions: tuple[Verdict, ...]
    remarks: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """True when no question fails; answers in words are read by a person."""
        return all(question.fine for question in self.questions)


def check(
    path: Path,
    limits: Limits | None = None,
    on_cell: Callable[[int, int], None] | None = None,
) -> Check:
    """Run a notebook from top to bottom in a fresh kernel and judge its questions.

    Nothing is written: the file keeps its outputs.

    Parameters
    ----------
    path : notebook of an assignment.
    limits : seconds per cell.
    on_cell : called with (index, number of cells) before each cell runs.

    Raises
    ------
    NotANotebook : if the file cannot be read as a notebook.
    CourseError : if it holds no question.
    """
    notebook = read_notebook(path)
    if not any(cells.is_graded(cell) for cell in notebook.cells):
        raise CourseError(
            f"{path} holds no test cells, so there is nothing to check; "
            "take the notebook from the folder of its assignment."
        )
    count = len(notebook.cells)
    run_notebook(
        notebook,
        path.resolve().parent,
        limits or Limits(),
        on_cell=(lambda index: on_cell(index, count)) if on_cell else None,
    )
    return Check(path, tuple(verdicts(notebook)), tuple(_remarks(notebook)))


def verdicts(notebook: Any) -> Iterator[Verdict]:
    """Verdicts on the questions of a notebook that has run, in its order.

    A question is a graded cell together with the answers above it, up to the previous
    question's.
    """
    answers: list[tuple[Cell, Ran]] = []
    asked = False  # whether a question has used `answers` already
    for cell in notebook.cells:
        if cells.is_answer(cell):
            answer = _as_the_grader_sees(cell), _ran(cell)
            answers = [answer] if asked else [*answers, answer]
            asked = False
        if cells.is_graded(cell):
            yield _verdict(cell, answers)
            asked = True


def _verdict(cell: Any, answers: list[tuple[Cell, Ran]]) -> Verdict:
    question = _as_the_grader_sees(cell)
    if not cells.is_test(cell):
        return by_hand(question)
    ran = _ran(cell)
    tested = Tested.of_weak(ran)
    if ran.fate == "crashed":  # the kernel is not started again: say in which cell
        tested = replace(tested, message=ran.error.partition(": ")[2])
    return replace(judge(question, tested, answers), flags=())


def _as_the_grader_sees(cell: Any) -> Cell:
    untouched = cells.is_answer(cell) and cells.is_unchanged(cell)
    return Cell(
        kind="test" if cells.is_test(cell) else "solution",
        source="",
        released=cell.source if untouched else "",
        answer=cell.source,
        grade_id=str(cells.grade_id(cell)),
        points=cells.max_points(cell),
    )


def _ran(cell: Any) -> Ran:
    error = error_of(cell)
    if error is None:
        return Ran("ok", tuple(cell.get("outputs", ())))
    return Ran(_FATES.get(error.ename, "error"), error=error_text(error))


def _remarks(notebook: Any) -> list[str]:
    locked = filter(cells.is_locked, notebook.cells)
    changed = (cells.grade_id(cell) for cell in locked if not cells.is_unchanged(cell))
    remarks = [
        f"The cell {name} was changed: the grader puts the original back."
        for name in changed
    ]
    for number, cell in enumerate(notebook.cells, start=1):
        error = None if cells.grade_id(cell) else error_of(cell)
        if error is not None:
            remarks.append(f"Cell {number} stops with {error_text(error)}")
    return remarks
