"""What is here, told without reading or fetching anything."""

import pytest

from course_utils import data
from course_utils.data.status import status
from course_utils.errors import CourseError
from tests.data.sets import SMALL_NPZ, small_store, visible, with_file


def test_a_file_is_available_before_and_after_it_is_unpacked(tmp_path):
    store = small_store(tmp_path, data_dir=with_file(tmp_path))
    (before,) = status(store)
    store.load("mnist")
    (after,) = status(store)
    assert before.available
    assert after.available
    assert (before.source, before.path) == ("file", tmp_path / "files" / "mnist.npz")
    assert before.bytes == len(SMALL_NPZ)
    assert (before.n_train, before.n_test) == (40, 20)
    assert (before.note, after.note) == ("is unpacked when first loaded", "ready")


def test_a_broken_file_is_not_available_and_says_why(tmp_path):
    store = small_store(tmp_path, data_dir=with_file(tmp_path, SMALL_NPZ[:500]))
    (line,) = status(store)
    assert not line.available
    assert "is not a whole .npz file" in line.note


def test_what_is_not_here_says_what_to_type_and_what_it_costs(tmp_path, publisher):
    (line,) = status(small_store(tmp_path, publisher))
    assert (line.available, line.source, line.path, line.bytes) == (
        False,
        None,
        None,
        0,
    )
    assert line.note.startswith("not here; `course data fetch mnist` downloads 0 MB")
    assert publisher.requests.total() == 0


def test_drawn_pictures_are_always_available_and_called_so(tmp_path):
    store = small_store(tmp_path, default_source="drawn")
    (before,) = status(store)
    store.load("mnist")
    (after,) = status(store)
    assert (before.available, before.source, before.path) == (True, "drawn", None)
    assert after.path is not None
    assert after.bytes > 40 * 28 * 28
    assert "not the real pictures" in before.note
    assert "not the real pictures" in after.note


def test_a_look_writes_nothing(tmp_path):
    store = small_store(tmp_path, data_dir=with_file(tmp_path))
    status(store)
    assert not store.cache.exists()
    assert visible(tmp_path) == {"files/mnist.npz"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [("COURSE_DATA_DIR", "/no/such/folder"), ("COURSE_DATA", "x")],
)
def test_a_wrong_setting_is_an_error(monkeypatch, tmp_path, variable, value):
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv(variable, value)
    with pytest.raises(CourseError, match=variable):
        data.status()
    for call in (data.load, data.fetch):
        with pytest.raises(CourseError, match=variable):
            call("mnist")
