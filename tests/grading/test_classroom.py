"""A class of submissions, most of them broken, through real nbgrader."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook

from course_utils.errors import CourseError
from course_utils.grading.classroom import grade, load_results, plan
from course_utils.grading.course import Course
from course_utils.grading.execution import Limits
from course_utils.grading.generate import release
from course_utils.grading.results import Reason, SubmissionResult
from tests.grading import tiny

LIMITS = Limits(cell=6, setup=120)
P, F, E, T, C, N, W = (
    Reason.PASSED,
    Reason.FAILED,
    Reason.ERROR,
    Reason.TIMED_OUT,
    Reason.CRASHED,
    Reason.NOT_ANSWERED,
    Reason.BY_HAND,
)
LOST = [Reason.NOT_GRADABLE] * 3
STUBBORN = """\
def mean(x):
    while True:
        try:
            while True: pass
        except BaseException: pass"""
# Changes to the right answers, and what the three questions get.
CODE = {
    "right": ({}, [P, P, W], 5),
    "wrong": ({"double": "def double(x): return x", "mean": "mean = 3"}, [F, E, W], 0),
    "sees_only_visible": ({"double": "def double(x): return 4"}, [F, P, W], 3),
    "warns": (
        {"mean": "import warnings\ndef mean(x):\n warnings.warn('!')\n return 3"},
        [P, P, W],
        5,
    ),
    "loops": ({"mean": "def mean(x):\n    while True: pass"}, [P, T, W], 2),
    "swallows_interrupts": ({"mean": STUBBORN}, [P, T, W], 2),
    "kills_its_kernel": ({"mean": "import os\nos._exit(3)"}, [P, C, W], 2),
}
TEXT = {
    "empty_file": ("", "the file is empty"),
    "cut_off": ('{"cells": [{"cell_type"', "not valid JSON (line 1"),
    "no_notebook": ('{"name": "x"}', "not a Jupyter notebook"),
}
KILLER = "import os\nos.kill(os.getppid(), 9)\nimport time\ntime.sleep(60)"


def fill(root: Path, released: Any) -> None:
    """Hand in the class."""
    for student, (change, _, _) in CODE.items():
        tiny.hand_in(root, student, tiny.answered(released, tiny.RIGHT | change))
    for student, (text, _) in TEXT.items():
        tiny.hand_in(root, student, text)
    tiny.hand_in(root, "untouched", released)
    without_tests = tiny.answered(released, tiny.RIGHT)
    del without_tests.cells[5], without_tests.cells[3]
    tiny.hand_in(root, "deleted_tests", without_tests)
    no_cells = tiny.answered(released, {})
    no_cells.cells = []
    tiny.hand_in(root, "no_cells", no_cells)
    killer = tiny.answered(released, tiny.RIGHT | {"double": KILLER})
    tiny.hand_in(root, "kills_the_grader", killer)
    (root / "submitted" / "wrong_name" / "tiny").mkdir(parents=True)
    (root / "submitted" / "wrong_name" / "tiny" / "final.ipynb").write_text("{}")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COURSE_DATA", raising=False)
        root = tiny.make_course(tmp_path_factory.mktemp("class"))
        course = Course.find(root)
        (path,) = release(course, "tiny")
        fill(root, nbformat.read(path, as_version=4))
        yield course


@pytest.fixture(scope="module")
def results(course: Course) -> dict[str, SubmissionResult]:
    graded = grade(plan(course, "tiny", limits=LIMITS))
    return {result.student: result for result in graded}


def reasons(result: SubmissionResult) -> list[Reason]:
    return [question.reason for question in result.questions]


@pytest.fixture(scope="module")
def again(
    course: Course, results: dict[str, SubmissionResult]
) -> tuple[dict[str, SubmissionResult], set[str]]:
    """Results of a second grading, and who was run in it.

    Meanwhile one student mended a broken file, another one changed an answer that a
    person had given points for.
    """
    (path,) = course.release("tiny").glob("*.ipynb")
    released = nbformat.read(path, as_version=4)
    tiny.hand_in(course.root, "cut_off", tiny.answered(released, tiny.RIGHT))
    changed = tiny.RIGHT | {"mean": "def mean(x):\n    return np.mean(x)"}
    tiny.hand_in(course.root, "right", tiny.answered(released, changed))
    with Gradebook(course.directory.db_url, "tiny") as gradebook:
        words = gradebook.find_grade("words", "tiny", "tiny", "right")
        words.manual_score = 0.5
        words.needs_manual_grade = False
        gradebook.db.commit()
    ran: set[str] = set()
    work = plan(course, "tiny", limits=LIMITS)
    graded = grade(work, on_result=lambda result: ran.add(result.student))
    return {result.student: result for result in graded}, ran


@pytest.mark.parametrize("student", CODE)
def test_answers_get_the_points_and_reasons_they_deserve(
    student: str, results: dict[str, SubmissionResult]
) -> None:
    _, expected, points = CODE[student]
    assert reasons(results[student]) == expected
    assert (results[student].points, results[student].max_points) == (points, 6)


@pytest.mark.parametrize("student", TEXT)
def test_a_file_that_is_no_notebook_is_reported_as_not_gradable(
    student: str, results: dict[str, SubmissionResult]
) -> None:
    result = results[student]
    assert reasons(result) == LOST
    assert result.points == 0
    (remark,) = result.remarks
    assert remark.startswith("not gradable: ")
    assert TEXT[student][1] in remark


def test_a_notebook_with_another_name_is_reported_with_what_is_there(
    results: dict[str, SubmissionResult],
) -> None:
    (remark,) = results["wrong_name"].remarks
    assert remark == (
        "not gradable: tiny.ipynb is missing (the folder holds final.ipynb)"
    )


def test_deleted_test_cells_cost_nothing(results: dict[str, SubmissionResult]) -> None:
    assert reasons(results["deleted_tests"]) == [P, P, W]
    assert len(results["deleted_tests"].remarks) == 2


@pytest.mark.parametrize("student", ["untouched", "no_cells"])
def test_empty_answers_are_not_answered(
    student: str, results: dict[str, SubmissionResult]
) -> None:
    assert reasons(results[student]) == [N, N, N]
    assert results[student].points == 0


def test_a_submission_that_kills_the_grading_process_is_no_zero_and_costs_no_other(
    results: dict[str, SubmissionResult],
) -> None:
    killer = results["kills_the_grader"]
    assert {question.points for question in killer.questions} == {None}
    assert killer.needs_rerun
    assert not any(
        result.needs_rerun for name, result in results.items() if name != killer.student
    )


def test_the_gradebook_holds_the_same_points(
    course: Course, results: dict[str, SubmissionResult]
) -> None:
    with Gradebook(course.directory.db_url, "tiny") as gradebook:
        for student, result in results.items():
            if student in TEXT or student in ("wrong_name", "kills_the_grader"):
                continue
            for question in result.questions:
                entry = gradebook.find_grade(question.question, "tiny", "tiny", student)
                assert entry.auto_score == question.points
                assert entry.needs_manual_grade == (question.reason is W)


def test_nbgraders_own_output_is_there_for_the_formgrader(
    course: Course, results: dict[str, SubmissionResult]
) -> None:
    folder = course.root / "autograded" / "sees_only_visible" / "tiny"
    notebook = nbformat.read(folder / "tiny.ipynb", as_version=4)
    (test,) = (cell for cell in notebook.cells if cell.id == "test_double")
    assert "double(-3)" in test.source
    assert test.outputs[0].evalue == "double(-3) should be -6."


def test_only_what_changed_is_run_again(
    again: tuple[dict[str, SubmissionResult], set[str]],
    results: dict[str, SubmissionResult],
) -> None:
    second, ran = again
    # The grader's own failure is tried again too.
    assert ran == {"cut_off", "right", "kills_the_grader"}
    for student in results.keys() - ran:
        assert second[student] == results[student]


def test_a_mended_submission_gets_its_points(
    again: tuple[dict[str, SubmissionResult], set[str]],
) -> None:
    assert reasons(again[0]["cut_off"]) == [P, P, W]


def test_points_given_by_hand_survive_another_run(
    again: tuple[dict[str, SubmissionResult], set[str]], course: Course
) -> None:
    right = again[0]["right"]
    assert (right.points, reasons(right)) == (5.5, [P, P, F])
    kept = {result.student: result for result in load_results(course, "tiny")}
    assert kept == again[0]


def test_force_runs_unchanged_submissions_too(
    course: Course, again: tuple[dict[str, SubmissionResult], set[str]]
) -> None:
    chosen = ["warns", "wrong"]
    assert plan(course, "tiny", students=chosen, limits=LIMITS).due == ()
    forced = plan(course, "tiny", students=chosen, limits=LIMITS, force=True)
    assert forced.due == ("warns", "wrong")


def test_another_limit_of_time_is_another_grading(
    course: Course, again: tuple[dict[str, SubmissionResult], set[str]]
) -> None:
    longer = Limits(cell=60, setup=120)
    assert plan(course, "tiny", students=["loops"], limits=longer).due == ("loops",)


def test_a_gradebook_that_lost_its_grades_is_filled_again(
    course: Course,
    again: tuple[dict[str, SubmissionResult], set[str]],
    blank_gradebook: Path,
) -> None:
    gradebook = course.root / "gradebook.db"
    gradebook.rename(course.root / "lost.db")
    try:
        shutil.copy(blank_gradebook, gradebook)
        chosen = ["warns", "empty_file"]
        assert plan(course, "tiny", students=chosen, limits=LIMITS).due == ("warns",)
    finally:
        (course.root / "lost.db").replace(gradebook)


def test_a_student_who_handed_in_nothing_is_refused(course: Course) -> None:
    with pytest.raises(CourseError, match='"rigth" handed in no "tiny"; did you mean'):
        plan(course, "tiny", students=["rigth"])


def test_results_are_plain_json(
    course: Course, results: dict[str, SubmissionResult]
) -> None:
    path = course.results("tiny", "wrong") / "result.json"
    data = json.loads(path.read_text())
    assert data["questions"][0]["reason"] == "failed"
    assert SubmissionResult.from_dict(data) == results["wrong"]
