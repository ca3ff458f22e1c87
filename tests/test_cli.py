"""The command ``course``, as a person and as a machine use it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.commands import assert_one_sentence, course, shell
from tests.grading import tiny

COLOUR = re.compile(r"\x1b\[[0-9;]*(3[0-9]|9[0-9])[0-9;]*m")
HEAVY = ("tensorflow", "keras", "matplotlib", "nbgrader", "nbformat", "numpy")


def imported(code: str) -> set[str]:
    """Top-level packages that are imported when this code has run."""
    command = [sys.executable, "-X", "importtime", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = (line.rpartition("|")[2] for line in done.stderr.splitlines())
    return {line.strip().partition(".")[0] for line in lines}


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """A right answer to the tiny assignment, outside any course."""
    path = tmp_path / "mine.ipynb"
    nbformat.write(tiny.answered(tiny.source(), tiny.RIGHT), path)
    return path


@pytest.mark.parametrize("code", ["import course_utils", "import course_utils.cli"])
def test_importing_the_package_imports_nothing_heavy(code: str) -> None:
    assert imported(code).isdisjoint(HEAVY)


def test_help_imports_nothing_heavy_either() -> None:
    code = (
        "from course_utils.cli import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass"
    )
    assert imported(code).isdisjoint(HEAVY)


@pytest.mark.parametrize(
    "command", ["data", "release", "check", "grade", "report", "doctor"]
)
def test_every_command_explains_itself(command: str) -> None:
    result = course(command, "--help")
    assert result.exit_code == 0
    assert "Usage: course" in result.stdout


# course data


def test_the_sets_are_listed_for_people_and_for_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("COURSE_DATA", "drawn")
    monkeypatch.delenv("COURSE_DATA_DIR", raising=False)
    shown = course("data", "status")
    assert shown.exit_code == 0
    assert "cifar10" in shown.stdout
    sets = json.loads(course("data", "status", "--json").stdout)
    names = ["mnist", "fashion_mnist", "cifar10", "cats_vs_dogs"]
    assert [one["name"] for one in sets] == names
    assert all(one["available"] and "stand-ins" in one["note"] for one in sets)


def test_an_unknown_set_is_refused_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("COURSE_DATA", "drawn")
    assert_one_sentence(course("data", "fetch", "mnist", "mnits"), "mnits", "mnist")
    assert not (tmp_path / "cache").exists()


# course check


def test_a_right_notebook_passes_with_exit_code_0_and_is_not_changed(
    notebook: Path,
) -> None:
    before = notebook.read_bytes()
    result = course("check", notebook)
    assert result.exit_code == 0, result.output
    assert "test_double" in result.stdout
    assert "2 / 2" in result.stdout
    assert "Every test that you can see passes." in result.stdout
    assert "The grader may have others." in result.stdout
    assert notebook.read_bytes() == before


def test_a_wrong_notebook_fails_with_the_message_of_the_test(tmp_path: Path) -> None:
    wrong = tiny.RIGHT | {"double": "def double(x): return x"}
    path = tmp_path / "mine.ipynb"
    nbformat.write(tiny.answered(tiny.source(), wrong), path)
    shown = course("check", path)
    assert shown.exit_code == 1
    assert "double(2) should be 4; you return 2." in shown.stdout
    assert "1 question needs more work." in shown.stdout


def test_a_check_is_json_for_machines_and_nothing_else(tmp_path: Path) -> None:
    changed = tiny.answered(tiny.source(), tiny.RIGHT | {"mean": "def mean(x): x[9]"})
    changed.cells.append(nbformat.v4.new_code_cell("1 / 0"))
    path = tmp_path / "mine.ipynb"
    nbformat.write(changed, path)
    done = shell("check", path, "--json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    found = json.loads(done.stdout)
    assert found["passed"] is False
    reasons = {one["question"]: one["reason"] for one in found["questions"]}
    assert list(reasons.values()) == ["passed", "error", "by_hand"]
    assert "Cell 8 stops with ZeroDivisionError: division by zero" in found["remarks"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "there is no such file"),
        ("", "the file is empty"),
        ('{"cells": [', "not valid JSON"),
        ('{"a": 1}', "not a Jupyter notebook"),
    ],
)
def test_a_file_that_is_no_notebook_is_refused(
    content: str | None, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "mine.ipynb"
    if content is not None:
        path.write_text(content)
    assert_one_sentence(course("check", path), str(path), problem)


def test_a_notebook_without_questions_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "diary.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)
    assert_one_sentence(course("check", path), "holds no test cells")


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_colours_are_left_out_where_no_color_is_set(
    no_color: str, coloured: bool, notebook: Path
) -> None:
    environment = {"FORCE_COLOR": "1", "TERM": "xterm-256color", "NO_COLOR": no_color}
    done = shell("check", notebook, cwd=notebook.parent, **environment)
    assert "passed" in done.stdout
    assert bool(COLOUR.search(done.stdout)) is coloured


# course doctor


def test_the_doctor_finds_what_is_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("COURSE_DATA", "drawn")
    result = course("doctor", "--json")
    found = {one["name"]: one for one in json.loads(result.stdout)}
    for name in ("Python", "numpy", "keras", "tensorflow", "nbclient", "nbgrader"):
        assert found[name]["ok"]
        assert found[name]["found"][0].isdigit()
    assert {"mnist", "disk", "memory", "bubblewrap", "Chromium"} <= found.keys()
    assert not (tmp_path / "cache").exists()


def test_the_doctor_says_how_to_get_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("COURSE_DATA_DIR", raising=False)
    monkeypatch.delenv("COURSE_DATA", raising=False)
    shown = course("doctor")
    assert shown.exit_code == 0  # none of it is needed by every reader
    assert "apt-get install bubblewrap" in shown.stdout
    assert "apt-get install chromium" in shown.stdout
    assert "course data fetch mnist" in shown.stdout
