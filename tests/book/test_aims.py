"""Every aim is assessed, every question taught; gaps are found and said."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.errors import CourseError
from course_utils.publishing.aims import Question, aims, gaps, questions
from tests.book.small_book import SmallBook
from tests.conftest import ROOT

CHAPTER = """# Pooling

**What you will learn**

- *Compute* a maximum by hand.
- *Tell* what a shift
  does.

## By hand

## A shift `really` does what?

```{exercise-start} Windows
:label: ex-windows
```
Try.

```{exercise-end}
```
"""
AIMS = """01_pooling:
  - aim: Compute a maximum
    sections: ["By hand"]
    exercises: [ex-windows]
  - aim: Tell what
    sections: ["A shift `really` does what?"]
    exercises: []
"""
BY_HAND = 'checks.value(a, 1, read="“By hand”, chapter 1")'
SHIFT = "In your words. To read again: “A shift `really` does what?”, chapter 1."


def graded(cell: NotebookNode, points: float) -> NotebookNode:
    """A cell that nbgrader gives points for."""
    cell.metadata["nbgrader"] = {"grade": True, "points": points}
    return cell


@pytest.fixture
def book(tmp_path: Path) -> SmallBook:
    """A book of a chapter and a page of its aims, and an assignment."""
    page = "# Aims\n\n```{aims-table}\n```\n\n```{toctree}\nbook/01_pooling\n```\n"
    book = SmallBook(tmp_path, "aims_table", "aims.yml", {"index": page})
    book.record_file.write_text(AIMS)
    with (tmp_path / "conf.py").open("a") as conf:
        conf.write('extensions[0] = "myst_nb"\nextensions += ["sphinx_exercise"]\n')
        conf.write('nb_execution_mode = "off"\nexclude_patterns = ["solutions"]\n')
    chapter = new_notebook(cells=[new_markdown_cell(CHAPTER)])
    nbformat.write(chapter, tmp_path / "book" / "01_pooling.ipynb")
    (tmp_path / "solutions" / "1_pooling").mkdir(parents=True)
    hand_in(
        book,
        new_markdown_cell("## 1. A maximum (2 points)"),
        graded(new_code_cell(BY_HAND), 2),
        new_markdown_cell(f"## 2. Shifts (1.5 points)\n\n{SHIFT}"),
        graded(new_markdown_cell("An answer."), 1.5),
    )
    return book


def hand_in(book: SmallBook, *cells: NotebookNode) -> None:
    """Write the assignment."""
    path = book.folder / "solutions" / "1_pooling" / "1_pooling.ipynb"
    nbformat.write(new_notebook(cells=list(cells)), path)


def found(book: SmallBook) -> list[str]:
    """The gaps of a small book."""
    folder = book.folder
    return gaps(aims(folder / "book"), questions(folder / "solutions"))


def test_in_this_course_every_aim_is_assessed_and_every_question_taught() -> None:
    assert not gaps(aims(ROOT / "book"), questions(ROOT / "solutions"))


def test_all_points_of_every_assignment_are_counted() -> None:
    points: dict[str, float] = {}
    for question in questions(ROOT / "solutions"):
        mine = sum(test.points for test in question.tests)
        points[question.assignment] = points.get(question.assignment, 0) + mine
    assert set(points.values()) == {10}


def test_a_test_in_code_calls_a_check() -> None:
    for question in questions(ROOT / "solutions"):
        assert by_a_person(question) or all(test.checks for test in question.tests)


def by_a_person(question: Question) -> bool:
    """Whether a question is answered in words."""
    return "own words" in question.title


def test_an_aim_that_nothing_assesses_is_a_gap(book: SmallBook) -> None:
    assert found(book) == []
    hand_in(book, new_markdown_cell("## 1. A"), graded(new_code_cell(BY_HAND), 2))
    assert found(book) == ["01_pooling: nothing assesses “Tell what a shift does.”"]


def test_a_question_that_nothing_teaches_is_a_gap(book: SmallBook) -> None:
    book.record_file.write_text(AIMS.replace("A shift `really` does what?", "By hand"))
    assert found(book) == [
        "1_pooling, 2. Shifts: no aim has “A shift `really` does what?”, chapter 1"
    ]


def test_a_question_on_a_chapter_to_come_is_no_gap(book: SmallBook) -> None:
    path = book.folder / "solutions" / "1_pooling" / "1_pooling.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    more = graded(new_code_cell(BY_HAND.replace("chapter 1", "chapter 2")), 1)
    hand_in(book, *cells, new_markdown_cell("## 3. More (1 point)"), more)
    assert found(book) == []


def test_a_question_that_does_not_say_what_to_read_is_a_gap(book: SmallBook) -> None:
    loose = new_markdown_cell("## 3. More (1 point)")
    path = book.folder / "solutions" / "1_pooling" / "1_pooling.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    hand_in(book, *cells, loose, graded(new_code_cell("checks.value(b, 1)"), 1))
    assert found(book) == ["1_pooling, 3. More: it does not say what to read"]


@pytest.mark.parametrize(
    ("there", "wrong", "said"),
    [
        ("By hand", "By foot", "01_pooling has no “By foot”"),
        ("ex-windows", "ex-doors", "01_pooling has no “ex-doors”"),
        ("Tell what", "Say what", "does not have the aims of 01_pooling, in their"),
        ("01_pooling", "02_other", "does not have the aims of 01_pooling"),
    ],
)
def test_what_the_chapter_does_not_have_is_one_sentence(
    book: SmallBook, there: str, wrong: str, said: str
) -> None:
    book.record_file.write_text(AIMS.replace(there, wrong))
    with pytest.raises(CourseError, match=re.escape(said)):
        aims(book.folder / "book")


def test_the_page_leads_from_an_aim_to_its_questions(book: SmallBook) -> None:
    assert book.build() == (0, "")
    shown = book.text("index")
    aim = "Compute a maximum by hand. Taught in By hand Practised in Windows"
    assert f"{aim} Assessed by 1_pooling, 1. A maximum ( value , 2 points)" in shown
    assert "1_pooling, 2. Shifts (by a person, 1.5 points)" in shown
    for anchor in ("a-shift-really-does-what", "ex-windows"):
        assert f'href="book/01_pooling.html#{anchor}"' in book.html("index")
        assert f'id="{anchor}"' in book.html("book/01_pooling")


def test_a_gap_is_a_warning_of_the_build(book: SmallBook) -> None:
    hand_in(book, new_markdown_cell("## 1. A"), graded(new_code_cell(BY_HAND), 2))
    code, messages = book.build()
    assert code != 0
    assert "nothing assesses “Tell what a shift does.”" in messages
