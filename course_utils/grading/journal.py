"""What grading has found out, in one file that is only ever appended to.

Each entry is a line of JSON that is on the disk before anything else happens. A process
that is killed leaves at most half a line at the end, which the next one cuts off. Of
entries about the same thing the last counts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from course_utils.errors import CourseError

Key = tuple[str, ...]
_WASTE = 32_000_000  # bytes of outdated entries that are worth a new file


class Journal:
    """The journal of one assignment; one process at a time may hold it open.

    Parameters
    ----------
    path : its file; made when it is needed.
    write : False to look at it only, at any time.

    Raises
    ------
    CourseError : if another process has it open.
    """

    def __init__(self, path: Path, *, write: bool = True) -> None:
        self._path, self._write = path, write
        self._lock = FileLock(path.with_suffix(".lock"), timeout=0)
        if write:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire()
            except Timeout:
                raise CourseError(
                    f'Another "course grade {path.stem}" is running here; '
                    "wait for its end."
                ) from None
        self._places: dict[Key, tuple[int, int]] = {}
        self._file = path.open("a+b" if write else "rb")
        if write:
            self._keep_name()
        self._scan()

    def get(self, *key: str) -> Any | None:
        """The last entry about ``key``, or None."""
        place = self._places.get(key)
        if place is None:
            return None
        self._file.seek(place[0])
        return json.loads(self._file.read(place[1]))["value"]

    def put(self, *key: str, value: Any) -> None:
        """Write an entry; it is safe when this returns."""
        line = json.dumps({"key": key, "value": value}).encode() + b"\n"
        start = self._file.seek(0, os.SEEK_END)
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._places[key] = start, len(line)

    def close(self) -> None:
        """Let another process have it."""
        self._file.close()
        self._lock.release()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _scan(self) -> None:
        """Find every entry; cut off what was not written to its end."""
        end = 0
        self._file.seek(0)
        for start, line in self._lines():
            try:
                key = tuple(json.loads(line)["key"])
            except (ValueError, KeyError, TypeError):
                break
            self._places[key] = start, len(line)
            end = start + len(line)
        if not self._write:
            return
        self._file.truncate(end)
        live = sum(length for _, length in self._places.values())
        if end - live > max(live, _WASTE):
            self._rewrite()

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        start = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                return
            yield start, line
            start += len(line)

    def _keep_name(self) -> None:
        """Have the folder on the disk, too: after a power cut it must name the file."""
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _rewrite(self) -> None:
        """Leave out what is outdated; the new file takes the old one's place whole."""
        fresh = self._path.with_suffix(".part")
        places: dict[Key, tuple[int, int]] = {}
        with fresh.open("wb") as file:
            for key, (start, length) in self._places.items():
                self._file.seek(start)
                places[key] = file.tell(), length
                file.write(self._file.read(length))
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self._path)
        self._keep_name()
        self._file.close()
        self._file = self._path.open("a+b")
        self._places = places
