"""Grading a whole class: nothing done twice, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.grading import store
from course_utils.grading.course import Course, did_you_mean, graded_on_stand_ins
from course_utils.grading.execution import Limits
from course_utils.grading.fingerprint import fingerprint
from course_utils.grading.generate import register
from course_utils.grading.gradebook import recorded, with_gradebook
from course_utils.grading.notebooks import read_notebook
from course_utils.grading.pool import Worker, run_all
from course_utils.grading.results import Reason, SubmissionResult
from course_utils.grading.verdicts import without_run


@dataclass(frozen=True)
class Plan:
    """Who has to be graded, and what is known of the others."""

    course: Course
    assignment: str
    limits: Limits
    due: tuple[str, ...]
    known: tuple[SubmissionResult, ...]


def plan(
    course: Course,
    assignment: str,
    *,
    students: Sequence[str] = (),
    limits: Limits | None = None,
    force: bool = False,
) -> Plan:
    """Find out which submissions changed since they were graded.

    Parameters
    ----------
    students : ids to grade; everybody who handed in, if empty.
    limits : seconds per cell.
    force : grade unchanged submissions again too.

    Raises
    ------
    CourseError : if the assignment or a student is not there, or nobody handed in.
    """
    course.require(assignment)
    limits = limits or Limits()
    chosen = _chosen(course, assignment, students)
    due, known = [], []
    in_gradebook = recorded(course, assignment)
    for student in chosen:
        key = fingerprint(course, assignment, student, limits)
        result = None if force else store.load(course, assignment, student, key)
        if result is None or _must_run(course, result, student in in_gradebook):
            due.append(student)
        else:
            known.append(result)
    return Plan(course, assignment, limits, tuple(due), tuple(known))


def grade(
    work: Plan,
    *,
    processes: int = 2,
    on_result: Callable[[SubmissionResult], None] | None = None,
) -> list[SubmissionResult]:
    """Grade what is due; the results of all, ordered by student.

    A submission that breaks the grader is reported as such; the others go on.

    Parameters
    ----------
    processes : how many submissions run at the same time.
    on_result : called with each result as it comes, in the calling thread.
    """
    results = list(work.known)
    if work.due:
        released = register(work.course, work.assignment)
        workers = [
            Worker(work.course.root, work.course.log)
            for _ in range(min(processes, len(work.due)))
        ]
        done = run_all(
            workers, work.due, lambda worker, name: _one(work, released, worker, name)
        )
        with closing(done):
            for result, key in done:
                store.save(work.course, result, key)
                results.append(result)
                if on_result:
                    on_result(result)
    results.sort(key=lambda result: result.student)
    return with_gradebook(work.course, work.assignment, results)


def load_results(course: Course, assignment: str) -> list[SubmissionResult]:
    """Results of an earlier grading, with points given by hand since.

    Raises
    ------
    CourseError : if the assignment is not there or nobody was graded yet.
    """
    course.require(assignment)
    students = course.students(assignment)
    kept = (store.load(course, assignment, student) for student in students)
    results = [result for result in kept if result is not None]
    if not results:
        raise CourseError(
            f'Nobody was graded yet; run "course grade {assignment}" first.'
        )
    return with_gradebook(course, assignment, results)


def _chosen(course: Course, assignment: str, students: Sequence[str]) -> Sequence[str]:
    handed_in = course.students(assignment)
    if not handed_in:
        where = course.submission(assignment, "<student>")
        raise CourseError(
            f'Nobody handed in "{assignment}"; submissions are expected in {where}.'
        )
    for student in students:
        if student not in handed_in:
            hint = did_you_mean(student, handed_in)
            raise CourseError(f'"{student}" handed in no "{assignment}"{hint}')
    return sorted(set(students)) or handed_in


def _must_run(course: Course, result: SubmissionResult, in_gradebook: bool) -> bool:
    """True when the grader failed last time, or what it wrote is no longer there."""
    step = course.directory.autograded_directory
    folder = course.folder(step, result.student, result.assignment)
    names = {
        question.notebook
        for question in result.questions
        if question.reason is not Reason.NOT_GRADABLE
    }
    there = all((folder / f"{name}.ipynb").is_file() for name in names)
    return result.needs_rerun or (bool(names) and not (in_gradebook and there))


def _one(
    work: Plan, released: Path, worker: Worker, student: str
) -> tuple[SubmissionResult, str]:
    key = fingerprint(work.course, work.assignment, student, work.limits)
    job = {
        "assignment": work.assignment,
        "student": student,
        "released": str(released),
        "limits": vars(work.limits),
    }
    seconds = _longest(work, released, student)
    answer = worker.ask(job, seconds)
    if answer is not None:
        return SubmissionResult.from_dict(answer), key
    return _lost(work, released, student, seconds), key


def _longest(work: Plan, released: Path, student: str) -> int:
    """Seconds that grading takes when every cell runs into its limit."""
    handed_in = work.course.submission(work.assignment, student)
    count = sum(
        path.read_bytes().count(b'"cell_type"')
        for folder in (handed_in, released)
        for path in folder.glob("*.ipynb")
        if path.is_file()
    )
    return work.limits.setup + work.limits.cell * count + 120


def _lost(work: Plan, released: Path, student: str, seconds: int) -> SubmissionResult:
    message = f"the grading process died or ran for more than {seconds} s"
    questions = [
        question
        for path in sorted(released.glob("*.ipynb"))
        for question in without_run(
            read_notebook(path), path.stem, Reason.INFRASTRUCTURE, message
        )
    ]
    return SubmissionResult(
        student,
        work.assignment,
        tuple(questions),
        stand_ins=graded_on_stand_ins(),
        remarks=(f"the grader failed: {message}",),
    )
