"""What changes in benchmarks/seeds.py for chapter 6: Recipe, RECIPES, train, tested.

All new fields default to None and `as_json` leaves None out, so that the runs that are
kept already stay valid. Needs `models.stripped_net` (models_addition.py). Then:

    python benchmarks/seeds.py --try regularised_net_fast fast_top_5e-3 …
    python benchmarks/seeds.py regularised_net regularised_net_fast stripped_net
"""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from course_utils import data, seeds, session
from course_utils.publishing import runs


@dataclass(frozen=True)
class Recipe:
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
    model: str | None = None

    def as_json(self) -> dict[str, Any]:
        """What was chosen, without what was left out."""
        return {name: told for name, told in asdict(self).items() if told is not None}

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

    def watching(self) -> list[Any]:
        """Callbacks that stop the training and lower its rate."""
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


def fast(**changes: Any) -> Recipe:
    """The fast way to train the regularised net, or with some changes.

    Epochs, rates and schedule are those of `one_cycle` in the chapter.
    """
    usual: dict[str, Any] = {
        "epochs": 8,
        "batch_size": 128,
        "learning_rate": 3e-3,
        "schedule": "one-cycle",
        "probabilities": True,
        "model": "regularised_net",
    }
    return Recipe("fashion_mnist", **usual | changes)


RECIPES = {
    "pyramid": Recipe("mnist", epochs=3, batch_size=64),
    "dropout_pyramid": Recipe(
        "mnist", epochs=15, batch_size=128, learning_rate=3e-3, schedule="cosine"
    ),
    "lenet": Recipe("cifar10", epochs=10, batch_size=32, schedule="cosine"),
    "regularised_net": Recipe(
        "fashion_mnist",
        epochs=50,
        batch_size=128,
        schedule="plateau",
        patience=5,
        probabilities=True,
    ),
    "regularised_net_fast": fast(),
    "stripped_net": fast(model=None),
}

# Only for --try, by the validation pictures. The best that keeps to a third of the time
# of "regularised_net" becomes the usual of `fast`; then these lines go.
RECIPES |= {
    "fast_top_1e-3": fast(learning_rate=1e-3),
    "fast_top_5e-3": fast(learning_rate=5e-3),
    "fast_cosine_2e-3": fast(learning_rate=2e-3, schedule="cosine"),
    "fast_9": fast(epochs=9),
    "fast_batch_64": fast(epochs=7, batch_size=64, learning_rate=2e-3),
    "fast_smoothed": fast(label_smoothing=0.1),
}


def scaled(images: Any) -> Any:
    """Pictures as a net takes them: float32 from 0 to 1, with an axis for channels."""
    images = images.astype("float32") / 255
    return images if images.ndim == 4 else images[..., None]


def train(name: str, seed: int) -> tuple[Any, float, float]:
    """Train a net from one seed: the net, its seconds, its validation accuracy."""
    session.start(seed)
    import keras

    from course_utils import models

    recipe = RECIPES[name]
    pictures = data.load(recipe.dataset)
    (x, y), (x_val, y_val) = data.split(
        scaled(pictures.x_train), pictures.y_train, recipe.validation
    )
    t, t_val = recipe.labels(y), recipe.labels(y_val)
    make: Callable[[], keras.Model] = getattr(models, recipe.model or name)
    net = make()
    net.compile(
        optimizer=keras.optimizers.Adam(recipe.rate(len(x))),
        loss=recipe.loss(),
        metrics=["accuracy"],
    )
    began = time.perf_counter()
    net.fit(
        x,
        t,
        validation_data=(x_val, t_val),
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        callbacks=recipe.watching(),
        verbose=2,
    )
    seconds = time.perf_counter() - began
    return net, seconds, net.evaluate(x_val, t_val, verbose=0)[1]


def tested(name: str, seed: int) -> seeds.SeedRun:
    """Train a net from one seed, and show it the test pictures, once."""
    net, seconds, validation = train(name, seed)
    recipe = RECIPES[name]
    pictures = data.load(recipe.dataset)
    labels = recipe.labels(pictures.y_test)
    _, test = net.evaluate(scaled(pictures.x_test), labels, verbose=0)
    return seeds.SeedRun(
        net=name,
        seed=seed,
        recipe=recipe.as_json(),
        parameters=net.count_params(),
        seconds=round(seconds, 1),
        validation_accuracy=round(validation, 5),
        test_accuracy=round(test, 5),
        data_source=pictures.source,
        date=datetime.now(UTC).date().isoformat(),
        machine=runs.machine(),
        versions=runs.versions(),
    )
