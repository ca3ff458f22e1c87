"""The record of every chapter's last full run: ``book/runs.json``."""

import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

from course_utils.errors import CourseError
from course_utils.publishing.files import replace_text

_LIBRARIES = ("keras", "matplotlib", "numpy", "tensorflow")


@dataclass(frozen=True)
class Run:
    """What one full run of a chapter used, and what it cost.

    Attributes
    ----------
    cells : fingerprint of the cells that ran (`chapters.fingerprint`).
    data_source : for each image set that the chapter loads, where it came from.
    date : day of the run, YYYY-MM-DD, UTC.
    machine : cores (count), processor (name), memory (GB).
    peak_mb : largest resident memory of the kernel and its children, in 10⁶ bytes.
    seconds : from the start of the first cell to the end of the last.
    versions : of Python and the libraries that results depend on.
    """

    cells: str
    data_source: dict[str, str]
    date: str
    machine: dict[str, int | str]
    peak_mb: int
    seconds: float
    versions: dict[str, str]

    def repeats(self, cells: str, versions: dict[str, str]) -> bool:
        """Whether a run of these cells with these versions would tell nothing new."""
        return (self.cells, self.versions) == (cells, versions)


def read(path: Path) -> dict[str, Run]:
    """The runs on record, by chapter; none where there is no file yet.

    Raises
    ------
    CourseError : if the file does not hold such a record.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {chapter: Run(**entry) for chapter, entry in entries.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        raise CourseError(
            f"{path} is no record of runs ({error}); restore it from the history, or "
            "remove it and publish every chapter anew."
        ) from error


def write(path: Path, runs: dict[str, Run]) -> None:
    """Store the record, sorted, so that a run changes its own lines only."""
    entries = {chapter: asdict(run) for chapter, run in runs.items()}
    text = json.dumps(entries, indent=2, sort_keys=True, ensure_ascii=False)
    replace_text(path, text + "\n")


def versions() -> dict[str, str]:
    """Versions of what a chapter's numbers depend on."""
    found = {name: version(name) for name in _LIBRARIES}
    return found | {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}


def machine() -> dict[str, int | str]:
    """The machine as a reader wants to know it: how many cores, of what kind."""
    return {
        "cores": usable_cores(),
        "processor": _processor(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
    }


def usable_cores() -> int:
    """CPU cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def duration(seconds: float) -> str:
    """A time as a reader would say it.

    Examples
    --------
    >>> duration(0.3), duration(41.2), duration(61), duration(600), duration(5400)
    ('1 s', '41 s', '1 min 1 s', '10 min', '1 h 30 min')
    """
    whole = max(1, round(seconds))
    if whole >= 3600:
        parts = [(whole // 3600, "h"), (whole % 3600 // 60, "min")]
    else:
        parts = [(whole // 60, "min"), (whole % 60, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


def memory(megabytes: float) -> str:
    """An amount of memory with two figures that matter.

    Examples
    --------
    >>> memory(87), memory(643), memory(1249), memory(12800)
    ('90 MB', '640 MB', '1.2 GB', '13 GB')
    """
    if megabytes < 995:
        return f"{max(10, round(megabytes, -1)):.0f} MB"
    gigabytes = megabytes / 1000
    return f"{gigabytes:.1f} GB" if gigabytes < 9.95 else f"{gigabytes:.0f} GB"
