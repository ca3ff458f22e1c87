"""What of a run goes into the book: results, and nothing of the machine or the day."""

import hashlib
import os
import re
import sys
from pathlib import Path

from nbformat import NotebookNode

from course_utils.errors import CourseError

_WIDGET = "application/vnd.jupyter.widget-view+json"

# What editors and services write into cells; none of it changes a page or a run.
_OF_NO_USE = (
    "ExecuteTime",
    "collapsed",
    "colab",
    "execution",
    "id",
    "outputId",
    "papermill",
    "pycharm",
    "scrolled",
    "trusted",
    "vscode",
)


def tidy_outputs(cell: NotebookNode) -> str:
    """Drop from a cell that has run what the book does not show.

    That is what it wrote to stderr (progress bars and warnings), unless its metadata
    say ``"mystnb": {"output_stderr": "show"}``, and widgets, which need a kernel.

    Returns
    -------
    The text that was dropped from stderr.

    Raises
    ------
    CourseError : if an output names a folder of this machine.
    """
    wanted = cell.metadata.get("mystnb", {}).get("output_stderr") == "show"
    kept, dropped = [], []
    for output in cell.outputs:
        stderr = output.output_type == "stream" and output.name == "stderr"
        if stderr and not wanted:
            dropped.append(output.text)
        elif _WIDGET not in output.get("data", {}):
            kept.append(output)
    for output in kept:
        if output.output_type == "error":
            output.traceback = [_without_folders(line) for line in output.traceback]
        elif output.output_type == "stream" and output.name == "stderr":
            output.text = _without_folders(output.text)
        else:
            _refuse_folders(output)
        output.get("metadata", {}).pop("needs_background", None)
    cell.outputs = kept
    return "".join(dropped)


def tidy_metadata(notebook: NotebookNode) -> None:
    """Give a notebook the same metadata whoever ran it, and an id to every cell."""
    for position, cell in enumerate(notebook.cells):
        for key in _OF_NO_USE:
            cell.metadata.pop(key, None)
        if "id" not in cell:
            content = f"{position} {cell.source}"
            cell["id"] = hashlib.sha256(content.encode()).hexdigest()[:8]
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata.pop("widgets", None)
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    notebook.metadata["language_info"] = {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    }


def _folders() -> dict[str, str]:
    """Folders of this machine, the inner ones first, and what may stand for them."""
    named = {
        sys.prefix: ".venv",
        str(Path.cwd()): ".",
        str(Path.home()): "~",
        os.environ.get("COURSE_DATA_DIR", ""): "$COURSE_DATA_DIR",
        os.environ.get("COURSE_CACHE_DIR", ""): "$COURSE_CACHE_DIR",
    }
    named = {folder: name for folder, name in named.items() if len(folder) > 1}
    return dict(sorted(named.items(), key=lambda item: -len(item[0])))


def _in_text(folder: str) -> str:
    """A pattern for a folder that is not the beginning or the end of another name."""
    return rf"(?<![\w.]){re.escape(folder)}(?![\w.-])"


def _without_folders(text: str) -> str:
    text = re.sub(r"\S*/ipykernel_\d+/\d+\.py", "cell", text)
    for folder, name in _folders().items():
        text = re.sub(_in_text(folder), name, text)
    return text


def _refuse_folders(output: NotebookNode) -> None:
    texts = [output.get("text", "")]
    texts += [text for kind, text in output.get("data", {}).items() if "text" in kind]
    for folder in _folders():
        if re.search(_in_text(folder), "\n".join(map(str, texts))):
            raise CourseError(
                f"shows the folder {folder} of this machine; show the path relative to "
                "a folder that every reader has, or only its name."
            )
