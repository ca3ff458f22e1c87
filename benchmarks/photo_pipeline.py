"""What caching and reading ahead buy when photographs are read from files.

    python benchmarks/photo_pipeline.py

Goes through all training photographs at full size in batches, in each of several ways,
and prints the medians of a few passes: the first pass, the same again, and again with a
rest after each batch, as if a graphics card were training meanwhile.
"""

import time
from statistics import median

PASSES = 5
BATCH = 32
REST = 0.01


def main() -> None:
    """Measure and print."""
    from course_utils import data, session

    session.start()
    import keras
    import tensorflow as tf

    plainly = tf.data.Options()
    # By default TensorFlow reads ahead, whatever the single optimisations are set to.
    plainly.experimental_optimization.apply_default_optimizations = False

    def read(path: tf.Tensor) -> tf.Tensor:
        return tf.io.decode_jpeg(tf.io.read_file(path), channels=3)

    loader = keras.utils.image_dataset_from_directory(
        data.photo_folder() / "train",
        label_mode=None,
        image_size=(128, 128),
        batch_size=BATCH,
        shuffle=False,
        verbose=False,
    )
    paths = tf.data.Dataset.from_tensor_slices(loader.file_paths)
    one_by_one = paths.map(read).batch(BATCH).with_options(plainly)
    ways = {
        "one after another": lambda: one_by_one,
        "one after another, prefetch": lambda: one_by_one.prefetch(tf.data.AUTOTUNE),
        "one after another, cache": lambda: one_by_one.cache(),
        "the loader": lambda: loader,
        "the loader, cache": lambda: loader.cache(),
    }

    def seconds(pictures: tf.data.Dataset, rest: float) -> float:
        began = time.perf_counter()
        for _ in pictures:
            time.sleep(rest)
        return time.perf_counter() - began

    seconds(loader, 0)  # what the disk reads once stays in memory
    batches = len(loader)
    print(f"{len(loader.file_paths):,} files, {batches} rests of {REST * 1000:.0f} ms")
    print(f"{'seconds, median of ' + str(PASSES):28}  first  again  with rests")
    for name, made in ways.items():
        taken = []
        for _ in range(PASSES):
            pictures = made()
            taken.append([seconds(pictures, rest) for rest in (0, 0, REST)])
        first, again, rested = (median(column) for column in zip(*taken, strict=True))
        print(f"{name:28} {first:6.2f} {again:6.2f} {rested:11.2f}")


if __name__ == "__main__":
    main()
