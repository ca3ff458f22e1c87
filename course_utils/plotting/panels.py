"""Rows of pictures on one scale: what the figures of arrays are made of."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from course_utils import arrays
from course_utils.conv import InvalidInput
from course_utils.plotting.style import SIGNED, WIDTH

AxesArray = NDArray[Any]  # Its elements are Axes.

MOST_PICTURES = 400


def positive(value: int, name: str) -> int:
    if not isinstance(value, int | np.integer) or value < 1:
        raise InvalidInput(f"{name} must be a whole number of at least 1; got {value}.")
    return int(value)


def as_pictures(images: Any) -> list[NDArray[Any]]:
    """Return a list of (h, w) and (h, w, 3) pictures that matplotlib can draw."""
    try:
        array = np.asarray(images)
    except ValueError:  # A list of pictures that differ in size.
        return [as_pictures([picture])[0] for picture in images]
    if array.ndim > 2 and len(array) > MOST_PICTURES:
        raise InvalidInput(
            f"{len(array)} images are too many for one figure: pick some, for example"
            " images[:10]."
        )
    array = arrays.numbers(array, "images")
    if array.ndim == 3 and array.shape[2] in (1, 3):
        raise InvalidInput(
            f"Shape {array.shape} may be one picture or {len(array)} narrow ones: write"
            " images[None] for one, images[..., None] for many."
        )
    if array.ndim == 4 and array.shape[3] == 1:
        array = array[..., 0]
    if array.ndim == 4 and array.shape[3] == 3:
        return list(_colours(array))
    if array.ndim not in (2, 3):
        raise InvalidInput(
            "Images have shape (n, h, w), (n, h, w, 1) or (n, h, w, 3); got"
            f" {array.shape}."
        )
    return [array] if array.ndim == 2 else list(array)


def _colours(pictures: NDArray[Any]) -> NDArray[Any]:
    """Return colour pictures in a range that matplotlib shows without clipping."""
    highest = 1 if pictures.dtype.kind == "f" else 255
    if pictures.min() < 0 or pictures.max() > highest:
        raise InvalidInput(
            f"Colours lie in 0 to {highest} when they are {pictures.dtype}; these run"
            f" from {pictures.min():g} to {pictures.max():g}."
        )
    return pictures if highest == 1 else pictures.astype(np.uint8)


def grey_scale(pictures: Sequence[NDArray[Any]]) -> dict[str, Any]:
    """Scale of grey for all pictures: 0–1, 0–255 for bytes, else their range."""
    low = min(picture.min() for picture in pictures)
    high = max(picture.max() for picture in pictures)
    if low >= 0 and high <= 1:
        low, high = 0, 1
    elif all(picture.dtype == np.uint8 for picture in pictures):
        low, high = 0, 255
    return {"cmap": "gray", "vmin": low, "vmax": high}


def signed_scale(*arrays: NDArray[Any]) -> dict[str, Any]:
    """Red–white–blue scale for all arrays, white at zero."""
    limit = max(np.abs(array.astype(float)).max() for array in arrays) or 1
    return {"cmap": SIGNED, "vmin": -limit, "vmax": limit}


def draw(ax: Axes, array: NDArray[Any], scale: Mapping[str, Any]) -> None:
    """Draw an array as a picture in a thin frame, without coordinates."""
    ax.imshow(array, interpolation="nearest", **scale)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color="0.6", linewidth=0.8)


def given_axes(axes: object, n: int) -> AxesArray:
    """Return the first n of the Axes that the caller wants to draw in."""
    flat = np.asarray(axes, dtype=object).ravel()
    if flat.size < n or not all(isinstance(ax, Axes) for ax in flat):
        raise InvalidInput(
            f"{n} Axes are needed to draw in; got {flat.size} object(s): make them"
            " with plt.subplots, or leave axes out."
        )
    return flat[:n]


def panels(
    pictures: Sequence[NDArray[Any]],
    scale: Mapping[str, Any],
    titles: Sequence[object] | None,
    columns: int | None,
    axes: object,
    bar: bool = False,
) -> AxesArray:
    """Draw pictures in rows, on one scale, with a colour bar if asked."""
    n = len(pictures)
    texts = [""] * n if titles is None else [str(title) for title in titles]
    if len(texts) != n:
        raise InvalidInput(f"There are {len(texts)} titles for {n} panels: give {n}.")
    if axes is not None:
        drawn = given_axes(axes, n)
    else:
        columns = min(n, 5 if columns is None else positive(columns, "columns"))
        rows = -(-n // columns)
        width = min(WIDTH / columns, 2.4)
        height = width * pictures[0].shape[0] / pictures[0].shape[1]
        height += 0.25 * max(len(text.splitlines()) for text in texts)
        size = (columns * width, rows * height + 0.7 * bar)
        grid = plt.subplots(
            rows, columns, figsize=size, squeeze=False, layout="constrained"
        )[1]
        drawn = grid.ravel()[:n]
        for unused in grid.ravel()[n:]:
            unused.remove()
    for ax, picture in zip(drawn, pictures, strict=True):
        draw(ax, picture, scale)
    if bar and axes is None:
        colour_bar(drawn)
    if titles is not None:
        _write_titles(drawn, texts)
    return drawn


def colour_bar(drawn: AxesArray) -> None:
    ax = drawn[0]
    ax.figure.colorbar(
        ax.images[0], ax=list(drawn), location="bottom", aspect=30, shrink=0.8
    )


def root_figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None  # Only Axes that were removed have none.
    return figure


def _write_titles(drawn: AxesArray, titles: Sequence[str]) -> None:
    """Write titles, all in the one size at which the longest fits its panel."""
    for ax, title in zip(drawn, titles, strict=True):
        ax.set_title(title)
    root_figure(drawn[0]).draw_without_rendering()
    widest = max(
        ax.title.get_window_extent().width / ax.get_window_extent().width
        for ax in drawn
    )
    for ax in drawn:
        ax.title.set_fontsize(ax.title.get_fontsize() / max(widest, 1))


def write_numbers(ax: Axes, labels: NDArray[Any]) -> None:
    """Rule a picture into cells and write a label into each, as large as it allows."""
    shown, figure = ax.images[0], root_figure(ax)
    figure.draw_without_rendering()
    cell = ax.get_window_extent().width / labels.shape[1] * 72 / figure.dpi
    longest = max(len(label) for label in labels.flat)
    size = min(plt.rcParams["font.size"], 0.6 * cell, 0.84 * cell / (0.64 * longest))
    red, green, blue, _ = np.moveaxis(
        shown.to_rgba(np.asarray(shown.get_array())), 2, 0
    )
    bright = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
    for k in range(1, labels.shape[1]):
        ax.axvline(k - 0.5, color="0.6", linewidth=0.8)
    for k in range(1, labels.shape[0]):
        ax.axhline(k - 0.5, color="0.6", linewidth=0.8)
    for (row, column), label in np.ndenumerate(labels):
        colour = "black" if bright[row, column] else "white"
        ax.text(
            column, row, label, ha="center", va="center", color=colour, fontsize=size
        )


def nothing_to_show(note: str, axes: object) -> AxesArray:
    """Draw a note where pictures would have been."""
    if axes is None:
        axes = plt.subplots(figsize=(WIDTH / 2, 0.8), layout="constrained")[1]
    drawn = given_axes(axes, 1)
    drawn[0].set_axis_off()
    drawn[0].text(0.5, 0.5, note, ha="center", va="center")
    return drawn
