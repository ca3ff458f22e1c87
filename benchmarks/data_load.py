"""How long a set takes to load, and how much memory, beside ``np.load`` of its file.

    COURSE_DATA_DIR=<folder> python benchmarks/data_load.py [name …]

Each line is the median of five new processes, the first load of one. "First" unpacks
the file into an empty cache folder, "second" finds it there; "one epoch" then reads
every training image once, in batches of 128, as a training does.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from course_utils.data import NAMES
from course_utils.data.dataset import KEYS
from course_utils.data.store import Store

Cost = tuple[float, float]
"""Seconds, and megabytes of resident memory added."""


def cost(action: Callable[[], object]) -> Cost:
    """What an action costs in this process, while its result is held."""
    process = psutil.Process()
    before, start = process.memory_info().rss, time.perf_counter()
    result = action()
    seconds = time.perf_counter() - start
    added = process.memory_info().rss - before
    del result
    return seconds, added / 1e6


def load_npz(store: Store, name: str) -> Cost:
    """Read all four arrays with ``np.load``."""

    def read() -> object:
        with np.load(Path(str(store.data_dir)) / f"{name}.npz") as file:
            return [file[key] for key in KEYS]

    return cost(read)


def load(store: Store, name: str) -> Cost:
    """Load the set."""
    return cost(lambda: store.load(name))


def one_epoch(store: Store, name: str) -> Cost:
    """Go through the images of a loaded set in batches."""
    x = store.load(name).x_train

    def go_through() -> float:
        return sum(float(x[i : i + 128].sum()) for i in range(0, len(x), 128))

    return cost(go_through)


def measure(function: Callable[[Store, str], Cost], store: Store, name: str) -> Cost:
    """Call a function in a new process."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(function, (store, name))


def median(function: Callable[[Store, str], Cost], store: Store, name: str) -> Cost:
    """The median over five processes."""
    costs = [measure(function, store, name) for _ in range(5)]
    seconds, memory = (statistics.median(values) for values in zip(*costs, strict=True))
    return seconds, memory


def main(names: list[str]) -> None:
    """Print one line for each set."""
    table = Table("set", "np.load", "first", "second", "one epoch")
    data_dir = Store.from_environment().data_dir
    if data_dir is None:
        sys.exit("Set COURSE_DATA_DIR to the folder that holds the .npz files.")
    with tempfile.TemporaryDirectory() as cache:
        store = Store(Path(cache), data_dir)
        for name in names:
            npz = median(load_npz, store, name)
            first = measure(load, store, name)
            second, epoch = (median(f, store, name) for f in (load, one_epoch))
            cells = (f"{s:.3f} s, {mb:.0f} MB" for s, mb in (npz, first, second, epoch))
            table.add_row(name, *cells)
    Console(width=100).print(table)


if __name__ == "__main__":
    main(sys.argv[1:] or list(NAMES))
