"""What a grade depends on, as one hash: equal hashes, equal grades."""

from __future__ import annotations

import functools
import hashlib
import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import course_utils
from course_utils.grading.course import CONFIG, Course, graded_on_stand_ins
from course_utils.grading.execution import Limits

PACKAGES = ("keras", "nbclient", "nbgrader", "numpy", "tensorflow")
HIDDEN = {".ipynb_checkpoints", "__pycache__"}


def fingerprint(course: Course, assignment: str, student: str, limits: Limits) -> str:
    """Hash of a submission's files, the source, this package and the libraries.

    Returns
    -------
    SHA-256 in hexadecimal.
    """
    facts = {
        "versions": {name: _version(name) for name in PACKAGES},
        "limits": vars(limits),
        "stand_ins": graded_on_stand_ins(),
    }
    parts = [
        json.dumps(facts, sort_keys=True),
        _hash(course.submission(assignment, student)),
        _hash(course.source(assignment)),
        (course.root / CONFIG).read_text(encoding="utf-8"),
        _package(),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@functools.cache
def _package() -> str:
    """Hash of this package's code: the checks and the data decide about grades too."""
    return _hash(Path(course_utils.__file__).parent, "*.py")


def _hash(folder: Path, pattern: str = "*") -> str:
    """Hash of the names and bytes of the files below a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob(pattern)):
        hidden = path.name.startswith(".") or HIDDEN.intersection(path.parts)
        if path.is_file() and not hidden:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            name = path.relative_to(folder).as_posix()
            digest.update(f"{name}\0{content}\0".encode())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
