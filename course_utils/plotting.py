"""Figures of the course. Every function returns its Axes; none calls ``plt.show``.

Colours carry the same meaning everywhere and survive colour blindness: grey for
pictures, red–white–blue for signed numbers with white at zero, viridis for numbers that
cannot be negative, the Okabe–Ito palette for curves. Figures are drawn on white, at
most `WIDTH` inches wide, so that their text stays readable on a telephone.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from course_utils import arrays
from course_utils.calibration import Reliability
from course_utils.conv import InvalidInput, correlate2d
from course_utils.mistakes import confusion_matrix, most_confused

AxesArray = NDArray[Any]  # Its elements are Axes.

WIDTH = 6.4
"""Width of the widest figure in inches."""

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Colours of M. Okabe and K. Ito, "Color Universal Design" (2008)."""

SIGNED, POSITIVE = "RdBu_r", "viridis"
ANNOTATED = 8  # Arrays of at most so many rows and columns show their numbers.
MOST_PICTURES = 400

# The parts of a reliability diagram, which hatching tells apart, too.
CALIBRATED: dict[str, Any] = {"color": "black", "ls": "--", "lw": 1.5}
ACCURACY: dict[str, Any] = {"facecolor": "#9CC6E2", "edgecolor": "white"}
TOO_SURE = ACCURACY | {"facecolor": "#FCEBDD", "edgecolor": PALETTE[1], "hatch": "////"}
NOT_SURE_ENOUGH = ACCURACY | {"edgecolor": "#00694C", "hatch": r"\\\\"}

STYLE: dict[str, Any] = {
    # White and opaque: the same picture on a light page, on the white card that the
    # book's dark theme puts behind images, in a notebook and in print.
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.figsize": (WIDTH, 3.6),
    "figure.dpi": 144,
    "figure.constrained_layout.use": True,
    "font.size": 12,
    "axes.titlesize": 12,
    "axes.labelsize": 12,
    "legend.fontsize": 11,
    "legend.frameon": False,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=PALETTE),
    "lines.linewidth": 2,
    "image.interpolation": "nearest",
    "image.cmap": POSITIVE,
}


def use_style() -> None:
    """Set matplotlib's defaults for the figures of the course.

    Examples
    --------
    >>> use_style()
    >>> plt.rcParams["figure.facecolor"]
    'white'
    """
    plt.style.use(STYLE)


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
    >>> axes = show_images(np.zeros((7, 28, 28)), titles="abcdefg")
    >>> len(axes), axes[6].get_title()
    (7, 'g')
    """
    pictures = _pictures(images)
    return _panels(pictures, _grey(pictures), titles, columns, axes)


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
    >>> drawn = show_rows({"dark": np.zeros((5, 8, 8)), "bright": np.ones((5, 8, 8))})
    >>> drawn.shape, drawn[1, 0].get_ylabel()
    ((2, 5), 'bright')
    """
    pictures = {name: _pictures(images) for name, images in rows.items()}
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
    _panels(everything, _grey(everything), texts, None, grid)
    for ax, name in zip(grid[:, 0], pictures, strict=True):
        ax.set_ylabel(name, rotation=0, ha="right", va="center")
    return grid


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
    pictures = _pictures(image)
    weights = np.asarray(kernel)
    maps = [correlate2d(picture, kernel) for picture in pictures]
    if at is not None:
        _require_inside(at, maps)
    drawn = _convolution_axes(pictures[0], weights, len(pictures), axes)
    grey, response = _grey(pictures), _signed(*maps)
    for row, picture, feature_map in zip(drawn, pictures, maps, strict=True):
        _draw(row[0], picture, grey)
        _draw(row[1], weights, _signed(weights))
        _draw(row[2], feature_map, response)
        if at is not None:
            _point_out(row[0], at, weights.shape)
            _point_out(row[2], at, (1, 1))
    names = ("image", "kernel", "feature map")
    for ax, name in zip(drawn[0], names, strict=True):
        height, width = ax.images[0].get_size()
        ax.set_title(f"{name}\n{height}×{width}")
    if axes is None and max(maps[0].shape) > ANNOTATED:
        _colour_bar(drawn[:, 2])
    for ax in drawn.flat:
        if max(ax.images[0].get_size()) <= ANNOTATED:
            _write(ax, _labels(ax.images[0].get_array()))
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
        return _panels(chosen, _signed(*chosen), titles, columns, axes, bar=True)
    if channels != 3:
        raise InvalidInput(
            f"The filters have {channels} input channels: choose one to show, for"
            " example channel=0."
        )
    colours = 0.5 + weights / (2 * (np.abs(weights).max() or 1))
    return _panels(list(np.moveaxis(colours, 3, 0)), {}, titles, columns, axes)


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
    panels = list(np.moveaxis(values, 2, 0))
    positive = {"cmap": POSITIVE, "vmin": 0, "vmax": values.max() or 1}
    scale = _signed(*panels) if values.min() < 0 else positive
    return _panels(panels, scale, titles, columns, axes, bar=True)


