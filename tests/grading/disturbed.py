"""Grades the class in a folder; the tests run it as a process to kill.

python -m tests.grading.disturbed FOLDER [--force]
"""

import sys
from contextlib import closing
from pathlib import Path

from course_utils.grading.classroom import Classroom, Wishes
from course_utils.grading.course import Course
from course_utils.grading.engine.jobs import Limits
from course_utils.grading.schedule import LocalPool

LIMITS = Limits(cell_seconds=60, memory_mb=1000)


def main() -> None:
    """Grade in two workers, as `course grade` does."""
    course = Course.find(Path(sys.argv[1]))
    wishes = Wishes(limits=LIMITS, force="--force" in sys.argv)
    with (
        Classroom(course, "tiny", wishes) as room,
        closing(LocalPool(room.setting, 2, course.log)) as pool,
    ):
        room.survey(pool)
        results = room.grade(pool)
    for result in results:
        print(result.student, [question.points for question in result.questions])


if __name__ == "__main__":
    main()
