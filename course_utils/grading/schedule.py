"""Who grades which job: worker processes on this machine.

A pool takes jobs and gives results, in the order in which they are done. It knows
nothing of courses, gradebooks or students; :mod:`course_utils.grading.cluster` is
another pool, of machines.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol

import psutil

from course_utils.errors import CourseError
from course_utils.grading.engine.grader import Survey
from course_utils.grading.engine.jobs import Job
from course_utils.grading.engine.scoring import outputs_of
from course_utils.grading.engine.verdicts import Reason, Result, Verdict
from course_utils.grading.worker import Setting

TRIES = 3  # of a job whose worker ends
_START_SECONDS = 600.0  # until the warm process has imported everything
_MIB = 1 << 20


class Pool(Protocol):
    """Grades jobs somewhere."""

    def survey(self, reference: Job) -> Survey:
        """As ``engine.grader.survey``."""

    def grade_all(self, jobs: Sequence[Job]) -> Generator[Result]:
        """Results in the order in which they come."""

    def close(self) -> None:
        """End what it has started."""


def worker_count(memory_mb: float) -> int:
    """Workers that this machine has cores and free memory for.

    Parameters
    ----------
    memory_mb : what one submission may use.
    """
    free = psutil.virtual_memory().available / _MIB
    return max(1, min(len(os.sched_getaffinity(0)), int(free / memory_mb)))


def without_run(job: Job, reason: Reason, message: str) -> Result:
    """A result for a job that could not be run: no points, which is not zero points."""
    verdicts = {
        nth: Verdict(cell.grade_id, None, cell.points, reason, message)
        for nth, cell in enumerate(job.cells)
        if cell.kind == "test" or cell.by_hand
    }
    outputs = tuple(
        outputs_of(verdicts[nth]) if cell.kind == "test" else ()
        for nth, cell in enumerate(job.cells)
    )
    return Result(
        job.student,
        job.assignment,
        job.notebook,
        job.content_hash,
        tuple(verdicts.values()),
        outputs,
    )


class Worker:
    """A process of :mod:`course_utils.grading.worker`, started again when it is gone.

    Parameters
    ----------
    setting : how it starts students' code.
    log : file for what it says outside any job.
    """

    def __init__(self, setting: Setting, log: Path) -> None:
        self._setting, self._log = setting, log
        self._process: subprocess.Popen[str] | None = None
        self._closed = False

    def ask(self, what: str, job: Job, seconds: float) -> Any | None:
        """Give the process a job and wait for its answer.

        Returns
        -------
        The answer; None if the process died, or was killed after ``seconds``.

        Raises
        ------
        CourseError : if this machine cannot run students' code as it should.
        CancelledError : if the pool was closed meanwhile.
        """
        if self._closed:
            raise CancelledError
        process = self._process
        if process is None:
            process = self._process = self._start()
            hello = self._exchange(process, None, _START_SECONDS)
            if hello is None:
                return None
            if "refused" in hello:
                self.stop()
                raise CourseError(hello["refused"])
        return self._exchange(process, {"what": what, "job": job.to_json()}, seconds)

    def grade(self, job: Job) -> Result:
        """The result of a job, whatever becomes of the process."""
        seconds = TRIES * job.limits.notebook_seconds + 600
        for _ in range(TRIES):
            answer = self.ask("grade", job, seconds)
            if answer is not None:
                return Result.from_json(answer)
        message = f"The grading process died {TRIES} times in this notebook."
        return without_run(job, "infrastructure", message)

    def survey(self, reference: Job) -> Survey:
        """What the tests of an assignment need."""
        for _ in range(TRIES):
            answer = self.ask("survey", reference, 2 * _START_SECONDS + 3600)
            if answer is not None:
                return Survey.from_json(answer)
        raise CourseError(
            f"The solutions of {reference.assignment} ended the grading process "
            f"{TRIES} times; see {self._log}."
        )

    def close(self) -> None:
        """End the process, in the middle of its job, and start no other."""
        self._closed = True
        self.stop()

    def stop(self) -> None:
        """End the process, and with it all that it has started."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def _start(self) -> subprocess.Popen[str]:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        setting = json.dumps(asdict(self._setting))
        with self._log.open("a", encoding="utf-8") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "course_utils.grading.worker", setting],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,  # Ctrl-C is the parent's to handle
            )

    def _exchange(
        self, process: subprocess.Popen[str], task: Any | None, seconds: float
    ) -> Any | None:
        """Send a line and wait for one; None if the process ends or is too slow."""
        assert process.stdin is not None
        assert process.stdout is not None
        watchdog = threading.Timer(seconds, process.kill)
        watchdog.start()
        try:
            if task is not None:
                print(json.dumps(task), file=process.stdin, flush=True)
            answer = process.stdout.readline()
        except (OSError, ValueError):
            answer = ""
        finally:
            watchdog.cancel()
        if not answer.endswith("\n"):
            self.stop()
            return None
        return json.loads(answer)


class LocalPool:
    """Workers on this machine, as many as asked for."""

    def __init__(self, setting: Setting, size: int, log: Path) -> None:
        self._workers = [Worker(setting, log) for _ in range(size)]

    def survey(self, reference: Job) -> Survey:
        """As ``engine.grader.survey``."""
        return self._workers[0].survey(reference)

    def grade_all(self, jobs: Sequence[Job]) -> Generator[Result]:
        """Results as they come; when the caller stops early, so do the workers."""
        free: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            free.put(worker)

        def one(job: Job) -> Result:
            worker = free.get()
            try:
                return worker.grade(job)
            finally:
                free.put(worker)

        with ThreadPoolExecutor(len(self._workers)) as threads:
            futures = [threads.submit(one, job) for job in jobs]
            try:
                for future in as_completed(futures):
                    yield future.result()
            finally:
                threads.shutdown(wait=False, cancel_futures=True)
                self.close()

    def close(self) -> None:
        """End the workers."""
        for worker in self._workers:
            worker.close()
