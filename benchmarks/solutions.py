"""How long one submission to each assignment takes to grade: the author's own.

    COURSE_DATA_DIR=<folder> python benchmarks/solutions.py [assignment …]

Each solution is handed in by a student called solution and graded by `course grade`,
on the real pictures and on the drawn ones. The seconds are those that it reports for
the submission. What the assignments share, such as unpacking a set, is left out. The
table is kept in ``book/solutions_table.txt``; rows of other assignments stay.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.grading.course import CONFIG, Course
from course_utils.grading.generate import release
from course_utils.publishing.files import replace_text

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "book" / "solutions_table.txt"
HEAD = ["| assignment | real, s | drawn, s | MiB |", "|---|---:|---:|---:|"]


def graded(course: Path, name: str, source: str) -> tuple[float, int]:
    """Seconds and MiB of the one submission, which has to get all its points.

    Parameters
    ----------
    course : the course folder.
    name : the assignment.
    source : "real" or "drawn".

    Raises
    ------
    CourseError : if it cannot be graded, or a test fails.
    """
    env = {key: value for key, value in os.environ.items() if key != "COURSE_DATA"}
    env |= {"COURSE_DATA": "drawn"} if source == "drawn" else {}
    line = [sys.executable, "-m", "course_utils.cli", "grade", name, "--json"]
    done = subprocess.run(
        line, cwd=course, env=env, stdout=subprocess.PIPE, check=False
    )
    if done.returncode:
        raise CourseError(f"{name}, {source}: course grade ended with an error.")
    [found] = json.loads(done.stdout)["submissions"]
    lost = [
        question["question"]
        for question in found["questions"]
        if question["reason"] not in ("passed", "by_hand")
    ]
    if lost:
        raise CourseError(f"{name}, {source}: the solution fails {', '.join(lost)}.")
    memory = max(question["memory_mb"] or 0 for question in found["questions"])
    return found["seconds"], memory


def measured(name: str) -> str:
    """The row of an assignment."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        shutil.copy(ROOT / CONFIG, course)
        for place in ("solutions", "submitted/solution"):
            shutil.copytree(ROOT / "solutions" / name, course / place / name)
        release(Course.find(course), name)
        real, memory = graded(course, name, "real")
        drawn, _ = graded(course, name, "drawn")
    return f"| {name} | {real:.0f} | {drawn:.0f} | {memory} |"


def main() -> None:
    """Measure what was asked for, and write each row at once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    every = sorted(path.name for path in (ROOT / "solutions").iterdir())
    parser.add_argument("names", nargs="*", choices=[[], *every], metavar="assignment")
    for name in parser.parse_args().names or every:
        kept = TABLE.read_text("utf-8").splitlines()[2:] if TABLE.exists() else []
        rows = {row.split(" | ")[0].removeprefix("| "): row for row in kept}
        rows[name] = measured(name)
        print(rows[name], flush=True)
        table = [*HEAD, *(rows[one] for one in sorted(rows)), ""]
        replace_text(TABLE, "\n".join(table))


if __name__ == "__main__":
    try:
        main()
    except CourseError as error:
        sys.exit(str(error))
