"""Pictures on their way into a net: each usual mistake is called by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from course_utils.checks import answered, pipeline
from tests.checks.failing import message_of

RNG = np.random.default_rng(0)
BYTES = RNG.integers(0, 256, size=(20, 12, 10), dtype=np.uint8)
X = BYTES[..., None] / 255
SHAPE = (12, 10, 1)


class Batches:
    """A dataset: it yields batches, and may change them each time it is read."""

    def __init__(self, change: Callable[[Any], Any], labels: bool = True) -> None:
        self.change, self.labels = change, labels

    def __iter__(self) -> Iterator[Any]:
        pictures = self.change(X)
        for start in range(0, len(X), 8):
            batch = pictures[start : start + 8].astype("float32")
            yield (batch, np.zeros(len(batch))) if self.labels else batch


def as_it_is(x: Any) -> Any:
    return x


def shuffled(x: Any) -> Any:
    return RNG.permutation(x)


def noisy(x: Any) -> Any:
    return x + RNG.normal(size=x.shape) / 50


def net(*first: keras.layers.Layer) -> keras.Sequential:
    head = [layers.Flatten(), layers.Dense(2)]
    return keras.Sequential([keras.Input(SHAPE), *first, *head])


@pytest.mark.parametrize(
    "data", [X, X.astype("float32"), (X, np.zeros(20)), 2 * X - 1, (X - 0.5) / 0.1]
)
def test_scaled_pictures_of_the_right_shape_pass(data: Any) -> None:
    pipeline(data, X, shape=SHAPE)


@pytest.mark.parametrize("change", [as_it_is, shuffled])
@pytest.mark.parametrize("labels", [True, False])
def test_a_validation_set_may_be_shuffled(
    change: Callable[[Any], Any], labels: bool
) -> None:
    pipeline(Batches(noisy), Batches(change, labels), shape=SHAPE)


def test_a_dataset_of_tensorflow_passes() -> None:
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((X, np.zeros(20))).batch(8)
    pipeline(data.shuffle(20), data, shape=SHAPE)


@pytest.mark.parametrize(
    ("wrong", "mistake"),
    [
        (X[..., 0], "no axis for the channel"),
        (X[0], "no axis for the pictures"),
        (X[0, ..., 0], "no axis for the pictures"),
        (np.moveaxis(X, -1, 1), "channels first"),
        (X.reshape(20, -1), "flattened pictures"),
        (X.swapaxes(1, 2), "swapped axes"),
        (X[:0], "no pictures"),
        (BYTES[..., None], "unscaled pictures"),
        (BYTES[..., None].astype("float32"), "unscaled pictures"),
        (X / 255, "scaled twice"),
        (BYTES[..., None] // 255, "divided into whole numbers"),
        (X.astype(int), "divided into whole numbers"),
        (0 * X, "one value throughout"),
        (X * np.nan, "NaN"),
    ],
)
def test_a_wrong_picture_is_called_by_its_name(wrong: Any, mistake: str) -> None:
    assert f"Likely mistake: {mistake}" in message_of(pipeline, wrong, shape=SHAPE)
    said = message_of(pipeline, X, Batches(lambda _: wrong), shape=SHAPE)
    assert "the validation data" in said


@pytest.mark.parametrize("data", [None, 3, "pictures", [X, "labels"], [[1], [1, 2]]])
def test_what_holds_no_pictures_is_said(data: Any) -> None:
    message_of(pipeline, data, X, shape=(3, 3, 3))


def test_a_layer_in_the_net_may_scale_the_pictures() -> None:
    rescaling = layers.Rescaling(1 / 255)
    pipeline(BYTES[..., None], shape=SHAPE, net=net(rescaling))
    pipeline(BYTES[..., None], shape=SHAPE, net=net(keras.Sequential([rescaling])))
    pipeline(BYTES[..., None], shape=SHAPE, net=net(layers.Rescaling(1 / 127.5, -1)))
    pipeline(BYTES[..., None], shape=SHAPE, net=net(layers.Normalization()))


def test_a_net_in_another_process_shows_its_layers() -> None:
    class StandIn:
        def functional(self, shape: tuple[int, ...]) -> keras.Model:
            assert shape == SHAPE
            return net(layers.Rescaling(1 / 255))

    pipeline(BYTES[..., None], shape=SHAPE, net=StandIn())


def test_a_layer_that_scales_what_is_scaled_is_one_too_many() -> None:
    said = message_of(pipeline, X, shape=SHAPE, net=net(layers.Rescaling(1 / 255)))
    assert "rescaled to 0 to 0.003922" in said
    assert "Likely mistake: scaled twice" in said


def test_a_net_that_does_not_scale_is_no_excuse() -> None:
    said = message_of(pipeline, BYTES[..., None], shape=SHAPE, net=net())
    assert "Likely mistake: unscaled pictures" in said


def test_validation_pictures_that_change_are_augmented() -> None:
    said = message_of(pipeline, X, Batches(noisy), shape=SHAPE)
    assert "Likely mistake: augmented validation" in said


def test_training_pictures_have_to_change_where_augmentation_is_asked_for() -> None:
    pipeline(Batches(noisy), shape=SHAPE, augmented=True)
    turning = net(layers.RandomTranslation(0.1, 0.1))
    pipeline(X, shape=SHAPE, net=turning, augmented=True)
    said = message_of(pipeline, Batches(shuffled), shape=SHAPE, augmented=True)
    assert "Likely mistake: no augmentation" in said


@pytest.mark.parametrize("answer", [0, False, "A", "because it moves", [1], X])
def test_any_answer_is_one(answer: Any) -> None:
    answered(answer)


@pytest.mark.parametrize(
    "answer", [None, ..., "", "  ", "...", "…", "YOUR ANSWER HERE", "TODO", "<answer>"]
)
def test_a_question_left_open_is_said_in_one_sentence(answer: Any) -> None:
    said = message_of(answered, answer, name="reason")
    assert "`reason` is not answered yet" in said
    assert "\n" not in said


def test_a_text_can_be_too_short() -> None:
    said = message_of(answered, "It moves", name="reason", words=5)
    assert said == "`reason` is too short: write at least 5 words; these are 2."
