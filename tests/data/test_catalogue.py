"""The four sets and their pins."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from course_utils.data import NAMES, UnknownDataset, load
from course_utils.data.catalogue import CATALOGUE, find
from course_utils.data.publishers import read_npz
from course_utils.errors import CourseError


def test_there_are_four_sets():
    assert NAMES == ("mnist", "fashion_mnist", "cifar10", "cats_vs_dogs")


@pytest.mark.parametrize("image_set", CATALOGUE.values(), ids=NAMES)
def test_every_published_file_is_pinned_and_fetched_over_https(image_set):
    for file in image_set.files:
        assert file.url.startswith("https://")
        assert re.fullmatch("sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}", file.checksum)
        assert file.size > 0


@pytest.mark.parametrize("image_set", CATALOGUE.values(), ids=NAMES)
def test_every_set_but_the_photographs_pins_its_arrays(image_set):
    assert (image_set.digest is None) == (image_set.name == "cats_vs_dogs")


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
def test_the_file_and_its_checksum_are_those_of_keras(name):
    # Read, not imported: importing Keras takes longer than all the other tests here.
    keras = Path(find_spec("keras").origin).parent
    source = (keras / "src" / "datasets" / f"{name}.py").read_text(encoding="utf-8")
    (file,) = find(name).files
    assert f'"{file.checksum.removeprefix("sha256:")}"' in source
    assert file.url.rsplit("/", 1)[0] in source


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mnits", "mnist"),
        ("CIFAR-10", "cifar10"),
        ("cifar", "cifar10"),
        ("fashion mnist", "fashion_mnist"),
        ("cats-vs-dogs", "cats_vs_dogs"),
        ("cats_and_dogs", "cats_vs_dogs"),
    ],
)
def test_an_unknown_name_gets_the_closest_one_as_a_hint(typed, meant):
    with pytest.raises(UnknownDataset, match=f"“{typed}”; did you mean “{meant}”"):
        load(typed)


def test_a_name_like_no_other_gets_the_list():
    with pytest.raises(CourseError) as error:
        load("imagenet")
    assert "did you mean" not in str(error.value)
    assert all(name in str(error.value) for name in NAMES)


def test_mnist_is_read_as_its_publisher_wrote_it():
    assert find("mnist").read is read_npz
