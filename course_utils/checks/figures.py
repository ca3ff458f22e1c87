"""Check that a figure shows what it should.

The check asks the Axes for their labels and lines by their own methods, and looks at
the texts and numbers that come back; so it works on Axes in another process as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.checks.answers import describe
from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import CheckFailed, fail


def figure(
    axes: Any,
    curves: Mapping[str, Sequence[float]],
    *,
    name: str = "axes",
    read: str | None = None,
) -> None:
    """Check that a figure has these curves, labels on its axes and a legend.

    Parameters
    ----------
    axes : Axes, several of them in a list or array, or a Figure.
    curves : by what the message is to call them, the values that must be drawn, as they
        are or in per cent.
    name : the variable.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if a curve is missing, or a label, or a legend where there are several
        curves.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> ax = plt.subplots()[1]
    >>> _ = ax.plot([1, 2], [2.3, 1.9]), ax.set(xlabel="epoch")
    >>> try:
    ...     figure(ax, {"training loss": [2.3, 1.9]}, name="ax")
    ... except AssertionError as failure:
    ...     print(failure)
    `ax` has no label on its y axis.
    Likely mistake: unlabelled axis. Say what is drawn, and in which unit: \
ax.set(xlabel=…, ylabel=…).
    """
    __tracebackhide__ = True
    if axes is None or axes is Ellipsis:
        raise fail(f"`{name}` has no value yet: assign one.", read=read)
    panels = [_Panel(ax) for ax in _axes(axes, name)]
    for label, values in curves.items():
        wanted = np.asarray(values, dtype=np.float64)
        if not any(panel.shows(wanted) for panel in panels):
            raise _missing(label, wanted, panels, name, read)
    for panel in panels:
        _require_labels(panel, name, read)


class _Panel:
    """What one Axes shows, as texts and numbers."""

    def __init__(self, ax: Any) -> None:
        self.labels = {"x": str(ax.get_xlabel()), "y": str(ax.get_ylabel())}
        self.legend = ax.get_legend() is not None
        self.lines = []
        for line in ax.get_lines():
            values = np.asarray(line.get_ydata())
            if values.dtype.kind in "buif":
                self.lines.append(values.astype(np.float64).reshape(-1))

    def shows(self, wanted: Any) -> bool:
        return any(
            line.shape == wanted.shape
            and (np.allclose(line, wanted) or np.allclose(line, 100 * wanted))
            for line in self.lines
        )


def _axes(value: Any, name: str) -> Iterator[Any]:
    """The Axes in whatever plotting functions return."""
    if isinstance(value, np.ndarray):
        value = value.ravel().tolist()
    if isinstance(value, list | tuple):
        for item in value:
            yield from _axes(item, name)
    elif hasattr(value, "get_xlabel"):
        yield value
    elif hasattr(value, "get_axes"):
        yield from _axes(value.get_axes(), name)
    else:
        raise fail(f"`{name}` holds {describe(value)}, not the Axes of a figure.")


def _missing(
    label: str, wanted: Any, panels: Sequence[_Panel], name: str, read: str | None
) -> CheckFailed:
    drawn = [line for panel in panels for line in panel.lines]
    shorter = any(len(line) < len(wanted) for line in drawn)
    return fail(
        f"`{name}` does not show the curve “{label}”.",
        facts={
            "Expected": f"a line of {len(wanted)} values",
            "Yours": f"{len(drawn)} lines of {[len(line) for line in drawn]} values",
        },
        mistake=_mistake(
            "not every epoch", "Draw the whole list that the history holds."
        )
        if drawn and shorter
        else None,
        read=read,
    )


def _require_labels(panel: _Panel, name: str, read: str | None) -> None:
    for axis, text in panel.labels.items():
        if panel.lines and not text.strip():
            raise fail(
                f"`{name}` has no label on its {axis} axis.",
                mistake=_mistake(
                    "unlabelled axis",
                    "Say what is drawn, and in which unit: ax.set(xlabel=…, ylabel=…).",
                ),
                read=read,
            )
    if len(panel.lines) > 1 and not panel.legend:
        raise fail(
            f"`{name}` has several curves and no legend.",
            mistake=_mistake(
                "no legend", "Give each curve a label, then call ax.legend()."
            ),
            read=read,
        )


def _mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)
