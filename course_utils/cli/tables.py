"""Results of grading as a terminal shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.columns import Columns
from rich.padding import Padding
from rich.text import Text

from course_utils.cli.output import table
from course_utils.grading.engine.verdicts import REASONS, Reason, Verdict
from course_utils.grading.results import SubmissionResult

if TYPE_CHECKING:
    from rich.console import Console

    from course_utils.grading.selfcheck import Check

# One sign per question, so that a class fits on a screen: sign, style, name.
SIGNS: dict[Reason, tuple[str, str, str]] = {
    "passed": ("✓", "green", "passed"),
    "partial": ("~", "yellow", "passed in part"),
    "failed": ("✗", "red", "failed"),
    "error": ("!", "red", "stopped with an error"),
    "timed_out": ("t", "magenta", "ran out of time"),
    "memory": ("m", "magenta", "ran out of memory"),
    "crashed": ("x", "magenta", "kernel died"),
    "not_answered": ("·", "yellow", "not answered"),
    "by_hand": ("?", "cyan", "waits for a person"),
    "not_gradable": ("–", "magenta", "not gradable"),
    "infrastructure": ("#", "bold red", "the grader failed"),
}


def print_check(console: Console, found: Check) -> None:
    """A student's own check: a table, then what to do about each question."""
    shown = table("Question", "Points", "Verdict", right=("Points",))
    for question in found.questions:
        sign, style, name = SIGNS[question.reason]
        shown.add_row(
            Text(question.question), _of(question), Text(f"{sign} {name}", style)
        )
    console.print(shown)
    for question in found.questions:
        if question.message:
            console.print(Text(question.question, SIGNS[question.reason][1]))
            console.print(Padding(Text(question.message), (0, 0, 1, 2)))
    for remark in found.remarks:
        console.print(Text(remark, "yellow"))
    console.print(_verdict(found))


def print_grades(
    console: Console, assignment: str, results: Sequence[SubmissionResult]
) -> None:
    """A class: one line per student, one sign per question, and what the signs mean."""
    shown = table(
        "Student", "Points", "Questions", "Remarks", title=assignment, right=("Points",)
    )
    for result in results:
        points = f"{result.points:g} / {result.max_points:g}"
        remarks = Text("; ".join(_remarks(result)), "yellow")
        shown.add_row(Text(result.student), points, signs(result), remarks)
    console.print(shown)
    console.print(Columns(_legend(results), padding=(0, 3)))
    waiting = sum(result.by_hand > 0 for result in results)
    if waiting:
        console.print(f"{waiting} of {len(results)} still wait for points by hand.")
    if not all(result.sandboxed for result in results):
        loud = "Some of it ran without a sandbox, with all your rights."
        console.print(Text(loud, "bold red"))
    if any(result.stand_ins for result in results):
        console.print(
            Text("Made on drawn stand-ins, not on the real pictures.", "bold yellow")
        )


def result_line(result: SubmissionResult, width: int) -> Text:
    """One student's result while the class is graded; ``width`` is for the id."""
    points = f"{result.points:g}/{result.max_points:g}"
    line = Text(f"  {result.student:<{width}}  {points:>7}  ")
    line.append_text(signs(result))
    line.append(f"  {result.seconds:.0f} s")
    for remark in result.remarks:
        line.append(f"  {remark}", "yellow")
    return line


def signs(result: SubmissionResult) -> Text:
    """One coloured sign for each question."""
    line = Text()
    for question in result.questions:
        sign, style, _ = SIGNS[question.reason]
        line.append(sign, style)
    return line


def _remarks(result: SubmissionResult) -> list[str]:
    late = f"{result.late_penalty:g} off for being late"
    return [*result.remarks, *([late] if result.late_penalty else [])]


def _legend(results: Sequence[SubmissionResult]) -> list[Text]:
    present = {question.reason for result in results for question in result.questions}
    used = [SIGNS[reason] for reason in REASONS if reason in present]
    return [Text.assemble((sign, style), f" {name}") for sign, style, name in used]


def _of(question: Verdict) -> str:
    earned = "–" if question.points is None else f"{question.points:g}"
    return f"{earned} / {question.max_points:g}"


def _verdict(found: Check) -> Text:
    if found.passed:
        passed = "Every test that you can see passes.", "bold green"
        return Text.assemble(passed, " The grader may have others.")
    failed = [question for question in found.questions if not question.fine]
    count = len(failed)
    noun = "question needs" if count == 1 else "questions need"
    return Text(f"{count} {noun} more work.", "bold red")
