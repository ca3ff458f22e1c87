"""One full run of a notebook in a fresh kernel, timed and weighed."""

import os
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from course_utils.errors import CourseError
from course_utils.publishing.chapters import is_code
from course_utils.publishing.tidying import tidy_outputs

CORES = 2


@dataclass(frozen=True)
class Cost:
    """What a run cost: seconds, and the largest resident memory in bytes."""

    seconds: float
    peak_bytes: int


def execute(
    notebook: NotebookNode,
    folder: Path,
    *,
    begin_cell: Callable[[int], None] = lambda number: None,
    dropped: Callable[[int, str], None] = lambda number, text: None,
) -> Cost:
    """Run every cell in a fresh kernel and put tidy outputs into ``notebook``.

    Parameters
    ----------
    notebook : gets the outputs.
    folder : where the kernel runs.
    begin_cell : told the number of each code cell, from 1, before it runs.
    dropped : told a cell's number and the text that it wrote to stderr, if any.

    Raises
    ------
    CourseError : at the first cell that raises, ends the kernel, or shows a folder of
        this machine.
    """
    positions = [i for i, cell in enumerate(notebook.cells) if is_code(cell)]
    with _fresh_kernel(notebook, folder) as (client, pid), PeakMemory(pid) as peak:
        began = time.perf_counter()
        for number, position in enumerate(positions, start=1):
            begin_cell(number)
            text = _execute_cell(client, position, number)
            if text:
                dropped(number, text)
        return Cost(time.perf_counter() - began, peak.bytes)


def _execute_cell(client: NotebookClient, position: int, number: int) -> str:
    """Run one cell, tidy what it gave, and return what was dropped from stderr."""
    cell = client.nb.cells[position]
    try:
        client.execute_cell(cell, position)
        return tidy_outputs(cell)
    except CellExecutionError as error:
        reason = f"raised {error.ename}: {error.evalue}"
        raised = CourseError(f"Cell {number} {reason.strip().rstrip('.')}.")
        raised.add_note(error.traceback)
        raise raised from error
    except DeadKernelError as error:
        raise CourseError(
            f"The kernel died in cell {number}; perhaps this machine has too little "
            "memory."
        ) from error
    except CourseError as error:
        raise CourseError(f"Cell {number} {error}") from error


def keep_to_cores(count: int) -> None:
    """Let this process and its children use ``count`` cores, where the system can.

    The book's times are for two cores. TensorFlow also splits its sums over as many
    threads as there are cores, so that the last digits depend on them.
    """
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, random.sample(allowed, min(count, len(allowed))))


def is_busy() -> bool:
    """Whether other work seems to leave a run less than `CORES` cores."""
    if not hasattr(os, "getloadavg"):
        return False
    return os.getloadavg()[0] > (os.cpu_count() or 1) - CORES + 0.5


@contextmanager
def _fresh_kernel(
    notebook: NotebookNode, folder: Path
) -> Iterator[tuple[NotebookClient, int]]:
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=None,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        # What TensorFlow's C++ code logs belongs to the machine, not to the chapter.
        extra_arguments=["--IPKernelApp.capture_fd_output=False"],
    )
    # The author's own IPython settings would show in the book.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as settings:
        env = os.environ | {"IPYTHONDIR": settings, "CUDA_VISIBLE_DEVICES": "-1"}
        with (
            open(os.devnull, "w") as nowhere,
            client.setup_kernel(cwd=str(folder), env=env, stderr=nowhere),
        ):
            manager: Any = client.km
            yield client, manager.provisioner.pid


class PeakMemory:
    """The largest resident memory of a process and its children while it is watched.

    Parameters
    ----------
    pid : the process.
    interval : seconds between two looks.

    Attributes
    ----------
    bytes : the largest sum seen.
    """

    def __init__(self, pid: int, interval: float = 0.1) -> None:
        self.bytes = 0
        self._process = psutil.Process(pid)
        self._interval = interval
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "PeakMemory":
        self._look()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(self._interval):
            self._look()

    def _look(self) -> None:
        try:
            processes = [self._process, *self._process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        total = 0
        for process in processes:
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        self.bytes = max(self.bytes, total)
