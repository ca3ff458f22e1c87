"""The cell by which a chapter that is opened in Colab gets the course's package.

Colab opens a notebook straight from the repository and has nothing of the course but
that notebook. So where the repository has a public address, ``repository: url:`` in
``_config.yml``, each chapter begins with a cell that installs the package from there.
Pages do not show the cell, and anywhere else it does nothing.
"""

from pathlib import Path

import nbformat
import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

TAG = "colab"
_CODE = """\
if "google.colab" in str(get_ipython()):
    %pip install --quiet "course-utils @ git+{address}"\
"""


def repository_address(book: Path) -> str:
    """The address that the book's configuration gives its repository; "" for none."""
    path = book.resolve().parent / "_config.yml"
    if not path.exists():
        return ""
    settings = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return str((settings.get("repository") or {}).get("url") or "")


def is_install_cell(cell: NotebookNode) -> bool:
    """Whether a cell is there for Colab; what a chapter's run stores leaves it out."""
    return TAG in list(cell.metadata.get("tags", []))


def with_install_cell(notebook: NotebookNode, address: str) -> NotebookNode:
    """A copy of the notebook that begins as Colab needs it.

    Parameters
    ----------
    notebook : a chapter, with such a cell or without one.
    address : of the repository; "" takes the cell away.
    """
    changed: NotebookNode = nbformat.from_dict(dict(notebook))
    changed.cells = [cell for cell in notebook.cells if not is_install_cell(cell)]
    if address:
        cell = new_code_cell(_CODE.format(address=address), id=TAG)
        cell.metadata["tags"] = [TAG, "remove-cell"]
        changed.cells.insert(0, cell)
    return changed
