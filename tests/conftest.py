"""What tests need from the machine: real pictures, a browser.

On a newcomer's machine a missing part skips the tests that need it and says why. Where
``CI`` is set a missing part fails them, so that a green run means that all of it ran.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure() -> None:
    """Let Ctrl-C reach the commands under test, also where a shell turned it off.

    A shell that runs in the background starts its commands with the signal ignored, and
    theirs inherit that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


def missing(what: str) -> None:
    """Skip the test, or fail it where everything must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}; in CI every part must be there.")
    pytest.skip(what)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder that holds the four real sets as ``<name>.npz``."""
    folder = os.environ.get("COURSE_DATA_DIR")
    names = ("mnist", "fashion_mnist", "cifar10", "cats_vs_dogs")
    if not folder or not all((Path(folder) / f"{name}.npz").exists() for name in names):
        missing("the four real image sets are not in $COURSE_DATA_DIR")
    return Path(str(folder))


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium that Playwright can drive."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        missing("no Chromium on this machine (Debian: apt-get install chromium)")
    return str(found)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser for all tests of a process: Playwright runs once in each."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield window
        window.close()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Show how many of the wrong answers to each question its tests have found."""
    reports = terminalreporter.stats
    lines = [
        str(text)
        for report in [*reports.get("passed", []), *reports.get("failed", [])]
        for name, text in report.user_properties
        if name == "kill rate" and report.when == "call"
    ]
    if lines:
        terminalreporter.section("kill rate")
        for line in lines:
            terminalreporter.write_line(line)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take minutes come first: the last of them would run alone."""
    items.sort(key=lambda item: item.get_closest_marker("thorough") is None)
