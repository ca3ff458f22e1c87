"""The curves of a training."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from course_utils.conv import InvalidInput
from course_utils.plotting.panels import AxesArray, given_axes
from course_utils.plotting.style import WIDTH


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
        return given_axes(axes, n)
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
