"""nbgrader's marks on a notebook's cells, read without nbgrader.

The marks are described in nbgrader's "metadata format" page; a cell's checksum says
whether its text is still the released one.
"""

from __future__ import annotations

import hashlib
from typing import Any


def grade_id(cell: Any) -> str | None:
    """The cell's name in the gradebook; None for a cell that nbgrader does not know."""
    found = _mark(cell, "grade_id")
    return found if isinstance(found, str) and found else None


def is_graded(cell: Any) -> bool:
    """True for a cell that earns points, by a test or by hand."""
    return bool(_mark(cell, "grade") or _mark(cell, "task"))


def is_answer(cell: Any) -> bool:
    """True for a cell that the student fills in."""
    return bool(_mark(cell, "solution"))


def is_test(cell: Any) -> bool:
    """True for a cell of tests: its points come from running it."""
    return bool(_mark(cell, "grade") and not is_answer(cell)) and _is_code(cell)


def is_locked(cell: Any) -> bool:
    """True for a cell whose text the grader puts back."""
    return not is_answer(cell) and bool(_mark(cell, "grade") or _mark(cell, "locked"))


def max_points(cell: Any) -> float:
    """Points that the cell can earn."""
    return float(_mark(cell, "points") or 0.0)


def is_unchanged(cell: Any) -> bool:
    """True when the cell still holds the text that was released."""
    return bool(_mark(cell, "checksum")) and _mark(cell, "checksum") == checksum(cell)


def checksum(cell: Any) -> str:
    """nbgrader's checksum of a cell: its text, kind, marks, name and points."""
    parts = [
        cell.source,
        cell.cell_type,
        str(bool(_mark(cell, "grade"))),
        str(is_answer(cell)),
        str(is_locked(cell)),
        str(_mark(cell, "grade_id")),
    ]
    if _mark(cell, "grade"):
        parts.append(str(max_points(cell)))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def _mark(cell: Any, name: str) -> Any:
    marks = cell.metadata.get("nbgrader", {})
    return marks.get(name) if isinstance(marks, dict) else None


def _is_code(cell: Any) -> bool:
    return bool(cell.cell_type == "code")
