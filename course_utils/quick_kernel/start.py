"""What the ``course-quick`` kernel runs first: training gets a limit, Keras no import.

The limit is set when a notebook imports Keras, not before, so that a chapter without
Keras starts as fast as in the plain kernel.
"""

import inspect
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import wrapt

from course_utils.session import QUICK

EPOCHS = 2  # the least that draws a line in a plot of the history
STEPS = 1
BATCH_SIZE = 32  # at most, where `fit` is given arrays
PICTURES = 1_000  # that `predict` looks at, if they are no larger than a digit of MNIST
VALUES = PICTURES * 28 * 28  # that it reads at most, of larger ones


def first_batches(asked: dict[str, Any]) -> None:
    """Of arrays that ``fit`` was given, keep what `STEPS` small batches take.

    Keras copies them whole before the first step, which takes a second.
    """
    import numpy as np  # Keras has loaded it; the kernel itself starts without

    pictures = STEPS * (asked["batch_size"] or 32)
    if isinstance(asked["x"], np.ndarray) and not asked["validation_split"]:
        asked["batch_size"] = min(asked["batch_size"] or 32, BATCH_SIZE)
        pictures = STEPS * asked["batch_size"]
        for name in ("x", "y", "sample_weight"):
            if asked[name] is not None:
                asked[name] = asked[name][:pictures]
    if isinstance(asked["validation_data"], tuple):
        asked["validation_data"] = tuple(
            part[:pictures] for part in asked["validation_data"]
        )


def limit_training(keras: ModuleType) -> None:
    """Make ``keras.Model.fit`` stop after `EPOCHS` epochs of `STEPS` small batches.

    The validation inside ``fit`` is limited to `STEPS` batches too. ``evaluate`` sees
    every picture. ``predict`` answers for the first `PICTURES` of an array, or for as
    many large ones as have `VALUES` values, and repeats these answers for the others: a
    net that has hardly been trained has no better ones.
    """

    @contextmanager
    def steps_limited_to(steps: int | None) -> Iterator[None]:
        before = keras.config.max_steps_per_epoch()
        keras.config.set_max_steps_per_epoch(steps)
        try:
            yield
        finally:
            keras.config.set_max_steps_per_epoch(before)

    @contextmanager
    def without_graph(model: Any, *functions: str) -> Iterator[None]:
        # Making one takes a second or two, and pays after hundreds of batches.
        before = model.run_eagerly
        for function in functions:
            setattr(model, function, None)
        model.run_eagerly = True
        try:
            yield
        finally:
            model.run_eagerly = before
            for function in functions:
                setattr(model, function, None)

    def fit(
        wrapped: Callable[..., Any], model: Any, args: Any, kwargs: dict[str, Any]
    ) -> Any:
        asked = inspect.signature(wrapped).bind(*args, **kwargs)
        asked.apply_defaults()
        # Keras's own limit on epochs ends a training that goes on from an
        # `initial_epoch` beyond the limit before it begins.
        last = asked.arguments["initial_epoch"] + EPOCHS
        first_batches(asked.arguments)
        asked.arguments["epochs"] = min(asked.arguments["epochs"], last)
        with steps_limited_to(STEPS), warnings.catch_warnings():
            # Both come from the limit: that it is there, and that a set is smaller.
            warnings.filterwarnings("ignore", message="Limiting steps_per_epoch")
            warnings.filterwarnings("ignore", message="Your input ran out of data")
            with without_graph(model, "train_function", "test_function"):
                return wrapped(*asked.args, **asked.kwargs)

    def see_everything(
        wrapped: Callable[..., Any], _model: Any, args: Any, kwargs: dict[str, Any]
    ) -> Any:
        # Also where a callback asks in the middle of `fit`. The validation of `fit`
        # itself keeps its limit: its iterator was made before.
        with steps_limited_to(None):
            return wrapped(*args, **kwargs)

    def predict(
        wrapped: Callable[..., Any], model: Any, args: Any, kwargs: dict[str, Any]
    ) -> Any:
        import numpy as np

        asked = inspect.signature(wrapped).bind(*args, **kwargs)
        pictures = asked.arguments["x"]
        if not isinstance(pictures, np.ndarray):
            return wrapped(*args, **kwargs)
        size = max(1, pictures[:1].size)
        looked_at = max(1, min(PICTURES, VALUES // size))
        asked.arguments["x"] = pictures[:looked_at]
        with without_graph(model, "predict_function"):
            told = wrapped(*asked.args, **asked.kwargs)
        rows = np.arange(len(pictures)) % looked_at
        return keras.tree.map_structure(lambda answers: answers[rows], told)

    wrapt.wrap_function_wrapper(keras.Model, "fit", fit)
    wrapt.wrap_function_wrapper(keras.Model, "predict", predict)
    for name in ("evaluate", "predict"):
        wrapt.wrap_function_wrapper(keras.Model, name, see_everything)


def main() -> None:
    """Start the kernel. Takes the options of ``ipykernel_launcher``."""
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    # The book is about CPUs; a GPU would change the last digits.
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    # A result of a training that was cut short says so, and is none.
    os.environ[QUICK] = "1"
    wrapt.register_post_import_hook(limit_training, "keras")
    # To find the margins of a figure, Matplotlib would draw it twice.
    config = Config(InlineBackend={"print_figure_kwargs": {"bbox_inches": None}})
    # What TensorFlow's C++ code logs belongs to the machine, not to the chapter.
    IPKernelApp.launch_instance(capture_fd_output=False, config=config)


if __name__ == "__main__":
    main()
