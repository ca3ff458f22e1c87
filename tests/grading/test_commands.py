"""The instructor's commands: ``course release``, ``grade`` and ``report``."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.commands import assert_one_sentence, course, shell
from tests.grading import tiny


@pytest.fixture
def here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blank_gradebook: Path
) -> Path:
    """A tiny course; the command runs in its folder."""
    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.chdir(tiny.make_course(tmp_path))
    shutil.copy(blank_gradebook, tmp_path / "gradebook.db")
    return tmp_path


def test_an_assignment_is_released_and_named(here: Path) -> None:
    assert "release/tiny/tiny.ipynb" in course("release", "tiny").stdout
    listed = json.loads(course("release", "tiny", "--json").stdout)
    (path,) = map(Path, listed["tiny"])
    assert path.samefile(here / "release" / "tiny" / "tiny.ipynb")


@pytest.mark.parametrize("command", ["release", "grade", "report"])
def test_an_assignment_that_does_not_exist_is_refused_with_the_closest(
    command: str, here: Path
) -> None:
    assert_one_sentence(course(command, "tinny"), '"tinny"', 'did you mean "tiny"?')
    assert not (here / "release").exists()


@pytest.mark.parametrize("command", ["release", "grade", "report"])
def test_outside_a_course_folder_the_command_says_so(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    assert_one_sentence(course(command, "tiny"), "no nbgrader_config.py in /")


@pytest.fixture(scope="module")
def graded(
    tmp_path_factory: pytest.TempPathFactory, blank_gradebook: Path
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A course that holds real grades, and its class graded on stand-ins beside it."""
    root = tiny.make_course(tmp_path_factory.mktemp("graded"))
    for name in ("gradebook.db", "gradebook-drawn.db"):
        shutil.copy(blank_gradebook, root / name)
    shell("release", "tiny", cwd=root, COURSE_DATA="drawn")
    released = nbformat.read(root / "release" / "tiny" / "tiny.ipynb", as_version=4)
    tiny.hand_in(root, "s01", tiny.answered(released, tiny.RIGHT))
    tiny.hand_in(root, "s02", "{")
    words = ("grade", "tiny", "--timeout", 10, "--csv", "grades.csv")
    return root, shell(*words, cwd=root, COURSE_DATA="drawn")


