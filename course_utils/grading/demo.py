"""``make demo``: grade a sample class of twelve in a course folder of its own.

The submissions are made of the answers that the tests keep for the assignment, so that
the points which each of them must get are known; the demo fails when one gets others.
"""

from __future__ import annotations

import csv
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.grading.course import CONFIG
from course_utils.grading.notebooks import read_notebook
from course_utils.grading.sample_class import Sample, sample_class

ASSIGNMENT = "1_filters"
ANSWERS = "tests.variants.filters"
SECONDS = 20  # for a cell: the endless loop should not keep anybody waiting
PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "_build" / "demo"


def main() -> int:
    """Build the class, grade it and say where everything is; the exit code."""
    os.environ["COURSE_DATA"] = "drawn"
    try:
        samples = build(PROJECT, FOLDER)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"\nA sample class of {len(samples)} handed in {ASSIGNMENT}:\n")
    for sample in samples:
        print(f"  {sample.student}  {sample.what}")
    words = ["grade", ASSIGNMENT, "--timeout", SECONDS, "--csv", "grades.csv"]
    if not sandbox_works():
        print(
            "\nThis machine has no bubblewrap that works, so the sample class is graded"
            " without a sandbox.\nReal students' code needs one: see course doctor."
        )
        words.append("--no-sandbox")
    code = _course(*words)
    if code:
        return code
    surprises = unexpected(FOLDER / "grades.csv", samples)
    for surprise in surprises:
        print(surprise, file=sys.stderr)
    if not surprises:
        print("Everybody got the points that the answers are worth.")
    print(f"Grades:        {_short(FOLDER / 'grades.csv')}")
    book = PROJECT / "_build" / "html" / "index.html"
    if book.exists():
        print(f"Open the book: {_short(book)}")
    return 1 if surprises else 0


def sandbox_works() -> bool:
    """Whether bubblewrap is here and may make namespaces."""
    program = shutil.which("bwrap")
    if program is None:
        return False
    command = [program, "--unshare-all", "--ro-bind", "/", "/", "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def build(project: Path, folder: Path) -> list[Sample]:
    """Make ``folder`` a course folder in which the sample class has handed in.

    A file that is right already is not touched: what did not change is not graded
    again. When the assignment changed, the folder is made anew.

    Raises
    ------
    CourseError : if this is not the project's own folder, or nothing is released yet.
    """
    released = project / "exercises" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    source = project / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    if not (source.is_file() and (project / "tests" / "variants").is_dir()):
        raise CourseError(
            "The demo needs the project's own folder: clone it and run make demo there."
        )
    if not released.is_file():
        raise CourseError(
            f'{ASSIGNMENT} is not released yet; run "course release {ASSIGNMENT}".'
        )
    samples = _samples(project, released)
    copied = folder / source.relative_to(project)
    if copied.exists() and copied.read_bytes() != source.read_bytes():
        shutil.rmtree(folder)
    _write(copied, source.read_text(encoding="utf-8"))
    _write(folder / CONFIG, (project / CONFIG).read_text(encoding="utf-8"))
    for sample in samples:
        place = folder / "submitted" / sample.student / ASSIGNMENT
        _write(place / released.name, sample.text)
    return samples


def unexpected(grades: Path, samples: list[Sample]) -> list[str]:
    """A sentence for each student whose points are not what the answers are worth."""
    with grades.open(newline="", encoding="utf-8") as file:
        points = {row["student"]: float(row["points"]) for row in csv.DictReader(file)}
    return [
        f"{sample.student} ({sample.what}) got {points.get(sample.student)} points "
        f"instead of {sample.points}."
        for sample in samples
        if points.get(sample.student) != sample.points
    ]


def _samples(project: Path, released: Path) -> list[Sample]:
    sys.path.insert(0, str(project))
    try:
        answers = importlib.import_module(ANSWERS)
        compose = importlib.import_module("tests.variants").compose
    finally:
        sys.path.remove(str(project))
    return sample_class(read_notebook(released), answers.QUESTIONS, compose)


def _course(*arguments: object) -> int:
    """Run the command as anybody would, in the demo's course folder."""
    words = [str(argument) for argument in arguments]
    print(f"\n$ course {' '.join(words)}\n", flush=True)
    command = [sys.executable, "-m", "course_utils.cli", *words]
    return subprocess.run(command, cwd=FOLDER, check=False).returncode


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _short(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


if __name__ == "__main__":
    sys.exit(main())