def plot_history(
    history: Any, *, metrics: Sequence[str] | None = None, axes: object = None
) -> AxesArray:
    """Draw the curves of a training run, one panel per metric.

    The training curve is solid, the validation curve dashed. A ring marks the best
    epoch: the lowest loss or error, the highest value of anything else, on the
    validation curve where there is one.

    Parameters
    ----------
    history : keras.callbacks.History, or its dict of lists
        What ``model.fit`` returned.
    metrics : sequence of str, optional
        Which to draw; all but the learning rate if left out.
    axes : array of Axes, optional
        Where to draw, instead of a new figure.

    Returns
    -------
    array of Axes, one per metric.

    Raises
    ------
    InvalidInput
        If there is no such metric, or no epoch was recorded.

    Examples
    --------
    >>> curves = {"loss": [0.9, 0.5, 0.4], "val_loss": [0.8, 0.6, 0.7]}
    >>> (ax,) = plot_history(curves)
    >>> ax.get_legend_handles_labels()[1]
    ['training', 'validation', 'best: 0.6, epoch 2']
    """
    curves = getattr(history, "history", history)
    if not isinstance(curves, Mapping):
        raise InvalidInput(
            "A history is what model.fit returns, or its dict of lists; got"
            f" {type(history).__name__}."
        )
    names = _metric_names(curves, metrics)
    if not names or any(np.size(curves.get(name, ())) == 0 for name in names):
        recorded = ", ".join(map(str, curves)) or "nothing"
        raise InvalidInput(
            f"The history has no values for {', '.join(names) or 'any metric'}; it"
            f" recorded {recorded}."
        )
    drawn = _curve_axes(len(names), axes)
    for ax, name in zip(drawn, names, strict=True):
        _curves(ax, name, curves[name], curves.get(f"val_{name}"))
    return drawn


def plot_confusion_matrix(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    classes: Sequence[str],
    *,
    ax: Axes | None = None,
) -> Axes:
    """Show how many pictures of each class were taken for each class.

    Numbers are counts; the colour is their share of the true class, so that the
    diagonal shows the recall whatever the class sizes.

    Parameters
    ----------
    y_true, y_pred : integer arrays of shape (n,)
        Class numbers, 0 to len(classes) − 1.
    classes : sequence of str
        Names of the classes.
    ax : Axes, optional
        Where to draw, instead of a new figure.

    Returns
    -------
    Axes, with the true classes in rows and the predicted ones in columns.

    Raises
    ------
    InvalidInput
        If the labels are not class numbers, or differ in number.

    Examples
    --------
    >>> ax = plot_confusion_matrix([0, 0, 1], [0, 1, 1], ("cat", "dog"))
    >>> [text.get_text() for text in ax.texts]
    ['1', '1', '0', '1']
    """
    counts = confusion_matrix(y_true, y_pred, classes)
    k = len(classes)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    new = ax is None
    if ax is None:
        side = min(WIDTH, 2.4 + 0.6 * k)
        ax = plt.subplots(figsize=(side, side + 0.4), layout="constrained")[1]
    shown = ax.imshow(share, cmap="Blues", vmin=0, vmax=1)
    slanted: dict[str, Any] = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"}
    ax.set_xticks(range(k), classes, **(slanted if k > 3 else {}))
    ax.set_yticks(range(k), classes)
    ax.set(xlabel="predicted class", ylabel="true class")
    ax.spines[:].set_visible(False)
    if new:
        ax.figure.colorbar(
            shown, ax=ax, location="top", shrink=0.7, label="share of the true class"
        )
    _write(ax, counts.astype(str))
    return ax


