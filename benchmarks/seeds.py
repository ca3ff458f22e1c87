"""What a net of the book reaches from several seeds, by its chapter's own recipe.

    COURSE_DATA_DIR=<folder> python benchmarks/seeds.py [net …] [--seeds 0 1 2 …]
    COURSE_DATA_DIR=<folder> python benchmarks/seeds.py --try net …

Trains every net from every seed, five by default, and then prints the kept runs with
mean and standard deviation. Each run is kept at once, in ``course_utils/seeds.json``:
what is there already is not trained again, so a broken-off call goes on where it
stopped. A run by another recipe or on drawn pictures does not count as there, and is
replaced.

With ``--try`` the runs are for choosing a recipe: they are judged by the validation
pictures, the test pictures stay unopened, and nothing is kept.
"""

import argparse
import math
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from course_utils import data, seeds, session
from course_utils.errors import CourseError
from course_utils.publishing import execution, runs


@dataclass(frozen=True)
class Recipe:
    """How a chapter trains its net.

    Attributes
    ----------
    dataset : the image set, by name.
    epochs : times that the net sees the training pictures.
    batch_size : pictures per step.
    validation : share of the training set that is set aside, always the same pictures.
    learning_rate : of Adam, at the start.
    schedule : "cosine" lets the rate fall to 0 along a half wave of the cosine; left
        out, it stays as it is.
    """

    dataset: str
    epochs: int
    batch_size: int
    validation: float = 0.1
    learning_rate: float = 1e-3
    schedule: str | None = None

    def as_json(self) -> dict[str, Any]:
        """What was chosen, without what was left out."""
        return {name: told for name, told in asdict(self).items() if told is not None}

    def rate(self, pictures: int) -> Any:
        """What Adam gets for so many training pictures."""
        import keras

        if self.schedule is None:
            return self.learning_rate
        steps = self.epochs * math.ceil(pictures / self.batch_size)
        return keras.optimizers.schedules.CosineDecay(self.learning_rate, steps)


RECIPES = {
    "pyramid": Recipe("mnist", epochs=3, batch_size=64),
    "dropout_pyramid": Recipe(
        "mnist", epochs=15, batch_size=128, learning_rate=3e-3, schedule="cosine"
    ),
    "lenet": Recipe("cifar10", epochs=10, batch_size=32, schedule="cosine"),
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
    make: Callable[[], keras.Model] = getattr(models, name)
    net = make()
    net.compile(
        optimizer=keras.optimizers.Adam(recipe.rate(len(x))),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    began = time.perf_counter()
    net.fit(
        x,
        y,
        validation_data=(x_val, y_val),
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        verbose=2,
    )
    seconds = time.perf_counter() - began
    return net, seconds, net.evaluate(x_val, y_val, verbose=0)[1]


def tested(name: str, seed: int) -> seeds.SeedRun:
    """Train a net from one seed, and show it the test pictures, once."""
    net, seconds, validation = train(name, seed)
    pictures = data.load(RECIPES[name].dataset)
    _, test = net.evaluate(scaled(pictures.x_test), pictures.y_test, verbose=0)
    return seeds.SeedRun(
        net=name,
        seed=seed,
        recipe=RECIPES[name].as_json(),
        parameters=net.count_params(),
        seconds=round(seconds, 1),
        validation_accuracy=round(validation, 5),
        test_accuracy=round(test, 5),
        data_source=pictures.source,
        date=datetime.now(UTC).date().isoformat(),
        machine=runs.machine(),
        versions=runs.versions(),
    )


def is_kept(name: str, seed: int) -> bool:
    """Whether this very run is there already."""
    wanted = (name, seed, RECIPES[name].as_json())
    return any(
        (run.net, run.seed, run.recipe) == wanted and run.data_source != "drawn"
        for run in seeds.kept()
    )


def main() -> None:
    """Train what is missing, then print one table per net."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("nets", nargs="*", choices=[[], *RECIPES], metavar="net")
    parser.add_argument("--seeds", nargs="+", type=int, default=range(5))
    parser.add_argument("--try", action="store_true", dest="trying")
    asked = parser.parse_args()
    execution.keep_to_cores(execution.CORES)
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    for name in asked.nets or RECIPES:
        for seed in asked.seeds:
            if asked.trying:
                _, seconds, validation = train(name, seed)
                print(
                    f"{name}, seed {seed}: validation {validation:.2%}, {seconds:.0f} s"
                )
                continue
            if is_kept(name, seed):
                print(f"{name}, seed {seed}: kept already")
                continue
            print(f"{name}, seed {seed}: training", flush=True)
            seeds.keep(tested(name, seed))
        if not asked.trying:
            print(f"\n{name}: {RECIPES[name]}\n{seeds.table(seeds.kept(name))}\n")


if __name__ == "__main__":
    try:
        main()
    except CourseError as error:
        sys.exit(str(error))
