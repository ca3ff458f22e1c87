"""What nbgrader's gradebook knows that we do not: points given by hand, penalties."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

from course_utils.grading.course import Course
from course_utils.grading.generate import nbgrader_on_path
from course_utils.grading.results import QuestionResult, SubmissionResult


@contextmanager
def opened_often() -> Iterator[None]:
    """Let nbgrader open the same database again and again at little cost.

    It does so ten times for a submission, each time with a new engine. An engine
    keeps the queries that SQLAlchemy has translated to SQL, which takes longer than
    the database takes to answer them.
    """
    import nbgrader.api
    import sqlalchemy
    from nbgrader.utils import temp_attrs

    with temp_attrs(nbgrader.api, create_engine=_engines(sqlalchemy.create_engine)):
        yield


@cache
def _engines(create_engine: Callable[..., Any]) -> Callable[..., Any]:
    """The same engine for the same database."""
    return cache(create_engine)


def with_gradebook(
    course: Course, assignment: str, results: Iterable[SubmissionResult]
) -> list[SubmissionResult]:
    """The same results with the gradebook's points and late penalties."""
    from nbgrader.api import Gradebook, MissingEntry

    updated = []
    url = course.directory.db_url
    with nbgrader_on_path(), Gradebook(url, course.directory.course_id) as gradebook:
        for result in results:
            try:
                entry = gradebook.find_submission(assignment, result.student)
            except MissingEntry:
                updated.append(result)
            else:
                updated.append(_merged(result, entry))
    return updated


def recorded(course: Course, assignment: str) -> set[str]:
    """Ids of the students whose submission is in the gradebook."""
    from nbgrader.api import Gradebook, MissingEntry

    url = course.directory.db_url
    with nbgrader_on_path(), Gradebook(url, course.directory.course_id) as gradebook:
        try:
            entries = gradebook.assignment_submissions(assignment)
        except MissingEntry:
            return set()
        return {entry.student.id for entry in entries}


def _merged(result: SubmissionResult, entry: Any) -> SubmissionResult:
    grades = {
        (notebook.name, grade.name): grade
        for notebook in entry.notebooks
        for grade in notebook.grades
    }
    questions = [
        _by_hand(question, grades.get((question.notebook, question.question)))
        for question in result.questions
    ]
    penalty = float(entry.late_submission_penalty or 0.0)
    return replace(result, questions=tuple(questions), late_penalty=penalty)


def _by_hand(question: QuestionResult, grade: Any) -> QuestionResult:
    """A person's points take the place of the test's, or add to them."""
    if grade is None or (grade.manual_score is None and grade.extra_credit is None):
        return question
    points = float(grade.score)
    if question.reason != "by_hand":
        return replace(question, points=points)
    full = points >= question.max_points
    return replace(question, points=points, reason="passed" if full else "failed")
