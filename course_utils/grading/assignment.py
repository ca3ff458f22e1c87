"""An assignment ready for grading: from a submission to the engine's jobs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from course_utils.grading import cells
from course_utils.grading.course import Course
from course_utils.grading.engine.grader import Survey
from course_utils.grading.engine.jobs import Cell, Job, Limits, cells_of
from course_utils.grading.generate import register
from course_utils.grading.handed_in import HandedIn, find_notebook, read_folder
from course_utils.grading.notebooks import read_notebook
from course_utils.grading.placing import Placed, PlacedCell, place

LARGE = 64_000_000  # bytes of other files that a student may hand in with a notebook
CLOCK = "timestamp.txt"  # what the student's side says about the time


@dataclass(frozen=True)
class Blueprint:
    """One notebook of an assignment, as its author wrote it and as students got it.

    Parameters
    ----------
    name : its name without suffix.
    released : the students' version.
    sources : for each of its cells the author's text, solutions and hidden tests too.
    """

    name: str
    released: Any
    sources: tuple[str, ...]

    @classmethod
    def read(cls, source: Path, released: Path) -> Blueprint:
        """From the two notebook files."""
        handed_out = read_notebook(released)
        authored = {
            name: cell.source
            for cell in read_notebook(source).cells
            if (name := cells.grade_id(cell)) is not None
        }
        return cls(
            source.stem,
            handed_out,
            tuple(
                authored.get(cells.grade_id(cell) or "", cell.source)
                for cell in handed_out.cells
            ),
        )

    @cached_property
    def known(self) -> frozenset[str]:
        """Names of its cells."""
        names = (cells.grade_id(cell) for cell in self.released.cells)
        return frozenset(name for name in names if name is not None)

    def cells(self, placed: Placed) -> tuple[Cell, ...]:
        """The engine's cells for a notebook with answers in it."""
        own = [cell.source for cell in placed.cells if cell.released is None]
        return tuple(self._cell(cell.released, cell, own) for cell in placed.cells)

    def _cell(self, nth: int | None, placed: Any, own: list[str]) -> Cell:
        if nth is None:
            if placed.kind == "code":
                return Cell("solution", "", "", placed.source)
            return Cell("text", "")
        handed_out = self.released.cells[nth]
        answer = placed.source
        if handed_out.metadata.get("nbgrader", {}).get("task"):
            # A task is answered in cells of the student's own.
            answer = "\n\n".join([answer, *own])
        (made,) = cells_of(
            {"cells": [{**handed_out, "source": self.sources[nth]}]},
            {"cells": [handed_out]},
            {"cells": [{**handed_out, "source": answer}]},
        )
        return made

    def solved(self) -> Placed:
        """The notebook with the author's own answers."""
        return Placed(
            tuple(
                PlacedCell(nth, cell.cell_type, self.sources[nth])
                for nth, cell in enumerate(self.released.cells)
            )
        )


@dataclass(frozen=True)
class Submission:
    """What one student handed in, placed into the notebooks of the assignment.

    Parameters
    ----------
    student : whose.
    placed : by name of the notebook.
    lost : names of the notebooks of which nothing could be read.
    files : other files, for the student's own code.
    remarks : what the instructor should know.
    digest : changes with any file.
    received : when it came, in seconds since 1970, by this machine's clock.
    """

    student: str
    placed: Mapping[str, Placed]
    lost: frozenset[str]
    files: Mapping[str, bytes]
    remarks: tuple[str, ...]
    digest: str
    received: float


