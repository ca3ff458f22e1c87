"""``checks.arms``: the three networks of the homework and their training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from course_utils.checks import arms
from course_utils.checks.accuracy import Net, right
from course_utils.homework import scaled
from tests.checks.failing import message_of

CLASSES = 5
LOGITS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def net(*stages: Any, loss: Any = LOGITS, optimizer: Any = "adam") -> keras.Model:
    made = keras.Sequential([keras.Input((32, 32, 3)), *stages])
    made.compile(optimizer, loss, metrics=["accuracy"])
    return made


def conv(filters: int = 4) -> keras.layers.Layer:
    return layers.Conv2D(filters, 3, strides=4, activation="relu")


def plain(**how: Any) -> keras.Model:
    body = conv(), layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(CLASSES)
    return net(*body, **how)


def with_flip() -> keras.Model:
    flip = keras.Sequential([layers.RandomFlip("horizontal")])
    body = conv(), layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(CLASSES)
    return net(flip, *body)


def head() -> list[Any]:
    return [layers.Flatten(), layers.Dense(CLASSES)]


def test_a_plain_network_passes() -> None:
    arms.plain(plain, CLASSES)
    softmax = layers.Dense(CLASSES, activation="softmax")
    arms.plain(
        lambda: net(
            conv(),
            layers.GlobalAveragePooling2D(),
            softmax,
            loss="sparse_categorical_crossentropy",
        ),
        CLASSES,
    )


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (None, "no value yet"),
        (lambda: None, "returned None"),
        (lambda: net(conv(), layers.MaxPooling2D(2), *head()[:1]), "one number for"),
        (lambda: net(conv(), layers.MaxPooling2D(2), layers.Dense(5)), "not flattened"),
        (lambda: net(*head()), "no convolution"),
        (lambda: net(conv(), *head()), "no pooling"),
        (
            lambda: net(conv(), layers.MaxPooling2D(2), layers.Dropout(0.5), *head()),
            "yours has dropout",
        ),
        (with_flip, "yours has RandomFlip"),
        (
            lambda: plain(loss="sparse_categorical_crossentropy"),
            "logits taken for probabilities",
        ),
        (lambda: plain(optimizer=keras.optimizers.AdamW()), "a penalty on weights"),
        (lambda: keras.Sequential(plain().layers), "compile forgotten"),
    ],
)
def test_what_is_no_baseline_is_named(build: Any, said: str) -> None:
    assert said in message_of(arms.plain, build, CLASSES)


def test_the_second_network_is_the_first_with_augmentation() -> None:
    arms.same_network(with_flip, plain)
    said = message_of(arms.same_network, plain, plain)
    assert "no augmentation in the network of `build_augmented`" in said

    def wider() -> keras.Model:
        body = conv(8), layers.MaxPooling2D(2), *head()
        return net(layers.RandomFlip(), *body)

    said = message_of(arms.same_network, wider, plain)
    assert "Conv2D makes 8×8×8 feature maps; the baseline has 8×8×4 there." in said


def adam(rate: Any) -> Callable[[], keras.Model]:
    return lambda: plain(optimizer=keras.optimizers.Adam(rate))


def flipped(optimizer: Any = "adam", **head: Any) -> Callable[[], keras.Model]:
    def build() -> keras.Model:
        body = conv(), layers.MaxPooling2D(2), layers.Flatten()
        flip, last = layers.RandomFlip(), layers.Dense(CLASSES, **head)
        return net(flip, *body, last, optimizer=optimizer)

    return build


def falling(steps: int) -> Any:
    return keras.optimizers.schedules.CosineDecay(0.01, steps)


def test_the_second_network_is_compiled_as_the_first() -> None:
    arms.same_network(flipped(keras.optimizers.Adam(0.01)), adam(0.01))
    arms.same_network(flipped("adam"), adam(0.001))
    arms.same_network(flipped(keras.optimizers.Adam(falling(9))), adam(falling(9)))
    for build, baseline, said in (
        (flipped(keras.optimizers.Adam(0.02)), adam(0.01), "learning_rate 0.02"),
        (flipped(keras.optimizers.Adam(falling(8))), adam(falling(9)), "'decay_steps'"),
        (flipped("sgd"), adam(0.01), "class sgd"),
        (flipped(kernel_regularizer="l2"), plain, "has a penalty on weights; the"),
    ):
        message = message_of(arms.same_network, build, baseline)
        assert said in message
        assert "two things at once" in message


def with_residue() -> keras.Model:
    inputs = keras.Input((32, 32, 3))
    one = conv()(inputs)
    two = layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same")(one))
    pooled = layers.GlobalAveragePooling2D()(layers.add([one, two]))
    made = keras.Model(inputs, layers.Dense(CLASSES)(pooled))
    made.compile("adam", LOGITS)
    return made


@pytest.mark.parametrize(
    "build",
    [
        lambda: net(conv(), layers.BatchNormalization(), layers.Dropout(0.2), *head()),
        lambda: net(
            keras.Sequential([conv(), layers.SpatialDropout2D(0.2)]),
            layers.GlobalMaxPooling2D(),
            layers.Dense(CLASSES),
        ),
        lambda: net(
            conv(),
            *head(),
            loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
            optimizer=keras.optimizers.AdamW(weight_decay=0.01),
        ),
        with_residue,
    ],
)
def test_two_kinds_of_means_suffice(build: Callable[[], Any]) -> None:
    arms.means(build, CLASSES)


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (plain, "no means"),
        (with_flip, "no means"),
        (
            lambda: net(conv(), layers.Dropout(0.2), layers.Dropout(0.5), *head()),
            "one kind",
        ),
        (
            lambda: net(
                layers.Conv2D(4, 5, strides=4, kernel_regularizer="l2"),
                *head(),
                optimizer=keras.optimizers.AdamW(),
            ),
            "Yours:    a penalty on weights",
        ),
        (lambda: net(conv(), layers.Flatten(), layers.Dense(3)), "one number for each"),
    ],
)
def test_too_few_means_are_named(build: Any, said: str) -> None:
    assert said in message_of(arms.means, build, CLASSES)


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

    def check(self, history: Any) -> None:
        arms.trained(self.net, {"baseline": history}, "baseline", self.sets)


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
        (lambda e: e.history("test"), "test set as validation_data"),
        (lambda e: e.history("training"), "training set as validation_data"),
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
    history.history["val_loss"][-1] = experiment.loss("test")
    assert "test set as validation_data" in message_of(experiment.check, history)


def test_histories_that_are_no_dict_are_named(experiment: Experiment) -> None:
    said = message_of(arms.trained, experiment.net, [], "baseline", experiment.sets)
    assert "not a dict by arm" in said


def test_budgets_are_compared_in_epochs_and_steps(experiment: Experiment) -> None:
    one, longer, larger = (experiment.history() for _ in range(3))
    arms.equal_budgets({"baseline": one, "augmented": one}, "augmented")
    longer.history = {name: 2 * told for name, told in one.history.items()}
    said = message_of(
        arms.equal_budgets, {"baseline": one, "augmented": longer}, "augmented"
    )
    assert "unequal epochs" in said
    assert "augmented: 6" in said
    larger.params = {"steps": 63}
    said = message_of(
        arms.equal_budgets, {"baseline": one, "augmented": larger}, "augmented"
    )
    assert "unequal steps" in said
    bare = {"baseline": one, "augmented": one.history}
    assert "the dict alone" in message_of(arms.equal_budgets, bare, "augmented")
    larger.params = {"steps": None}
    said = message_of(
        arms.equal_budgets, {"baseline": one, "augmented": larger}, "augmented"
    )
    assert "data of unknown length" in said


def test_an_arm_that_goes_on_with_the_net_of_another_is_found_out(
    experiment: Experiment,
) -> None:
    one, other = experiment.history(first=2.1), experiment.history(first=2.0)
    arms.begins_anew({"baseline": one, "augmented": other}, "augmented")
    other = experiment.history(first=1.4)
    said = message_of(
        arms.begins_anew, {"baseline": one, "augmented": other}, "augmented"
    )
    assert "a network that goes on" in said
    assert "augmented: 1.4" in said


def test_a_net_that_knows_a_set_by_heart_is_found_out(experiment: Experiment) -> None:
    x, _ = experiment.sets["test"]
    said_of_it = Net(experiment.net, "net").outputs(scaled(x)).argmax(axis=1)
    strange = experiment.sets["validation"]
    seen = (x, said_of_it)
    said = message_of(arms.not_known, experiment.net, "net", seen, strange, part="test")
    assert "`net` knows the pictures of the test set" in said
    arms.not_known(experiment.net, "net", experiment.sets["test"], strange, part="test")
