"""Reliability diagrams show accuracies, gaps and counts."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from course_utils import plotting
from course_utils.calibration import reliability
from tests.plotting.samples import (
    SURE,
)


def bars(ax: Axes) -> list[tuple[float, ...]]:
    """Left, bottom, width and height of all bars."""
    return [tuple(np.round(bar.get_bbox().bounds, 6)) for bar in ax.patches]


def test_bars_are_accuracies_and_gaps_reach_to_the_confidence() -> None:
    diagram, _ = plotting.plot_reliability(SURE)
    assert bars(diagram) == [
        (0.4, 0, 0.2, 1.0),  # All right,
        (0.4, 0.6, 0.2, 0.4),  # with 60 %: not sure enough.
        (0.8, 0, 0.2, 0.6),  # Six of ten right,
        (0.8, 0.6, 0.2, 0.3),  # with 90 %: too sure.
    ]
    _, timid, _, sure = diagram.patches
    assert timid.get_hatch() != sure.get_hatch()
    assert to_hex(timid.get_edgecolor()) != to_hex(sure.get_edgecolor())
    (diagonal,) = diagram.lines
    np.testing.assert_array_equal(diagonal.get_xydata(), [[0, 0], [1, 1]])


def test_the_counts_stand_below_their_bins() -> None:
    diagram, counts = plotting.plot_reliability(SURE)
    assert [bar[0] for bar in bars(counts)] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])
    assert [bar[3] for bar in bars(counts)] == [0, 0, 5, 0, 10]
    assert counts.get_xlim() == diagram.get_xlim() == (0, 1)
    assert counts.get_position().y1 < diagram.get_position().y0


def test_a_reliability_diagram_says_its_error_and_what_its_bars_are() -> None:
    diagram, _ = plotting.plot_reliability(SURE)
    assert diagram.get_title() == "ECE 33.3 %"
    (legend,) = diagram.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        *("calibrated", "accuracy", "gap: too sure", "gap: not sure enough")
    ]


def test_two_reliability_diagrams_stand_side_by_side_on_one_scale() -> None:
    few = reliability([[0.9, 0.1]] * 2, [0, 0], bins=5)
    axes = plotting.plot_reliability({"before": SURE, "after": few})
    assert axes.shape == (2, 2)
    titles = [ax.get_title() for ax in axes[0]]
    assert titles == ["before\nECE 33.3 %", "after\nECE 10.0 %"]
    assert axes[1, 0].get_ylim() == axes[1, 1].get_ylim()


def test_a_calibrated_net_has_no_gaps() -> None:
    diagram, _ = plotting.plot_reliability(reliability([[1.0, 0.0]] * 3, [0] * 3))
    assert [bar[3] for bar in bars(diagram)] == [1]
