"""The page on grading shows what attacks earn, in a real build of a small book."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book" / "_ext")!r})
extensions = ["myst_parser", "attack_table"]
"""
PAGE = "# Attacks\n\n```{attack-summary}\n```\n\n```{attack-table}\n```\n"


def attack(family: str, name: str, plain: float | None) -> dict[str, object]:
    points = {"honest": 3.0, "plain": plain, "engine": 3.0}
    return {"family": family, "attack": name, **points}


ATTACKS = [
    attack("hooks", "cells do not run any more", 5.0),
    attack("hooks", "every event raises", 0.0),
    attack("hooks", "a hook of threads", 3.0),
    attack("files", "the packages are overwritten", None),
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A book of one page with both tables."""
    (tmp_path / "book").mkdir()
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "index.md").write_text(PAGE)
    record = tmp_path / "book" / "grading_attacks.json"
    record.write_text(json.dumps(ATTACKS))
    return tmp_path


def build(source: Path) -> tuple[int, str]:
    """Exit code and messages of a build in which a warning is an error."""
    command = [sys.executable, "-m", "sphinx", "-W", "-n", "--keep-going", "-q"]
    done = subprocess.run(
        [*command, str(source), str(source / "html")],
        capture_output=True,
        text=True,
        env=os.environ | {"NO_COLOR": "1"},
    )
    return done.returncode, done.stderr


def text(source: Path) -> str:
    html = (source / "html" / "index.html").read_text()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_family_counts_points_for_nothing_and_points_lost(source: Path) -> None:
    assert build(source) == (0, "")
    shown = text(source)
    assert "hooks 1 1 3 of 3" in shown
    assert "files 0 1 1 of 1" in shown
    assert "all 1 2 4 of 4" in shown


def test_each_attack_stands_under_its_family_with_its_points(source: Path) -> None:
    assert build(source) == (0, "")
    shown = text(source)
    assert "hooks cells do not run any more 5 3 every event raises 0 3" in shown
    assert "files the packages are overwritten lost 3" in shown


def test_an_attack_that_earns_more_here_would_be_seen(source: Path) -> None:
    through = ATTACKS[0] | {"engine": 5.0}
    record = source / "book" / "grading_attacks.json"
    record.write_text(json.dumps([through, *ATTACKS[1:]]))
    assert build(source) == (0, "")
    assert "hooks 1 1 2 of 3" in text(source)


@pytest.mark.parametrize("broken", ["{", "[{}]", '{"a": 1}'])
def test_a_record_that_cannot_be_read_fails_the_build(
    source: Path, broken: str
) -> None:
    (source / "book" / "grading_attacks.json").write_text(broken)
    code, messages = build(source)
    assert code != 0
    assert "is no record of attacks" in messages
