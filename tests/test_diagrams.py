"""The drawings show every window where the arithmetic says that it lies."""

from collections.abc import Callable, Iterator
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from course_utils import conv, diagrams, plotting
from course_utils.errors import CourseError


@pytest.fixture(autouse=True)
def figures() -> Iterator[None]:
    """Draw in the style of the course, and close what was drawn."""
    with plt.rc_context():
        plotting.use_style()
        yield
    plt.close("all")


def frames(ax: Axes) -> list[tuple[float, float, float, float]]:
    """Column, row, width and height of every frame."""
    found = [p for p in ax.patches if isinstance(p, Rectangle) and not p.get_fill()]
    return [(*frame.get_xy(), frame.get_width(), frame.get_height()) for frame in found]


def blue(ax: Axes) -> list[tuple[float, float]]:
    """Column and row of every pixel under a weight."""
    colour = plt.matplotlib.colors.to_rgba(plotting.PALETTE[0])
    return [p.get_xy() for p in ax.patches if p.get_facecolor() == colour]


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize("n", range(5, 11))
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1, 2])
def test_there_is_one_frame_for_each_position(
    n: int, stride: int, padding: int
) -> None:
    ax = diagrams.plot_positions(n, 3, stride, padding)
    columns = [frame[0] for frame in frames(ax)]
    count = conv.output_size(n, 3, stride, padding)
    assert columns == [i * stride - padding // 2 for i in range(count)]
    assert ax.get_title().endswith(f": {count} position{'s' if count > 1 else ''}")


def test_a_pixel_that_no_window_meets_is_crossed_out() -> None:
    assert texts(diagrams.plot_positions(8, 3, stride=2)) == ["×"] * 3
    assert texts(diagrams.plot_positions(7, 3, stride=2)) == []


def test_padding_is_written_as_zeros_and_not_taken_for_a_pixel() -> None:
    ax = diagrams.plot_positions(4, 3, padding=2)
    assert texts(ax) == ["0"] * 8
    assert all(0 <= column < 4 for column, _ in blue(ax))


def test_a_zero_that_no_window_meets_is_crossed_out() -> None:
    # One row on each side, stride 2, an even size: the last row is of no use.
    assert texts(diagrams.plot_positions(6, 3, stride=2, padding=2)) == ["0", "×"] * 3


def test_a_dilated_filter_covers_only_the_pixels_under_its_weights() -> None:
    ax = diagrams.plot_positions(7, 3, dilation=3)
    assert [column for column, _ in blue(ax)] == [0, 3, 6]
    assert [frame[2] for frame in frames(ax)] == [7]


def test_windows_lie_as_the_values_of_the_feature_map() -> None:
    drawn = diagrams.plot_windows(np.zeros((8, 7), int), (2, 3), strides=(3, 2))
    assert drawn.shape == (3, 3)
    for (i, j), ax in np.ndenumerate(drawn):
        assert frames(ax) == [(2 * j, 3 * i, 3, 2)]
        assert len(blue(ax)) == 6


def test_windows_carry_the_labels_of_the_pixels() -> None:
    letters = [["a", "b", "c"], ["d", "e", "f"]]
    drawn = diagrams.plot_windows(letters, 2, titles=["one", "two"])
    assert texts(drawn[0, 1]) == list("abcdef")
    assert [ax.get_title() for ax in drawn.flat] == ["one", "two"]
    assert blue(drawn[0, 1]) == [(1, 0), (2, 0), (1, 1), (2, 1)]


def test_windows_reach_over_the_padding_of_each_side() -> None:
    image = np.full((2, 2), "x")
    drawn = diagrams.plot_windows(image, 2, padding=((0, 1), (0, 1)))
    assert drawn.shape == (2, 2)
    assert texts(drawn[1, 1]) == ["x", "x", "0", "x", "x", "0", "0", "0", "0"]
    assert blue(drawn[1, 1]) == [(1, 1)]


def test_the_receptive_field_is_as_wide_as_the_arithmetic_says() -> None:
    net = [(3, 2), (3, 1), (2, 2)]
    ax = diagrams.plot_receptive_field(net)
    field = conv.receptive_field(net)
    assert texts(ax) == [f"{field} pixels", "4 values", "2 values", "1 value"]
    assert len(blue(ax)) == field


def test_drawings_go_where_the_caller_wants_them() -> None:
    axes = plt.subplots(1, 2)[1]
    assert diagrams.plot_positions(5, 3, ax=axes[0]) is axes[0]
    assert diagrams.plot_receptive_field([(3, 1)], ax=axes[1]) is axes[1]


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "too many positions": (
        lambda: diagrams.plot_positions(100, 3),
        "98 are too many for one drawing",
    ),
    "too many windows": (
        lambda: diagrams.plot_windows(np.zeros((9, 9)), 2),
        "64 are too many for one drawing",
    ),
    "too wide a field": (
        lambda: diagrams.plot_receptive_field([(3, 4), (3, 4), (3, 1)]),
        "43 are too many for one drawing",
    ),
    "a filter larger than the picture": (
        lambda: diagrams.plot_positions(3, 5),
        "spans 5 pixels does not fit into 3",
    ),
    "a picture of one axis": (
        lambda: diagrams.plot_windows([1, 2, 3], 2),
        r"The image must be 2-D; got shape \(3,\)",
    ),
    "a title too few": (
        lambda: diagrams.plot_windows(np.zeros((3, 3)), 2, titles="abc"),
        "There are 3 titles for 4 windows",
    ),
}


@pytest.mark.parametrize("mistake", BAD)
def test_what_cannot_be_drawn_is_refused_in_one_sentence(mistake: str) -> None:
    draw, told = BAD[mistake]
    with pytest.raises(CourseError, match=told) as refused:
        draw()
    assert "\n" not in str(refused.value)
