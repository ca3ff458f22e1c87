"""From a student's folder to a job of the engine, through real nbgrader."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from course_utils.grading.assignment import LARGE, Assignment, Submission, key
from course_utils.grading.course import Course
from course_utils.grading.engine.grader import Survey
from course_utils.grading.engine.jobs import Job
from tests.grading import tiny


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, blank_gradebook: Path) -> Course:
    root = tiny.make_course(tmp_path_factory.mktemp("course"))
    shutil.copy(blank_gradebook, root / "gradebook.db")
    (root / "source" / "tiny" / "helper.py").write_text("two = 2")
    return Course.find(root)


@pytest.fixture(scope="module")
def assignment(course: Course) -> Assignment:
    return Assignment.load(course, "tiny")


def take_in(assignment: Assignment, folder: Path, **answers: str) -> Submission:
    """A submission of a notebook with these answers."""
    released = assignment.blueprints["tiny"].released
    folder.mkdir(exist_ok=True)
    nbformat.write(tiny.answered(released, answers), folder / "tiny.ipynb")
    return assignment.take_in("ada", folder)


def job(assignment: Assignment, folder: Path, **answers: str) -> Job:
    return assignment.job(take_in(assignment, folder, **answers), "tiny")


def test_a_job_holds_the_hidden_tests_the_stubs_and_the_answers(
    assignment: Assignment, tmp_path: Path
) -> None:
    cells = job(assignment, tmp_path, **tiny.RIGHT).cells
    assert [cell.kind for cell in cells] == [
        *("text", "context", "solution", "test", "solution", "test", "text"),
    ]
    assert "HIDDEN TESTS" in cells[3].source
    assert "double(-3)" not in cells[3].released
    assert "raise NotImplementedError" in cells[2].released
    assert "return 2 * x" in cells[2].source
    assert cells[2].answer == tiny.RIGHT["double"]
    assert [cell.points for cell in cells] == [0, 0, 0, 2, 0, 3, 1]
    assert [cell.answered for cell in cells[2::2]] == [True, True, True]


def test_the_reference_is_answered_by_the_author(assignment: Assignment) -> None:
    cells = assignment.reference("tiny").cells
    assert "return np.mean(x)" in cells[4].answer


def test_what_the_tests_need_is_the_same_in_every_job(
    assignment: Assignment, tmp_path: Path
) -> None:
    assert job(assignment, tmp_path).weak is None
    needs = Survey(weak=frozenset({"test_double"}), in_place=frozenset({"test_mean"}))
    surveyed = replace(assignment, surveys={"tiny": needs})
    made = job(surveyed, tmp_path, **tiny.RIGHT)
    assert (made.weak, made.in_place) == ({"test_double"}, {"test_mean"})


def test_a_cell_of_the_students_own_runs_for_the_student_alone(
    assignment: Assignment, tmp_path: Path
) -> None:
    notebook = tiny.answered(assignment.blueprints["tiny"].released, tiny.RIGHT)
    notebook.cells.insert(2, nbformat.v4.new_code_cell("helper = 1"))
    nbformat.write(notebook, tmp_path / "tiny.ipynb")
    cells = assignment.job(assignment.take_in("ada", tmp_path), "tiny").cells
    assert (cells[2].kind, cells[2].source, cells[2].grade_id) == ("solution", "", "")
    assert cells[2].answer == "helper = 1"


def test_files_beside_the_source_go_before_files_of_the_student(
    assignment: Assignment, tmp_path: Path
) -> None:
    (tmp_path / "helper.py").write_text("two = 3")
    (tmp_path / "mine.csv").write_text("1,2")
    (tmp_path / "timestamp.txt").write_text("1999-01-01 00:00:00 UTC")
    made = job(assignment, tmp_path, **tiny.RIGHT)
    assert made.files == {"helper.py": b"two = 2"}
    assert made.student_files == {"mine.csv": b"1,2"}


def test_a_file_beyond_all_measure_is_left_out_and_said(
    assignment: Assignment, tmp_path: Path
) -> None:
    with (tmp_path / "huge.bin").open("wb") as file:
        file.truncate(LARGE + 1)
    submission = take_in(assignment, tmp_path)
    assert submission.remarks == ("huge.bin is too large and was left out",)
    assert submission.files == {}


def test_what_cannot_be_read_is_the_empty_notebook_and_is_said(
    assignment: Assignment, tmp_path: Path
) -> None:
    (tmp_path / "tiny.ipynb").write_text("")
    submission = assignment.take_in("ada", tmp_path)
    assert submission.lost == {"tiny"}
    assert submission.remarks == ("not gradable: the file is empty",)
    answers = assignment.job(submission, "tiny").cells
    assert not any(cell.answered for cell in answers if cell.kind == "solution")


def test_a_name_that_is_not_text_is_read(
    assignment: Assignment, tmp_path: Path
) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("x")
    made = job(assignment, tmp_path, **tiny.RIGHT)
    assert key(made)
    json.dumps(made.to_json()).encode()


def test_the_key_changes_with_everything_that_decides_the_grade_alone(
    assignment: Assignment, tmp_path: Path
) -> None:
    base = job(assignment, tmp_path, **tiny.RIGHT)
    assert key(replace(base, student="bob")) == key(base)
    longer = replace(base.limits, cell_seconds=1)
    others = [
        job(assignment, tmp_path / "other", **tiny.RIGHT | {"mean": "mean = 1"}),
        replace(base, files={"helper.py": b"two = 4"}),
        replace(base, student_files={"mine.csv": b"3"}),
        replace(base, limits=longer),
        replace(base, data="other"),
        replace(base, environment="other"),
        replace(base, env={"COURSE_DATA": "drawn"}),
        replace(base, strict=True),
    ]
    assert len({key(base), *map(key, others)}) == 9


def test_the_time_of_receipt_is_this_machines(
    assignment: Assignment, tmp_path: Path
) -> None:
    submission = take_in(assignment, tmp_path)
    os.utime(tmp_path / "tiny.ipynb", (0, 0))  # as an archive brings it along
    (tmp_path / "timestamp.txt").write_text("1999-01-01 00:00:00 UTC")
    later = assignment.take_in("ada", tmp_path).received
    assert later >= submission.received > 1.7e9
