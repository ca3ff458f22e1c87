"""``course doctor``: what is on this machine, what is missing, how to get it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import typer

from course_utils.cli.output import AsJson, print_json, size, stdout, table
from course_utils.errors import CourseError

NEEDED = ("course-utils", "numpy", "matplotlib", "keras", "tensorflow", "nbclient")
DISK = 2e9  # bytes: the four sets, packed and unpacked
MEMORY = 4e9  # bytes: the largest chapter takes 3, a browser beside it 1


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for.

    ``needed`` is false for what only some commands use; ``remedy`` is empty when there
    is nothing to do.
    """

    name: str
    ok: bool
    found: str
    remedy: str = ""
    needed: bool = True


def doctor(json: AsJson = False) -> None:
    """Look at this machine: versions, data, disk, memory, tools.

    The exit code is 1 when something that every reader needs is missing.
    """
    findings = list(_findings())
    if json:
        print_json([asdict(finding) for finding in findings])
    else:
        _show(findings)
    if any(finding.needed and not finding.ok for finding in findings):
        raise typer.Exit(1)


def _show(findings: list[Finding]) -> None:
    from rich.text import Text

    shown = table("", "Part", "Found")
    for finding in findings:
        colour = "red" if finding.needed else "yellow"
        sign = Text("✓", "green") if finding.ok else Text("✗", colour)
        shown.add_row(sign, Text(finding.name), Text(finding.found))
    console = stdout()
    console.print(shown)
    for finding in findings:
        if finding.remedy:
            line = Text(f"{finding.name}: {finding.remedy}")
            console.print(line, soft_wrap=True)


def _findings() -> Iterator[Finding]:
    yield _python()
    for package in NEEDED:
        yield _package(package, "pip install course-utils")
    yield _package("nbgrader", 'pip install "course-utils[grading]"', needed=False)
    yield _kernel()
    yield from _sets()
    yield _disk()
    yield _memory()
    yield _bubblewrap()
    yield _chromium()


def _python() -> Finding:
    ok = sys.version_info >= (3, 11)
    remedy = "" if ok else "the course needs Python 3.11 or newer."
    return Finding("Python", ok, platform.python_version(), remedy)


def _package(name: str, install: str, *, needed: bool = True) -> Finding:
    try:
        return Finding(name, True, version(name), needed=needed)
    except PackageNotFoundError:
        return Finding(name, False, "missing", f"{install}", needed)


def _kernel() -> Finding:
    """A kernel for this Python: what notebooks run in."""
    try:
        found = version("ipykernel")
    except PackageNotFoundError:
        return Finding("Jupyter kernel", False, "missing", "pip install ipykernel")
    return Finding("Jupyter kernel", True, f"ipykernel {found}")


def _sets() -> Iterator[Finding]:
    from course_utils import data

    try:
        sets = data.status()
    except CourseError as error:
        yield Finding("image sets", False, "not looked for", str(error))
        return
    for one in sets:
        found = one.source if one.available and one.source else "not here"
        remedy = "" if one.available else f"{one.note}."
        yield Finding(one.name, one.available, found, remedy, needed=False)


def _disk() -> Finding:
    from course_utils.data.store import Store

    folder = Path(Store.from_environment().cache)
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    remedy = "" if free >= DISK else f"the image sets need {size(int(DISK))} there."
    return Finding("disk", free >= DISK, f"{size(free)} free in {folder}", remedy)


def _memory() -> Finding:
    if sys.platform == "win32":
        return Finding("memory", True, "not known on Windows", needed=False)
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    remedy = "" if total >= MEMORY else f"training needs {size(int(MEMORY))}."
    return Finding("memory", total >= MEMORY, size(total), remedy, needed=False)


def _bubblewrap() -> Finding:
    name = "bubblewrap"
    path = shutil.which("bwrap")
    if path is None:
        remedy = "it shuts students' code in while grading; apt-get install bubblewrap"
        return Finding(name, False, "missing", remedy, needed=False)
    command = [path, "--unshare-all", "--ro-bind", "/", "/", "true"]
    if _succeeds(command):
        return Finding(name, True, path, needed=False)
    remedy = "it cannot make namespaces here; allow unprivileged user namespaces."
    return Finding(name, False, "does not work here", remedy, needed=False)


def _chromium() -> Finding:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path:
        return Finding("Chromium", True, path, needed=False)
    remedy = "the tests of the book's pages use it; apt-get install chromium"
    return Finding("Chromium", False, "missing", remedy, needed=False)


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=10).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
