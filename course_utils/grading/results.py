"""What grading says about a submission: one typed result per question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any


class Reason(StrEnum):
    """Why a question got its points."""

    PASSED = "passed"
    PARTIAL = "partial"  # the test gave a part of the points
    FAILED = "failed"  # a check said no
    ERROR = "error"  # the test stopped with another exception
    TIMED_OUT = "timed_out"
    MEMORY = "memory"  # more than the limit
    CRASHED = "crashed"  # the kernel died
    NOT_ANSWERED = "not_answered"
    BY_HAND = "by_hand"  # waits for a person
    NOT_GRADABLE = "not_gradable"  # no notebook, or a test that cannot be trusted
    INFRASTRUCTURE = "infrastructure"  # our fault, never a zero


@dataclass(frozen=True)
class QuestionResult:
    """Points of one question.

    Parameters
    ----------
    notebook : name of the notebook without its suffix.
    question : the ``grade_id`` of the test cell.
    points : points earned; None while nobody and nothing has graded the question.
    max_points : points of a right answer.
    reason : why it got them.
    message : what the student can act on; empty when there is nothing to say.
    seconds : wall time of the test.
    memory_mb : peak memory of the student's processes until then, in MiB.
    flags : what an instructor should know, such as "weak".
    """

    notebook: str
    question: str
    points: float | None
    max_points: float
    reason: Reason
    message: str = ""
    seconds: float = 0.0
    memory_mb: float = 0.0
    flags: tuple[str, ...] = ()

    @property
    def fine(self) -> bool:
        """True when there is nothing left for the student to do."""
        return self.reason in (Reason.PASSED, Reason.BY_HAND)


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
        return self.count(Reason.BY_HAND)

    @property
    def needs_rerun(self) -> bool:
        """True when the grader itself failed somewhere."""
        return self.count(Reason.INFRASTRUCTURE) > 0

    def count(self, reason: Reason) -> int:
        """How many questions have this reason."""
        return sum(question.reason is reason for question in self.questions)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON, with the totals."""
        totals = {"points": self.points, "max_points": self.max_points}
        return asdict(self) | totals

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> SubmissionResult:
        """The result that ``as_dict`` wrote."""
        questions = []
        for question in data["questions"]:
            reason, flags = Reason(question["reason"]), tuple(question["flags"])
            typed = question | {"reason": reason, "flags": flags}
            questions.append(QuestionResult(**typed))
        fields = ("student", "assignment", "stand_ins", "seconds", "late_penalty")
        return cls(
            questions=tuple(questions),
            remarks=tuple(data["remarks"]),
            **{field: data[field] for field in (*fields, "sandboxed")},
        )

    def with_questions(self, questions: Iterable[QuestionResult]) -> SubmissionResult:
        """The same submission with other results."""
        return replace(self, questions=tuple(questions))
