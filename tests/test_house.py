"""The files that a newcomer meets first say what is true."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from .conftest import ROOT


def tracked_files() -> list[str]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in listing.stdout.split("\0") if name]


def test_make_without_a_target_lists_the_targets() -> None:
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True).stdout
    for target in ("demo", "book", "test", "exercises", "publish", "clean", "help"):
        assert f"make {target} " in shown


def test_the_lock_is_exact_hashed_and_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", lock, flags=re.M).strip())
    for entry in entries:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, f"no hash for {entry.splitlines()[0]}"
    assert "://" not in lock


def test_the_lock_covers_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    optional = project["optional-dependencies"]
    wanted = [*project["dependencies"], *optional["grading"], *optional["dev"]]
    locked = set(
        re.findall(r"^([\w.-]+)", (ROOT / "requirements.lock").read_text(), re.M)
    )
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in wanted}
    assert names - {"course-utils"} <= locked


def test_the_conda_environment_installs_this_package_and_lists_nothing_twice() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    *conda, last = environment["dependencies"]
    assert [re.match(r"\w+", name)[0] for name in conda] == ["python", "pip"]
    assert last == {"pip": ["-e .[grading]"]}


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_command_and_file_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text()
    for command in re.findall(r"\.venv/bin/course (\w+)", text):
        program = Path(sys.executable).with_name("course")
        shown = subprocess.run([program, command, "--help"], capture_output=True)
        assert shown.returncode == 0, f"{page} names `course {command}`"
    targets = (ROOT / "Makefile").read_text()
    for target in re.findall(r"(?:^ *|`)make ([a-z]+)(?=`|$| PYTHON)", text, re.M):
        assert re.search(rf"^{target}:", targets, re.M), f"{page} names `make {target}`"
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / link).exists(), f"{page} links to {link}"


def test_no_file_names_a_path_of_the_machine_it_was_made_on() -> None:
    suspects = re.compile(r"(?<![\w.<])/(root|home|work|Users)/\w")
    for name in tracked_files():
        path = ROOT / name
        if path.suffix in {".png", ".svg", ".woff2", ".lock"} or not path.is_file():
            continue
        found = suspects.search(path.read_text(encoding="utf-8", errors="ignore"))
        assert not found, f"{name} names {found[0]}"