@dataclass(frozen=True)
class Assignment:
    """Everything that grading needs to know of an assignment.

    Parameters
    ----------
    name : name of its folder.
    blueprints : its notebooks, by name.
    files : helper files beside the source notebooks.
    limits : what one submission may use.
    env : variables for students' code.
    data, environment : digests of the data sets and of what is installed.
    strict : never run a test beside the answer.
    surveys : by notebook, what its tests need; see ``engine.grader.survey``.
    """

    name: str
    blueprints: Mapping[str, Blueprint]
    files: Mapping[str, bytes] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    env: Mapping[str, str] = field(default_factory=dict)
    data: str = ""
    environment: str = ""
    strict: bool = False
    surveys: Mapping[str, Survey] = field(default_factory=dict)

    @classmethod
    def load(cls, course: Course, name: str, **settings: Any) -> Assignment:
        """Read the source of an assignment, and what students get from it."""
        released = register(course, name)
        paths = course.notebooks(name)
        blueprints = [Blueprint.read(path, released / path.name) for path in paths]
        return cls(
            name,
            {blueprint.name: blueprint for blueprint in blueprints},
            _helpers(course, name),
            **settings,
        )

    def take_in(self, student: str, folder: Path) -> Submission:
        """Read a student's folder, whatever is in it."""
        files, remarks = read_folder(folder)
        others = {path: text for path, text in files.items() if path not in self.files}
        found = {
            name: find_notebook(name, blueprint.known, others)
            for name, blueprint in self.blueprints.items()
        }
        used = {one.file for one in found.values()}
        kept, large = _within(LARGE, others.keys() - used, others)
        remarks += [f"{path} is too large and was left out" for path in large]
        placed = {name: self._place(name, one) for name, one in found.items()}
        for name, one in found.items():
            notes = (*one.remarks, *(placed[name].remarks if one.cells else ()))
            remarks += notes if len(found) == 1 else (f"{name}: {n}" for n in notes)
        return Submission(
            student,
            placed,
            frozenset(name for name, one in found.items() if one.cells is None),
            kept,
            tuple(remarks),
            _digest_of(files),
            received(folder),
        )

    def job(self, submission: Submission, name: str) -> Job:
        """The engine's job for one notebook of a submission."""
        return replace(
            self._job(submission.student, name, submission.placed[name]),
            student_files=dict(submission.files),
        )

    def reference(self, name: str) -> Job:
        """A job whose answers are the author's own."""
        return self._job("", name, self.blueprints[name].solved())

    def _place(self, name: str, found: HandedIn) -> Placed:
        blueprint = self.blueprints[name]
        return place(blueprint.released.cells, blueprint.sources, found.cells or ())

    def _job(self, student: str, name: str, placed: Placed) -> Job:
        surveyed = self.surveys.get(name)
        return Job(
            student,
            self.name,
            name,
            self.blueprints[name].cells(placed),
            files=dict(self.files),
            env=dict(self.env),
            data=self.data,
            environment=self.environment,
            limits=self.limits,
            strict=self.strict,
            weak=surveyed.weak if surveyed else None,
            in_place=surveyed.in_place if surveyed else None,
        )


def key(job: Job) -> str:
    """What decides the result of a job, as one hash; files count by their digests."""
    return replace(
        job,
        files=_brief(job.files),
        student_files=_brief(job.student_files),
        checker_files=_brief(job.checker_files),
    ).content_hash


def _digest_of(files: Mapping[str, bytes]) -> str:
    names = sorted(files.items())
    lines = (f"{name!r} {hashlib.sha256(text).hexdigest()}" for name, text in names)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _brief(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: _digest(content) for path, content in files.items()}


@lru_cache(maxsize=1024)
def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def received(folder: Path) -> float:
    """When the files in a folder came to this machine.

    The time at which the file system wrote them down: a student sets neither that nor,
    unlike ``timestamp.txt`` and the time of change, takes it along in an archive.
    """
    times = [path.lstat().st_ctime for path in folder.rglob("*") if path.is_file()]
    return max(times, default=folder.stat().st_ctime)


def _helpers(course: Course, name: str) -> dict[str, bytes]:
    """The files beside the source notebooks that nbgrader hands out with them."""
    from nbgrader.utils import find_all_files

    folder = course.source(name)
    ignored = [*course.directory.ignore, "*.ipynb"]
    found = sorted(map(Path, find_all_files(str(folder), ignored)))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def _within(
    size: int, names: Iterable[str], files: Mapping[str, bytes]
) -> tuple[dict[str, bytes], list[str]]:
    """Files up to a size together, small ones first; and the names of the others."""
    kept: dict[str, bytes] = {}
    large = []
    for name in sorted(names, key=lambda name: (len(files[name]), name)):
        if os.path.basename(name) == CLOCK:
            continue
        size -= len(files[name])
        if size >= 0:
            kept[name] = files[name]
        else:
            large.append(name)
    return kept, large
