"""A publisher's server for the tests of the data package."""

from collections.abc import Iterator

import pytest

from tests.data import server


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[server.Publisher]:
    """A server on this machine, reached without any proxy."""
    monkeypatch.setenv("NO_PROXY", "*")
    with server.running() as running:
        yield running


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's own settings do not reach the tests."""
    for name in ("COURSE_DATA", "COURSE_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
