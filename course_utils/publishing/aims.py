"""From each aim of a chapter to what teaches it and what assesses it.

A chapter lists its aims at the top. ``book/aims.yml`` says which of its sections teach
each of them and which exercises practise it. A question of an assignment names the
sections to read, in its text or in its tests: “Stride”, chapter 2. So an aim leads to
questions by the sections that both have in common.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml
from nbformat import NotebookNode

from course_utils.errors import CourseError
from course_utils.publishing.chapters import chapters, read

AIMS = re.compile(r"\*\*What you will learn\*\*\n+((?:- .*\n(?:  .*\n)*)+)")
HEADING = re.compile(r"^#{2,3} +(.+?)\s*$", re.M)
EXERCISE = re.compile(
    r"^[`:]{3}\{exercise-start\} *(.*)\n:label: (\S+)\n[`:]{3}\n+(?:\*\*(.+?)\.?\*\*)?",
    re.M,
)
QUESTION = re.compile(r"^## (\d+\. .+?)(?: \([\d.]+ points?\))?\s*$", re.M)
REFERENCE = re.compile(r"((?:“[^”]+”(?:,| and)?\s+)*“[^”]+”),\s+chapter\s+(\d+)")

CHECKERS = {path.stem for path in (Path(__file__).parents[1] / "checks").glob("*.py")}
CHECKERS |= {"checks"}


@dataclass(frozen=True)
class Section:
    """A heading of a chapter, by the chapter's number."""

    chapter: int
    title: str

    def __str__(self) -> str:
        return f"“{self.title}”, chapter {self.chapter}"


@dataclass(frozen=True)
class Aim:
    """What a reader is to be able to do.

    Attributes
    ----------
    chapter : file name without suffix.
    text : as the chapter has it, without emphasis.
    sections : what teaches it.
    exercises : labels and titles of those that practise it.
    """

    chapter: str
    text: str
    sections: tuple[Section, ...]
    exercises: dict[str, str]


@dataclass(frozen=True)
class Test:
    """A graded cell: its points, the checks that it calls, the sections it names."""

    points: float
    checks: tuple[str, ...]
    sections: frozenset[Section]


@dataclass(frozen=True)
class Question:
    """A question of an assignment with its tests; one in words has its points alone."""

    assignment: str
    title: str
    tests: tuple[Test, ...]

    @cached_property
    def sections(self) -> frozenset[Section]:
        """Every section that a test of it names."""
        return frozenset().union(*(test.sections for test in self.tests))

    def on(self, aim: Aim) -> tuple[Test, ...]:
        """The tests that an aim is assessed by."""
        return tuple(t for t in self.tests if t.sections & set(aim.sections))


def number(chapter: str) -> int:
    """The 2 of ``02_convolution_arithmetic``."""
    return int(chapter.split("_")[0])


def aims(book: Path) -> list[Aim]:
    """Every aim of every chapter, in order.

    Raises
    ------
    CourseError : if ``aims.yml`` and the chapters do not agree.
    """
    path = book / "aims.yml"
    listed = yaml.safe_load(path.read_text("utf-8"))
    found = []
    for chapter, file in chapters(book).items():
        text = markdown(read(file))
        told = AIMS.search(text)
        bullets = told.group(1).replace("*", "").split("\n- ") if told else []
        bullets = [" ".join(one.removeprefix("- ").split()) for one in bullets]
        entries = listed.get(chapter, [])
        if [*map(len, (entries, bullets))] != [len(bullets)] * 2 or not all(
            bullet.startswith(entry["aim"])
            for bullet, entry in zip(bullets, entries, strict=True)
        ):
            raise CourseError(
                f"{path.name} does not have the aims of {chapter}, in their order: "
                f"{'; '.join(bullets) or 'none'}."
            )
        found += [
            one_aim(path, chapter, text, *pair)
            for pair in zip(bullets, entries, strict=True)
        ]
    if gone := set(listed) - {aim.chapter for aim in found}:
        raise CourseError(f"{path.name} has {', '.join(sorted(gone))}: no chapter.")
    return found


