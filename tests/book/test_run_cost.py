"""The pages say what a chapter's full run took, in a real build of a small book."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book" / "_ext")!r})
extensions = ["myst_parser", "run_cost"]
"""

RUN = {
    "cells": "0" * 16,
    "data_source": {"mnist": "file"},
    "date": "2026-11-20",
    "machine": {"cores": 2, "processor": "Some CPU", "memory_gb": 24},
    "peak_mb": 1234,
    "seconds": 41.3,
    "versions": {
        "keras": "3.15.1",
        "matplotlib": "3.10",
        "numpy": "2.4.0",
        "python": "3.11",
        "tensorflow": "2.21.0",
    },
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A book of a setup page and two chapters, both with a run on record."""
    (tmp_path / "book").mkdir()
    (tmp_path / "conf.py").write_text(CONF)
    pages = {
        "index": "# Book\n\n```{toctree}\nbook/setup\nbook/01_a\nbook/02_b\n```\n",
        "book/setup": "# Setting up\n\n```{run-table}\n```\n",
        "book/01_a": "# First chapter\n\n```{run-cost}\n```\n",
        "book/02_b": "# Second chapter\n\n```{run-cost} 02_b\n```\n",
    }
    for name, text in pages.items():
        (tmp_path / f"{name}.md").write_text(text)
    record(tmp_path, {"01_a": RUN, "02_b": RUN | {"seconds": 727, "peak_mb": 640}})
    return tmp_path


def record(source: Path, runs: dict[str, Any]) -> None:
    (source / "book" / "runs.json").write_text(json.dumps(runs))


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


def text(source: Path, page: str) -> str:
    html = (source / "html" / "book" / f"{page}.html").read_text()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_pages_say_what_the_chapters_took(source: Path) -> None:
    assert build(source) == (0, "")
    assert "Measured on two CPU cores: 41 s, 1.2 GB at most." in text(source, "01_a")
    assert "Measured on two CPU cores: 12 min 7 s, 640 MB" in text(source, "02_b")


def test_the_table_leads_to_every_chapter_and_names_the_circumstances(
    source: Path,
) -> None:
    assert build(source) == (0, "")
    html = (source / "html" / "book" / "setup.html").read_text()
    assert re.search(r'<td>.*href="01_a.html".*First chapter', html)
    shown = text(source, "setup")
    assert re.search(r"Second chapter\s+12 min 7 s\s+640 MB\s+2026-11-20", shown)
    assert (
        "two CPU cores (Some CPU, 24 GB of memory) with Python 3.11, Keras 3.15.1, "
        "NumPy 2.4.0 and TensorFlow 2.21.0." in shown
    )


def test_a_new_run_is_shown_by_the_next_build(source: Path) -> None:
    build(source)
    record(source, {"01_a": RUN | {"seconds": 95}, "02_b": RUN})
    assert build(source) == (0, "")
    assert "1 min 35 s" in text(source, "01_a")


def test_a_chapter_that_was_never_run_in_full_fails_the_build(source: Path) -> None:
    record(source, {"01_a": RUN})
    code, messages = build(source)
    assert code != 0
    assert re.search(r"02_b\.md:3: WARNING: There is no full run of “02_b”", messages)
    assert "01_a" not in messages


def test_a_record_that_cannot_be_read_fails_the_build(source: Path) -> None:
    (source / "book" / "runs.json").write_text("{")
    code, messages = build(source)
    assert code != 0
    assert "no record of runs" in messages
