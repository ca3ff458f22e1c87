"""The third network of ``8_homework``, for each number of classes one may choose.

Which classes is the student's choice. So fewer than ten are here the animals that are
hardest to tell apart: others are easier.
"""

from collections.abc import Callable
from typing import Any

from course_utils import homework
from course_utils.data import Dataset
from recipes import Question

HARD = {
    10: list(range(10)),
    5: [2, 3, 4, 5, 7],  # bird, cat, deer, dog, horse
    4: [2, 3, 4, 5],
    3: [2, 3, 5],
}


def tested(classes: int) -> Callable[[Dataset], tuple[Any, Any]]:
    """The pictures of the hidden test."""

    def judged(pictures: Dataset) -> tuple[Any, Any]:
        x, y = homework.strangers(pictures, HARD[classes])
        return homework.scaled(x), y

    return judged


def normalised(filters: int, strides: int = 1) -> list[Any]:
    """A normalised convolution, its averages with a short memory for a short run."""
    from keras import layers

    return [
        layers.Conv2D(filters, 3, strides, padding="same", use_bias=False),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
    ]


def trained(pictures: Dataset, stages: list[Any], classes: int, rate: Any) -> Any:
    """Train on the two thousand pictures that the notebook gives."""
    import keras

    x, y = homework.three_sets(pictures, HARD[classes])["training"]
    net = keras.Sequential([keras.Input((32, 32, 3)), *stages])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(keras.optimizers.Adam(rate), loss)
    how: dict[str, Any] = {"batch_size": 50, "epochs": epochs(pictures), "verbose": 0}
    net.fit(homework.scaled(x), y, **how)
    return net


def epochs(pictures: Dataset) -> int:
    """As in the solution: a short run on stand-ins."""
    return 6 if pictures.source == "drawn" else 24


def reference(pictures: Dataset, classes: int) -> Any:
    """The solution's network, at a rate that falls to 0."""
    import keras
    from keras import layers

    rate = keras.optimizers.schedules.CosineDecay(3e-3, epochs(pictures) * 40)
    stages = [
        layers.RandomFlip("horizontal"),
        layers.RandomTranslation(0.1, 0.1),
        *normalised(32, strides=2),
        layers.MaxPooling2D(2),
        *normalised(64),
        layers.MaxPooling2D(2),
        *normalised(128),
        layers.GlobalAveragePooling2D(),
        layers.Dropout(0.2),
        layers.Dense(classes),
    ]
    return trained(pictures, stages, classes, rate)


def student(pictures: Dataset, classes: int) -> Any:
    """A smaller one on mirrored pictures, at one rate."""
    from keras import layers

    stages = [
        layers.RandomFlip("horizontal"),
        *normalised(32, strides=2),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.4),
        layers.Dense(classes),
    ]
    return trained(pictures, stages, classes, 1e-3)


def question(classes: int) -> Question:
    """The figure to reach with so many classes."""
    return Question(
        "cifar10",
        tested(classes),
        {
            "reference": lambda pictures: reference(pictures, classes),
            "student": lambda pictures: student(pictures, classes),
        },
    )


QUESTIONS = {f"8_homework/{classes}": question(classes) for classes in HARD}
