"""Grading on a Dask cluster: a real scheduler and two workers, one of them killed."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import psutil
import pytest

from course_utils.errors import CourseError
from course_utils.grading.cluster import Cluster, perform
from course_utils.grading.engine.grader import Survey
from course_utils.grading.environment import software
from course_utils.grading.worker import Setting
from tests.grading.engine.unit import DOUBLE, WRONG_DOUBLE, submission

STUDENTS = 6
SLOW = "import time\ntime.sleep(1)\n"


def dask(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dask", *words, "--scheduler-file", "here.json"]
    return subprocess.Popen(
        [*command, "--no-dashboard"], cwd=folder, stderr=subprocess.DEVNULL
    )


@pytest.fixture
def cluster(
    tmp_path: Path, bubblewrap: None
) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Address of a scheduler on this machine, and its two workers."""
    scheduler = dask(tmp_path, "scheduler", "--host", "127.0.0.1", "--port", "0")
    found = tmp_path / "here.json"
    for _ in range(600):
        if found.exists() and found.stat().st_size:
            break
        time.sleep(0.1)
    one = ("worker", "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
    workers = [dask(tmp_path, *one) for _ in range(2)]
    yield json.loads(found.read_text())["address"], workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


def is_grading(worker: subprocess.Popen[bytes]) -> bool:
    return bool(psutil.Process(worker.pid).children())


def test_what_a_lost_machine_had_begun_is_done_by_another(
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    address, workers = cluster
    jobs = [
        replace(
            submission(double=SLOW + (WRONG_DOUBLE if nth % 2 else DOUBLE)),
            environment=software(),
        )
        for nth in range(STUDENTS)
    ]
    points = []
    with closing(Cluster(address, Setting())) as pool:
        assert pool.survey(jobs[0]) == Survey(frozenset(), frozenset())
        for result in pool.grade_all(jobs):
            points.append(result.points)
            if len(points) == 1:
                lost = next(filter(is_grading, workers))
                lost.kill()
            assert result.sandboxed
    assert sorted(points) == [3.0] * 3 + [5.0] * 3


def test_a_machine_with_other_packages_refuses_and_is_named() -> None:
    job = replace(submission(), environment="of another machine").to_json()
    with pytest.raises(CourseError, match=f"{socket.gethostname()} has other packages"):
        perform("grade", job, asdict(Setting()))


def test_where_there_is_no_scheduler_one_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("course_utils.grading.cluster._SECONDS", 1)
    with pytest.raises(
        CourseError, match=r"no Dask scheduler at tcp://127\.0\.0\.1:9;"
    ):
        Cluster("tcp://127.0.0.1:9", Setting())
