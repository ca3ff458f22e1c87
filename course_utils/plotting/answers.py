"""What a net took pictures for: how often, and which ones."""

from collections.abc import Sequence
from typing import Any, Literal

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from course_utils import arrays
from course_utils.conv import InvalidInput
from course_utils.mistakes import confusion_matrix, most_confused
from course_utils.plotting.panels import (
    AxesArray,
    as_pictures,
    draw,
    grey_scale,
    nothing_to_show,
    positive,
    write_numbers,
)
from course_utils.plotting.pictures import show_images
from course_utils.plotting.style import WIDTH


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
    write_numbers(ax, counts.astype(str))
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
    chosen = chosen[: positive(limit, "limit")]
    if not chosen.size:
        return nothing_to_show(f"no {which} among {len(true)} pictures", axes)
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
    kinds = most_confused(true, pred, classes, limit=positive(pairs, "pairs"))
    if not kinds:
        return nothing_to_show(f"no mistakes among {len(true)} pictures", None)
    rows = []
    for kind in kinds:
        i, j = kind.cell
        mistakes = np.flatnonzero((true == i) & (pred == j))
        order = np.argsort(-confidence[mistakes], kind="stable")
        rows.append(mistakes[order][: positive(columns, "columns")])
    drawn = _titled_rows([pictures[row] for row in rows], columns)
    for axes, kind, row in zip(drawn, kinds, rows, strict=True):
        told = f"{kind.count:,} of {kind.support:,}"
        title = f"{kind.true} taken for {kind.predicted}: {told}"
        axes[0].figure.suptitle(title, x=0.01, ha="left", fontsize=12)
        for ax, i in zip(axes, row, strict=False):
            if probabilities is not None:
                ax.set_xlabel(f"{100 * confidence[i]:.0f} %", fontsize=10)
    return drawn


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
    shown = as_pictures(np.concatenate(rows))
    scale, rest = grey_scale(shown), iter(shown)
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
            draw(ax, next(rest), scale)
            ax.set_anchor("N")
        for ax in axes[len(row) :]:
            ax.set_axis_off()
    return drawn
