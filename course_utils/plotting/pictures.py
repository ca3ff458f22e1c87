"""Pictures side by side, and in rows that have a name each."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
from numpy.typing import ArrayLike, NDArray

from course_utils.conv import InvalidInput
from course_utils.plotting.panels import AxesArray, as_pictures, grey_scale, panels
from course_utils.plotting.style import WIDTH


def show_images(
    images: ArrayLike | Sequence[ArrayLike],
    titles: Sequence[object] | None = None,
    *,
    columns: int | None = None,
    axes: object = None,
) -> AxesArray:
    """Show pictures side by side, all on one scale of grey.

    Parameters
    ----------
    images : array of shape (n, h, w), (n, h, w, 1) or (n, h, w, 3), or list of pictures
        uint8 pixels, or floats; colours as floats lie in [0, 1]. One grey picture may
        come alone, as (h, w).
    titles : sequence of n labels, optional
        Written above the pictures.
    columns : int, optional
        Pictures in a row; five, or fewer if there are not as many.
    axes : array of Axes, optional
        Where to draw, instead of a new figure.

    Returns
    -------
    array of n Axes, one per picture.

    Raises
    ------
    InvalidInput
        If these are no pictures, are more than 400, or lack titles.

    Examples
    --------
    >>> import numpy as np
    >>> axes = show_images(np.zeros((7, 28, 28)), titles="abcdefg")
    >>> len(axes), axes[6].get_title()
    (7, 'g')
    """
    pictures = as_pictures(images)
    return panels(pictures, grey_scale(pictures), titles, columns, axes)


def show_rows(
    rows: Mapping[str, ArrayLike],
    titles: Mapping[str, Sequence[object]] | None = None,
) -> AxesArray:
    """Show pictures in rows that have a name each, all on one scale of grey.

    For example one picture, several times, as each kind of augmentation changes it.

    Parameters
    ----------
    rows : dict from the name of a row to its pictures
        Pictures as for `show_images`, as many in each row and all of one size.
    titles : dict from the name of a row to its titles, optional
        Written above the pictures of that row.

    Returns
    -------
    array of Axes of shape (rows, pictures in a row).

    Raises
    ------
    InvalidInput
        If these are no pictures, rows differ in length, pictures differ in size, or
        titles belong to no row or to fewer pictures.

    Examples
    --------
    >>> import numpy as np
    >>> drawn = show_rows({"dark": np.zeros((5, 8, 8)), "bright": np.ones((5, 8, 8))})
    >>> drawn.shape, drawn[1, 0].get_ylabel()
    ((2, 5), 'bright')
    """
    pictures = {name: as_pictures(images) for name, images in rows.items()}
    labels = _row_titles(pictures, titles or {})
    everything = [picture for row in pictures.values() for picture in row]
    columns = len(everything) // len(pictures)
    longest = max(len(line) for name in pictures for line in name.splitlines())
    margin = 0.11 * longest + 0.2  # About the width of the names in inches.
    width = (WIDTH - margin) / columns
    height = width * everything[0].shape[0] / everything[0].shape[1]
    lines = sum(max(len(t.splitlines()) for t in row) for row in labels.values())
    size = (WIDTH, len(pictures) * (height + 0.05) + 0.25 * lines)
    grid: AxesArray = plt.subplots(
        len(pictures), columns, figsize=size, squeeze=False, layout="constrained"
    )[1]
    texts = [text for row in labels.values() for text in row]
    panels(everything, grey_scale(everything), texts, None, grid)
    for ax, name in zip(grid[:, 0], pictures, strict=True):
        ax.set_ylabel(name, rotation=0, ha="right", va="center")
    return grid


def _row_titles(
    rows: Mapping[str, Sequence[NDArray[Any]]], titles: Mapping[str, Sequence[object]]
) -> dict[str, list[str]]:
    """Return one title per picture, and see that rows and pictures form a grid."""
    if len({len(row) for row in rows.values()}) != 1:
        lengths = ", ".join(f"{name}: {len(row)}" for name, row in rows.items())
        raise InvalidInput(
            f"Rows need as many pictures each; these have {lengths or 'none'}."
        )
    if len({picture.shape for row in rows.values() for picture in row}) > 1:
        raise InvalidInput("All pictures in rows must have one shape: resize them.")
    if unknown := [name for name in titles if name not in rows]:
        raise InvalidInput(
            f"There is no row {unknown[0]!r} for these titles; the rows are"
            f" {', '.join(rows)}."
        )
    texts = {}
    for name, row in rows.items():
        texts[name] = [str(title) for title in titles.get(name, [""] * len(row))]
        if len(texts[name]) != len(row):
            raise InvalidInput(
                f"Row {name!r} has {len(texts[name])} titles for {len(row)} pictures:"
                f" give {len(row)}."
            )
    return texts
