"""Passes through the data with TensorFlow's tuner of pipelines against passes without.

    python benchmarks/data_tuner.py

Keras reads arrays through a pipeline of tf.data, too, whose tuner sleeps 10 ms, then
20, 40, and so on up to a minute. In TensorFlow 2.21 a pass often ends only when the
tuner wakes. `session.start` therefore leaves it off. Prints the seconds of passes of
equal work, by turns with it and without.
"""

import time

PASSES = 6
BATCH = 128
STEPS = 40


def main() -> None:
    """Measure and print."""
    from course_utils import session

    session.start()
    import keras
    import numpy as np
    import tensorflow as tf

    from course_utils import models

    net = models.regularised_net()
    net.compile("adam", "mse")
    x = np.random.default_rng(0).random((STEPS * BATCH, 28, 28, 1), dtype=np.float32)
    y = keras.ops.convert_to_numpy(keras.ops.zeros((len(x), 10)))
    net.fit(x[: 2 * BATCH], y[: 2 * BATCH], batch_size=BATCH, verbose=0)
    without = tf.data.Dataset.__iter__
    ways = {"with": without.__wrapped__, "without": without}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(PASSES):
        for name, way in ways.items():
            tf.data.Dataset.__iter__ = way
            began = time.perf_counter()
            net.fit(x, y, batch_size=BATCH, verbose=0)
            taken[name].append(time.perf_counter() - began)
    for name, seconds in taken.items():
        print(f"{name} the tuner:", *(f"{second:.1f}" for second in seconds), "s")
    ratio = sum(taken["with"]) / sum(taken["without"])
    print(f"all passes: {ratio:.2f} times as long with it")


if __name__ == "__main__":
    main()
