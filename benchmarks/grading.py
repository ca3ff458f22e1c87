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
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_notebook

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


def start_worker() -> None:
    """Warm up the worker's own nursery."""
    global _nursery
    _nursery = Nursery(Sandbox())
    grade(job("warm-up", answers(1)[0]), _nursery)


def work(one: Job) -> tuple[float, float, float]:
    """Points, seconds and the peak memory of this worker's processes in MiB."""
    assert _nursery is not None
    started = time.perf_counter()
    result = grade(one, _nursery)
    return result.points, time.perf_counter() - started, result.memory_mb


def ours(count: int, workers: int) -> tuple[float, list[float], float, list[float]]:
    """Wall time of a class, time of each, peak memory, points."""
    jobs = [job(f"s{n}", answer) for n, answer in enumerate(answers(count))]
    with ProcessPoolExecutor(workers, initializer=start_worker) as pool:
        list(pool.map(work, jobs[:workers]))  # all workers are warm
        started = time.perf_counter()
        done = list(pool.map(work, jobs))
        wall = time.perf_counter() - started
        alone = [pool.submit(work, jobs[0]).result()[1] for _ in range(3)]
    points = [points for points, _, _ in done]
    return wall, alone, max(memory for *_, memory in done), points


def plain(count: int) -> tuple[float, list[float]]:
    """Wall time and points of plain nbgrader."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        _write_course(course, answers(count))
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        nbgrader = [sys.executable, "-m", "nbgrader"]
        quiet = {"cwd": course, "env": environment, "capture_output": True}
        subprocess.run([*nbgrader, "generate_assignment", "light"], check=True, **quiet)
        started = time.perf_counter()
        subprocess.run([*nbgrader, "autograde", "light"], check=False, **quiet)
        wall = time.perf_counter() - started
        return wall, _plain_points(course)


def _write_course(course: Path, texts: list[str]) -> None:
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'bench'\n"
        "c.ExecutePreprocessor.timeout = 300\n"
    )
    _write(course / "source/light/light.ipynb", NET.format(units=10), source=True)
    for nth, text in enumerate(texts):
        _write(course / f"submitted/s{nth:03}/light/light.ipynb", text, source=False)


def _write(path: Path, answer: str, *, source: bool) -> None:
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
    wall, alone, memory, points = ours(given.submissions, workers)
    each = wall / given.submissions
    print(f"machine: {workers} cores, load before and after {os.getloadavg()[0]:.1f}")
    print(f"ours: {given.submissions} in {wall:.1f} s, {each:.2f} s each")
    print(f"one alone, warm: {min(alone):.2f} s; student's peak {memory:.0f} MiB")
    print(f"points of ours: {points}")
    if given.plain:
        plain_wall, plain_points = plain(given.plain)
        plain_each = plain_wall / given.plain
        print(
            f"plain nbgrader: {given.plain} in {plain_wall:.1f} s, {plain_each:.1f} s"
        )
        print(f"points of plain nbgrader: {plain_points}")
        print(f"throughput: {plain_each / each:.1f} times that of plain nbgrader")
    print(f"memory of this process: {psutil.Process().memory_info().rss >> 20} MiB")


if __name__ == "__main__":
    main()
