"""Results as data."""

from __future__ import annotations

import json
from dataclasses import replace

from course_utils.grading.results import QuestionResult, SubmissionResult

RESULT = SubmissionResult(
    "s01",
    "tiny",
    (
        QuestionResult("a", 2.0, 2.0, "passed", notebook="tiny"),
        QuestionResult("b", 0.5, 3.0, "partial", "half", 1.2, 80, ("weak",), "tiny"),
        QuestionResult("c", None, 1.0, "by_hand", notebook="tiny"),
    ),
    remarks=("put back",),
)


def test_a_result_survives_the_way_through_json() -> None:
    text = json.dumps(RESULT.as_dict())
    assert SubmissionResult.from_dict(json.loads(text)) == RESULT


def test_points_count_what_is_known_so_far() -> None:
    assert (RESULT.points, RESULT.max_points, RESULT.by_hand) == (2.5, 6.0, 1)


def test_what_could_not_be_graded_waits_for_a_person_until_there_are_points() -> None:
    lost = replace(RESULT.questions[0], points=None, reason="not_gradable")
    assert replace(RESULT, questions=(lost,)).by_hand == 1
    assert replace(RESULT, questions=(replace(lost, points=1.0),)).by_hand == 0


def test_a_person_may_give_more_points_than_there_are() -> None:
    question = replace(RESULT.questions[0], points=2.5)
    assert replace(RESULT, questions=(question,)).points == 2.5


def test_a_penalty_never_makes_points_negative() -> None:
    assert replace(RESULT, late_penalty=1.0).points == 1.5
    assert replace(RESULT, late_penalty=9.0).points == 0.0
