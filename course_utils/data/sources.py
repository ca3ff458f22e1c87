"""The three places where a set comes from: a file, a download, the drawing code."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from course_utils.data import arrays
from course_utils.data.arrays import Header
from course_utils.data.catalogue import ImageSet
from course_utils.data.dataset import Arrays
from course_utils.data.download import Patience, download
from course_utils.data.errors import DataFileError


class Source(Protocol):
    """Where the arrays of one set come from.

    Attributes
    ----------
    kind : "file", "download" or "drawn".
    key : names what it would give now; another key means other arrays. It begins with
        the kind.
    """

    @property
    def kind(self) -> str: ...

    @property
    def key(self) -> str: ...

    def read(self, folder: Path, progress: bool) -> Arrays:
        """The arrays; `folder` is empty and kept together with them."""
        ...


@dataclass(frozen=True)
class FileSource:
    """``<name>.npz`` in a folder of the user's."""

    image_set: ImageSet
    path: Path
    kind: str = "file"

    @cached_property
    def key(self) -> str:
        """Changes with the file's place, size or time: a new file is noticed."""
        state = self.path.stat()
        identity = f"{self.path.resolve()} {state.st_size} {state.st_mtime_ns}"
        return f"file-{hashlib.sha256(identity.encode()).hexdigest()[:16]}"

    def check(self) -> None:
        """Look at the file without reading its arrays.

        Raises
        ------
        DataFileError : if it is not whole, or holds other arrays than the set has.
        """
        _check_headers(arrays.read_headers(self.path), self.image_set, str(self.path))

    def read(self, folder: Path, progress: bool) -> Arrays:
        """The arrays of the file, checked."""
        self.check()
        return conform(arrays.read_npz(self.path), self.image_set, str(self.path))


@dataclass(frozen=True)
class DownloadSource:
    """The publisher's server."""

    image_set: ImageSet
    incoming: Path
    patience: Patience
    kind: str = "download"
    key: str = "download"

    def read(self, folder: Path, progress: bool) -> Arrays:
        """Fetch the files into the folder `incoming` and read them."""
        self.incoming.mkdir(exist_ok=True)
        wanted = {file.name for file in self.image_set.files}
        for path in self.incoming.iterdir():
            # A process that was killed leaves its part of a file under another name.
            if path.name not in wanted:
                path.unlink()
        files = [
            download(file, self.incoming, self.patience, progress=progress)
            for file in self.image_set.files
        ]
        raw = dict(self.image_set.read(files, folder).items())
        return conform(raw, self.image_set, files[0].name)


@dataclass(frozen=True)
class DrawnSource:
    """Stand-ins drawn by :mod:`course_utils.data.drawn`."""

    image_set: ImageSet
    kind: str = "drawn"

    @cached_property
    def key(self) -> str:
        """Changes whenever the drawing code draws other pictures."""
        from course_utils.data import drawn

        return f"drawn-{drawn.VERSION}"

    def read(self, folder: Path, progress: bool) -> Arrays:
        """Draw the set; takes seconds."""
        from course_utils.data import drawn

        image_set = self.image_set
        return Arrays(**drawn.draw(image_set.name, image_set.n_train, image_set.n_test))


def conform(
    raw: Mapping[str, NDArray[np.uint8]], image_set: ImageSet, where: str
) -> Arrays:
    """Bring labels to the shape (n,) and make sure that these are the set's arrays.

    Raises
    ------
    DataFileError : if a shape, a dtype, a label or the checksum is not that of the set.
    """
    _check_headers(
        {k: Header(a.shape, a.dtype) for k, a in raw.items()}, image_set, where
    )
    # Keras gives CIFAR-10's labels as (n, 1).
    checked = Arrays(
        **{key: a.reshape(-1) if key[0] == "y" else a for key, a in raw.items()}
    )
    highest = max(int(checked.y_train.max()), int(checked.y_test.max()))
    if highest >= len(image_set.classes):
        raise DataFileError(
            f"{where} has the label {highest}; the labels of {image_set.name} are 0 to "
            f"{len(image_set.classes) - 1}."
        )
    if image_set.digest and arrays.digest(checked) != image_set.digest:
        raise DataFileError(
            f"{where} does not hold the published {image_set.name}: the checksum of "
            "its arrays is another one. Delete it or fetch it again."
        )
    return checked


def _check_headers(
    headers: Mapping[str, Header], image_set: ImageSet, where: str
) -> None:
    for split, n in (("train", image_set.n_train), ("test", image_set.n_test)):
        wanted = {
            f"x_{split}": [(n, *image_set.image_shape)],
            f"y_{split}": [(n,), (n, 1)],
        }
        for key, shapes in wanted.items():
            shape, dtype = headers[key]
            if shape not in shapes or dtype != np.uint8:
                raise DataFileError(
                    f"{key} in {where} is {dtype} of shape {shape}; in "
                    f"{image_set.name} it is uint8 of shape {shapes[0]}."
                )
