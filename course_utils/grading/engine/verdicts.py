"""What grading one notebook says: a verdict per question, collected in a result.

Everything here is plain data and goes to JSON and back unchanged, so that a result can
be journalled, sent between machines and replayed into a gradebook.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from course_utils.grading.engine.outputs import Output

Reason = Literal[
    "passed",  # every test held: all the points
    "partial",  # the test cell itself gave a number of points
    "failed",  # an assertion of the test did not hold
    "error",  # the answer, or the test on it, raised another exception
    "timed_out",  # the answer ran longer than its limit
    "memory",  # the answer used more memory than its limit
    "crashed",  # the answer took its kernel down
    "not_answered",  # the cell is still as it was handed out
    "by_hand",  # a person grades it: `points` is None
    "not_gradable",  # the test cannot be trusted or run: `points` is None
    "infrastructure",  # the machine failed, not the student: `points` is None
]
REASONS: tuple[Reason, ...] = get_args(Reason)
CHANGED = "changed_arguments"  # flag: the points hang on that; see `Job.in_place`


@dataclass(frozen=True)
class Verdict:
    """The outcome of one question (one graded cell of the source notebook).

    Parameters
    ----------
    question : grade_id of the graded cell.
    points : points earned, from 0 to `max_points`; None where a person decides
        (`by_hand`, `not_gradable`, `infrastructure`).
    max_points : points that the source notebook gives for the cell.
    reason : one of `REASONS`.
    message : what a student may read; never holds the text of a test.
    seconds : wall time of the graded cell, calls into the answer included.
    memory_mb : peak resident memory of the student's processes until then, in MiB.
    flags : remarks for the instructor, e.g. "weak: …"; no flag, nothing to look at.

    Examples
    --------
    >>> Verdict("q1", 2.0, 2.0, "passed").fine
    True
    """

    question: str
    points: float | None
    max_points: float
    reason: Reason
    message: str = ""
    seconds: float = 0.0
    memory_mb: float = 0.0
    flags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.reason not in REASONS:
            raise ValueError(f"{self.reason!r} is no reason for a verdict.")
        if self.points is not None and not (
            math.isfinite(self.points) and 0 <= self.points <= max(self.max_points, 0)
        ):
            raise ValueError(
                f"{self.question}: {self.points} is not within 0 and {self.max_points}."
            )

    @property
    def fine(self) -> bool:
        """Whether there is nothing left for the student to do."""
        return self.reason in ("passed", "by_hand")


@dataclass(frozen=True)
class Result:
    """The outcome of one submitted notebook.

    Parameters
    ----------
    student, assignment, notebook : whose work, as in the job.
    job : `Job.content_hash` of what was graded: equal hash, equal result.
    verdicts : one per graded cell, in notebook order.
    outputs : nbformat outputs per cell of the source notebook, for replay. Those of
        test cells are written by the grader and agree with the verdicts; those of the
        other cells come from the student's kernel and are not to be trusted.
    sandboxed : False where the instructor asked for a run without a sandbox.
    warm : whether the kernels came from a warm process.
    seconds : wall time of the whole notebook.
    memory_mb : peak resident memory of the student's processes, in MiB.
    flags : remarks on the notebook as a whole.
    """

    student: str
    assignment: str
    notebook: str
    job: str
    verdicts: tuple[Verdict, ...]
    outputs: tuple[tuple[Output, ...], ...] = ()
    sandboxed: bool = True
    warm: bool = True
    seconds: float = 0.0
    memory_mb: float = 0.0
    flags: tuple[str, ...] = field(default=())

    @property
    def points(self) -> float:
        """Points earned so far; questions that await a person count as nothing."""
        return sum(verdict.points or 0.0 for verdict in self.verdicts)

    @property
    def max_points(self) -> float:
        """Points of all graded cells together."""
        return sum(verdict.max_points for verdict in self.verdicts)

    @property
    def infrastructure(self) -> bool:
        """Whether some question is without points because the machine failed."""
        return any(verdict.reason == "infrastructure" for verdict in self.verdicts)

    def __getitem__(self, question: str) -> Verdict:
        """Verdict on the question with this grade_id."""
        for verdict in self.verdicts:
            if verdict.question == question:
                return verdict
        raise KeyError(question)

    def to_json(self) -> dict[str, Any]:
        """Return plain data for `json.dumps`."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Result":
        """Build the result again from what `to_json` returned (JSON lists allowed)."""
        fields = dict(data)
        fields["verdicts"] = tuple(
            Verdict(**{**verdict, "flags": tuple(verdict["flags"])})
            for verdict in data["verdicts"]
        )
        fields["outputs"] = tuple(tuple(outputs) for outputs in data["outputs"])
        fields["flags"] = tuple(data["flags"])
        return cls(**fields)
