"""Grades one job: cells in the order of the notebook, a verdict per question."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
    """What the tests of an assignment need, as `Job.weak` and `Job.in_place` say it."""

    weak: frozenset[str]
    in_place: frozenset[str]

    def to_json(self) -> dict[str, list[str]]:
        """Return plain data for `json.dumps`."""
        return {name: sorted(questions) for name, questions in vars(self).items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Sequence[str]]) -> "Survey":
        """Build the survey again from what `to_json` returned."""
        return cls(**{name: frozenset(questions) for name, questions in data.items()})


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
    open_questions = frozenset(
        verdict.question
        for verdict in outside.verdicts
        if verdict.points != verdict.max_points and verdict.reason != "by_hand"
    )
    if not open_questions:
        return Survey(frozenset(), in_place)
    inside = grade(replace(unknown, weak=open_questions), nursery)
    weak = frozenset(
        question
        for question in open_questions
        if inside[question].points == inside[question].max_points
    )
    return Survey(weak, in_place)
