"""kill -9 of any process of grading, at any moment: nothing is lost."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import nbformat
import psutil
import pytest
from nbgrader.api import Gradebook

from course_utils.grading.course import Course
from course_utils.grading.generate import release
from tests.grading import tiny

pytestmark = pytest.mark.thorough

KILLS = 50
GRADERS = 6  # of them; each one costs a start
STUDENTS = 6
SECONDS = 600


@pytest.fixture
def root(tmp_path: Path, blank_gradebook: Path, bubblewrap: None) -> Path:
    """A tiny course in which six have handed in, each something else."""
    root = tiny.make_course(tmp_path)
    shutil.copy(blank_gradebook, root / "gradebook.db")
    (path,) = release(Course.find(root), "tiny")
    released = nbformat.read(path, as_version=4)
    wrong = {"mean": "def mean(x):\n    return 0"}
    for nth in range(STUDENTS):
        answers = tiny.RIGHT | (wrong if nth % 2 else {})
        answers |= {"double": f"{tiny.RIGHT['double']}  # {nth}"}
        tiny.hand_in(root, f"s{nth}", tiny.answered(released, answers))
    return root


def start(root: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.grading.disturbed", str(root), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finished(root: Path) -> str:
    """Grades after a run that nobody disturbs."""
    process = start(root)
    grades, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    return grades


def recorded(root: Path) -> dict[str, float]:
    with Gradebook(Course.find(root).directory.db_url, "tiny") as gradebook:
        return {
            entry.student.id: entry.score
            for entry in gradebook.assignment_submissions("tiny")
        }


def victims(grader: int) -> dict[str, list[psutil.Process]]:
    """The processes of grading by kind; students' own are not among them."""
    kinds: dict[str, list[psutil.Process]] = {"worker": [], "warm": [], "checker": []}
    with suppress(psutil.Error):
        for process in psutil.Process(grader).children(recursive=True):
            with suppress(psutil.Error):
                line, parent = process.cmdline(), process.parent()
                if "course_utils.grading.worker" in line:
                    kinds["worker"].append(process)
                elif "warm" not in line or process.name() == "bwrap" or parent is None:
                    continue
                elif parent.name() == "bwrap":
                    kinds["warm"].append(process)
                elif process.uids().real > 10**9 and process.uids().real % 2:
                    kinds["checker"].append(process)  # as root, each has its user
    return kinds


def disturb(root: Path, chance: random.Random) -> dict[str, int]:
    """Grade again and again, and kill; how many were killed of each kind."""
    killed = {"worker": 0, "warm": 0, "checker": 0, "grader": 0}
    process = start(root, "--force")
    end = time.monotonic() + SECONDS
    while sum(killed.values()) < KILLS and time.monotonic() < end:
        if process.poll() is not None:
            process = start(root, "--force")
        kinds = victims(process.pid)
        # Whatever was hit least is next: a checker lives for a moment only, and is
        # never there when its worker is killed again and again.
        kind = min(kinds, key=lambda kind: killed[kind])
        if not kinds[kind]:
            time.sleep(0.01)
            continue
        time.sleep(chance.uniform(0.0, 0.05 if kind == "checker" else 0.4))
        if killed["grader"] < GRADERS and chance.random() < 0.15:
            process.kill()
            process.wait()
            killed["grader"] += 1
            continue
        with suppress(psutil.NoSuchProcess):
            chance.choice(kinds[kind]).kill()
            killed[kind] += 1
    process.kill()
    process.wait()
    return killed


def test_after_fifty_kills_a_rerun_gives_the_grades_of_an_undisturbed_run(
    root: Path,
) -> None:
    expected = finished(root)
    points = recorded(root)
    assert expected.count("\n") == STUDENTS
    assert "s0 [2.0, 3.0, None]" in expected
    assert "s1 [2.0, 0.0, None]" in expected
    killed = disturb(root, random.Random(4))
    assert sum(killed.values()) == KILLS, killed
    assert min(killed.values()) > 0, killed
    assert finished(root) == expected
    assert recorded(root) == points
