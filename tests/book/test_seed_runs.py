"""A page shows what nets reach from several seeds, in a build of a small book."""

from pathlib import Path

import pytest

from tests.book.small_book import SmallBook

CHAPTER = """# Chapter

```{seed-runs}
slow: the patient way
quick: the quick way
```
"""


@pytest.fixture
def book(tmp_path: Path) -> SmallBook:
    """A book of one chapter, with runs of two nets."""
    pages = {"index": CHAPTER}
    book = SmallBook(tmp_path, "seed_runs", "results.json", pages)
    book.keep_runs(slow=(0.93, 0.94), quick=(0.92,), other=(0.5,))
    return book


def test_every_training_has_a_row_in_the_order_of_the_page(book: SmallBook) -> None:
    assert book.build() == (0, "")
    shown = book.text("index")
    slow = "the patient way 2 94.5 % ± 0.7 93.5 % ± 0.7 93.00 to 94.00 %"
    quick = "the quick way 1 93.0 % 92.0 % 92.00 %"
    assert f"{slow} {quick}" in " ".join(shown.split())
    assert "other" not in shown


def test_another_run_is_shown_by_the_next_build(book: SmallBook) -> None:
    book.build()
    book.keep_runs(quick=(0.92, 0.93))
    assert book.build() == (0, "")
    assert "92.00 to 93.00 %" in book.text("index")


def test_a_training_without_runs_is_one_warning_and_has_no_row(book: SmallBook) -> None:
    text = CHAPTER.replace("slow:", "gone:")
    (book.folder / "index.md").write_text(text)
    code, messages = book.build()
    assert code != 0
    assert "No runs of 'gone' are kept" in messages
    assert "index.md:3: WARNING" in messages
    assert messages.count("WARNING") == 1
    assert "the quick way" in book.text("index")
