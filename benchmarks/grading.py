"""Grading speed, ours against plain `nbgrader autograde`, in the same run.

    python benchmarks/grading.py [submissions] [--plain N]

Grades a light Keras assignment (imports Keras, builds one net, two questions): ours in
as many workers as there are cores, plain nbgrader on the first few of the same
submissions, because each takes it many seconds.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from course_utils.grading.engine import processes
from course_utils.grading.engine.grader import grade
from course_utils.grading.engine.jobs import Cell, Job
from course_utils.grading.engine.sandbox import Sandbox
from course_utils.grading.engine.warm import Nursery

IMPORTS = "import numpy as np\nimport keras\nfrom keras import layers"
NET = """net = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(10, 5, activation="relu"),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dense({units}),
])"""
PARAMETERS = 'assert net.count_params() == 14670, f"{net.count_params():,} parameters"'
SHAPE = 'assert net.output_shape == (None, 10), "Ten logits come out."'
TRAINING = """import time
started = time.perf_counter()
rng = np.random.default_rng(0)
x = rng.random((20_000, 28, 28, 1), dtype=np.float32)
y = rng.integers(0, 10, 20_000)
net = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(10, 5, activation="relu"),
    layers.Flatten(),
    layers.Dense(10),
])
net.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
history = net.fit(x, y, epochs=3, verbose=0)
print(time.perf_counter() - started)"""
PEAK = """import resource
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"""
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def answers(count: int) -> list[str]:
    """Answers of a class; every fifth one is wrong."""
    return [NET.format(units=11 if n % 5 == 4 else 10) for n in range(count)]


def job(student: str, answer: str) -> Job:
    """One submission for our engine."""
    cells = (
        Cell("context", IMPORTS, IMPORTS),
        Cell("solution", NET.format(units=10), STUB, answer),
        Cell("test", PARAMETERS, PARAMETERS, "", "parameters", 2.0),
        Cell("test", SHAPE, SHAPE, "", "shape", 1.0),
    )
    return Job(student, "light", "light", cells, weak=frozenset())


_nursery: Nursery | None = None


@dataclass(frozen=True)
class Measured:
    """One graded submission: points, seconds."""

    points: float
    seconds: float


def start_worker() -> None:
    """Warm up the worker's own nursery."""
    global _nursery
    _nursery = Nursery(Sandbox())
    grade(job("warm-up", answers(1)[0]), _nursery)


def work(one: Job) -> Measured:
    """Grade one submission."""
    assert _nursery is not None
    started = time.perf_counter()
    result = grade(one, _nursery)
    return Measured(result.points, time.perf_counter() - started)


def memory_of_work(one: Job) -> float:
    """Peak memory of this worker, in MiB, while it grades a submission."""
    with MemoryOf(os.getpid()) as memory:
        work(one)
    return memory.peak_mb


class MemoryOf:
    """Peak memory of a process and its descendants; shared pages count once.

    Counting costs the kernel much, so nothing is timed meanwhile.
    """

    def __init__(self, pid: int) -> None:
        self.peak_mb = 0.0
        self._pid, self._over = pid, threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            family = processes.family(self._pid)
            self.peak_mb = max(self.peak_mb, processes.proportional(family))

    def __enter__(self) -> "MemoryOf":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()


def ours(count: int, workers: int) -> tuple[float, list[Measured], float, list[float]]:
    """Wall time of a class, each of its submissions, seconds of one alone, memory.

    Memory is that of a worker after the class, three times.
    """
    jobs = [job(f"s{n}", answer) for n, answer in enumerate(answers(count))]
    with ProcessPoolExecutor(workers, initializer=start_worker) as pool:
        list(pool.map(work, jobs[:workers]))  # all workers are warm
        started = time.perf_counter()
        done = list(pool.map(work, jobs))
        wall = time.perf_counter() - started
        alone = min(pool.submit(work, jobs[0]).result().seconds for _ in range(3))
        memory = [pool.submit(memory_of_work, jobs[0]).result() for _ in range(3)]
    return wall, done, alone, memory


def overhead() -> tuple[float, float]:
    """Seconds of a training cell by its own clock, and those of grading it besides."""
    cells = (
        Cell("context", IMPORTS, IMPORTS),
        Cell("solution", TRAINING, STUB, TRAINING),
        Cell("test", "assert len(history.history['loss']) == 3", "", "", "q", 1.0),
    )
    with Nursery(Sandbox(threads=2)) as nursery:
        grade(job("warm-up", answers(1)[0]), nursery)
        result = grade(Job("s", "train", "train", cells, weak=frozenset()), nursery)
    (output,) = (o for o in result.outputs[1] if o.get("name") == "stdout")
    own = float(str(output["text"]).split()[-1])
    return own, result.seconds - own


