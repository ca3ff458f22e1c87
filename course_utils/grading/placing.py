"""Putting a student's answers into the pristine notebook.

What the student handed in never decides which questions there are, what they are worth
or how they are tested: the notebook that was released does. Of the submission it takes
the answers, and beside them the student's own cells, each in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from course_utils.grading import cells
from course_utils.grading.engine.names import uses
from course_utils.grading.handed_in import HandedCell


@dataclass(frozen=True)
class PlacedCell:
    """A cell of the notebook that is graded.

    Parameters
    ----------
    released : index of the released cell; None for a cell of the student's own.
    kind : "code", "markdown" or "raw".
    source : the answer in an answer cell, the released text in the others.
    """

    released: int | None
    kind: str
    source: str


@dataclass(frozen=True)
class Placed:
    """The notebook that is graded, and what an instructor should know of it."""

    cells: tuple[PlacedCell, ...]
    remarks: tuple[str, ...] = ()


def place(
    released: Sequence[Any], sources: Sequence[str], handed: Sequence[HandedCell]
) -> Placed:
    """Build the notebook that is graded.

    Cells are recognised by grade_id, then by id, then by their text, then by the names
    that they define, then by their place. Of an answer that occurs several times the
    last one that is no stub counts, and the others run before it. A cell that stands
    nowhere in the assignment stays between its neighbours.

    Parameters
    ----------
    released : cells of the notebook as given to the students.
    sources : for each of them the author's text, which tells what an answer defines.
    handed : cells of the notebook as handed in.
    """
    placing = _Placing(released, sources, handed)
    placing.recognise()
    placing.fill_gaps()
    placing.settle()
    return Placed(tuple(placing.sequence()), tuple(placing.remarks()))


@dataclass
class _Placing:
    released: Sequence[Any]
    sources: Sequence[str]
    handed: Sequence[HandedCell]
    home: dict[int, int] = field(default_factory=dict)  # handed → released
    answers: dict[int, str] = field(default_factory=dict)  # released → text
    own: dict[int, list[int]] = field(default_factory=dict)  # released → handed before
    notes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._names = {
            name: nth
            for nth, cell in enumerate(self.released)
            if (name := cells.grade_id(cell)) is not None
        }
        self._stubs: set[str] = set()

    # Which cell is which

    def recognise(self) -> None:
        """Find the released cell of each handed one by grade_id, id and text."""
        for nth, cell in enumerate(self.handed):
            if cell.grade_id in self._names:
                self.home[nth] = self._names[cell.grade_id]
        ids = [cell.get("id", "") for cell in self.released]
        self._match([cell.id for cell in self.handed], ids)
        texts = [_plain(cell.source) for cell in self.released]
        self._match([_plain(cell.source) for cell in self.handed], texts)
        answers = filter(cells.is_answer, self.released)
        self._stubs = {_plain(cell.source) for cell in answers}

    def _match(self, keys: Sequence[str], wanted: Sequence[str]) -> None:
        """Pair what is left on both sides and has the same key, in order."""
        places: dict[str, list[int]] = {}
        for at in self._absent():
            places.setdefault(wanted[at], []).append(at)
        for nth in self._strays():
            if keys[nth] and places.get(keys[nth]):
                self.home[nth] = places[keys[nth]].pop(0)

    def _absent(self) -> list[int]:
        taken = set(self.home.values())
        return [nth for nth in range(len(self.released)) if nth not in taken]

    def _strays(self) -> list[int]:
        """Cells without a place; a stub must not undo an answer above it."""
        return [
            nth
            for nth, cell in enumerate(self.handed)
            if nth not in self.home and _plain(cell.source) not in self._stubs
        ]

    def fill_gaps(self) -> None:
        """Give a missing answer the cell that defines its names, or stands there."""
        answers = (n for n, c in enumerate(self.released) if cells.is_answer(c))
        wanted = [nth for nth in answers if self._is_open(nth)]
        for nth in wanted:
            made = _defines(self.sources[nth])
            if _is_code(self.released[nth]) and made:
                fits = (s for s in self._strays() if made & _defines(self._source(s)))
                self._take(nth, max(fits, default=None))
        for nth in wanted:
            if nth not in self.home.values():
                code = _is_code(self.released[nth])
                fits = (
                    stray
                    for stray in self._strays()
                    if (self.handed[stray].kind == "code") is code
                    and self._source(stray).strip()
                    and self._before(stray) < nth < self._after(stray)
                )
                self._take(nth, min(fits, default=None))

    def _is_open(self, released: int) -> bool:
        """Whether nothing but stubs has been found for an answer."""
        stub = _plain(self.released[released].source)
        copies = (nth for nth, home in self.home.items() if home == released)
        return all(_plain(self._source(nth)) == stub for nth in copies)

    def _take(self, released: int, stray: int | None) -> None:
        if stray is not None:
            self.home[stray] = released
            name = cells.grade_id(self.released[released])
            self.notes.append(f"the answer {name} was found without its marks")

    def _source(self, nth: int) -> str:
        return self.handed[nth].source

    def _before(self, nth: int) -> int:
        """Released index of the last known cell above a handed one."""
        known = (self.home[n] for n in range(nth - 1, -1, -1) if n in self.home)
        return next(known, -1)

    def _after(self, nth: int) -> int:
        known = (
            self.home[n] for n in range(nth + 1, len(self.handed)) if n in self.home
        )
        return next(known, len(self.released))

    # What becomes of them

    def settle(self) -> None:
        """Decide what each released cell holds, and where the student's own go."""
        strays = self._strays()
        for nth in strays:
            self._keep(self._place_of(nth), nth)
        for at, cell in enumerate(self.released):
            copies = [nth for nth, home in self.home.items() if home == at]
            if cells.is_answer(cell):
                self._answer(at, sorted(copies), bool(strays))
            else:
                self._restore(at, sorted(copies))

    def _place_of(self, stray: int) -> int:
        above, below = self._before(stray), self._after(stray)
        if above < 0 and below == len(self.released):  # nothing is known: a script
            answers = (n for n, c in enumerate(self.released) if cells.is_answer(c))
            return next(answers, below)
        return above + 1 if 0 <= above < below else below

    def _keep(self, before: int, nth: int) -> None:
        cell = self.handed[nth]
        if not cell.source.strip():
            return
        self.own.setdefault(before, []).append(nth)
        if cell.grade_id and cell.grade_id not in self._names:
            self.notes.append(f"cell {cell.grade_id} is unknown and was kept")

    def _answer(self, at: int, copies: list[int], strays: bool) -> None:
        cell, name = self.released[at], cells.grade_id(self.released[at])
        if not copies:
            self.missing.append(str(name))
            # Here too: a cell of the student's own may define what is asked for.
            self.answers[at] = "" if strays and _is_code(cell) else cell.source
            return
        own = {
            _plain(self._source(nth)): nth
            for nth in copies
            if _plain(self._source(nth)) != _plain(cell.source)
        }
        kept = sorted(own.values()) or copies[-1:]
        if len(copies) > 1:
            self.notes.append(f"cell {name} occurs more than once")
        if any((self.handed[nth].kind == "code") != _is_code(cell) for nth in kept):
            self.notes.append(f"cell {name} had another type")
        if _is_code(cell):
            for nth in kept[:-1]:
                self._keep(at, nth)
            self.answers[at] = self._source(kept[-1])
        else:
            self.answers[at] = "\n\n".join(self._source(nth) for nth in kept)
        if not own and cells.is_graded(cell):
            self._look_below(at)

    def _look_below(self, at: int) -> None:
        """An empty answer that a person reads may stand in the cells under it."""
        code = _is_code(self.released[at])
        below = sorted(self.own.get(at + 1, []))
        found = [nth for nth in below if (self.handed[nth].kind == "code") is code]
        if found:
            self.own[at + 1] = [nth for nth in below if nth not in found]
            self.answers[at] = "\n\n".join(map(self._source, found))
            name = cells.grade_id(self.released[at])
            self.notes.append(f"the answer {name} stands in a cell below its own")

    def _restore(self, at: int, copies: list[int]) -> None:
        cell, name = self.released[at], cells.grade_id(self.released[at])
        if not copies and name:
            self.missing.append(name)
        for nth in copies:
            changed = _plain(self._source(nth)) != _plain(cell.source)
            if changed and self._source(nth).strip():
                self._keep(at if cells.is_graded(cell) else at + 1, nth)
                if name:
                    self.notes.append(f"cell {name} was changed; the original counts")

    # The result

    def sequence(self) -> Iterable[PlacedCell]:
        """All cells in the order in which they run."""
        for nth, cell in enumerate(self.released):
            yield from self._own_cells(nth)
            yield PlacedCell(nth, cell.cell_type, self.answers.get(nth, cell.source))
        yield from self._own_cells(len(self.released))

    def _own_cells(self, before: int) -> Iterable[PlacedCell]:
        for nth in sorted(self.own.get(before, ())):
            yield PlacedCell(None, self.handed[nth].kind, self._source(nth))

    def remarks(self) -> Iterable[str]:
        """What the instructor should know, each thing once."""
        if len(self.missing) > 3:
            yield f"{len(self.missing)} cells were missing and were put back"
        else:
            for name in self.missing:
                yield f"cell {name} was missing and was put back"
        yield from dict.fromkeys(self.notes)


def _plain(text: str) -> str:
    """Text without the blanks that editors change."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _is_code(cell: Any) -> bool:
    return bool(cell.cell_type == "code")


def _defines(code: str) -> frozenset[str]:
    """Names that code defines, its imports aside."""
    found = uses(code)
    if found is None:
        return frozenset()
    imported: frozenset[str] = frozenset().union(*(made for _, made in found.imports))
    return found.binds - imported
