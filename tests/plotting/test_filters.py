"""Convolutions, filters and feature maps on scales that tell what is positive."""

from typing import Any

import numpy as np
import pytest

from course_utils import conv, plotting
from tests.plotting.samples import (
    EDGE,
    GREY,
    data,
    limits,
    rng,
    texts,
)


def test_image_kernel_and_feature_map_stand_side_by_side() -> None:
    axes = plotting.plot_convolution(GREY[0], EDGE)
    assert axes.shape == (3,)
    np.testing.assert_array_equal(data(axes[0]), GREY[0])
    np.testing.assert_array_equal(data(axes[1]), EDGE)
    np.testing.assert_array_equal(data(axes[2]), conv.correlate2d(GREY[0], EDGE))
    titles = [ax.get_title() for ax in axes]
    assert titles == ["image\n28×28", "kernel\n3×3", "feature map\n26×26"]
    lefts = [ax.get_position().x0 for ax in axes]
    assert lefts == sorted(lefts)


def test_small_arrays_show_their_numbers() -> None:
    image = np.arange(24).reshape(4, 6) % 7
    axes = plotting.plot_convolution(image, EDGE)
    for ax, values in zip(
        axes, (image, EDGE, conv.correlate2d(image, EDGE)), strict=True
    ):
        expected = [f"{v:.0f}".replace("-", "−") for v in values.ravel()]
        assert texts(ax) == expected
        for text, (row, column) in zip(ax.texts, np.ndindex(values.shape), strict=True):
            assert text.get_position() == (column, row)


def test_a_large_image_shows_no_numbers_but_its_kernel_and_a_colour_bar_do() -> None:
    image, kernel, feature_map = plotting.plot_convolution(GREY[0], EDGE)
    assert not image.texts
    assert texts(kernel) == ["−1", "0", "1"] * 3
    assert not feature_map.texts
    assert len(feature_map.figure.axes) == 4


def test_numbers_get_the_decimals_they_need_for_three_digits_at_most() -> None:
    for kernel, expected in (
        ([[1.0, -2.0]], ["1", "−2"]),
        ([[0.5, 1.0]], ["0.5", "1.0"]),
        ([[1 / 3, -1.0]], ["0.33", "−1.00"]),
        ([[12.34, 0.5]], ["12.3", "0.5"]),
        ([[123.4, 0.5]], ["123", "0"]),
        ([[-0.0, -1e-12]], ["0", "0"]),
    ):
        axes = plotting.plot_convolution(np.ones((3, 3)), kernel)
        assert texts(axes[1]) == expected


def test_numbers_are_readable_on_their_ground() -> None:
    """White on dark cells and black on bright ones, with a contrast of at least 4."""
    axes = plotting.plot_convolution(rng.integers(0, 2, (6, 6)), EDGE)
    for ax in axes:
        image = ax.images[0]
        for text in ax.texts:
            column, row = text.get_position()
            ground = image.to_rgba(data(ax))[int(row), int(column), :3]
            assert contrast(ground, 0.0 if text.get_color() == "black" else 1.0) >= 4


def contrast(colour: Any, grey: float) -> float:
    """Contrast ratio of a colour with black or white, WCAG 2.2."""
    linear = np.where(
        colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4
    )
    bright, dark = sorted((linear @ [0.2126, 0.7152, 0.0722], grey), reverse=True)
    return float((bright + 0.05) / (dark + 0.05))


def test_no_number_leaves_its_cell() -> None:
    for image in (GREY[0, :8, 10:18], rng.normal(0, 100, (8, 8)), np.eye(4)):
        axes = plotting.plot_convolution(image, EDGE)
        axes[0].figure.canvas.draw()
        for ax in axes:
            cell = ax.get_window_extent().width / data(ax).shape[1]
            for text in ax.texts:
                assert text.get_window_extent().width < cell
                assert text.get_fontsize() >= 6


