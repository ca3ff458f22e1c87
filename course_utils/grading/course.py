"""A course folder as nbgrader sees it: its configuration, assignments, submissions."""

from __future__ import annotations

import difflib
import glob
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from course_utils.errors import CourseError

CONFIG = "nbgrader_config.py"


def graded_on_stand_ins() -> bool:
    """True where the pictures are the drawn stand-ins (``COURSE_DATA=drawn``)."""
    return os.environ.get("COURSE_DATA") == "drawn"


@dataclass(frozen=True)
class Course:
    """An nbgrader course folder and its configuration."""

    root: Path
    config: Any

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """The course whose folder is ``start`` (default: here) or holds it.

        Raises
        ------
        CourseError : if there is no ``nbgrader_config.py``, or it cannot be read.
        """
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / CONFIG).is_file():
                return cls(folder, _load_config(folder))
        raise CourseError(
            f"There is no {CONFIG} in {here} or above it; go to a course folder first."
        )

    @cached_property
    def directory(self) -> Any:
        """nbgrader's own view of the folder, all its directory names settled.

        Grades on drawn pictures get a gradebook and folders of their own, whatever the
        configuration says: they must never mix with real ones.
        """
        from nbgrader.coursedir import CourseDirectory

        directory = CourseDirectory(config=self.config)
        directory.root = directory.root if self._sets_root else str(self.root)
        if graded_on_stand_ins():
            directory.db_url = _drawn_url(directory.db_url)
            directory.autograded_directory = _drawn(directory.autograded_directory)
            directory.feedback_directory = _drawn(directory.feedback_directory)
        if directory.db_url.startswith("sqlite") and "?" not in directory.db_url:
            directory.db_url += "?timeout=60"  # two processes write in turn
        return directory

    @property
    def assignments(self) -> list[str]:
        """Names of the assignments that have a source notebook."""
        names = self._folders(self.directory.source_directory, ".", "*")
        return sorted(name for name in names if self.notebooks(name))

    def require(self, assignment: str) -> str:
        """``assignment`` itself, if the course has it.

        Raises
        ------
        CourseError : if it does not; a close name is suggested.
        """
        names = self.assignments
        if assignment in names:
            return assignment
        where = Path(self.directory.root) / self.directory.source_directory
        if not names:
            raise CourseError(f"There are no assignments in {where}.")
        raise CourseError(
            f'There is no assignment "{assignment}" in {where}'
            f"{did_you_mean(assignment, names)}"
        )

    def notebooks(self, assignment: str) -> list[Path]:
        """The source notebooks of an assignment."""
        return sorted(self.source(assignment).glob("*.ipynb"))

    def students(self, assignment: str) -> list[str]:
        """Ids of the students who handed in the assignment."""
        submitted = self.directory.submitted_directory
        return sorted(self._folders(submitted, "*", glob.escape(assignment)))

    def graded(self, assignment: str) -> list[str]:
        """Ids of the students whose submission is in ``autograded/``."""
        step = self.directory.autograded_directory
        return sorted(self._folders(step, "*", glob.escape(assignment)))

    def source(self, assignment: str) -> Path:
        """Folder of the instructor's version."""
        return self.folder(self.directory.source_directory, ".", assignment)

    def release(self, assignment: str) -> Path:
        """Folder of the students' version."""
        return self.folder(self.directory.release_directory, ".", assignment)

    def submission(self, assignment: str, student: str) -> Path:
        """Folder that a student handed in."""
        return self.folder(self.directory.submitted_directory, student, assignment)

    def results(self, assignment: str, student: str) -> Path:
        """Folder of our own notes on a submission, hidden beside nbgrader's output."""
        step = f"{self.directory.autograded_directory}/.results"
        return self.folder(step, student, assignment)

    def journal(self, assignment: str) -> Path:
        """File in which everything is written down that grading finds out."""
        directory = self.directory
        folder = Path(directory.root, directory.autograded_directory, ".journal")
        return folder / f"{assignment}.jsonl"

    @property
    def log(self) -> Path:
        """File for what the grading processes say outside any submission."""
        directory = self.directory
        return Path(
            directory.root, directory.autograded_directory, ".journal", "grader.log"
        )

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Folder of one step of nbgrader's, by the course's own structure."""
        return Path(self.directory.format_path(step, student, assignment))

    @property
    def _sets_root(self) -> bool:
        return "root" in self.config.CourseDirectory

    def _folders(self, step: str, student: str, assignment: str) -> set[str]:
        """Names that the "*" among ``student`` and ``assignment`` stands for."""
        path = self.directory.format_path(step, student, assignment)
        names = [
            "(?P<name>[^/]+)" if value == "*" else re.escape(value)
            for value in (student, assignment)
        ]
        pattern = re.compile(self.directory.format_path(step, *names, escape=True))
        folders = (found for found in glob.glob(path) if Path(found).is_dir())
        matches = (pattern.fullmatch(folder) for folder in folders)
        return {match["name"] for match in matches if match}


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """The end of a sentence about an unknown name: the closest, or all of them."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if close:
        return f'; did you mean "{close[0]}"?'
    return f"; there are: {', '.join(known)}."


def _load_config(folder: Path) -> Any:
    from jupyter_core.paths import jupyter_config_path
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    config = Config()
    elsewhere = [Path(path) for path in reversed(jupyter_config_path())]
    for place in [*elsewhere, folder]:  # the course's own has the last word
        if (place / CONFIG).is_file():
            try:
                loader = PyFileConfigLoader(CONFIG, path=str(place))
                config.merge(loader.load_config())
            except Exception as error:  # the file is Python: anything may come
                raise CourseError(
                    f"{place / CONFIG} cannot be read: {type(error).__name__}: {error}."
                ) from None
    return config


def _drawn(name: str) -> str:
    return name if name.endswith("-drawn") else f"{name}-drawn"


def _drawn_url(url: str) -> str:
    if not url.startswith("sqlite:///"):
        raise CourseError(
            "Grades on drawn pictures go to an SQLite gradebook of their own, but "
            f"{CONFIG} sets another database; unset COURSE_DATA to grade on real data."
        )
    stem = url.removesuffix(".db")
    return f"{_drawn(stem)}.db"
