"""Runs submissions: student code in a sandbox, tests in a second, trusted process.

``jobs`` is what goes in, ``verdicts`` what comes out, ``grader`` what happens between.
"""
