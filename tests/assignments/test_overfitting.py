"""Answers to ``7_overfitting``, right and wrong, through the course's own grader.

With ``PLAIN_NBGRADER=1`` they go through plain nbgrader as well.
"""

from __future__ import annotations

import pytest

from tests.assignments.graders import AnswerTests
from tests.variants.overfitting import POINTS_BY_HAND, QUESTIONS

pytestmark = pytest.mark.thorough


class TestOverfitting(AnswerTests):
    name = "7_overfitting"
    questions = QUESTIONS
    by_hand = POINTS_BY_HAND
    drawn = ("cats_vs_dogs", 2500, 1000)
