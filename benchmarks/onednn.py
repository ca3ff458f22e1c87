"""A step of training with TensorFlow's oneDNN operations against one without.

    python benchmarks/onednn.py

`session.start` turns them on, since TensorFlow leaves them off on processors that lack
certain instructions. Prints the ratio for nets of the book.
"""

import json
import os
import subprocess
import sys
import time

STEPS = 20
NETS = {
    "lenet": (32, (32, 32, 3)),
    "dropout_pyramid": (128, (28, 28, 1)),
    "regularised_net": (128, (28, 28, 1)),
    "cats_dogs_net": (32, (64, 64, 3)),
}


def measured() -> dict[str, float]:
    """Seconds a step of each net, the first ones left aside."""
    from course_utils import session

    session.start()
    import keras
    import numpy as np

    from course_utils import models

    found = {}
    for name, (batch, shape) in NETS.items():
        net = getattr(models, name)()
        net.compile("adam", "mse")
        x = np.random.default_rng(0).random((batch, *shape), dtype=np.float32)
        t = keras.ops.zeros_like(net(x))
        net.train_on_batch(x, t)
        net.train_on_batch(x, t)
        began = time.perf_counter()
        for _ in range(STEPS):
            net.train_on_batch(x, t)
        found[name] = (time.perf_counter() - began) / STEPS
    return found


def asked(switch: str) -> dict[str, float]:
    """The same from a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--measure"],
        env=os.environ | {"TF_ENABLE_ONEDNN_OPTS": switch},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    seconds: dict[str, float] = json.loads(done.stdout)
    return seconds


def main() -> None:
    """Measure and print."""
    if sys.argv[1:] == ["--measure"]:
        print(json.dumps(measured()))
        return
    print(f"load before: {os.getloadavg()[0]:.1f}")
    off, on = asked("0"), asked("1")
    for name in NETS:
        told = f"{1000 * off[name]:.0f} ms without, {1000 * on[name]:.0f} with"
        print(f"{name}: {told}; {off[name] / on[name]:.2f} times as fast", flush=True)


if __name__ == "__main__":
    main()
