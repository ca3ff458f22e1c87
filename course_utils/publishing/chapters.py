"""The book's notebooks: finding them, reading them, storing outputs in them."""

import hashlib
import json
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils import data
from course_utils.errors import CourseError
from course_utils.publishing.colab import is_install_cell, with_install_cell
from course_utils.publishing.files import replace_text
from course_utils.publishing.tidying import tidy_metadata


def chapters(book: Path) -> dict[str, Path]:
    """Every chapter of the book by name, in the book's order.

    Raises
    ------
    CourseError : if the folder holds none.
    """
    found = {path.stem: path for path in sorted(book.glob("[0-9]*.ipynb"))}
    if not found:
        raise CourseError(
            f"There is no chapter in {book}; run this in the project's folder, or name "
            "the book's with --book."
        )
    return found


def chosen(book: Path, names: list[str]) -> dict[str, Path]:
    """The chapters that ``names`` name, by full name or beginning; all if it is empty.

    Raises
    ------
    CourseError : if a name fits no chapter, or more than one.
    """
    every = chapters(book)
    picked: dict[str, Path] = {}
    for name in names or every:
        wanted = Path(name).name.removesuffix(".ipynb")
        fits = [chapter for chapter in every if chapter.startswith(wanted)]
        if wanted in every:
            fits = [wanted]
        if len(fits) != 1:
            raise CourseError(
                f"“{name}” names {len(fits) or 'no'} chapter{'s' if fits else ''}; "
                f"the chapters are {', '.join(every)}."
            )
        picked[fits[0]] = every[fits[0]]
    return picked


def read(path: Path) -> NotebookNode:
    """A notebook as nbformat 4.

    Raises
    ------
    CourseError : if the file is not a notebook.
    """
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except (ValueError, TypeError, AttributeError, nbformat.ValidationError) as error:
        raise CourseError(
            f"{path} is not a notebook; open it in Jupyter and save it, or restore it "
            "from the history."
        ) from error
    return notebook


def is_code(cell: NotebookNode) -> bool:
    """Whether a run of the chapter has something to run in this cell."""
    filled = cell.cell_type == "code" and bool(cell.source.strip())
    return filled and not is_install_cell(cell)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells that a kernel runs."""
    return [cell for cell in notebook.cells if is_code(cell)]


def fingerprint(notebook: NotebookNode) -> str:
    """A name for what a run depends on: the code and its tags, not the prose.

    Returns
    -------
    16 hexadecimal digits, the beginning of a SHA-256.
    """
    content = [
        [cell.source, sorted(cell.metadata.get("tags", []))]
        for cell in code_cells(notebook)
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def image_sets(notebook: NotebookNode) -> list[str]:
    """Names of the image sets that the notebook's code loads."""
    code = "\n".join(cell.source for cell in code_cells(notebook))
    named = {name for name in data.NAMES if re.search(rf"(['\"]){name}\1", code)}
    if "photo_folder" in code:
        named.add("cats_vs_dogs")
    return sorted(named)


def prepare_for_colab(path: Path, address: str) -> None:
    """Let the chapter at ``path`` install the package from ``address`` in Colab.

    ``address`` is the repository's; "" takes that cell away. A chapter that is already
    so is not written.
    """
    notebook = read(path)
    prepared = with_install_cell(notebook, address)
    if prepared != notebook:
        replace_text(path, nbformat.writes(prepared).rstrip("\n") + "\n")


def store_outputs(path: Path, ran: NotebookNode) -> None:
    """Put the outputs of ``ran`` into the notebook at ``path``, in one step.

    The text may have been edited while the cells ran; it stays as it is now.

    Raises
    ------
    CourseError : if the code at ``path`` is no longer the code that ran.
    """
    current = read(path)
    if fingerprint(current) != fingerprint(ran):
        raise CourseError(
            f"The code of {path} was edited while it ran, so the outputs were not "
            "stored; publish it again."
        )
    pairs = zip(code_cells(current), code_cells(ran), strict=True)
    for count, (cell, done) in enumerate(pairs, start=1):
        cell.outputs = done.outputs
        cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
    tidy_metadata(current)
    nbformat.validate(current)
    replace_text(path, nbformat.writes(current).rstrip("\n") + "\n")
