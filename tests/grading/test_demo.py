"""The sample class, and the folder in which the demo grades it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from course_utils.errors import CourseError
from course_utils.grading import demo
from course_utils.grading.course import CONFIG
from course_utils.grading.export import write_csv
from course_utils.grading.notebooks import NotANotebook, read_notebook
from course_utils.grading.results import QuestionResult, SubmissionResult
from course_utils.grading.sample_class import Sample, sample_class
from tests.grading import tiny
from tests.variants import Answer, Question, compose

QUESTIONS = [
    Question(
        name,
        (f"test_{name}",),
        points,
        right=(
            Answer("a", f"a = {name!r}", points),
            Answer("b", f"b = {name!r}", points),
        ),
        wrong=(Answer("c", f"c = {name!r}", 0), Answer("d", f"d = {name!r}", 0.5)),
    )
    for name, points in (("double", 2), ("mean", 3))
]
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def samples() -> list[Sample]:
    return sample_class(tiny.source(), QUESTIONS, compose)


def sources(sample: Sample) -> dict[str, str]:
    """Sources of a submission's cells by grade_id."""
    return {cell["id"]: cell["source"] for cell in json.loads(sample.text)["cells"]}


def kind(samples: list[Sample], what: str) -> Sample:
    (found,) = (sample for sample in samples if sample.what == what)
    return found


def test_the_class_is_twelve_plain_ids_and_the_same_every_time(
    samples: list[Sample],
) -> None:
    assert [one.student for one in samples] == [f"s{n:02}" for n in range(1, 13)]
    assert sample_class(tiny.source(), QUESTIONS, compose) == samples


def test_points_are_what_the_answers_are_worth(samples: list[Sample]) -> None:
    points = {sample.what: sample.points for sample in samples}
    assert points["right"] == points["right, but a test cell deleted"] == 5
    assert points["one question wrong"] == 3.5
    assert points["every other question wrong"] == 2
    assert points["an endless loop in the last question"] == 2
    assert points["all wrong"] == points["an empty file"] == 0
    assert points["a file cut off in the middle"] == 2  # what stands above the cut


def test_answers_stand_in_their_cells(samples: list[Sample]) -> None:
    other = sources(kind(samples, "right, in another style"))
    assert (other["double"], other["mean"]) == ("b = 'double'", "b = 'mean'")
    assert "slides" in other["words"]
    half = sources(kind(samples, "every other question wrong"))
    assert (half["double"], half["mean"]) == ("a = 'double'", "c = 'mean'")
    assert (
        "while True"
        in sources(kind(samples, "an endless loop in the last question"))["mean"]
    )
    assert "test_double" not in sources(kind(samples, "right, but a test cell deleted"))


def test_broken_files_are_broken_and_the_others_are_notebooks(
    samples: list[Sample], tmp_path: Path
) -> None:
    broken = []
    for sample in samples:
        path = tmp_path / f"{sample.student}.ipynb"
        path.write_text(sample.text)
        try:
            nbformat.validate(read_notebook(path))
        except NotANotebook:
            broken.append(sample.what)
    assert broken == ["an empty file", "a file cut off in the middle"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The parts of this project that the demo is made of, to change at will."""
    names = (
        CONFIG,
        "tests/variants",
        "exercises/1_filters",
        "solutions/1_filters",
    )
    for name in names:
        here, there = PROJECT / name, tmp_path / "project" / name
        there.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if here.is_dir() else shutil.copy)(here, there)
    return tmp_path / "project"


def written(folder: Path) -> dict[str, int]:
    """When each file was written."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in files}


def test_a_second_build_touches_no_submission(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    samples = demo.build(project, folder)
    before = written(folder)
    assert len(samples) == 12
    assert sum(name.startswith("submitted/") for name in before) == 12
    assert demo.build(project, folder) == samples
    assert written(folder) == before


def test_a_changed_assignment_starts_a_new_course(
    project: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "demo"
    demo.build(project, folder)
    (folder / "gradebook-drawn.db").write_text("grades of the assignment as it was")
    source = project / "solutions" / "1_filters" / "1_filters.ipynb"
    source.write_text(source.read_text() + "\n")
    demo.build(project, folder)
    assert not (folder / "gradebook-drawn.db").exists()


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [("exercises", "not released yet"), ("tests", "the project's own folder")],
)
def test_what_the_demo_needs_is_named(
    missing: str, sentence: str, project: Path, tmp_path: Path
) -> None:
    shutil.rmtree(project / missing)
    with pytest.raises(CourseError, match=sentence):
        demo.build(project, tmp_path / "demo")
    assert not (tmp_path / "demo").exists()


def test_points_that_nobody_expected_are_named(tmp_path: Path) -> None:
    def result(student: str, points: float) -> SubmissionResult:
        question = QuestionResult("a", points, 2.0, "failed", notebook="1_filters")
        return SubmissionResult(student, "1_filters", (question,))

    grades = tmp_path / "grades.csv"
    write_csv(grades, [result("s01", 2.0), result("s02", 1.0)])
    right: Any = Sample("s01", "right", "", 2.0)
    samples = [right, replace(right, student="s02"), replace(right, student="s03")]
    assert demo.unexpected(grades, samples) == [
        "s02 (right) got 1.0 points instead of 2.0.",
        "s03 (right) got None points instead of 2.0.",
    ]
