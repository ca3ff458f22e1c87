"""What Linux says in /proc about a process and its descendants.

Read directly, because looking several times a second must cost next to nothing: only
the entries of the family are read, never those of the whole machine.
"""

import contextlib
import os
import re
import signal
from collections.abc import Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / (1 << 20)
_TIMES, _RSS = slice(11, 15), 21  # fields of /proc/…/stat after the name


def family(pid: int) -> list[int]:
    """A process and all its descendants; empty if it is gone."""
    if not os.path.exists(f"/proc/{pid}"):
        return []
    found = [pid]
    for member in found:  # grows as it goes
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{member}/task"):
                text = _read(f"/proc/{member}/task/{task}/children")
                found += [int(child) for child in text.split()]
    return found


def usage(pids: Iterable[int]) -> tuple[float, float]:
    """Processor time in seconds, of ended children too, and resident memory in MiB."""
    cpu = resident = 0.0
    for pid in pids:
        fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
        if fields:
            cpu += sum(map(int, fields[_TIMES])) / _TICKS
            resident += int(fields[_RSS]) * _PAGE_MB
    return cpu, resident


def proportional(pids: Iterable[int]) -> float:
    """Memory in MiB in which a page that n processes share counts 1/n for each."""
    total = 0
    for pid in pids:
        found = re.search(r"^Pss:\s+(\d+)", _read(f"/proc/{pid}/smaps_rollup"), re.M)
        total += int(found[1]) if found else 0
    return total / 1024


def send(number: signal.Signals, pids: Iterable[int]) -> None:
    """Send a signal to processes, those that are gone already left aside."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def threads_of(uid: int) -> int:
    """Threads on this machine that belong to a user."""
    owners = re.compile(rf"^Uid:\s+{uid}\s", re.M)
    count = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        status = _read(f"/proc/{name}/status")
        threads = re.search(r"^Threads:\s+(\d+)", status, re.M)
        count += int(threads[1]) if threads and owners.search(status) else 0
    return count


def _read(path: str) -> str:
    try:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""
