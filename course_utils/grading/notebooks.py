"""Reading a notebook that anybody may have written: whole, or one clear sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from course_utils.errors import CourseError


class NotANotebook(CourseError):
    """The file cannot be read as a notebook.

    ``problem`` says why in a clause that reads well after a colon.
    """

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}.")
        self.problem = problem


def read_notebook(path: Path) -> Any:
    """The notebook in ``path``, converted to version 4 of the format.

    Raises
    ------
    NotANotebook : if the file is missing, empty, not JSON or not a notebook.
    """
    text = _read_text(path)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        problem = f"the file is not valid JSON (line {error.lineno})"
        raise NotANotebook(path, problem) from None
    except RecursionError:
        raise NotANotebook(path, "the file is nested too deeply") from None
    if not isinstance(data, dict) or not isinstance(data.get("nbformat"), int):
        raise NotANotebook(path, "the file is JSON but not a Jupyter notebook")
    return _as_version_4(path, text)


def _read_text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotANotebook(path, "there is no such file") from None
    except IsADirectoryError:
        raise NotANotebook(path, "this is a folder, not a notebook") from None
    except UnicodeDecodeError:
        raise NotANotebook(path, "the file is not text in UTF-8") from None
    except OSError as error:
        problem = f"the file cannot be read ({error.strerror})"
        raise NotANotebook(path, problem) from None
    if not text.strip():
        raise NotANotebook(path, "the file is empty")
    return text


def _as_version_4(path: Path, text: str) -> Any:
    import nbformat  # two seconds: after the checks that need none of it

    try:
        notebook = nbformat.reads(text, as_version=4)
        kinds = [(cell.cell_type, cell.source + "") for cell in notebook.cells]
    except Exception as error:  # nbformat raises whatever it stumbles over
        problem = f"the file is not a notebook that Jupyter could open ({error!r})"
        raise NotANotebook(path, problem) from None
    if not all(kind in ("code", "markdown", "raw") for kind, _ in kinds):
        raise NotANotebook(path, "the notebook holds cells of an unknown kind")
    return notebook
