"""The buttons that need the address of the source: all of them, or none.

``repository: url:`` in ``_config.yml`` names it. Where it is empty, the place that the
clone came from is taken, so that a fork's pages lead to the fork. Jupyter Book stops
when a button is asked for and there is no address, so they are switched on here.
"""

import re
import subprocess
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

BUTTONS = ("use_repository_button", "use_edit_page_button", "use_issues_button")
LAUNCHERS = {
    "binderhub_url": "https://mybinder.org",
    "colab_url": "https://colab.research.google.com",
}
_HOSTS = r"github\.com|gitlab\.com|bitbucket\.org"
_ORIGIN = re.compile(
    rf"(?:https://(?:[^@/]+@)?|(?:ssh://)?git@)(?P<host>{_HOSTS})[:/]"
    r"(?P<path>[\w.-]+/[\w.-]+?)(?:\.git)?/?"
)


def public_address(origin: str) -> str:
    """Address of a repository's page from that of its clone; "" if it has none."""
    found = _ORIGIN.fullmatch(origin)
    return f"https://{found['host']}/{found['path']}" if found else ""


def origin(folder: Path) -> str:
    """Where the clone in a folder came from; "" if that is not known."""
    command = ["git", "-C", str(folder), "remote", "get-url", "origin"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return answer.stdout.strip()


def show_buttons(app: Sphinx, config: Config) -> None:
    """Switch the buttons on where the address is known."""
    options = config.html_theme_options
    address = options.get("repository_url") or public_address(origin(Path(app.srcdir)))
    if address:
        options.update(dict.fromkeys(BUTTONS, True), repository_url=address)
        options["launch_buttons"] = options.get("launch_buttons", {}) | LAUNCHERS


def setup(app: Sphinx) -> dict[str, bool]:
    """Look at the setting before the theme does."""
    app.connect("config-inited", show_buttons, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
