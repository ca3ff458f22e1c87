"""The buttons that need the address of the source: all of them, or none.

``repository: url:`` in ``_config.yml`` is the one setting. Jupyter Book stops when a
button is asked for and the address is empty, so the buttons are switched on here.
"""

from sphinx.application import Sphinx
from sphinx.config import Config

BUTTONS = ("use_repository_button", "use_edit_page_button", "use_issues_button")
LAUNCHERS = {
    "binderhub_url": "https://mybinder.org",
    "colab_url": "https://colab.research.google.com",
}


def show_buttons(app: Sphinx, config: Config) -> None:
    """Switch the buttons on where the address is known."""
    options = config.html_theme_options
    if options.get("repository_url"):
        options.update(dict.fromkeys(BUTTONS, True))
        options["launch_buttons"] = options.get("launch_buttons", {}) | LAUNCHERS


def setup(app: Sphinx) -> dict[str, bool]:
    """Look at the setting before the theme does."""
    app.connect("config-inited", show_buttons, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
