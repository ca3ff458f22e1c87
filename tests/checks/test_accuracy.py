"""``checks.accuracy``: what a net gets right, and why it is not more."""

from __future__ import annotations

import logging
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from course_utils.checks import accuracy
from course_utils.checks.accuracy import Net, right
from course_utils.grading.engine.proxies import Link
from course_utils.grading.engine.remote import Server
from tests.checks.failing import message_of

rng = np.random.default_rng(0)
Y = np.arange(300) % 3
X = np.eye(3, dtype=np.float32)[Y] * 0.8 + rng.random((300, 3), np.float32) * 0.2


def net(kernel: Any = 5, bias: Any = 0, after: Any = None) -> keras.Model:
    """A dense layer on three pixels, of which the brightest is the class."""
    stages = [keras.Input((3,)), layers.Dense(3, name="logits")]
    model = keras.Sequential(stages + ([after] if after is not None else []))
    kernel = kernel * np.eye(3) if np.ndim(kernel) == 0 else kernel
    model.set_weights([kernel, np.broadcast_to(bias, 3)])
    return model


class OverTheBatch(layers.Layer):
    def call(self, x: Any) -> Any:
        return keras.ops.softmax(x, axis=0)


def reason(model: Any, x: Any = X, y: Any = Y, at_least: float = 0.9) -> str:
    said = message_of(accuracy, model, x, y, at_least=at_least)
    return said.partition("Likely mistake: ")[2].partition(".")[0]


@pytest.mark.parametrize("y", [Y, Y[:, None], Y.tolist()])
@pytest.mark.parametrize("after", [None, layers.Softmax()])
def test_a_net_that_names_enough_passes_whatever_its_head(after: Any, y: Any) -> None:
    accuracy(net(after=after), X, y, at_least=1)


@pytest.mark.parametrize(
    ("outputs", "share"),
    [([[-1.0], [2.0]], 1.0), ([[0.2], [0.7]], 1.0), ([0.2, 0.4], 0.5)],
)
def test_one_output_is_a_logit_or_a_probability(outputs: Any, share: float) -> None:
    assert right(np.array(outputs), np.array([0, 1])) == share


def test_the_message_says_how_many_are_asked_for_and_how_many_came() -> None:
    roll = np.roll(np.eye(3), 1, axis=0)
    said = message_of(accuracy, net(roll), X, Y, at_least=0.385, name="own")
    assert "`own` names too few pictures" in said
    assert "at least 38.5 % of 300" in said
    assert "Yours:    0.0 %" in said


def test_a_share_just_below_is_not_rounded_up_to_what_is_asked_for() -> None:
    y = Y.copy()
    y[: len(y) // 3] += 1
    y %= 3
    said = message_of(accuracy, net(), X, y, at_least=0.667)
    assert "Yours:    66.6 %" in said


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (lambda: net(np.zeros((3, 3)), [1, 0, 0]), "same answer always"),
        (lambda: net(0.001, [1, 0, 0]), "one class always"),
        (lambda: net(np.nan), "NaN"),
        (lambda: net(np.eye(3), [0, 90, 90]), "pixels not scaled"),
        (lambda: net(np.roll(np.eye(3), 1, axis=0)), "classes in another order"),
    ],
)
def test_the_likely_reason_is_named(model: Any, said: str) -> None:
    assert reason(model()) == said


@pytest.mark.parametrize("always", [1.0, np.nextafter(np.float32(1), np.float32(0))])
def test_a_softmax_of_one_output_is_named_though_it_is_rounded(always: float) -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    model.set_weights([np.zeros((3, 1)), np.array([always])])
    assert reason(model, y=Y % 2) == "softmax of one output"


def test_a_softmax_over_the_batch_is_named() -> None:
    model = net(after=OverTheBatch())
    assert reason(model, y=np.roll(Y, 1)) == "softmax over the wrong axis"


def test_guessing_is_told_from_not_enough() -> None:
    labels = rng.permutation(Y)
    assert reason(net(), y=labels) == "not trained"
    labels = np.where(np.arange(300) % 5 < 3, Y, rng.permutation(Y))
    assert reason(net(), y=labels) == "not there yet"


def test_what_was_learned_by_heart_shows_on_the_pictures_seen() -> None:
    labels = np.where(np.arange(300) % 2, Y, rng.permutation(Y))
    said = message_of(accuracy, net(), X, labels, at_least=0.9, seen=(X, Y))
    assert "learned by heart" in said


def test_a_net_over_its_budget_is_told_which_layer_has_most() -> None:
    accuracy(net(), X, Y, at_least=0.9, parameters_at_most=12)
    said = message_of(accuracy, net(), X, Y, at_least=0.9, parameters_at_most=11)
    assert "more parameters than its budget" in said
    assert "at most 11" in said
    assert "`logits`, 12" in said


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (None, "`model` has no value yet"),
        (..., "`model` has no value yet"),
        (net, "not a Keras model. Call the function"),
        (3, "`model` holds 3, not a Keras model"),
        (keras.callbacks.History(), "holds what `fit` returns"),
        (keras.Sequential([keras.Input((7,)), layers.Dense(3)]), "cannot predict"),
        (keras.Sequential([keras.Input((3,)), layers.Dense(2)]), "wrong shape"),
        (keras.Sequential([keras.Input((3,)), layers.Dense(1)]), "one output"),
        (
            keras.Sequential([keras.Input((3,)), layers.Reshape((1, 3))]),
            "not flattened",
        ),
    ],
)
def test_what_is_no_classifier_is_named(model: Any, said: str) -> None:
    history = keras.callbacks.History()
    history.history = {}
    model = history if isinstance(model, keras.callbacks.History) else model
    assert said in message_of(accuracy, model, X, Y, at_least=0.9)


def test_nothing_reaches_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(7):  # TensorFlow warns of the fifth graph
        accuracy(net(), X, Y, at_least=0.9)
    logging.getLogger("tensorflow").warning("heard again")
    assert "retracing" not in capfd.readouterr().err


class Own(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.head = layers.Dense(3, kernel_initializer="identity")

    def call(self, x: Any) -> Any:
        return self.head(x)


@pytest.mark.parametrize("make", [net, Own])
def test_a_net_in_the_students_kernel_is_judged_alike(make: Any) -> None:
    model = make()
    model(X[:1])
    link = Link(Server({"model": model}).answer, 1 << 30)
    far = link.fetch(["model"])["model"]
    accuracy(far, X, Y, at_least=0.9, parameters_at_most=12)
    said = message_of(accuracy, far, X, np.roll(Y, 1), at_least=0.9)
    assert "classes in another order" in said
    assert Net(far, "far").outputs(X).shape == (300, 3)
