"""What the book's own Sphinx extensions make of formulas, docstrings and settings."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book" / "_ext")!r})
sys.path.insert(0, ".")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
extensions += ["docstrings", "mathml", "repository"]
myst_enable_extensions = ["dollarmath", "amsmath"]
html_math_renderer = "mathml"
napoleon_google_docstring = napoleon_use_param = napoleon_use_rtype = False
html_theme = "sphinx_book_theme"
html_theme_options = {{"repository_url": "%s"}}
"""

MODULE = '''
def grow(image, times):
    """Make a picture larger.

    Parameters
    ----------
    image : array of shape (height, width)
        Grey values.
    times : how many times as large, a whole number
        of at least 1.

    Returns
    -------
    array of shape (times * height, times * width).

    Raises
    ------
    ValueError : if ``times`` is smaller
        than 1.
    """
'''

PAGE = """# A page

Inline $n - k + 1$, and by itself

$$
y = \\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}
$$

```{eval-rst}
.. autofunction:: growing.grow
```
"""


def build(folder: Path, repository: str = "") -> str:
    """Build a book of one page and return the page."""
    (folder / "conf.py").write_text(CONF % repository)
    (folder / "growing.py").write_text(MODULE)
    (folder / "index.md").write_text(PAGE)
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "."]
    done = subprocess.run([*command, "out"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return (folder / "out" / "index.html").read_text()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build(tmp_path_factory.mktemp("small"))


def test_formulas_become_mathml_and_no_script_is_asked_for(page: str) -> None:
    inline, block = re.findall("<math.*?</math>", page, flags=re.S)
    assert "<mi>k</mi>" in inline
    assert block.count("<mtd") == 4
    assert 'display="block"' in block
    assert "mathjax@" not in page.lower()


def test_a_docstrings_entries_are_read_whole(page: str) -> None:
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page))
    assert "image – array of shape (height, width). Grey values." in text
    assert "times – how many times as large, a whole number of at least 1." in text
    assert "array of shape (times * height, times * width)." in text
    assert "ValueError – if times is smaller than 1." in text


def test_without_an_address_there_are_no_buttons_that_need_one(page: str) -> None:
    assert "Suggest edit" not in page
    assert "Open issue" not in page


def test_one_address_brings_all_buttons(tmp_path: Path) -> None:
    page = build(tmp_path, "https://github.com/course/course")
    assert "https://github.com/course/course/edit/" in page
    assert "https://github.com/course/course/issues/new" in page
