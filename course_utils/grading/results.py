"""What grading says about a submission: one typed result per question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from course_utils.grading.engine.verdicts import Reason, Verdict


@dataclass(frozen=True)
class QuestionResult(Verdict):
    """A verdict, and the points that a person has given since.

    Parameters
    ----------
    notebook : name of the notebook without its suffix; the rest is the verdict's.
    """

    notebook: str = ""

    def __post_init__(self) -> None:
        """Leave the points alone: a person may give more than there are."""


@dataclass(frozen=True)
class SubmissionResult:
    """Results of one student's submission of one assignment.

    ``stand_ins`` is true when it was graded on drawn pictures; ``remarks`` are for the
    instructor; ``seconds`` is the time that grading took; ``sandboxed`` is false when
    the student's code ran with the instructor's rights.
    """

    student: str
    assignment: str
    questions: tuple[QuestionResult, ...]
    stand_ins: bool = False
    seconds: float = 0.0
    remarks: tuple[str, ...] = ()
    late_penalty: float = 0.0
    sandboxed: bool = True

    @property
    def points(self) -> float:
        """Points so far: what waits for a person counts nothing yet."""
        earned = sum(question.points or 0.0 for question in self.questions)
        return max(0.0, earned - self.late_penalty)

    @property
    def max_points(self) -> float:
        """Points of a submission without a fault."""
        return sum(question.max_points for question in self.questions)

    @property
    def by_hand(self) -> int:
        """How many questions still wait for a person."""
        return sum(
            question.points is None and question.reason in ("by_hand", "not_gradable")
            for question in self.questions
        )

    @property
    def needs_rerun(self) -> bool:
        """True when the grader itself failed somewhere."""
        return self.count("infrastructure") > 0

    def count(self, reason: Reason) -> int:
        """How many questions have this reason."""
        return sum(question.reason == reason for question in self.questions)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON, with the totals."""
        totals = {"points": self.points, "max_points": self.max_points}
        return asdict(self) | totals

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> SubmissionResult:
        """The result that ``as_dict`` wrote."""
        questions = (
            QuestionResult(**{**question, "flags": tuple(question["flags"])})
            for question in data["questions"]
        )
        fields = ("student", "assignment", "stand_ins", "seconds", "late_penalty")
        return cls(
            questions=tuple(questions),
            remarks=tuple(data["remarks"]),
            **{field: data[field] for field in (*fields, "sandboxed")},
        )
