"""One submission through nbgrader's own Autograde, with our run in place of its own."""

from __future__ import annotations

import glob
import logging
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_utils.grading.course import Course, graded_on_stand_ins
from course_utils.grading.execution import Limits, run_notebook
from course_utils.grading.generate import nbgrader_on_path, reason_in
from course_utils.grading.intake import repair
from course_utils.grading.notebooks import NotANotebook, read_notebook
from course_utils.grading.results import QuestionResult, Reason, SubmissionResult
from course_utils.grading.verdicts import judge, settle_scores, without_run


def autograde(
    course: Course, assignment: str, student: str, released: Path, limits: Limits
) -> SubmissionResult:
    """Grade what ``student`` handed in and write it into the gradebook.

    Each notebook of the assignment is graded on its own: one that cannot be read costs
    nothing of the others.

    Parameters
    ----------
    released : folder of the students' version, from ``generate.register``.
    limits : seconds per cell.
    """
    start = time.monotonic()
    runs = [
        _Run(course, assignment, student, path.stem, read_notebook(path), limits)
        for path in sorted(released.glob("*.ipynb"))
    ]
    for run in runs:
        run.grade()
    return SubmissionResult(
        student,
        assignment,
        tuple(question for run in runs for question in run.questions),
        stand_ins=graded_on_stand_ins(),
        seconds=round(time.monotonic() - start, 1),
        remarks=tuple(remark for run in runs for remark in run.remarks),
    )


@dataclass
class _Run:
    """One notebook on its way through nbgrader."""

    course: Course
    assignment: str
    student: str
    name: str
    released: Any
    limits: Limits
    questions: list[QuestionResult] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def grade(self) -> None:
        """Fill ``questions`` and ``remarks``, whatever the student handed in."""
        try:
            read_notebook(self._handed_in)
        except NotANotebook as error:
            self._give_up(Reason.NOT_GRADABLE, f"not gradable: {self._explain(error)}")
            return
        outcome = self._autograde()
        self._keep_log(outcome)
        if not outcome["success"]:
            problem = f"the grader failed: {reason_in(outcome)}"
            self._give_up(Reason.INFRASTRUCTURE, problem)

    def _autograde(self) -> dict[str, Any]:
        from nbgrader.converters import Autograde
        from nbgrader.preprocessors import Execute
        from nbgrader.utils import capture_log, temp_attrs

        directory = self.course.directory
        chosen = {
            "assignment_id": self.assignment,
            "student_id": glob.escape(self.student),
            "notebook_id": glob.escape(self.name),
        }
        logging.getLogger("traitlets").setLevel(logging.INFO)
        with nbgrader_on_path(), temp_attrs(directory, **chosen):
            converter = Autograde(coursedir=directory, config=self.course.config)
            converter.force = True
            converter.sanitize_preprocessors.insert(0, self._take_in)
            converter.autograde_preprocessors = [
                self._execute if step is Execute else step
                for step in converter.autograde_preprocessors
            ]
            outcome: dict[str, Any] = capture_log(converter)
        return outcome

    def _take_in(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        self.remarks += repair(notebook, self.released)
        return notebook, resources

    def _execute(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        run_notebook(notebook, Path(resources["metadata"]["path"]), self.limits)
        settle_scores(notebook)
        self.questions += judge(notebook, self.name)
        return notebook, resources

    def _give_up(self, reason: Reason, message: str) -> None:
        self.questions = without_run(self.released, self.name, reason, message)
        self.remarks = [message]

    def _explain(self, error: NotANotebook) -> str:
        if self._handed_in.exists():
            return error.problem
        folder = self._handed_in.parent
        others = sorted(path.name for path in folder.iterdir() if path.is_file())
        holds = f"the folder holds {', '.join(others)}" if others else "it is empty"
        return f"{self._handed_in.name} is missing ({holds})"

    @property
    def _handed_in(self) -> Path:
        folder = self.course.submission(self.assignment, self.student)
        return folder / f"{self.name}.ipynb"

    def _keep_log(self, outcome: dict[str, Any]) -> None:
        notes = self.course.results(self.assignment, self.student)
        notes.mkdir(parents=True, exist_ok=True)
        text = outcome.get("log", "") + outcome.get("error", "")
        (notes / f"{self.name}.log").write_text(text, encoding="utf-8")
