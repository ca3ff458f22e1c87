"""The image sets: load one, cut it up, see what is here."""

from __future__ import annotations

from pathlib import Path

from course_utils.data.catalogue import NAMES
from course_utils.data.dataset import Dataset
from course_utils.data.errors import (
    CacheFolderError,
    DataFileError,
    DatasetUnavailable,
    UnknownDataset,
    UnknownSource,
)
from course_utils.data.sampling import split, subset
from course_utils.data.status import SetStatus
from course_utils.data.status import status as _status
from course_utils.data.store import Store

__all__ = [
    "NAMES",
    "CacheFolderError",
    "DataFileError",
    "Dataset",
    "DatasetUnavailable",
    "SetStatus",
    "UnknownDataset",
    "UnknownSource",
    "fetch",
    "load",
    "photo_folder",
    "split",
    "status",
    "subset",
]


def load(name: str, source: str | None = None) -> Dataset:
    """Load an image set.

    A file ``<name>.npz`` in the folder ``COURSE_DATA_DIR``, or in the cache folder, is
    taken first; without one the set is downloaded from its publisher, once. Whatever
    comes is checked against the published set, then kept unpacked in the cache folder
    (``COURSE_CACHE_DIR``, by default the system's place for caches), so that the
    next time takes milliseconds.

    Parameters
    ----------
    name : "mnist", "fashion_mnist", "cifar10" or "cats_vs_dogs".
    source : "file" or "download" allow only that way; "drawn" gives stand-ins drawn by
        code, which nothing else ever does. By default the environment variable
        ``COURSE_DATA`` decides, and without it file, then download.

    Returns
    -------
    Dataset : images uint8, labels uint8 (n,), all read-only.

    Raises
    ------
    UnknownDataset : if there is no set of that name.
    UnknownSource : if there is no source of that name.
    DatasetUnavailable : if it is not here and cannot be downloaded.
    DataFileError : if the file is not whole, or does not hold the published set.
    CacheFolderError : if the cache folder cannot be written.

    Examples
    --------
    >>> load("mnits")
    Traceback (most recent call last):
    course_utils.data.errors.UnknownDataset: There is no image set “mnits”; did you \
mean “mnist”? The sets are mnist, fashion_mnist, cifar10, cats_vs_dogs.
    """
    return Store.from_environment().load(name, source)


def fetch(name: str, source: str | None = None, *, progress: bool = True) -> Path:
    """Make a set ready, so that the next :func:`load` takes milliseconds.

    Parameters
    ----------
    name, source : as in :func:`load`.
    progress : show a bar while downloading.

    Returns
    -------
    Path : the folder of its unpacked arrays.

    Raises
    ------
    CourseError : as :func:`load` does.
    """
    return Store.from_environment().fetch(name, source, progress=progress)


def photo_folder(source: str | None = None) -> Path:
    """Cats and dogs as JPEG files, for a data loader that reads files.

    From the publisher's archive the files are made straight from the photographs. From
    an ``.npz`` file or the stand-ins they are made from the arrays: the pixels of a
    ``.npz`` have been JPEG once and are compressed a second time, so they differ from
    the arrays by a few grey levels.

    Parameters
    ----------
    source : as in :func:`load`.

    Returns
    -------
    Path : a folder with ``train/cat``, ``train/dog``, ``test/cat``, ``test/dog``; in
        each, JPEG files of 128×128 pixels and quality 90.

    Raises
    ------
    CourseError : as :func:`load` does.
    """
    return Store.from_environment().photo_folder(source)


def status() -> list[SetStatus]:
    """What :func:`load` would do for each set, without doing it.

    Raises
    ------
    CourseError : if ``COURSE_DATA_DIR`` is no folder or ``COURSE_DATA`` no source.
    """
    return _status(Store.from_environment())
