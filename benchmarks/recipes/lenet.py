"""The trainings of ``5_lenet``."""

from typing import Any

from course_utils.data import Dataset
from recipes import Question


def scaled(images: Any) -> Any:
    """Pixels from 0 to 1."""
    return images.astype("float32") / 255


def tested(pictures: Dataset) -> tuple[Any, Any]:
    """The pictures of the hidden test."""
    return scaled(pictures.x_test[:2000]), pictures.y_test[:2000]


def twenty(pictures: Dataset) -> tuple[Any, Any]:
    """Twenty training pictures."""
    return scaled(pictures.x_train[:20]), pictures.y_train[:20]


def trained(
    net: Any, pictures: Dataset, learning_rate: float, batch_size: int, epochs: int
) -> Any:
    """Train on the four thousand pictures that the notebook gives."""
    import keras

    x, y = scaled(pictures.x_train[:4000]), pictures.y_train[:4000]
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(keras.optimizers.Adam(learning_rate), loss)
    net.fit(x, y, batch_size=batch_size, epochs=epochs, verbose=0)
    return net


def own_reference(pictures: Dataset) -> Any:
    """Large steps at first, pooling once."""
    import keras
    from keras import layers

    net = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Conv2D(16, 5, strides=2, activation="relu"),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    return trained(net, pictures, 2e-3, batch_size=32, epochs=6)


def own_student(pictures: Dataset) -> Any:
    """LeNet with half of its dense layers, and what Keras takes by default."""
    import keras
    from keras import layers

    net = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Conv2D(6, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(60, activation="relu"),
            layers.Dense(10),
        ]
    )
    return trained(net, pictures, 1e-3, batch_size=32, epochs=6)


def by_heart(pictures: Dataset, learning_rate: float, epochs: int) -> Any:
    """Train LeNet on the twenty pictures, all in each step."""
    import keras

    from course_utils import models

    x, y = twenty(pictures)
    net = models.lenet()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(keras.optimizers.Adam(learning_rate), loss)
    net.fit(x, y, batch_size=20, epochs=epochs, verbose=0)
    return net


QUESTIONS = {
    "5_lenet/own": Question(
        "cifar10", tested, {"reference": own_reference, "student": own_student}
    ),
    "5_lenet/by_heart": Question(
        "cifar10",
        twenty,
        {
            "reference": lambda pictures: by_heart(pictures, 2e-3, epochs=80),
            "student": lambda pictures: by_heart(pictures, 1e-3, epochs=120),
        },
    ),
}
