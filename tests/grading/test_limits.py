"""What a submission may use, as nbgrader_config.py and the command line say it."""

from __future__ import annotations

from typing import Any

import pytest
from traitlets.config import Config

from course_utils.errors import CourseError
from course_utils.grading.engine.jobs import Limits
from course_utils.grading.limits import limits_from


def times(limits: Limits) -> tuple[float, float, float]:
    return limits.cell_seconds, limits.call_seconds, limits.question_seconds


def config(**sections: dict[str, Any]) -> Config:
    return Config(sections)


def test_a_silent_configuration_leaves_all_limits_as_they_are() -> None:
    assert limits_from(Config()) == Limits()


def test_every_limit_can_be_set() -> None:
    own = {name: value + 1 for name, value in vars(Limits()).items()}
    assert vars(limits_from(config(Limits=own))) == own


@pytest.mark.parametrize("section", ["Execute", "ExecutePreprocessor"])
def test_the_timeout_of_nbgrader_counts(section: str) -> None:
    assert times(limits_from(config(**{section: {"timeout": 30}}))) == (30, 30, 60)


@pytest.mark.parametrize("never", [None, -1, 0])
def test_a_timeout_that_means_never_is_no_limit_of_zero(never: int | None) -> None:
    assert limits_from(config(Execute={"timeout": never})) == Limits()


def test_what_is_set_here_beats_nbgrader_and_the_command_line_beats_both() -> None:
    both = config(Execute={"timeout": 30}, Limits={"cell_seconds": 50})
    assert times(limits_from(both)) == (50, 30, 60)
    assert times(limits_from(both, 20)) == (20, 20, 40)


def test_an_unknown_limit_is_named_with_the_closest() -> None:
    expected = r'c\.Limits\.memory, which is no limit; did you mean "memory_mb"\?'
    with pytest.raises(CourseError, match=expected):
        limits_from(config(Limits={"memory": 4000}))


@pytest.mark.parametrize("value", [0, -5, "4 GB", True, None])
def test_a_limit_that_is_no_positive_number_is_refused(value: object) -> None:
    with pytest.raises(CourseError, match="a limit is a number above 0"):
        limits_from(config(Limits={"memory_mb": value}))
