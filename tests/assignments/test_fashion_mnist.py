"""Answers to ``6_fashion_mnist``, right and wrong, through the course's own grader.

With ``PLAIN_NBGRADER=1`` they go through plain nbgrader as well.
"""

from __future__ import annotations

import pytest

from tests.assignments.graders import AnswerTests
from tests.variants.fashion_mnist import POINTS_BY_HAND, QUESTIONS

pytestmark = pytest.mark.thorough


class TestFashionMnist(AnswerTests):
    name = "6_fashion_mnist"
    questions = QUESTIONS
    by_hand = POINTS_BY_HAND
    drawn = ("fashion_mnist", 4000, 2000)
