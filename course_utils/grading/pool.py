"""The grading processes, seen from the process that hands out the work."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")


class Worker:
    """A process of ``course_utils.grading.worker``, started again when it is gone."""

    def __init__(self, root: Path, log: Path) -> None:
        self._command = [sys.executable, "-m", "course_utils.grading.worker", str(root)]
        self._log = log
        self._process: subprocess.Popen[str] | None = None

    def ask(self, job: dict[str, Any], seconds: float) -> Any | None:
        """Give the process a job and wait for its answer.

        Returns
        -------
        The answer; None if the process died, or was killed after ``seconds``.
        """
        process = self._process = self._process or self._start()
        watchdog = threading.Timer(seconds, process.kill)
        watchdog.start()
        try:
            answer = _exchange(process, json.dumps(job))
        finally:
            watchdog.cancel()
        if not answer.endswith("\n"):
            self.stop()
            return None
        return json.loads(answer)

    def stop(self) -> None:
        """End the process; its kernels end with it."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=10)
        except (subprocess.TimeoutExpired, ValueError):
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[str]:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("a", encoding="utf-8") as log:
            return subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,  # Ctrl-C is the parent's to handle
            )


def run_all(
    workers: Sequence[Worker], names: Sequence[str], one: Callable[[Worker, str], T]
) -> Generator[T]:
    """``one(worker, name)`` for each name, as the workers get round to it.

    When the caller stops early, so do the workers, in the middle of their job.
    """
    free: SimpleQueue[Worker] = SimpleQueue()
    for worker in workers:
        free.put(worker)

    def task(name: str) -> T:
        worker = free.get()
        try:
            return one(worker, name)
        finally:
            free.put(worker)

    with ThreadPoolExecutor(len(workers)) as threads:
        futures = [threads.submit(task, name) for name in names]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            for worker in workers:
                worker.stop()


def _exchange(process: subprocess.Popen[str], line: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        print(line, file=process.stdin, flush=True)
        return process.stdout.readline()
    except OSError:
        return ""