def gallery(
    images: ArrayLike,
    y_true: ArrayLike,
    y_pred: ArrayLike,
    classes: Sequence[str],
    *,
    probabilities: ArrayLike | None = None,
    which: Literal["mistakes", "hits", "all"] = "mistakes",
    limit: int = 12,
    columns: int = 4,
    axes: object = None,
) -> AxesArray:
    """Show pictures with what they are and what the net took them for.

    A title reads "true class → predicted class", with the confidence of the prediction
    where it is known. The most confident predictions then come first: among the
    mistakes, the worst. Without probabilities the order is that of the data.

    Parameters
    ----------
    images : array of shape (n, h, w), (n, h, w, 1) or (n, h, w, 3)
        Pictures, as for `show_images`.
    y_true, y_pred : integer arrays of shape (n,)
        Class numbers, 0 to len(classes) − 1.
    classes : sequence of str
        Names of the classes.
    probabilities : array of shape (n, len(classes)), optional
        Softmax outputs; the confidence is that of the predicted class.
    which : "mistakes", "hits" or "all"
        Which pictures to choose from.
    limit : int
        How many to show at most.
    columns, axes
        As in `show_images`.

    Returns
    -------
    array of Axes, one per picture; a single one with a note where there is nothing to
    show.

    Raises
    ------
    InvalidInput
        If arrays differ in length, or the probabilities are none.

    Examples
    --------
    >>> images, y_true, y_pred = np.zeros((3, 8, 8)), [0, 1, 1], [0, 0, 1]
    >>> axes = gallery(images, y_true, y_pred, ("cat", "dog"))
    >>> [ax.get_title() for ax in axes]
    ['dog\\n→ cat']
    """
    true, pred = arrays.true_and_predicted(y_true, y_pred, len(classes))
    pictures = _one_each(images, len(true))
    chosen = _choose(which, true == pred)
    confidence = None
    if probabilities is not None:
        confidence = _confidence(probabilities, pred, len(classes))
        chosen = chosen[np.argsort(-confidence[chosen], kind="stable")]
    chosen = chosen[: _positive(limit, "limit")]
    if not chosen.size:
        return _nothing(f"no {which} among {len(true)} pictures", axes)
    titles = [f"{classes[true[i]]}\n→ {classes[pred[i]]}" for i in chosen]
    if confidence is not None:
        percent = (f"{100 * confidence[i]:.0f} %" for i in chosen)
        titles = [f"{title} {p}" for title, p in zip(titles, percent, strict=True)]
    return show_images(pictures[chosen], titles, columns=columns, axes=axes)


def plot_confused_pairs(
    images: ArrayLike,
    y_true: ArrayLike,
    y_pred: ArrayLike,
    classes: Sequence[str],
    *,
    probabilities: ArrayLike | None = None,
    pairs: int = 4,
    columns: int = 6,
) -> AxesArray:
    """Show pictures of the most frequent kinds of mistakes, a row for each.

    A row's title says which class was taken for which, and how often: a cell of the
    confusion matrix. Where probabilities are known, the surest mistakes come first,
    with their confidence below; otherwise the order is that of the data.

    Parameters
    ----------
    images, y_true, y_pred, classes, probabilities
        As for `gallery`.
    pairs : int
        How many kinds of mistakes to show at most, the most frequent first.
    columns : int
        How many pictures of each to show at most.

    Returns
    -------
    array of Axes of shape (kinds of mistakes, columns), those without a picture empty;
    a single one with a note where there is no mistake.

    Raises
    ------
    InvalidInput
        As `gallery`, or if the mistakes are too many for one figure.

    Examples
    --------
    >>> images, y_true, y_pred = np.zeros((4, 8, 8)), [0, 1, 1, 1], [0, 0, 0, 1]
    >>> axes = plot_confused_pairs(images, y_true, y_pred, ("cat", "dog"), columns=2)
    >>> axes.shape, axes[0, 0].figure.get_suptitle()
    ((1, 2), 'dog taken for cat: 2 of 3')
    """
    true, pred = arrays.true_and_predicted(y_true, y_pred, len(classes))
    pictures = _one_each(images, len(true))
    confidence = np.zeros(len(true))
    if probabilities is not None:
        confidence = _confidence(probabilities, pred, len(classes))
    kinds = most_confused(true, pred, classes, limit=_positive(pairs, "pairs"))
    if not kinds:
        return _nothing(f"no mistakes among {len(true)} pictures", None)
    rows = []
    for kind in kinds:
        i, j = kind.cell
        mistakes = np.flatnonzero((true == i) & (pred == j))
        order = np.argsort(-confidence[mistakes], kind="stable")
        rows.append(mistakes[order][: _positive(columns, "columns")])
    drawn = _titled_rows([pictures[row] for row in rows], columns)
    for axes, kind, row in zip(drawn, kinds, rows, strict=True):
        told = f"{kind.count:,} of {kind.support:,}"
        title = f"{kind.true} taken for {kind.predicted}: {told}"
        axes[0].figure.suptitle(title, x=0.01, ha="left", fontsize=12)
        for ax, i in zip(axes, row, strict=False):
            if probabilities is not None:
                ax.set_xlabel(f"{100 * confidence[i]:.0f} %", fontsize=10)
    return drawn


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
        _root(drawn[0, 0]).legend(handles=keys, loc="outside lower center", ncols=2)
    return drawn if isinstance(diagrams, Mapping) else drawn[:, 0]


