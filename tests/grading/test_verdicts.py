"""From outputs to points and reasons, and nbgrader's agreement with them."""

from __future__ import annotations

from typing import Any

import pytest
from nbformat.v4 import new_notebook, new_output
from nbgrader.utils import determine_grade

from course_utils.grading import cells
from course_utils.grading.results import QuestionResult, Reason
from course_utils.grading.verdicts import (
    changed_tests,
    judge,
    settle_scores,
    without_run,
)
from tests.grading import tiny


def value(text: str) -> Any:
    return new_output("execute_result", data={"text/plain": text}, execution_count=1)


def error(name: str, message: str = "") -> Any:
    return new_output("error", ename=name, evalue=message, traceback=[])


def stderr(text: str) -> Any:
    return new_output("stream", name="stderr", text=text)


def question(
    *outputs: Any, answer_outputs: tuple[Any, ...] = (), answered: bool = True
) -> tuple[QuestionResult, Any]:
    """The verdict on a test cell of 2 points with these outputs, and the cell."""
    answer = tiny.cell("code", "stub", "answer", solution=True)
    answer.metadata["nbgrader"]["checksum"] = cells.checksum(answer)
    answer.source = "mine" if answered else "stub"
    answer.outputs = list(answer_outputs)
    test = tiny.cell("code", "...", "test", grade=True, locked=True, points=2)
    test.outputs = list(outputs)
    notebook = new_notebook(cells=[answer, test])
    settle_scores(notebook)
    (result,) = judge(notebook, "book")
    return result, test


SCORES = {
    "a test that says nothing": ((), 2, Reason.PASSED),
    "a warning on standard error": ((stderr("W0000 cuInit"),), 2, Reason.PASSED),
    "the value None": ((value("None"),), 2, Reason.PASSED),
    "a full score": ((value("2"),), 2, Reason.PASSED),
    "a part of the score": ((value("0.5"),), 0.5, Reason.FAILED),
    "a NumPy scalar": ((value("np.float64(0.5)"),), 0.5, Reason.FAILED),
    "no points": ((value("0"),), 0, Reason.FAILED),
    "NaN": ((value("nan"),), 0, Reason.ERROR),
    "NumPy's NaN": ((value("np.float64(nan)"),), 0, Reason.ERROR),
    "a negative number": ((value("-1"),), 0, Reason.ERROR),
    "more than the points": ((value("100"),), 0, Reason.ERROR),
    "infinity": ((value("inf"),), 0, Reason.ERROR),
    "a failed assert": ((error("AssertionError", "no"),), 0, Reason.FAILED),
    "a failed check": ((error("CheckFailed", "no"),), 0, Reason.FAILED),
    "another exception": ((error("TypeError", "no"),), 0, Reason.ERROR),
    "a score, then an error": ((value("2"), error("KeyError")), 0, Reason.ERROR),
}


@pytest.mark.parametrize("name", SCORES)
def test_a_test_cell_earns_what_its_outputs_say(name: str) -> None:
    outputs, points, reason = SCORES[name]
    result, _ = question(*outputs)
    assert (result.points, result.reason) == (points, reason)
    assert bool(result.message) == (reason is not Reason.PASSED)


@pytest.mark.parametrize("name", [name for name in SCORES if "then" not in name])
def test_nbgrader_reads_the_same_points_from_the_settled_outputs(name: str) -> None:
    outputs, points, _ = SCORES[name]
    _, cell = question(*outputs)
    assert determine_grade(cell) == (points, 2)


def test_the_message_of_a_failed_check_is_kept_as_it_is() -> None:
    message = "Yours is flipped.\n  Expected: 1\n  Yours:    2"
    assert question(error("CheckFailed", message))[0].message == message


def test_an_interrupted_cell_ran_out_of_time() -> None:
    outputs = (error("KeyboardInterrupt"), error("CellTimeoutError", "time"))
    result, _ = question(*outputs)
    assert (result.points, result.reason) == (0, Reason.TIMED_OUT)


def test_a_question_whose_answer_ran_out_of_time_says_so() -> None:
    result, _ = question(
        error("NameError", "f"), answer_outputs=(error("CellTimeoutError"),)
    )
    assert result.reason is Reason.TIMED_OUT


def test_an_answer_that_stops_is_named_instead_of_the_name_it_did_not_define() -> None:
    result, _ = question(
        error("NameError", "name 'f' is not defined"),
        answer_outputs=(error("SyntaxError", "invalid syntax"),),
    )
    assert result.reason is Reason.ERROR
    assert result.message == "Your answer stops with SyntaxError: invalid syntax"


def test_an_untouched_answer_is_not_answered_rather_than_wrong() -> None:
    result, _ = question(error("NotImplementedError"), answered=False)
    assert (result.points, result.reason) == (0, Reason.NOT_ANSWERED)


def test_an_untouched_answer_that_passes_has_passed() -> None:
    assert question(answered=False)[0].reason is Reason.PASSED


def test_each_question_looks_at_its_own_answers() -> None:
    first = tiny.cell("code", "stub", "a", solution=True)
    first.metadata["nbgrader"]["checksum"] = cells.checksum(first)
    second = tiny.cell("code", "stub", "b", solution=True)
    marks = {"grade": True, "locked": True, "points": 1}
    tests = [tiny.cell("code", "...", name, **marks) for name in ("t1", "t2", "t3")]
    for test in tests:
        test.outputs = [error("AssertionError", "no")]
    notebook = new_notebook(cells=[first, tests[0], tests[1], second, tests[2]])
    reasons = [result.reason for result in judge(notebook, "book")]
    assert reasons == [Reason.NOT_ANSWERED, Reason.NOT_ANSWERED, Reason.FAILED]


def test_an_answer_in_words_waits_for_a_person_unless_it_is_empty() -> None:
    marks = {"solution": True, "grade": True, "points": 1}
    words = tiny.cell("markdown", "YOUR ANSWER HERE", "words", **marks)
    words.metadata["nbgrader"]["checksum"] = cells.checksum(words)
    notebook = new_notebook(cells=[words])
    (empty,) = judge(notebook, "book")
    assert (empty.points, empty.reason) == (0, Reason.NOT_ANSWERED)
    words.source = "Because it slides."
    (given,) = judge(notebook, "book")
    assert (given.points, given.reason) == (None, Reason.BY_HAND)


def test_a_fault_of_the_grader_is_never_a_zero() -> None:
    notebook = tiny.source()
    ours = without_run(notebook, "tiny", Reason.INFRASTRUCTURE, "disk full")
    theirs = without_run(notebook, "tiny", Reason.NOT_GRADABLE, "no JSON")
    assert [result.points for result in ours] == [None, None, None]
    assert [result.points for result in theirs] == [0, 0, 0]


def test_a_test_cell_that_was_edited_is_found() -> None:
    notebook = tiny.source()
    for cell in notebook.cells:
        if cells.grade_id(cell):
            cell.metadata["nbgrader"]["checksum"] = cells.checksum(cell)
    assert changed_tests(notebook) == []
    notebook.cells[3].source = "pass"
    assert changed_tests(notebook) == ["test_double"]
