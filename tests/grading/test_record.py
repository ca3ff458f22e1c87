"""Results in nbgrader's gradebook: the engine's points, a person's points and words."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook

from course_utils.grading.assignment import Assignment, Submission
from course_utils.grading.course import Course
from course_utils.grading.engine.scoring import outputs_of
from course_utils.grading.engine.verdicts import Result, Verdict
from course_utils.grading.record import NotRecorded, record
from tests.grading import tiny

PASSED = Verdict("test_double", 2.0, 2.0, "passed")
HALF = Verdict("test_mean", 1.5, 3.0, "partial", "1.5 of 3 points.")
FAILED = Verdict("test_mean", 0.0, 3.0, "failed", "mean([1, 2, 6]) should be 3.")
BY_HAND = Verdict("words", None, 1.0, "by_hand")
PRINTED = {"output_type": "stream", "name": "stderr", "text": "a warning\n"}


@dataclass
class Class:
    """A course whose results are made up here and written by nbgrader."""

    course: Course
    assignment: Assignment

    def hand_in(self, student: str, **answers: str) -> Submission:
        notebook = tiny.answered(self.assignment.blueprints["tiny"].released, answers)
        notebook.cells.insert(2, nbformat.v4.new_code_cell("mine = 1"))
        path = tiny.hand_in(self.course.root, student, notebook)
        return self.assignment.take_in(student, path.parent)

    def record(self, submission: Submission, *verdicts: Verdict) -> None:
        job = self.assignment.job(submission, "tiny")
        by_name = {verdict.question: verdict for verdict in verdicts}
        outputs = tuple(
            outputs_of(by_name[cell.grade_id]) if cell.kind == "test" else (PRINTED,)
            for cell in job.cells
        )
        result = Result(submission.student, "tiny", "tiny", "", verdicts, outputs)
        record(self.course, self.assignment, submission, {"tiny": result})

    def gradebook(self) -> Gradebook:
        return Gradebook(self.course.directory.db_url, "tiny")

    def grades(self, student: str) -> dict[str, Any]:
        """(points of the test, of a person, in all, whether a person is asked)."""
        with self.gradebook() as gradebook:
            notebook = gradebook.find_submission_notebook("tiny", "tiny", student)
            return {
                one.name: (
                    one.auto_score,
                    one.manual_score,
                    one.score,
                    one.needs_manual_grade,
                )
                for one in notebook.grades
            }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, blank_gradebook: Path) -> Class:
    root = tiny.make_course(tmp_path_factory.mktemp("course"))
    shutil.copy(blank_gradebook, root / "gradebook.db")
    course = Course.find(root)
    return Class(course, Assignment.load(course, "tiny"))


def test_the_gradebook_holds_exactly_the_verdicts(made: Class) -> None:
    submission = made.hand_in("exact", **tiny.RIGHT)
    made.record(submission, PASSED, HALF, BY_HAND)
    assert made.grades("exact") == {
        "test_double": (2.0, None, 2.0, False),
        "test_mean": (1.5, None, 1.5, False),
        "words": (None, None, 0.0, True),
    }


def test_what_the_grader_cannot_say_waits_for_a_person_and_is_no_zero(
    made: Class,
) -> None:
    fault = replace(FAILED, points=None, reason="infrastructure")
    empty = replace(BY_HAND, points=0.0, reason="not_answered")
    made.record(made.hand_in("fault"), PASSED, fault, empty)
    assert made.grades("fault") == {
        "test_double": (2.0, None, 2.0, False),
        "test_mean": (None, None, 0.0, True),
        "words": (0.0, None, 0.0, False),
    }


def test_the_notebook_for_the_formgrader_has_answers_outputs_and_hidden_tests(
    made: Class,
) -> None:
    made.record(made.hand_in("shown", **tiny.RIGHT), PASSED, FAILED, BY_HAND)
    path = made.course.root / "autograded" / "shown" / "tiny" / "tiny.ipynb"
    by_id = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
    assert by_id["double"].source == tiny.RIGHT["double"]
    assert "double(-3)" in by_id["test_double"].source
    assert by_id["own-2"].source == "mine = 1"
    assert by_id["own-2"].outputs == [PRINTED]
    assert by_id["test_mean"].outputs[0].evalue == FAILED.message


def test_points_and_comments_of_a_person_survive_another_grading(made: Class) -> None:
    submission = made.hand_in("regraded", **tiny.RIGHT)
    made.record(submission, PASSED, FAILED, BY_HAND)
    with made.gradebook() as gradebook:
        for name, points in (("words", 0.5), ("test_mean", 2.5)):
            grade = gradebook.find_grade(name, "tiny", "tiny", "regraded")
            grade.manual_score, grade.needs_manual_grade = points, False
        comment = gradebook.find_comment("words", "tiny", "tiny", "regraded")
        comment.manual_comment = "Well put."
        gradebook.db.commit()
    made.record(submission, PASSED, HALF, BY_HAND)
    grades = made.grades("regraded")
    assert grades["words"][1:3] == (0.5, 0.5)
    assert grades["test_mean"][:3] == (1.5, 2.5, 2.5)
    with made.gradebook() as gradebook:
        comment = gradebook.find_comment("words", "tiny", "tiny", "regraded")
        assert comment.comment == "Well put."


def test_the_time_of_receipt_is_the_graders(made: Class) -> None:
    submission = replace(made.hand_in("clock"), received=1_800_000_000.0)
    handed_in = made.course.submission("tiny", "clock")
    (handed_in / "timestamp.txt").write_text("1999-01-01 00:00:00 UTC")
    made.record(submission, PASSED, FAILED, BY_HAND)
    with made.gradebook() as gradebook:
        entry = gradebook.find_submission("tiny", "clock")
        assert entry.timestamp == datetime(2027, 1, 15, 8, 0)


def test_other_files_are_kept_and_nothing_is_left_behind(made: Class) -> None:
    made.hand_in("files", **tiny.RIGHT)
    (made.course.submission("tiny", "files") / "mine.csv").write_text("1,2")
    submission = made.assignment.take_in(
        "files", made.course.submission("tiny", "files")
    )
    made.record(submission, PASSED, FAILED, BY_HAND)
    folder = made.course.root / "autograded"
    assert (folder / "files" / "tiny" / "mine.csv").read_text() == "1,2"
    assert not list(folder.glob(".staged*"))


def test_a_name_with_signs_of_a_pattern_is_that_student_alone(made: Class) -> None:
    made.record(made.hand_in("s[12]"), PASSED, FAILED, BY_HAND)
    assert made.grades("s[12]")["test_double"][0] == 2.0


def test_a_gradebook_that_refuses_is_one_sentence(made: Class) -> None:
    submission = made.hand_in("refused", **tiny.RIGHT)
    unknown = replace(PASSED, question="no_such_question")
    with pytest.raises(NotRecorded, match=r"^MissingEntry: No such grade"):
        made.record(submission, PASSED, FAILED, BY_HAND, unknown)
