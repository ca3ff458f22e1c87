"""Answers to ``8_homework``, right and wrong, through the course's own grader.

With ``PLAIN_NBGRADER=1`` they go through plain nbgrader as well.
"""

from __future__ import annotations

import pytest

from tests.assignments.graders import AnswerTests
from tests.variants.homework import FILLING, IN_WORDS, QUESTIONS

pytestmark = pytest.mark.thorough


class TestHomework(AnswerTests):
    name = "8_homework"
    questions = QUESTIONS
    filling = FILLING
    by_hand = sum(IN_WORDS.values())
    in_words = tuple(IN_WORDS)
    drawn = ("cifar10", 8000, 2000)
