"""Twelve submissions of the kinds that a grader meets in a real class."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from course_utils.grading import cells
from course_utils.grading.handed_in import read_cells

WORDS = "The filter answers wherever its pattern is, because it slides."
LOOP = "while True:\n    pass"


class Answer(Protocol):
    """What goes into an answer cell, and the points it is worth."""

    @property
    def code(self) -> str: ...
    @property
    def points(self) -> float: ...


class Question(Protocol):
    """An answer cell, and right and wrong answers for it."""

    @property
    def grade_id(self) -> str: ...
    @property
    def right(self) -> Sequence[Answer]: ...
    @property
    def wrong(self) -> Sequence[Answer]: ...


class Compose(Protocol):
    """Puts sources into a copy of a notebook, by grade_id."""

    def __call__(self, notebook: Any, cells: Mapping[str, str], /) -> Any: ...


@dataclass(frozen=True)
class Sample:
    """One submission.

    Parameters
    ----------
    student : plain id.
    what : what is special about it.
    text : content of the file that was handed in.
    points : points that its tests must give.
    """

    student: str
    what: str
    text: str
    points: float


def sample_class(
    released: Any, questions: Sequence[Question], compose: Compose
) -> list[Sample]:
    """The class, the same bytes every time.

    Parameters
    ----------
    released : the students' version of a notebook.
    questions : answers to its questions.
    compose : puts answers into a copy of the notebook.
    """
    last = questions[-1].grade_id
    right = [_pick(questions, style, lambda _: True) for style in range(3)]
    half = _pick(questions, 0, lambda index: index % 2 == 0)
    one_wrong = _pick(questions, 1, lambda index: index != 0)
    wrong = _pick(questions, 0, lambda _: False)

    def filled(answers: Mapping[str, Answer]) -> Any:
        code = {name: answer.code for name, answer in answers.items()}
        return compose(released, code | _words(released))

    full = _worth(right[0])
    endless = {name: answer for name, answer in right[0].items() if name != last}
    looping = compose(filled(right[0]), {last: LOOP})
    whole = _text(filled(right[1]))
    cut = whole[: len(whole) // 2]
    kept = {cell.grade_id for cell in read_cells(cut.encode())[0]}
    before_cut = {name: answer for name, answer in right[1].items() if name in kept}
    kinds: list[tuple[str, str, float]] = [
        ("right", _text(filled(right[0])), full),
        ("right, in another style", _text(filled(right[1])), full),
        ("right, in a third style", _text(filled(right[2])), full),
        ("one question wrong", _text(filled(one_wrong)), _worth(one_wrong)),
        ("every other question wrong", _text(filled(half)), _worth(half)),
        ("all wrong", _text(filled(wrong)), _worth(wrong)),
        ("nothing answered", _text(released), 0.0),
        ("right, but a test cell deleted", _text(_untested(filled(right[0]))), full),
        ("an endless loop in the last question", _text(looping), _worth(endless)),
        ("a notebook without cells", _text(_emptied(released)), 0.0),
        ("an empty file", "", 0.0),
        ("a file cut off in the middle", cut, _worth(before_cut)),
    ]
    return [
        Sample(f"s{number:02}", what, text, points)
        for number, (what, text, points) in enumerate(kinds, start=1)
    ]


def _pick(
    questions: Sequence[Question], style: int, is_right: Any
) -> dict[str, Answer]:
    """An answer to each question: right or wrong, in the style of that number."""
    chosen = {}
    for index, question in enumerate(questions):
        answers = question.right if is_right(index) else question.wrong
        chosen[question.grade_id] = answers[style % len(answers)]
    return chosen


def _worth(answers: Mapping[str, Answer]) -> float:
    return sum(answer.points for answer in answers.values())


def _words(notebook: Any) -> dict[str, str]:
    """A text for each question that is answered in words."""
    return {
        str(cells.grade_id(cell)): WORDS
        for cell in notebook.cells
        if cells.is_answer(cell) and cells.is_graded(cell)
    }


def _untested(notebook: Any) -> Any:
    test = next(cell for cell in notebook.cells if cells.is_test(cell))
    notebook.cells.remove(test)
    return notebook


def _emptied(notebook: Any) -> Any:
    empty = copy.deepcopy(notebook)
    empty.cells = []
    return empty


def _text(notebook: Any) -> str:
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
