"""Our reading of nbgrader's marks is nbgrader's own."""

from __future__ import annotations

import pytest
from nbgrader import utils

from course_utils.grading import cells
from tests.grading import tiny

CELLS = {cell.id: cell for cell in tiny.source().cells}


@pytest.mark.parametrize("name", CELLS)
def test_marks_mean_what_nbgrader_takes_them_for(name: str) -> None:
    cell = CELLS[name]
    assert cells.is_answer(cell) == utils.is_solution(cell)
    assert cells.is_locked(cell) == utils.is_locked(cell)
    assert cells.is_graded(cell) == (utils.is_grade(cell) or utils.is_task(cell))


@pytest.mark.parametrize("name", [name for name in CELLS if name != "title"])
def test_the_checksum_is_the_one_that_nbgrader_computes(name: str) -> None:
    assert cells.checksum(CELLS[name]) == utils.compute_checksum(CELLS[name])


def test_a_cell_with_damaged_marks_is_an_ordinary_cell() -> None:
    cell = tiny.cell("code", "1", "x", solution=True)
    cell.metadata["nbgrader"] = ["not", "a", "dict"]
    assert cells.grade_id(cell) is None
    assert not cells.is_answer(cell)
    assert not cells.is_graded(cell)
