"""The real sets, where they are on this machine."""

import time

import numpy as np
import psutil
import pytest

from course_utils import data
from course_utils.data.photos import read_folder
from course_utils.data.store import Store
from tests.data.sets import in_a_process


@pytest.fixture(scope="module")
def store(real_data, tmp_path_factory):
    """The real files with an empty cache folder."""
    return Store(cache=tmp_path_factory.mktemp("cache"), data_dir=real_data)


@pytest.mark.parametrize("name", data.NAMES)
def test_the_real_set_loads_and_its_arrays_have_the_pinned_checksum(store, name):
    loaded = store.load(name)
    assert loaded.source == "file"
    assert loaded.y_train.shape == (len(loaded.x_train),)
    shares = np.bincount(loaded.y_train) / len(loaded.y_train)
    assert len(shares) == len(loaded.classes)
    assert np.abs(shares * len(loaded.classes) - 1).max() < 0.15


def load_and_measure(store, name):
    """Seconds, and bytes of resident memory added, of a load in a fresh process."""
    process = psutil.Process()
    before, start = process.memory_info().rss, time.perf_counter()
    loaded = store.load(name)
    seconds = time.perf_counter() - start
    return seconds, process.memory_info().rss - before, len(loaded.x_train)


def test_a_second_load_of_cifar_takes_no_time_and_no_memory(store):
    store.load("cifar10")
    seconds, added, n = in_a_process(load_and_measure, store, "cifar10")
    assert n == 50_000
    assert seconds < 0.1
    assert added < 60e6


def test_the_photographs_are_as_many_files_and_look_the_same(store):
    loaded = store.load("cats_vs_dogs")
    files = read_folder(store.photo_folder())
    assert np.array_equal(loaded.y_train, files.y_train)
    assert np.array_equal(loaded.y_test, files.y_test)
    # Compressed a second time: on average half a grey level off.
    difference = np.abs(loaded.x_test.astype(np.int16) - files.x_test)
    assert difference.mean() < 1
