"""What the pages for instructors say of limits, reasons, options and tests is so."""

import json
import re
from dataclasses import asdict

import pytest
import typer.main

from course_utils.cli import app
from course_utils.cli.tables import SIGNS
from course_utils.grading.course import Course
from course_utils.grading.engine.jobs import Limits
from course_utils.grading.engine.verdicts import REASONS
from tests.conftest import ROOT
from tests.grading.engine import test_honest, test_parity
from tests.grading.engine.attack_table import FILE, common
from tests.grading.engine.attacks import FAMILIES, family

HOW = (ROOT / "book" / "grading.md").read_text()
RUN = (ROOT / "book" / "grading_run.md").read_text()
COMMANDS = typer.main.get_command(app).commands


def section(heading: str) -> str:
    """Text of a section of the page on running."""
    return RUN.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def test_every_limit_stands_there_with_its_default() -> None:
    said = re.findall(r"^`(\w+)`: ([\d,]+)$", section("Limits"), re.M)
    assert {name: float(value.replace(",", "")) for name, value in said} == asdict(
        Limits()
    )


def test_this_courses_own_time_limit_is_named() -> None:
    seconds = Course.find(ROOT).config.Execute.timeout
    assert f"this course sets {seconds}" in section("Limits")


def test_every_reason_stands_there_with_its_sign() -> None:
    found = re.findall(r"^\\?(\S) `(\w+)`: ", section("What a result says"), re.M)
    assert found == [(SIGNS[reason][0], reason) for reason in REASONS]


def test_every_option_of_grading_is_described() -> None:
    said = re.findall(r"^`(--[\w-]+)", section("Every command and option"), re.M)
    options = [name for one in COMMANDS["grade"].params for name in one.opts]
    kept = {name for name in options if name.startswith("--")}
    assert set(said) == kept - {"--json", "--help"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_described(name: str) -> None:
    if name != "data":  # the page on setting up has it
        assert f"\n`course {name}" in section("Every command and option")


def test_attacks_and_honest_notebooks_are_counted_right() -> None:
    assert f"{sum(len(family(name)) for name in FAMILIES)} attacks in thirteen" in HOW
    assert len(FAMILIES) == 13
    honest = (test_honest.AROUND, test_honest.AFTER, test_honest.STYLES)
    assert f"right answers in {sum(map(len, honest))}\n" in HOW
    assert f"\n{len(test_parity.ANSWERS)} notebooks by honest students" in HOW


def test_the_table_holds_every_attack_that_plain_nbgrader_can_be_given() -> None:
    recorded = {(row["family"], row["attack"]) for row in json.loads(FILE.read_text())}
    assert recorded == {(name, title) for name in FAMILIES for title in common(name)}
