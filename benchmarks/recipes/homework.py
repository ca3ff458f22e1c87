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


def normalised(widths: tuple[int, ...], classes: int) -> list[Any]:
    """Normalised convolutions with pooling after each, the mean of each map."""
    from keras import layers

    stages: list[Any] = []
    for filters in widths:
        stages += [
            layers.Conv2D(filters, 3, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
            layers.MaxPooling2D(2),
        ]
    head = layers.GlobalAveragePooling2D(), layers.Dropout(0.2)
    return [*stages, *head, layers.Dense(classes)]


def light(classes: int) -> list[Any]:
    """Two plain convolutions, dropout, and a penalty on the last weights."""
    import keras
    from keras import layers

    return [
        layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.4),
        layers.Dense(classes, kernel_regularizer=keras.regularizers.L2(1e-3)),
    ]


def trained(
    pictures: Dataset, stages: list[Any], classes: int, rate: Any, epochs: int
) -> Any:
    """Train on the two thousand pictures that the notebook gives."""
    import keras

    x, y = homework.three_sets(pictures, HARD[classes])["training"]
    net = keras.Sequential([keras.Input((32, 32, 3)), *stages])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(keras.optimizers.Adam(rate), loss)
    net.fit(homework.scaled(x), y, batch_size=50, epochs=epochs, verbose=0)
    return net


def reference(pictures: Dataset, classes: int) -> Any:
    """The solution's network; of stand-ins, which are easier, few epochs are enough."""
    import keras
    from keras import layers

    epochs = 5 if pictures.source == "drawn" else 24
    rate = keras.optimizers.schedules.CosineDecay(3e-3, epochs * 40)
    changes = [layers.RandomFlip("horizontal"), layers.RandomTranslation(0.1, 0.1)]
    body = normalised((24, 48, 96), classes)
    return trained(pictures, [*changes, *body], classes, rate, epochs)


def student(pictures: Dataset, classes: int) -> Any:
    """A small one on mirrored pictures, with what Keras takes by default."""
    from keras import layers

    epochs = 5 if pictures.source == "drawn" else 24
    stages = [layers.RandomFlip("horizontal"), *light(classes)]
    return trained(pictures, stages, classes, 1e-3, epochs)


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
