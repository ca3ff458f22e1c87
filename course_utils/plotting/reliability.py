"""Reliability diagrams."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from course_utils.calibration import Reliability
from course_utils.conv import InvalidInput
from course_utils.plotting.panels import AxesArray, given_axes, root_figure
from course_utils.plotting.style import PALETTE, WIDTH

# The parts of a reliability diagram, which hatching tells apart, too.
CALIBRATED: dict[str, Any] = {"color": "black", "ls": "--", "lw": 1.5}
ACCURACY: dict[str, Any] = {"facecolor": "#9CC6E2", "edgecolor": "white"}
TOO_SURE = ACCURACY | {"facecolor": "#FCEBDD", "edgecolor": PALETTE[1], "hatch": "////"}
NOT_SURE_ENOUGH = ACCURACY | {"edgecolor": "#00694C", "hatch": r"\\\\"}


def plot_reliability(
    diagrams: Reliability | Mapping[str, Reliability], *, axes: object = None
) -> AxesArray:
    """Draw reliability diagrams: how often a net is right when it is so sure.

    A blue bar is the accuracy of a bin. A hatched bar is the gap to its mean
    confidence: orange and above the blue one where the net was too sure, green and
    inside it where it was not sure enough. The bars of a calibrated net end at the
    dashed diagonal. Below stands how many pictures are in each bin, on a logarithmic
    scale: bars over few of them say little. The title has the expected calibration
    error.

    Parameters
    ----------
    diagrams : Reliability, or dict from titles to up to three of them
        As `calibration.reliability` makes them.
    axes : array of 2 Axes, or 2 rows of as many as there are diagrams, optional
        Where to draw, instead of a new figure; the legend is then left out.

    Returns
    -------
    array of Axes of shape (2,), or (2, n) for a dict: diagrams and, below, counts.

    Raises
    ------
    InvalidInput
        If these are no diagrams, or more than three.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural
    networks", ICML (2017), doi:10.48550/arXiv.1706.04599, figure 1.

    Examples
    --------
    >>> from course_utils.calibration import reliability
    >>> diagram, counts = plot_reliability(reliability([[0.1, 0.9]] * 4, [1, 1, 0, 1]))
    >>> diagram.get_title()
    'ECE 15.0 %'
    """
    named = diagrams if isinstance(diagrams, Mapping) else {"": diagrams}
    if not 1 <= len(named) <= 3 or not all(
        isinstance(one, Reliability) for one in named.values()
    ):
        raise InvalidInput(
            "Reliability diagrams are drawn of what calibration.reliability returns,"
            " or of a dict of up to three of them."
        )
    drawn = _reliability_axes(len(named), axes)
    most = max(row.count for one in named.values() for row in one)
    ticks = np.linspace(0, 1, 6 if len(named) < 3 else 3).round(1)
    for (name, one), (diagram, counts) in zip(named.items(), drawn.T, strict=True):
        _draw_reliability(diagram, one)
        diagram.set_title(f"{name}\nECE {100 * one.ece:.1f} %".strip())
        _draw_counts(counts, one, most)
        counts.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    drawn[0, 0].set_ylabel("accuracy")
    drawn[1, 0].set_ylabel("pictures")
    if axes is None:
        keys: list[Artist] = [
            Line2D([], [], **CALIBRATED, label="calibrated"),
            Patch(**ACCURACY, label="accuracy"),
            Patch(**TOO_SURE, label="gap: too sure"),
            Patch(**NOT_SURE_ENOUGH, label="gap: not sure enough"),
        ]
        root_figure(drawn[0, 0]).legend(
            handles=keys, loc="outside lower center", ncols=2
        )
    return drawn if isinstance(diagrams, Mapping) else drawn[:, 0]


def _reliability_axes(n: int, axes: object) -> AxesArray:
    if axes is not None:
        return given_axes(axes, 2 * n).reshape(2, n)
    width = min(WIDTH, 4 * n)
    side, below = (width - 0.7) / n, 0.8  # Below must have room for its own label.
    grid: AxesArray = plt.subplots(
        2,
        n,
        figsize=(width, side + below + 1.7),
        sharex=True,
        sharey="row",
        height_ratios=(side, below),
        squeeze=False,
        layout="constrained",
    )[1]
    return grid


def _draw_reliability(ax: Axes, one: Reliability) -> None:
    """Draw the accuracy of the bins, the gaps to their confidence, the diagonal."""
    for row in one:
        if not row.count:
            continue
        place: dict[str, Any] = {"width": row.high - row.low, "align": "edge"}
        ax.bar(row.low, row.accuracy, **place, **ACCURACY)
        if row.gap:
            gap = TOO_SURE if row.gap > 0 else NOT_SURE_ENOUGH
            bottom = min(row.accuracy, row.confidence)
            ax.bar(row.low, abs(row.gap), bottom=bottom, zorder=2, **place, **gap)
    ax.plot([0, 1], [0, 1], **CALIBRATED)
    ax.set(xlim=(0, 1), ylim=(0, 1))


def _draw_counts(ax: Axes, one: Reliability, most: int) -> None:
    """Draw how many pictures each bin has, on a logarithmic scale that begins at 0."""
    for row in one:
        width = row.high - row.low
        ax.bar(row.low, row.count, width, align="edge", color="0.45", edgecolor="white")
    ax.set_yscale("symlog", linthresh=1, linscale=0.5)
    digits = len(str(most))
    ticks = [10**power for power in range(0, digits, max(digits // 2, 1))]
    ax.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.minorticks_off()
    ax.set(xlabel="confidence", xlim=(0, 1), ylim=(0, 2 * most))
