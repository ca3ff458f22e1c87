"""The curves of a training, and their best epoch."""

import types
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex

from course_utils import plotting
from tests.plotting.samples import (
    HISTORY,
)


@pytest.mark.parametrize(
    "history",
    [HISTORY, types.SimpleNamespace(history=HISTORY)],
    ids=["dict", "History"],
)
def test_loss_comes_first_and_the_learning_rate_not_at_all(history: Any) -> None:
    axes = plotting.plot_history(history)
    assert [ax.get_ylabel() for ax in axes] == ["loss", "accuracy"]
    assert [ax.get_xlabel() for ax in axes] == ["epoch", "epoch"]


def test_curves_run_over_epochs_from_one() -> None:
    ax = plotting.plot_history(HISTORY)[1]
    training, validation, _ = ax.lines
    np.testing.assert_array_equal(training.get_xdata(), [1, 2, 3, 4])
    np.testing.assert_array_equal(training.get_ydata(), HISTORY["accuracy"])
    np.testing.assert_array_equal(validation.get_ydata(), HISTORY["val_accuracy"])
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["training", "validation", "best: 0.8, epoch 2"]
    assert validation.get_linestyle() == "--"
    assert to_hex(training.get_color()) != to_hex(validation.get_color())


@pytest.mark.parametrize(
    ("metric", "training", "validation", "best"),
    [
        ("loss", [3, 1, 2], [3, 2, 1], (3, 1)),
        ("accuracy", [0.9, 0.8], [0.2, 0.1], (1, 0.2)),
        ("mean_absolute_error", [3, 2, 4], None, (2, 2)),
        ("sparse_top_k", [3, 2, 4], None, (3, 4)),
        ("loss", [3, 2, 2], [np.nan, 5, np.nan], (2, 5)),
    ],
)
def test_a_ring_marks_the_best_epoch(
    metric: str, training: Any, validation: Any, best: tuple[int, float]
) -> None:
    curves = {metric: training}
    if validation is not None:
        curves[f"val_{metric}"] = validation
    (ax,) = plotting.plot_history(curves)
    ring = ax.lines[-1]
    assert (ring.get_xdata()[0], ring.get_ydata()[0]) == best


def test_a_loss_that_is_always_nan_has_no_best_epoch() -> None:
    (ax,) = plotting.plot_history({"loss": [np.nan] * 3})
    assert len(ax.lines) == 1


def test_validation_every_other_epoch_stands_at_its_epochs() -> None:
    (ax,) = plotting.plot_history({"loss": [5, 4, 3, 2, 1], "val_loss": [4, 3]})
    np.testing.assert_array_equal(ax.lines[1].get_xdata(), [2, 4])


@pytest.mark.parametrize("metrics", ["loss", ["loss"], ["val_loss", "loss"]])
def test_metrics_can_be_chosen(metrics: Any) -> None:
    (ax,) = plotting.plot_history(HISTORY, metrics=metrics)
    assert ax.get_ylabel() == "loss"
    assert len(ax.lines) == 3


def test_a_real_training_run_can_be_drawn() -> None:
    import keras

    net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile("sgd", loss, metrics=["accuracy"])
    x, y = np.ones((8, 2)), np.zeros(8)
    history = net.fit(x, y, validation_split=0.5, epochs=3, verbose=0)
    axes = plotting.plot_history(history)
    assert [ax.get_ylabel() for ax in axes] == ["loss", "accuracy"]
    validation = axes[0].lines[1].get_ydata()
    np.testing.assert_array_equal(validation, history.history["val_loss"])
