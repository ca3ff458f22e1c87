"""The journal: on the disk at once, whole after any end of the process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.errors import CourseError
from course_utils.grading import journal
from course_utils.grading.journal import Journal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journals" / "tiny.jsonl"


def test_an_entry_comes_back_and_the_last_one_counts(path: Path) -> None:
    with Journal(path) as first:
        first.put("result", "ada", value={"points": 1})
        first.put("result", "bob", value={"points": 2, "text": "ümlaut\n"})
        first.put("result", "ada", value={"points": 3})
        assert first.get("result", "ada") == {"points": 3}
    with Journal(path) as second:
        assert second.get("result", "ada") == {"points": 3}
        assert second.get("result", "bob") == {"points": 2, "text": "ümlaut\n"}
        assert second.get("result", "eve") is None


@pytest.mark.parametrize("rest", [b'{"key": ["a"], "val', b"\0\0\0\n", b'{"key": 1}\n'])
def test_half_an_entry_is_cut_off_and_the_next_is_whole(
    path: Path, rest: bytes
) -> None:
    with Journal(path) as first:
        first.put("a", value=1)
    with path.open("ab") as file:
        file.write(rest)
    with Journal(path) as second:
        assert second.get("a") == 1
        second.put("b", value=2)
    with Journal(path) as third:
        assert (third.get("a"), third.get("b")) == (1, 2)
    assert path.read_bytes().count(b"\n") == 2


def test_what_was_put_survives_kill_9(path: Path) -> None:
    program = (
        "import os, pathlib, sys; from course_utils.grading.journal import Journal\n"
        "journal = Journal(pathlib.Path(sys.argv[1]))\n"
        "for n in range(50): journal.put('n', str(n), value=n)\n"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    with Journal(path) as after:
        assert [after.get("n", str(n)) for n in range(50)] == list(range(50))


def test_two_at_a_time_are_refused(path: Path) -> None:
    with Journal(path), pytest.raises(CourseError, match='"course grade tiny" is runn'):
        Journal(path)
    Journal(path).close()


def test_outdated_entries_are_left_out_once_they_are_many(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_WASTE", 500)
    with Journal(path) as first:
        for n in range(100):
            first.put("n", value=n)
        first.put("m", value="kept")
    before = os.path.getsize(path)
    with Journal(path) as second:
        assert (second.get("n"), second.get("m")) == (99, "kept")
        second.put("m", value="new")
    assert os.path.getsize(path) < before / 20
    with Journal(path) as third:
        assert (third.get("n"), third.get("m")) == (99, "new")
