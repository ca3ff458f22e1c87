"""The same submissions through plain nbgrader, confined so that attacks stay inside.

As a script it is what runs inside: python -m tests.grading.engine.plain COURSE STUDENT…
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from course_utils.grading.engine.jobs import Cell, Job
from tests.conftest import ROOT

ASSIGNMENT = "unit"
CELL_SECONDS = 15
STUDENT_SECONDS = 120
Points = dict[str, float | None]  # by grade_id; None where nbgrader gives none
_THIS = "tests.grading.engine.plain"
_REPORT = "report.jsonl"  # who is under way, and the points
_CONFIG = f"""
c = get_config()
c.CourseDirectory.course_id = "plain"
c.ExecutePreprocessor.timeout = {CELL_SECONDS}
c.ExecutePreprocessor.interrupt_on_timeout = True
c.NbGrader.logfile = ""
"""


def grade_plainly(jobs: Mapping[str, Job], course: Path) -> dict[str, Points]:
    """Points of each student's job from `nbgrader autograde`.

    Parameters
    ----------
    jobs : by student; all of the same source notebook.
    course : an empty folder.
    """
    source = next(iter(jobs.values())).cells
    (course / "nbgrader_config.py").write_text(_CONFIG)
    _write(course / f"source/{ASSIGNMENT}/{ASSIGNMENT}.ipynb", source, "source")
    (course / _REPORT).touch()
    _confined(course, ["nbgrader", "generate_assignment", ASSIGNMENT])
    for student, job in jobs.items():
        folder = course / "submitted" / student / ASSIGNMENT
        _write(folder / f"{ASSIGNMENT}.ipynb", job.cells, "answer")
    todo, report = list(jobs), course / _REPORT
    while todo:
        _confined(course, [_THIS, str(course), *todo])
        lines = [json.loads(line) for line in report.read_text().splitlines()]
        begun = [line["student"] for line in lines]
        if not begun:
            raise RuntimeError("Plain nbgrader did not start.")
        todo = [student for student in todo if student not in begun]
    return {line["student"]: line["points"] for line in _last(report)}


def _last(report: Path) -> list[Any]:
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    return list({line["student"]: line for line in lines}.values())


def _write(path: Path, cells: Sequence[Cell], part: str) -> None:
    """Write cells as a notebook; `part` says whose text stands in solution cells."""
    notebook = new_notebook()
    for nth, cell in enumerate(cells):
        text = cell.source
        if cell.kind == "solution":
            text = cell.answer
            if part == "source":
                text = f"### BEGIN SOLUTION\n{cell.source}\n### END SOLUTION"
        made = new_code_cell(text, id=f"cell-{nth}")
        made.metadata["nbgrader"] = _mark(nth, cell)
        notebook.cells.append(made)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["kernelspec"] = kernel
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def _mark(nth: int, cell: Cell) -> dict[str, Any]:
    test = cell.kind == "test"
    mark = {
        "schema_version": 3,
        "grade_id": cell.grade_id or f"cell-{nth}",
        "solution": cell.kind == "solution",
        "grade": test,
        "locked": cell.kind != "solution",
        "task": False,
        "cell_type": "code",
    }
    return {**mark, "points": cell.points} if test else mark


def _confined(course: Path, module: list[str]) -> None:
    """Run a Python module where it can reach nothing but the course folder.

    An attack may stop it for good: then it is ended.
    """
    own = [str(path) for path in (sys.prefix, ROOT)]
    home = course / "home"
    home.mkdir(exist_ok=True)
    words = [
        *("bwrap", "--die-with-parent", "--new-session", "--unshare-all"),
        *("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"),
        *("--tmpfs", "/dev/shm", "--tmpfs", "/tmp"),
        *(word for path in own for word in ("--ro-bind", path, path)),
        *("--bind", str(course), str(course), "--chdir", str(course)),
        *("--setenv", "HOME", str(home), "--setenv", "PYTHONPATH", str(ROOT)),
        *("--setenv", "PATH", f"{sys.prefix}/bin:{os.environ['PATH']}"),
        *(sys.executable, "-m", *module),
    ]
    with subprocess.Popen(
        words,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_limit,
    ) as process:
        size, since = -1, time.monotonic()
        while process.poll() is None and time.monotonic() - since < STUDENT_SECONDS:
            time.sleep(0.1)
            if (course / _REPORT).stat().st_size != size:
                size, since = (course / _REPORT).stat().st_size, time.monotonic()
        process.kill()


def _limit() -> None:
    gigabyte = 1 << 30
    resource.setrlimit(resource.RLIMIT_AS, (6 * gigabyte, 6 * gigabyte))
    resource.setrlimit(resource.RLIMIT_FSIZE, (gigabyte, gigabyte))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(course: Path, students: Sequence[str]) -> None:
    """Grade one after the other; say in the report who is under way."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(course)
    config.ExecutePreprocessor.timeout = CELL_SECONDS
    api = NbGraderAPI(config=config)
    with (course / _REPORT).open("a") as report:
        for student in students:
            _note(report, student, {})  # in case that this is the last that is heard
            api.autograde(ASSIGNMENT, student, force=True, create=True)
            _note(report, student, _points(course, student))
        time.sleep(2)  # for those who write to the gradebook afterwards
        for student in students:
            _note(report, student, _points(course, student))


def _note(report: TextIO, student: str, points: Points) -> None:
    report.write(json.dumps({"student": student, "points": points}) + "\n")
    report.flush()


def _points(course: Path, student: str) -> Points:
    from nbgrader.api import Gradebook, MissingEntry

    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        try:
            submission = book.find_submission(ASSIGNMENT, student)
        except MissingEntry:
            return {}
        return {g.name: g.score for n in submission.notebooks for g in n.grades}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
