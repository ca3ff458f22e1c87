"""Running a notebook from top to bottom, a limit of time on each cell.

So a student's own check runs, on any machine that Jupyter runs on; the sandbox in which
the grader runs is Linux's alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from course_utils.grading import cells

TIMED_OUT = "CellTimeoutError"
CRASHED = "DeadKernelError"


@dataclass(frozen=True)
class Limits:
    """Seconds that one cell may run.

    ``setup`` holds for the cells above the first answer: they import TensorFlow, which
    takes from three seconds to half a minute and is nobody's infinite loop.
    """

    cell: int = 60
    setup: int = 300


def run_notebook(
    notebook: Any,
    folder: Path,
    limits: Limits,
    on_cell: Callable[[int], None] | None = None,
) -> None:
    """Run every code cell of ``notebook`` in a fresh kernel and keep its outputs.

    A cell that raises or takes too long gets an error output and the next one runs.
    When the kernel dies, the cell that killed it and those that could not run say so.

    Parameters
    ----------
    notebook : notebook of format 4; changed in place.
    folder : working directory of the kernel.
    limits : seconds per cell.
    on_cell : called with the index of each cell before it runs.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    running = 0

    def started(cell: Any, cell_index: int) -> None:
        nonlocal running
        running = cell_index
        if on_cell:
            on_cell(cell_index)

    _clear_outputs(notebook)
    client = NotebookClient(
        notebook,
        kernel_name=_kernel_name(notebook),
        resources={"metadata": {"path": str(folder)}},
        timeout_func=_timeouts(notebook, limits),
        interrupt_on_timeout=True,
        error_on_timeout=_error(TIMED_OUT, "the cell ran out of time"),
        allow_errors=True,
        iopub_timeout=30,  # room for the output of a cell that prints a lot
        raise_on_iopub_timeout=True,
        on_cell_start=started,
        on_cell_executed=_keep_error,
    )
    try:
        # What a kernel prints past its cells is nothing for the terminal.
        client.execute(stdout=DEVNULL, stderr=DEVNULL)
    except DeadKernelError:
        _mark_rest(notebook, running, CRASHED, "the kernel died")
    except CellTimeoutError:
        _mark_rest(notebook, running, TIMED_OUT, "the kernel no longer answered")


def error_of(cell: Any) -> Any | None:
    """The error that a cell stopped with; None when it ran through.

    It is the last one: a cell that is stopped for its time shows the interrupt first.
    """
    outputs = cell.outputs if cell.cell_type == "code" else []
    errors = [output for output in outputs if output.output_type == "error"]
    return errors[-1] if errors else None


def _kernel_name(notebook: Any) -> str:
    """The notebook's kernel where it is installed, else this Python."""
    from jupyter_client.kernelspec import KernelSpecManager

    wanted = notebook.metadata.get("kernelspec", {}).get("name", "python3")
    installed = KernelSpecManager().find_kernel_specs()
    return wanted if wanted in installed else "python3"


def _timeouts(notebook: Any, limits: Limits) -> Callable[[Any], int]:
    above = itertools.takewhile(lambda c: not cells.is_answer(c), notebook.cells)
    setup = {id(cell) for cell in above if not cells.is_graded(cell)}
    longer = max(limits.setup, limits.cell)
    return lambda cell: longer if id(cell) in setup else limits.cell


def _clear_outputs(notebook: Any) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None


def _add_error(cell: Any, name: str, message: str) -> None:
    from nbformat import from_dict

    cell.outputs.append(from_dict({"output_type": "error"} | _error(name, message)))


def _error(name: str, message: str) -> dict[str, Any]:
    return {"ename": name, "evalue": message, "traceback": [f"{name}: {message}"]}


def _keep_error(cell: Any, cell_index: int, execute_reply: Any) -> None:
    """Record an error that the reply knows of and the outputs do not.

    So it is with a timeout, and with student code that switches tracebacks off: a test
    cell without an error output would count as passed.
    """
    reply = execute_reply["content"]
    if reply["status"] == "error":
        names = {out.ename for out in cell.outputs if out.output_type == "error"}
        if reply["ename"] not in names:
            _add_error(cell, reply["ename"], reply["evalue"])


def _mark_rest(notebook: Any, first: int, name: str, what: str) -> None:
    _add_error(notebook.cells[first], name, f"{what} in this cell.".capitalize())
    for cell in notebook.cells[first + 1 :]:
        if cell.cell_type == "code":
            _add_error(cell, name, f"Not run: {what} in an earlier cell.")
