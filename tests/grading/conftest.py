"""What the tests of grading share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from course_utils.grading.generate import nbgrader_on_path
from tests.conftest import missing


@pytest.fixture(scope="session")
def blank_gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """nbgrader's database without a grade in it: making one takes ten seconds."""
    from nbgrader.api import Gradebook

    path = tmp_path_factory.mktemp("blank") / "gradebook.db"
    with nbgrader_on_path():
        Gradebook(f"sqlite:///{path}", "tiny").close()
    return path


@pytest.fixture(scope="session")
def bubblewrap() -> None:
    """For tests that run students' code in a sandbox."""
    if shutil.which("bwrap") is None:
        missing("no bubblewrap on this machine (Debian: apt-get install bubblewrap)")
