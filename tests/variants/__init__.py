"""Answers of the kinds that students give, and notebooks made of them.

Each module here belongs to one assignment and lists its questions; each question lists
right answers in different styles and wrong ones, with the points that each must get.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from textwrap import dedent

from nbformat import NotebookNode


@dataclass(frozen=True)
class Answer:
    """What one student may write into one solution cell.

    Parameters
    ----------
    name : a few words for it.
    code : the whole source of the cell.
    points : what it must get, all tests of the question together.
    message : a part of what the first failing test must say; empty for full points.
    remarks : what the instructor may be told about it.
    plain : what the message must hold in plain nbgrader, if it is another there: its
        tests do not see how a cell failed, and its pictures are the real ones.
    """

    name: str
    code: str
    points: float
    message: str = ""
    remarks: tuple[str, ...] = ()
    plain: str = ""


@dataclass(frozen=True)
class Question:
    """One question and the answers to it.

    Parameters
    ----------
    grade_id : its solution cell.
    tests : its test cells.
    points : what a right answer gets, all tests together.
    group : questions of one group share notebooks, the n-th answers to each in the
        n-th. One whose answers train a net for seconds is best alone: after other wrong
        answers the grader would look twice.
    """

    grade_id: str
    tests: tuple[str, ...]
    points: float
    right: tuple[Answer, ...]
    wrong: tuple[Answer, ...]
    group: str = ""

    @property
    def answers(self) -> tuple[Answer, ...]:
        return self.right + self.wrong

    def student(self, answer: Answer) -> str:
        """Whose notebook holds an answer."""
        return f"{self.group} {self.answers.index(answer)}".strip()


def compose(notebook: NotebookNode, cells: Mapping[str, str]) -> NotebookNode:
    """A copy of a notebook with other sources in the cells of these grade ids.

    Raises
    ------
    KeyError : if the notebook has no cell of such a grade id.
    """
    composed = deepcopy(notebook)
    by_id = {
        cell.metadata["nbgrader"]["grade_id"]: cell
        for cell in composed.cells
        if "nbgrader" in cell.metadata
    }
    for grade_id, source in cells.items():
        cell = by_id[grade_id]
        cell.source = dedent(source).strip()
    return composed
