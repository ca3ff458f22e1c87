"""A course folder of its own, graded by nbgrader's own commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Graded:
    """One submission after ``nbgrader autograde``: points and cells by grade id."""

    points: dict[str, float]
    needs_manual_grade: bool
    cells: dict[str, NotebookNode]

    def message(self, grade_id: str) -> str:
        """The error of a cell as text, empty if there was none."""
        outputs = self.cells[grade_id].get("outputs", [])
        errors = [o for o in outputs if o.output_type == "error"]
        return "".join(f"{o.ename}: {o.evalue}" for o in errors)

    def stderr(self, grade_id: str) -> str:
        """What a cell wrote to stderr."""
        outputs = self.cells[grade_id].get("outputs", [])
        return "".join(o.text for o in outputs if o.get("name") == "stderr")


def generate(folder: Path, assignment: str) -> Path:
    """Set up a course in ``folder`` and make the students' version there."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copytree(
        ROOT / "solutions" / assignment,
        folder / "solutions" / assignment,
        ignore=shutil.ignore_patterns(".*"),
        dirs_exist_ok=True,
    )
    nbgrader(folder, "generate_assignment", assignment, "--force")
    return folder / "exercises" / assignment


def autograde(
    folder: Path, assignment: str, submissions: Mapping[str, NotebookNode]
) -> dict[str, Graded]:
    """Grade notebooks, by student, in a course that ``generate`` has set up.

    Half of them are graded in a copy of the course, at the same time.
    """
    copy = folder.with_name(f"{folder.name}-copy")
    shutil.copytree(folder, copy)
    students = list(submissions)
    halves = {folder: students[::2], copy: students[1::2]}

    def grade(course: Path) -> dict[str, Graded]:
        for student in halves[course]:
            handed_in = course / "submitted" / student / assignment
            handed_in.mkdir(parents=True)
            nbformat.write(submissions[student], handed_in / f"{assignment}.ipynb")
        # On a busy machine importing TensorFlow may take longer than nbgrader's 30 s.
        nbgrader(course, "autograde", assignment, "--Execute.timeout=300")
        return _results(course, assignment)

    with ThreadPoolExecutor(max_workers=2) as pool:
        return {k: v for half in pool.map(grade, halves) for k, v in half.items()}


def nbgrader(folder: Path, *arguments: str) -> None:
    """Run an nbgrader command in a course folder; fail with its log if it fails."""
    # nbgrader calls `alembic`, which is beside Python whether or not it is on the path.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {k: v for k, v in os.environ.items() if k != "COURSE_DATA"}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env=environment | {"PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def _results(course: Path, assignment: str) -> dict[str, Graded]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            submission.student.id: _graded(course, submission)
            for submission in gradebook.assignment_submissions(assignment)
        }


def _graded(course: Path, submission: Any) -> Graded:
    [notebook] = submission.notebooks
    path = (
        course
        / "autograded"
        / submission.student.id
        / submission.assignment.name
        / f"{notebook.name}.ipynb"
    )
    cells = nbformat.read(path, as_version=4).cells
    return Graded(
        points={grade.name: grade.score for grade in notebook.grades},
        needs_manual_grade=submission.needs_manual_grade,
        cells={
            cell.metadata.nbgrader.grade_id: cell
            for cell in cells
            if "nbgrader" in cell.metadata
        },
    )
