"""Honest notebooks get the points that plain nbgrader gives, its own faults aside."""

import tempfile
from itertools import islice
from pathlib import Path
from textwrap import dedent

import pytest

from course_utils.grading.engine.grader import grade
from course_utils.grading.engine.jobs import Job
from course_utils.grading.engine.warm import Nursery
from tests.grading.engine.plain import Points, grade_plainly
from tests.grading.engine.test_honest import AFTER, AROUND, STYLES
from tests.grading.engine.unit import (
    DOUBLE,
    MEAN,
    TEST_DOUBLE,
    TEST_MEAN,
    WRONG_DOUBLE,
    submission,
)

pytestmark = pytest.mark.thorough

# What plain nbgrader takes from honest students, and how.
FAULTS = {
    "a question to the user": "`input()` is an error there, so the cell stops",
    "exit()": "the kernel ends, and with it every later cell",
    "quit()": "the kernel ends, and with it every later cell",
    "a function that warns": "a test cell with anything on stderr gets no points",
}
ANSWERS = {
    **{
        name: f"{dedent(code)}\n{DOUBLE}"
        for name, code in islice(AROUND.items(), 18)
        if not code.startswith("%%")
    },
    **{name: f"{DOUBLE}\n{code}" for name, code in AFTER.items()},
    **{name: dedent(code) for name, code in STYLES.items()},
    "a function that warns": """
import warnings
def double(x):
    warnings.warn("slow for large arrays")
    return 2 * x
""",
    "a wrong answer": WRONG_DOUBLE,
    "a wrong answer that warns": f"import warnings\nwarnings.warn('x')\n{WRONG_DOUBLE}",
    "an answer that fails": "def double(x): return undefined",
    "no answer": "",
}
NAMES = list(ANSWERS)

# Whether the kernel's end is noticed before the next cell is a matter of luck.
SOMETIMES = {"exit()", "quit()"}


def jobs() -> dict[str, Job]:
    """A submission for each answer."""
    return {f"s{nth:02}": submission(ANSWERS[n], MEAN) for nth, n in enumerate(NAMES)}


@pytest.fixture(scope="module")
def plain() -> dict[str, Points]:
    """Points of plain nbgrader by the name of the answer."""
    with tempfile.TemporaryDirectory() as course:
        points = grade_plainly(jobs(), Path(course))
    return dict(zip(NAMES, points.values(), strict=True))


def test_forty_honest_notebooks_get_the_points_of_plain_nbgrader(
    plain: dict[str, Points], nursery: Nursery
) -> None:
    """Each difference is a fault of nbgrader's that is named above."""
    ours = {
        name: {v.question: v.points for v in grade(job, nursery).verdicts}
        for name, job in zip(NAMES, jobs().values(), strict=True)
    }
    different = {name for name in NAMES if plain[name] != ours[name]}

    assert len(NAMES) >= 40
    surprising = different ^ set(FAULTS) - SOMETIMES
    assert surprising <= SOMETIMES, {n: (plain[n], ours[n]) for n in different}
    everything = {
        TEST_DOUBLE.grade_id: TEST_DOUBLE.points,
        TEST_MEAN.grade_id: TEST_MEAN.points,
    }
    assert all(ours[name] == everything for name in FAULTS)
