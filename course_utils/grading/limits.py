"""What a submission may use, as an instructor sets it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from course_utils.errors import CourseError
from course_utils.grading.course import did_you_mean
from course_utils.grading.engine.jobs import Limits


def limits_from(config: Any, timeout: float | None = None) -> Limits:
    """The limits of ``nbgrader_config.py``, ours where it is silent.

    Parameters
    ----------
    config : its settings: ``c.Limits.memory_mb = 6000`` and the like, for any field of
        `Limits`. nbgrader's own ``c.Execute.timeout`` sets the times of cell, call and
        test, where ``c.Limits`` does not.
    timeout : seconds of a cell and of a call, asked for on the command line; half
        those of a test.

    Raises
    ------
    CourseError : if there is no such limit, or it is no positive number.
    """
    own = dict(config.get("Limits", {}))
    kinds = {name: type(value) for name, value in vars(Limits()).items()}
    for name, value in own.items():
        if name not in kinds:
            hint = did_you_mean(name, list(kinds))
            raise CourseError(
                f"nbgrader_config.py sets c.Limits.{name}, which is no limit{hint}"
            )
        if not _positive(value):
            raise CourseError(
                f"nbgrader_config.py sets c.Limits.{name} to {value!r}; "
                "a limit is a number above 0."
            )
        own[name] = kinds[name](value)
    sections = (config.get(name, {}) for name in ("Execute", "ExecutePreprocessor"))
    given = (section.get("timeout") for section in sections)
    usual = next(filter(_positive, given), None)  # None and -1 are nbgrader's "never"
    return replace(Limits(), **{**_times(usual), **own, **_times(timeout)})


def _times(seconds: float | None) -> dict[str, float]:
    if seconds is None:
        return {}
    names = {"cell_seconds": 1, "call_seconds": 1, "question_seconds": 2}
    return {name: times * seconds for name, times in names.items()}


def _positive(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and value > 0
