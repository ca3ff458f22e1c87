"""Cache folders that are full, read-only or no folders."""

import os
import resource
import tempfile
from pathlib import Path

import pytest

from course_utils.data.errors import CacheFolderError
from tests.data.server import serve
from tests.data.sets import (
    SMALL,
    SMALL_NPZ,
    in_a_process,
    same,
    small_store,
    try_to_load,
    visible,
    with_file,
)


def with_little_room(store, size):
    """Load in a process whose files cannot grow beyond `size` bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return try_to_load(store)


def without_privileges(store):
    """Load as a user to whom permissions apply."""
    if os.geteuid() == 0:
        os.seteuid(65534)
    return try_to_load(store)


@pytest.fixture
def open_folder():
    """A temporary folder that every user may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize("size", [100, 20_000])
def test_a_full_disk_is_one_error_and_leaves_nothing(tmp_path, size):
    store = small_store(tmp_path, data_dir=with_file(tmp_path))
    sentence = in_a_process(with_little_room, store, size)
    assert str(sentence).startswith(f"The cache folder {store.cache} cannot be written")
    assert "COURSE_CACHE_DIR" in str(sentence)
    assert visible(store.cache) == set()
    assert same(store.load("mnist"), SMALL)


def test_a_disk_that_fills_up_during_a_download_is_the_same_error(publisher, tmp_path):
    publisher.answers["/mnist.npz"] = serve(SMALL_NPZ)
    store = small_store(tmp_path, publisher)
    sentence = in_a_process(with_little_room, store, 10_000)
    assert "cannot be written (File too large)" in str(sentence)
    assert visible(store.cache) == set()


def test_a_read_only_cache_folder_is_one_error(open_folder):
    store = small_store(open_folder, data_dir=with_file(open_folder))
    store.cache.mkdir(mode=0o555)
    sentence = in_a_process(without_privileges, store)
    assert f"{store.cache} cannot be written (Permission denied)" in str(sentence)
    assert visible(store.cache) == set()


def test_a_read_only_cache_folder_that_holds_the_set_is_enough(open_folder):
    store = small_store(open_folder, data_dir=with_file(open_folder))
    folder = store.fetch("mnist")
    for path in (folder, folder.parent, store.cache):
        path.chmod(0o555)
    try:
        pixels = in_a_process(without_privileges, store)
    finally:
        for path in (store.cache, folder.parent, folder):
            path.chmod(0o755)
    assert pixels == SMALL.x_train.sum()


def test_a_cache_folder_that_is_a_file_is_one_error(tmp_path):
    store = small_store(tmp_path, data_dir=with_file(tmp_path))
    store.cache.write_text("not a folder")
    with pytest.raises(CacheFolderError, match="set COURSE_CACHE_DIR to another"):
        store.load("mnist")
    assert store.cache.read_text() == "not a folder"
