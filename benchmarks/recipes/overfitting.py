"""The training of ``7_overfitting``."""

import math
from typing import Any

from course_utils.data import Dataset
from recipes import Question


def small(images: Any) -> Any:
    """Photographs of 32×32 pixels, from 0 to 1."""
    import numpy as np

    parts = [images[:, i::4, j::4] for i, j in np.ndindex(4, 4)]
    return np.mean(parts, axis=0, dtype="float32") / 255


def tested(photographs: Dataset) -> tuple[Any, Any]:
    """The photographs of the hidden test."""
    return small(photographs.x_test), photographs.y_test


def trained(
    parts: list[Any], photographs: Dataset, *, epochs: int = 8, falling: bool = False
) -> Any:
    """Train on the two thousand photographs that the notebook gives."""
    import keras

    x, y = small(photographs.x_train[:2000]), photographs.y_train[:2000]
    net = keras.Sequential([keras.Input((32, 32, 3)), *parts])
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    steps = epochs * math.ceil(len(x) / 32)
    schedule = keras.optimizers.schedules.CosineDecay(2e-3, steps)
    net.compile(keras.optimizers.Adam(schedule if falling else 2e-3), loss)
    net.fit(x, y, batch_size=32, epochs=epochs, verbose=0)
    return net


def own_reference(photographs: Dataset) -> Any:
    """Batch normalisation with a short memory, dropout, a rate that falls to 0."""
    from keras import layers

    parts: list[Any] = [layers.RandomFlip("horizontal")]
    for filters, size, strides in ((16, 5, 2), (32, 3, 1)):
        parts += [
            layers.Conv2D(filters, size, strides=strides, padding="same"),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
            layers.MaxPooling2D(2),
        ]
    parts += [layers.Flatten(), layers.Dropout(0.3), layers.Dense(1)]
    return trained(parts, photographs, epochs=10, falling=True)


def own_student(photographs: Dataset) -> Any:
    """The same without normalisation and dropout, at one rate."""
    from keras import layers

    how: dict[str, Any] = {"padding": "same", "activation": "relu"}
    parts: list[Any] = [
        layers.RandomFlip("horizontal"),
        layers.Conv2D(16, 5, strides=2, **how),
        layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, **how),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(1),
    ]
    return trained(parts, photographs)


QUESTIONS = {
    "7_overfitting/own": Question(
        "cats_vs_dogs", tested, {"reference": own_reference, "student": own_student}
    ),
}
