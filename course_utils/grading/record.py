"""Results into nbgrader's gradebook, by nbgrader itself.

nbgrader's Autograde goes over each submission as it always does, with two differences:
the notebook that it reads is the pristine one with the student's answers in it, and
where it would run the cells, outputs made elsewhere are pasted in. So its folder
``autograded/``, its database, formgrader, feedback and export are what they were.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import shutil
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course_utils.grading.assignment import CLOCK, Assignment, Blueprint, Submission
from course_utils.grading.course import Course
from course_utils.grading.engine.verdicts import Result
from course_utils.grading.generate import nbgrader_on_path, reason_in
from course_utils.grading.gradebook import opened_often
from course_utils.grading.placing import Placed


class NotRecorded(Exception):
    """nbgrader could not write a submission down; the text says why."""


def record(
    course: Course,
    assignment: Assignment,
    submission: Submission,
    results: Mapping[str, Result],
) -> None:
    """Write a submission and its results into ``autograded/`` and the gradebook.

    Points and comments that a person gave stay as they are. Doing it twice is the same
    as doing it once.

    Parameters
    ----------
    results : by name of the notebook; ``outputs`` has one entry for each placed cell.

    Raises
    ------
    NotRecorded : if nbgrader stops.
    """
    with _staged(course, assignment, submission) as step:
        outcome = _autograde(course, assignment, submission, _Replay(results), step)
    notes = course.results(assignment.name, submission.student)
    notes.mkdir(parents=True, exist_ok=True)
    text = outcome.get("log", "") + outcome.get("error", "")
    (notes / "nbgrader.log").write_text(text, encoding="utf-8")
    if not outcome["success"]:
        raise NotRecorded(reason_in(outcome))


def pristine(blueprint: Blueprint, placed: Placed) -> Any:
    """The released notebook with the student's answers and own cells in it."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

    made: dict[str, Callable[..., Any]] = {
        "code": new_code_cell,
        "markdown": new_markdown_cell,
        "raw": new_raw_cell,
    }
    notebook = copy.deepcopy(blueprint.released)
    filled = []
    for nth, cell in enumerate(placed.cells):
        if cell.released is None:
            filled.append(made[cell.kind](cell.source, id=f"own-{nth}"))
        else:
            kept = notebook.cells[cell.released]
            kept.source = cell.source
            filled.append(kept)
    notebook.cells = filled
    return notebook


@dataclass(frozen=True)
class _Replay:
    """Two steps for nbgrader's pipeline: before and after it saves the points."""

    results: Mapping[str, Result]

    def paste(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        """Put the outputs where running the cells would have put them."""
        from nbformat import from_dict

        result = self.results[resources["nbgrader"]["notebook"]]
        for cell, outputs in zip(notebook.cells, result.outputs, strict=True):
            if cell.cell_type == "code":
                cell.outputs = [from_dict(output) for output in outputs]
        return notebook, resources

    def settle(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        """Make the points those of the verdicts; without points a person is asked."""
        from nbgrader.api import Gradebook

        where = resources["nbgrader"]
        names = (where["notebook"], where["assignment"], where["student"])
        with Gradebook(where["db_url"]) as gradebook:
            for verdict in self.results[where["notebook"]].verdicts:
                grade = gradebook.find_grade(verdict.question, *names)
                grade.auto_score = verdict.points
                if verdict.points is None:
                    grade.needs_manual_grade = grade.manual_score is None
            gradebook.db.commit()
        return notebook, resources


def _autograde(
    course: Course,
    assignment: Assignment,
    submission: Submission,
    replay: _Replay,
    step: str,
) -> dict[str, Any]:
    from nbgrader.converters import Autograde
    from nbgrader.preprocessors import Execute, SaveAutoGrades
    from nbgrader.utils import capture_log, temp_attrs

    directory = course.directory
    chosen = {
        "assignment_id": assignment.name,
        "student_id": submission.student,
        "notebook_id": "*",
        "submitted_directory": step,
    }
    steps: dict[Any, list[Any]] = {
        Execute: [replay.paste],
        SaveAutoGrades: [SaveAutoGrades, replay.settle],
    }
    logging.getLogger("traitlets").setLevel(logging.INFO)
    with (
        nbgrader_on_path(),
        opened_often(),
        temp_attrs(directory, **chosen),
        warnings.catch_warnings(action="ignore"),  # SQLAlchemy's, about nbgrader
    ):
        converter = Autograde(coursedir=directory, config=course.config)
        converter.force = True
        converter.init_notebooks = lambda: _choose(converter)
        converter.autograde_preprocessors = [
            one
            for given in converter.autograde_preprocessors
            for one in steps.get(given, [given])
        ]
        outcome: dict[str, Any] = capture_log(converter)
    return outcome


def _choose(converter: Any) -> None:
    """Name the notebooks; nbgrader would take brackets in a name for a pattern."""
    directory = converter.coursedir
    folder = directory.format_path(
        directory.submitted_directory, directory.student_id, directory.assignment_id
    )
    converter.notebooks = []
    converter.assignments = {folder: [str(p) for p in Path(folder).glob("*.ipynb")]}


@contextmanager
def _staged(
    course: Course, assignment: Assignment, submission: Submission
) -> Iterator[str]:
    """A folder in which the submission looks as nbgrader likes it best.

    One for each assignment: two may be graded at the same time.
    """
    import nbformat

    step = f"{course.directory.autograded_directory}/.staged-{assignment.name}"
    top = Path(course.directory.root) / step
    folder = course.folder(step, submission.student, assignment.name)
    shutil.rmtree(top, ignore_errors=True)  # of a run that was cut short
    folder.mkdir(parents=True)
    try:
        for name, content in submission.files.items():
            with contextlib.suppress(OSError, ValueError):  # a name for no file system
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
        for name, placed in submission.placed.items():
            notebook = pristine(assignment.blueprints[name], placed)
            nbformat.write(notebook, folder / f"{name}.ipynb")
        when = datetime.fromtimestamp(submission.received, UTC)
        (folder / CLOCK).write_text(f"{when:%Y-%m-%d %H:%M:%S.%f} UTC")
        yield step
    finally:
        shutil.rmtree(top, ignore_errors=True)
