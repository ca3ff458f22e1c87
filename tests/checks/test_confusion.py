"""``checks.confusion_matrix``, ``probabilities``, ``figure``."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from course_utils.checks import confusion_matrix, figure, function, probabilities
from course_utils.checks.confusion import (
    confusion_mistakes,
    counts,
    most_confused,
    pair_mistakes,
    precision_mistakes,
    recall_mistakes,
)
from course_utils.grading.engine.proxies import Link
from course_utils.grading.engine.remote import Server
from course_utils.plotting import plot_history
from tests.checks.failing import message_of

rng = np.random.default_rng(1)
TRUE, PRED = rng.integers(0, 4, 60), rng.integers(0, 3, 60)


def test_a_confusion_matrix_of_counts_passes() -> None:
    confusion_matrix(counts(TRUE, PRED, 5), TRUE, PRED[:, None], 5)
    confusion_matrix(counts(TRUE, PRED, 5).astype(float), TRUE, PRED, 5)


@pytest.mark.parametrize("text", confusion_mistakes())
def test_each_wrong_matrix_is_named(text: str) -> None:
    wrong = confusion_mistakes()[text](TRUE, PRED, 6)
    said = message_of(confusion_matrix, wrong, TRUE, PRED, 6)
    assert f"Likely mistake: {text.partition(':')[0]}." in said


@pytest.mark.parametrize("text", recall_mistakes())
def test_each_wrong_recall_is_named(text: str) -> None:
    matrix = counts(TRUE, PRED, 4)
    matrix[2] += 1

    def recall(m: Any) -> Any:
        return np.diag(m) / np.maximum(m.sum(axis=1), 1)

    mistakes = recall_mistakes()
    inputs = [(matrix,)]
    said = message_of(function, mistakes[text], recall, inputs, mistakes=mistakes)
    assert f"Likely mistake: {text.partition(':')[0]}." in said


@pytest.mark.parametrize("text", precision_mistakes())
def test_each_wrong_precision_is_named(text: str) -> None:
    def precision(m: Any) -> Any:
        return np.diag(m) / np.maximum(m.sum(axis=0), 1)

    mistakes, inputs = precision_mistakes(), [(counts(TRUE, PRED, 4),)]
    said = message_of(function, mistakes[text], precision, inputs, mistakes=mistakes)
    assert f"Likely mistake: {text.partition(':')[0]}." in said


@pytest.mark.parametrize("text", pair_mistakes())
def test_each_wrong_pair_is_named(text: str) -> None:
    mistakes = pair_mistakes()
    inputs = [
        (np.array([[90, 9, 0, 21], [8, 70, 14, 0], [1, 18, 60, 0], [4, 8, 0, 3]]),)
    ]
    said = message_of(
        function, mistakes[text], most_confused, inputs, mistakes=mistakes
    )
    assert f"Likely mistake: {text.partition(':')[0]}." in said


def softmax(logits: Any, axis: Any = -1) -> Any:
    return np.exp(logits) / np.exp(logits).sum(axis=axis, keepdims=True)


LOGITS = rng.normal(size=(6, 4))


def test_a_softmax_makes_probabilities() -> None:
    probabilities(softmax(LOGITS), shape=(6, 4))
    probabilities([0.25, 0.75])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (LOGITS, "Likely mistake: logits"),
        (100 * softmax(LOGITS), "per cent"),
        (softmax(LOGITS, axis=0), "softmax over the wrong axis"),
        (softmax(LOGITS, axis=None), "one sum for all"),
        (1 / (1 + np.exp(-LOGITS)), "sigmoid for softmax"),
        (softmax(LOGITS).T, "swapped axes"),
        (softmax(LOGITS) * np.nan, "NaN"),
        (None, "no value yet"),
        ("half", "not an array of numbers"),
    ],
)
def test_what_are_no_probabilities_is_explained(answer: Any, said: str) -> None:
    assert said in message_of(probabilities, answer, shape=(6, 4), name="p")


def test_without_a_shape_any_will_do() -> None:
    assert "not an array of numbers" in message_of(probabilities, "half")
    assert "no value yet" in message_of(probabilities, None)


CURVES = {"loss": [2.3, 1.5, 1.2], "val_loss": [2.2, 1.6, 1.4]}
WANTED = {"training loss": CURVES["loss"], "validation loss": CURVES["val_loss"]}


def drawn(*names: str, legend: bool = True, **labels: str) -> Figure:
    fig, ax = plt.subplots()
    for name in names:
        ax.plot([1, 2, 3], CURVES[name], label=name)
    ax.set(**labels)
    if legend:
        ax.legend()
    return fig


BOTH = {"xlabel": "epoch", "ylabel": "loss"}


@pytest.mark.parametrize("far", [False, True])
def test_a_figure_passes_as_axes_figure_or_array_here_and_there(far: bool) -> None:
    fig = drawn("loss", "val_loss", **BOTH)
    for value in (fig, fig.axes[0], fig.axes, np.array(fig.axes), (fig, fig.axes[0])):
        if far:
            link = Link(Server({"value": value}).answer, 1 << 30)
            value = link.fetch(["value"])["value"]
        figure(value, WANTED)


def test_the_course_s_own_figure_passes() -> None:
    figure(plot_history(CURVES), WANTED)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "no value yet"),
        ("figure", "not the Axes"),
        (drawn("loss", **BOTH), "does not show the curve “validation loss”"),
        (drawn("loss", "val_loss", xlabel="epoch"), "no label on its y axis"),
        (drawn("loss", "val_loss", ylabel="loss"), "no label on its x axis"),
        (drawn("loss", "val_loss", legend=False, **BOTH), "no legend"),
    ],
)
def test_what_a_figure_lacks_is_named(value: Any, said: str) -> None:
    assert said in message_of(figure, value, WANTED, name="axes")


def test_a_curve_that_ends_early_is_not_the_curve() -> None:
    fig, ax = plt.subplots()
    ax.plot(CURVES["loss"][:2])
    assert "not every epoch" in message_of(figure, fig, WANTED)
