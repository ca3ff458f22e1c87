"""How a check fails: one message that a student can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course_utils.checks.diagnosis import Mistake


class CheckFailed(AssertionError):
    """An answer is not right; the message says how and what to do next."""

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows: the message, not the way through our code to it."""
        return str(self).splitlines()


def fail(
    problem: str,
    *,
    facts: dict[str, str] | None = None,
    mistake: Mistake | None = None,
    read: str | None = None,
) -> CheckFailed:
    """Compose the error to raise.

    Parameters
    ----------
    problem : one sentence: what is wrong.
    facts : what was given, expected and returned, by label.
    mistake : the likely cause.
    read : where the course explains it.

    Examples
    --------
    >>> print(fail("It is too long.", facts={"Expected": "3", "Yours": "4"}))
    It is too long.
      Expected: 3
      Yours:    4
    """
    width = max((len(label) for label in facts or {}), default=0) + 1
    lines = [problem]
    for label, text in (facts or {}).items():
        indent = "\n" + " " * (width + 3)
        lines.append(f"  {label + ':':<{width}} {text.replace(chr(10), indent)}")
    if mistake is not None:
        lines.append(f"Likely mistake: {mistake.name}. {mistake.hint}")
    if read is not None:
        lines.append(f"Read: {read}.")
    return CheckFailed("\n".join(lines))
