"""Submissions in, grades out: nbgrader's format and gradebook, one result per question.

``selfcheck`` and what it imports need no nbgrader and no Linux, so that a student can
run ``course check`` with the plain package anywhere; the others need the extra
``course-utils[grading]``.
"""
