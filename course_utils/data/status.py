"""Which sets are on this machine, without reading or fetching one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from course_utils.data.catalogue import ImageSet
from course_utils.data.errors import DataFileError
from course_utils.data.sources import FileSource, Source
from course_utils.data.store import Store


@dataclass(frozen=True)
class SetStatus:
    """Whether ``load(name)`` works here and now, without a network.

    Attributes
    ----------
    name : of the set.
    available : whether it does.
    source : where the set would come from: "file", "download", "drawn"; None if from
        nowhere.
    path : the file or folder, if there is one.
    n_train, n_test : number of images in the set.
    bytes : size of what is at `path`; 0 if nothing is.
    note : what to know or to do, in a few words.
    """

    name: str
    available: bool
    source: str | None
    path: Path | None
    n_train: int
    n_test: int
    bytes: int
    note: str


def status(store: Store) -> list[SetStatus]:
    """One line for each set of a store; see :func:`course_utils.data.status`."""
    return [_status(store, image_set) for image_set in store.catalogue.values()]


def _status(store: Store, image_set: ImageSet) -> SetStatus:
    source = store.choose(image_set)
    folder = store.prepared(image_set, source)
    ready = (folder / "y_test.npy").exists()
    available, path, note = _describe(image_set, source, folder, ready)
    return SetStatus(
        name=image_set.name,
        available=available,
        source=source.kind if path or available else None,
        path=path,
        n_train=image_set.n_train,
        n_test=image_set.n_test,
        bytes=_size(path),
        note=note,
    )


def _describe(
    image_set: ImageSet, source: Source, folder: Path, ready: bool
) -> tuple[bool, Path | None, str]:
    """Available or not, where, and a note."""
    if isinstance(source, FileSource):
        try:
            source.check()
        except DataFileError as error:
            return False, source.path, str(error)
        return True, source.path, "ready" if ready else "is unpacked when first loaded"
    if source.kind == "drawn":
        note = "stand-ins, not the real pictures"
        if ready:
            return True, folder, note
        return True, None, f"{note}; drawn when first loaded"
    if ready:
        return True, folder, "ready"
    return (
        False,
        None,
        f"not here; `course data fetch {image_set.name}` downloads "
        f"{image_set.download_size / 1e6:.0f} MB from {image_set.files[0].host}",
    )


def _size(path: Path | None) -> int:
    if path is None:
        return 0
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.glob("*.npy"))
