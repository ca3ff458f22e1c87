"""Grading a whole class: nothing done twice, nothing lost."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from course_utils.errors import CourseError
from course_utils.grading.assignment import Assignment, Submission, key
from course_utils.grading.course import Course, did_you_mean, graded_on_stand_ins
from course_utils.grading.engine.grader import Survey
from course_utils.grading.engine.jobs import Limits
from course_utils.grading.engine.sandbox import shown_by
from course_utils.grading.engine.verdicts import Result, Verdict
from course_utils.grading.environment import prepare_data, software
from course_utils.grading.gradebook import recorded, with_gradebook
from course_utils.grading.journal import Journal
from course_utils.grading.record import NotRecorded, record
from course_utils.grading.results import QuestionResult, SubmissionResult
from course_utils.grading.schedule import Pool, without_run
from course_utils.grading.worker import WARM, Setting


@dataclass(frozen=True)
class Wishes:
    """What the instructor asked for.

    Parameters
    ----------
    students : ids; everybody who handed in, if empty.
    limits : what one submission may use.
    force : grade unchanged submissions again too.
    sandboxed : False to run students' code with all the instructor's rights.
    strict : leave tests that cannot look at an answer from outside to a person.
    """

    students: Sequence[str] = ()
    limits: Limits = field(default_factory=Limits)
    force: bool = False
    sandboxed: bool = True
    strict: bool = False


class Classroom:
    """An assignment and all who handed it in, on the way to their grades.

    Parameters
    ----------
    course, name : which assignment.
    wishes : what was asked for.

    Raises
    ------
    CourseError : if the assignment or a student is not there, nobody handed in,
        somebody else is grading it, or students' code could read the course folder.
    """

    def __init__(self, course: Course, name: str, wishes: Wishes | None = None) -> None:
        self.course, self.name = course, course.require(name)
        self.wishes = wishes or Wishes()
        if self.wishes.sandboxed:
            _keep_apart(Path(course.directory.root))
        self._began = time.time()
        self._unrecorded: list[SubmissionResult] = []
        chosen = _chosen(course, name, self.wishes.students)
        self.journal = Journal(course.journal(name))
        try:
            self.assignment = Assignment.load(course, name, limits=self.wishes.limits)
            self._equip()
            self.submissions = {one: self._take_in(one) for one in chosen}
        except BaseException:
            self.journal.close()
            raise

    def __enter__(self) -> Classroom:
        return self

    def __exit__(self, *_: object) -> None:
        self.journal.close()

    @property
    def setting(self) -> Setting:
        """How workers have to start students' code."""
        texts = "\n".join(self._texts())
        used = [name for name in WARM if name.partition(".")[0] in texts]
        return Setting(
            self.wishes.sandboxed,
            self._data.words,
            self.assignment.env,
            preload=tuple(used),
        )

    def survey(self, pool: Pool) -> None:
        """Find out what the tests need of an answer besides being right.

        The author's own solutions tell, once for each state of the source.
        """
        surveys = {}
        for name in self.assignment.blueprints:
            reference = self.assignment.reference(name)
            digest = key(reference)
            known = self.journal.get("survey", name, digest)
            if known is None:
                known = pool.survey(reference).to_json()
                self.journal.put("survey", name, digest, value=known)
            surveys[name] = Survey.from_json(known)
        self.assignment = replace(self.assignment, surveys=surveys)
        self._jobs = {
            (student, name): self.assignment.job(submission, name)
            for student, submission in self.submissions.items()
            for name in self.assignment.blueprints
        }
        self._keys = {place: key(job) for place, job in self._jobs.items()}

    def unsolved(self) -> list[str]:
        """Sentences on tests that the author's own solutions do not pass.

        To be asked after :meth:`survey`.
        """
        return [
            f'Your own solution does not pass "{question}" in {name}.ipynb, so nobody '
            f"can get all its points. The test says: {message or 'nothing'}"
            for name, survey in self.assignment.surveys.items()
            for question, message in survey.failing.items()
        ]

    def due(self) -> list[str]:
        """Students who have to be graded, or whose points have to be recorded.

        To be asked after :meth:`survey`.
        """
        in_gradebook = recorded(self.course, self.name)
        return [
            student
            for student in self.submissions
            if self._to_run(student)
            or not self._is_recorded(student, student in in_gradebook)
        ]

    def grade(
        self,
        pool: Pool,
        on_result: Callable[[SubmissionResult], None] | None = None,
    ) -> list[SubmissionResult]:
        """Grade what is due; the results of all, ordered by student.

        Each result is in the journal before anything is done with it, and a student's
        points are in the gradebook as soon as all notebooks are graded.

        Parameters
        ----------
        pool : who does it.
        on_result : called with each student's result as it comes.
        """
        waiting = {student: self._to_run(student) for student in self.due()}

        def finish(student: str) -> None:
            result = self._finish(student)
            if on_result:
                on_result(result)

        for student in [one for one, names in waiting.items() if not names]:
            finish(student)
        jobs = [self._jobs[one, name] for one in waiting for name in waiting[one]]
        with closing(pool.grade_all(jobs) if jobs else _none()) as results:
            for result in results:
                self._keep(result)
                waiting[result.student].remove(result.notebook)
                if not waiting[result.student]:
                    finish(result.student)
        known = _recorded_results(self.journal, self.submissions)
        fresh = {result.student: result for result in self._unrecorded}
        results_by_student = {**known, **fresh}
        everybody = [results_by_student[name] for name in sorted(results_by_student)]
        return with_gradebook(self.course, self.name, everybody)

    # What is known

    def _to_run(self, student: str) -> list[str]:
        """Names of a student's notebooks that have to run."""
        return [
            name
            for name in self.assignment.blueprints
            if name not in self.submissions[student].lost
            and self._run(student, name) is None
        ]

    def _run(self, student: str, name: str) -> Any | None:
        """The journal's entry on a notebook as it is now, if it need not run again."""
        entry = self.journal.get("result", student, name)
        if entry is None or entry["key"] != self._keys[student, name]:
            return None
        if self.wishes.force and entry["at"] < self._began:
            return None
        if self.wishes.sandboxed and not entry["result"]["sandboxed"]:
            return None
        reasons = {verdict["reason"] for verdict in entry["result"]["verdicts"]}
        old_fault = "infrastructure" in reasons and entry["at"] < self._began
        return None if old_fault else entry

    def _runs(self, student: str) -> dict[str, Any]:
        """What the recorded points have to be made of."""
        submission = self.submissions[student]
        return {
            name: submission.digest
            if name in submission.lost
            else (self._run(student, name) or {"at": None})["at"]
            for name in self.assignment.blueprints
        }

    def _is_recorded(self, student: str, in_gradebook: bool) -> bool:
        entry = self.journal.get("recorded", student)
        step = self.course.directory.autograded_directory
        folder = self.course.folder(step, student, self.name)
        there = (
            (folder / f"{name}.ipynb").is_file() for name in self.assignment.blueprints
        )
        return (
            entry is not None
            and entry["runs"] == self._runs(student)
            and in_gradebook
            and all(there)
        )

    # What becomes known

    def _keep(self, result: Result) -> None:
        place = result.student, result.notebook
        entry = {
            "key": self._keys[place],
            "at": time.time(),
            "result": result.to_json(),
        }
        self.journal.put("result", *place, value=entry)

    def _finish(self, student: str) -> SubmissionResult:
        """Write a student's points down, now that all notebooks are graded."""
        submission = self.submissions[student]
        results = {name: self._result(student, name) for name in self._names}
        final = _submission_result(submission, self.assignment, results)
        try:
            with _uninterrupted():
                record(self.course, self.assignment, submission, results)
                entry = {"runs": self._runs(student), "result": final.as_dict()}
                self.journal.put("recorded", student, value=entry)
        except NotRecorded as error:
            final = _not_recorded(final, str(error))
            self._unrecorded.append(final)
        return final

    def _result(self, student: str, name: str) -> Result:
        if name in self.submissions[student].lost:
            message = "No notebook could be read."
            return without_run(self._jobs[student, name], "not_gradable", message)
        entry = self._run(student, name)
        assert entry is not None, "a notebook is finished when it has run"
        return Result.from_json(entry["result"])

    # What there is to grade

    @property
    def _names(self) -> list[str]:
        return list(self.assignment.blueprints)

    def _texts(self) -> Iterator[str]:
        """Everything that the author wrote."""
        for blueprint in self.assignment.blueprints.values():
            yield from blueprint.sources
        for path, content in self.assignment.files.items():
            if path.endswith(".py"):
                yield content.decode("utf-8", "replace")

    def _equip(self) -> None:
        """Add to the assignment what a grade depends on besides the notebook."""
        self._data = prepare_data(self._texts())
        self.assignment = replace(
            self.assignment,
            env={"COURSE_DATA": "drawn"} if graded_on_stand_ins() else {},
            data=self._data.digest,
            environment=software(),
            strict=self.wishes.strict,
        )

    def _take_in(self, student: str) -> Submission:
        """Read a submission; what is new gets the time at which it came."""
        folder = self.course.submission(self.name, student)
        submission = self.assignment.take_in(student, folder)
        seen = self.journal.get("received", student)
        if seen is None or seen["digest"] != submission.digest:
            seen = {"digest": submission.digest, "at": submission.received}
            self.journal.put("received", student, value=seen)
        return replace(submission, received=seen["at"])


