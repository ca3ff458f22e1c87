"""Answers to ``5_lenet``, right and wrong, through the course's own grader.

With ``PLAIN_NBGRADER=1`` they go through plain nbgrader as well.
"""

from __future__ import annotations

import pytest

from tests.assignments.graders import AnswerTests
from tests.variants.lenet import POINTS_BY_HAND, QUESTIONS

pytestmark = pytest.mark.thorough


class TestLenet(AnswerTests):
    name = "5_lenet"
    questions = QUESTIONS
    by_hand = POINTS_BY_HAND
    drawn = ("cifar10", 5000, 2000)
