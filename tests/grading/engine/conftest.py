"""Nurseries that all tests of the engine share: starting one takes seconds."""

import shutil
from collections.abc import Iterator

import pytest

from course_utils.grading.engine.sandbox import Sandbox
from course_utils.grading.engine.warm import Nursery
from tests.conftest import missing


@pytest.fixture(scope="session")
def sandbox() -> Sandbox:
    """The sandbox of this machine."""
    if shutil.which("bwrap") is None:
        missing("no bubblewrap on this machine (Debian: apt-get install bubblewrap)")
    return Sandbox()


@pytest.fixture(scope="session")
def nursery(sandbox: Sandbox) -> Iterator[Nursery]:
    """Confined processes with NumPy and Matplotlib, forked from a warm one."""
    with Nursery(sandbox, preload=("numpy", "matplotlib.pyplot")) as warm:
        yield warm


@pytest.fixture(scope="session")
def keras_nursery(sandbox: Sandbox) -> Iterator[Nursery]:
    """Confined processes that have Keras and TensorFlow too."""
    with Nursery(sandbox) as warm:
        yield warm
