"""Answers to ``1_filters``, right and wrong, through both graders.

In plain nbgrader, too, a correct answer gets full marks, although TensorFlow logs to
stderr.
"""

from __future__ import annotations

import pytest

from tests.assignments.graders import AnswerTests, submissions
from tests.assignments.nbgrader_course import Graded, autograde, generate
from tests.variants.filters import POINTS_BY_HAND, QUESTIONS

pytestmark = pytest.mark.thorough

NAME = "1_filters"


class TestFilters(AnswerTests):
    name = NAME
    questions = QUESTIONS
    by_hand = POINTS_BY_HAND


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graded]:
    """All answers graded by nbgrader alone, by student."""
    folder = tmp_path_factory.mktemp("courses") / "course"
    generate(folder, NAME)
    return autograde(folder, NAME, submissions(NAME, QUESTIONS))


def test_plain_nbgrader_gives_the_same_points(plain: dict[str, Graded]) -> None:
    for question in QUESTIONS:
        for answer in question.answers:
            found = plain[question.student(answer)].points
            points = sum(found[test] for test in question.tests)
            assert points == answer.points, (question.grade_id, answer.name)
    assert all(result.needs_manual_grade for result in plain.values())


def test_nothing_reaches_stderr_in_a_test_cell(plain: dict[str, Graded]) -> None:
    for student, result in plain.items():
        written = {test: result.stderr(test) for q in QUESTIONS for test in q.tests}
        assert not any(written.values()), (student, written)
