"""A process that grades one job after the other, as it is told on stdin.

One line of JSON in, one line of JSON out. It holds one nursery: the warm process from
which students' kernels and checkers are forked.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import shutil
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock

from course_utils.data.store import Store
from course_utils.errors import CourseError
from course_utils.grading.engine.grader import grade, survey
from course_utils.grading.engine.jobs import Job, Limits
from course_utils.grading.engine.sandbox import Sandbox
from course_utils.grading.engine.selftest import self_test
from course_utils.grading.engine.warm import Infrastructure, Nursery
from course_utils.grading.environment import prepare_data, software

WARM = (
    *("matplotlib.pyplot", "pandas", "scipy", "sklearn", "keras", "tensorflow"),
    *("course_utils.data", "course_utils.checks", "course_utils.plotting"),
)


@dataclass(frozen=True)
class Setting:
    """How a worker starts what students wrote.

    Parameters
    ----------
    sandboxed : False to run it with all the rights of the instructor.
    sets : names of the image sets that the notebooks read.
    env : variables that say where they come from.
    threads : of numerical libraries, in each process.
    preload : modules that the warm process imports, besides NumPy.
    """

    sandboxed: bool = True
    sets: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    threads: int = 1
    preload: tuple[str, ...] = ()

    def nursery(self) -> Nursery:
        """A nursery as it is set here."""
        os.environ.update(self.env)
        folders = prepare_data(self.sets).folders
        sandbox = Sandbox(self.sandboxed, folders, self.threads)
        return Nursery(sandbox, preload=("numpy", *self.preload))


def main() -> None:
    """Grade until stdin ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not mix with the answers
    threading.Thread(target=_end_with, args=[os.getppid()], daemon=True).start()
    setting = Setting(**json.loads(sys.argv[1]))
    with setting.nursery() as nursery:
        print(json.dumps(_ready(nursery, setting)), file=answers, flush=True)
        for line in sys.stdin:
            task = json.loads(line)
            print(json.dumps(_done(task, nursery)), file=answers, flush=True)


def _ready(nursery: Nursery, setting: Setting) -> dict[str, Any]:
    """Start the warm process, twice if need be, and try whether the sandbox holds."""
    why = ""
    for _ in range(2):
        try:
            nursery.start("student", Limits()).close()
            if setting.sandboxed:
                _prove(nursery)
            return {"ready": os.getpid()}
        except (CourseError, Infrastructure) as error:
            nursery.close()
            why = str(error)
    return {"refused": why}


def _prove(nursery: Nursery) -> None:
    """Test the sandbox, once for each state of this machine."""
    program = Path(shutil.which("bwrap") or "/").stat()
    state = [software(), platform.version(), os.getuid(), program.st_mtime_ns]
    digest = hashlib.sha256(json.dumps(state).encode()).hexdigest()[:16]
    passed = Store.from_environment().cache / "sandbox" / f"{digest}.passed"
    passed.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(passed.with_suffix(".lock")):
        if not passed.exists():
            promises = self_test(nursery)
            passed.write_text("\n".join(promise.name for promise in promises) + "\n")


def _done(task: Mapping[str, Any], nursery: Nursery) -> Any:
    job = Job.from_json(task["job"])
    if task["what"] == "survey":
        return survey(job, nursery).to_json()
    return grade(job, nursery).to_json()


def _end_with(parent: int) -> None:
    """End when the process that gives the orders does, however it ends."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
