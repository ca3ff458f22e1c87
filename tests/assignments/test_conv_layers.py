"""Answers to ``3_conv_layers``, right and wrong, through the course's own grader.

With ``PLAIN_NBGRADER=1`` they go through plain nbgrader as well.
"""

from __future__ import annotations

import pytest

from tests.assignments.graders import AnswerTests
from tests.variants.conv_layers import POINTS_BY_HAND, QUESTIONS

pytestmark = pytest.mark.thorough


class TestConvLayers(AnswerTests):
    name = "3_conv_layers"
    questions = QUESTIONS
    by_hand = POINTS_BY_HAND
    drawn = ("mnist", 4000, 2000)
