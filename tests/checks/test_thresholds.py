"""The kept table of what trained nets must reach."""

from __future__ import annotations

from pathlib import Path
from statistics import mean, stdev

import pytest

from course_utils.checks import thresholds
from course_utils.errors import CourseError

ROWS = {
    f"{question} {kind}": row
    for question, rows in thresholds.read().items()
    for kind, row in rows.items()
}


@pytest.mark.parametrize("name", ROWS)
def test_what_is_asked_for_lies_three_deviations_below_every_recipe(name: str) -> None:
    row = ROWS[name]
    assert "reference" in row["runs"]
    assert len(row["runs"]) >= 2
    for shares in row["runs"].values():
        assert len(shares) >= thresholds.SEEDS
        assert row["at_least"] <= mean(shares) - 3 * stdev(shares)
    assert row["at_least"] == thresholds.rounded_down(row["runs"].values())
    assert (row["data_source"] == "drawn") == name.endswith(" drawn")


def test_every_question_has_a_figure_for_either_kind_of_pictures() -> None:
    for rows in thresholds.read().values():
        assert set(rows) == {"real", "drawn"}


def test_real_pictures_ask_for_the_same_from_wherever_they_come() -> None:
    name = "5_lenet/own"
    assert thresholds.of(name, "file") == thresholds.of(name, "download")
    assert thresholds.of(name, "drawn") == ROWS[f"{name} drawn"]["at_least"]


def test_a_question_that_was_not_measured_says_how_to(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"thresholds\.py --only 9_none/own"):
        thresholds.of("9_none/own", "file", path=tmp_path / "none.json")
