"""Parameters are counted, and the layer that makes the difference is named."""

from __future__ import annotations

import keras
import pytest
from keras import layers

from course_utils import models
from course_utils.checks import parameters
from tests.checks.failing import message_of
from tests.checks.nets import STYLES, Subclassed, sequential


@pytest.mark.parametrize("make", STYLES)
def test_every_style_has_as_many(make: type) -> None:
    parameters(make, models.single_conv())
    parameters(make(), 52_084, input_shape=(28, 28, 1))


def test_the_layer_with_others_is_named() -> None:
    message = message_of(parameters, Subclassed(8), models.single_conv(), name="CNN 1")
    assert "Your net has 46,298 parameters; CNN 1 has 52,084." in message
    assert "Conv2D has 208 parameters; in CNN 1 it has 234" in message


def test_a_plain_number_lists_the_layers() -> None:
    message = message_of(parameters, sequential(), 62_006, name="LeNet")
    assert "LeNet has 62,006" in message
    assert "Conv2D: 234" in message
    assert "Dense:  51,850" in message


def test_a_layer_too_many_or_too_few_is_named() -> None:
    more = keras.Sequential([sequential(), layers.Dense(10)])
    message = message_of(parameters, more, models.single_conv())
    assert "your Dense #2 with 110 is one layer too many" in message
    message = message_of(parameters, sequential(), more, name="it")
    assert "it has a Dense #2 with 110, yours none" in message


def test_frozen_parameters_are_not_trained() -> None:
    net = sequential()
    net.layers[0].trainable = False
    message = message_of(parameters, net, models.single_conv(), name="CNN 1")
    assert "Your net trains 51,850 of its parameters; CNN 1 52,084." in message
    assert "Conv2D has 0 trained; in CNN 1 it has 234" in message
    assert "does not learn" in message


def test_a_layer_that_is_used_twice_counts_once() -> None:
    twice = layers.Dense(4)
    net = keras.Sequential([keras.Input((4,)), twice, layers.ReLU(), twice])
    parameters(net, 20)
