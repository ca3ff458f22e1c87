"""The arrays of a set on the disk: read an ``.npz``, keep and map ``.npy`` files."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from course_utils.data.dataset import KEYS, Arrays
from course_utils.data.errors import DataFileError

# What the zip and npy readers raise on a file that is not whole.
_NOT_WHOLE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError)


class Header(NamedTuple):
    """What an ``.npy`` file says of its array before the data."""

    shape: tuple[int, ...]
    dtype: np.dtype[np.generic]


def read_headers(path: Path) -> dict[str, Header]:
    """Shapes and dtypes of the arrays in an ``.npz``, without reading the arrays.

    Raises
    ------
    DataFileError : if the file cannot be read, is no whole ``.npz``, or lacks an array.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
            missing = [key for key in KEYS if f"{key}.npy" not in members]
            if missing:
                raise DataFileError(
                    f"{path} holds no {' and no '.join(missing)}; an image set has "
                    f"{', '.join(KEYS)}."
                )
            headers = {}
            for key in KEYS:
                with archive.open(f"{key}.npy") as member:
                    headers[key] = _read_header(member)
            return headers
    except _NOT_WHOLE as error:
        raise _broken(path, error) from error
    except OSError as error:
        raise DataFileError(f"{path} cannot be read: {error.strerror}.") from error


def _read_header(member: IO[bytes]) -> Header:
    version = np.lib.format.read_magic(member)
    read = (
        np.lib.format.read_array_header_1_0
        if version == (1, 0)
        else np.lib.format.read_array_header_2_0
    )
    shape, _, dtype = read(member)
    return Header(shape, dtype)


def _broken(path: Path, error: Exception) -> DataFileError:
    return DataFileError(
        f"{path} is not a whole .npz file ({error}); it may be half copied: delete it "
        "or fetch it again."
    )


def read_npz(path: Path) -> dict[str, NDArray[np.uint8]]:
    """The four arrays of an ``.npz`` file; objects (pickles) are refused.

    Raises
    ------
    DataFileError : if the file cannot be read, is not whole, or lacks an array.
    """
    read_headers(path)
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {key: archive[key] for key in KEYS}
    except _NOT_WHOLE as error:
        raise _broken(path, error) from error
    except OSError as error:
        raise DataFileError(f"{path} cannot be read: {error.strerror}.") from error


def digest(arrays: Arrays) -> str:
    """SHA-256 over name, shape, dtype and bytes of the four arrays, in order."""
    sha = hashlib.sha256()
    for key, array in arrays.items():
        sha.update(f"{key}{array.shape}{array.dtype}".encode())
        sha.update(np.ascontiguousarray(array).data)
    return sha.hexdigest()


def save(arrays: Arrays, folder: Path) -> None:
    """Write each array to ``<folder>/<key>.npy``.

    Raises
    ------
    OSError : if there is no room; unlike the one from ``np.save`` it says so.
    """
    for key, array in arrays.items():
        header = np.lib.format.header_data_from_array_1_0(array)
        with open(folder / f"{key}.npy", "wb") as file:
            np.lib.format.write_array_header_1_0(file, header)
            file.write(np.ascontiguousarray(array).data)


def open_mapped(folder: Path) -> Arrays:
    """Map the arrays that :func:`save` wrote; read-only, read when looked at.

    Raises
    ------
    FileNotFoundError : if they are not there.
    ValueError : if a file is not whole.
    """
    # asarray drops the class memmap, whose name would show in every printed array; the
    # map itself stays.
    return Arrays(
        **{
            key: np.asarray(np.load(folder / f"{key}.npy", mmap_mode="r"))
            for key in KEYS
        }
    )
