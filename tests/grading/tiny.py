"""A small real nbgrader course without TensorFlow, and submissions to it."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "tiny"\n'

SETUP = "import numpy as np"
DOUBLE = (
    "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
)
DOUBLE_TEST = """\
assert double(2) == 4, f"double(2) should be 4; you return {double(2)}."
### BEGIN HIDDEN TESTS
assert double(-3) == -6, "double(-3) should be -6."
### END HIDDEN TESTS"""
MEAN = (
    "def mean(x):\n    ### BEGIN SOLUTION\n    return np.mean(x)\n    ### END SOLUTION"
)
MEAN_TEST = 'assert mean([1, 2, 6]) == 3, "mean([1, 2, 6]) should be 3."'
WORDS = "### BEGIN SOLUTION\nBecause.\n### END SOLUTION"

RIGHT = {
    "double": "def double(x):\n    return x + x",
    "mean": "def mean(x):\n    return sum(x) / len(x)",
    "words": "The mean moves with every value.",
}


def cell(kind: str, source: str, name: str, **marks: Any) -> Any:
    """A cell with nbgrader's marks and an id that stays the same."""
    nbgrader = {
        "grade": False,
        "grade_id": name,
        "locked": False,
        "schema_version": 3,
        "solution": False,
        "task": False,
    } | marks
    metadata = {"nbgrader": nbgrader}
    if kind == "code":
        return new_code_cell(source, id=name, metadata=metadata)
    return new_markdown_cell(source, id=name, metadata=metadata)


def source(extra: list[Any] | None = None) -> Any:
    """The instructor's notebook: two questions with tests, one in words; 6 points."""
    test = {"grade": True, "locked": True}
    cells = [
        new_markdown_cell("# Tiny", id="title"),
        cell("code", SETUP, "setup", locked=True),
        cell("code", DOUBLE, "double", solution=True),
        cell("code", DOUBLE_TEST, "test_double", points=2, **test),
        cell("code", MEAN, "mean", solution=True),
        cell("code", MEAN_TEST, "test_mean", points=3, **test),
        cell("markdown", WORDS, "words", solution=True, grade=True, points=1),
        *(extra or []),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def make_course(root: Path, notebook: Any | None = None) -> Path:
    """A course folder with the assignment ``tiny``."""
    (root / "source" / "tiny").mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG)
    nbformat.write(notebook or source(), root / "source" / "tiny" / "tiny.ipynb")
    return root


def hand_in(root: Path, student: str, content: Any) -> Path:
    """Put a notebook, or text, where nbgrader collects it."""
    path = root / "submitted" / student / "tiny" / "tiny.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        path.write_text(content)
    else:
        nbformat.write(content, path)
    return path


def answered(released: Any, answers: dict[str, str]) -> Any:
    """The released notebook with answers in its cells, by grade_id."""
    notebook = copy.deepcopy(released)
    for one in notebook.cells:
        name = one.metadata.get("nbgrader", {}).get("grade_id")
        one.source = answers.get(name, one.source)
    return notebook