def test_a_class_is_graded_with_a_line_for_each_student_and_a_table(
    graded: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    _, done = graded
    assert done.returncode == 0, done.stderr
    assert "s01" in done.stderr  # as it comes
    assert re.search(r"s01 +5 / 6 +✓✓\?", done.stdout)
    assert re.search(r"s02 +0 / 6 +––– +not gradable: the file is not", done.stdout)


def test_grades_on_stand_ins_say_so_and_stay_out_of_the_real_gradebook(
    graded: tuple[Path, subprocess.CompletedProcess[str]], blank_gradebook: Path
) -> None:
    root, done = graded
    assert "Made on drawn stand-ins" in done.stdout
    assert "drawn stand-ins" in (root / "grades.csv").read_text()
    assert (root / "gradebook.db").read_bytes() == blank_gradebook.read_bytes()
    assert (root / "autograded-drawn" / "s01").is_dir()
    assert not (root / "autograded").exists()


def test_a_second_grading_runs_nothing_and_prints_clean_json(
    graded: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    root, _ = graded
    words = ("grade", "tiny", "--timeout", 10, "--json")
    done = shell(*words, cwd=root, COURSE_DATA="drawn")
    assert (done.returncode, done.stderr) == (0, "")
    right, broken = json.loads(done.stdout)["submissions"]
    assert (right["student"], right["points"], right["stand_ins"]) == ("s01", 5.0, True)
    assert {one["reason"] for one in broken["questions"]} == {"not_gradable"}


def test_the_report_shows_and_exports_the_same_grades(
    graded: tuple[Path, subprocess.CompletedProcess[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root, _ = graded
    monkeypatch.chdir(root)
    monkeypatch.setenv("COURSE_DATA", "drawn")
    shown = course("report", "tiny", "--csv", "report.csv")
    assert shown.exit_code == 0
    assert (root / "report.csv").read_text() == (root / "grades.csv").read_text()
    listed = json.loads(course("report", "tiny", "--json").stdout)
    assert [one["points"] for one in listed["submissions"]] == [5.0, 0.0]


def test_a_csv_file_that_cannot_be_written_is_one_sentence(
    graded: tuple[Path, subprocess.CompletedProcess[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(graded[0])
    monkeypatch.setenv("COURSE_DATA", "drawn")
    result = course("report", "tiny", "--csv", "missing/grades.csv")
    assert_one_sentence(result, "No such file or directory", "missing")


def test_nobody_handed_in_and_nobody_graded_are_said(here: Path) -> None:
    assert_one_sentence(course("grade", "tiny"), 'Nobody handed in "tiny"')
    assert_one_sentence(course("report", "tiny"), "Nobody was graded yet")


# The sandbox, and the end of a run


@pytest.fixture
def handed_in(here: Path) -> Path:
    """The tiny course with one submission."""
    course("release", "tiny")
    released = nbformat.read(here / "release" / "tiny" / "tiny.ipynb", as_version=4)
    tiny.hand_in(here, "s01", tiny.answered(released, tiny.RIGHT))
    return here


def path_without_bubblewrap(folder: Path) -> str:
    """A search path on which there is Python and no bwrap."""
    folder.mkdir()
    (folder / "python").symlink_to(sys.executable)
    return str(folder)


def test_without_bubblewrap_grading_is_refused_with_the_remedy(
    handed_in: Path, tmp_path: Path
) -> None:
    path = path_without_bubblewrap(tmp_path / "bin")
    done = shell("grade", "tiny", cwd=handed_in, PATH=path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("There is no bubblewrap on this machine. Install bub")
    assert "--no-sandbox" in done.stderr
    assert done.stderr.count("\n") == 1


def test_no_sandbox_is_loud_and_written_into_every_result(
    handed_in: Path, tmp_path: Path
) -> None:
    path = path_without_bubblewrap(tmp_path / "bin")
    words = ("grade", "tiny", "--no-sandbox", "--csv", "grades.csv")
    done = shell(*words, cwd=handed_in, PATH=path)
    assert done.returncode == 0, done.stderr
    assert re.search(r"s01 +5 / 6 +✓✓\?", done.stdout)
    assert "No sandbox: students' code runs with all your rights" in done.stderr
    assert "ran without a sandbox" in done.stdout
    assert ",no," in (handed_in / "grades.csv").read_text().splitlines()[1]
    listed = json.loads(shell("report", "tiny", "--json", cwd=handed_in).stdout)
    assert [one["sandboxed"] for one in listed["submissions"]] == [False]


def test_ctrl_c_ends_in_one_sentence_and_the_next_run_goes_on(
    handed_in: Path, bubblewrap: None
) -> None:
    released = nbformat.read(
        handed_in / "release" / "tiny" / "tiny.ipynb", as_version=4
    )
    slow = tiny.RIGHT | {"mean": "import time\ntime.sleep(600)"}
    tiny.hand_in(handed_in, "s02", tiny.answered(released, slow))
    words = [sys.executable, "-m", "course_utils.cli", "grade", "tiny"]
    process = subprocess.Popen(
        [*words, "--processes", "1"], cwd=handed_in, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert "s01" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    rest = process.stderr.read()
    assert process.wait(60) == 130
    assert rest == "Stopped; what was graded until now is kept.\n"
    tiny.hand_in(handed_in, "s02", tiny.answered(released, tiny.RIGHT))
    done = shell("grade", "tiny", cwd=handed_in)
    assert re.findall(r"s0\d", done.stderr) == ["s02"]
    assert re.search(r"s01 +5 / 6", done.stdout)


def test_feedback_pages_are_named(handed_in: Path, bubblewrap: None) -> None:
    assert_one_sentence(course("feedback", "tiny"), "Nobody was graded yet")
    assert shell("grade", "tiny", cwd=handed_in).returncode == 0
    assert "feedback/s01/tiny/tiny.html" in course("feedback", "tiny").stdout
