"""From an assignment's source to the students' version, by nbgrader itself."""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from course_utils.errors import CourseError
from course_utils.grading.course import Course

_EXCEPTION = re.compile(r"(?:\w+\.)*(?P<name>[A-Z]\w*[a-z]\w*): (?P<message>.*)")


def release(course: Course, assignment: str) -> list[Path]:
    """Write the students' version of ``assignment`` and enter it in the gradebook.

    Files whose bytes are right already are left alone, so that a second release changes
    nothing.

    Returns
    -------
    The notebooks of the students' version.

    Raises
    ------
    CourseError : if there is no such assignment, or nbgrader refuses its source; what
        was released before stays as it was.
    """
    course.require(assignment)
    step = f"{course.directory.release_directory}/.new"
    fresh = course.folder(step, ".", assignment)
    try:
        generate(course, assignment, step)
        _mirror(fresh, course.release(assignment))
    finally:
        shutil.rmtree(Path(course.directory.root) / step, ignore_errors=True)
    return sorted(course.release(assignment).glob("*.ipynb"))


def register(course: Course, assignment: str) -> Path:
    """Bring the gradebook up to date with the source, without releasing anything.

    Returns
    -------
    Folder of the version that students get from this source.
    """
    step = f"{course.directory.autograded_directory}/.released"
    generate(course, assignment, step)
    return course.folder(step, ".", assignment)


def generate(course: Course, assignment: str, step: str) -> None:
    """Run nbgrader's GenerateAssignment with ``step`` as the release directory."""
    from nbgrader.converters import GenerateAssignment
    from nbgrader.utils import capture_log, temp_attrs

    directory = course.directory
    with (
        nbgrader_on_path(),
        temp_attrs(directory, assignment_id=assignment, release_directory=step),
    ):
        converter = GenerateAssignment(coursedir=directory, config=course.config)
        converter.force = True
        outcome = capture_log(converter)
    if not outcome["success"]:
        raise CourseError(
            f'nbgrader cannot release "{assignment}": {reason_in(outcome)}'
        )


def reason_in(outcome: dict[str, Any]) -> str:
    """The last exception in what nbgrader's ``capture_log`` returned, as a sentence."""
    lines = [*outcome.get("log", "").splitlines(), *outcome["error"].splitlines()]
    matches = (_EXCEPTION.match(line.strip()) for line in lines)
    errors = [found for found in matches if found]
    if not errors:
        return f"{lines[-1].strip()}."
    # nbgrader's own exception only says that there was another one.
    own = [found for found in errors if found["name"] != "NbGraderException"]
    last = (own or errors)[-1]
    return f"{last['name']}: {last['message'].strip().rstrip('.')}."


@contextmanager
def nbgrader_on_path() -> Iterator[None]:
    """Let nbgrader find the ``alembic`` command when the venv is not activated."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _mirror(fresh: Path, target: Path) -> None:
    """Make ``target`` hold the files of ``fresh``, each replaced in one step."""
    new = {path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file()}
    old = {path.relative_to(target) for path in target.rglob("*") if path.is_file()}
    for name in new:
        source, destination = fresh / name, target / name
        if not (
            destination.is_file() and filecmp.cmp(source, destination, shallow=False)
        ):
            destination.parent.mkdir(parents=True, exist_ok=True)
            os.replace(source, destination)
    for name in old - new:
        (target / name).unlink()
