"""The photographs as a folder of files, whatever the source."""

import hashlib
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from course_utils.data.dataset import Arrays
from course_utils.data.download import PublishedFile
from course_utils.data.errors import DatasetUnavailable
from course_utils.data.photos import PhotoRule, read_archive, read_folder, write_folder
from course_utils.data.store import Store
from tests.data.server import serve
from tests.data.sets import ONCE, npz, small_pets, visible, with_file
from tests.data.test_photos import archive, smooth_pets

RULE = PhotoRule(train=range(1, 4), test=range(7, 9))


def pets_store(folder, **kwargs):
    """A store that knows six training and four test photographs."""
    kwargs = {"catalogue": {"cats_vs_dogs": small_pets()}, "patience": ONCE} | kwargs
    return Store(cache=folder / "cache", **kwargs)


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.jpg"))


@pytest.fixture
def arrays_folder(tmp_path):
    """A data folder with the small set of pets."""
    content = npz(Arrays(*smooth_pets(6), *smooth_pets(4)))
    return with_file(tmp_path, content, "cats_vs_dogs")


def test_from_an_npz_the_files_are_made_of_its_arrays(tmp_path, arrays_folder):
    store = pets_store(tmp_path, data_dir=arrays_folder)
    folder = store.photo_folder()
    assert len(names(folder)) == 10
    assert "train/cat/00001.jpg" in names(folder)
    assert "test/dog/04002.jpg" in names(folder)
    loaded, files = store.load("cats_vs_dogs"), read_folder(folder)
    assert np.abs(loaded.x_train.astype(int) - files.x_train).max() <= 3
    assert np.array_equal(loaded.y_test, files.y_test)


def test_the_files_are_made_once(tmp_path, arrays_folder):
    store = pets_store(tmp_path, data_dir=arrays_folder)
    before = {p: p.stat().st_mtime_ns for p in store.photo_folder().rglob("*.jpg")}
    after = {p: p.stat().st_mtime_ns for p in store.photo_folder().rglob("*.jpg")}
    assert before == after


def test_a_folder_that_was_interrupted_is_never_seen(
    tmp_path, arrays_folder, monkeypatch
):
    def interrupted(arrays, folder):
        write_folder(arrays, folder)
        raise KeyboardInterrupt

    store = pets_store(tmp_path, data_dir=arrays_folder)
    with monkeypatch.context() as patch:
        patch.setattr("course_utils.data.store.write_folder", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.photo_folder()
    assert not any(name.endswith(".jpg") for name in visible(store.cache))
    assert len(names(store.photo_folder())) == 10


def test_from_the_archive_the_files_are_the_photographs_themselves(publisher, tmp_path):
    data = archive(tmp_path, broken=["PetImages/Cat/2.jpg"]).read_bytes()
    publisher.answers["/photos.zip"] = serve(data)
    checksum = f"sha256:{hashlib.sha256(data).hexdigest()}"
    pets = replace(
        small_pets(),
        files=(PublishedFile(f"{publisher.url}/photos.zip", checksum, len(data)),),
        read=partial(read_archive, rule=RULE),
    )
    store = pets_store(tmp_path, catalogue={"cats_vs_dogs": pets})
    folder = store.photo_folder()
    assert names(folder / "train" / "cat") == ["00001.jpg", "00003.jpg", "00004.jpg"]
    assert np.array_equal(
        store.load("cats_vs_dogs").x_train, read_folder(folder).x_train
    )
    assert publisher.requests["/photos.zip"] == 1


def test_from_the_stand_ins_when_they_are_asked_for(tmp_path):
    folder = pets_store(tmp_path).photo_folder("drawn")
    assert len(names(folder)) == 10


def test_without_any_source_the_three_ways_are_named(tmp_path):
    pets = replace(
        small_pets(), files=(PublishedFile("http://127.0.0.1:9/pets.zip", "md5:0", 1),)
    )
    with pytest.raises(DatasetUnavailable, match="three ways"):
        pets_store(tmp_path, catalogue={"cats_vs_dogs": pets}).photo_folder()
