"""The gradebook in PostgreSQL: a real server, started here on the loopback address."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook

from course_utils.grading.classroom import Classroom, load_results
from course_utils.grading.course import Course
from course_utils.grading.generate import nbgrader_on_path, release
from course_utils.grading.schedule import LocalPool
from tests.conftest import missing
from tests.grading import tiny


def programs() -> Path:
    """Folder of PostgreSQL's programs; Debian keeps them off the search path."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/initdb"), shutil.which("initdb")]
    path = next(filter(None, found), None)
    if path is None:
        missing("no PostgreSQL on this machine (Debian: apt-get install postgresql)")
    return Path(str(path)).parent


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """URL of a database without a table in it."""
    folder = tempfile.mkdtemp(prefix="postgresql-")
    # The server refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else getpass.getuser()
    shutil.chown(folder, user)
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    quiet: dict[str, Any] = {"user": user, "cwd": folder, "stdout": subprocess.DEVNULL}
    make = [programs() / "initdb", "-D", f"{folder}/data", "-U", "grader"]
    subprocess.run([*make, "--auth=trust", "--no-sync"], check=True, **quiet)
    serve = [programs() / "postgres", "-D", f"{folder}/data", "-p", port]
    local = ["-h", "127.0.0.1", "-k", folder]
    server = subprocess.Popen([*serve, *local], stderr=subprocess.DEVNULL, **quiet)
    ask = [programs() / "pg_isready", "-h", "127.0.0.1", "-p", port]
    for _ in range(300):
        if subprocess.run(ask, check=False, **quiet).returncode == 0:
            break
        time.sleep(0.1)
    yield f"postgresql://grader@127.0.0.1:{port}/postgres"
    server.terminate()
    server.wait(60)
    shutil.rmtree(folder, ignore_errors=True)


def test_grades_points_by_hand_and_the_report_are_in_the_server(
    url: str, tmp_path: Path, bubblewrap: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COURSE_DATA", raising=False)
    root = tiny.make_course(tmp_path)
    config = f"{tiny.CONFIG}c.CourseDirectory.db_url = {url!r}\n"
    (root / "nbgrader_config.py").write_text(config)
    course = Course.find(root)
    (path,) = release(course, "tiny")
    released = nbformat.read(path, as_version=4)
    tiny.hand_in(root, "ada", tiny.answered(released, tiny.RIGHT))
    tiny.hand_in(root, "bob", "{")
    with (
        Classroom(course, "tiny") as room,
        closing(LocalPool(room.setting, 1, course.log)) as pool,
    ):
        room.survey(pool)
        ada, bob = room.grade(pool)
    assert (ada.points, bob.points) == (5.0, 0.0)
    with nbgrader_on_path(), Gradebook(url, "tiny") as gradebook:
        assert gradebook.find_submission("tiny", "ada").score == 5.0
        words = gradebook.find_grade("words", "tiny", "tiny", "ada")
        assert words.needs_manual_grade
        words.manual_score = 1.0
        gradebook.db.commit()
    assert [result.points for result in load_results(course, "tiny")] == [6.0, 0.0]
    assert not list(root.glob("*.db"))
