"""``python -m course_utils.cli`` is ``course``."""

from course_utils.cli import main

main()
