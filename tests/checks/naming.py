"""Try every listed mistake on a check: does the message call it by its name?"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from course_utils.checks import function
from tests.checks.failing import message_of


def spoken(mistake: str) -> str:
    """How a message says ``"name: hint"``."""
    name, _, hint = mistake.partition(": ")
    return f"Likely mistake: {name}. {hint[:1].upper()}{hint[1:]}."


def called_otherwise(
    mistakes: Mapping[str, Callable[..., object]],
    right: Callable[..., object],
    inputs: Sequence[tuple[Any, ...]],
) -> dict[str, str]:
    """The mistakes whose message names another one, or none."""
    messages = {
        mistake: message_of(function, wrong, right, inputs, mistakes=mistakes)
        for mistake, wrong in mistakes.items()
    }
    return {m: said for m, said in messages.items() if spoken(m) not in said}
