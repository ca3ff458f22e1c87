"""``checks.randomness``: layers of augmentation."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from course_utils.checks.randomness import augmentation
from tests.checks.failing import message_of

PICTURES = np.random.default_rng(0).random((60, 8, 8, 3)).astype("float32")


@pytest.mark.parametrize(
    "augment",
    [
        layers.RandomFlip("horizontal"),
        keras.Sequential([layers.RandomFlip(), layers.RandomTranslation(0.1, 0.1)]),
        keras.Sequential(
            [
                keras.Input((8, 8, 3)),
                layers.RandomRotation((-0.05, 0.05)),
                layers.RandomBrightness(0.2, value_range=(0, 1)),
                layers.RandomContrast(0.2),
            ]
        ),
    ],
)
def test_layers_that_change_pictures_in_training_pass(augment: Any) -> None:
    augmentation(augment, PICTURES)


@pytest.mark.parametrize(
    ("augment", "said"),
    [
        (None, "no value yet"),
        (0.1, "not layers of augmentation"),
        ([layers.RandomFlip()], "a list"),
        (keras.Sequential([layers.Rescaling(2.0)]), "not random"),
        (layers.Dropout(0.0), "no augmentation"),
        (layers.RandomRotation(0.0), "no augmentation"),
        (layers.RandomBrightness(0.5), "value_range left out"),
        (layers.RandomRotation((-30, 30)), "15 / 360"),
        (keras.Sequential([layers.RandomTranslation(1.0, 1.0)]), "3 pixels of 32"),
        (layers.RandomZoom(0.9), "a tenth larger"),
        (layers.RandomCrop(6, 6), "another shape"),
        (lambda x, training: x[:, :, ::-1] if training else x, "the same each time"),
        (lambda x: x, "training not passed on"),
    ],
)
def test_what_is_no_augmentation_is_named(augment: Any, said: str) -> None:
    assert said in message_of(augmentation, augment, PICTURES)
