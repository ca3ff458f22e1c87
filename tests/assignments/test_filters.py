"""Answers to ``1_filters``, right and wrong, through the course's own grader.

Some go through plain nbgrader as well, and with ``PLAIN_NBGRADER=1`` all of them: a
correct answer gets full marks there too, although TensorFlow logs to stderr.
"""

from __future__ import annotations

import os

import pytest

from tests.assignments.graders import AnswerTests, submissions
from tests.assignments.nbgrader_course import Graded, autograde, generate
from tests.variants.filters import POINTS_BY_HAND, QUESTIONS

pytestmark = pytest.mark.thorough

NAME = "1_filters"
EVERY = 1 if os.environ.get("PLAIN_NBGRADER") == "1" else 5


class TestFilters(AnswerTests):
    name = NAME
    questions = QUESTIONS
    by_hand = POINTS_BY_HAND


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graded]:
    """Graded by nbgrader alone: the n-th answers to all questions, by n."""
    folder = tmp_path_factory.mktemp("courses") / "course"
    generate(folder, NAME)
    books = submissions(NAME, QUESTIONS)
    numbers = range(0, len(books), EVERY)
    return autograde(folder, NAME, {str(n): books[n] for n in numbers})


def test_plain_nbgrader_gives_the_same_points(plain: dict[str, Graded]) -> None:
    for number, result in plain.items():
        for question in QUESTIONS:
            for answer in question.answers[int(number) : int(number) + 1]:
                points = sum(result.points[test] for test in question.tests)
                assert points == answer.points, (question.grade_id, answer.name)
        assert result.needs_manual_grade


def test_nothing_reaches_stderr_in_a_test_cell(plain: dict[str, Graded]) -> None:
    for number, result in plain.items():
        written = {test: result.stderr(test) for q in QUESTIONS for test in q.tests}
        assert not any(written.values()), (number, written)
