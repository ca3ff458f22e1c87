"""Attacks earn what their honest answers earn, see no secret and leave nothing.

Each stands in a notebook with a wrong `double` (no points) and a right `mean` (3
points). The `mean` of each is also the honest answer after the attack before it.

All of them take minutes, so every third one runs; ALL_ATTACKS=1 runs each.
"""

import json
import os
from dataclasses import replace

import pytest

from course_utils.grading.engine.grader import grade
from course_utils.grading.engine.jobs import Job
from course_utils.grading.engine.verdicts import Result
from course_utils.grading.engine.warm import Nursery
from tests.grading.engine.attacks import FAMILIES, family
from tests.grading.engine.cells import QUICK
from tests.grading.engine.unit import DOUBLE, MEAN, SECRET, WRONG_DOUBLE, submission

pytestmark = pytest.mark.thorough

# What the second answer prints: all that the first may have found.
TELL = f"""{MEAN}
print(str(globals().get("found"))[:100_000], str(globals().get("seen"))[:100_000])
"""
EVERY = 1 if os.environ.get("ALL_ATTACKS") else 3
ATTACKS = [
    pytest.param(code, id=f"{name}: {title}")
    for name in FAMILIES
    for title, code in list(family(name).items())[::EVERY]
]
# These stop a notebook in Jupyter, too; they may cost their own later answers.
OWN_HARM = {
    "an alarm that strikes later": """
import signal
signal.signal(signal.SIGALRM, lambda *args: 1 / 0)
signal.setitimer(signal.ITIMER_REAL, 0.2, 0.2)
""",
    "the built-in names are gone": "__builtins__ = {}",
    "the garbage collector is turned into a trap": """
import gc
gc.callbacks.append(lambda phase, info: 1 / 0)
gc.set_threshold(1)
""",
    "every later cell is a syntax error": """
get_ipython().input_transformers_post.append(lambda lines: ["("])
""",
}


def attacked(code: str, nursery: Nursery) -> Result:
    """The result of a notebook with an attack in it, within short limits."""
    limits = replace(
        QUICK, cell_seconds=5, call_seconds=2, question_seconds=6, memory_mb=900
    )
    job: Job = submission(code, TELL, limits=limits)
    return grade(job, nursery)


def test_every_family_has_many_attacks() -> None:
    """Those that are known to work on plain nbgrader and at least 25 more."""
    assert all(len(family(name)) > 25 for name in FAMILIES)


@pytest.mark.parametrize("code", ATTACKS)
def test_an_attack_earns_what_its_answers_earn(code: str, nursery: Nursery) -> None:
    """The wrong answer gets nothing, the right one after it all of its points."""
    result = attacked(code, nursery)

    assert [v.points for v in result.verdicts] == [0, 3], result.verdicts
    assert SECRET not in json.dumps(result.to_json())


@pytest.mark.parametrize("code", OWN_HARM.values(), ids=OWN_HARM.keys())
def test_who_breaks_the_own_notebook_breaks_nothing_else(
    code: str, nursery: Nursery
) -> None:
    """What would stop the notebook in Jupyter too may cost its own later answers."""
    result = attacked(f"{code}\n{WRONG_DOUBLE}", nursery)

    assert result["test_double"].points == 0
    assert result["test_mean"].points in (0, 3)
    assert grade(submission(DOUBLE, MEAN), nursery).points == 5
