"""Answers to ``1_filters``, right and wrong, graded by plain nbgrader."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest

import nbformat
import pytest

from tests.assignments.nbgrader_course import ROOT, Graded, autograde, generate
from tests.variants import Answer, Question, compose
from tests.variants.filters import POINTS_BY_HAND, QUESTIONS

NAME = "1_filters"
SOURCE = nbformat.read(ROOT / "solutions" / NAME / f"{NAME}.ipynb", as_version=4)
WRONG = [(question, answer) for question in QUESTIONS for answer in question.wrong]
RIGHT = [(question, answer) for question in QUESTIONS for answer in question.right]


def label(value: Question | Answer) -> str:
    return value.grade_id if isinstance(value, Question) else value.name


def student(question: Question, answer: Answer) -> str:
    """Who hands this answer in: the first of each question, the second, and so on."""
    return f"student-{question.answers.index(answer):02}"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graded]:
    """Everything handed in, graded: one answer to every question in each notebook."""
    folder = tmp_path_factory.mktemp("courses") / "course"
    released = generate(folder, NAME) / f"{NAME}.ipynb"
    untouched = nbformat.read(released, as_version=4)
    rows = zip_longest(*(question.answers for question in QUESTIONS))
    submissions = {
        f"student-{number:02}": compose(
            SOURCE,
            {
                question.grade_id: answer.code
                for question, answer in zip(QUESTIONS, row, strict=True)
                if answer is not None
            },
        )
        for number, row in enumerate(rows)
    }
    return autograde(
        folder, NAME, {"solution": SOURCE, "untouched": untouched, **submissions}
    )


def points(graded: dict[str, Graded], question: Question, answer: Answer) -> float:
    result = graded[student(question, answer)]
    return sum(result.points[test] for test in question.tests)


def first_message(result: Graded, question: Question) -> str:
    return next(filter(None, (result.message(test) for test in question.tests)), "")


@pytest.mark.parametrize(("question", "answer"), RIGHT, ids=label)
def test_a_right_answer_in_any_style_gets_all_points(
    graded: dict[str, Graded], question: Question, answer: Answer
) -> None:
    message = first_message(graded[student(question, answer)], question)
    assert answer.points == question.points
    assert points(graded, question, answer) == question.points, message


@pytest.mark.parametrize(("question", "answer"), WRONG, ids=label)
def test_a_wrong_answer_loses_exactly_what_it_should_and_hears_why(
    graded: dict[str, Graded], question: Question, answer: Answer
) -> None:
    message = first_message(graded[student(question, answer)], question)
    assert answer.points < question.points
    assert points(graded, question, answer) == answer.points, message
    assert message.startswith("CheckFailed: ")
    assert answer.message
    assert answer.message in message


@pytest.mark.parametrize("question", QUESTIONS, ids=label)
def test_each_question_has_been_tried_in_many_ways(
    graded: dict[str, Graded],
    question: Question,
    record_property: Callable[[str, object], None],
) -> None:
    lost = sum(points(graded, question, a) < question.points for a in question.wrong)
    kept = sum(points(graded, question, a) == question.points for a in question.right)
    record_property(
        "kill rate",
        f"{NAME:<12} {question.grade_id:<14}"
        f" {lost:>2} of {len(question.wrong)} wrong answers found,"
        f" {kept} of {len(question.right)} right ones passed",
    )
    assert len(question.wrong) >= 8
    assert len(question.right) >= 3
    assert len({answer.name for answer in question.answers}) == len(question.answers)


def test_the_solution_gets_every_point_but_those_given_by_hand(
    graded: dict[str, Graded],
) -> None:
    result = graded["solution"]
    assert sum(result.points.values()) == 10 - POINTS_BY_HAND
    assert result.points["words"] == 0
    assert result.needs_manual_grade


def test_the_points_of_all_questions_add_up_to_ten() -> None:
    questions = sum(question.points for question in QUESTIONS)
    cells = [
        cell.metadata.nbgrader for cell in SOURCE.cells if "nbgrader" in cell.metadata
    ]
    assert questions + POINTS_BY_HAND == 10
    assert sum(cell.points for cell in cells if cell.grade) == 10
    assert {test for q in QUESTIONS for test in q.tests} | {"words"} == {
        cell.grade_id for cell in cells if cell.grade
    }


def test_an_untouched_notebook_gets_nothing_and_says_what_to_do(
    graded: dict[str, Graded],
) -> None:
    result = graded["untouched"]
    assert sum(result.points.values()) == 0
    for question in QUESTIONS:
        for test in question.tests:
            message = result.message(test)
            assert "not written yet" in message or "has no value yet" in message


def test_nothing_reaches_stderr_in_a_test_cell(graded: dict[str, Graded]) -> None:
    for name, result in graded.items():
        written = {test: result.stderr(test) for q in QUESTIONS for test in q.tests}
        assert not any(written.values()), (name, written)
