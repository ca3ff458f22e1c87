"""The formats in which the sets are published, from files made in each of them."""

import gzip
import io
import pickle
import struct
import tarfile

import numpy as np
import pytest

from course_utils.data import publishers
from tests.data.sets import SMALL, SMALL_NPZ, same


def idx(array):
    """The bytes of an IDX file."""
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    return struct.pack(">HBB", 0, 8, array.ndim) + sizes + array.tobytes()


def test_a_keras_npz(tmp_path):
    (tmp_path / "mnist.npz").write_bytes(SMALL_NPZ)
    assert same(publishers.read_npz([tmp_path / "mnist.npz"], tmp_path), SMALL)


def test_four_gzipped_idx_files(tmp_path):
    paths = []
    for key, array in SMALL.items():
        paths.append(tmp_path / f"{key}.gz")
        paths[-1].write_bytes(gzip.compress(idx(array)))
    assert same(publishers.read_idx(paths, tmp_path), SMALL)


def test_an_idx_file_of_another_type_is_refused(tmp_path):
    floats = struct.pack(">HBB", 0, 13, 1) + struct.pack(">I", 1) + bytes(4)
    (tmp_path / "floats.gz").write_bytes(gzip.compress(floats))
    with pytest.raises(ValueError, match=r"floats\.gz is not an IDX file"):
        publishers.read_idx_file(tmp_path / "floats.gz")


def test_the_python_version_of_cifar(tmp_path):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (6, 4, 32, 32, 3), np.uint8)
    labels = rng.integers(0, 10, (6, 4)).tolist()
    path = tmp_path / "cifar.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for i, name in enumerate(
            [*(f"data_batch_{n}" for n in range(1, 6)), "test_batch"]
        ):
            planes = images[i].transpose(0, 3, 1, 2).reshape(4, 3072)
            batch = pickle.dumps({b"data": planes, b"labels": labels[i]}, protocol=2)
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(batch)
            archive.addfile(member, io.BytesIO(batch))
    result = publishers.read_cifar([path], tmp_path)
    assert np.array_equal(result.x_train, images[:5].reshape(20, 32, 32, 3))
    assert np.array_equal(result.y_train, np.concatenate(labels[:5]))
    assert np.array_equal(result.x_test, images[5])
    assert np.array_equal(result.y_test, labels[5])
    assert result.x_train.dtype == result.y_train.dtype == np.uint8
