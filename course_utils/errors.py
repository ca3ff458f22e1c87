"""The error that every command turns into one sentence instead of a traceback."""


class CourseError(Exception):
    """Something a user can put right: what is wrong, where, and what to do."""