def test_signed_maps_are_white_at_zero_on_one_scale() -> None:
    axes = plotting.plot_convolution(GREY, EDGE)
    assert axes.shape == (5, 3)
    largest = max(np.abs(conv.correlate2d(image, EDGE)).max() for image in GREY)
    for row in axes:
        assert limits(row[2]) == (-largest, largest)
        assert limits(row[1]) == (-1, 1)
        red, green, blue, _ = row[2].images[0].to_rgba(0.0)
        assert min(red, green, blue) > 0.95
        positive, negative = row[2].images[0].to_rgba(np.array([largest, -largest]))
        assert positive[0] > positive[2]
        assert negative[2] > negative[0]


def test_integer_kernels_do_not_wrap_on_their_scale() -> None:
    for dtype in (np.uint8, np.int8, np.bool_):
        axes = plotting.plot_convolution(np.eye(4), np.ones((2, 2), dtype))
        assert limits(axes[1]) == (-1, 1)


def test_a_position_can_be_pointed_out() -> None:
    axes = plotting.plot_convolution(np.eye(6), np.ones((3, 2)), at=(1, 2))
    (window,), kernel, (cell,) = (ax.patches for ax in axes)
    assert not kernel
    assert window.get_bbox().bounds == (1.5, 0.5, 2, 3)
    assert cell.get_bbox().bounds == (1.5, 0.5, 1, 1)


def test_grey_filters_share_a_signed_scale() -> None:
    kernels = rng.normal(size=(5, 5, 1, 9))
    axes = plotting.plot_filters(kernels)
    largest = np.abs(kernels).max()
    assert len(axes) == 9
    for i, ax in enumerate(axes):
        np.testing.assert_array_equal(data(ax), kernels[:, :, 0, i])
        assert limits(ax) == (-largest, largest)
    assert len(axes[0].figure.axes) == 10  # The tenth is the colour bar.


def test_one_input_channel_of_many_can_be_shown() -> None:
    kernels = rng.normal(size=(3, 3, 10, 4))
    axes = plotting.plot_filters(kernels, channel=7)
    for i, ax in enumerate(axes):
        np.testing.assert_array_equal(data(ax), kernels[:, :, 7, i])


def test_colour_filters_are_grey_at_zero() -> None:
    kernels = np.zeros((3, 3, 3, 2))
    kernels[0, 0, 0, 1] = -4
    kernels[2, 2, 2, 1] = 2
    first, second = plotting.plot_filters(kernels)
    np.testing.assert_array_equal(data(first), np.full((3, 3, 3), 0.5))
    np.testing.assert_array_equal(data(second)[0, 0], [0, 0.5, 0.5])
    np.testing.assert_array_equal(data(second)[2, 2], [0.5, 0.5, 0.75])


def test_a_single_kernel_may_come_alone() -> None:
    (ax,) = plotting.plot_filters(EDGE)
    np.testing.assert_array_equal(data(ax), EDGE)


@pytest.mark.parametrize("shape", [(12, 12, 10), (1, 12, 12, 10)])
def test_feature_maps_after_a_relu_run_from_zero(shape: tuple[int, ...]) -> None:
    maps = np.maximum(rng.normal(size=shape), 0)
    axes = plotting.plot_feature_maps(maps)
    assert len(axes) == 10
    for i, ax in enumerate(axes):
        np.testing.assert_array_equal(data(ax), maps.reshape(12, 12, 10)[..., i])
        assert limits(ax) == (0, maps.max())
        assert ax.images[0].cmap.name == "viridis"


def test_feature_maps_with_negative_values_are_signed() -> None:
    axes = plotting.plot_feature_maps(np.array([[[-3.0, 1.0]]]))
    assert {limits(ax) for ax in axes} == {(-3, 3)}
    assert axes[0].images[0].cmap.name == "RdBu_r"


def test_maps_of_nothing_have_a_scale() -> None:
    assert limits(plotting.plot_feature_maps(np.zeros((4, 4)))[0]) == (0, 1)
    assert limits(plotting.plot_filters(np.zeros((3, 3)))[0]) == (-1, 1)
