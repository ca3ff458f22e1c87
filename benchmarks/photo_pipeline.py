"""What caching and reading ahead buy, for 4,000 photographs in a folder of JPEG files.

    COURSE_DATA_DIR=<folder> python benchmarks/photo_pipeline.py

``keras.utils.image_dataset_from_directory`` decodes several files at once and already
ends in a ``prefetch``. To see what each part buys, the same files are also read one
after another, with and without a cache and a prefetch. TensorFlow would add a prefetch
and parallel decoding to these by itself, so that is switched off.

The columns are seconds per epoch: reading alone, and with a step of 10 ms after each
batch of 32 that leaves the cores free, as an accelerator does. All rows are measured in
turn, twice after a first epoch that fills the caches, and the faster time counts; in
brackets, how many times as fast as the first row.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from course_utils import data, session
from course_utils.errors import CourseError

BATCH, SIZE = 32, (128, 128)
STEP = 0.010  # seconds
EPOCHS = 2

Step = Callable[[], object]


def pipelines(folder: Path) -> dict[str, Any]:
    """All ways to read the folder; the first is what the others are held against.

    Nothing is shuffled: a cache behind a shuffle would keep one order for ever.
    """
    import keras
    import tensorflow as tf

    loader = keras.utils.image_dataset_from_directory(
        folder, image_size=SIZE, batch_size=BATCH, shuffle=False, verbose=False
    )

    def read(path: Any) -> Any:
        """Do with one file what the loader does."""
        file = tf.io.read_file(path)
        picture = tf.io.decode_image(file, channels=3, expand_animations=False)
        return tf.image.resize(picture, SIZE)

    paths = tf.data.Dataset.from_tensor_slices(loader.file_paths)
    plain = tf.data.Options()
    plain.experimental_optimization.inject_prefetch = False
    plain.experimental_optimization.map_parallelization = False
    single = paths.map(read).batch(BATCH).with_options(plain)
    return {
        "one file after another": single,
        "one after another, prefetch": single.prefetch(tf.data.AUTOTUNE),
        "one after another, cache": single.cache(),
        "one after another, both": single.cache().prefetch(tf.data.AUTOTUNE),
        "image_dataset_from_directory": loader,
        "the same, cache": loader.cache(),
    }


def epoch(pictures: Any, step: Step) -> float:
    """Seconds of one pass over the folder, with a step after each batch."""
    start = time.perf_counter()
    for _ in pictures:
        step()
    return time.perf_counter() - start


def measure(readers: dict[str, Any], steps: dict[str, Step]) -> dict[str, list[float]]:
    """Seconds per epoch of every reader, one for each kind of step."""
    for pictures in readers.values():
        epoch(pictures, steps["reading alone"])
    rounds = [
        [
            [epoch(pictures, step) for step in steps.values()]
            for pictures in readers.values()
        ]
        for _ in range(EPOCHS)
    ]
    return dict(zip(readers, np.min(rounds, axis=0).tolist(), strict=True))


def main() -> None:
    """Print one line for each way to read."""
    try:
        folder = data.photo_folder() / "train"
    except CourseError as error:
        sys.exit(str(error))
    steps: dict[str, Step] = {
        "reading alone": lambda: None,
        "a step of 10 ms": lambda: time.sleep(STEP),
    }
    found = measure(pipelines(folder), steps)
    table = Table("", *steps)
    first = next(iter(found.values()))
    for name, times in found.items():
        cells = (f"{t:.2f} s ({f / t:.1f})" for t, f in zip(times, first, strict=True))
        table.add_row(name, *cells)
    Console(width=88).print(table)


if __name__ == "__main__":
    session.start()
    main()
