"""A student's own check: what the tests said, in the grader's words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_notebook, new_output

from course_utils.grading import cells
from course_utils.grading.engine.verdicts import Verdict
from course_utils.grading.selfcheck import check, verdicts
from tests.grading import tiny


def value(text: str) -> Any:
    return new_output("execute_result", data={"text/plain": text}, execution_count=1)


def error(name: str, message: str = "") -> Any:
    return new_output("error", ename=name, evalue=message, traceback=[])


def stderr(text: str) -> Any:
    return new_output("stream", name="stderr", text=text)


def released(kind: str, source: str, name: str, **marks: Any) -> Any:
    """A cell as it was handed out."""
    cell = tiny.cell(kind, source, name, **marks)
    cell.metadata["nbgrader"]["checksum"] = cells.checksum(cell)
    return cell


def question(
    *outputs: Any, answer_outputs: tuple[Any, ...] = (), answered: bool = True
) -> Verdict:
    """The verdict on a test cell of 2 points with these outputs."""
    answer = released("code", "stub", "answer", solution=True)
    answer.source = "mine" if answered else "stub"
    answer.outputs = list(answer_outputs)
    test = tiny.cell("code", "...", "test", grade=True, locked=True, points=2)
    test.outputs = list(outputs)
    (verdict,) = verdicts(new_notebook(cells=[answer, test]))
    return verdict


SCORES = {
    "a test that says nothing": ((), 2, "passed"),
    "a warning on standard error": ((stderr("W0000 cuInit"),), 2, "passed"),
    "the value None": ((value("None"),), 2, "passed"),
    "a full score": ((value("2"),), 2, "passed"),
    "a part of the score": ((value("0.5"),), 0.5, "partial"),
    "a NumPy scalar": ((value("np.float64(0.5)"),), 0.5, "partial"),
    "no points": ((value("0"),), 0, "failed"),
    "NaN": ((value("nan"),), 0, "error"),
    "NumPy's NaN": ((value("np.float64(nan)"),), 0, "error"),
    "a negative number": ((value("-1"),), 0, "error"),
    "more than the points": ((value("100"),), 0, "error"),
    "infinity": ((value("inf"),), 0, "error"),
    "a failed assert": ((error("AssertionError", "no"),), 0, "failed"),
    "a failed check": ((error("CheckFailed", "no"),), 0, "failed"),
    "another exception": ((error("TypeError", "no"),), 0, "error"),
    "a score, then an error": ((value("2"), error("KeyError")), 0, "error"),
}


@pytest.mark.parametrize("name", SCORES)
def test_a_test_cell_earns_what_its_outputs_say(name: str) -> None:
    outputs, points, reason = SCORES[name]
    verdict = question(*outputs)
    assert (verdict.points, verdict.reason) == (points, reason)
    assert bool(verdict.message) == (reason != "passed")


def test_the_message_of_a_failed_check_is_kept_as_it_is() -> None:
    message = "Yours is flipped.\n  Expected: 1\n  Yours:    2"
    assert question(error("CheckFailed", message)).message == message


def test_an_exception_is_named_and_without_a_text_stands_alone() -> None:
    assert question(error("KeyError", "'a'")).message == "KeyError: 'a'"
    assert question(error("TypeError")).message == "TypeError"
    assert question(error("AssertionError")).message == "A test did not hold."


def test_an_interrupted_cell_ran_out_of_time() -> None:
    outputs = (error("KeyboardInterrupt"), error("CellTimeoutError", "time"))
    verdict = question(*outputs)
    assert (verdict.points, verdict.reason) == (0, "timed_out")


def test_a_question_whose_answer_ran_out_of_time_says_so() -> None:
    verdict = question(
        error("NameError", "f"), answer_outputs=(error("CellTimeoutError"),)
    )
    assert verdict.reason == "timed_out"


def test_an_answer_that_stops_is_named_instead_of_the_name_it_did_not_define() -> None:
    verdict = question(
        error("NameError", "name 'f' is not defined"),
        answer_outputs=(error("SyntaxError", "invalid syntax"),),
    )
    assert verdict.reason == "error"
    assert verdict.message == "Your code stopped with SyntaxError: invalid syntax"


def test_an_untouched_answer_is_not_answered_rather_than_wrong() -> None:
    verdict = question(error("NotImplementedError"), answered=False)
    assert (verdict.points, verdict.reason) == (0, "not_answered")


def test_an_untouched_answer_that_passes_has_passed() -> None:
    assert question(answered=False).reason == "passed"


def test_each_question_looks_at_its_own_answers() -> None:
    first = released("code", "stub", "a", solution=True)
    second = tiny.cell("code", "stub", "b", solution=True)
    marks = {"grade": True, "locked": True, "points": 1}
    tests = [tiny.cell("code", "...", name, **marks) for name in ("t1", "t2", "t3")]
    for test in tests:
        test.outputs = [error("AssertionError", "no")]
    notebook = new_notebook(cells=[first, tests[0], tests[1], second, tests[2]])
    reasons = [verdict.reason for verdict in verdicts(notebook)]
    assert reasons == ["not_answered", "not_answered", "failed"]


def test_an_answer_in_words_waits_for_a_person_unless_it_is_empty() -> None:
    marks = {"solution": True, "grade": True, "points": 1}
    words = released("markdown", "YOUR ANSWER HERE", "words", **marks)
    notebook = new_notebook(cells=[words])
    (empty,) = verdicts(notebook)
    assert (empty.points, empty.reason) == (0, "not_answered")
    words.source = "Because it slides."
    (given,) = verdicts(notebook)
    assert (given.points, given.reason) == (None, "by_hand")


def test_a_dead_kernel_and_an_edited_cell_are_said(tmp_path: Path) -> None:
    notebook = tiny.answered(
        tiny.source(), tiny.RIGHT | {"double": "import os\nos._exit(3)"}
    )
    for cell in notebook.cells:
        if cells.is_locked(cell):
            cell.metadata["nbgrader"]["checksum"] = cells.checksum(cell)
    notebook.cells[3].source += "\npass"
    nbformat.write(notebook, tmp_path / "tiny.ipynb")
    found = check(tmp_path / "tiny.ipynb")
    assert [verdict.reason for verdict in found.questions[:2]] == ["crashed"] * 2
    later = "Not run: the kernel died in an earlier cell."
    assert [verdict.message for verdict in found.questions[:2]] == [later] * 2
    assert found.remarks == (
        "The cell test_double was changed: the grader puts the original back.",
    )


def test_a_check_needs_nothing_that_only_linux_has() -> None:
    """The grader's sandbox does; a student may have any machine."""
    code = (
        "import sys\n"
        "for name in ('fcntl', 'grp', 'pwd', 'resource'): sys.modules[name] = None\n"
        "import course_utils.grading.selfcheck, course_utils.cli.tables"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
