"""Answers to ``2_arithmetic``, right and wrong, through the course's own grader.

With ``PLAIN_NBGRADER=1`` they all go through plain nbgrader as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course_utils.data.arrays import save
from course_utils.data.catalogue import find
from course_utils.data.dataset import Arrays
from course_utils.data.drawn import draw
from course_utils.data.sources import DrawnSource
from course_utils.grading.environment import prepare_data
from tests.assignments.graders import (
    GRADERS,
    Outcome,
    by_engine,
    by_nbgrader,
    notebook,
    submissions,
)
from tests.variants import Answer, Question
from tests.variants.arithmetic import POINTS_BY_HAND, QUESTIONS

pytestmark = pytest.mark.thorough

NAME = "2_arithmetic"
SOURCE = notebook("solutions", NAME)
CELLS = [c.metadata.nbgrader for c in SOURCE.cells if "nbgrader" in c.metadata]
RIGHT = [(question, answer) for question in QUESTIONS for answer in question.right]
WRONG = [(question, answer) for question in QUESTIONS for answer in question.wrong]


def label(value: Question | Answer) -> str:
    return value.grade_id if isinstance(value, Question) else value.name


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The first digits of the stand-ins, where ``data.load`` looks for all of them."""
    cache, image_set = tmp_path_factory.mktemp("cache"), find("mnist")
    folder = cache / "mnist" / DrawnSource(image_set).key
    folder.mkdir(parents=True)
    save(Arrays(**draw("mnist", 50, 10)), folder)
    cache.chmod(0o755)  # the sandbox looks at it as another user
    return {"COURSE_CACHE_DIR": cache}


@pytest.fixture(scope="module", params=GRADERS)
def graded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Outcome]]:
    """Everything handed in, by student; whoever has answer n is student n."""
    books = dict(
        solution=SOURCE,
        untouched=notebook("exercises", NAME),
        **{str(n): book for n, book in enumerate(submissions(SOURCE, QUESTIONS))},
    )
    if request.param == "engine":
        folders = request.getfixturevalue("drawn")
        env = {"COURSE_DATA": "drawn"}
        yield by_engine(NAME, books, folders=folders, env=env)
    else:
        request.getfixturevalue("real_data")
        folder = tmp_path_factory.mktemp("courses") / "course"
        yield by_nbgrader(NAME, books, folder)


def outcome(graded: dict[str, Outcome], question: Question, answer: Answer) -> Outcome:
    return graded[str(question.answers.index(answer))]


@pytest.mark.parametrize(("question", "answer"), RIGHT, ids=label)
def test_a_right_answer_in_any_style_gets_all_points(
    graded: dict[str, Outcome], question: Question, answer: Answer
) -> None:
    result = outcome(graded, question, answer)
    assert answer.points == question.points
    assert result.of(question) == question.points, result.first_message(question)
    assert result.remarks == ()


@pytest.mark.parametrize(("question", "answer"), WRONG, ids=label)
def test_a_wrong_answer_loses_exactly_what_it_should_and_hears_why(
    graded: dict[str, Outcome], question: Question, answer: Answer
) -> None:
    result = outcome(graded, question, answer)
    message = result.first_message(question)
    assert answer.points < question.points
    assert result.of(question) == answer.points, message
    assert answer.message
    assert answer.message in message
    assert result.remarks == ()


@pytest.mark.parametrize("question", QUESTIONS, ids=label)
def test_each_question_has_been_tried_in_many_ways(
    graded: dict[str, Outcome],
    question: Question,
    record_property: Callable[[str, object], None],
) -> None:
    lost = sum(
        outcome(graded, question, a).of(question) < question.points
        for a in question.wrong
    )
    kept = sum(
        outcome(graded, question, a).of(question) == question.points
        for a in question.right
    )
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
    graded: dict[str, Outcome],
) -> None:
    points = graded["solution"].points
    assert sum(points.values()) == 10 - POINTS_BY_HAND
    assert points["words"] == 0


def test_the_solution_is_right_on_the_real_digits_too(real_data: Path) -> None:
    folders = prepare_data(["mnist"]).folders
    [result] = by_engine(NAME, {"solution": SOURCE}, folders=folders).values()
    assert sum(result.points.values()) == 10 - POINTS_BY_HAND


def test_an_untouched_notebook_gets_nothing_and_says_what_to_do(
    graded: dict[str, Outcome],
) -> None:
    result = graded["untouched"]
    assert sum(result.points.values()) == 0
    for question in QUESTIONS:
        for test in question.tests:
            said = result.messages[test]
            assert re.search("not (answered|written) yet|has no value yet", said)


def test_the_points_of_all_questions_add_up_to_ten() -> None:
    questions = sum(question.points for question in QUESTIONS)
    assert questions + POINTS_BY_HAND == 10
    assert sum(cell.points for cell in CELLS if cell.grade) == 10
    points = {cell.grade_id: cell.points for cell in CELLS if cell.grade}
    assert {test for q in QUESTIONS for test in q.tests} | {"words"} == set(points)
    for question in QUESTIONS:
        assert sum(points[test] for test in question.tests) == question.points
