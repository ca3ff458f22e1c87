"""Files as students hand them in: whole, damaged, of another kind."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.grading.handed_in import (
    HandedCell,
    Unreadable,
    cells_of_script,
    find_notebook,
    read_cells,
    read_folder,
)
from tests.grading import tiny
from tests.grading.test_notebooks import BAD

TEXT = nbformat.writes(tiny.answered(tiny.source(), tiny.RIGHT))
KNOWN = frozenset({"double", "test_double", "mean", "test_mean", "words"})
ANSWERS = set(tiny.RIGHT.values())


def answers(cells: tuple[HandedCell, ...] | None) -> set[str]:
    """The right answers that are among the cells."""
    return ANSWERS & {cell.source for cell in cells or ()}


def version_3() -> str:
    """The notebook as IPython 2 wrote it."""
    cells: list[dict[str, Any]] = []
    for cell in tiny.answered(tiny.source(), tiny.RIGHT).cells:
        code = cell.cell_type == "code"
        extra = {"input": cell.source, "language": "python", "outputs": []}
        text = extra if code else {"source": cell.source.splitlines(keepends=True)}
        cells.append({"cell_type": cell.cell_type, "metadata": cell.metadata, **text})
    cells.append({"cell_type": "heading", "level": 2, "source": "End", "metadata": {}})
    sheets = [{"cells": cells, "metadata": {}}]
    return json.dumps({"nbformat": 3, "worksheets": sheets, "metadata": {}})


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.replace("\n", "\r\n").replace("\\n", "\\r\\n").encode(),
        version_3().encode(),
        TEXT.replace('"nbformat_minor": 5', '"nbformat_minor": 99').encode(),
        TEXT.replace('"id": ', '"id": 3, "was": ').encode(),
        TEXT.replace('"outputs": []', '"outputs": "none"').encode(),
        TEXT.replace('"metadata": {}', '"metadata": null').encode(),
    ],
    ids=(
        "as Jupyter writes it",
        "with a byte order mark",
        "UTF-16",
        "Windows line ends",
        "format 3",
        "a future minor format",
        "ids that are numbers",
        "outputs that are none",
        "no metadata",
    ),
)
def test_every_form_of_the_file_gives_the_answers(content: bytes) -> None:
    cells, damage = read_cells(content)
    assert answers(cells) == ANSWERS
    assert damage == ""


def test_a_megabyte_of_outputs_is_passed_over() -> None:
    notebook = tiny.answered(tiny.source(), tiny.RIGHT)
    text = {"output_type": "stream", "name": "stdout", "text": "x" * 10**6}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.from_dict(text)] * 10
    cells, _ = read_cells(nbformat.writes(notebook).encode())
    assert answers(cells) == ANSWERS


def test_of_a_file_that_breaks_off_the_whole_cells_are_read() -> None:
    cut = TEXT.index(json.dumps(tiny.RIGHT["words"])) + 5
    cells, damage = read_cells(TEXT[:cut].encode())
    assert answers(cells) == ANSWERS - {tiny.RIGHT["words"]}
    assert damage.startswith("it is cut off or damaged at line")


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_notebook_is_named(name: str) -> None:
    content, problem = BAD[name]
    if name in ("a future format", "cells of text"):
        assert read_cells(content)[0] == ()
        return
    with pytest.raises(Unreadable) as caught:
        read_cells(content)
    assert problem in str(caught.value) or problem == "Jupyter could open"


def test_text_that_no_file_can_hold_is_replaced() -> None:
    lone = '{"cells": [{"cell_type": "code", "source": "x = \'\\ud800\\u0000\'"}]}'
    ((cell,), _) = read_cells(lone.encode())
    assert cell.source == "x = '?'"


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    find_notebook("tiny", KNOWN, {"tiny.ipynb": content, "x.zip": content})


KEYS = "cells cell_type source metadata nbgrader grade_id worksheets input id level"
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS.split()),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(JSON, JSON)
def test_no_json_breaks_the_reader(cells: Any, sheets: Any) -> None:
    data = {"cells": cells, "worksheets": sheets, "nbformat": 4}
    found = find_notebook("tiny", KNOWN, {"tiny.ipynb": json.dumps(data).encode()})
    assert found.cells is not None or found.remarks[0].startswith("not gradable: ")


# Which file it is


def zipped(files: dict[str, str]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return memory.getvalue()


def handed(folder: Path, **files: str | bytes) -> tuple[set[str], tuple[str, ...]]:
    """Answers found in a folder with these files, and the remarks on them."""
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name.replace("__", ".")).write_bytes(data)
    read, remarks = read_folder(folder)
    found = find_notebook("tiny", KNOWN, read)
    return answers(found.cells), (*remarks, *found.remarks)


def test_the_file_of_the_right_name_is_taken_without_a_remark(tmp_path: Path) -> None:
    assert handed(tmp_path, tiny__ipynb=TEXT, other__ipynb="{}") == (ANSWERS, ())


@pytest.mark.parametrize(
    "name", ["final__ipynb", "tiny (1)__ipynb", "TINY__IPYNB", "tiny__json", "tiny"]
)
def test_another_name_is_found_and_said(name: str, tmp_path: Path) -> None:
    found, (remark,) = handed(tmp_path, **{name: TEXT, "notes__md": "x"})
    assert found == ANSWERS
    assert remark.endswith("was taken: the notebook has another name")


def test_a_whole_copy_goes_before_a_broken_file_of_the_right_name(
    tmp_path: Path,
) -> None:
    copies = {"tiny__ipynb": TEXT[:-300], "copy__ipynb": TEXT}
    found, (remark,) = handed(tmp_path, **copies)
    assert found == ANSWERS
    assert remark.startswith("copy.ipynb was taken")


def test_a_notebook_of_another_assignment_is_not_taken(tmp_path: Path) -> None:
    other = '{"cells": [{"cell_type": "code", "source": "x"}]}'
    copies = {"a__ipynb": other, "b__ipynb": other}
    found, (remark,) = handed(tmp_path, **copies)
    assert found == set()
    assert remark == (
        "not gradable: tiny.ipynb is missing (the folder holds a.ipynb, b.ipynb)"
    )


@pytest.mark.parametrize("inside", ["tiny.ipynb", "work/tiny.ipynb", "a\\tiny.ipynb"])
def test_a_zip_file_is_opened(inside: str, tmp_path: Path) -> None:
    archive = zipped({inside: TEXT, "__MACOSX/._tiny.ipynb": "x"})
    found, remarks = handed(tmp_path, work__zip=archive)
    assert found == ANSWERS
    assert remarks[0] == "work.zip was opened"


def test_a_zip_file_writes_nowhere_and_has_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = zipped({"../../outside.txt": "x", "/etc/passwd": "x"})
    assert handed(tmp_path, work__zip=archive)[0] == set()
    assert read_folder(tmp_path)[0] == {}
    monkeypatch.setattr("course_utils.grading.handed_in.MAX_BYTES", 500)
    (tmp_path / "work.zip").write_bytes(zipped({"tiny.ipynb": " " * 501})[:400])
    assert read_folder(tmp_path)[1] == ["work.zip cannot be opened"]


def test_a_script_gives_its_statements_or_its_cells(tmp_path: Path) -> None:
    code = [tiny.RIGHT["double"], tiny.RIGHT["mean"]]
    script = "\n\n".join(["import numpy as np", *code, "print(double(2))"])
    found, (remark,) = handed(tmp_path, tiny__py=script)
    assert found == set(code)
    assert remark == "tiny.py was handed in instead of a notebook"
    exported = "#!/usr/bin/env python\n# In[1]:\n\nx = 1\ny = 2\n\n# In[ ]:\n\nz = 3\n"
    assert [cell.source for cell in cells_of_script(exported)[1:]] == [
        "x = 1\ny = 2",
        "z = 3",
    ]
    decorated = "@print\ndef f():\n    pass"
    assert cells_of_script(decorated) == (HandedCell("code", decorated),)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(TEXT)
    folder = tmp_path / "submitted"
    folder.mkdir()
    (folder / "tiny.ipynb").symlink_to(tmp_path / "secret")
    assert read_folder(folder) == ({}, ["tiny.ipynb is a link and was left out"])
