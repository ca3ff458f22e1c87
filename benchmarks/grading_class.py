"""A class through `course grade`: the first time, unchanged, and on a cluster.

    python benchmarks/grading_class.py [submissions] [--cluster N]

The light Keras assignment of `grading.py`, from the folder with the submissions to the
gradebook. The first hundred against the last shows whether time grows with the class,
the second run, in which nothing has changed, what a rerun costs. Then N submissions
that also train for some seconds, by one Dask worker with a core of its own, and by two.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from grading import answers, write_course

from course_utils.grading.course import Course
from course_utils.grading.generate import release
from course_utils.grading.journal import Journal

NAME = "light"
TRAINING = """
x = np.random.default_rng(0).random((6000, 28, 28, 1), dtype=np.float32)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
net.compile("adam", loss)
net.fit(x, np.arange(6000) % 10, epochs=2, verbose=0)"""


@dataclass(frozen=True)
class Run:
    """One `course grade`: how long it took, and its memory in MiB every half second."""

    seconds: float
    memory: list[float]
    lines: list[dict[str, object]]

    def lost(self, expected: list[float]) -> int:
        """How many did not get the points that their answer earns."""
        points = {str(line["student"]): line["points"] for line in self.lines}
        return sum(
            points.get(f"s{nth:04}") != right for nth, right in enumerate(expected)
        )


def graded(course: Path, *words: str) -> Run:
    """Run `course grade` there."""
    line = [sys.executable, "-m", "course_utils.cli", "grade", NAME, "--json", *words]
    started, memory = time.perf_counter(), []
    with (course / "out.json").open("w+") as out:
        process = subprocess.Popen(line, cwd=course, stdout=out)
        watched = psutil.Process(process.pid)
        while True:
            try:
                process.wait(0.5)
                break
            except subprocess.TimeoutExpired:
                memory.append(watched.memory_info().rss / 2**20)
        seconds = time.perf_counter() - started
        out.seek(0)
        text = out.read()
    if process.returncode:
        sys.exit(f"course grade ended with {process.returncode}: {text[:500]}")
    return Run(seconds, memory, json.loads(text)["submissions"])


def finished(course: Path) -> list[float]:
    """When each submission was graded, in order."""
    with Journal(Course.find(course).journal(NAME), write=False) as journal:
        keys = [("result", f"s{nth:04}", NAME) for nth in range(100_000)]
        found = (journal.get(*key) for key in keys)
        return sorted(entry["at"] for entry in found if entry is not None)


def made(folder: Path, count: int, more: str = "") -> tuple[Path, list[float]]:
    """A course with that many submissions, and the points that they earn."""
    texts = answers(count)
    write_course(folder, [text + more for text in texts])
    release(Course.find(folder), NAME)
    return folder, [3.0 if text == texts[0] else 0.0 for text in texts]


def whole_class(folder: Path, count: int) -> None:
    """Grade a class, and once more."""
    course, expected = made(folder, count)
    first, at = graded(course), finished(course)
    print(f"{count} graded in {first.seconds:.0f} s; lost: {first.lost(expected)}")
    if count >= 300:
        early, late = at[150] - at[50], at[-1] - at[-101]
        print(f"the 51st to the 150th in {early:.1f} s, the last 100 in {late:.1f} s")
    some = max(1, len(first.memory) // 5)
    then, now = max(first.memory[: 2 * some]), max(first.memory[-some:])
    print(f"memory of `course grade`: {then:.0f} MiB early on, {now:.0f} at the end")
    again = graded(course)
    print(f"unchanged: {again.seconds:.1f} s; lost: {again.lost(expected)}")


@contextmanager
def dask(folder: Path, *words: str, core: int | None = None) -> Iterator[None]:
    """A scheduler or a worker, on one core if asked for."""
    line = [sys.executable, "-m", "dask", *words, "--scheduler-file", "here.json"]
    pinned = [] if core is None else ["taskset", "--cpu-list", str(core)]
    process = subprocess.Popen(
        [*pinned, *line, "--no-dashboard"], cwd=folder, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def on_cluster(folder: Path, count: int) -> None:
    """Grade a class by one worker, and by two."""
    course, expected = made(folder, count, TRAINING)
    rates = []
    with dask(folder, "scheduler", "--host", "127.0.0.1", "--port", "0"):
        found = folder / "here.json"
        while not (found.exists() and found.stat().st_size):
            time.sleep(0.1)
        address = json.loads(found.read_text())["address"]
        with ExitStack() as workers:
            for core in sorted(os.sched_getaffinity(0))[:2]:
                one = ("worker", "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
                workers.enter_context(dask(folder, *one, core=core))
                run = graded(course, "--force", "--cluster", address)
                at = finished(course)
                rates.append((len(at) - 11) / (at[-1] - at[10]))
                print(
                    f"Dask, {len(rates)} of one core: {rates[-1]:.2f} a second; "
                    f"lost: {run.lost(expected)}"
                )
    print(f"two workers: {rates[1] / rates[0]:.2f} times one")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("submissions", type=int, nargs="?", default=1000)
    parser.add_argument("--cluster", type=int, default=40)
    given = parser.parse_args()
    print(
        f"machine: {len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}"
    )
    for what, count in (
        (whole_class, given.submissions),
        (on_cluster, given.cluster),
    ):
        with tempfile.TemporaryDirectory() as folder:
            if count:
                what(Path(folder), count)
    print(f"load after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
