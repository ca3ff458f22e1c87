"""What grading one notebook needs: a job, self-contained and with a content hash.

A job carries texts and bytes, no paths: it can be sent to another machine. Its cells
are those of the source notebook, in order; the student's part is only the `answer` of
each solution cell. Whatever else a submission held never gets here.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Literal

Kind = Literal[
    "context",  # code of the source notebook: imports, data, helpers
    "solution",  # code that the student writes, graded by later test cells
    "test",  # code that grades
    "manual",  # code that the student writes and a person grades
    "text",  # Markdown; `grade_id` is set where a person grades it
]


@dataclass(frozen=True)
class Cell:
    """One cell of the source notebook with the student's answer beside it.

    Parameters
    ----------
    kind : what the cell is for.
    source : the instructor's text: solutions and hidden tests included. Trusted.
    released : what the student was handed: stubs, no hidden tests. Trusted.
    answer : what the student handed in; only where `kind` is solution, manual or text
        with a `grade_id`. Never trusted.
    grade_id : nbgrader's name of the cell, or "".
    points : what the cell is worth, 0 where it is not graded.
    """

    kind: Kind
    source: str
    released: str = ""
    answer: str = ""
    grade_id: str = ""
    points: float = 0.0

    @property
    def answered(self) -> bool:
        """Whether the answer differs from what was handed out, blanks aside."""
        return self.answer.split() != self.released.split()

    @property
    def by_hand(self) -> bool:
        """Whether a person gives the points."""
        asked = self.kind == "manual" or (self.kind == "text" and self.points > 0)
        return asked and bool(self.grade_id)


@dataclass(frozen=True)
class Limits:
    """What one submission may use; seconds of wall time, MiB of memory and disk.

    Parameters
    ----------
    cell_seconds : one cell of the student.
    call_seconds : one call of a test into the student's code.
    question_seconds : one test cell, its calls included.
    notebook_seconds : everything together, repeated cells included.
    cpu_seconds : processor time of all processes of the student together.
    memory_mb : resident memory of all processes of the student together.
    processes : processes and threads of the student at one time.
    disk_mb : all files that the student writes together (they live in memory).
    file_mb : one file.
    output_bytes : outputs kept of one cell.
    message_bytes : one message between the student's kernel and the checker.
    """

    cell_seconds: float = 300.0
    call_seconds: float = 60.0
    question_seconds: float = 120.0
    notebook_seconds: float = 1800.0
    cpu_seconds: float = 3600.0
    memory_mb: float = 3072.0
    processes: int = 256
    disk_mb: float = 512.0
    file_mb: float = 256.0
    output_bytes: int = 1_000_000
    message_bytes: int = 256_000_000


Files = Mapping[str, bytes]  # relative POSIX path → content


@dataclass(frozen=True)
class Job:
    """One submitted notebook, ready to be graded anywhere.

    Parameters
    ----------
    student, assignment, notebook : whose work; `notebook` without its suffix.
    cells : cells of the source notebook, each with the student's answer.
    files : helper files beside the source notebook; both processes see them.
    student_files : other files that the student handed in; only the student's own
        kernel sees them, and a file of the same name in `files` goes before.
    checker_files : files that only tests may see, such as labels.
    env : environment variables for both processes, e.g. ``{"COURSE_DATA": "drawn"}``.
    data : digest of the data sets that the notebook reads, or "".
    environment : digest of the installed packages, or "".
    limits : what the submission may use.
    weak : grade_ids of tests that cannot look at the answer from outside, from
        `grader.survey`: they run in the student's kernel and are marked weak. None if
        nobody has found out; then such a test is `not_gradable`.
    in_place : grade_ids of tests for which an answer has to change its arguments, from
        `grader.survey`; in others such a change earns nothing. None if nobody has found
        out; then points that hang on such a change are flagged.
    strict : never run a test in the student's kernel: `not_gradable` instead.

    Raises
    ------
    ValueError : if two graded cells share a grade_id or a file leaves its folder.
    """

    student: str
    assignment: str
    notebook: str
    cells: tuple[Cell, ...]
    files: Files = field(default_factory=dict)
    student_files: Files = field(default_factory=dict)
    checker_files: Files = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    data: str = ""
    environment: str = ""
    limits: Limits = field(default_factory=Limits)
    weak: frozenset[str] | None = None
    in_place: frozenset[str] | None = None
    strict: bool = False

    def __post_init__(self) -> None:
        graded = [cell.grade_id for cell in self.cells if cell.grade_id]
        if len(graded) != len(set(graded)):
            raise ValueError(f"{self.notebook}: two cells share a grade_id.")
        for name in (*self.files, *self.student_files, *self.checker_files):
            if name.startswith("/") or "\0" in name or ".." in name.split("/"):
                raise ValueError(f"{name!r} is not a path inside the notebook folder.")

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over all that decides the result; the student's name does not."""
        content = {**self.to_json(), "student": ""}
        return hashlib.sha256(_canonical(content)).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Return plain data for `json.dumps`; files in base64."""
        data = {
            name: getattr(self, name)
            for name in self.__dataclass_fields__
            if name not in ("cells", "limits", "env", *_SURVEYED, *_FILES)
        }
        data["cells"] = [asdict(cell) for cell in self.cells]
        data["limits"] = asdict(self.limits)
        for name in _SURVEYED:
            questions: frozenset[str] | None = getattr(self, name)
            data[name] = None if questions is None else sorted(questions)
        data["env"] = dict(self.env)
        for name in _FILES:
            files: Files = getattr(self, name)
            data[name] = {
                path: base64.b64encode(content).decode()
                for path, content in files.items()
            }
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Job":
        """Build the job again from what `to_json` returned."""
        fields = dict(data)
        fields["cells"] = tuple(Cell(**cell) for cell in data["cells"])
        fields["limits"] = Limits(**data["limits"])
        for name in _SURVEYED:
            if data[name] is not None:
                fields[name] = frozenset(data[name])
        for name in _FILES:
            fields[name] = {
                path: base64.b64decode(content) for path, content in data[name].items()
            }
        return cls(**fields)


_SURVEYED = ("weak", "in_place")
_FILES = ("files", "student_files", "checker_files")


def cells_of(
    source: Mapping[str, Any],
    released: Mapping[str, Any],
    pristine: Mapping[str, Any],
) -> tuple[Cell, ...]:
    """Cells of a job from three notebooks of the same shape (nbformat 4 as dicts).

    Parameters
    ----------
    source : the instructor's notebook, with solutions and hidden tests.
    released : the notebook as it was handed out.
    pristine : the source notebook in which each solution cell holds the student's text.

    Raises
    ------
    ValueError : if the three do not have the same number of cells.
    """
    notebooks: Sequence[Sequence[Mapping[str, Any]]] = [
        notebook["cells"] for notebook in (source, released, pristine)
    ]
    if len({len(cells) for cells in notebooks}) != 1:
        raise ValueError("The three notebooks do not have the same number of cells.")
    return tuple(
        _cell(theirs, _text(handed_out), _text(answer))
        for theirs, handed_out, answer in zip(*notebooks, strict=True)
    )


def _cell(source: Mapping[str, Any], released: str, answer: str) -> Cell:
    meta = source.get("metadata", {}).get("nbgrader", {})
    grade, solution = bool(meta.get("grade")), bool(meta.get("solution"))
    kind: Kind
    if source["cell_type"] != "code":
        kind = "text"
    elif solution:
        kind = "manual" if grade else "solution"
    else:
        kind = "test" if grade else "context"
    graded = grade or bool(meta.get("task"))
    return Cell(
        kind=kind,
        source=_text(source),
        released=released,
        answer=answer if solution or meta.get("task") else "",
        grade_id=meta.get("grade_id", "") if graded or solution else "",
        points=float(meta.get("points", 0)) if graded else 0.0,
    )


def _text(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _canonical(data: object) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()
