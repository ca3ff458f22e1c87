"""Making a submission gradable: our marks on its cells, the student's answers."""

from __future__ import annotations

import copy
from typing import Any

from course_utils.grading import cells


def repair(submitted: Any, released: Any) -> list[str]:
    """Give ``submitted`` the marks of ``released`` and put back what is missing.

    nbgrader gives no points for a test cell that was deleted, and drops the whole
    submission over a duplicated cell or a mark that was edited. Cells that the student
    added stay where they are. Of a cell that occurs several times the last is the
    answer; the others still run.

    Parameters
    ----------
    submitted : notebook as handed in; changed in place.
    released : notebook as given to the students.

    Returns
    -------
    What was put right, one remark for each thing.
    """
    originals = {
        name: cell
        for cell in released.cells
        if (name := cells.grade_id(cell)) is not None
    }
    return _restore_marks(submitted, originals) + _put_back(submitted, originals)


def _restore_marks(submitted: Any, originals: dict[str, Any]) -> list[str]:
    remarks = []
    seen: set[str] = set()
    for cell in reversed(submitted.cells):
        name = cells.grade_id(cell)
        cell.metadata.pop("nbgrader", None)
        if name in seen:
            remarks.append(f"cell {name} occurs more than once; the last one counts")
        elif name is not None and name in originals:
            marks = originals[name].metadata["nbgrader"]
            cell.metadata["nbgrader"] = copy.deepcopy(marks)
            seen.add(name)
    return remarks


def _put_back(submitted: Any, originals: dict[str, Any]) -> list[str]:
    missing = []
    position = -1  # of the known cell before the one that we look for
    for name, original in originals.items():
        present = [cells.grade_id(cell) for cell in submitted.cells]
        if name in present:
            position = present.index(name)
        else:
            position += 1
            submitted.cells.insert(position, copy.deepcopy(original))
            missing.append(name)
    if len(missing) > 3:
        return [f"{len(missing)} cells were missing and were put back"]
    return [f"cell {name} was missing and was put back" for name in missing]
