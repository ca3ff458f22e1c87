"""Feedback pages: nbgrader's own, without hidden tests, scripts and styles of students.

nbgrader's GenerateFeedback writes the pages. Its notebooks hold the hidden tests, and
whatever a student's code has displayed; both are dealt with before a page is made, and
a policy in the page keeps a browser from running what might have been overlooked.
"""

from __future__ import annotations

import logging
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from course_utils.errors import CourseError
from course_utils.grading import cells
from course_utils.grading.course import Course
from course_utils.grading.generate import nbgrader_on_path, reason_in

_MATHJAX = "https://cdnjs.cloudflare.com"
_OUTPUTS = ("text/plain", "text/latex", "text/html", "text/markdown")
_PICTURES = ("image/png", "image/jpeg")
_TAGS = """
    a abbr b blockquote br caption code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img
    kbd li ol p pre q s small span strong sub sup table tbody td tfoot th thead tr u ul
"""
_ATTRIBUTES = "align alt class colspan height id name rowspan width"
_LINK = re.compile(r"(?:https?:|mailto:|#)", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,", re.IGNORECASE)
_ACTIVE = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


def write_feedback(
    course: Course, assignment: str, students: Sequence[str] = ()
) -> list[Path]:
    """Write the feedback pages of an assignment.

    Parameters
    ----------
    students : ids; everybody who was graded, if empty.

    Returns
    -------
    The pages.

    Raises
    ------
    CourseError : if nobody was graded yet, or nbgrader stops.
    """
    step = course.directory.autograded_directory
    graded = students or course.graded(assignment)
    for student in graded:
        if not course.folder(step, student, assignment).is_dir():
            raise CourseError(f'"{student}" has no graded "{assignment}" yet.')
    if not graded:
        raise CourseError(
            f'Nobody was graded yet; run "course grade {assignment}" first.'
        )
    pages = []
    for student in graded:
        _generate(course, assignment, student)
        folder = course.folder(course.directory.feedback_directory, student, assignment)
        for page in sorted(folder.glob("*.html")):
            page.write_text(guarded(page.read_text("utf-8")), "utf-8")
            pages.append(page)
    return pages


def guarded(page: str) -> str:
    """A page without anything active below its head, and with a policy in its head.

    The head is nbgrader's own; its scripts are named in the policy by their hashes.
    """
    import bleach

    # What a student wrote may hold an end of the body; nothing after it is trusted.
    head, _, body = page.partition("<body>")
    clean = bleach.clean(
        _ACTIVE.sub("", body),
        tags=frozenset(_TAGS.split()),
        attributes=_is_safe,
        protocols={"http", "https", "mailto", "data"},
        strip=True,
    )
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_policy(head)}">'
    head = head.replace("<head>", f"<head>\n{policy}", 1)
    return f"{head}<body>{clean}</body></html>\n"


def _policy(head: str) -> str:
    """Only the head's own scripts and MathJax may run; nothing else is fetched."""
    hashes = " ".join(
        f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
        for script in _SCRIPT.findall(head)
    )
    return (
        f"default-src 'none'; script-src {_MATHJAX} {hashes}; font-src {_MATHJAX} "
        f"data:; img-src data:; style-src 'unsafe-inline'"
    )


def _is_safe(tag: str, name: str, value: str) -> bool:
    if name == "href":
        return tag == "a" and bool(_LINK.match(value))
    if name == "src":
        return tag == "img" and bool(_PICTURE.match(value))
    return name in _ATTRIBUTES.split()


def _generate(course: Course, assignment: str, student: str) -> None:
    from nbgrader.converters import GenerateFeedback
    from nbgrader.preprocessors import GetGrades
    from nbgrader.utils import capture_log, temp_attrs

    directory = course.directory
    chosen = {"assignment_id": assignment, "student_id": student, "notebook_id": "*"}
    logging.getLogger("traitlets").setLevel(logging.INFO)
    with nbgrader_on_path(), temp_attrs(directory, **chosen):
        converter = GenerateFeedback(coursedir=directory, config=course.config)
        converter.force = True
        at = converter.preprocessors.index(GetGrades)
        converter.preprocessors.insert(at + 1, _Hider(course.config).hide)
        outcome = capture_log(converter)
    if not outcome["success"]:
        raise CourseError(f"nbgrader cannot write feedback: {reason_in(outcome)}")


class _Hider:
    """Takes the hidden tests out of a notebook, and outputs that no page should have.

    Parameters
    ----------
    config : the course's configuration, where the marks of hidden tests may be set.
    """

    def __init__(self, config: Any) -> None:
        from nbgrader.preprocessors import ClearHiddenTests

        marks = ClearHiddenTests(config=config)
        self._begin = marks.begin_test_delimeter
        self._end = marks.end_test_delimeter

    def hide(self, notebook: Any, resources: Any) -> tuple[Any, Any]:
        """Change the notebook in place."""
        for cell in notebook.cells:
            if cells.is_locked(cell):
                cell.source = "\n".join(self._visible(cell.source))
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                for kind in data.keys() - {*_OUTPUTS, *_PICTURES}:
                    del data[kind]
        return notebook, resources

    def _visible(self, source: str) -> Iterator[str]:
        hidden = False
        for line in source.split("\n"):
            if self._begin in line:
                hidden = True
            elif self._end in line:
                hidden = False
            elif not hidden:
                yield line
