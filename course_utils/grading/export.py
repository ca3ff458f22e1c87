"""Grades as a CSV file for a spreadsheet or the registry."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path

from course_utils.grading.results import QuestionResult, SubmissionResult

COLUMNS = ("student", "assignment", "points", "max_points", "late_penalty")


def write_csv(path: Path, results: Sequence[SubmissionResult]) -> None:
    """Write one line per student and one column of points per question.

    A question without points yet is an empty field. The file appears whole or not at
    all.

    Parameters
    ----------
    path : file to write; replaced if it is there.
    results : results of one assignment.
    """
    questions = _questions(results)
    half = path.with_name(f".{path.name}.part")
    try:
        with half.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(
                (*COLUMNS, "data", "sandbox", *questions, "by_hand", "remarks")
            )
            writer.writerows(_row(result, questions) for result in results)
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)


def _questions(results: Sequence[SubmissionResult]) -> list[str]:
    names = (_name(question) for result in results for question in result.questions)
    return list(dict.fromkeys(names))


def _name(question: QuestionResult) -> str:
    return f"{question.notebook}/{question.question}"


def _row(result: SubmissionResult, questions: Sequence[str]) -> list[object]:
    points = {_name(question): question.points for question in result.questions}
    return [
        _text(result.student),
        _text(result.assignment),
        result.points,
        result.max_points,
        result.late_penalty,
        "drawn stand-ins" if result.stand_ins else "real",
        "yes" if result.sandboxed else "no",
        *(points.get(question) for question in questions),
        result.by_hand,
        _text("; ".join(result.remarks)),
    ]


def _text(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
