"""Many notebooks graded at once: by the course's engine, or by plain nbgrader."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils.grading.engine.grader import Survey, grade, survey
from course_utils.grading.engine.jobs import Job, cells_of
from course_utils.grading.engine.sandbox import Sandbox
from course_utils.grading.engine.verdicts import Result
from course_utils.grading.engine.warm import Nursery
from tests.assignments.nbgrader_course import ROOT, Graded, autograde, generate
from tests.conftest import missing
from tests.variants import Question, compose

GRADERS = ["engine"] + ["nbgrader"] * (os.environ.get("PLAIN_NBGRADER") == "1")
"""Plain nbgrader takes minutes and grades alike, so it is asked only on demand."""


@dataclass(frozen=True)
class Outcome:
    """One graded notebook.

    Parameters
    ----------
    points : by test cell.
    messages : what a test cell that failed says, by test cell; else empty.
    remarks : what a person should look at.
    """

    points: dict[str, float]
    messages: dict[str, str]
    remarks: tuple[str, ...] = ()

    def of(self, question: Question) -> float:
        """Points of a question, all its tests together."""
        return sum(self.points[test] for test in question.tests)

    def first_message(self, question: Question) -> str:
        """What the first failing test of a question says."""
        return next(filter(None, (self.messages[test] for test in question.tests)), "")


def notebook(folder: str, name: str) -> NotebookNode:
    """The notebook of an assignment: of `solutions` or of `exercises`."""
    return nbformat.read(ROOT / folder / name / f"{name}.ipynb", as_version=4)


def submissions(
    source: NotebookNode, questions: tuple[Question, ...]
) -> list[NotebookNode]:
    """Notebooks that hold all answers: the n-th one to each question in the n-th."""
    rows = zip_longest(*(question.answers for question in questions))
    return [
        compose(
            source,
            {q.grade_id: a.code for q, a in zip(questions, row, strict=True) if a},
        )
        for row in rows
    ]


def by_engine(
    name: str,
    handed_in: Mapping[str, NotebookNode],
    *,
    folders: Mapping[str, Path] | None = None,
    env: Mapping[str, str] | None = None,
) -> dict[str, Outcome]:
    """Grade notebooks, by student, as ``course grade`` does.

    Parameters
    ----------
    folders, env : the data sets, as in `Sandbox.data` and `Job.env`.
    """
    if shutil.which("bwrap") is None:
        missing("no bubblewrap on this machine (Debian: apt-get install bubblewrap)")
    source, released = notebook("solutions", name), notebook("exercises", name)

    def job(book: NotebookNode, **fields: frozenset[str]) -> Job:
        cells = cells_of(source, released, book)
        return Job("ada", name, name, cells, env=dict(env or {}), **fields)

    with Nursery(Sandbox(data=dict(folders or {}))) as nursery:
        seen = survey(job(source), nursery)
        assert seen == Survey(frozenset(), frozenset())
        return {
            student: _outcome(grade(job(book, **seen.needs), nursery))
            for student, book in handed_in.items()
        }


def _outcome(result: Result) -> Outcome:
    return Outcome(
        points={v.question: v.points or 0 for v in result.verdicts},
        messages={v.question: v.message for v in result.verdicts},
        remarks=result.flags + tuple(f for v in result.verdicts for f in v.flags),
    )


def by_nbgrader(
    name: str, handed_in: Mapping[str, NotebookNode], folder: Path
) -> dict[str, Outcome]:
    """Grade notebooks, by student, with nbgrader alone, in a course made there."""
    generate(folder, name)
    graded = autograde(folder, name, handed_in)
    return {student: _without_outputs(one) for student, one in graded.items()}


def _without_outputs(graded: Graded) -> Outcome:
    tests = [name for name in graded.points if graded.cells[name].cell_type == "code"]
    return Outcome(
        points=graded.points, messages={test: graded.message(test) for test in tests}
    )
