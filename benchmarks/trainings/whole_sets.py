"""Chapters 4 to 6: a net of `course_utils.models` and a whole image set."""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from course_utils import data
from trainings import scaled


@dataclass(frozen=True)
class WholeSet:
    """How a chapter trains its net.

    Attributes
    ----------
    dataset : the image set, by name.
    epochs : times that the net sees the training pictures; at most, with `patience`.
    batch_size : pictures per step.
    validation : share of the training set that is set aside, always the same pictures.
    learning_rate : of Adam, at the start; the highest one of "one-cycle".
    schedule : "cosine" lets the rate fall to 0 along a half wave of the cosine;
        "one-cycle" first lets it rise from 0.0001 for a fifth of the steps; "plateau"
        halves it, down to 0.00001, after two epochs without a lower validation loss;
        left out, it stays as it is.
    patience : epochs without a better validation accuracy after which training stops
        and the weights of the best epoch are put back; left out, it does not stop.
    probabilities : True for a net that ends in a softmax and takes one-hot labels.
    label_smoothing : of one-hot labels.
    momentum : of plain gradient descent (Nesterov's), in the place of Adam.
    dropout : factor of all rates of dropout.
    weight_decay : as of AdamW.
    mirrored : True if half of the pictures, at random, are mirrored while training.
    model : function in `course_utils.models`, where it is not the name of the recipe.
    """

    dataset: str
    epochs: int
    batch_size: int
    validation: float = 0.1
    learning_rate: float = 1e-3
    schedule: str | None = None
    patience: int | None = None
    probabilities: bool | None = None
    label_smoothing: float | None = None
    momentum: float | None = None
    dropout: float | None = None
    weight_decay: float | None = None
    mirrored: bool | None = None
    model: str | None = None

    def as_json(self) -> dict[str, Any]:
        """What was chosen, without what was left out."""
        return {name: told for name, told in asdict(self).items() if told is not None}

    def train(self, name: str, seed: int) -> tuple[Any, float, float]:
        """Train: the net, its seconds, its validation accuracy."""
        import keras

        from course_utils import models

        pictures = data.load(self.dataset)
        (x, y), (x_val, y_val) = data.split(
            scaled(pictures.x_train), pictures.y_train, self.validation
        )
        make: Callable[[], keras.Model] = getattr(models, self.model or name)
        net = make()
        if self.dropout is not None:
            for layer in net.layers:
                if isinstance(layer, keras.layers.Dropout):
                    layer.rate *= self.dropout
        if self.mirrored:
            mirror = keras.layers.RandomFlip("horizontal")
            net = keras.Sequential([keras.Input(net.input_shape[1:]), mirror, net])
        net.compile(
            optimizer=self.optimiser(len(x)),
            loss=self.loss(),
            metrics=["accuracy"],
        )
        began = time.perf_counter()
        net.fit(
            x,
            self.labels(y),
            validation_data=(x_val, self.labels(y_val)),
            epochs=self.epochs,
            batch_size=self.batch_size,
            callbacks=self.callbacks(),
            verbose=2,
        )
        seconds = time.perf_counter() - began
        return net, seconds, net.evaluate(x_val, self.labels(y_val), verbose=0)[1]

    def test(self, net: Any) -> float:
        """Share of the test pictures that a net names rightly."""
        pictures = data.load(self.dataset)
        labels = self.labels(pictures.y_test)
        share: float = net.evaluate(scaled(pictures.x_test), labels, verbose=0)[1]
        return share

    def optimiser(self, pictures: int) -> Any:
        """What takes the steps, for so many training pictures."""
        import keras

        rate = self.rate(pictures)
        if self.momentum is None:
            return keras.optimizers.Adam(rate, weight_decay=self.weight_decay)
        return keras.optimizers.SGD(rate, self.momentum, nesterov=True)

    def rate(self, pictures: int) -> Any:
        """What Adam gets for so many training pictures."""
        import keras

        if self.schedule not in ("cosine", "one-cycle"):
            return self.learning_rate
        steps = self.epochs * math.ceil(pictures / self.batch_size)
        if self.schedule == "cosine":
            return keras.optimizers.schedules.CosineDecay(self.learning_rate, steps)
        rising = steps // 5
        return keras.optimizers.schedules.CosineDecay(
            1e-4, steps - rising, warmup_target=self.learning_rate, warmup_steps=rising
        )

    def loss(self) -> Any:
        """The loss for what the net puts out."""
        import keras

        if self.probabilities:
            return keras.losses.CategoricalCrossentropy(
                label_smoothing=self.label_smoothing or 0.0
            )
        return keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def labels(self, numbers: Any) -> Any:
        """Labels as the loss takes them."""
        import keras

        return (
            keras.utils.to_categorical(numbers, 10) if self.probabilities else numbers
        )

    def callbacks(self) -> list[Any]:
        """What stops the training and lowers its rate."""
        import keras

        chosen: list[Any] = []
        if self.patience is not None:
            chosen += [
                keras.callbacks.EarlyStopping(
                    "val_accuracy",
                    mode="max",
                    patience=self.patience,
                    restore_best_weights=True,
                )
            ]
        if self.schedule == "plateau":
            chosen += [
                keras.callbacks.ReduceLROnPlateau(
                    "val_loss", factor=0.5, patience=2, min_lr=1e-5
                )
            ]
        return chosen


def fast(**changes: Any) -> WholeSet:
    """The fast way to train the regularised net, or with some changes."""
    usual: dict[str, Any] = {
        "epochs": 12,
        "batch_size": 128,
        "learning_rate": 3e-3,
        "schedule": "one-cycle",
        "probabilities": True,
        "dropout": 0.5,
        "weight_decay": 0.1,
        "mirrored": True,
        "model": "regularised_net",
    }
    return WholeSet("fashion_mnist", **usual | changes)


RECIPES = {
    "pyramid": WholeSet("mnist", epochs=3, batch_size=64),
    "dropout_pyramid": WholeSet(
        "mnist", epochs=15, batch_size=128, learning_rate=3e-3, schedule="cosine"
    ),
    "lenet": WholeSet("cifar10", epochs=10, batch_size=32, schedule="cosine"),
    "regularised_net": WholeSet(
        "fashion_mnist",
        epochs=50,
        batch_size=128,
        schedule="plateau",
        patience=5,
        probabilities=True,
    ),
    "regularised_net_fast": fast(),
    "stripped_net": fast(dropout=None, weight_decay=None, mirrored=None, model=None),
}
TRIES = {
    "fast_batch_64": fast(batch_size=64, learning_rate=2e-3),
    "fast_usual_dropout": fast(dropout=None),
    "fast_cosine": fast(schedule="cosine"),
    "fast_smoothed": fast(label_smoothing=0.1),
    "fast_no_decay": fast(weight_decay=None),
    "fast_more_decay": fast(weight_decay=0.2),
    "fast_not_mirrored": fast(mirrored=None),
    "fast_momentum": fast(learning_rate=0.1, momentum=0.9, weight_decay=None),
}
