"""The CSV file that a spreadsheet opens."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from course_utils.grading.export import write_csv
from tests.grading.test_results import RESULT


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_each_question_has_its_column_and_what_waits_is_empty(tmp_path: Path) -> None:
    write_csv(tmp_path / "grades.csv", [RESULT])
    (row,) = read(tmp_path / "grades.csv")
    assert (row["student"], row["points"], row["max_points"]) == ("s01", "2.5", "6.0")
    assert [row["tiny/a"], row["tiny/b"], row["tiny/c"]] == ["2.0", "0.5", ""]
    assert (row["by_hand"], row["remarks"], row["data"]) == ("1", "put back", "real")
    assert row["sandbox"] == "yes"


def test_grades_on_stand_ins_are_marked_in_every_line(tmp_path: Path) -> None:
    results = [replace(RESULT, student=name, stand_ins=True) for name in ("a", "b")]
    write_csv(tmp_path / "grades.csv", results)
    rows = read(tmp_path / "grades.csv")
    assert [row["data"] for row in rows] == ["drawn stand-ins"] * 2


@pytest.mark.parametrize("start", "=+-@\t")
def test_no_text_of_a_student_becomes_a_formula(start: str, tmp_path: Path) -> None:
    text = f"{start}HYPERLINK(1)"
    write_csv(tmp_path / "grades.csv", [replace(RESULT, student=text, remarks=(text,))])
    (row,) = read(tmp_path / "grades.csv")
    assert row["student"] == row["remarks"] == f"'{text}"


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "grades.csv"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("course_utils.grading.export._row", full)
    with pytest.raises(OSError, match="No space"):
        write_csv(path, [RESULT])
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
