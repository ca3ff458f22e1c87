"""Finding a course folder and reading its configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from course_utils.errors import CourseError
from course_utils.grading.course import Course
from tests.grading import tiny

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("COURSE_DATA", raising=False)
    return tiny.make_course(tmp_path)


def configure(root: Path, line: str) -> None:
    with (root / "nbgrader_config.py").open("a") as file:
        print(line, file=file)


def test_a_course_is_found_from_any_folder_below_it(root: Path) -> None:
    assert Course.find(root / "source" / "tiny").root == root


def test_a_folder_outside_any_course_is_refused() -> None:
    with pytest.raises(CourseError, match=r"no nbgrader_config\.py in / "):
        Course.find(Path("/"))


def test_a_configuration_that_does_not_run_is_named(root: Path) -> None:
    configure(root, "this is not Python")
    with pytest.raises(CourseError, match=r"nbgrader_config\.py cannot be read: Name"):
        Course.find(root)


def test_folders_are_nbgraders_own_by_default(root: Path) -> None:
    course = Course.find(root)
    assert course.source("tiny").resolve() == root / "source" / "tiny"
    assert course.submission("tiny", "s01") == root / "submitted" / "s01" / "tiny"
    assert course.directory.db_url.startswith(f"sqlite:///{root}/gradebook.db")


def test_the_configured_folders_are_used(root: Path) -> None:
    configure(root, 'c.CourseDirectory.source_directory = "solutions"')
    (root / "source").rename(root / "solutions")
    assert Course.find(root).assignments == ["tiny"]


def test_a_structure_of_the_courses_own_is_used(root: Path) -> None:
    structure = "{nbgrader_step}/{assignment_id}/{student_id}"
    configure(root, f'c.CourseDirectory.directory_structure = "{structure}"')
    (root / "submitted" / "tiny" / "s.01+").mkdir(parents=True)
    (root / "submitted" / "other" / "s02").mkdir(parents=True)
    assert Course.find(root).students("tiny") == ["s.01+"]


def test_an_unknown_assignment_is_refused_with_the_closest(root: Path) -> None:
    with pytest.raises(CourseError, match='did you mean "tiny"'):
        Course.find(root).require("tinny")
    with pytest.raises(CourseError, match="there are: tiny"):
        Course.find(root).require("homework")


def test_a_course_without_assignments_says_so(root: Path) -> None:
    (root / "source" / "tiny" / "tiny.ipynb").unlink()
    with pytest.raises(CourseError, match="There are no assignments in"):
        Course.find(root).require("tiny")


def test_grades_on_stand_ins_have_a_gradebook_and_folders_of_their_own(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Course.find(root)
    assert "/gradebook.db" in real.directory.db_url
    monkeypatch.setenv("COURSE_DATA", "drawn")
    drawn = Course.find(root)
    assert "/gradebook-drawn.db" in drawn.directory.db_url
    assert drawn.results("tiny", "s01") != real.results("tiny", "s01")
    assert drawn.directory.autograded_directory == "autograded-drawn"


def test_grades_on_stand_ins_never_go_to_a_database_server(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(root, 'c.CourseDirectory.db_url = "postgresql://localhost/grades"')
    monkeypatch.setenv("COURSE_DATA", "drawn")
    with pytest.raises(CourseError, match="unset COURSE_DATA"):
        _ = Course.find(root).directory


@pytest.mark.parametrize(("kind", "suffix"), [(None, ""), ("drawn", "-drawn")])
def test_this_projects_configuration_keeps_the_two_kinds_of_grades_apart(
    kind: str | None, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind:
        monkeypatch.setenv("COURSE_DATA", kind)
    else:
        monkeypatch.delenv("COURSE_DATA", raising=False)
    settings = Course.find(ROOT).config.CourseDirectory
    assert settings.root == str(ROOT)
    assert settings.db_url == f"sqlite:///{ROOT}/gradebook{suffix}.db"
    assert settings.autograded_directory == f"autograded{suffix}"
    assert (settings.source_directory, settings.release_directory) == (
        "solutions",
        "exercises",
    )
