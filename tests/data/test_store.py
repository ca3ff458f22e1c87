"""Finding a set, unpacking it once, opening it again and again."""

import os
from dataclasses import replace

import numpy as np
import pytest

from course_utils.data.errors import (
    DataFileError,
    DatasetUnavailable,
    UnknownSource,
)
from course_utils.data.store import Store
from course_utils.errors import CourseError
from tests.data.server import break_off, refuse, serve
from tests.data.sets import (
    SMALL,
    SMALL_NPZ,
    UNPACKED,
    made,
    npz,
    same,
    small_store,
    visible,
    with_file,
)

PATH = "/mnist.npz"


# Where a set comes from


def test_a_file_in_the_data_folder_comes_first(publisher, tmp_path):
    publisher.answers[PATH] = serve(SMALL_NPZ)
    store = small_store(tmp_path, publisher, data_dir=with_file(tmp_path))
    loaded = store.load("mnist")
    assert loaded.source == "file"
    assert same(loaded, SMALL)
    assert publisher.requests.total() == 0


def test_a_file_in_the_cache_folder_comes_second(publisher, tmp_path):
    store = small_store(tmp_path, publisher, data_dir=tmp_path)
    store.cache.mkdir()
    (store.cache / "mnist.npz").write_bytes(SMALL_NPZ)
    assert store.load("mnist").source == "file"


def test_without_a_file_the_set_is_downloaded_once(publisher, tmp_path):
    publisher.answers[PATH] = serve(SMALL_NPZ)
    store = small_store(tmp_path, publisher, data_dir=tmp_path)
    for _ in range(3):
        loaded = store.load("mnist")
        assert loaded.source == "download"
        assert same(loaded, SMALL)
    assert publisher.requests[PATH] == 1


def test_the_downloaded_file_is_not_kept_beside_its_arrays(publisher, tmp_path):
    publisher.answers[PATH] = serve(SMALL_NPZ)
    store = small_store(tmp_path, publisher)
    store.load("mnist")
    assert visible(store.cache) == {f"mnist/download/{name}" for name in UNPACKED}


def test_a_download_can_be_asked_for_although_there_is_a_file(publisher, tmp_path):
    publisher.answers[PATH] = serve(SMALL_NPZ)
    store = small_store(tmp_path, publisher, data_dir=with_file(tmp_path))
    assert store.load("mnist", "download").source == "download"


def test_a_file_can_be_insisted_on(publisher, tmp_path):
    store = small_store(tmp_path, publisher)
    with pytest.raises(DatasetUnavailable, match=r"there is no mnist\.npz in "):
        store.load("mnist", "file")
    assert publisher.requests.total() == 0


def test_drawn_pictures_come_only_when_they_are_asked_for(tmp_path):
    store = small_store(tmp_path)
    with pytest.raises(DatasetUnavailable):
        store.load("mnist")
    drawn = store.load("mnist", "drawn")
    assert drawn.source == "drawn"
    assert "not the real pictures" in repr(drawn)
    assert drawn.x_train.shape == (40, 28, 28)
    assert same(drawn, store.load("mnist", "drawn"))


def test_the_environment_can_ask_for_drawn_pictures(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "drawn")
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "nowhere"))
    store = Store.from_environment()
    small = replace(store, catalogue=small_store(tmp_path).catalogue)
    assert small.load("mnist").source == "drawn"
    assert (tmp_path / "mnist").is_dir()


def test_an_unknown_source_is_refused(tmp_path):
    with pytest.raises(UnknownSource, match="There is no source “web”"):
        small_store(tmp_path).load("mnist", "web")


def test_the_three_ways_are_named_when_there_is_no_network(tmp_path):
    with pytest.raises(DatasetUnavailable) as error:
        small_store(tmp_path).load("mnist")
    sentence = str(error.value)
    assert "mnist cannot be loaded: there is no connection to 127.0.0.1:9" in sentence
    for way in ("COURSE_DATA_DIR", "course data fetch mnist", 'source="drawn"'):
        assert way in sentence


def test_a_data_folder_that_does_not_exist_is_an_error_not_a_download(
    publisher, tmp_path
):
    store = small_store(tmp_path, publisher, data_dir=tmp_path / "nowhere")
    with pytest.raises(CourseError, match=r"COURSE_DATA_DIR is .*nowhere, which"):
        store.load("mnist")
    assert publisher.requests.total() == 0


# What comes back


def test_the_arrays_cannot_be_written_to_and_print_like_any_other(tmp_path):
    loaded = small_store(tmp_path, data_dir=with_file(tmp_path)).load("mnist")
    for _, array in loaded.items():
        assert type(array) is np.ndarray
        assert array.dtype == np.uint8
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_labels_in_a_column_become_a_row(tmp_path):
    columns = replace(
        SMALL, y_train=SMALL.y_train[:, None], y_test=SMALL.y_test[:, None]
    )
    store = small_store(tmp_path, data_dir=with_file(tmp_path, npz(columns)))
    assert same(store.load("mnist"), SMALL)


def test_a_second_load_does_not_read_the_npz_again(tmp_path):
    folder = with_file(tmp_path)
    store = small_store(tmp_path, data_dir=folder)
    store.load("mnist")
    path = folder / "mnist.npz"
    state = path.stat()
    path.write_bytes(b"\0" * state.st_size)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert same(store.load("mnist"), SMALL)


