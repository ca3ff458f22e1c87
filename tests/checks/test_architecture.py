"""A net is compared by what it does, not by how it was written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import pytest
from keras import layers

from course_utils import models
from course_utils.checks import architecture, built
from course_utils.checks.nets import stages
from tests.checks.failing import message_of
from tests.checks.nets import STYLES, Subclassed, functional, sequential


def said(*stack: Any, size: tuple[int, ...] = (28, 28, 1)) -> str:
    """What is said of a net of these layers that should be the first CNN."""
    net = keras.Sequential([keras.Input(size), *stack])
    return message_of(architecture, net, models.single_conv(), name="CNN 1")


def pooled(*stack: Any) -> str:
    """What is said of a net of these layers that should be the pyramid."""
    net = keras.Sequential([keras.Input((28, 28, 1)), *stack])
    return message_of(architecture, net, models.pyramid(), name="the pyramid")


@pytest.mark.parametrize("make", STYLES)
def test_every_style_of_one_net_is_right(make: Callable[[], Any]) -> None:
    architecture(make, models.single_conv())
    architecture(make(), models.single_conv())


def test_the_nets_of_the_lessons_are_themselves() -> None:
    for make in (models.pyramid, models.lenet, models.regularised_net, models.mlp):
        architecture(make(), make())


def test_a_list_of_layers_says_what_is_asked_for() -> None:
    wanted = [keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)]
    net = keras.Sequential([layers.Reshape((784,)), layers.Dense(10)])
    architecture(net, wanted)


def test_same_padding_that_adds_nothing_is_valid_padding() -> None:
    wanted = [keras.Input((28, 28, 1)), layers.MaxPooling2D(2)]
    architecture(keras.Sequential([layers.MaxPool2D(2, padding="same")]), wanted)
    odd = [keras.Input((27, 27, 1)), layers.MaxPooling2D(2)]
    message = message_of(
        architecture, keras.Sequential([layers.MaxPool2D(2, padding="same")]), odd
    )
    assert "MaxPooling2D makes 14×14×1 feature maps" in message
    assert 'padding="same"' in message


def test_what_computes_nothing_does_not_count() -> None:
    net = keras.Sequential([sequential(), layers.Identity(), layers.Flatten()])
    assert [s.kind for s in stages(net)] == ["Conv2D", "relu", "Flatten", "Dense"]


def test_a_number_of_filters_is_said_with_what_follows_from_it() -> None:
    conv = layers.Conv2D(26, 5, activation="relu")
    first = layers.Conv2D(6, 5, activation="relu")
    rest = layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(120, "relu")
    net = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            *(first, layers.MaxPooling2D(2), conv, *rest),
            *(layers.Dense(84, "relu"), layers.Dense(10)),
        ]
    )
    message = message_of(architecture, net, models.lenet(), name="LeNet", read="it")
    assert message.startswith(
        "Conv2D #2 makes 10×10×26 feature maps; LeNet has 10×10×16 there."
    )
    assert "yours 93,516; LeNet 62,006" in message
    assert "another number of filters" in message
    assert message.endswith("Read: it.")


FLATTEN, DENSE = layers.Flatten, lambda **how: layers.Dense(10, **how)


def conv(*sizes: int, **how: Any) -> Any:
    return layers.Conv2D(*(sizes or (9, 5)), **{"activation": "relu", **how})


@pytest.mark.parametrize(
    ("stack", "words"),
    [
        ([conv(5, 9)], "swapped arguments"),
        ([conv(9, 3)], "another size of filter"),
        ([conv(9, 5, strides=2)], "another stride"),
        ([conv(9, 5, padding="same")], "another padding"),
        ([conv(9, 5, use_bias=False)], "another bias"),
        ([conv(9, 5, activation=None)], "activation forgotten"),
        ([conv(9, 5, activation="tanh")], "another activation"),
        ([conv(), conv()], "After relu #1 your net has a Conv2D"),
        ([conv(), layers.MaxPooling2D(2)], "your net has a MaxPooling2D"),
    ],
)
def test_another_convolution_is_named(stack: list[Any], words: str) -> None:
    assert words in said(*stack, FLATTEN(), DENSE())


@pytest.mark.parametrize(
    ("stack", "words"),
    [
        ([FLATTEN(), layers.Dense(9)], "another number of units"),
        ([FLATTEN(), DENSE(activation="softmax")], "softmax at the end"),
        ([FLATTEN(), DENSE(), layers.Softmax()], "softmax at the end"),
        ([FLATTEN(), DENSE(activation="relu")], "an activation too many"),
        ([DENSE()], "Flatten forgotten"),
        ([layers.GlobalMaxPooling2D(), DENSE()], "global pooling for Flatten"),
        ([FLATTEN(), layers.Dense(100), DENSE()], "your net has a Dense"),
        ([FLATTEN()], "has a Dense; your net has none"),
        ([FLATTEN(), layers.Dropout(0.5), DENSE()], "your net has a Dropout"),
    ],
)
def test_another_head_is_named(stack: list[Any], words: str) -> None:
    assert words in said(conv(), *stack)


@pytest.mark.parametrize(
    ("pooling", "words"),
    [
        ([layers.AveragePooling2D(2)], "the mean instead of the largest"),
        ([layers.MaxPooling2D(2, strides=1)], "23×23×10 feature maps; the pyramid has"),
        ([layers.MaxPooling2D(3)], "pool_size=2"),
        ([], "the pyramid has a MaxPooling2D; your net has none there"),
    ],
)
def test_pooling_layers_are_told_apart(pooling: list[Any], words: str) -> None:
    rest = conv(20, 5), layers.MaxPooling2D(2), FLATTEN(), DENSE()
    assert words in pooled(conv(10, 5), *pooling, *rest)


def test_another_input_is_said_first() -> None:
    message = said(conv(3, 3), FLATTEN(), DENSE(), size=(32, 32, 3))
    assert "takes pictures of 32×32×3; CNN 1 takes 28×28×1" in message


def test_a_subclassed_net_that_is_wrong_is_told_like_any_other() -> None:
    message = message_of(architecture, Subclassed(8), models.single_conv())
    assert "Conv2D makes 24×24×8 feature maps" in message


def test_a_branch_cannot_be_compared() -> None:
    inputs = keras.Input((28, 28, 1))
    both = layers.Add()([layers.Conv2D(1, 1)(inputs), layers.Conv2D(1, 1)(inputs)])
    message = message_of(architecture, keras.Model(inputs, both), sequential())
    assert "branches" in message


def test_a_call_that_cannot_be_followed_is_quoted() -> None:
    class Own(keras.Model):
        def call(self, x: Any) -> Any:
            raise RuntimeError("no such thing")

    message = message_of(architecture, Own(), sequential())
    assert "no such thing" in message
    assert "keras.ops" in message


def test_what_is_no_net_is_said_to_be_none() -> None:
    def unwritten() -> None:
        raise NotImplementedError

    assert "no value yet" in message_of(built, None)
    assert "not written yet" in message_of(built, unwritten)
    assert "returned None" in message_of(built, lambda: None)
    assert "a list of layers" in message_of(built, lambda: [FLATTEN()])
    assert "of type int" in message_of(architecture, 3, sequential())
    assert "has no layers" in message_of(
        architecture, keras.Sequential([keras.Input((28, 28, 1))]), sequential()
    )


def test_a_function_gets_its_arguments() -> None:
    net = built(models.mlp, 65)
    assert net.count_params() == 51_685


def test_checking_does_not_change_the_net() -> None:
    net = functional()
    before = net.get_config()
    architecture(net, models.single_conv())
    assert net.get_config() == before
