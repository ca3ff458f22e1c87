"""The pages say what a chapter's full run took, in a real build of a small book."""

import re
from pathlib import Path

import pytest

from tests.book.small_book import CIRCUMSTANCES, SmallBook

RUN = {
    "cells": "0" * 16,
    "data_source": {"mnist": "file"},
    "date": "2026-11-20",
    "peak_mb": 1234,
    "seconds": 41.3,
    **CIRCUMSTANCES,
}


@pytest.fixture
def book(tmp_path: Path) -> SmallBook:
    """A book of a setup page and two chapters, both with a run on record."""
    pages = {
        "index": "# Book\n\n```{toctree}\nbook/setup\nbook/01_a\nbook/02_b\n```\n",
        "book/setup": "# Setting up\n\n```{run-table}\n```\n",
        "book/01_a": "# First chapter\n\n```{run-cost}\n```\n",
        "book/02_b": "# Second chapter\n\n```{run-cost} 02_b\n```\n",
    }
    book = SmallBook(tmp_path, "run_cost", "runs.json", pages)
    book.record({"01_a": RUN, "02_b": RUN | {"seconds": 727, "peak_mb": 640}})
    return book


def test_pages_say_what_the_chapters_took(book: SmallBook) -> None:
    assert book.build() == (0, "")
    assert "Measured on two CPU cores: 41 s, 1.2 GB at most." in book.text("book/01_a")
    assert "Measured on two CPU cores: 12 min 7 s, 640 MB" in book.text("book/02_b")


def test_the_table_leads_to_every_chapter_and_names_the_circumstances(
    book: SmallBook,
) -> None:
    assert book.build() == (0, "")
    html = book.html("book/setup")
    assert re.search(r'<td>.*href="01_a.html".*First chapter', html)
    shown = book.text("book/setup")
    assert re.search(r"Second chapter\s+12 min 7 s\s+640 MB\s+2026-11-20", shown)
    assert (
        "two CPU cores (Some CPU, 24 GB of memory) with Python 3.11, Keras 3.15.1, "
        "NumPy 2.4.0 and TensorFlow 2.21.0." in shown
    )


def test_a_new_run_is_shown_by_the_next_build(book: SmallBook) -> None:
    book.build()
    book.record({"01_a": RUN | {"seconds": 95}, "02_b": RUN})
    assert book.build() == (0, "")
    assert "1 min 35 s" in book.text("book/01_a")


def test_a_chapter_that_was_never_run_in_full_fails_the_build(book: SmallBook) -> None:
    book.record({"01_a": RUN})
    code, messages = book.build()
    assert code != 0
    assert re.search(r"02_b\.md:3: WARNING: There is no full run of “02_b”", messages)
    assert "01_a" not in messages


def test_a_record_that_cannot_be_read_fails_the_build(book: SmallBook) -> None:
    book.record_file.write_text("{")
    code, messages = book.build()
    assert code != 0
    assert "no record of runs" in messages