def test_a_changed_npz_is_noticed_and_replaces_the_old_arrays(tmp_path):
    changed = made(seed=1)
    store = small_store(tmp_path, data_dir=with_file(tmp_path))
    store.load("mnist")
    unpinned = {"mnist": replace(store.catalogue["mnist"], digest=None)}
    store = replace(store, catalogue=unpinned)
    with_file(tmp_path, npz(changed))
    assert same(store.load("mnist"), changed)
    assert len(visible(store.cache)) == 4


def test_arrays_damaged_on_the_disk_are_made_again(tmp_path):
    store = small_store(tmp_path, data_dir=with_file(tmp_path))
    folder = store.fetch("mnist")
    for damage in (b"", b"\x93NUMPY", (folder / "x_train.npy").read_bytes()[:-1]):
        (folder / "x_train.npy").write_bytes(damage)
        assert same(store.load("mnist"), SMALL)
    (folder / "y_test.npy").unlink()
    assert same(store.load("mnist"), SMALL)


# Files that are not what they should be


def altered(**changes):
    return npz(replace(SMALL, **changes))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (SMALL_NPZ[: len(SMALL_NPZ) // 2], "is not a whole .npz file .* half copied"),
        (b"", "is not a whole .npz file"),
        (b"PK" + bytes(100), "is not a whole .npz file"),
        (
            altered(x_train=SMALL.x_train.astype(np.float32)),
            r"x_train in .*mnist.npz is float32 of shape \(40, 28, 28\); .* is uint8",
        ),
        (
            altered(y_test=SMALL.y_test.astype(object)),
            "y_test in .* is object of shape",
        ),
        (altered(x_test=SMALL.x_test[:5]), r"\(5, 28, 28\); .* shape \(20, 28, 28\)"),
        (altered(x_test=SMALL.x_test[..., None]), r"of shape \(20, 28, 28, 1\);"),
        (altered(y_train=SMALL.y_train + np.uint8(5)), "the label 14; .* are 0 to 9"),
        (npz(made(seed=1)), "does not hold the published mnist: the checksum"),
    ],
    ids=[
        *("half", "empty", "noise", "dtype", "objects", "count", "shape", "label"),
        "other pictures",
    ],
)
def test_a_wrong_file_is_one_clear_error_and_nothing_is_kept(
    tmp_path, content, sentence
):
    store = small_store(tmp_path, data_dir=with_file(tmp_path, content))
    with pytest.raises(DataFileError, match=sentence):
        store.load("mnist")
    assert visible(store.cache) == set()


def test_a_missing_array_is_named(tmp_path):
    folder = with_file(tmp_path)
    np.savez(folder / "mnist.npz", x_train=SMALL.x_train, x_test=SMALL.x_test)
    with pytest.raises(DataFileError, match="holds no y_train and no y_test; an image"):
        small_store(tmp_path, data_dir=folder).load("mnist")


def test_flipped_bytes_in_the_middle_are_found(tmp_path):
    damaged = bytearray(SMALL_NPZ)
    damaged[5000] ^= 255
    store = small_store(tmp_path, data_dir=with_file(tmp_path, bytes(damaged)))
    with pytest.raises(DataFileError, match="Bad CRC-32"):
        store.load("mnist")


def test_a_download_with_a_right_checksum_and_other_arrays_is_refused(
    publisher, tmp_path
):
    publisher.answers[PATH] = serve(SMALL_NPZ)
    store = small_store(tmp_path, publisher)
    other = replace(store.catalogue["mnist"], digest="0" * 64)
    with pytest.raises(DataFileError, match="does not hold the published mnist"):
        replace(store, catalogue={"mnist": other}).load("mnist")
    assert not (store.cache / "mnist" / "download").exists()


# Servers that fail


@pytest.mark.parametrize(
    "answer",
    [refuse(503), serve(b"wrong"), break_off(SMALL_NPZ, 900)],
    ids=["error", "wrong bytes", "broken off"],
)
def test_after_a_failed_download_nothing_is_left_and_the_next_one_works(
    publisher, tmp_path, answer
):
    publisher.answers[PATH] = [answer, serve(SMALL_NPZ)]
    store = small_store(tmp_path, publisher)
    with pytest.raises(DatasetUnavailable, match="three ways"):
        store.load("mnist")
    assert visible(store.cache) <= {"mnist/last-failure.txt"}
    assert same(store.load("mnist"), SMALL)
    assert visible(store.cache) == {f"mnist/download/{name}" for name in UNPACKED}


def test_files_that_have_arrived_are_not_fetched_again(publisher, tmp_path):
    store = small_store(tmp_path, publisher)
    mnist = store.catalogue["mnist"]
    second = replace(mnist.files[0], url=f"{publisher.url}/second.npz")
    two = replace(mnist, files=(*mnist.files, second))
    store = replace(store, catalogue={"mnist": two})
    publisher.answers[PATH] = serve(SMALL_NPZ)
    publisher.answers["/second.npz"] = [refuse(500), serve(SMALL_NPZ)]
    with pytest.raises(DatasetUnavailable, match="500"):
        store.load("mnist")
    assert same(store.load("mnist"), SMALL)
    assert publisher.requests == {PATH: 1, "/second.npz": 2}
