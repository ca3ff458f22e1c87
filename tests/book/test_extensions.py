"""What the book's own Sphinx extensions make of formulas, docstrings and settings."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from book._ext import repository
from tests.conftest import ROOT

CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book" / "_ext")!r})
sys.path.insert(0, ".")
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
extensions += ["docstrings", "mathml", "repository"]
myst_enable_extensions = ["dollarmath", "amsmath"]
nb_execution_mode = "off"
html_math_renderer = "mathml"
napoleon_google_docstring = napoleon_use_param = napoleon_use_rtype = False
html_theme = "sphinx_book_theme"
html_theme_options = {{"repository_url": "%s", "repository_branch": "main"}}
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

```{toctree}
chapter
```
"""


KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}


def build(folder: Path, repository: str = "") -> str:
    """Build a book of one page and return the page."""
    (folder / "conf.py").write_text(CONF % repository)
    (folder / "growing.py").write_text(MODULE)
    (folder / "index.md").write_text(PAGE)
    chapter = new_notebook(cells=[new_markdown_cell("# A chapter")], metadata=KERNEL)
    nbformat.write(chapter, folder / "chapter.ipynb")
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


@pytest.mark.parametrize(
    "origin",
    [
        "https://github.com/course/course",
        "https://github.com/course/course.git",
        "https://someone@github.com/course/course.git",
        "git@github.com:course/course.git",
        "ssh://git@github.com/course/course.git",
    ],
)
def test_a_clone_knows_the_public_page_it_came_from(origin: str) -> None:
    assert repository.public_address(origin) == "https://github.com/course/course"


@pytest.mark.parametrize(
    "origin", ["", "/srv/course", "https://example.org/course.git", "file:///course"]
)
def test_a_clone_of_a_private_place_has_no_public_page(origin: str) -> None:
    assert repository.public_address(origin) == ""


def test_a_clones_pages_lead_to_where_it_came_from(tmp_path: Path) -> None:
    address = "https://github.com/course/fork"
    for command in (["init", "-q"], ["remote", "add", "origin", f"{address}.git"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    assert f"{address}/issues/new" in build(tmp_path)


@pytest.fixture(scope="module")
def addressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("addressed")
    build(folder, "https://github.com/course/course")
    return folder / "out"


def test_one_address_brings_all_buttons(addressed: Path) -> None:
    page = (addressed / "index.html").read_text()
    assert "https://github.com/course/course/edit/" in page
    assert "https://github.com/course/course/issues/new" in page


def test_launch_and_download_buttons_open_the_chapter_itself(addressed: Path) -> None:
    page = (addressed / "chapter.html").read_text()
    links = re.findall(r'href="([^"]*)"', page)
    binder, colab = "mybinder.org/v2/gh", "colab.research.google.com/github"
    at = "course/course"
    assert f"https://{binder}/{at}/main?urlpath=tree/chapter.ipynb" in links
    assert f"https://{colab}/{at}/blob/main/chapter.ipynb" in links
    assert "_sources/chapter.ipynb" in links