def _positive(value: int, name: str) -> int:
    if not isinstance(value, int | np.integer) or value < 1:
        raise InvalidInput(f"{name} must be a whole number of at least 1; got {value}.")
    return int(value)


def _pictures(images: Any) -> list[NDArray[Any]]:
    """Return a list of (h, w) and (h, w, 3) pictures that matplotlib can draw."""
    try:
        array = np.asarray(images)
    except ValueError:  # A list of pictures that differ in size.
        return [_pictures([picture])[0] for picture in images]
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


def _colours(pictures: NDArray[Any]) -> NDArray[Any]:
    """Return colour pictures in a range that matplotlib shows without clipping."""
    highest = 1 if pictures.dtype.kind == "f" else 255
    if pictures.min() < 0 or pictures.max() > highest:
        raise InvalidInput(
            f"Colours lie in 0 to {highest} when they are {pictures.dtype}; these run"
            f" from {pictures.min():g} to {pictures.max():g}."
        )
    return pictures if highest == 1 else pictures.astype(np.uint8)


def _grey(pictures: Sequence[NDArray[Any]]) -> dict[str, Any]:
    """Scale of grey for all pictures: 0–1, 0–255 for bytes, else their range."""
    low = min(picture.min() for picture in pictures)
    high = max(picture.max() for picture in pictures)
    if low >= 0 and high <= 1:
        low, high = 0, 1
    elif all(picture.dtype == np.uint8 for picture in pictures):
        low, high = 0, 255
    return {"cmap": "gray", "vmin": low, "vmax": high}


def _signed(*arrays: NDArray[Any]) -> dict[str, Any]:
    """Red–white–blue scale for all arrays, white at zero."""
    limit = max(np.abs(array.astype(float)).max() for array in arrays) or 1
    return {"cmap": SIGNED, "vmin": -limit, "vmax": limit}


def _draw(ax: Axes, array: NDArray[Any], scale: Mapping[str, Any]) -> None:
    """Draw an array as a picture in a thin frame, without coordinates."""
    ax.imshow(array, interpolation="nearest", **scale)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color="0.6", linewidth=0.8)


def _given(axes: object, n: int) -> AxesArray:
    """Return the first n of the Axes that the caller wants to draw in."""
    flat = np.asarray(axes, dtype=object).ravel()
    if flat.size < n or not all(isinstance(ax, Axes) for ax in flat):
        raise InvalidInput(
            f"{n} Axes are needed to draw in; got {flat.size} object(s): make them"
            " with plt.subplots, or leave axes out."
        )
    return flat[:n]


