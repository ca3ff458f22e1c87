"""Many notebooks graded at once: by the course's engine, or by plain nbgrader.

And what holds for the answers to every assignment, as tests: `AnswerTests`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import nbformat
import pytest
from nbformat import NotebookNode

from course_utils.data.arrays import save
from course_utils.data.catalogue import find
from course_utils.data.dataset import Arrays
from course_utils.data.drawn import draw
from course_utils.data.sources import DrawnSource
from course_utils.grading.engine.grader import Survey, grade
from course_utils.grading.engine.jobs import Job, cells_of
from course_utils.grading.engine.sandbox import Sandbox
from course_utils.grading.engine.verdicts import Result
from course_utils.grading.engine.warm import Nursery
from course_utils.grading.environment import prepare_data
from tests.assignments.nbgrader_course import ROOT, Graded, autograde, generate
from tests.conftest import missing
from tests.variants import Answer, Question, compose

NEEDS_NOTHING = Survey(frozenset(), frozenset()).needs
"""No test of ours has to run beside an answer or to let one change its arguments."""

GRADERS = ["engine"] + ["nbgrader"] * (os.environ.get("PLAIN_NBGRADER") == "1")
"""Plain nbgrader takes minutes and grades alike, so it is asked only on demand."""


@dataclass(frozen=True)
class Outcome:
    """One graded notebook.

    Parameters
    ----------
    points : by test cell.
    messages : what a test cell that failed says, by test cell; else empty.
    remarks : what a person should look at, by test cell; under "" the whole of it.
    plain : whether plain nbgrader graded it.
    """

    points: dict[str, float]
    messages: dict[str, str]
    remarks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    plain: bool = False

    def of(self, question: Question) -> float:
        """Points of a question, all its tests together."""
        return sum(self.points[test] for test in question.tests)

    def first_message(self, question: Question) -> str:
        """What the first failing test of a question says."""
        return next(filter(None, (self.messages[test] for test in question.tests)), "")

    def tells(self, question: Question, answer: Answer) -> bool:
        """Whether what its author reads first names the mistake."""
        wanted = (self.plain and answer.plain) or answer.message
        return bool(wanted) and wanted in self.first_message(question)

    def remarks_on(self, question: Question) -> set[str]:
        """What a person should look at in a question, or in the whole notebook."""
        return {r for test in ("", *question.tests) for r in self.remarks.get(test, ())}


def notebook(folder: str, name: str) -> NotebookNode:
    """The notebook of an assignment: of `solutions` or of `exercises`."""
    return nbformat.read(ROOT / folder / name / f"{name}.ipynb", as_version=4)


def submissions(
    name: str,
    questions: tuple[Question, ...],
    filling: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> dict[str, NotebookNode]:
    """Notebooks by student that hold all answers, as `Question.student` says.

    Where a student has no answer to a question its cell holds the filling of the group,
    or is as it was released: training the solution's net in each notebook would take
    minutes.
    """
    source, released = notebook("solutions", name), notebook("exercises", name)
    untouched = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in released.cells
        if "nbgrader" in cell.metadata
    }
    cells = {question.grade_id: untouched[question.grade_id] for question in questions}
    handed_in: dict[str, dict[str, str]] = {}
    for question in questions:
        for answer in question.answers:
            usual = cells | dict(filling.get(question.group, {}))
            mine = handed_in.setdefault(question.student(answer), usual)
            mine[question.grade_id] = answer.code
    return {student: compose(source, mine) for student, mine in handed_in.items()}


def by_engine(
    name: str,
    handed_in: Mapping[str, NotebookNode],
    *,
    folders: Mapping[str, Path] | None = None,
    env: Mapping[str, str] | None = None,
) -> dict[str, Outcome]:
    """Grade notebooks, by student, as ``course grade`` does.

    It asks the solution first what its tests need. Here the answer is known, and the
    solution would not get its points if it were wrong.

    Parameters
    ----------
    folders, env : the data sets, as in `Sandbox.data` and `Job.env`.
    """
    if shutil.which("bwrap") is None:
        missing("no bubblewrap on this machine (Debian: apt-get install bubblewrap)")
    source, released = notebook("solutions", name), notebook("exercises", name)

    def job(book: NotebookNode) -> Job:
        cells = cells_of(source, released, book)
        return Job("ada", name, name, cells, env=dict(env or {}), **NEEDS_NOTHING)

    with Nursery(Sandbox(data=dict(folders or {}))) as nursery:
        return {
            student: _outcome(grade(job(book), nursery))
            for student, book in handed_in.items()
        }


def _outcome(result: Result) -> Outcome:
    return Outcome(
        points={v.question: v.points or 0 for v in result.verdicts},
        messages={v.question: v.message for v in result.verdicts},
        remarks={"": result.flags, **{v.question: v.flags for v in result.verdicts}},
    )


def by_nbgrader(
    name: str, handed_in: Mapping[str, NotebookNode], folder: Path
) -> dict[str, Outcome]:
    """Grade notebooks, by student, with nbgrader alone, in a course made there."""
    generate(folder, name)
    graded = autograde(folder, name, handed_in)
    return {student: _without_outputs(one) for student, one in graded.items()}


def _without_outputs(graded: Graded) -> Outcome:
    tests = [name for name in graded.points if graded.cells[name].cell_type == "code"]
    messages = {test: graded.message(test) for test in tests}
    return Outcome(points=graded.points, messages=messages, plain=True)


def drawn_set(cache: Path, name: str, train: int, test: int) -> dict[str, Path]:
    """The first pictures of a drawn set, where ``data.load`` looks for all of them."""
    folder = cache / name / DrawnSource(find(name)).key
    folder.mkdir(parents=True)
    save(Arrays(**draw(name, train, test)), folder)
    cache.chmod(0o755)  # the sandbox looks at it as another user
    return {"COURSE_CACHE_DIR": cache}


def label(value: object) -> str:
    return str(value.grade_id if isinstance(value, Question) else value.name)


class AnswerTests:
    """What holds for an assignment and its variants; a file's test class inherits it.

    Attributes
    ----------
    name : the assignment.
    questions : with their answers, right and wrong.
    filling : by group of questions, what their notebooks hold in other cells.
    total : points for everything.
    by_hand : points for the questions in words.
    in_words : the cells of those.
    drawn : the image set, and how many pictures to draw for training and for testing.
    """

    name: str
    questions: tuple[Question, ...]
    filling: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    total: float = 10
    by_hand: float = 1
    in_words: tuple[str, ...] = ("words",)
    drawn: tuple[str, int, int] = ("mnist", 50, 10)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """A test of an answer runs for every one of its kind."""
        wanted = metafunc.fixturenames
        if "right" in wanted or "wrong" in wanted:
            kind = "right" if "right" in wanted else "wrong"
            pairs = [(q, a) for q in self.questions for a in getattr(q, kind)]
            metafunc.parametrize(("question", kind), pairs, ids=label)
        elif "question" in wanted:
            metafunc.parametrize("question", self.questions, ids=label)

    @pytest.fixture(scope="class")
    def source(self) -> NotebookNode:
        return notebook("solutions", self.name)

    @pytest.fixture(scope="class", params=GRADERS)
    def graded(
        self,
        request: pytest.FixtureRequest,
        source: NotebookNode,
        tmp_path_factory: pytest.TempPathFactory,
    ) -> Iterator[dict[str, Outcome]]:
        """Everything handed in, by student."""
        books = {
            "solution": source,
            "untouched": notebook("exercises", self.name),
            **submissions(self.name, self.questions, self.filling),
        }
        if request.param == "engine":
            folders = drawn_set(tmp_path_factory.mktemp("cache"), *self.drawn)
            env = {"COURSE_DATA": "drawn"}
            yield by_engine(self.name, books, folders=folders, env=env)
        else:
            request.getfixturevalue("real_data")
            folder = tmp_path_factory.mktemp("courses") / "course"
            yield by_nbgrader(self.name, books, folder)

    def outcome(
        self, graded: dict[str, Outcome], question: Question, answer: Answer
    ) -> Outcome:
        return graded[question.student(answer)]

    def test_a_right_answer_in_any_style_gets_all_points(
        self, graded: dict[str, Outcome], question: Question, right: Answer
    ) -> None:
        result = self.outcome(graded, question, right)
        assert right.points == question.points
        assert result.of(question) == question.points, result.first_message(question)
        assert result.remarks_on(question) <= set(right.remarks)

    def test_a_wrong_answer_loses_exactly_what_it_should_and_hears_why(
        self, graded: dict[str, Outcome], question: Question, wrong: Answer
    ) -> None:
        result = self.outcome(graded, question, wrong)
        message = result.first_message(question)
        assert wrong.points < question.points
        assert result.of(question) == wrong.points, message
        assert result.tells(question, wrong), message
        assert result.remarks_on(question) <= set(wrong.remarks)

    def test_each_question_has_been_tried_in_many_ways(
        self,
        graded: dict[str, Outcome],
        question: Question,
        record_property: Callable[[str, object], None],
    ) -> None:
        def points(answer: Answer) -> float:
            return self.outcome(graded, question, answer).of(question)

        lost = sum(points(answer) < question.points for answer in question.wrong)
        kept = sum(points(answer) == question.points for answer in question.right)
        record_property(
            "kill rate",
            f"{self.name:<13} {question.grade_id:<14}"
            f" {lost:>2} of {len(question.wrong)} wrong answers found,"
            f" {kept} of {len(question.right)} right ones passed",
        )
        assert len(question.wrong) >= 8
        assert len(question.right) >= 3
        assert len({answer.name for answer in question.answers}) == len(
            question.answers
        )

    def test_the_solution_gets_every_point_but_those_given_by_hand(
        self, graded: dict[str, Outcome]
    ) -> None:
        points = graded["solution"].points
        assert sum(points.values()) == pytest.approx(self.total - self.by_hand)
        assert all(points[cell] == 0 for cell in self.in_words)

    def test_the_solution_is_right_on_the_real_pictures_too(
        self, source: NotebookNode, real_data: Path
    ) -> None:
        folders = prepare_data(self.drawn[:1]).folders
        [result] = by_engine(self.name, {"solution": source}, folders=folders).values()
        points = sum(result.points.values())
        assert points == pytest.approx(self.total - self.by_hand), result.messages

    def test_an_untouched_notebook_gets_nothing_and_says_what_to_do(
        self, graded: dict[str, Outcome]
    ) -> None:
        result = graded["untouched"]
        assert sum(result.points.values()) == 0
        for question in self.questions:
            for test in question.tests:
                said = result.messages[test]
                assert re.search("not (answered|written) yet|has no value yet", said)

    def test_the_points_of_all_questions_add_up(self, source: NotebookNode) -> None:
        cells = [c.metadata.nbgrader for c in source.cells if "nbgrader" in c.metadata]
        points = {cell.grade_id: cell.points for cell in cells if cell.grade}
        asked = sum(question.points for question in self.questions)
        assert asked + self.by_hand == pytest.approx(self.total)
        assert sum(points.values()) == pytest.approx(self.total)
        tests = {test for question in self.questions for test in question.tests}
        assert tests | set(self.in_words) == set(points)
        for question in self.questions:
            assert sum(points[test] for test in question.tests) == question.points