def load_results(course: Course, name: str) -> list[SubmissionResult]:
    """Results of an earlier grading, with points given by hand since.

    Raises
    ------
    CourseError : if the assignment is not there or nobody was graded yet.
    """
    path = course.journal(course.require(name))
    if not path.exists():
        raise CourseError(f'Nobody was graded yet; run "course grade {name}" first.')
    with Journal(path, write=False) as journal:
        known = _recorded_results(journal, course.students(name))
    return with_gradebook(course, name, [known[student] for student in sorted(known)])


def _recorded_results(
    journal: Journal, students: Iterable[str]
) -> dict[str, SubmissionResult]:
    entries = {student: journal.get("recorded", student) for student in students}
    return {
        student: SubmissionResult.from_dict(entry["result"])
        for student, entry in entries.items()
        if entry is not None
    }


def _submission_result(
    submission: Submission, assignment: Assignment, results: Mapping[str, Result]
) -> SubmissionResult:
    """One result for all notebooks of a student."""
    questions = tuple(
        _question(name, verdict)
        for name, result in results.items()
        for verdict in result.verdicts
    )
    flags = (
        f"{question.question}: {flag}"
        for question in questions
        for flag in question.flags
        if flag != "missing"
    )
    return SubmissionResult(
        submission.student,
        assignment.name,
        questions,
        stand_ins=graded_on_stand_ins(),
        seconds=round(sum(result.seconds for result in results.values()), 1),
        remarks=(*submission.remarks, *flags),
        sandboxed=all(result.sandboxed for result in results.values()),
    )


