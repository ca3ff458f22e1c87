"""Results on disk, one JSON file per submission, written whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

from course_utils.grading.course import Course
from course_utils.grading.results import SubmissionResult


def save(course: Course, result: SubmissionResult, key: str) -> None:
    """Keep a result; ``key`` is the fingerprint of what was graded."""
    path = _path(course, result.assignment, result.student)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"key": key} | result.as_dict(), indent=1)
    half = path.with_suffix(".part")
    half.write_text(text, encoding="utf-8")
    os.replace(half, path)


def load(
    course: Course, assignment: str, student: str, key: str | None = None
) -> SubmissionResult | None:
    """The kept result; None if there is none, or none with this ``key``."""
    try:
        text = _path(course, assignment, student).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    data = json.loads(text)
    if key is not None and data["key"] != key:
        return None
    return SubmissionResult.from_dict(data)


def _path(course: Course, assignment: str, student: str) -> Path:
    return course.results(assignment, student) / "result.json"
