"""Jobs and results are plain data, and equal jobs have equal hashes."""

import json
from dataclasses import replace
from typing import Any, cast

import pytest

from course_utils.grading.engine.jobs import Job, Limits, cells_of
from course_utils.grading.engine.verdicts import Result, Verdict
from tests.grading.engine.cells import STUB, check, job, solution
from tests.grading.engine.unit import submission

JOB = submission(
    files={"data/x.bin": b"\x00\xff"}, env={"COURSE_DATA": "drawn"}, weak=frozenset("q")
)
RESULT = Result(
    student="ada",
    assignment="unit",
    notebook="unit",
    job="0" * 64,
    verdicts=(
        Verdict("q1", 0.5, 2.0, "partial", "half", 0.1, 90.0, ("weak",)),
        Verdict("q2", None, 1.0, "infrastructure"),
    ),
    outputs=((), ({"output_type": "stream", "name": "stdout", "text": "hi"},)),
    flags=("no_sandbox",),
)


def test_a_job_survives_json() -> None:
    """Bytes and sets included."""
    again = Job.from_json(json.loads(json.dumps(JOB.to_json())))

    assert again == JOB
    assert again.content_hash == JOB.content_hash


def test_a_result_survives_json() -> None:
    """With its verdicts and outputs."""
    assert Result.from_json(json.loads(json.dumps(RESULT.to_json()))) == RESULT


def test_a_result_counts_what_is_settled() -> None:
    """A question without points is not a zero."""
    assert (RESULT.points, RESULT.max_points) == (0.5, 3.0)
    assert RESULT.infrastructure
    assert RESULT["q2"].points is None


@pytest.mark.parametrize(
    "change",
    [
        {"data": "other"},
        {"environment": "other"},
        {"env": {}},
        {"files": {}},
        {"limits": Limits(cell_seconds=1)},
        {"strict": True},
        {"weak": None},
        {"cells": JOB.cells[:-1]},
        {"assignment": "other"},
    ],
)
def test_whatever_decides_the_result_changes_the_hash(
    change: dict[str, object],
) -> None:
    """So that it is graded again."""
    assert replace(JOB, **change).content_hash != JOB.content_hash


def test_two_students_with_the_same_answers_share_a_hash() -> None:
    """They get the same result."""
    assert replace(JOB, student="grace").content_hash == JOB.content_hash


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x", "a\0b"])
def test_files_stay_in_their_folder(name: str) -> None:
    """A hand-in cannot write elsewhere."""
    with pytest.raises(ValueError, match="not a path inside"):
        job(student_files={name: b""})


def test_names_of_questions_are_unique() -> None:
    """A gradebook could not hold both."""
    with pytest.raises(ValueError, match="grade_id"):
        job(check("q", ""), check("q", ""))


def test_impossible_points_are_no_verdict() -> None:
    """Whatever computed them."""
    for points in (-1.0, 3.0, float("nan")):
        with pytest.raises(ValueError, match="q"):
            Verdict("q", points, 2.0, "passed")
    with pytest.raises(ValueError, match="no reason"):
        Verdict("q", 1.0, 2.0, cast(Any, "lucky"))


def test_an_answer_of_blanks_is_none() -> None:
    """Spaces and empty lines do not make an answer."""
    assert not solution("f = 1", f"\n{STUB}  \n").answered
    assert solution("f = 1", "f = 2").answered


def _notebook(*cells: tuple[str, dict[str, object], str]) -> dict[str, object]:
    return {
        "cells": [
            {"cell_type": kind, "metadata": {"nbgrader": meta}, "source": source}
            for kind, meta, source in cells
        ]
    }


def test_cells_come_from_three_notebooks_of_one_shape() -> None:
    """The instructor's, the one handed out and the one handed in."""
    marks: list[tuple[str, dict[str, object]]] = [
        ("markdown", {}),
        ("code", {}),
        ("code", {"solution": True, "grade": False, "grade_id": "a"}),
        ("code", {"solution": False, "grade": True, "grade_id": "b", "points": 2}),
        ("code", {"solution": True, "grade": True, "grade_id": "c", "points": 1}),
        ("markdown", {"solution": True, "grade": True, "grade_id": "d", "points": 3}),
        ("markdown", {"task": True, "grade_id": "e", "points": 4}),
    ]
    source, released, pristine = (
        _notebook(*((kind, meta, f"{who} {n}") for n, (kind, meta) in enumerate(marks)))
        for who in ("source", "released", "answer")
    )
    cells = cells_of(source, released, pristine)

    kinds = ["text", "context", "solution", "test", "manual", "text", "text"]
    assert [cell.kind for cell in cells] == kinds
    assert [cell.points for cell in cells] == [0, 0, 0, 2, 1, 3, 4]
    assert cells[2].answer == "answer 2"
    assert (cells[3].source, cells[3].answer) == ("source 3", "")
    with pytest.raises(ValueError, match="same number"):
        cells_of(source, released, _notebook())
