"""Attacks on the grader, one file a family, as cells that a student might write.

A cell starts with `# %%` and its name. One that says nothing of `double`, the question
under attack, gets a wrong answer to it below. One that starts with `lie =` makes the
student's end of the bridge answer every call of `double` with that packet.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.grading.engine.unit import WRONG_DOUBLE

LIE = """
from course_utils.grading.engine import bridge
server = get_ipython().kernel.bridge
honest = server.answer
def answer(packet):
    tree, _ = bridge.unpack(packet)
    called = server._objects[tree[1]] if tree[0] == "call" else None
    if getattr(called, "__name__", "") == "double":
        return bridge.pack(*lie)
    return honest(packet)
server.answer = answer
def double(x): return x
"""
FAMILIES = (
    "hooks",
    "transformers",
    "messages",
    "patches",
    "liars",
    "frames",
    "files",
    "processes",
    "signals",
    "resources",
    "network",
    "serialisation",
    "display",
)


def family(name: str) -> dict[str, str]:
    """Cells of a family by their names."""
    return dict(_cells((Path(__file__).parent / f"{name}.txt").read_text()))


def _cells(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^# %% ", text, flags=re.MULTILINE)[1:]:
        name, _, code = part.partition("\n")
        if code.startswith("lie ="):
            code += LIE
        elif not re.search(r"\bdouble\b", code):
            code += WRONG_DOUBLE
        yield name, code
