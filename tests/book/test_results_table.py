"""The page of results shows the record, in a real build of a small book."""

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
extensions = ["myst_parser", "results_table"]
"""

RESULT = {
    "net": "LeNet",
    "data": "cifar10",
    "data_source": "file",
    "parameters": 62006,
    "epochs": 10,
    "seconds": 85.2,
    "seeds": 5,
    "test_accuracy": 0.6194,
    "spread": 0.0061,
    "to_reach": 0.6,
    "section": "The test set, once",
    "machine": {"cores": 2, "processor": "Some CPU", "memory_gb": 24},
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
    """A book of a page of results and a chapter with two nets."""
    (tmp_path / "book").mkdir()
    (tmp_path / "conf.py").write_text(CONF)
    chapter = "# LeNet\n\n## Training\n\n## The `test` set, once\n\n## Summary\n"
    pages = {
        "index": "# Book\n\n```{toctree}\nbook/05_lenet\nbook/results\n```\n",
        "book/05_lenet": chapter,
        "book/results": "# Results\n\n```{results-table}\n```\n",
    }
    for name, text in pages.items():
        (tmp_path / f"{name}.md").write_text(text)
    single = {"net": "MLP", "seeds": 1, "spread": None, "section": "Training"}
    record(tmp_path, {"05_lenet": [RESULT, RESULT | single]})
    return tmp_path


def record(source: Path, results: dict[str, Any]) -> None:
    (source / "book" / "results.json").write_text(json.dumps(results))


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


def html(source: Path) -> str:
    return (source / "html" / "book" / "results.html").read_text()


def text(source: Path) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html(source)))


def test_every_result_stands_against_the_figure_to_reach(source: Path) -> None:
    assert build(source) == (0, "")
    shown = text(source)
    assert "LeNet 62,006 10 1 min 25 s 5 61.9 % ± 0.6 60 %" in shown
    assert "MLP 62,006 10 1 min 25 s 1 61.9 % 60 %" in shown
    assert "two CPU cores (Some CPU, 24 GB of memory) with Python 3.11" in shown


def test_a_net_leads_to_the_section_that_shows_it(source: Path) -> None:
    assert build(source) == (0, "")
    chapter = (source / "html" / "book" / "05_lenet.html").read_text()
    links = re.findall(r'href="05_lenet\.html#([^"]+)"><span>(\w+)', html(source))
    assert links == [("the-test-set-once", "LeNet"), ("training", "MLP")]
    assert all(f'id="{anchor}"' in chapter for anchor, _ in links)


def test_a_new_result_is_shown_by_the_next_build(source: Path) -> None:
    build(source)
    record(source, {"05_lenet": [RESULT | {"test_accuracy": 0.655}]})
    assert build(source) == (0, "")
    assert "65.5 %" in text(source)
    assert "MLP" not in text(source)


def test_before_the_first_result_the_page_says_so(source: Path) -> None:
    (source / "book" / "results.json").unlink()
    assert build(source) == (0, "")
    assert "No chapter has a result on record yet." in text(source)


@pytest.mark.parametrize(
    "broken",
    ["{", "[]", json.dumps({"05_lenet": [RESULT | {"seconds": "long"}]})],
)
def test_a_record_that_cannot_be_read_is_one_warning(source: Path, broken: str) -> None:
    (source / "book" / "results.json").write_text(broken)
    code, messages = build(source)
    assert code != 0
    assert re.search(r"results\.md:3: WARNING: .* is no record of results", messages)
    assert messages.count("WARNING") == 1


@pytest.mark.parametrize("chapter", ["05_lenet", "06_gone"])
def test_a_section_that_is_gone_is_one_warning(source: Path, chapter: str) -> None:
    record(source, {chapter: [RESULT | {"section": "Elsewhere"}]})
    code, messages = build(source)
    assert code != 0
    assert f"No chapter “{chapter}” has a section “Elsewhere”" in messages
    assert messages.count("WARNING") == 1
