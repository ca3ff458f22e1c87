"""A class of submissions, most of them broken, through sandbox and gradebook."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import nbformat
import pytest
from nbgrader.api import Gradebook

from course_utils.errors import CourseError
from course_utils.grading.classroom import Classroom, Wishes, load_results
from course_utils.grading.course import Course
from course_utils.grading.engine.grader import Survey
from course_utils.grading.engine.jobs import Job, Limits
from course_utils.grading.generate import release
from course_utils.grading.results import SubmissionResult
from course_utils.grading.schedule import LocalPool, Pool
from tests.grading import tiny

LIMITS = Limits(cell_seconds=6, call_seconds=6, question_seconds=12)
P, F, E, T, C, N, W = (
    "passed",
    "failed",
    "error",
    "timed_out",
    "crashed",
    "not_answered",
    "by_hand",
)
LOST = ["not_gradable"] * 3
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
    (root / "submitted" / "no_file" / "tiny").mkdir(parents=True)
    (root / "submitted" / "no_file" / "tiny" / "final.md").write_text("# Done")


@dataclass
class Round:
    """One `course grade`: its results, and who was graded in it."""

    results: dict[str, SubmissionResult]
    due: list[str]
    came: list[str]


def grade(course: Course, **wishes: Any) -> Round:
    came: list[str] = []
    with (
        Classroom(course, "tiny", Wishes(**{"limits": LIMITS, **wishes})) as room,
        closing(LocalPool(room.setting, 2, course.log)) as pool,
    ):
        room.survey(pool)
        due = room.due()
        results = room.grade(pool, lambda result: came.append(result.student))
    return Round({result.student: result for result in results}, due, came)


def due(course: Course, **wishes: Any) -> list[str]:
    """Who would be graded now; the tests on the solutions have run before."""
    with (
        Classroom(course, "tiny", Wishes(**{"limits": LIMITS, **wishes})) as room,
        closing(LocalPool(room.setting, 1, course.log)) as pool,
    ):
        room.survey(pool)
        return room.due()


@pytest.fixture(scope="module")
def course(
    tmp_path_factory: pytest.TempPathFactory, blank_gradebook: Path, bubblewrap: None
) -> Iterator[Course]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COURSE_DATA", raising=False)
        root = tiny.make_course(tmp_path_factory.mktemp("class"))
        shutil.copy(blank_gradebook, root / "gradebook.db")
        course = Course.find(root)
        (path,) = release(course, "tiny")
        fill(root, nbformat.read(path, as_version=4))
        yield course


@pytest.fixture(scope="module")
def first(course: Course) -> Round:
    return grade(course)


@pytest.fixture(scope="module")
def results(first: Round) -> dict[str, SubmissionResult]:
    return first.results


def reasons(result: SubmissionResult) -> list[str]:
    return [question.reason for question in result.questions]


@pytest.fixture(scope="module")
def again(course: Course, first: Round) -> Round:
    """A second grading.

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
    return grade(course)


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
    assert {question.points for question in result.questions} == {None}
    (remark,) = result.remarks
    assert remark.startswith("not gradable: ")
    assert TEXT[student][1] in remark


def test_a_submission_without_a_notebook_is_reported_with_what_is_there(
    results: dict[str, SubmissionResult],
) -> None:
    (remark,) = results["no_file"].remarks
    assert remark == "not gradable: tiny.ipynb is missing (the folder holds final.md)"


def test_deleted_test_cells_cost_nothing(results: dict[str, SubmissionResult]) -> None:
    assert reasons(results["deleted_tests"]) == [P, P, W]
    assert len(results["deleted_tests"].remarks) == 2


@pytest.mark.parametrize("student", ["untouched", "no_cells"])
def test_empty_answers_are_not_answered(
    student: str, results: dict[str, SubmissionResult]
) -> None:
    assert reasons(results[student]) == [N, N, N]
    assert results[student].points == 0


def test_a_submission_that_attacks_the_grader_loses_its_own_points_alone(
    results: dict[str, SubmissionResult],
) -> None:
    assert reasons(results["kills_the_grader"])[0] in (T, C)
    assert reasons(results["kills_the_grader"])[1:] == [P, W]
    assert not any(result.needs_rerun for result in results.values())


def test_results_come_one_by_one_and_know_the_sandbox(first: Round) -> None:
    assert sorted(first.came) == sorted(first.due) == sorted(first.results)
    assert all(result.sandboxed for result in first.results.values())
    loops = first.results["loops"].questions[1]
    assert loops.seconds < 30
    assert loops.memory_mb > 10


def test_the_gradebook_holds_the_same_points(
    course: Course, results: dict[str, SubmissionResult]
) -> None:
    with Gradebook(course.directory.db_url, "tiny") as gradebook:
        for student, result in results.items():
            for question in result.questions:
                entry = gradebook.find_grade(question.question, "tiny", "tiny", student)
                assert entry.auto_score == question.points
                assert entry.needs_manual_grade == (question.points is None)