def one_aim(
    path: Path, chapter: str, text: str, bullet: str, entry: dict[str, list[str]]
) -> Aim:
    """An aim, of which the chapter has all sections and exercises."""
    exercises = {label: title or bold for title, label, bold in EXERCISE.findall(text)}
    there = {*HEADING.findall(text), *exercises}
    for named in [*entry["sections"], *entry["exercises"]]:
        if named not in there:
            raise CourseError(f"{path.name}: {chapter} has no “{named}”.")
    return Aim(
        chapter,
        bullet,
        tuple(Section(number(chapter), title) for title in entry["sections"]),
        {label: exercises[label] for label in entry["exercises"]},
    )


def questions(solutions: Path) -> list[Question]:
    """Every question of every assignment, in order."""
    return [
        question
        for file in sorted(solutions.glob("*/*.ipynb"))
        for question in asked(file.stem, read(file))
    ]


def asked(assignment: str, notebook: NotebookNode) -> Iterator[Question]:
    """The questions of an assignment.

    What the text of a question names counts for those of its tests that name nothing.
    """
    title, text, tests = "", "", list[Test]()
    for cell in notebook.cells:
        told = cell.metadata.get("nbgrader", {})
        if heading := QUESTION.search(cell.source):
            if tests:
                yield Question(assignment, title, tuple(tests))
            title, text, tests = heading.group(1), "", []
        if told.get("grade"):
            named = sections_in(cell.source) if cell.cell_type == "code" else set()
            calls = checks_in(cell.source) if cell.cell_type == "code" else ()
            named = named or sections_in(text)
            tests.append(Test(float(told.points), calls, frozenset(named)))
        elif cell.cell_type == "markdown":
            text += cell.source
    if tests:
        yield Question(assignment, title, tuple(tests))


def sections_in(text: str) -> set[Section]:
    """What a text sends its reader to.

    Examples
    --------
    >>> for section in sorted(map(str, sections_in("see “Stride”, chapter 2"))):
    ...     print(section)
    “Stride”, chapter 2
    """
    return {
        Section(int(chapter), " ".join(title.split()))
        for titles, chapter in REFERENCE.findall(text)
        for title in re.findall(r"“([^”]+)”", titles)
    }


def checks_in(source: str) -> tuple[str, ...]:
    """Names of the checks that a cell calls, without ``checks.``, in order.

    Examples
    --------
    >>> checks_in("checks.value(a, 1)\\nleaks.mixed(b)\\nchecks.value(c, 2)")
    ('value', 'leaks.mixed')
    """
    called = [
        ast.unparse(node.value.func)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]
    return tuple(
        dict.fromkeys(
            name.removeprefix("checks.")
            for name in called
            if name.split(".")[0] in CHECKERS
        )
    )


def gaps(aims: Iterable[Aim], questions: Iterable[Question]) -> list[str]:
    """What is taught and not assessed, or assessed and not taught; best none.

    A question on a chapter that the book does not have yet is not judged.
    """
    aims, questions = list(aims), list(questions)
    taught = {section for aim in aims for section in aim.sections}
    there = {number(aim.chapter) for aim in aims}
    found = [
        f"{aim.chapter}: nothing assesses “{aim.text}”"
        for aim in aims
        if not any(question.on(aim) for question in questions)
    ]
    for question in questions:
        name = f"{question.assignment}, {question.title}"
        if any(not test.sections for test in question.tests):
            found += [f"{name}: it does not say what to read"]
        loose = {one for one in question.sections - taught if one.chapter in there}
        found += [
            f"{name}: no aim has {section}" for section in sorted(map(str, loose))
        ]
    return found


def markdown(notebook: NotebookNode) -> str:
    """All text of a notebook."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return "\n\n".join(texts) + "\n"
