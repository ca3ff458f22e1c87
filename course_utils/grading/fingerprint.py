"""What a grade depends on, as one hash: equal hashes, equal grades."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import course_utils
from course_utils.grading.course import CONFIG, Course, graded_on_stand_ins
from course_utils.grading.execution import Limits

PACKAGES = ("keras", "nbclient", "nbgrader", "numpy", "tensorflow")


def fingerprint(course: Course, assignment: str, student: str, limits: Limits) -> str:
    """Hash of a submission's files, the source, this package and the libraries.

    Returns
    -------
    SHA-256 in hexadecimal.
    """
    digest = hashlib.sha256()
    facts = {
        "versions": {name: _version(name) for name in PACKAGES},
        "limits": vars(limits),
        "stand_ins": graded_on_stand_ins(),
    }
    digest.update(json.dumps(facts, sort_keys=True).encode())
    package = Path(course_utils.__file__).parent
    for folder, pattern in (
        (course.submission(assignment, student), "*"),
        (course.source(assignment), "*"),
        (course.root, CONFIG),
        (package, "**/*.py"),
    ):
        for path in _files(folder, pattern):
            name = path.relative_to(folder).as_posix()
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{name}\0{content}\0".encode())
    return digest.hexdigest()


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    paths = sorted(folder.rglob("*") if pattern == "*" else folder.glob(pattern))
    hidden = (".ipynb_checkpoints", "__pycache__")
    for path in paths:
        if path.is_file() and not any(part in hidden for part in path.parts):
            yield path


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
