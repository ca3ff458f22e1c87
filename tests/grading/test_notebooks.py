"""Files that are no notebooks: one sentence each."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from course_utils.errors import CourseError
from course_utils.grading.notebooks import NotANotebook, read_notebook
from tests.grading import tiny

BAD = {
    "an empty file": (b"", "the file is empty"),
    "only blanks": (b" \n\n", "the file is empty"),
    "JSON cut off": (b'{"cells": [', "not valid JSON (line 1"),
    "a Python file": (b"import numpy\n", "not valid JSON (line 1"),
    "a list": (b"[1, 2]", "not a Jupyter notebook"),
    "a number": (b"NaN", "not a Jupyter notebook"),
    "other JSON": (b'{"name": "x"}', "not a Jupyter notebook"),
    "no cells": (b'{"nbformat": 4, "nbformat_minor": 5}', "Jupyter could open"),
    "cells of text": (
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ["x"]}',
        "Jupyter could open",
    ),
    "a future format": (b'{"nbformat": 99, "cells": []}', "Jupyter could open"),
    "a picture": (b"\x89PNG\r\n\xff\xfe", "not text in UTF-8"),
    "brackets without end": (b"[" * 100_000, "nested too deeply"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_notebook_is_named_in_one_sentence(
    name: str, tmp_path: Path
) -> None:
    content, problem = BAD[name]
    path = tmp_path / "handed_in.ipynb"
    path.write_bytes(content)
    with pytest.raises(NotANotebook) as caught:
        read_notebook(path)
    assert isinstance(caught.value, CourseError)
    assert problem in caught.value.problem
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotANotebook, match="no such file"):
        read_notebook(tmp_path / "missing.ipynb")
    with pytest.raises(NotANotebook, match="a folder"):
        read_notebook(tmp_path)


def test_an_old_notebook_is_read_as_version_4(tmp_path: Path) -> None:
    old = nbformat.v3.new_notebook(
        worksheets=[
            nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell("x = 1")])
        ]
    )
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps(old))
    notebook = read_notebook(path)
    assert notebook.nbformat == 4
    assert notebook.cells[0].source == "x = 1"


def test_a_good_notebook_comes_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "good.ipynb"
    nbformat.write(tiny.source(), path)
    assert read_notebook(path).cells == tiny.source().cells
