"""The training of ``3_conv_layers``."""

from typing import Any

from course_utils.data import Dataset
from recipes import Question


def scaled(images: Any) -> Any:
    """Pixels from 0 to 1, with an axis for the channel."""
    return images[..., None].astype("float32") / 255


def tested(pictures: Dataset) -> tuple[Any, Any]:
    """The pictures of the hidden test."""
    return scaled(pictures.x_test[:2000]), pictures.y_test[:2000]


def trained(
    net: Any, pictures: Dataset, learning_rate: float, batch_size: int, epochs: int
) -> Any:
    """Train on the three thousand digits that the notebook gives."""
    import keras

    x, y = scaled(pictures.x_train[:3000]), pictures.y_train[:3000]
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(keras.optimizers.Adam(learning_rate), loss)
    net.fit(x, y, batch_size=batch_size, epochs=epochs, verbose=0)
    return net


def reference(pictures: Dataset) -> Any:
    """The net of the chapter, with steps twice as large as by default."""
    from course_utils import models

    return trained(models.single_conv(), pictures, 2e-3, batch_size=32, epochs=4)


def student(pictures: Dataset) -> Any:
    """Smaller filters, and what Keras takes by default."""
    import keras
    from keras import layers

    net = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    return trained(net, pictures, 1e-3, batch_size=32, epochs=4)


QUESTIONS = {
    "3_conv_layers/train": Question(
        "mnist", tested, {"reference": reference, "student": student}
    )
}
