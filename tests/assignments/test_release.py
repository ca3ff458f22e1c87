"""What students get: made by nbgrader, the same each time, without the answers."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.assignments.nbgrader_course import ROOT, generate

ASSIGNMENTS = sorted(path.name for path in (ROOT / "solutions").iterdir())
BETWEEN = re.compile(
    r"### BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)\s*### END \1", re.DOTALL
)


def notebook(folder: Path, name: str) -> Path:
    return folder / name / f"{name}.ipynb"


@pytest.fixture(scope="module", params=ASSIGNMENTS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def generated(name: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("release") / "course", name)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }


def test_the_committed_exercises_are_what_nbgrader_makes(
    name: str, generated: Path
) -> None:
    assert files(ROOT / "exercises" / name) == files(generated), (
        f"exercises/{name} is not what solutions/{name} gives: run `make exercises`."
    )


def test_no_line_of_a_solution_or_a_hidden_test_is_released(
    name: str, generated: Path
) -> None:
    source = nbformat.read(notebook(ROOT / "solutions", name), as_version=4)
    released = (generated / f"{name}.ipynb").read_text(encoding="utf-8")
    cells = [cell.source for cell in nbformat.reads(released, as_version=4).cells]
    seen = {line.strip() for cell in cells for line in cell.splitlines()}
    public = {
        line.strip()
        for cell in source.cells
        for line in BETWEEN.sub("", cell.source).splitlines()
    }
    secret = {
        line.strip()
        for cell in source.cells
        for match in BETWEEN.finditer(cell.source)
        for line in match[2].splitlines()
        if len(line.strip()) > 4
    }
    assert len(secret) > 20
    assert not (secret - public) & seen
    assert "BEGIN SOLUTION" not in released
    assert "HIDDEN TESTS" not in released


def test_no_answer_in_words_is_released(name: str, generated: Path) -> None:
    source = nbformat.read(notebook(ROOT / "solutions", name), as_version=4)
    released = nbformat.read(generated / f"{name}.ipynb", as_version=4)
    by_hand = {
        cell.metadata.nbgrader.grade_id
        for cell in source.cells
        if cell.cell_type == "markdown" and "nbgrader" in cell.metadata
    }
    assert by_hand
    for cell in released.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in by_hand:
            assert cell.source == "YOUR ANSWER HERE"


def test_source_and_release_hold_no_outputs(name: str, generated: Path) -> None:
    for path in (notebook(ROOT / "solutions", name), generated / f"{name}.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                assert cell.outputs == []
                assert cell.execution_count is None


def test_both_run_in_the_kernel_that_every_installation_has(
    name: str, generated: Path
) -> None:
    for path in (notebook(ROOT / "solutions", name), generated / f"{name}.ipynb"):
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
        assert metadata["kernelspec"]["name"] == "python3"


def test_the_cells_before_the_first_question_print_no_warning(
    name: str, real_data: Path
) -> None:
    """TensorFlow fills a page with its log unless `session.start` comes before it."""
    source = nbformat.read(notebook(ROOT / "exercises", name), as_version=4)
    opening: list[str] = []
    for cell in source.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            break
        opening += [cell.source] * (cell.cell_type == "code")
    env = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
    env |= {"COURSE_DATA_DIR": str(real_data), "MPLBACKEND": "agg"}
    ran = subprocess.run(
        [sys.executable, "-c", "\n".join(opening)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_every_cell_has_an_id_that_says_what_it_is(name: str) -> None:
    cells = nbformat.read(notebook(ROOT / "solutions", name), as_version=4).cells
    assert len({cell.id for cell in cells}) == len(cells)
    for cell in cells:
        assert cell.id == cell.metadata.get("nbgrader", {}).get("grade_id", cell.id)


def test_every_section_that_a_message_points_to_exists(name: str) -> None:
    source = nbformat.read(notebook(ROOT / "solutions", name), as_version=4)
    text = "\n".join(cell.source for cell in source.cells)
    references = re.findall(r"“([^”]+)”, chapter (\d+)", text)
    assert references
    for title, number in references:
        [chapter] = (ROOT / "book").glob(f"{int(number):02}_*.ipynb")
        headings = {
            line.lstrip("#").strip()
            for cell in nbformat.read(chapter, as_version=4).cells
            if cell.cell_type == "markdown"
            for line in cell.source.splitlines()
            if line.startswith("#")
        }
        assert title in headings
