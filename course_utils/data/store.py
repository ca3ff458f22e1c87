"""Find a set, bring it here if need be, keep it unpacked, open it in milliseconds.

In the cache folder each set has a folder of its own::

    <cache>/cifar10.npz                   put there by the user, if at all
    <cache>/cifar10/file-1f0c…/x_train.npy …    unpacked from an .npz file
    <cache>/cifar10/download/x_train.npy …      unpacked from the publisher's files
    <cache>/cifar10/drawn-1/x_train.npy …       drawn

An unpacked folder is made under another name and then renamed: whatever has its name is
complete. One process at a time makes one, holding a lock; opening one needs no lock.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
from filelock import FileLock

from course_utils.data import arrays
from course_utils.data.catalogue import CATALOGUE, ImageSet, find
from course_utils.data.dataset import ORIGINS, Arrays, Dataset
from course_utils.data.download import PATIENCE, Patience
from course_utils.data.errors import (
    CacheFolderError,
    DatasetUnavailable,
    DownloadError,
    UnknownSource,
)
from course_utils.data.photos import write_folder
from course_utils.data.sources import DownloadSource, DrawnSource, FileSource, Source
from course_utils.errors import CourseError

PHOTOS = "cats_vs_dogs"
"""The set that is also had as JPEG files."""


@dataclass(frozen=True)
class Store:
    """The image sets as one user sees them.

    Attributes
    ----------
    cache : folder for unpacked sets; made when it is needed.
    data_dir : folder with ``<name>.npz`` files, or None.
    default_source : what ``source=None`` means; None is "file, else download".
    catalogue : the sets there are.
    patience : with servers.
    """

    cache: Path
    data_dir: Path | None = None
    default_source: str | None = None
    catalogue: Mapping[str, ImageSet] = field(default_factory=lambda: CATALOGUE)
    patience: Patience = PATIENCE

    @classmethod
    def from_environment(cls) -> Store:
        """As ``COURSE_CACHE_DIR``, ``COURSE_DATA_DIR`` and ``COURSE_DATA`` say."""
        cache = os.environ.get("COURSE_CACHE_DIR")
        data_dir = os.environ.get("COURSE_DATA_DIR")
        return cls(
            cache=_absolute(cache or platformdirs.user_cache_dir("course-utils")),
            data_dir=_absolute(data_dir) if data_dir else None,
            default_source=os.environ.get("COURSE_DATA") or None,
        )

    def load(
        self, name: str, source: str | None = None, *, progress: bool = True
    ) -> Dataset:
        """Open a set, after making it ready if it is not; see :func:`data.load`."""
        image_set = find(name, self.catalogue)
        chosen = self.choose(image_set, source)
        _, opened = self._prepare(image_set, chosen, progress)
        return Dataset(
            opened.x_train,
            opened.y_train,
            opened.x_test,
            opened.y_test,
            classes=image_set.classes,
            name=name,
            source=chosen.kind,
        )

    def fetch(
        self, name: str, source: str | None = None, *, progress: bool = True
    ) -> Path:
        """Make a set ready; the folder of its ``.npy`` files."""
        image_set = find(name, self.catalogue)
        folder, _ = self._prepare(image_set, self.choose(image_set, source), progress)
        return folder

    def photo_folder(self, source: str | None = None, *, progress: bool = True) -> Path:
        """The cats and dogs as JPEG files; see :func:`data.photo_folder`."""
        image_set = find(PHOTOS, self.catalogue)
        chosen = self.choose(image_set, source)
        folder, opened = self._prepare(image_set, chosen, progress)
        photos = folder / "photos"
        if not photos.is_dir():
            with self._locked(image_set) as building:
                if not photos.is_dir():
                    write_folder(opened, building)
                    building.rename(photos)
        return photos

    def choose(self, image_set: ImageSet, source: str | None = None) -> Source:
        """The source of a set: the one asked for, else a file, else a download.

        Raises
        ------
        UnknownSource : if the one asked for is no source.
        DatasetUnavailable : if a file is asked for and there is none.
        CourseError : if ``COURSE_DATA_DIR`` is not a folder.
        """
        wanted = source or self.default_source
        if wanted not in (None, *ORIGINS):
            raise UnknownSource(
                f"There is no source “{wanted}”; source= and COURSE_DATA are one of "
                f"{', '.join(ORIGINS)}."
            )
        if wanted == "drawn":
            return DrawnSource(image_set)
        path = None if wanted == "download" else self._npz(image_set)
        if path is not None:
            return FileSource(image_set, path)
        if wanted == "file":
            places = " or ".join(str(folder) for folder in self._file_folders())
            raise unavailable(
                image_set, f"there is no {image_set.name}.npz in {places}"
            )
        return DownloadSource(image_set, self._incoming(image_set), self.patience)

    def prepared(self, image_set: ImageSet, source: Source) -> Path:
        """The folder in which a set from that source is, or will be, unpacked."""
        return self.cache / image_set.name / source.key

    def _file_folders(self) -> list[Path]:
        return [self.cache] if self.data_dir is None else [self.data_dir, self.cache]

    def _npz(self, image_set: ImageSet) -> Path | None:
        """The user's own file of a set."""
        if self.data_dir is not None and not self.data_dir.is_dir():
            raise CourseError(
                f"COURSE_DATA_DIR is {self.data_dir}, which is not a folder; set it to "
                "the folder that holds the .npz files, or unset it."
            )
        paths = [folder / f"{image_set.name}.npz" for folder in self._file_folders()]
        return next((path for path in paths if path.is_file()), None)

    def _prepare(
        self, image_set: ImageSet, source: Source, progress: bool
    ) -> tuple[Path, Arrays]:
        """The folder of a set and its arrays, unpacked first if they are not yet."""
        folder = self.prepared(image_set, source)
        opened = _open(folder)
        if opened is None:
            asked = time.time()
            with self._locked(image_set) as building:
                # Another process may have made it while this one waited.
                opened = _open(folder)
                if opened is None:
                    self._refuse_if_just_failed(image_set, source, asked)
                    self._build(image_set, source, building, progress)
                    opened = arrays.open_mapped(folder)
        return folder, opened

    def _build(
        self, image_set: ImageSet, source: Source, building: Path, progress: bool
    ) -> None:
        building.mkdir()
        try:
            arrays.save(source.read(building, progress), building)
        except DownloadError as error:
            self._failure(image_set).write_text(str(error))
            raise unavailable(image_set, str(error)) from error
        # Arrays of an older file, or from older drawing code, are of no more use.
        for older in building.parent.glob(f"{source.kind}*"):
            shutil.rmtree(older, ignore_errors=True)
        building.rename(self.prepared(image_set, source))
        shutil.rmtree(self._incoming(image_set), ignore_errors=True)
        self._failure(image_set).unlink(missing_ok=True)

    def _incoming(self, image_set: ImageSet) -> Path:
        return self.cache / image_set.name / "incoming"

    def _failure(self, image_set: ImageSet) -> Path:
        return self.cache / image_set.name / "last-failure.txt"

    def _refuse_if_just_failed(
        self, image_set: ImageSet, source: Source, asked: float
    ) -> None:
        """Fail with a download that failed while this process waited for it.

        Thirty kernels without a network would otherwise wait for a server in turn.
        """
        failure = self._failure(image_set)
        if source.kind != "download" or not failure.exists():
            return
        if failure.stat().st_mtime >= asked:
            raise unavailable(image_set, failure.read_text())

    @contextmanager
    def _locked(self, image_set: ImageSet) -> Iterator[Path]:
        """Hold the lock of a set; gives the path of a folder to build in.

        Raises
        ------
        CacheFolderError : if anything in it cannot be written.
        """
        folder = self.cache / image_set.name
        building = folder / "building"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / "lock"):
                # What a process that was killed has left.
                shutil.rmtree(building, ignore_errors=True)
                try:
                    yield building
                finally:
                    shutil.rmtree(building, ignore_errors=True)
        except OSError as error:
            raise CacheFolderError(
                f"The cache folder {self.cache} cannot be written "
                f"({error.strerror or error}); make room there, or set "
                "COURSE_CACHE_DIR to another folder."
            ) from error


def _absolute(path: str) -> Path:
    return Path(path).expanduser().absolute()


def _open(folder: Path) -> Arrays | None:
    """The unpacked arrays, or None if they are not there or not whole."""
    try:
        return arrays.open_mapped(folder)
    except (OSError, ValueError, EOFError):
        return None


def unavailable(image_set: ImageSet, cause: str) -> DatasetUnavailable:
    """The error that names the three ways to a set."""
    name = image_set.name
    return DatasetUnavailable(
        f"{name} cannot be loaded: {cause}. There are three ways to it: put {name}.npz "
        "into a folder and set COURSE_DATA_DIR to that folder; download it "
        f"({image_set.download_size / 1e6:.0f} MB from {image_set.files[0].host}) with "
        f"a network and `course data fetch {name}`; or take pictures drawn by code, "
        f'with source="drawn" or COURSE_DATA=drawn.'
    )
