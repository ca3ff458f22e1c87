"""The book as its readers get it: built, served and open in a browser."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import yaml
from playwright.sync_api import Browser, Page

from tests.conftest import ROOT


def pages() -> list[str]:
    """The pages that the table of contents names, without a suffix."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    files = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    return [str(Path(name).with_suffix("")) for name in [toc["root"], *files]]


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build the book into ``folder`` as `make book` does; any warning is an error."""
    program = Path(sys.executable).with_name("jupyter-book")
    command = [str(program), "build", str(ROOT)]
    command += ["-W", "-n", "--keep-going", "--path-output", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free local port; gives its address."""
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Visit:
    """One page in a browser that reaches nothing but the book.

    Attributes
    ----------
    page : the open page.
    faults : what went wrong while it loaded: console errors and failed requests, those
        to other hosts among them.
    """

    def __init__(self, page: Page, address: str, name: str) -> None:
        self.page = page
        self.faults: list[str] = []
        self._address = address
        page.route(self._outside, lambda route: route.abort())
        page.on("requestfailed", lambda request: self.faults.append(request.url))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self.faults.append(message.text) if message.type == "error" else None
            ),
        )
        page.goto(f"{address}/{name}.html", wait_until="networkidle")

    def _outside(self, url: str) -> bool:
        return not re.match(f"{self._address}/|data:|blob:", url)


@contextmanager
def visit(
    browser: Browser, address: str, name: str, *, width: int = 1440
) -> Iterator[Visit]:
    """Open a page of the book in a window of its own."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    try:
        yield Visit(context.new_page(), address, name)
    finally:
        context.close()
