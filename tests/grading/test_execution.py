"""Running notebooks in a real kernel: time, death, silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_notebook, new_output

from course_utils.grading.execution import (
    CRASHED,
    TIMED_OUT,
    Limits,
    error_of,
    run_notebook,
)
from tests.grading import tiny

QUICK = Limits(cell=3, setup=60)


def run(*sources: Any, folder: Path, limits: Limits = QUICK) -> list[Any]:
    """The cells after a run; the first is an answer, so that all have short limits."""
    cells = [tiny.cell("code", "pass", "answer", solution=True)]
    cells += [new_code_cell(source) for source in sources]
    notebook = new_notebook(cells=cells)
    run_notebook(notebook, folder, limits)
    return list(notebook.cells[1:])


def names(cells: list[Any]) -> list[str | None]:
    errors = [error_of(cell) for cell in cells]
    return [error.ename if error else None for error in errors]


def test_cells_run_in_one_kernel_in_the_folder_of_the_notebook(tmp_path: Path) -> None:
    (tmp_path / "beside.txt").write_text("here")
    cells = run("x = open('beside.txt').read()", "x", folder=tmp_path)
    assert cells[1].outputs[0].data["text/plain"] == "'here'"


def test_an_error_stops_its_cell_and_not_the_notebook(tmp_path: Path) -> None:
    cells = run("1 / 0", "y = 2", "print(y)", folder=tmp_path)
    assert names(cells) == ["ZeroDivisionError", None, None]
    assert cells[2].outputs[0].text == "2\n"


def test_an_endless_loop_ends_with_its_limit_and_the_next_cell_runs(
    tmp_path: Path,
) -> None:
    cells = run("while True: pass", "print('next')", folder=tmp_path)
    assert names(cells) == [TIMED_OUT, None]
    assert cells[1].outputs[0].text == "next\n"


def test_the_cells_above_the_first_answer_have_more_time(tmp_path: Path) -> None:
    slow = new_code_cell("import time; time.sleep(3); done = True")
    answer = tiny.cell("code", "assert done", "answer", solution=True)
    notebook = new_notebook(cells=[slow, answer])
    run_notebook(notebook, tmp_path, Limits(cell=1, setup=60))
    assert names(notebook.cells) == [None, None]


def test_a_dead_kernel_passes_no_test(tmp_path: Path) -> None:
    cells = run("x = 1", "import os; os._exit(1)", "assert x", folder=tmp_path)
    assert names(cells) == [None, CRASHED, CRASHED]


def test_hiding_the_traceback_does_not_hide_the_failure(tmp_path: Path) -> None:
    silence = "get_ipython().showtraceback = lambda *a, **k: None"
    cells = run(silence, "assert False, 'no'", folder=tmp_path)
    assert names(cells) == [None, "AssertionError"]


def test_outputs_that_came_with_the_file_are_not_believed(tmp_path: Path) -> None:
    answer = tiny.cell("code", "pass", "answer", solution=True)
    error = new_output("error", ename="AssertionError", evalue="", traceback=[])
    stale = new_code_cell("pass", outputs=[error])
    notebook = new_notebook(cells=[answer, stale])
    run_notebook(notebook, tmp_path, QUICK)
    assert stale.outputs == []


def test_a_kernel_that_is_not_installed_is_replaced_by_this_python(
    tmp_path: Path,
) -> None:
    notebook = new_notebook(
        cells=[new_code_cell("print('ran')")],
        metadata={"kernelspec": {"name": "conda-of-somebody", "display_name": "x"}},
    )
    run_notebook(notebook, tmp_path, Limits())
    assert notebook.cells[0].outputs[0].text == "ran\n"
