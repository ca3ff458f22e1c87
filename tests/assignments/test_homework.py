"""Answers to ``8_homework``, right and wrong, through the course's own grader.

Every third, since most of them train a net; with ``ALL_VARIANTS=1`` all of them, and
with ``PLAIN_NBGRADER=1`` they go through plain nbgrader as well.
"""

from __future__ import annotations

import pytest
from nbformat import NotebookNode

from tests.assignments.graders import AnswerTests, notebook
from tests.variants import Question, compose
from tests.variants.homework import IN_WORDS, QUESTIONS, STAGES

pytestmark = pytest.mark.thorough


class TestHomework(AnswerTests):
    name = "8_homework"
    questions = QUESTIONS
    total = 2
    by_hand = sum(IN_WORDS.values())
    in_words = tuple(IN_WORDS)
    drawn = ("cifar10", 8000, 2000)
    every = 3

    @classmethod
    def student(cls, question: Question, number: int) -> str:
        """Answers of one stage share notebooks; those of different stages do not."""
        stage = next(name for name, one in STAGES.items() if question in one.questions)
        return f"{stage} {number}"

    @classmethod
    def handed_in(cls) -> dict[str, NotebookNode]:
        source, released = (notebook(f, cls.name) for f in ("solutions", "exercises"))
        untouched = {
            cell.metadata.nbgrader.grade_id: cell.source
            for cell in released.cells
            if cell.metadata.get("nbgrader", {}).get("solution")
        }
        books: dict[str, NotebookNode] = {}
        for stage in STAGES.values():
            numbers = {n for q in stage.questions for n in cls.graded_answers(q)}
            for n in sorted(numbers):
                answers = {
                    q.grade_id: q.answers[n].code
                    for q in stage.questions
                    if n < len(q.answers)
                }
                cells = {**untouched, **stage.filling, **answers}
                student = cls.student(stage.questions[0], n)
                books[student] = compose(source, cells)
        return books
