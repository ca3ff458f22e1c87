"""How a failed check looks: to Python, and in a notebook."""

import subprocess
import sys

import pytest

from course_utils import checks
from course_utils.checks.failure import CheckFailed, fail


def test_a_failed_check_is_an_assertion_error() -> None:
    with pytest.raises(AssertionError):
        checks.value(1, 2)


def test_a_notebook_shows_the_message_and_not_our_code() -> None:
    try:
        checks.value(1, 2, name="n")
    except CheckFailed as failure:
        shown = failure._render_traceback_()
    assert shown[0] == "`n` holds the wrong value."
    assert not any("course_utils" in line for line in shown)


def test_facts_of_several_lines_are_set_below_each_other() -> None:
    text = str(fail("No.", facts={"Yours": "[[1 2]\n [3 4]]"}))
    assert text == "No.\n  Yours: [[1 2]\n          [3 4]]"


def test_checks_load_without_tensorflow() -> None:
    code = (
        "import sys; from course_utils import checks; from course_utils.checks import "
        "filters; print([m for m in ('tensorflow', 'keras') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
