"""What the tests of the figures draw, and how they read a figure again."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from course_utils.calibration import reliability

CLASSES = ("cat", "dog", "bird")
EDGE = np.array([[-1, 0, 1]] * 3)

rng = np.random.default_rng(0)
GREY = rng.integers(0, 256, (5, 28, 28), dtype=np.uint8)
COLOUR = rng.integers(0, 256, (5, 32, 32, 3), dtype=np.uint8)
HISTORY = {
    "accuracy": [0.5, 0.7, 0.9, 0.95],
    "loss": [1.0, 0.6, 0.3, 0.2],
    "val_accuracy": [0.4, 0.8, 0.7, 0.75],
    "val_loss": [1.1, 0.7, 0.5, 0.6],
    "learning_rate": [0.001] * 4,
}


PROBABILITIES = np.array(
    [
        [0.8, 0.1, 0.1],
        [0.4, 0.6, 0.0],
        [0.1, 0.0, 0.9],
        [0.0, 1.0, 0.0],
        [0.3, 0.0, 0.7],
    ]
)
TRUE, PRED = np.array([0, 0, 1, 1, 1]), PROBABILITIES.argmax(axis=1)

SURE = reliability([[0.9, 0.1]] * 10 + [[0.4, 0.6]] * 5, [0] * 6 + [1] * 9, bins=5)


def data(ax: Axes) -> Any:
    return np.asarray(ax.images[0].get_array())


def limits(ax: Axes) -> tuple[float, float]:
    return ax.images[0].get_clim()


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]
