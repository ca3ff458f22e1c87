"""Read the image sets in the formats in which they are published.

Each reader gets the downloaded files, whose checksums have been verified, and an empty
folder that it need not use.
"""

from __future__ import annotations

import gzip
import pickle
import struct
import tarfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from course_utils.data import arrays
from course_utils.data.dataset import Arrays


def read_npz(files: list[Path], _: Path) -> Arrays:
    """The ``.npz`` file in which Keras publishes MNIST."""
    return Arrays(**arrays.read_npz(files[0]))


def read_idx(files: list[Path], _: Path) -> Arrays:
    """Four gzipped IDX files: images and labels for training, the same for testing."""
    return Arrays(*(read_idx_file(path) for path in files))


def read_idx_file(path: Path) -> NDArray[np.uint8]:
    """The array in a gzipped IDX file of unsigned bytes.

    The format (http://yann.lecun.com/exdb/mnist/): two zero bytes, the type (8 is
    unsigned byte), the number of axes, then the size of each axis as a big-endian
    32-bit integer, then the data in C order.

    Raises
    ------
    ValueError : if the file is not of that format.
    """
    data = gzip.decompress(path.read_bytes())
    zero, kind, n_axes = struct.unpack_from(">HBB", data)
    if zero != 0 or kind != 8:
        raise ValueError(f"{path.name} is not an IDX file of unsigned bytes")
    shape = struct.unpack_from(f">{n_axes}I", data, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * n_axes).reshape(shape)


def read_cifar(files: list[Path], _: Path) -> Arrays:
    """The Python version of CIFAR-10 (https://www.cs.toronto.edu/~kriz/cifar.html).

    Five training batches and one test batch; a batch is a pickled dict whose rows are
    the red, then the green, then the blue values of a 32×32 image.
    """
    with tarfile.open(files[0]) as archive:
        batches = [
            _read_batch(archive, f"cifar-10-batches-py/{name}")
            for name in (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch")
        ]
    x_train, y_train = (
        np.concatenate(parts) for parts in zip(*batches[:-1], strict=True)
    )
    return Arrays(x_train, y_train, *batches[-1])


def _read_batch(
    archive: tarfile.TarFile, name: str
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    member = archive.extractfile(name)
    if member is None:
        raise ValueError(f"{name} is not a file")
    # A pickle can run code. This one is safe to open because the checksum of the whole
    # archive has been compared with the published one.
    batch = pickle.loads(member.read(), encoding="bytes")
    images = batch[b"data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(images), np.array(batch[b"labels"], np.uint8)
