"""Curves, maps and modes of the assignment on overfitting."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from course_utils.checks import overfitting
from tests.checks.failing import message_of
from tests.checks.naming import called_otherwise

RNG = np.random.default_rng(0)
JUMPY = {
    "loss": [0.7, 0.62, 0.55, 0.5, 0.42, 0.3, 0.21, 0.15, 0.11],
    "val_loss": [0.69, 0.7, 0.66, 0.61, 0.64, 0.58, 0.58, 0.8, 0.77],
    "accuracy": [0.5, 0.6, 0.66, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97],
    "val_accuracy": [0.51, 0.55, 0.6, 0.66, 0.65, 0.68, 0.67, 0.71, 0.7],
}
OTHER = {
    "loss": [0.7, 0.6, 0.5, 0.4, 0.35, 0.3, 0.2, 0.25],
    "val_loss": [0.6, 0.5, 0.9, 0.4, 0.7, 0.65, 0.55, 0.6],
    "val_accuracy": [0.5, 0.55, 0.6, 0.66, 0.65, 0.7, 0.67, 0.66],
}
READ = overfitting.turning_point, overfitting.gap


def test_every_wrong_reading_of_curves_is_called_by_its_name() -> None:
    turn, gap = READ
    mistakes = overfitting.turning_point_mistakes()
    assert not called_otherwise(mistakes, turn, [(JUMPY,), (OTHER,)])
    calls = [(JUMPY, epoch) for epoch in range(1, 9)]
    assert not called_otherwise(overfitting.gap_mistakes(), gap, calls)


def test_every_wrong_grad_cam_is_called_by_its_name() -> None:
    calls = [
        (RNG.normal(size=(3, 4, 5, 6)), RNG.normal(size=(3, 4, 5, 6))),
        (RNG.random((2, 6, 3, 4)), RNG.normal(size=(2, 6, 3, 4))),
    ]
    mistakes = overfitting.grad_cam_mistakes()
    assert not called_otherwise(mistakes, overfitting.grad_cam, calls)


def fine_tuned(base: Any, x: Any, y: Any, still: bool, learns: bool = True) -> Any:
    """A head on a base, trained for one step."""
    base.trainable = learns
    for layer in base.layers:
        if still and isinstance(layer, layers.BatchNormalization):
            layer.trainable = False
    inputs = keras.Input((8, 8, 3))
    net = keras.Model(inputs, layers.Dense(1)(base(inputs, training=False)))
    net.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
    net.fit(x, y, verbose=0)
    return net


@pytest.mark.parametrize(
    ("still", "learns", "words"),
    [
        (True, True, ""),
        (False, True, "batch normalisation in training mode"),
        (False, False, "all of it frozen"),
    ],
)
def test_batch_norm_stands_still_only_if_it_is_not_trainable(
    still: bool, learns: bool, words: str
) -> None:
    parts = [layers.Conv2D(4, 3), layers.BatchNormalization()]
    base = keras.Sequential(
        [keras.Input((8, 8, 3)), *parts, layers.GlobalAveragePooling2D()]
    )
    x, y = RNG.random((16, 8, 8, 3)).astype("float32"), np.arange(16) % 2

    def tune(x: Any, y: Any) -> Any:
        copy = keras.models.clone_model(base)
        copy.set_weights(base.get_weights())
        return fine_tuned(copy, x, y, still, learns)

    if words:
        assert words in message_of(overfitting.norms_kept, tune, base, x, y)
    else:
        overfitting.norms_kept(tune, base, x, y)


def compiled(head: Any, loss: Any, metrics: Any) -> Any:
    """A small net, compiled."""
    net = keras.Sequential([keras.Input((4,)), head])
    net.compile("adam", loss, metrics=metrics)
    return net


LOGITS = keras.losses.BinaryCrossentropy(from_logits=True)


@pytest.mark.parametrize(
    ("head", "loss", "metrics", "words"),
    [
        (layers.Dense(1, "softmax"), "binary_crossentropy", ["accuracy"], "of one val"),
        (layers.Dense(1), LOGITS, ["accuracy"], "a threshold for probabilities"),
        (layers.Dense(1), LOGITS, [], "metrics forgotten"),
        (
            layers.Dense(2, "softmax"),
            "sparse_categorical_crossentropy",
            ["accuracy"],
            "not one output",
        ),
    ],
)
def test_head_loss_and_accuracy_of_one_output_belong_together(
    head: Any, loss: Any, metrics: Any, words: str
) -> None:
    net = compiled(head, loss, metrics)
    assert words in message_of(overfitting.one_output, net)


def saliency(net: Any, images: Any, training: Any = False) -> Any:
    """Size of the logit's gradient, the largest of each pixel's channels."""
    pictures = tf.convert_to_tensor(images)
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        logit = net(pictures, training=training)
    return np.abs(tape.gradient(logit, pictures).numpy()).max(axis=-1)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (saliency, ""),
        (lambda net, x: saliency(net, x, True), "random layers at work"),
        (lambda net, x: saliency(net, x).max(axis=0), "one map for all pictures"),
        (lambda net, x: saliency(net, x) / saliency(net, x).max(), "same factor"),
    ],
)
def test_a_saliency_map_is_of_the_picture_as_it_is(answer: Any, words: str) -> None:
    keras.utils.set_random_seed(0)
    parts = [layers.RandomTranslation(0.3, 0.3), layers.Conv2D(4, 3, activation="relu")]
    parts += [layers.GlobalAveragePooling2D(), layers.Dense(1)]
    net = keras.Sequential([keras.Input((8, 8, 3)), *parts])
    x = RNG.random((4, 8, 8, 3)).astype("float32")
    if words:
        assert words in message_of(overfitting.still_saliency, answer, net, x)
    else:
        overfitting.still_saliency(answer, net, x)
