"""Tests of the assignments and of the answers to them."""

import pytest

# What the files here inherit shows its values when it fails, as they do.
pytest.register_assert_rewrite("tests.assignments.graders")
