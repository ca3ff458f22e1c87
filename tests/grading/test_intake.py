"""Submissions whose cells were deleted, copied or edited."""

from __future__ import annotations

from typing import Any

import pytest

from course_utils.grading import cells
from course_utils.grading.intake import repair
from tests.grading import tiny


@pytest.fixture
def released() -> Any:
    return tiny.source()


@pytest.fixture
def submitted() -> Any:
    return tiny.answered(tiny.source(), tiny.RIGHT)


def names(notebook: Any) -> list[str | None]:
    return [cells.grade_id(cell) for cell in notebook.cells]


def position(notebook: Any, name: str) -> int:
    return names(notebook).index(name)


def test_an_orderly_submission_is_left_as_it_is(submitted: Any, released: Any) -> None:
    before = tiny.answered(submitted, {})
    assert repair(submitted, released) == []
    assert submitted == before


@pytest.mark.parametrize("name", ["setup", "test_double", "test_mean", "words"])
def test_a_deleted_cell_comes_back_to_its_place(
    name: str, submitted: Any, released: Any
) -> None:
    del submitted.cells[position(submitted, name)]
    remarks = repair(submitted, released)
    known = [one for one in names(submitted) if one]
    assert known == [one for one in names(released) if one]
    assert remarks == [f"cell {name} was missing and was put back"]


def test_an_empty_notebook_gets_every_cell_back(released: Any) -> None:
    empty = tiny.answered(released, {})
    empty.cells = []
    repair(empty, released)
    assert names(empty) == [one for one in names(released) if one]


def test_an_answer_without_its_marks_still_runs_after_the_empty_cell(
    submitted: Any, released: Any
) -> None:
    answer = submitted.cells[position(submitted, "mean")]
    del answer.metadata["nbgrader"]
    repair(submitted, released)
    empty = position(submitted, "mean")
    assert submitted.cells[empty + 1].source == tiny.RIGHT["mean"]
    assert position(submitted, "test_mean") == empty + 2


def test_of_a_copied_answer_the_last_counts_and_all_run(
    submitted: Any, released: Any
) -> None:
    at = position(submitted, "double")
    copy = tiny.cell("code", "def double(x):\n    return 0", "double", solution=True)
    submitted.cells.insert(at, copy)
    remarks = repair(submitted, released)
    assert remarks == ["cell double occurs more than once; the last one counts"]
    assert names(submitted).count("double") == 1
    assert submitted.cells[at].source.endswith("return 0")
    assert position(submitted, "double") == at + 1


def test_edited_marks_are_put_right(submitted: Any, released: Any) -> None:
    marks = submitted.cells[position(submitted, "test_mean")].metadata["nbgrader"]
    marks.update(points=100, solution=True, locked=False)
    repair(submitted, released)
    test = submitted.cells[position(submitted, "test_mean")]
    assert cells.max_points(test) == 3
    assert cells.is_locked(test)


def test_a_cell_that_the_student_added_stays(submitted: Any, released: Any) -> None:
    helper = tiny.cell("code", "def helper(): ...", "made_up", solution=True)
    submitted.cells.insert(2, helper)
    assert repair(submitted, released) == []
    assert submitted.cells[2].source == "def helper(): ..."
    assert cells.grade_id(submitted.cells[2]) is None
