"""Writes how well the tests of the assignments tell answers apart, for its page.

    python -m tests.assignments.kill_rates [assignment …] [--grader engine|nbgrader]

All right and wrong answers to every question go through the course's own grader, on
drawn pictures, or through plain nbgrader, on real ones. What there is of other
assignments, and of the other grader, is kept.
"""

import argparse
import importlib
import json
import tempfile
import time
from pathlib import Path

from tests.assignments.graders import (
    AnswerTests,
    Outcome,
    by_engine,
    by_nbgrader,
    drawn_set,
    submissions,
)
from tests.conftest import ROOT
from tests.variants import Question

FILE = ROOT / "book" / "kill_rates.json"

Row = dict[str, str | int]


def assignments() -> dict[str, type[AnswerTests]]:
    """What is known of every assignment's variants, by its name."""
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        importlib.import_module(f"{__package__}.{path.stem}")
    found = {tests.name: tests for tests in AnswerTests.__subclasses__()}
    return dict(sorted(found.items()))


def graded(tests: type[AnswerTests], grader: str, folder: Path) -> dict[str, Outcome]:
    """Every answer to every question, by student."""
    books = submissions(tests.name, tests.questions, tests.filling)
    if grader == "nbgrader":
        return by_nbgrader(tests.name, books, folder / "course")
    folders = drawn_set(folder, *tests.drawn)
    env = {"COURSE_DATA": "drawn"}
    return by_engine(tests.name, books, folders=folders, env=env)


def row(name: str, question: Question, grader: str, seen: dict[str, Outcome]) -> Row:
    """How many answers to a question got what they should.

    A wrong answer is caught if it gets exactly the points that are left to it, and told
    if the message names its mistake, too.
    """
    outcomes = {answer: seen[question.student(answer)] for answer in question.answers}
    exact = [a for a, found in outcomes.items() if found.of(question) == a.points]
    wrong = [answer for answer in exact if answer in question.wrong]
    told = [answer for answer in wrong if outcomes[answer].tells(question, answer)]
    for answer in outcomes:
        if answer not in (told if answer in question.wrong else exact):
            print(f"{grader}: {name}, {question.grade_id}: {answer.name}", flush=True)
    return {
        "assignment": name,
        "question": question.grade_id,
        "grader": grader,
        "wrong": len(question.wrong),
        "caught": len(wrong),
        "told": len(told),
        "right": len(question.right),
        "accepted": len(exact) - len(wrong),
    }


def main() -> None:
    """Grade, and write the rows, assignment by assignment."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    every = assignments()
    parser.add_argument("names", nargs="*", choices=[[], *every], metavar="assignment")
    parser.add_argument("--grader", choices=["engine", "nbgrader"], default="engine")
    given = parser.parse_args()
    for name in given.names or every:
        began, tests = time.perf_counter(), every[name]
        with tempfile.TemporaryDirectory() as folder:
            seen = graded(tests, given.grader, Path(folder))
        fresh = [row(name, one, given.grader, seen) for one in tests.questions]
        rows: list[Row] = json.loads(FILE.read_text("utf-8")) if FILE.exists() else []
        replaced = (name, given.grader)
        rows = [r for r in rows if (r["assignment"], r["grader"]) != replaced] + fresh
        rows.sort(key=lambda r: (r["assignment"], r["grader"]))
        text = ",\n".join(json.dumps(one) for one in rows)
        FILE.write_text(f"[\n{text}\n]\n", "utf-8")
        print(f"{name}: {time.perf_counter() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
