"""Grading on many machines: a pool made of the workers of a Dask cluster.

Jobs go out and results come back as plain data. A machine of the cluster needs this
package and bubblewrap; it needs neither the course folder nor the gradebook.
"""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from course_utils.errors import CourseError
from course_utils.grading.engine.grader import Survey
from course_utils.grading.engine.jobs import Job
from course_utils.grading.engine.verdicts import Result
from course_utils.grading.environment import software
from course_utils.grading.schedule import TRIES, Worker, without_run
from course_utils.grading.worker import Setting

_SECONDS = 20  # to reach the scheduler
_here = threading.local()


class Cluster:
    """The workers behind a Dask scheduler.

    Parameters
    ----------
    address : of the scheduler, e.g. ``tcp://10.0.0.5:8786``.
    setting : how each worker starts students' code.

    Raises
    ------
    CourseError : if Dask is not installed or the scheduler cannot be reached.
    """

    def __init__(self, address: str, setting: Setting) -> None:
        try:
            self._dask: Any = import_module("distributed")
        except ImportError:
            raise CourseError(
                "Grading on a cluster needs Dask; "
                'install it with: pip install "course-utils[cluster]".'
            ) from None
        try:
            self._client = self._dask.Client(
                address, timeout=_SECONDS, set_as_default=False
            )
        except (OSError, ValueError):
            raise CourseError(
                f"There is no Dask scheduler at {address}; start one with "
                '"dask scheduler", and workers with "dask worker".'
            ) from None
        self._setting = asdict(setting)

    def survey(self, reference: Job) -> Survey:
        """As ``engine.grader.survey``."""
        try:
            return Survey.from_json(self._submit("survey", reference).result())
        except self._dask.KilledWorker:
            raise CourseError(
                f"The solutions of {reference.assignment} could not be tried: one "
                "machine after the other was lost; look at the workers' own logs."
            ) from None

    def grade_all(self, jobs: Sequence[Job]) -> Generator[Result]:
        """Results as they come; what a lost machine had begun is done by another."""
        futures = {self._submit("grade", job): job for job in jobs}
        try:
            for future in self._dask.as_completed(
                list(futures), loop=self._client.loop
            ):
                try:
                    yield Result.from_json(future.result())
                except self._dask.KilledWorker:
                    message = f"{TRIES} machines were lost in this notebook."
                    yield without_run(futures[future], "infrastructure", message)
                future.release()
        finally:
            self._client.cancel(list(futures))

    def close(self) -> None:
        """Leave the cluster; its workers stay."""
        self._client.close()

    def _submit(self, what: str, job: Job) -> Any:
        return self._client.submit(
            perform, what, job.to_json(), self._setting, pure=False, retries=TRIES
        )


def perform(what: str, job: Mapping[str, Any], setting: Mapping[str, Any]) -> Any:
    """What a machine of the cluster does: one job, in a grading process of its own.

    Each thread of a Dask worker keeps its grading process for the next job.
    """
    if getattr(_here, "setting", None) != setting:
        if hasattr(_here, "worker"):
            _here.worker.close()
        log = (
            Path(tempfile.gettempdir()) / f"course-grading-{threading.get_ident()}.log"
        )
        _here.worker, _here.setting = Worker(Setting(**setting), log), setting
    made = Job.from_json(job)
    if made.environment not in ("", software()):
        raise CourseError(
            f"The worker on {socket.gethostname()} has other packages, or another "
            "version of this one, than the machine that grades; install the same."
        )
    if what == "survey":
        return _here.worker.survey(made).to_json()
    return _here.worker.grade(made).to_json()