def kernel_mb() -> float:
    """Peak resident memory of one plain kernel that runs the solution."""
    notebook = new_notebook(
        cells=[new_code_cell(text) for text in (IMPORTS, NET.format(units=10), PEAK)]
    )
    client = NotebookClient(notebook, timeout=300)
    done = client.execute()
    (output,) = (o for o in done.cells[-1].outputs if o.get("name") == "stdout")
    return float(output.text)


def plain(count: int) -> tuple[float, list[float]]:
    """Wall time and points of plain nbgrader."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        write_course(course, answers(count))
        # nbgrader calls `alembic`, which is beside Python whether or not on the path.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PATH": path}
        nbgrader = [sys.executable, "-m", "nbgrader"]
        quiet = {"cwd": course, "env": environment, "capture_output": True}
        subprocess.run([*nbgrader, "generate_assignment", "light"], check=True, **quiet)
        started = time.perf_counter()
        subprocess.run([*nbgrader, "autograde", "light"], check=False, **quiet)
        wall = time.perf_counter() - started
        return wall, _plain_points(course)


def write_course(course: Path, texts: list[str]) -> None:
    """A course folder in which somebody handed in each of these answers."""
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'bench'\n"
        "c.ExecutePreprocessor.timeout = 300\n"
    )
    write(course / "source/light/light.ipynb", NET.format(units=10), source=True)
    for nth, text in enumerate(texts):
        write(course / f"submitted/s{nth:04}/light/light.ipynb", text, source=False)


def write(path: Path, answer: str, *, source: bool) -> None:
    """The notebook of the assignment with an answer in it."""
    answer = f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION" if source else answer
    marks = [
        (IMPORTS, "imports", False, False, 0),
        (answer, "net", True, False, 0),
        (PARAMETERS, "parameters", False, True, 2),
        (SHAPE, "shape", False, True, 1),
    ]
    cells = []
    for text, name, solution, graded, points in marks:
        cell = new_code_cell(text)
        cell.metadata["nbgrader"] = {
            "schema_version": 3,
            "grade_id": name,
            "solution": solution,
            "grade": graded,
            "locked": not solution,
            "task": False,
            **({"points": points, "cell_type": "code"} if graded else {}),
        }
        cells.append(cell)
    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


def _plain_points(course: Path) -> list[float]:
    from nbgrader.api import Gradebook, MissingEntry

    points = []
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        for folder in sorted((course / "submitted").iterdir()):
            try:
                points.append(book.find_submission("light", folder.name).score)
            except MissingEntry:
                points.append(float("nan"))
    return points


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("submissions", type=int, nargs="?", default=20)
    parser.add_argument("--plain", type=int, default=3)
    given = parser.parse_args()
    workers = len(os.sched_getaffinity(0))
    if shutil.which("bwrap") is None:
        sys.exit("There is no bubblewrap on this machine; nothing was measured.")
    print(f"machine: {workers} cores, load before {os.getloadavg()[0]:.1f}")
    wall, done, alone, memory = ours(given.submissions, workers)
    each = wall / given.submissions
    kernel, peak = kernel_mb(), max(memory)
    print(f"ours: {given.submissions} in {wall:.1f} s, {each:.2f} s each")
    print(f"one alone, warm: {alone:.2f} s")
    print(f"points of ours: {[one.points for one in done]}")
    print(
        f"memory of a worker then: {peak:.0f} MiB; of a plain kernel: {kernel:.0f} MiB"
    )
    if len(done) >= 200:
        first, last = (
            sum(d.seconds for d in part) for part in (done[:100], done[-100:])
        )
        print(f"first hundred: {first:.1f} s, last hundred: {last:.1f} s")
    own, besides = overhead()
    print(f"a training cell of {own:.1f} s: {besides:.2f} s of grading besides")
    if given.plain:
        plain_wall, plain_points = plain(given.plain)
        plain_each = plain_wall / given.plain
        print(f"plain: {given.plain} in {plain_wall:.1f} s, {plain_each:.1f} s each")
        print(f"points of plain nbgrader: {plain_points}")
        print(f"throughput: {plain_each / each:.1f} times that of plain nbgrader")
    print(f"load after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