def test_nbgraders_own_output_is_there_for_the_formgrader(
    course: Course, results: dict[str, SubmissionResult]
) -> None:
    folder = course.root / "autograded" / "sees_only_visible" / "tiny"
    notebook = nbformat.read(folder / "tiny.ipynb", as_version=4)
    (test,) = (cell for cell in notebook.cells if cell.id == "test_double")
    assert "double(-3)" in test.source
    assert test.outputs[0].evalue == "double(-3) should be -6."


def test_only_what_changed_is_run_again(first: Round, again: Round) -> None:
    assert set(again.due) == set(again.came) == {"cut_off", "right"}
    for student in first.results.keys() - set(again.due):
        assert again.results[student] == first.results[student]


def test_a_mended_submission_gets_its_points(again: Round) -> None:
    assert reasons(again.results["cut_off"]) == [P, P, W]


def test_points_given_by_hand_survive_another_run(again: Round, course: Course) -> None:
    right = again.results["right"]
    assert (right.points, reasons(right)) == (5.5, [P, P, F])
    kept = {result.student: result for result in load_results(course, "tiny")}
    assert kept == again.results


def test_force_runs_unchanged_submissions_too(course: Course, again: Round) -> None:
    chosen = ["warns", "wrong"]
    assert due(course, students=chosen) == []
    assert due(course, students=chosen, force=True) == chosen
    assert grade(course, students=["warns"], force=True).came == ["warns"]


def test_what_ran_without_a_sandbox_runs_again_in_one(
    course: Course, again: Round
) -> None:
    chosen = ["warns"]
    loose = grade(course, students=chosen, sandboxed=False, force=True)
    assert not loose.results["warns"].sandboxed
    assert due(course, students=chosen, sandboxed=False) == []
    assert due(course, students=chosen) == chosen
    assert grade(course, students=chosen).results["warns"].sandboxed


def test_a_run_that_was_cut_short_is_done_again(course: Course, again: Round) -> None:
    # nbgrader takes its output away when it is interrupted.
    (course.root / "autograded" / "wrong" / "tiny" / "tiny.ipynb").unlink()
    assert due(course, students=["warns", "wrong"]) == ["wrong"]
    assert grade(course, students=["wrong"]).came == ["wrong"]


def test_a_gradebook_that_lost_its_grades_is_filled_again(
    course: Course, again: Round, blank_gradebook: Path
) -> None:
    gradebook = course.root / "gradebook.db"
    gradebook.rename(course.root / "lost.db")
    try:
        shutil.copy(blank_gradebook, gradebook)
        chosen = ["empty_file", "warns"]
        assert due(course, students=chosen) == chosen
    finally:
        (course.root / "lost.db").replace(gradebook)


def test_another_source_or_helper_or_limit_is_another_grading(
    course: Course, again: Round
) -> None:
    chosen = ["warns"]
    longer = replace(LIMITS, question_seconds=13)
    helper = course.source("tiny") / "helper.csv"
    helper.write_text("1,2")
    assert due(course, students=chosen) == chosen
    helper.unlink()
    assert due(course, students=chosen) == []
    assert due(course, students=chosen, limits=longer) == chosen


def test_a_student_who_handed_in_nothing_is_refused(course: Course) -> None:
    with pytest.raises(CourseError, match='"rigth" handed in no "tiny"; did you mean'):
        Classroom(course, "tiny", Wishes(["rigth"]))


def test_two_at_a_time_are_refused(course: Course) -> None:
    with (
        Classroom(course, "tiny"),
        pytest.raises(CourseError, match='Another "course grade tiny" is running'),
    ):
        Classroom(course, "tiny")


def test_a_course_folder_that_every_sandbox_shows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tiny.make_course(tmp_path / "environment" / "course")
    monkeypatch.setattr(sys, "prefix", str(root.parent))
    with pytest.raises(CourseError, match=r"lies in .*environment, which students'"):
        Classroom(Course.find(root), "tiny")


def test_a_solution_that_fails_its_own_test_is_told(
    tmp_path: Path, blank_gradebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Surveyor:
        def survey(self, reference: Job) -> Survey:
            return Survey(frozenset(), frozenset(), {"test_mean": "It should be 3."})

    monkeypatch.delenv("COURSE_DATA", raising=False)
    root = tiny.make_course(tmp_path)
    shutil.copy(blank_gradebook, root / "gradebook.db")
    (path,) = release(Course.find(root), "tiny")
    tiny.hand_in(root, "s1", nbformat.read(path, as_version=4))
    with Classroom(Course.find(root), "tiny") as room:
        room.survey(cast(Pool, Surveyor()))
        (sentence,) = room.unsolved()
    assert sentence.startswith('Your own solution does not pass "test_mean" in tiny')
    assert sentence.endswith("It should be 3.")
