"""Cats and dogs as a folder of JPEG files, and the arrays made from it."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from course_utils.data.dataset import Arrays
from course_utils.data.download import progress_bar
from course_utils.data.errors import DataFileError

CLASSES = ("cat", "dog")


@dataclass(frozen=True)
class PhotoRule:
    """Which of the publisher's numbered photographs, and what is done to them.

    A photograph becomes RGB; its shorter side is brought to `size` pixels (bicubic);
    the middle is cut out and kept as a JPEG file.

    Attributes
    ----------
    train, test : the numbers taken of each class.
    size : width and height in pixels.
    quality : of the JPEG files, on Pillow's scale from 0 to 95.
    """

    train: range = range(1, 2001)
    test: range = range(4001, 4501)
    size: int = 128
    quality: int = 90

    def numbers(self, split: str) -> range:
        """The numbers of "train" or "test"."""
        return self.train if split == "train" else self.test


RULE = PhotoRule()


def crop(photo: Image.Image, size: int = RULE.size) -> Image.Image:
    """The middle square of a photograph, in RGB.

    Parameters
    ----------
    photo : of any size and mode.
    size : width and height of the result in pixels.

    Examples
    --------
    >>> crop(Image.new("L", (500, 300))).size
    (128, 128)
    """
    shorter = min(photo.size)
    width, height = (max(size, round(n * size / shorter)) for n in photo.size)
    scaled = photo.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)
    left, top = (width - size) // 2, (height - size) // 2
    return scaled.crop((left, top, left + size, top + size))


def read_archive(
    files: list[Path], folder: Path, rule: PhotoRule = RULE, *, progress: bool = True
) -> Arrays:
    """Make the folder of photographs from the publisher's archive, and its arrays.

    A few files in the archive are no pictures (``Cat/666.jpg`` and ``Dog/11702.jpg``
    cannot be opened). One that is wanted and cannot be read is left out, and the next
    number after the last of its split takes its place: there are always as many
    photographs as the rule says, and each file's name is the number it came from.

    Parameters
    ----------
    files : the archive, in which the photographs are ``PetImages/Cat/1.jpg`` and so on.
    folder : in it ``photos/{train,test}/{cat,dog}/<number>.jpg`` are written.
    rule : which photographs, and how they are cut.
    progress : show a bar.

    Raises
    ------
    DataFileError : if the archive has too few readable photographs.
    """
    total = len(CLASSES) * (len(rule.train) + len(rule.test))
    with (
        zipfile.ZipFile(files[0]) as archive,
        progress_bar(total, "photographs", progress, unit=" files") as bar,
    ):
        for split in ("train", "test"):
            for label in CLASSES:
                target = folder / "photos" / split / label
                target.mkdir(parents=True)
                found = _readable(archive, label, rule.numbers(split))
                for number, photo in found:
                    _write(crop(photo, rule.size), target, number, rule)
                    bar.update()
    return read_folder(folder / "photos")


def _readable(
    archive: zipfile.ZipFile, label: str, numbers: range
) -> Iterator[tuple[int, Image.Image]]:
    """As many photographs as there are numbers, passing over those that are broken."""
    wanted = len(numbers)
    for number in count(numbers.start):
        if not wanted:
            return
        member = f"PetImages/{label.capitalize()}/{number}.jpg"
        try:
            data = archive.read(member)
        except KeyError as error:
            raise DataFileError(
                f"{archive.filename} has too few photographs: {member} is missing."
            ) from error
        photo = _open(data)
        if photo is not None:
            wanted -= 1
            yield number, photo


def _open(data: bytes) -> Image.Image | None:
    """The picture in a file's bytes, or None if there is none."""
    with warnings.catch_warnings():
        # Pillow warns of broken camera notes (EXIF), which nobody looks at here.
        warnings.simplefilter("ignore")
        try:
            photo = Image.open(io.BytesIO(data))
            photo.load()
        except (OSError, SyntaxError):
            return None
    return photo


def _write(
    photo: Image.Image, folder: Path, number: int, rule: PhotoRule = RULE
) -> None:
    photo.save(folder / f"{number:05d}.jpg", quality=rule.quality)


def read_folder(folder: Path) -> Arrays:
    """The photographs of a folder as arrays, cats and dogs in turn.

    Parameters
    ----------
    folder : holds ``{train,test}/{cat,dog}/*.jpg``, all of one size.
    """
    arrays: list[NDArray[np.uint8]] = []
    for split in ("train", "test"):
        by_class = [sorted((folder / split / label).glob("*.jpg")) for label in CLASSES]
        paths = [path for pair in zip(*by_class, strict=True) for path in pair]
        arrays.append(np.stack([np.asarray(Image.open(path)) for path in paths]))
        arrays.append(np.arange(len(paths), dtype=np.uint8) % len(CLASSES))
    return Arrays(*arrays)


def write_folder(arrays: Arrays, folder: Path, rule: PhotoRule = RULE) -> None:
    """Write the images of a set as ``<folder>/{train,test}/{cat,dog}/<number>.jpg``.

    The first of a class gets the first number of the rule, and so on. Where the images
    came from JPEG files they are compressed a second time.

    Parameters
    ----------
    arrays : images (n, height, width, 3) with labels 0 (cat) and 1 (dog).
    folder : is made, with all that leads to it.
    rule : gives the numbers and the JPEG quality.
    """
    splits = {
        "train": (arrays.x_train, arrays.y_train),
        "test": (arrays.x_test, arrays.y_test),
    }
    for split, (images, labels) in splits.items():
        for value, label in enumerate(CLASSES):
            target = folder / split / label
            target.mkdir(parents=True)
            first = rule.numbers(split).start
            for number, row in enumerate(np.flatnonzero(labels == value), first):
                _write(Image.fromarray(images[row]), target, number, rule)
