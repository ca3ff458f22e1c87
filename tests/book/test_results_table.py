"""The page of results shows the record, in a real build of a small book."""

import json
import re
from pathlib import Path

import pytest

from tests.book.small_book import CIRCUMSTANCES, SmallBook

RESULT = {
    "net": "LeNet",
    "data": "cifar10",
    "data_source": "file",
    "parameters": 62006,
    "epochs": 10,
    "seconds": 85.2,
    "seeds": 5,
    "test_accuracy": 0.6194,
    "spread": 0.0061,
    "to_reach": 0.6,
    "section": "The test set, once",
    **CIRCUMSTANCES,
}


@pytest.fixture
def book(tmp_path: Path) -> SmallBook:
    """A book of a page of results and a chapter with two nets."""
    chapter = "# LeNet\n\n## Training\n\n## The `test` set, once\n\n## Summary\n"
    pages = {
        "index": "# Book\n\n```{toctree}\nbook/05_lenet\nbook/results\n```\n",
        "book/05_lenet": chapter,
        "book/results": "# Results\n\n```{results-table}\n```\n",
    }
    book = SmallBook(tmp_path, "results_table", "results.json", pages)
    single = {"net": "MLP", "seeds": 1, "spread": None, "section": "Training"}
    book.record({"05_lenet": [RESULT, RESULT | single]})
    return book


def test_every_result_stands_against_the_figure_to_reach(book: SmallBook) -> None:
    assert book.build() == (0, "")
    shown = book.text("book/results")
    assert "LeNet 62,006 10 1 min 25 s 5 61.9 % ± 0.6 60 %" in shown
    assert "MLP 62,006 10 1 min 25 s 1 61.9 % 60 %" in shown
    assert "two CPU cores (Some CPU, 24 GB of memory) with Python 3.11" in shown


def test_a_net_leads_to_the_section_that_shows_it(book: SmallBook) -> None:
    assert book.build() == (0, "")
    chapter = book.html("book/05_lenet")
    page = book.html("book/results")
    links = re.findall(r'href="05_lenet\.html#([^"]+)"><span>(\w+)', page)
    assert links == [("the-test-set-once", "LeNet"), ("training", "MLP")]
    assert all(f'id="{anchor}"' in chapter for anchor, _ in links)


def test_a_new_result_is_shown_by_the_next_build(book: SmallBook) -> None:
    book.build()
    book.record({"05_lenet": [RESULT | {"test_accuracy": 0.655}]})
    assert book.build() == (0, "")
    assert "65.5 %" in book.text("book/results")
    assert "MLP" not in book.text("book/results")


def test_a_result_of_one_seed_is_shown_by_its_kept_runs(book: SmallBook) -> None:
    single = {"seeds": 1, "spread": None, "kept": "lenet"}
    book.record({"05_lenet": [RESULT | single]})
    book.keep_runs(lenet=(0.62, 0.64))
    assert book.build() == (0, "")
    assert "LeNet 62,006 10 1 min 25 s 2 63.0 % ± 1.4" in book.text("book/results")


def test_before_a_run_is_kept_a_result_of_one_seed_stands_for_itself(
    book: SmallBook,
) -> None:
    single = {"seeds": 1, "spread": None, "kept": "lenet"}
    book.record({"05_lenet": [RESULT | single]})
    book.keep_runs(other=(0.62,))
    assert book.build() == (0, "")
    assert "1 min 25 s 1 61.9 % 60 %" in book.text("book/results")


def test_before_the_first_result_the_page_says_so(book: SmallBook) -> None:
    book.record_file.unlink()
    assert book.build() == (0, "")
    assert "No chapter has a result on record yet." in book.text("book/results")


@pytest.mark.parametrize(
    "broken",
    ["{", "[]", json.dumps({"05_lenet": [RESULT | {"seconds": "long"}]})],
)
def test_a_record_that_cannot_be_read_is_one_warning(
    book: SmallBook, broken: str
) -> None:
    book.record_file.write_text(broken)
    code, messages = book.build()
    assert code != 0
    assert re.search(r"results\.md:3: WARNING: .* is no record of results", messages)
    assert messages.count("WARNING") == 1


@pytest.mark.parametrize("chapter", ["05_lenet", "06_gone"])
def test_a_section_that_is_gone_is_one_warning(book: SmallBook, chapter: str) -> None:
    book.record({chapter: [RESULT | {"section": "Elsewhere"}]})
    code, messages = book.build()
    assert code != 0
    assert f"No chapter “{chapter}” has a section “Elsewhere”" in messages
    assert f"run `python -m course_utils.publishing {chapter}`" in messages
    assert messages.count("WARNING") == 1
