"""A process that grades one submission after the other, as it is told on stdin.

One line of JSON in, one line of JSON out. It imports nbgrader once; students' kernels
are processes of their own, below this one.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path

from course_utils.grading.autograde import autograde
from course_utils.grading.course import Course
from course_utils.grading.execution import Limits


def main() -> None:
    """Grade until stdin ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a kernel prints must not mix with the answers
    course = Course.find(Path(sys.argv[1]))
    for line in sys.stdin:
        job = json.loads(line)
        result = autograde(
            course,
            job["assignment"],
            job["student"],
            Path(job["released"]),
            Limits(**job["limits"]),
        )
        print(json.dumps(result.as_dict()), file=answers, flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
