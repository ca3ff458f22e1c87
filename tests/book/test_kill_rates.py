"""The page of kill rates shows the record, and the record fits the answers."""

import json
from pathlib import Path

import pytest

from tests.assignments.kill_rates import FILE, assignments
from tests.book.small_book import SmallBook

PAGE = "# Rates\n\n```{kill-rates}\n```\n"


def rate(question: str, grader: str, caught: int) -> dict[str, str | int]:
    """A row of the record: nine wrong answers and three right ones."""
    numbers = {"wrong": 9, "caught": caught, "told": 8, "right": 3, "accepted": 3}
    return {"assignment": "1_small", "question": question, "grader": grader, **numbers}


@pytest.fixture
def book(tmp_path: Path) -> SmallBook:
    """A book of one page with the tables."""
    book = SmallBook(tmp_path, "kill_rates", "kill_rates.json", {"index": PAGE})
    book.record(
        [
            rate("sum", "engine", 9),
            rate("mean", "engine", 8),
            rate("sum", "nbgrader", 9),
        ]
    )
    return book


def test_questions_have_a_line_for_each_grader_and_one_for_all(book: SmallBook) -> None:
    assert book.build() == (0, "")
    shown = book.text("index")
    assert "here sum 9 of 9 8 of 9 3 of 3 mean 8 of 9 8 of 9 3 of 3" in shown
    assert "all 17 of 18 16 of 18 6 of 6 in plain nbgrader sum 9 of 9" in shown


@pytest.mark.parametrize("broken", ["{", '[{"assignment": "1_small"}]'])
def test_a_record_that_cannot_be_read_is_one_warning(
    book: SmallBook, broken: str
) -> None:
    book.record_file.write_text(broken)
    code, messages = book.build()
    assert code != 0
    assert "is no record of kill rates" in messages
    assert messages.count("WARNING") == 1


def test_the_record_counts_the_answers_that_there_are() -> None:
    there = {
        (name, question.grade_id): (len(question.wrong), len(question.right))
        for name, tests in assignments().items()
        for question in tests.questions
    }
    for grader in ("engine", "nbgrader"):
        rows = [r for r in json.loads(FILE.read_text()) if r["grader"] == grader]
        counted = {
            (r["assignment"], r["question"]): (r["wrong"], r["right"]) for r in rows
        }
        assert counted.items() <= there.items()
        if grader == "engine":
            assert counted == there


def test_every_wrong_answer_is_caught_and_every_right_one_accepted() -> None:
    for row in json.loads(FILE.read_text()):
        assert row["caught"] == row["told"] == row["wrong"], row
        assert row["accepted"] == row["right"], row
