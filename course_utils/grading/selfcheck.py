"""What a student runs before handing in: the grader's own run, on one notebook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils.errors import CourseError
from course_utils.grading import cells
from course_utils.grading.execution import Limits, error_of, run_notebook
from course_utils.grading.notebooks import read_notebook
from course_utils.grading.results import QuestionResult
from course_utils.grading.verdicts import changed_tests, judge, settle_scores


@dataclass(frozen=True)
class Check:
    """What the visible tests say about a notebook; ``remarks`` are for the student."""

    notebook: Path
    questions: tuple[QuestionResult, ...]
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
    settle_scores(notebook)
    return Check(path, tuple(judge(notebook, path.stem)), tuple(_remarks(notebook)))


def _remarks(notebook: Any) -> list[str]:
    remarks = [
        f"The cell {name} was changed: the grader puts the original back."
        for name in changed_tests(notebook)
    ]
    for number, cell in enumerate(notebook.cells, start=1):
        error = None if cells.grade_id(cell) else error_of(cell)
        if error is not None:
            remarks.append(f"Cell {number} stops with {error.ename}: {error.evalue}")
    return remarks