def _question(notebook: str, verdict: Verdict) -> QuestionResult:
    rounded = replace(
        verdict, seconds=round(verdict.seconds, 2), memory_mb=round(verdict.memory_mb)
    )
    return QuestionResult(**vars(rounded), notebook=notebook)


def _not_recorded(result: SubmissionResult, why: str) -> SubmissionResult:
    """The result of a submission that nbgrader refuses: a fault of ours."""
    questions = tuple(
        replace(question, points=None, reason="infrastructure", message=why)
        for question in result.questions
    )
    remarks = (*result.remarks, f"not in the gradebook: {why}")
    return replace(result, questions=questions, remarks=remarks)


def _none() -> Generator[Result]:
    yield from ()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put Ctrl-C off until the end: nbgrader would take it for a failed submission."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came = []
    before = signal.signal(signal.SIGINT, lambda *_: came.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            raise KeyboardInterrupt


def _keep_apart(root: Path) -> None:
    """Refuse a course folder that lies among the packages that a sandbox shows."""
    folder = shown_by(root)
    if folder:
        raise CourseError(
            f"The course folder {root} lies in {folder}, which students' code can "
            "read; move the course, or Python's environment, out of there."
        )


def _chosen(course: Course, name: str, students: Sequence[str]) -> Sequence[str]:
    handed_in = course.students(name)
    if not handed_in:
        where = course.submission(name, "<student>")
        raise CourseError(
            f'Nobody handed in "{name}"; submissions are expected in {where}.'
        )
    for student in students:
        if student not in handed_in:
            hint = did_you_mean(student, handed_in)
            raise CourseError(f'"{student}" handed in no "{name}"{hint}')
    return sorted(set(students)) or handed_in
