"""Submissions in, grades out: nbgrader's format and gradebook, one result per question.

``notebooks``, ``cells``, ``execution`` and ``verdicts`` need no nbgrader, so that a
student can run ``course check`` with the plain package; the others need the extra
``course-utils[grading]``.
"""
