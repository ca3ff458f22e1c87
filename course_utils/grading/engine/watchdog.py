"""Watches what a confined process and all its descendants use together.

The kernel's own limits hold for one process. The sums are kept here, by looking a few
times a second: resident memory, processor time, number of processes. Who goes over is
ended, and the reason is kept for the verdict.
"""

import threading
import time
from typing import Literal

from course_utils.grading.engine import processes
from course_utils.grading.engine.jobs import Limits
from course_utils.grading.engine.warm import Confined

_EVERY, _EXACT_EVERY = 0.1, 2.0  # seconds
_MIB = 1 << 20

Excess = Literal["memory", "timed_out", "crashed"]


class Watchdog:
    """Keeps one confined process within its limits.

    Parameters
    ----------
    confined : what to watch; it is killed when it goes over a limit.
    limits : on memory, processor time and processes.
    """

    def __init__(self, confined: Confined, limits: Limits) -> None:
        self.peak_mb = 0.0
        self.excess: Excess | None = None
        self._confined, self._limits = confined, limits
        self._cpu_at_start: float | None = None
        self._exact = 0.0, 0.0, 0.0  # resident as shown, as it is, and when
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def serves(self) -> None:
        """Count processor time from now on: the process has done its own work."""
        self._cpu_at_start = processes.usage(processes.family(self._confined.pid))[0]

    def stop(self) -> None:
        """Stop watching."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(_EVERY):
            self.excess = self._look()
            if self.excess is not None:
                self._confined.end()
                return

    def _look(self) -> Excess | None:
        family = processes.family(self._confined.pid)
        if len(family) > self._limits.processes:
            return "crashed"
        cpu, resident = processes.usage(family)
        resident = self._without_shared(family, resident)
        self.peak_mb = max(self.peak_mb, resident)
        if resident > self._limits.memory_mb:
            return "memory"
        if self._cpu_at_start is None:
            return None
        used = cpu - self._cpu_at_start
        return "timed_out" if used > self._limits.cpu_seconds else None

    def _without_shared(self, family: list[int], shown: float) -> float:
        """Memory in MiB; forked processes share most of what they show as resident.

        Counting exactly takes the kernel milliseconds, so growth is added to the last
        exact count until that is old or the limit near.
        """
        then_shown, then, when = self._exact
        resident = then + max(shown - then_shown, 0.0)
        old = time.monotonic() - when > _EXACT_EVERY
        if old or resident > self._limits.memory_mb:
            resident = processes.proportional(family)
            self._exact = shown, resident, time.monotonic()
        return resident
