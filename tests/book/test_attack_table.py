"""The page on grading shows what attacks earn, in a real build of a small book."""

from pathlib import Path

import pytest

from tests.book.small_book import SmallBook

PAGE = "# Attacks\n\n```{attack-summary}\n```\n\n```{attack-table}\n```\n"


def attack(family: str, name: str, plain: float | None) -> dict[str, object]:
    points = {"honest": 3.0, "plain": plain, "engine": 3.0}
    return {"family": family, "attack": name, **points}


ATTACKS = [
    attack("hooks", "cells do not run any more", 5.0),
    attack("hooks", "every event raises", 0.0),
    attack("hooks", "a hook of threads", 3.0),
    attack("files", "the packages are overwritten", None),
]


@pytest.fixture
def book(tmp_path: Path) -> SmallBook:
    """A book of one page with both tables."""
    book = SmallBook(tmp_path, "attack_table", "grading_attacks.json", {"index": PAGE})
    book.record(ATTACKS)
    return book


def test_a_family_counts_points_for_nothing_and_points_lost(book: SmallBook) -> None:
    assert book.build() == (0, "")
    shown = book.text("index")
    assert "hooks 1 1 3 of 3" in shown
    assert "files 0 1 1 of 1" in shown
    assert "all 1 2 4 of 4" in shown


def test_each_attack_stands_under_its_family_with_its_points(book: SmallBook) -> None:
    assert book.build() == (0, "")
    shown = book.text("index")
    assert "hooks cells do not run any more 5 3 every event raises 0 3" in shown
    assert "files the packages are overwritten lost 3" in shown


def test_an_attack_that_earns_more_here_would_be_seen(book: SmallBook) -> None:
    through = ATTACKS[0] | {"engine": 5.0}
    book.record([through, *ATTACKS[1:]])
    assert book.build() == (0, "")
    assert "hooks 1 1 2 of 3" in book.text("index")


@pytest.mark.parametrize("broken", ["{", "[{}]", '{"a": 1}'])
def test_a_record_that_cannot_be_read_fails_the_build(
    book: SmallBook, broken: str
) -> None:
    book.record_file.write_text(broken)
    code, messages = book.build()
    assert code != 0
    assert "is no record of attacks" in messages
