"""Writes what attacks earn, in plain nbgrader and here, for the page on grading.

    python -m tests.grading.engine.attack_table [FILE] [--every N]

Each attack is a notebook of five points whose honest answers are worth three. Attacks
on the engine's own parts are left out, because plain nbgrader has no such parts.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from course_utils.grading.engine.jobs import Job
from course_utils.grading.engine.sandbox import Sandbox
from course_utils.grading.engine.warm import Nursery
from tests.conftest import ROOT
from tests.grading.engine.attacks import FAMILIES, family
from tests.grading.engine.plain import Points, grade_plainly
from tests.grading.engine.test_attacks import attacked
from tests.grading.engine.unit import MEAN, submission

HONEST = 3.0
FILE = ROOT / "book" / "grading_attacks.json"
OWN_PARTS = ("course_utils.grading", "kernel.bridge", "lie =")


def common(name: str) -> dict[str, str]:
    """The attacks of a family that plain nbgrader can be given, too."""
    return {
        title: code
        for title, code in family(name).items()
        if not any(part in code for part in OWN_PARTS)
    }


def table(name: str, every: int, nursery: Nursery) -> list[dict[str, Any]]:
    """One row for each attack of a family."""
    cells = common(name)
    chosen = list(cells)[::every]
    jobs: dict[str, Job] = {
        f"s{nth:03}": submission(cells[title], MEAN) for nth, title in enumerate(chosen)
    }
    with tempfile.TemporaryDirectory() as course:
        plain = grade_plainly(jobs, Path(course))
    return [
        {
            "family": name,
            "attack": title,
            "honest": HONEST,
            "plain": _sum(plain[student]),
            "engine": attacked(cells[title], nursery).points,
        }
        for student, title in zip(jobs, chosen, strict=True)
    ]


def _sum(points: Points) -> float | None:
    """All points; None where nbgrader has lost the submission."""
    earned = [value for value in points.values() if value is not None]
    return sum(earned) if earned else None


def main() -> None:
    """Write the table, family by family."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?", default=FILE)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--families", nargs="*", default=FAMILIES)
    given = parser.parse_args()
    rows: list[dict[str, Any]] = []
    with Nursery(Sandbox(), preload=("numpy", "matplotlib.pyplot")) as nursery:
        for name in given.families:
            rows += table(name, given.every, nursery)
            text = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
            given.file.write_text(f"[\n{text}\n]\n")
            print(name, len(rows), flush=True)


if __name__ == "__main__":
    main()
