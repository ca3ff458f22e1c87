"""Submissions whose cells were deleted, copied, moved, retyped or edited."""

from __future__ import annotations

import contextlib
import copy
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.grading import cells, placing
from course_utils.grading.handed_in import HandedCell
from course_utils.grading.placing import Placed
from tests.grading import tiny

STUB = "\n    # YOUR CODE HERE\n    raise NotImplementedError()"
STUBS = {"double": f"def double(x):{STUB}", "mean": f"def mean(x):{STUB}"}
RELEASED = tiny.answered(tiny.source(), STUBS | {"words": "YOUR ANSWER HERE"}).cells
SOURCES = {cells.grade_id(cell): cell.source for cell in tiny.source().cells}


def place(handed: list[HandedCell]) -> Placed:
    return placing.place(
        RELEASED, [cell.source for cell in tiny.source().cells], handed
    )


def handed_in(**answers: str) -> list[HandedCell]:
    """The notebook with right answers, some of them replaced."""
    texts = {**tiny.RIGHT, **answers}
    return [
        HandedCell(
            cell.cell_type,
            texts.get(name := cells.grade_id(cell) or "", cell.source),
            name,
            cell.id,
        )
        for cell in RELEASED
    ]


def at(handed: list[HandedCell], name: str) -> int:
    return [cell.grade_id for cell in handed].index(name)


def change(handed: list[HandedCell], name: str, **fields: str) -> list[HandedCell]:
    """The same notebook with one cell changed."""
    nth = at(handed, name)
    cell = HandedCell(**{**vars(handed[nth]), **fields})
    return [*handed[:nth], cell, *handed[nth + 1 :]]


def earned(placed: Placed) -> dict[str, float]:
    """Points that the notebook earns when Python runs it from top to bottom."""
    names: dict[str, Any] = {}
    points: dict[str, float] = {}
    for cell in placed.cells:
        one = None if cell.released is None else RELEASED[cell.released]
        name = cells.grade_id(one) if one is not None else None
        if cell.kind != "code":
            continue
        code = SOURCES[name] if name in ("test_double", "test_mean") else cell.source
        with contextlib.suppress(Exception):
            exec(compile(code, "cell", "exec"), names)
            if one is not None and cells.is_test(one):
                points[str(name)] = cells.max_points(one)
    return points


FULL = {"test_double": 2.0, "test_mean": 3.0}


def answer(placed: Placed, name: str) -> str:
    for cell in placed.cells:
        if (
            cell.released is not None
            and cells.grade_id(RELEASED[cell.released]) == name
        ):
            return cell.source
    raise KeyError(name)


def own(placed: Placed) -> list[str]:
    """Cells of the student's own that are kept."""
    return [cell.source for cell in placed.cells if cell.released is None]


def test_an_orderly_submission_gives_its_answers_and_no_remark() -> None:
    placed = place(handed_in())
    assert placed.remarks == ()
    assert [cell.released for cell in placed.cells] == list(range(len(RELEASED)))
    assert {name: answer(placed, name) for name in tiny.RIGHT} == tiny.RIGHT
    assert earned(placed) == FULL


def test_nothing_at_all_gives_the_empty_notebook() -> None:
    placed = place([])
    assert [cell.source for cell in placed.cells] == [cell.source for cell in RELEASED]
    assert placed.remarks == ("6 cells were missing and were put back",)


@pytest.mark.parametrize("name", ["setup", "test_double", "test_mean"])
def test_a_deleted_cell_comes_back(name: str) -> None:
    handed = handed_in()
    del handed[at(handed, name)]
    placed = place(handed)
    assert placed.remarks == (f"cell {name} was missing and was put back",)
    assert earned(placed) == FULL


def test_an_edited_test_is_restored_and_the_edit_kept() -> None:
    placed = place(change(handed_in(), "test_mean", source="mean = 1"))
    assert answer(placed, "test_mean") == tiny.MEAN_TEST
    assert own(placed) == ["mean = 1"]
    assert placed.remarks == ("cell test_mean was changed; the original counts",)


def test_an_answer_without_its_marks_is_known_by_its_id() -> None:
    placed = place(change(handed_in(), "words", grade_id=""))
    assert answer(placed, "words") == tiny.RIGHT["words"]
    assert placed.remarks == ()


@pytest.mark.parametrize("name", ["double", "mean", "words"])
def test_an_answer_without_any_mark_is_known_by_its_names_or_place(name: str) -> None:
    placed = place(change(handed_in(), name, grade_id="", id=""))
    assert answer(placed, name) == tiny.RIGHT[name]
    assert placed.remarks == (f"the answer {name} was found without its marks",)


def test_an_answer_that_was_made_text_is_code_again() -> None:
    placed = place(change(handed_in(), "double", kind="markdown"))
    assert earned(placed) == FULL
    assert placed.remarks == ("cell double had another type",)


@pytest.mark.parametrize("stub_first", [True, False])
def test_a_stub_beside_the_answer_does_not_count(stub_first: bool) -> None:
    handed = handed_in()
    stub = HandedCell("code", STUBS["double"], "double", "")
    handed.insert(at(handed, "double") + (not stub_first), stub)
    placed = place(handed)
    assert answer(placed, "double") == tiny.RIGHT["double"]
    assert own(placed) == []
    assert placed.remarks == ("cell double occurs more than once",)


def test_of_an_answer_cut_in_two_both_parts_run() -> None:
    handed = handed_in(double="def double(x):\n    return helper(x)")
    helper = HandedCell("code", "def helper(x):\n    return 2 * x", "double", "")
    handed.insert(at(handed, "double"), helper)
    placed = place(handed)
    assert own(placed) == [helper.source]
    assert earned(placed) == FULL


