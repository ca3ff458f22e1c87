"""Releasing an assignment through nbgrader."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nbformat
import pytest

from course_utils.errors import CourseError
from course_utils.grading.course import Course
from course_utils.grading.generate import register, release
from tests.grading import tiny


@pytest.fixture
def course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blank_gradebook: Path
) -> Course:
    monkeypatch.delenv("COURSE_DATA", raising=False)
    shutil.copy(blank_gradebook, tmp_path / "gradebook.db")
    return Course.find(tiny.make_course(tmp_path))


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Content and time of writing, by name."""
    return {
        path.relative_to(folder).as_posix(): (
            path.read_bytes(),
            path.stat().st_mtime_ns,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_students_get_the_questions_and_neither_solutions_nor_hidden_tests(
    course: Course,
) -> None:
    (path,) = release(course, "tiny")
    text = path.read_text()
    assert path == course.release("tiny") / "tiny.ipynb"
    assert "raise NotImplementedError" in text
    assert "double(2) should be 4" in text
    for secret in ("return 2 * x", "double(-3)", "Because.", "BEGIN"):
        assert secret not in text


def test_a_second_release_touches_no_file(course: Course) -> None:
    release(course, "tiny")
    before = files(course.release("tiny"))
    release(course, "tiny")
    assert files(course.release("tiny")) == before
    assert os.listdir(course.root / "release") == ["tiny"]


def test_a_file_that_left_the_source_leaves_the_release(course: Course) -> None:
    helper = course.source("tiny") / "helper.txt"
    helper.write_text("beside the notebook")
    release(course, "tiny")
    assert "helper.txt" in files(course.release("tiny"))
    helper.unlink()
    release(course, "tiny")
    assert set(files(course.release("tiny"))) == {"tiny.ipynb"}


def test_a_source_that_nbgrader_refuses_leaves_the_release_as_it_was(
    course: Course,
) -> None:
    release(course, "tiny")
    before = files(course.release("tiny"))
    unclosed = tiny.source()
    unclosed.cells[2].source = "### BEGIN SOLUTION\nx = 1"
    nbformat.write(unclosed, course.source("tiny") / "tiny.ipynb")
    with pytest.raises(CourseError, match='nbgrader cannot release "tiny": ') as caught:
        release(course, "tiny")
    assert "\n" not in str(caught.value)
    assert files(course.release("tiny")) == before


def test_grading_needs_no_release_folder(course: Course) -> None:
    folder = register(course, "tiny")
    assert (folder / "tiny.ipynb").is_file()
    assert not course.release("tiny").exists()


def test_alembic_is_found_when_the_environment_is_not_activated(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    (course.root / "gradebook.db").unlink()
    register(course, "tiny")
    assert (course.root / "gradebook.db").is_file()
    assert os.environ["PATH"] == "/usr/bin:/bin"
