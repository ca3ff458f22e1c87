"""What a chapter's net reached, for readers and for the book's page of results.

A cell that ends in a `Headline` shows it as a small table. Publishing the chapter reads
the same numbers from the cell's output into ``book/results.json``.
"""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from course_utils.conv import InvalidInput
from course_utils.data import Dataset
from course_utils.session import QUICK

MIME = "application/vnd.course.headline+json"
"""The type under which an output carries a headline as data."""


@dataclass(frozen=True, repr=False, eq=False, kw_only=True)
class Headline:
    """The result that a chapter is about, from one seed or several.

    Attributes
    ----------
    net : its name, as readers know it.
    data : the set that it was trained and tested on.
    parameters : how many it has.
    epochs : how many it was trained.
    seconds : what training took, for one seed.
    test_accuracy : share of the test pictures that are right, 0 to 1, one per seed.
    to_reach : the share that the lesson sets out to reach.
    kept : name of the runs from other seeds that are kept (`course_utils.seeds`), where
        a chapter trains from one seed itself: the page of results is about those.

    Raises
    ------
    InvalidInput : if a number cannot be one of these.

    Examples
    --------
    >>> mnist = Dataset(*np.zeros((4, 1, 1, 1), "uint8"), ("0",), "mnist", "file")
    >>> Headline(net="LeNet", data=mnist, parameters=62006, epochs=10, seconds=85.2,
    ...          test_accuracy=[0.61, 0.63], to_reach=0.6)
    net            LeNet on mnist
    parameters     62,006
    training       10 epochs, 85 s
    test accuracy  62.0 % ± 1.4 (mean and standard deviation of 2 seeds)
    to reach       60 %
    """

    net: str
    data: Dataset
    parameters: int
    epochs: int
    seconds: float
    test_accuracy: Sequence[float]
    to_reach: float
    kept: str = ""

    def __post_init__(self) -> None:
        for name in ("parameters", "epochs", "seconds"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise InvalidInput(f"{name} must be a positive number, not {value}.")
        shares = [*np.atleast_1d(self.test_accuracy), self.to_reach]
        if len(shares) < 2 or not all(0 <= share <= 1 for share in shares):
            raise InvalidInput(
                "Accuracies are shares from 0 to 1, one per seed and the one to reach; "
                f"these are {[float(share) for share in shares]}."
            )

    @property
    def doubt(self) -> str:
        """Why this is no result of the real net on the real pictures; empty if it is.

        Such a headline never enters the book's results.
        """
        if os.environ.get(QUICK):
            return "training was cut short in the quick kernel"
        if self.data.source == "drawn":
            return "the pictures are drawn stand-ins"
        return ""

    def record(self) -> dict[str, Any]:
        """The numbers as plain JSON."""
        accuracy = np.atleast_1d(self.test_accuracy).astype(float)
        spread = float(accuracy.std(ddof=1)) if len(accuracy) > 1 else None
        return {
            "net": self.net,
            "data": self.data.name,
            "data_source": self.data.source,
            "parameters": int(self.parameters),
            "epochs": int(self.epochs),
            "seconds": round(float(self.seconds), 1),
            "seeds": len(accuracy),
            "test_accuracy": round(float(accuracy.mean()), 5),
            "spread": spread if spread is None else round(spread, 5),
            "to_reach": float(self.to_reach),
            "kept": self.kept,
        }

    def rows(self) -> dict[str, str]:
        """The table, by the name of each line."""
        record = self.record()
        accuracy = percent(record["test_accuracy"], record["spread"])
        of = f"mean and standard deviation of {record['seeds']} seeds"
        told = {
            "net": f"{self.net} on {self.data.name}",
            "parameters": f"{self.parameters:,}",
            "training": f"{self.epochs} epochs, {self.seconds:,.0f} s",
            "test accuracy": accuracy
            + (" (one seed)" if record["seeds"] == 1 else f" ({of})"),
            "to reach": f"{100 * self.to_reach:g} %",
        }
        return told | ({"no result": self.doubt} if self.doubt else {})

    def __repr__(self) -> str:
        rows = self.rows()
        width = max(map(len, rows))
        return "\n".join(f"{name:<{width}}  {told}" for name, told in rows.items())

    def _repr_html_(self) -> str:
        # No colour of its own, so it reads on a light page and on a dark one.
        left = 'style="text-align: left"'
        lines = [
            f'<tr><th scope="row" {left}>{name}</th><td {left}>{escape(told)}</td></tr>'
            for name, told in self.rows().items()
        ]
        return f"<table><tbody>{''.join(lines)}</tbody></table>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Give the data; IPython adds the text and the HTML by itself."""
        return {MIME: self.record() | {"doubt": self.doubt}}


def percent(share: float, spread: float | None = None) -> str:
    """A share as a percentage with one decimal, and its standard deviation.

    Examples
    --------
    >>> percent(0.6194), percent(0.9914, 0.00072)
    ('61.9 %', '99.1 % ± 0.1')
    >>> percent(0.9914, 0.0003)
    '99.14 % ± 0.03'
    """
    if spread is None:
        return f"{100 * share:.1f} %"
    digits = 1 if spread >= 0.0005 else 2
    return f"{100 * share:.{digits}f} % ± {100 * spread:.{digits}f}"
