"""Answers to ``4_pooling``, right and wrong, through the course's own grader.

With ``PLAIN_NBGRADER=1`` they go through plain nbgrader as well.
"""

from __future__ import annotations

import pytest

from tests.assignments.graders import AnswerTests
from tests.variants.pooling import POINTS_BY_HAND, QUESTIONS

pytestmark = pytest.mark.thorough


class TestPooling(AnswerTests):
    name = "4_pooling"
    questions = QUESTIONS
    by_hand = POINTS_BY_HAND
    drawn = ("mnist", 4000, 2000)