def test_words_cut_in_two_are_joined() -> None:
    handed = handed_in()
    handed.append(HandedCell("markdown", "And more.", "words", ""))
    placed = place(handed)
    assert answer(placed, "words") == f"{tiny.RIGHT['words']}\n\nAnd more."


def test_words_written_below_their_cell_are_found() -> None:
    handed = handed_in(words="YOUR ANSWER HERE")
    handed.append(HandedCell("markdown", "Below.", "", ""))
    placed = place(handed)
    assert answer(placed, "words") == "Below."
    assert placed.remarks == ("the answer words stands in a cell below its own",)


def test_moved_cells_go_back_and_take_their_helpers_along() -> None:
    handed = handed_in(double="def double(x):\n    return twice * x")
    moved = [handed.pop(at(handed, "double")), handed.pop(at(handed, "test_double"))]
    handed += [HandedCell("code", "twice = 2"), *moved]
    placed = place(handed)
    assert earned(placed) == FULL
    assert placed.remarks == ()


def test_a_cell_of_the_students_own_stays_and_an_unknown_name_is_flagged() -> None:
    handed = handed_in(double="def double(x):\n    return two() * x")
    handed.insert(2, HandedCell("code", "def two():\n    return 2", "made_up", "x1"))
    placed = place(handed)
    assert placed.cells[2].source.startswith("def two")
    assert placed.remarks == ("cell made_up is unknown and was kept",)
    assert earned(placed) == FULL


def test_a_script_without_any_mark_earns_its_points() -> None:
    texts = [tiny.RIGHT["mean"], "print(mean([1]))", tiny.RIGHT["double"]]
    placed = place([HandedCell("code", text) for text in texts])
    assert earned(placed) == FULL
    assert own(placed) == ["print(mean([1]))"]


# Every way at once

Change = Callable[[list[HandedCell], random.Random], list[HandedCell]]


def _any(handed: list[HandedCell], chance: random.Random) -> int:
    return chance.randrange(len(handed))


def _delete_locked(handed: list[HandedCell], chance: random.Random) -> list[HandedCell]:
    nth = _any(handed, chance)
    answers = tiny.RIGHT.values()
    return [c for n, c in enumerate(handed) if n != nth or c.source in answers]


def _duplicate(handed: list[HandedCell], chance: random.Random) -> list[HandedCell]:
    handed.insert(_any(handed, chance), handed[_any(handed, chance)])
    return handed


def _stub(handed: list[HandedCell], chance: random.Random) -> list[HandedCell]:
    name = chance.choice(["double", "mean"])
    handed.insert(_any(handed, chance), HandedCell("code", STUBS[name], name, ""))
    return handed


def _forget(handed: list[HandedCell], chance: random.Random) -> list[HandedCell]:
    fields = chance.choice([{"grade_id": ""}, {"grade_id": "x"}, {"id": ""}])
    nth = _any(handed, chance)
    handed[nth] = HandedCell(**{**vars(handed[nth]), **fields})
    return handed


def _retype(handed: list[HandedCell], chance: random.Random) -> list[HandedCell]:
    nth = _any(handed, chance)
    kind = chance.choice(["code", "markdown", "raw"])
    if handed[nth].grade_id:
        handed[nth] = HandedCell(**{**vars(handed[nth]), "kind": kind})
    return handed


def _scribble(handed: list[HandedCell], chance: random.Random) -> list[HandedCell]:
    kind = chance.choice(["code", "markdown", "raw"])
    text = chance.choice(["print(1)", "1/0", "(((", "# note", "", "%matplotlib inline"])
    name = chance.choice(["", "", "made_up", "setup", "test_mean"])
    handed.insert(_any(handed, chance), HandedCell(kind, text, name, ""))
    return handed


def _shuffle(handed: list[HandedCell], chance: random.Random) -> list[HandedCell]:
    return chance.sample(handed, len(handed))


CHANGES: list[Change] = [
    _delete_locked,
    _duplicate,
    _stub,
    _forget,
    _retype,
    _scribble,
    _shuffle,
]


@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(CHANGES)))
def test_no_change_of_structure_costs_a_point(
    chance: random.Random, changes: list[Change]
) -> None:
    handed = handed_in()
    for one in changes:
        handed = one(copy.copy(handed), chance)
    placed = place(handed)
    assert earned(placed) == FULL
    known = [cell.released for cell in placed.cells if cell.released is not None]
    assert known == list(range(len(RELEASED)))
    everything = "\n".join(cell.source for cell in placed.cells)
    assert tiny.RIGHT["words"] in everything


CELLS = st.builds(
    HandedCell,
    st.sampled_from(["code", "markdown", "raw"]),
    st.text(max_size=30) | st.sampled_from([*tiny.RIGHT.values(), *STUBS.values()]),
    st.sampled_from(["", "x", *filter(None, SOURCES)]),
    st.sampled_from(["", "y", *(cell.id for cell in RELEASED)]),
)


@given(st.lists(CELLS, max_size=12))
def test_any_cells_at_all_give_the_whole_notebook(handed: list[HandedCell]) -> None:
    placed = place(handed)
    known = [cell.released for cell in placed.cells if cell.released is not None]
    assert known == list(range(len(RELEASED)))
    for cell in placed.cells:
        if cell.released is not None and cells.is_locked(RELEASED[cell.released]):
            assert cell.source == RELEASED[cell.released].source
