"""Check how many parameters a net has, and say which layer makes the difference."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import fail
from course_utils.checks.nets import Stage, built, stages


def parameters(
    net: Any,
    expected: Any,
    *,
    name: str = "the net asked for",
    input_shape: tuple[int, ...] | None = None,
    read: str | None = None,
) -> None:
    """Check the parameters of a net: all of them, and those that are trained.

    Parameters
    ----------
    net : the student's net, or a function that makes one.
    expected : a net that has as many, layer by layer, or just how many in all.
    name : what to call that net in a message.
    input_shape : of one picture, for nets that do not know it and a plain number.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it has more or fewer, or others are trained; the message names the
        layer.

    Examples
    --------
    >>> from course_utils import models
    >>> parameters(models.single_conv(), 52_084)
    >>> try:
    ...     parameters(models.mlp(64), models.mlp(65), name="the MLP of 65")
    ... except AssertionError as failure:
    ...     print(failure)
    Your net has 50,890 parameters; the MLP of 65 has 51,685.
      First difference: Dense #1 has 50,240 parameters; in the MLP of 65 it has 51,025
    """
    __tracebackhide__ = True
    net = built(net, read=read)
    if isinstance(expected, int):
        _require_total(stages(net, input_shape), expected, name, read)
        return
    right = stages(expected)
    mine = stages(net, right[0].reads)
    _require_total(mine, sum(s.parameters for s in right), name, read, right)
    trained, wanted = (sum(s.trained for s in found) for found in (mine, right))
    if trained != wanted:
        raise fail(
            f"Your net trains {trained:,} of its parameters; {name} {wanted:,}.",
            facts=_difference(mine, right, "trained", name),
            mistake=_FROZEN if trained < wanted else None,
            read=read,
        )


def _require_total(
    mine: list[Stage],
    total: int,
    name: str,
    read: str | None,
    right: list[Stage] | None = None,
) -> None:
    __tracebackhide__ = True
    count = sum(s.parameters for s in mine)
    if count == total:
        return
    facts = _listed(mine)
    if right is not None:
        facts = _difference(mine, right, "parameters", name)
    problem = f"Your net has {count:,} parameters; {name} has {total:,}."
    raise fail(problem, facts=facts, read=read)


def _listed(mine: list[Stage]) -> dict[str, str]:
    return {s.label: f"{s.parameters:,}" for s in mine if s.parameters}


def _difference(
    mine: list[Stage], right: list[Stage], what: str, name: str
) -> dict[str, str]:
    """The first layer that has another number of parameters than it should."""
    pairs = zip_longest(
        [s for s in mine if s.parameters], [s for s in right if s.parameters]
    )
    for ours, theirs in pairs:
        if ours is None:
            text = f"{name} has a {theirs.label} with {theirs.parameters:,}, yours none"
        elif theirs is None:
            text = f"your {ours.label} with {ours.parameters:,} is one layer too many"
        elif getattr(ours, what) != getattr(theirs, what):
            text = f"{ours.label} has {getattr(ours, what):,} {what}"
            text += f"; in {name} it has {getattr(theirs, what):,}"
        else:
            continue
        return {"First difference": text}
    return {}


_FROZEN = Mistake(
    "a layer that does not learn",
    "Somewhere `trainable` is False.",
    lambda _: True,
)
