"""The training of ``4_pooling``."""

from typing import Any

from course_utils.data import Dataset
from recipes import Question


def pixels(images: Any) -> Any:
    """Pixels from 0 to 1, with an axis for the one channel."""
    return images[..., None].astype("float32") / 255


def validated(pictures: Dataset) -> tuple[Any, Any]:
    """The pictures of the test that students see."""
    return pixels(pictures.x_train[3000:4000]), pictures.y_train[3000:4000]


def tested(pictures: Dataset) -> tuple[Any, Any]:
    """The pictures of the hidden test."""
    return pixels(pictures.x_test[:2000]), pictures.y_test[:2000]


def pyramid(
    pictures: Dataset,
    first: tuple[int, int],
    second: tuple[int, int],
    learning_rate: float,
    epochs: int,
) -> Any:
    """Train two stages, each (filters, size), on the three thousand digits."""
    import keras
    from keras import layers

    net = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(*first, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(*second, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(keras.optimizers.Adam(learning_rate), loss)
    x, y = pixels(pictures.x_train[:3000]), pictures.y_train[:3000]
    net.fit(x, y, batch_size=32, epochs=epochs, verbose=0)
    return net


RECIPES = {
    "reference": lambda pictures: pyramid(pictures, (8, 3), (12, 3), 3e-3, epochs=5),
    "student": lambda pictures: pyramid(pictures, (6, 5), (10, 5), 1e-3, epochs=8),
}
QUESTIONS = {
    "4_pooling/validation": Question("mnist", validated, RECIPES),
    "4_pooling/test": Question("mnist", tested, RECIPES),
}
