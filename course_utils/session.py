"""The first line of every notebook: a known seed and a quiet TensorFlow."""

import functools
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

QUICK = "COURSE_QUICK"
"""Set in the environment of a session that cuts training short."""


def start(seed: int = 0) -> None:
    """Seed Python, NumPy and Keras, and let TensorFlow set itself up without noise.

    TensorFlow logs to stderr when it is imported and when it first looks for devices.
    nbgrader gives no points to a test cell in which anything reaches stderr, so all of
    that has to happen here, before the first question.

    Parameters
    ----------
    seed : the start of every random sequence, from 0 to 2**32 - 1.

    Raises
    ------
    ImportError : if Keras or TensorFlow cannot be loaded.

    Examples
    --------
    >>> import numpy as np
    >>> start(seed=1)
    >>> first = np.random.rand()
    >>> start(seed=1)
    >>> bool(np.random.rand() == first)
    True
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # TensorFlow uses oneDNN by itself on some processors only: benchmarks/onednn.py.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    with _held_stderr():
        import keras
        import tensorflow as tf

        # In a notebook it would advise in the middle of a page, about retracing.
        tf.get_logger().setLevel("ERROR")
        _leave_pipelines_untuned(tf.data)
        tf.config.list_logical_devices()
        keras.ops.matmul([[1.0]], [[1.0]])
    keras.utils.set_random_seed(seed)


def seeds(count: int = 5) -> range:
    """Seeds for an experiment that is run several times, to see how far runs differ.

    Where training is cut short anyway, in the quick kernel, two have to do.

    Parameters
    ----------
    count : how many, at least 1.

    Examples
    --------
    >>> list(seeds(3))
    [0, 1, 2]
    """
    # The last two, so that what is drawn afterwards is what the full run drew.
    return range(count)[-2:] if os.environ.get(QUICK) else range(count)


def _leave_pipelines_untuned(data: Any) -> None:
    """Let passes through the data end when the data end.

    TensorFlow tunes its pipelines in a thread that sleeps twice as long each time, up
    to a minute, and a pass often cannot end before that thread wakes: one of 45 s then
    takes 82 (benchmarks/data_tuner.py). Keras makes such a pipeline of any arrays. Who
    sets ``options.autotune.enabled`` gets what was set.
    """
    iterate = data.Dataset.__iter__
    if hasattr(iterate, "__wrapped__"):
        return
    off = data.Options()
    off.autotune.enabled = False

    @functools.wraps(iterate)
    def untuned(dataset: Any) -> Any:
        if dataset.options().autotune.enabled is None:
            dataset = dataset.with_options(off)
        return iterate(dataset)

    data.Dataset.__iter__ = untuned


@contextmanager
def _held_stderr() -> Iterator[None]:
    """Hold back what the process writes to stderr; show it only if the block fails.

    TensorFlow writes from C++, past ``sys.stderr``, so it is the file descriptor that
    is turned aside.
    """
    sys.stderr.flush()
    original = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(original, held.read())
            raise
        finally:
            os.dup2(original, 2)
            os.close(original)
