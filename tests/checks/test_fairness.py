"""``checks.fairness``: how the homework's three arms were trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from course_utils.checks import fairness
from course_utils.checks.accuracy import Net, right
from course_utils.homework import scaled
from tests.checks.failing import message_of

CLASSES = 5


def plain() -> keras.Model:
    conv = layers.Conv2D(4, 3, strides=4, activation="relu")
    body = conv, layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(CLASSES)
    made = keras.Sequential([keras.Input((32, 32, 3)), *body])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    made.compile("adam", loss, metrics=["accuracy"])
    return made


class Experiment:
    """Sets of random pictures, a net, and the history that belongs to it."""

    def __init__(self, validation: float = 0.6, test: float = 0.3) -> None:
        rng = np.random.default_rng(0)
        keras.utils.set_random_seed(0)
        self.net = plain()
        self.sets = {}
        shares = {"training": 0.9, "validation": validation, "test": test}
        for part, share in shares.items():
            x = rng.integers(0, 256, (200, 32, 32, 3), dtype=np.uint8)
            said = Net(self.net, "net").outputs(scaled(x)).argmax(axis=1)
            wrong = np.arange(200) >= 200 * share
            self.sets[part] = x, (said + wrong) % CLASSES

    def share(self, part: str) -> float:
        x, y = self.sets[part]
        return right(Net(self.net, "net").outputs(scaled(x)), y)

    def loss(self, part: str) -> float:
        x, y = self.sets[part]
        return float(self.net.evaluate(scaled(x), y, verbose=0)[0])

    def history(
        self, part: str = "validation", *, at: int = 2, first: float = 1.6
    ) -> keras.callbacks.History:
        accuracy, val_loss = [0.95, 0.95, 0.95], [1.7, 1.65, 1.5]
        accuracy[at] = self.share(part)
        val_loss[at] = 1.4
        told = keras.callbacks.History()
        told.history = {
            "loss": [first, first / 2, first / 3],
            "accuracy": [0.2, 0.4, 0.6],
            "val_loss": val_loss,
            "val_accuracy": accuracy,
        }
        told.params = {"epochs": 3, "steps": 40, "verbose": 0}
        return told

    def watched_on(self, part: str) -> keras.callbacks.History:
        """A history whose last epoch has the loss of that set, too."""
        told = self.history(part)
        told.history["val_loss"][-1] = self.loss(part)
        return told

    def check(self, history: Any) -> None:
        fairness.trained(self.net, {"baseline": history}, "baseline", self.sets)


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return Experiment()


@pytest.mark.parametrize("at", [0, 1, 2])
def test_weights_of_the_last_or_the_best_epoch_belong_to_their_curves(
    experiment: Experiment, at: int
) -> None:
    experiment.check(experiment.history(at=at))


@pytest.mark.parametrize(
    ("history", "said"),
    [
        (lambda e: None, "has no value yet"),
        (lambda e: e.watched_on("test"), "test set as validation_data"),
        (lambda e: e.watched_on("training"), "training set as validation_data"),
        (lambda e: e.history("test"), "another network or other pictures"),
        (lambda e: e.history(first=0.3), "a network that goes on"),
        (
            lambda e: {
                "loss": [1.6, 1.4, 1.0, 0.9],
                "val_loss": [1.6, 1.7, 1.8, 2.0],
                "val_accuracy": [0.2, 0.26, 0.25, 0.2],
            },
            "labels out of step",
        ),
        (lambda e: {"loss": [1.6, 1.0]}, "no validation curves"),
        (
            lambda e: {"loss": [1.6, 1.0], "val_loss": [1.6, 1.0]},
            "no curve of the accuracy",
        ),
        (
            lambda e: {
                "loss": [1.6, 1.0],
                "val_loss": [1.6, 1.0],
                "val_acc": [0.8, 0.85],
            },
            "another network or other pictures",
        ),
    ],
)
def test_curves_of_something_else_are_found_out(
    experiment: Experiment, history: Callable[[Experiment], Any], said: str
) -> None:
    assert said in message_of(experiment.check, history(experiment))


def test_equally_many_right_answers_do_not_hide_whose_loss_a_curve_has() -> None:
    experiment = Experiment(validation=0.6, test=0.605)
    history = experiment.history("test")
    history.history["val_loss"][-1] = experiment.loss("validation")
    experiment.check(history)
    said = message_of(experiment.check, experiment.watched_on("test"))
    assert "test set as validation_data" in said


def test_histories_that_are_no_dict_are_named(experiment: Experiment) -> None:
    said = message_of(fairness.trained, experiment.net, [], "baseline", experiment.sets)
    assert "not a dict by arm" in said


def test_budgets_are_compared_in_epochs_and_steps(experiment: Experiment) -> None:
    one, longer, larger = (experiment.history() for _ in range(3))
    fairness.equal_budgets({"baseline": one, "augmented": one}, "augmented")
    longer.history = {name: 2 * told for name, told in one.history.items()}
    said = message_of(
        fairness.equal_budgets, {"baseline": one, "augmented": longer}, "augmented"
    )
    assert "unequal epochs" in said
    assert "augmented: 6" in said
    larger.params = {"steps": 63}
    said = message_of(
        fairness.equal_budgets, {"baseline": one, "augmented": larger}, "augmented"
    )
    assert "unequal steps" in said
    bare = {"baseline": one, "augmented": one.history}
    assert "the dict alone" in message_of(fairness.equal_budgets, bare, "augmented")
    larger.params = {"steps": None}
    said = message_of(
        fairness.equal_budgets, {"baseline": one, "augmented": larger}, "augmented"
    )
    assert "data of unknown length" in said


def test_an_arm_that_goes_on_with_the_net_of_another_is_found_out(
    experiment: Experiment,
) -> None:
    one, other = experiment.history(first=2.1), experiment.history(first=2.0)
    fairness.begins_anew({"baseline": one, "augmented": other}, "augmented")
    other = experiment.history(first=1.4)
    said = message_of(
        fairness.begins_anew, {"baseline": one, "augmented": other}, "augmented"
    )
    assert "a network that goes on" in said
    assert "augmented: 1.4" in said


def test_a_net_that_knows_a_set_by_heart_is_found_out(experiment: Experiment) -> None:
    x, _ = experiment.sets["test"]
    said_of_it = Net(experiment.net, "net").outputs(scaled(x)).argmax(axis=1)
    strange = experiment.sets["validation"]
    seen = (x, said_of_it)
    said = message_of(
        fairness.not_known, experiment.net, "net", seen, strange, part="test"
    )
    assert "`net` knows the pictures of the test set" in said
    fairness.not_known(
        experiment.net, "net", experiment.sets["test"], strange, part="test"
    )
