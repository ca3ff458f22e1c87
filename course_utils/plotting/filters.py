"""A convolution, the filters of a layer, and what they find."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike, NDArray

from course_utils import arrays
from course_utils.conv import InvalidInput, correlate2d
from course_utils.plotting.panels import (
    AxesArray,
    as_pictures,
    colour_bar,
    draw,
    given_axes,
    grey_scale,
    panels,
    signed_scale,
    write_numbers,
)
from course_utils.plotting.style import POSITIVE, WIDTH

ANNOTATED = 8  # Arrays of at most so many rows and columns show their numbers.


def plot_convolution(
    image: ArrayLike,
    kernel: ArrayLike,
    *,
    at: tuple[int, int] | None = None,
    axes: object = None,
) -> AxesArray:
    """Show an image, a kernel and the feature map that `conv.correlate2d` makes.

    Arrays of at most 8 rows and columns show their numbers; larger maps have a colour
    bar. Red is positive, blue negative, white zero; all maps share one scale.

    Parameters
    ----------
    image : array of shape (height, width), or (n, height, width)
        Grey values; with several images, a row of panels for each.
    kernel : array of shape (k_h, k_w)
        Weights.
    at : (row, column), optional
        Position in the feature map to point out, with the window that it comes from.
    axes : array of 3 Axes, or 3 per image, optional
        Where to draw, instead of a new figure.

    Returns
    -------
    array of Axes of shape (3,), or (n, 3): image, kernel, feature map.

    Raises
    ------
    InvalidInput
        If `conv.correlate2d` refuses an input, or `at` lies outside the feature map.

    Examples
    --------
    >>> image, kernel, feature_map = plot_convolution(np.eye(6), np.eye(3))
    >>> feature_map.images[0].get_array().shape
    (4, 4)
    """
    pictures = as_pictures(image)
    weights = np.asarray(kernel)
    maps = [correlate2d(picture, kernel) for picture in pictures]
    if at is not None:
        _require_inside(at, maps)
    drawn = _convolution_axes(pictures[0], weights, len(pictures), axes)
    grey, response = grey_scale(pictures), signed_scale(*maps)
    for row, picture, feature_map in zip(drawn, pictures, maps, strict=True):
        draw(row[0], picture, grey)
        draw(row[1], weights, signed_scale(weights))
        draw(row[2], feature_map, response)
        if at is not None:
            _point_out(row[0], at, weights.shape)
            _point_out(row[2], at, (1, 1))
    names = ("image", "kernel", "feature map")
    for ax, name in zip(drawn[0], names, strict=True):
        height, width = ax.images[0].get_size()
        ax.set_title(f"{name}\n{height}×{width}")
    if axes is None and max(maps[0].shape) > ANNOTATED:
        colour_bar(drawn[:, 2])
    for ax in drawn.flat:
        if max(ax.images[0].get_size()) <= ANNOTATED:
            write_numbers(ax, _labels(ax.images[0].get_array()))
    return drawn if len(pictures) > 1 or np.ndim(image) > 2 else drawn[0]


def plot_filters(
    kernels: ArrayLike,
    *,
    channel: int | None = None,
    titles: Sequence[object] | None = None,
    columns: int | None = None,
    axes: object = None,
) -> AxesArray:
    """Show the filters of a convolutional layer, all on one scale.

    Filters of one input channel are red where positive, blue where negative and white
    at zero. Filters of three are shown in the colours that they look for, grey at zero.

    Parameters
    ----------
    kernels : array of shape (k_h, k_w, C_in, C_out), or (k_h, k_w)
        Weights as Keras stores them, for example ``layer.kernel``.
    channel : int, optional
        Show only the weights of this input channel.
    titles, columns, axes
        As in `show_images`.

    Returns
    -------
    array of C_out Axes, one per filter.

    Raises
    ------
    InvalidInput
        If these are no filters, or have several input channels and none was chosen.

    Examples
    --------
    >>> len(plot_filters(np.ones((5, 5, 1, 9))))
    9
    """
    weights = arrays.numbers(kernels, "filters")
    if weights.ndim == 2:
        weights = weights[:, :, None, None]
    if weights.ndim != 4:
        raise InvalidInput(
            "Filters have shape (k_h, k_w, C_in, C_out), as Keras stores them; got"
            f" {weights.shape}."
        )
    channels = weights.shape[2]
    if channel is not None and not -channels <= channel < channels:
        raise InvalidInput(f"There is no channel {channel} among {channels}.")
    if channel is not None or channels == 1:
        chosen = list(np.moveaxis(weights[:, :, channel or 0], 2, 0))
        return panels(chosen, signed_scale(*chosen), titles, columns, axes, bar=True)
    if channels != 3:
        raise InvalidInput(
            f"The filters have {channels} input channels: choose one to show, for"
            " example channel=0."
        )
    colours = 0.5 + weights / (2 * (np.abs(weights).max() or 1))
    return panels(list(np.moveaxis(colours, 3, 0)), {}, titles, columns, axes)


def plot_feature_maps(
    maps: ArrayLike,
    *,
    titles: Sequence[object] | None = None,
    columns: int | None = None,
    axes: object = None,
) -> AxesArray:
    """Show what every filter of a layer found in one image, all on one scale.

    Maps with negative values are red, white and blue with white at zero; others run
    from 0 in dark violet to their largest value in yellow.

    Parameters
    ----------
    maps : array of shape (h, w, C), (1, h, w, C) or (h, w)
        Feature maps of one image.
    titles, columns, axes
        As in `show_images`.

    Returns
    -------
    array of C Axes, one per map.

    Raises
    ------
    InvalidInput
        If these are no feature maps, or those of several images.

    Examples
    --------
    >>> len(plot_feature_maps(np.ones((1, 12, 12, 10))))
    10
    """
    values = arrays.numbers(maps, "feature maps")
    if values.ndim == 4 and len(values) == 1:
        values = values[0]
    if values.ndim == 2:
        values = values[:, :, None]
    if values.ndim != 3:
        raise InvalidInput(
            "Feature maps of one image have shape (h, w, C); got"
            f" {values.shape}: choose an image, for example maps[0]."
        )
    shown = list(np.moveaxis(values, 2, 0))
    positive = {"cmap": POSITIVE, "vmin": 0, "vmax": values.max() or 1}
    scale = signed_scale(*shown) if values.min() < 0 else positive
    return panels(shown, scale, titles, columns, axes, bar=True)


def _labels(values: Any) -> NDArray[Any]:
    """Write numbers with as few decimals as they need, for three digits at most."""
    numbers = np.asarray(values, dtype=float)
    largest = np.abs(numbers).max()
    most = 2 if largest < 10 else 1 if largest < 100 else 0
    decimals = next(
        (d for d in range(most) if np.allclose(numbers, numbers.round(d))), most
    )
    texts = [f"{v:.{decimals}f}" for v in numbers.round(decimals).ravel() + 0.0]
    return np.array([text.replace("-", "−") for text in texts]).reshape(numbers.shape)


def _convolution_axes(
    image: NDArray[Any], kernel: NDArray[Any], rows: int, axes: object
) -> AxesArray:
    """Make rows of three panels, with cells of one size where the kernel allows."""
    if axes is not None:
        return given_axes(axes, 3 * rows).reshape(rows, 3)
    height, width = image.shape
    widths = [width, max(kernel.shape[1], width / 3), width - kernel.shape[1] + 1]
    unit = min(WIDTH / sum(widths), 0.5, 8 / (rows * height))  # At most 8 inches high.
    large = max(height, width) > ANNOTATED
    size = (unit * sum(widths), rows * (unit * height + 0.04) + 0.6 + 0.6 * large)
    grid: AxesArray = plt.subplots(
        rows,
        3,
        figsize=size,
        width_ratios=widths,
        squeeze=False,
        layout="constrained",
    )[1]
    return grid


def _require_inside(at: tuple[int, int], maps: Sequence[NDArray[Any]]) -> None:
    for height, width in (feature_map.shape for feature_map in maps):
        if not (0 <= at[0] < height and 0 <= at[1] < width):
            raise InvalidInput(
                f"Position {at} lies outside the feature map, which has {height} rows"
                f" and {width} columns."
            )


def _point_out(ax: Axes, at: tuple[int, int], shape: tuple[int, ...]) -> None:
    """Frame the cells of a window whose upper left one is at (row, column)."""
    row, column = at
    frame = Rectangle((column - 0.5, row - 0.5), shape[1], shape[0], fill=False)
    outline = [withStroke(linewidth=5, foreground="black")]
    frame.set(edgecolor="#F0E442", linewidth=2.5, path_effects=outline, zorder=3)
    ax.add_patch(frame)
