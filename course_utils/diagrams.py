"""Drawings of the arithmetic of convolution: where windows lie and what they see.

One look throughout: pixels of the image are grey, zeros of the padding white with a
dashed rim, pixels under a weight blue in a yellow frame. A cross marks a pixel that no
window ever meets. Nothing is said by colour alone.
"""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike, NDArray

from course_utils.conv import InvalidInput, Pair, output_size, receptive_field
from course_utils.plotting import PALETTE, WIDTH

MOST = 36
"""The most positions, windows or pixels in one drawing."""

GAP = 1.35  # from one row of a strip to the next, in pixels
LOOKS: dict[str, dict[str, Any]] = {
    "pixel": {"facecolor": "0.86", "edgecolor": "white"},
    "zero": {"facecolor": "white", "edgecolor": "0.6", "linestyle": (0, (2, 2))},
    "weight": {"facecolor": PALETTE[0], "edgecolor": "white"},
}
INK = {"pixel": "black", "zero": "0.35", "weight": "white"}


def plot_positions(
    n: int,
    kernel_size: int,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw every position of a filter along one axis, one below the other.

    Parameters
    ----------
    n, kernel_size, stride, padding, dilation
        As in `conv.output_size`, and `padding` counts both sides together; the odd
        pixel goes to the end.
    ax : Axes, optional
        Where to draw, instead of a new figure.

    Returns
    -------
    Axes, its title the five numbers and how many positions they leave.

    Raises
    ------
    InvalidInput
        As `conv.output_size`, or if there are more than 36 positions.

    Examples
    --------
    >>> plot_positions(8, 3, stride=2).get_title()
    'n = 8, k = 3, s = 2: 3 positions'
    """
    positions = output_size(n, kernel_size, stride, padding, dilation)
    _require_few(positions)
    first, last = -(padding // 2), n + padding - padding // 2
    starts = first + stride * np.arange(positions)
    met = starts[:, None] + dilation * np.arange(kernel_size)
    if ax is None:
        size = (WIDTH * 0.7, 0.6 + 0.38 * positions)
        ax = plt.subplots(figsize=size, layout="constrained")[1]
    for row, weights in enumerate(met):
        for column in range(first, last):
            inside = 0 <= column < n
            look = "weight" if column in weights else "pixel"
            mark = "" if column in met else "×"
            _cell(
                ax,
                row * GAP,
                column,
                look if inside else "zero",
                mark or ("" if inside else "0"),
            )
        _frame(ax, row * GAP, weights[0], 1, weights[-1] - weights[0] + 1)
    _finish(ax, (first, last), (0, GAP * (positions - 1) + 1))
    ax.set_title(_title(n, kernel_size, stride, padding, dilation, positions))
    return ax


def plot_windows(
    image: ArrayLike,
    kernel_size: Pair,
    *,
    strides: Pair = 1,
    padding: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0)),
    titles: Sequence[str] | None = None,
) -> NDArray[Any]:
    """Draw every window of a small image, one panel each, laid out as the feature map.

    Parameters
    ----------
    image : array of shape (height, width)
        What to write into the pixels: numbers or strings; empty strings for nothing.
    kernel_size, strides : int or (rows, columns)
        As in `conv.conv2d`.
    padding : ((top, bottom), (left, right))
        Rows and columns of zeros.
    titles : sequence of str, optional
        Written above the panels.
    Returns
    -------
    array of Axes of shape (h_out, w_out)

    Raises
    ------
    InvalidInput
        As `conv.output_size`, or if there are more than 36 windows, or `titles` are
        not as many as the windows.

    Examples
    --------
    >>> plot_windows(np.zeros((5, 5), int), 3, strides=2).shape
    (2, 2)
    """
    labels = np.asarray(image)
    if labels.ndim != 2:
        raise InvalidInput(f"The image must be 2-D; got shape {labels.shape}.")
    size, step = (
        pair if isinstance(pair, tuple) else (pair, pair)
        for pair in (kernel_size, strides)
    )
    rows, columns = (
        output_size(n, k, s, sum(pad))
        for n, k, s, pad in zip(labels.shape, size, step, padding, strict=True)
    )
    _require_few(rows * columns)
    names = [""] * (rows * columns) if titles is None else list(titles)
    if len(names) != rows * columns:
        raise InvalidInput(
            f"There are {len(names)} titles for {rows * columns} windows: give one"
            " each."
        )
    marks: Any = None  # where the padding is
    padded = np.pad(labels.astype(str).astype(object), padding, constant_values=marks)
    grid = _grid(rows, columns, padded.shape, titles is not None)
    for (i, j), ax in np.ndenumerate(grid):
        _draw_window(ax, padded, (i * step[0], j * step[1]), size)
        ax.set_title(names[i * columns + j])
    return grid


def plot_receptive_field(
    layers: Sequence[tuple[int, int]], *, ax: Axes | None = None
) -> Axes:
    """Draw what one output value sees along one axis, layer by layer.

    Parameters
    ----------
    layers : sequence of (kernel_size, stride)
        From the input to the output.
    ax : Axes, optional
        Where to draw, instead of a new figure.

    Returns
    -------
    Axes, with the input's pixels at the bottom and the one output value at the top.

    Raises
    ------
    InvalidInput
        As `conv.receptive_field`, or if it is wider than 36 pixels.

    Examples
    --------
    >>> ax = plot_receptive_field([(3, 1), (3, 1)])
    >>> [text.get_text() for text in ax.texts]
    ['5 pixels', '3 values', '1 value']
    """
    field = receptive_field(layers)
    _require_few(field)
    if ax is None:
        height = 0.8 + 0.75 * len(layers)
        ax = plt.subplots(figsize=(WIDTH * 0.75, height), layout="constrained")[1]
    # How many values of each layer the output sees: the field of the layers above.
    counts = [receptive_field(layers[depth:]) for depth in range(len(layers) + 1)]
    step, centre, places = 1.0, 0.0, []
    for depth, count in enumerate(counts):
        if depth:
            k, stride = layers[depth - 1]
            centre += (k - 1) / 2 * step
            step *= stride
        places.append(centre + step * np.arange(count))
    for depth, (k, stride) in enumerate(layers):
        for i, above in enumerate(places[depth + 1]):
            for below in places[depth][i * stride : i * stride + k]:
                ax.plot([below, above], [depth, depth + 1], color="0.6", lw=1, zorder=1)
    for depth, row in enumerate(places):
        look = LOOKS["weight" if depth == 0 else "pixel"] | {"edgecolor": "0.3"}
        for place in row:
            ax.add_patch(Rectangle((place - 0.4, depth - 0.17), 0.8, 0.34, **look))
        unit = "pixel" if depth == 0 else "value"
        told = f"{counts[depth]} {unit}{'s' if counts[depth] > 1 else ''}"
        ax.text(field + 0.2, depth, told, va="center")
    ax.set(xlim=(-0.6, field + 0.2), ylim=(-0.3, len(layers) + 0.3))
    ax.axis("off")
    return ax


def _require_few(count: int) -> None:
    if count > MOST:
        raise InvalidInput(
            f"{count} are too many for one drawing: choose sizes that leave at most"
            f" {MOST}."
        )


def _title(n: int, k: int, stride: int, padding: int, dilation: int, count: int) -> str:
    """Name the numbers that differ from their defaults, and what they lead to."""
    told = f"n = {n}, k = {k}"
    for letter, value, usual in (
        ("p", padding, 0),
        ("s", stride, 1),
        ("d", dilation, 1),
    ):
        told += f", {letter} = {value}" if value != usual else ""
    return f"{told}: {count} position{'' if count == 1 else 's'}"


def _cell(ax: Axes, row: float, column: float, look: str, label: str = "") -> None:
    """Draw one pixel, its upper left corner at (row, column), and write into it."""
    ax.add_patch(Rectangle((column, row), 1, 1, **LOOKS[look]))
    if label:
        ax.text(
            column + 0.5, row + 0.5, label, color=INK[look], ha="center", va="center"
        )


def _frame(ax: Axes, row: float, column: float, height: float, width: float) -> None:
    """Frame a window whose upper left corner is at (row, column)."""
    outline = [withStroke(linewidth=4.5, foreground="black")]
    frame = Rectangle((column, row), width, height, fill=False, zorder=3)
    frame.set(edgecolor="#F0E442", linewidth=2.5, path_effects=outline)
    ax.add_patch(frame)


def _finish(ax: Axes, columns: tuple[int, int], rows: tuple[float, float]) -> None:
    """Fit the axes round the cells, rows counted downwards."""
    margin = 0.1
    ax.set(
        xlim=(columns[0] - margin, columns[1] + margin),
        ylim=(rows[1] + margin, rows[0] - margin),
        aspect="equal",
    )
    ax.axis("off")


def _grid(
    rows: int, columns: int, shape: tuple[int, ...], titled: bool
) -> NDArray[Any]:
    """Make panels for arrays of one shape, at most `WIDTH` wide in all."""
    unit = min(WIDTH / columns / (shape[1] + 0.6), 0.45)
    size = (
        columns * unit * (shape[1] + 0.6),
        rows * (unit * (shape[0] + 0.6) + 0.3 * titled),
    )
    grid: NDArray[Any] = plt.subplots(
        rows, columns, figsize=size, squeeze=False, layout="constrained"
    )[1]
    return grid


def _draw_window(
    ax: Axes, padded: NDArray[Any], at: tuple[int, int], size: tuple[int, int]
) -> None:
    """Draw all pixels, those of one window marked; padding is where None is."""
    height, width = size
    for (row, column), label in np.ndenumerate(padded):
        inside = at[0] <= row < at[0] + height and at[1] <= column < at[1] + width
        if label is None:
            _cell(ax, row, column, "zero", "0")
        else:
            _cell(ax, row, column, "weight" if inside else "pixel", label)
    _frame(ax, *at, height, width)
    _finish(ax, (0, padded.shape[1]), (0, padded.shape[0]))
