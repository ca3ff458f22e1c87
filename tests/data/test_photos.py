"""Photographs: which ones, how they are cut, what becomes of broken ones."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from course_utils.data.dataset import Arrays
from course_utils.data.errors import DataFileError
from course_utils.data.photos import (
    RULE,
    PhotoRule,
    crop,
    read_archive,
    read_folder,
    write_folder,
)

FEW = PhotoRule(train=range(1, 4), test=range(7, 9))


def jpeg(grey, size=(200, 150), mode="RGB", kind="JPEG"):
    """A plain picture as the bytes of a file."""
    file = io.BytesIO()
    Image.new("L", size, grey).convert(mode).save(file, kind)
    return file.getvalue()


def archive(folder, broken=(), count=10, **special):
    """An archive as the publisher's; a picture's grey level is 10 × its number."""
    path = folder / "photos.zip"
    with zipfile.ZipFile(path, "w") as file:
        for label, dog in (("Cat", 0), ("Dog", 1)):
            file.writestr(f"PetImages/{label}/Thumbs.db", b"no picture")
            for number in range(count):
                name = f"PetImages/{label}/{number}.jpg"
                content = special.get(f"{label}{number}", jpeg(10 * number + dog))
                file.writestr(name, b"" if name in broken else content)
    return path


def greys(images):
    """The mean of each image, rounded to the numbers that it was made from."""
    return np.round(images.mean((1, 2, 3)) / 10).astype(int).tolist()


def test_the_rule_takes_two_thousand_and_five_hundred_of_each_class():
    assert (RULE.train[0], RULE.train[-1], len(RULE.train)) == (1, 2000, 2000)
    assert (RULE.test[0], RULE.test[-1], len(RULE.test)) == (4001, 4500, 500)


def test_the_numbers_of_the_rule_are_taken_cats_and_dogs_in_turn(tmp_path):
    result = read_archive([archive(tmp_path)], tmp_path / "out", FEW)
    assert greys(result.x_train) == [1, 1, 2, 2, 3, 3]
    assert greys(result.x_test) == [7, 7, 8, 8]
    assert result.y_train.tolist() == [0, 1] * 3
    assert result.y_test.tolist() == [0, 1] * 2


def test_a_broken_photograph_is_replaced_by_the_next_after_the_last(tmp_path):
    path = archive(tmp_path, broken=["PetImages/Cat/2.jpg"])
    result = read_archive([path], tmp_path / "out", FEW)
    assert greys(result.x_train) == [1, 1, 3, 2, 4, 3]
    cats = sorted(p.name for p in (tmp_path / "out/photos/train/cat").iterdir())
    assert cats == ["00001.jpg", "00003.jpg", "00004.jpg"]


@pytest.mark.parametrize(
    "content",
    [b"", b"no picture at all", jpeg(0)[:-200], b"\xff\xd8\xff\xe0broken"],
    ids=["empty", "text", "half", "only a header"],
)
def test_whatever_cannot_be_read_counts_as_broken(tmp_path, content):
    path = archive(tmp_path, Dog1=content)
    result = read_archive([path], tmp_path / "out", FEW)
    assert greys(result.x_train[1::2]) == [2, 3, 4]


@pytest.mark.parametrize(
    ("mode", "kind"), [("L", "JPEG"), ("CMYK", "JPEG"), ("P", "GIF"), ("RGBA", "PNG")]
)
def test_a_photograph_of_another_mode_becomes_rgb(tmp_path, mode, kind):
    path = archive(tmp_path, Cat1=jpeg(10, mode=mode, kind=kind))
    result = read_archive([path], tmp_path / "out", FEW)
    assert result.x_train.shape == (6, 128, 128, 3)
    assert greys(result.x_train[:1]) == [1]


def test_an_archive_with_too_few_photographs_says_which_is_missing(tmp_path):
    path = archive(tmp_path, count=8)
    with pytest.raises(
        DataFileError, match=r"photographs: PetImages/Cat/8\.jpg is mis"
    ):
        read_archive([path], tmp_path / "out", FEW)


@pytest.mark.parametrize(
    "size", [(500, 375), (375, 500), (128, 128), (60, 61), (4, 900)]
)
def test_every_shape_becomes_a_square(size):
    assert crop(Image.new("RGB", size)).size == (128, 128)


def test_the_middle_is_kept():
    wide = Image.new("L", (384, 128))
    wide.paste(255, (128, 0, 256, 128))
    assert np.asarray(crop(wide))[:, 8:-8].min() > 250
    wide = Image.new("L", (768, 256))
    wide.paste(255, (256, 0, 512, 256))
    assert np.asarray(crop(wide))[:, 8:-8].min() > 250


def smooth_pets(n):
    """Pictures that JPEG keeps well, alternately labelled."""
    ramp = np.linspace(0, 200, 128, dtype=np.uint8)
    images = np.stack(
        [np.broadcast_to((ramp + i)[:, None, None], (128, 128, 3)) for i in range(n)]
    )
    return images, np.arange(n, dtype=np.uint8) % 2


def test_a_folder_written_from_arrays_reads_back_as_them(tmp_path):
    before = Arrays(*smooth_pets(6), *smooth_pets(4))
    write_folder(before, tmp_path / "photos")
    names = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*.jpg")}
    assert "photos/train/cat/00001.jpg" in names
    assert "photos/test/dog/04002.jpg" in names
    assert len(names) == 10
    after = read_folder(tmp_path / "photos")
    assert np.array_equal(before.y_train, after.y_train)
    for key in ("x_train", "x_test"):
        difference = getattr(before, key).astype(int) - getattr(after, key)
        assert np.abs(difference).max() <= 3
