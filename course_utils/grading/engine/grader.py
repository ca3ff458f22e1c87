"""Grades one job: cells in the order of the notebook, a verdict per question."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from course_utils.grading.engine.jobs import Job
from course_utils.grading.engine.run import Run
from course_utils.grading.engine.verdicts import CHANGED, Result
from course_utils.grading.engine.warm import CannotFork, Infrastructure, Nursery

_TRIES = 3


def grade(job: Job, nursery: Nursery) -> Result:
    """Grade a job.

    Where a warm process cannot fork, cold ones take over for good. Another fault of
    the machine is tried again; if it stays, the questions that it hit have
    the reason `infrastructure` and no points, which is not the same as zero points.

    Parameters
    ----------
    job : what to grade.
    nursery : where its processes come from.
    """
    started = time.monotonic()
    run = Run(job, nursery)
    for attempt in range(1, _TRIES + 1):
        try:
            run = Run(job, nursery)
            try:
                run.all_cells()
            finally:
                run.close()
            break
        except Infrastructure as fault:
            nursery.close()
            if isinstance(fault, CannotFork):
                nursery.go_cold()
            if attempt == _TRIES:
                run.give_up(str(fault))
    return Result(
        student=job.student,
        assignment=job.assignment,
        notebook=job.notebook,
        job=job.content_hash,
        verdicts=tuple(run.verdicts),
        outputs=tuple(run.outputs.get(nth, ()) for nth in range(len(job.cells))),
        sandboxed=nursery.sandbox.enabled,
        warm=nursery.warm,
        seconds=time.monotonic() - started,
        memory_mb=run.peak_mb,
        flags=() if nursery.sandbox.enabled else ("no_sandbox",),
    )


@dataclass(frozen=True)
class Survey:
    """What the author's own solutions say about the tests of an assignment.

    Parameters
    ----------
    weak, in_place : questions, as in `Job`.
    failing : questions that the solutions do not pass, and what the test says. Nobody
        can get all their points.
    """

    weak: frozenset[str]
    in_place: frozenset[str]
    failing: Mapping[str, str] = field(default_factory=dict)

    @property
    def needs(self) -> dict[str, frozenset[str]]:
        """The fields of a job that follow from it."""
        return {"weak": self.weak, "in_place": self.in_place}

    def to_json(self) -> dict[str, Any]:
        """Return plain data for `json.dumps`."""
        needs = {name: sorted(questions) for name, questions in self.needs.items()}
        return {**needs, "failing": dict(self.failing)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Survey":
        """Build the survey again from what `to_json` returned."""
        weak, in_place = frozenset(data["weak"]), frozenset(data["in_place"])
        return cls(weak, in_place, data.get("failing", {}))


def survey(reference: Job, nursery: Nursery) -> Survey:
    """Grade the instructor's own solutions to see what the tests need.

    What no solution needs, no submission gets.

    Parameters
    ----------
    reference : a job whose answers are the instructor's own solutions.
    nursery : where its processes come from.
    """
    unknown = replace(reference, weak=frozenset(), in_place=None, strict=False)
    outside = grade(unknown, nursery)
    in_place = frozenset(v.question for v in outside.verdicts if CHANGED in v.flags)
    open_questions = frozenset(_failing(reference, outside))
    if not open_questions:
        return Survey(frozenset(), in_place)
    beside = grade(replace(unknown, weak=open_questions), nursery)
    failing = _failing(reference, beside)
    return Survey(open_questions - failing.keys(), in_place, failing)


def _failing(reference: Job, result: Result) -> dict[str, str]:
    """Tests that do not give all their points, and what they say."""
    tests = {cell.grade_id for cell in reference.cells if cell.kind == "test"}
    return {
        verdict.question: verdict.message
        for verdict in result.verdicts
        if verdict.question in tests and verdict.points != verdict.max_points
    }
