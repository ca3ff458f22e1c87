"""Answers to ``2_arithmetic``, right and wrong, through the course's own grader.

With ``PLAIN_NBGRADER=1`` they all go through plain nbgrader as well.
"""

from __future__ import annotations

import pytest

from tests.assignments.graders import AnswerTests
from tests.variants.arithmetic import POINTS_BY_HAND, QUESTIONS

pytestmark = pytest.mark.thorough


class TestArithmetic(AnswerTests):
    name = "2_arithmetic"
    questions = QUESTIONS
    by_hand = POINTS_BY_HAND