def _panels(
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
        drawn = _given(axes, n)
    else:
        columns = min(n, 5 if columns is None else _positive(columns, "columns"))
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
        _draw(ax, picture, scale)
    if bar and axes is None:
        _colour_bar(drawn)
    if titles is not None:
        _write_titles(drawn, texts)
    return drawn


def _colour_bar(drawn: AxesArray) -> None:
    ax = drawn[0]
    ax.figure.colorbar(
        ax.images[0], ax=list(drawn), location="bottom", aspect=30, shrink=0.8
    )


def _root(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None  # Only Axes that were removed have none.
    return figure


def _write_titles(drawn: AxesArray, titles: Sequence[str]) -> None:
    """Write titles, all in the one size at which the longest fits its panel."""
    for ax, title in zip(drawn, titles, strict=True):
        ax.set_title(title)
    _root(drawn[0]).draw_without_rendering()
    widest = max(
        ax.title.get_window_extent().width / ax.get_window_extent().width
        for ax in drawn
    )
    for ax in drawn:
        ax.title.set_fontsize(ax.title.get_fontsize() / max(widest, 1))


def _write(ax: Axes, labels: NDArray[Any]) -> None:
    """Rule a picture into cells and write a label into each, as large as it allows."""
    shown, figure = ax.images[0], _root(ax)
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
        return _given(axes, 3 * rows).reshape(rows, 3)
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


def _metric_names(
    curves: Mapping[str, Any], metrics: Sequence[str] | None
) -> list[str]:
    """Return the metrics to draw, without the prefix of their validation curves."""
    if metrics is not None:
        chosen = [metrics] if isinstance(metrics, str) else metrics
        return list(dict.fromkeys(name.removeprefix("val_") for name in chosen))
    names = [n for n in curves if not n.startswith("val_") and n != "learning_rate"]
    return sorted(names, key=lambda name: name != "loss")


def _curve_axes(n: int, axes: object) -> AxesArray:
    if axes is not None:
        return _given(axes, n)
    columns = min(n, 2)
    rows = -(-n // columns)
    grid: AxesArray = plt.subplots(
        rows,
        columns,
        figsize=(WIDTH if columns > 1 else WIDTH * 0.75, 3.4 * rows),
        squeeze=False,
        layout="constrained",
    )[1]
    for unused in grid.ravel()[n:]:
        unused.remove()
    return grid.ravel()[:n]


def _curves(
    ax: Axes, name: str, training: ArrayLike, validation: ArrayLike | None
) -> None:
    """Draw one metric over the epochs and ring its best value."""
    judged = np.atleast_1d(np.asarray(training, dtype=float))
    epochs = np.arange(1, len(judged) + 1)
    marker = "o" if len(epochs) <= 15 else ""
    ax.plot(epochs, judged, marker=marker, markersize=4, label="training")
    if validation is not None and np.size(validation):
        judged = np.atleast_1d(np.asarray(validation, dtype=float))
        # Keras may validate only every few epochs (`validation_freq`).
        every = max(len(epochs) // len(judged), 1)
        epochs = epochs[every - 1 :: every][: len(judged)]
        ax.plot(epochs, judged, "--", marker=marker, markersize=4, label="validation")
    if np.isfinite(judged).any():
        lower = any(word in name for word in ("loss", "error", "mae", "mse"))
        best = int(np.nanargmin(judged) if lower else np.nanargmax(judged))
        label = f"best: {judged[best]:.4g}, epoch {epochs[best]}"
        (ring,) = ax.plot(epochs[best], judged[best], "o", label=label)
        ring.set(markersize=11, fillstyle="none", markeredgecolor="black", zorder=3)
    ax.set(xlabel="epoch", ylabel=name.replace("_", " "))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2)


def _one_each(images: ArrayLike, n: int) -> NDArray[Any]:
    pictures = np.asarray(images)
    if len(pictures) != n:
        raise InvalidInput(
            f"There are {len(pictures)} images and {n} labels: give one each."
        )
    return pictures


def _choose(which: str, right: NDArray[np.bool_]) -> NDArray[np.intp]:
    match which:
        case "mistakes":
            return np.flatnonzero(~right)
        case "hits":
            return np.flatnonzero(right)
        case "all":
            return np.arange(len(right))
    raise InvalidInput(f'which must be "mistakes", "hits" or "all"; got {which!r}.')


def _confidence(
    probabilities: ArrayLike, pred: NDArray[np.intp], k: int
) -> NDArray[Any]:
    """Return the probability of each predicted class."""
    remedy = "apply keras.ops.softmax"
    p = arrays.probabilities(probabilities, len(pred), k, remedy)
    confidence: NDArray[Any] = p[np.arange(len(pred)), pred]
    return confidence


def _titled_rows(rows: Sequence[NDArray[Any]], columns: int) -> AxesArray:
    """Draw rows of pictures, all on one scale, with room for a title above each row."""
    shown = _pictures(np.concatenate(rows))
    scale, rest = _grey(shown), iter(shown)
    height = WIDTH / columns * shown[0].shape[0] / shown[0].shape[1]
    size = (WIDTH, len(rows) * (min(height, 2.4) + 0.6))
    figure = plt.figure(figsize=size, layout="constrained")
    # A title of the row's first Axes would widen their column.
    drawn: AxesArray = np.array(
        [
            part.subplots(1, columns, squeeze=False)[0]
            for part in figure.subfigures(len(rows), squeeze=False)[:, 0]
        ]
    )
    for axes, row in zip(drawn, rows, strict=True):
        for ax in axes[: len(row)]:
            _draw(ax, next(rest), scale)
            ax.set_anchor("N")
        for ax in axes[len(row) :]:
            ax.set_axis_off()
    return drawn


def _reliability_axes(n: int, axes: object) -> AxesArray:
    if axes is not None:
        return _given(axes, 2 * n).reshape(2, n)
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


def _nothing(note: str, axes: object) -> AxesArray:
    """Draw a note where pictures would have been."""
    if axes is None:
        axes = plt.subplots(figsize=(WIDTH / 2, 0.8), layout="constrained")[1]
    drawn = _given(axes, 1)
    drawn[0].set_axis_off()
    drawn[0].text(0.5, 0.5, note, ha="center", va="center")
    return drawn
