"""How many pictures a trained net must name: a kept table, made by measuring.

A right answer must not fail by chance. So each question that asks for a training was
answered by two recipes, the reference's and that of a decent student, from ten seeds
each, on the pictures that the question's test shows the net. What is asked for lies
three standard deviations below the lower mean. ``benchmarks/thresholds.py`` measures
it and writes ``thresholds.json`` beside this module.
"""

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from course_utils.errors import CourseError

KEPT = Path(__file__).with_name("thresholds.json")
STEP = 0.005  # what is asked for is a multiple of half a per cent
SEEDS = 10  # runs of each recipe, at the least


def of(question: str, source: str, *, path: Path = KEPT) -> float:
    """Share of pictures that the answer to a question must name.

    Parameters
    ----------
    question : assignment and question, such as "5_lenet/own".
    source : where the pictures come from, as in `Dataset.source`; the drawn stand-ins
        have figures of their own.
    path : the table.

    Raises
    ------
    CourseError : if the table has no such figure.

    Examples
    --------
    >>> of("5_lenet/by_heart", "file")
    1.0
    """
    try:
        return float(read(path)[question][kind(source)]["at_least"])
    except KeyError:
        raise CourseError(
            f"No threshold for {question!r} on {kind(source)} pictures is kept. Make it"
            f" with: python benchmarks/thresholds.py --only {question}"
        ) from None


def kind(source: str) -> str:
    """Row of the table: real pictures are the same from wherever they come.

    Examples
    --------
    >>> kind("download"), kind("drawn")
    ('real', 'drawn')
    """
    return "drawn" if source == "drawn" else "real"


def rounded_down(recipes: Iterable[Sequence[float]]) -> float:
    """What may be asked for, given what each recipe reached from its seeds.

    Parameters
    ----------
    recipes : for each, the shares of pictures that its runs named.

    Examples
    --------
    >>> rounded_down([[0.50, 0.52, 0.51], [0.46, 0.48, 0.47]])
    0.44
    """
    lowest = min(mean(shares) - 3 * stdev(shares) for shares in recipes)
    # A hair more, lest 0.44 / 0.005 should come out as 87.999…
    return round(math.floor(lowest / STEP + 1e-9) * STEP, 3)


def read(path: Path = KEPT) -> dict[str, Any]:
    """The whole table: by question, then "real" or "drawn"; empty without a file."""
    if not path.exists():
        return {}
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return table
