"""The training of ``6_fashion_mnist``."""

from typing import Any

from course_utils.data import Dataset
from recipes import Question


def pixels(images: Any) -> Any:
    """Pixels from 0 to 1, with an axis for the one channel."""
    return images[..., None].astype("float32") / 255


def tested(pictures: Dataset) -> tuple[Any, Any]:
    """The pictures of the hidden test."""
    return pixels(pictures.x_test[:2000]), pictures.y_test[:2000]


def stopped(
    net: Any, pictures: Dataset, learning_rate: float, batch_size: int, smoothing: float
) -> Any:
    """Train on the three thousand garments until validation gets no better."""
    import keras

    rows = keras.utils.to_categorical(pictures.y_train[:4000], 10)
    x = pixels(pictures.x_train[:4000])
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)
    net.compile(keras.optimizers.Adam(learning_rate), loss, metrics=["accuracy"])
    stop = keras.callbacks.EarlyStopping(
        "val_accuracy", mode="max", patience=2, restore_best_weights=True
    )
    net.fit(
        x[:3000],
        rows[:3000],
        batch_size=batch_size,
        epochs=8,
        validation_data=(x[3000:], rows[3000:]),
        callbacks=[stop],
        verbose=0,
    )
    return net


def reference(pictures: Dataset) -> Any:
    """Batch normalisation with a short memory, large steps, smoothed labels."""
    import keras
    from keras import layers

    net = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
            layers.Conv2D(32, 3, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(10, activation="softmax"),
        ]
    )
    return stopped(net, pictures, 3e-3, batch_size=64, smoothing=0.1)


def student(pictures: Dataset) -> Any:
    """Fewer filters, and what Keras takes by default."""
    import keras
    from keras import layers

    net = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(12, 5, strides=2, padding="same"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2D(24, 3, padding="same"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(10, activation="softmax"),
        ]
    )
    return stopped(net, pictures, 1e-3, batch_size=32, smoothing=0.0)


QUESTIONS = {
    "6_fashion_mnist/own": Question(
        "fashion_mnist", tested, {"reference": reference, "student": student}
    )
}
