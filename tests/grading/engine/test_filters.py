"""The assignment `1_filters` through the engine: its right and its wrong answers."""

from itertools import zip_longest
from typing import Any

import nbformat
import pytest

from course_utils.grading.engine.grader import grade, survey
from course_utils.grading.engine.jobs import Job, cells_of
from course_utils.grading.engine.verdicts import Result
from course_utils.grading.engine.warm import Nursery
from tests.conftest import ROOT
from tests.variants import Answer, Question, compose
from tests.variants.filters import POINTS_BY_HAND, QUESTIONS

pytestmark = pytest.mark.thorough

NAME = "1_filters"
SOURCE = nbformat.read(ROOT / f"solutions/{NAME}/{NAME}.ipynb", as_version=4)
RELEASED = nbformat.read(ROOT / f"exercises/{NAME}/{NAME}.ipynb", as_version=4)
ANSWERS = [(question, answer) for question in QUESTIONS for answer in question.answers]


def handed_in(notebook: Any, **fields: Any) -> Job:
    """The job of a notebook that a student hands in."""
    return Job("ada", NAME, NAME, cells_of(SOURCE, RELEASED, notebook), **fields)


@pytest.fixture(scope="module")
def results(keras_nursery: Nursery) -> list[Result]:
    """Everything graded: the n-th answers to all questions make up one notebook."""
    needs = survey(handed_in(SOURCE), keras_nursery)
    assert (needs.weak, needs.in_place) == (frozenset(), frozenset())
    rows = zip_longest(*(question.answers for question in QUESTIONS))
    notebooks = [
        compose(
            SOURCE,
            {q.grade_id: a.code for q, a in zip(QUESTIONS, row, strict=True) if a},
        )
        for row in rows
    ]
    return [grade(handed_in(book, **needs.needs), keras_nursery) for book in notebooks]


@pytest.mark.parametrize(
    ("question", "answer"), ANSWERS, ids=[f"{q.grade_id}: {a.name}" for q, a in ANSWERS]
)
def test_an_answer_gets_exactly_its_points_and_hears_why(
    results: list[Result], question: Question, answer: Answer
) -> None:
    """As in plain nbgrader, and no remark for the instructor."""
    result = results[question.answers.index(answer)]
    verdicts = [result[test] for test in question.tests]
    failed = [verdict.message for verdict in verdicts if verdict.message]

    assert sum(verdict.points or 0 for verdict in verdicts) == answer.points, verdicts
    assert not any(verdict.flags for verdict in verdicts), verdicts
    if answer.points < question.points:
        assert answer.message in failed[0]


def test_the_released_notebook_gets_nothing(keras_nursery: Nursery) -> None:
    """Every question says that it is not answered."""
    result = grade(handed_in(RELEASED, weak=frozenset()), keras_nursery)

    assert result.points == 0
    assert {verdict.reason for verdict in result.verdicts} == {"not_answered"}


def test_the_solution_gets_all_that_a_machine_can_give(keras_nursery: Nursery) -> None:
    """The words wait for a person."""
    result = grade(handed_in(SOURCE, weak=frozenset()), keras_nursery)

    assert result.points == result.max_points - POINTS_BY_HAND
    assert [v.question for v in result.verdicts if v.reason == "by_hand"] == ["words"]
