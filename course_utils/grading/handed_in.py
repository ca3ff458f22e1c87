"""Reading what a student handed in: any file, any damage, never an exception.

A notebook is read here without nbformat, whose validation drops a whole file over one
odd cell. Of each cell only what grading uses is kept: its kind, its text, the name that
nbgrader gave it and its id. Stored outputs are not even looked at.
"""

from __future__ import annotations

import ast
import codecs
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

MAX_BYTES = 256_000_000  # of one file, and of all that a zip file holds
MAX_MEMBERS = 2000
_LIKE_NOTEBOOKS = (".ipynb", ".json", ".txt", "")
_HIDDEN = ("__MACOSX", "__pycache__")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CELL_MARK = re.compile(r"^# (?:In ?\[[\d ]*\]:|%%.*)$", re.MULTILINE)


class Unreadable(Exception):
    """The file holds no notebook; the text says why, in a clause."""


@dataclass(frozen=True)
class HandedCell:
    """A cell as handed in.

    Parameters
    ----------
    kind : "code", "markdown" or "raw".
    source : its text, with plain line ends.
    grade_id : what the file says that nbgrader calls it, or "".
    id : its id in the file, or "".
    """

    kind: str
    source: str
    grade_id: str = ""
    id: str = ""


@dataclass(frozen=True)
class HandedIn:
    """The cells of one notebook, and what an instructor should know about the file.

    Parameters
    ----------
    cells : what could be read; None if nothing could.
    remarks : why nothing could be read, or which file was taken instead.
    file : name of the file that was taken, or "".
    """

    cells: tuple[HandedCell, ...] | None
    remarks: tuple[str, ...] = ()
    file: str = ""


Files = Mapping[str, bytes]


def read_folder(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """The files of a submission by relative path, those of a zip file among them.

    Links are not followed: a student could point one at anything.
    """
    files: dict[str, bytes] = {}
    remarks = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            remarks.append(f"{name} is a link and was left out")
        elif path.is_file() and not _hidden(name.split("/")):
            if path.stat().st_size > MAX_BYTES:
                remarks.append(f"{name} is larger than {MAX_BYTES // 10**6} MB")
            else:
                files[name] = path.read_bytes()
    for name in [name for name in files if name.lower().endswith(".zip")]:
        inside = _unzipped(files[name])
        if inside is None:
            remarks.append(f"{name} cannot be opened")
            continue
        del files[name]
        remarks.append(f"{name} was opened")
        files = {**inside, **files}
    return files, remarks


def find_notebook(name: str, known: frozenset[str], files: Files) -> HandedIn:
    """The notebook ``name`` among the files of a submission.

    The file of that name counts if it can be read whole; else the one with most of the
    assignment's cells, whatever its name; else a script.

    Parameters
    ----------
    name : name of the notebook without its suffix.
    known : grade_ids of its cells.
    files : from :func:`read_folder`; helper files of the assignment left out.
    """
    problem = ""
    found: list[tuple[tuple[int, ...], HandedIn]] = []
    for path, content in files.items():
        exact = path == f"{name}.ipynb"
        if not exact and PurePosixPath(path).suffix.lower() not in _LIKE_NOTEBOOKS:
            continue
        if not exact and not _begins_like_json(content):
            continue
        try:
            cells, damage = read_cells(content)
        except Unreadable as error:
            problem = str(error) if exact or not problem else problem
            continue
        familiar = len(known & {cell.grade_id for cell in cells})
        if exact or familiar or _only_notebook(files):
            remarks = _about(path, exact, damage)
            rank = (not damage, exact, familiar, len(cells))
            found.append((rank, HandedIn(cells, remarks, path)))
    if found:
        return max(found, key=lambda one: one[0])[1]
    script = _script(name, files)
    return script or HandedIn(None, (_nothing(name, problem, files),))


def read_cells(content: bytes) -> tuple[tuple[HandedCell, ...], str]:
    """The cells of a notebook file of any version.

    Returns
    -------
    The cells, and what is wrong with the file, or "".

    Raises
    ------
    Unreadable : if it holds no notebook.
    """
    text = _decoded(content)
    if not text.strip():
        raise Unreadable("the file is empty")
    damage = ""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        data = {"cells": list(_salvaged(text))}
        if not data["cells"]:
            where = f"line {error.lineno}"
            raise Unreadable(f"the file is not valid JSON ({where})") from None
        damage = f"it is cut off or damaged at line {error.lineno}"
    except (RecursionError, ValueError):
        raise Unreadable("the file is nested too deeply") from None
    cells = _cells_in(data)
    if cells is None:
        raise Unreadable("the file is JSON but not a Jupyter notebook")
    return tuple(_cell(one) for one in cells if isinstance(one, dict)), damage


def cells_of_script(text: str) -> tuple[HandedCell, ...]:
    """Cells of a Python script: at its marks of cells, else one per statement."""
    marked = _CELL_MARK.search(text)
    parts = _CELL_MARK.split(text) if marked else _statements(text)
    return tuple(HandedCell("code", part.strip()) for part in parts if part.strip())


def _cells_in(data: Any) -> list[Any] | None:
    """The list of cells, in version 4 or below."""
    if not isinstance(data, dict):
        return None
    if isinstance(data.get("cells"), list):
        return list(data["cells"])
    sheets = data.get("worksheets")
    if not isinstance(sheets, list):
        return None
    lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells]


def _cell(data: Mapping[str, Any]) -> HandedCell:
    source = _text(data.get("source", data.get("input")))
    kind = data.get("cell_type")
    if kind == "heading":
        level = data.get("level")
        depth = level if isinstance(level, int) and 0 < level < 7 else 1
        kind, source = "markdown", f"{'#' * depth} {source}"
    metadata = data.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    own = data.get("id")
    return HandedCell(
        kind if kind in ("code", "raw") else "markdown",
        source,
        name if isinstance(name, str) else "",
        own if isinstance(own, str) else "",
    )


def _text(source: Any) -> str:
    """Text of a cell, stored whole or as lines, that can be written anywhere."""
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return ""
    plain = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return plain.encode("utf-8", "replace").decode()


def _decoded(content: bytes) -> str:
    encoding = next(
        (name for mark, name in _MARKS if content.startswith(mark)), "utf-8"
    )
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode(encoding, "replace")
        if text.lstrip("\ufeff \r\n\t").startswith("{"):
            return text
        raise Unreadable("the file is not text in UTF-8") from None


def _salvaged(text: str) -> Iterator[Any]:
    """The whole cells of a file that breaks off."""
    start = re.search(r'"cells"\s*:\s*\[', text)
    decoder = json.JSONDecoder()
    position = start.end() if start else len(text)
    while True:
        brace = re.compile(r"[\s,]*").match(text, position)
        position = brace.end() if brace else position
        try:
            cell, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return
        yield cell


def _statements(text: str) -> list[str]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [text]
    return [ast.get_source_segment(text, node) or "" for node in map(_whole, tree.body)]


def _whole(node: ast.stmt) -> ast.stmt:
    """The statement with its decorators."""
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
    if decorators:
        node.lineno = min(one.lineno for one in decorators)
        node.col_offset = 0
    return node


def _script(name: str, files: Files) -> HandedIn | None:
    scripts = [path for path in files if path.lower().endswith(".py")]
    exact = [path for path in scripts if PurePosixPath(path).stem == name]
    chosen = exact or (scripts if len(scripts) == 1 else [])
    if not chosen:
        return None
    try:
        cells = cells_of_script(_text(_decoded(files[chosen[0]])))
    except Unreadable:
        return None
    remark = f"{chosen[0]} was handed in instead of a notebook"
    return HandedIn(cells, (remark,), chosen[0]) if cells else None


def _unzipped(content: bytes) -> dict[str, bytes] | None:
    """The files in a zip file, without the folder that holds them all."""
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if sum(one.file_size for one in members) > MAX_BYTES:
                return None
            for member in members[:MAX_MEMBERS]:
                parts = PurePosixPath(member.filename.replace("\\", "/")).parts
                if not _hidden(parts) and ".." not in parts and "/" not in parts:
                    files["/".join(parts)] = archive.read(member)
    except Exception:  # zipfile raises whatever it stumbles over
        return None
    folders = {path.split("/")[0] for path in files if "/" in path}
    if len(folders) == 1 and all("/" in path for path in files):
        return {path.split("/", 1)[1]: content for path, content in files.items()}
    return files


def _hidden(parts: Iterable[str]) -> bool:
    return any(part.startswith(".") or part in _HIDDEN for part in parts)


def _begins_like_json(content: bytes) -> bool:
    return b"{" in content[:64]


def _only_notebook(files: Files) -> bool:
    return sum(path.lower().endswith(".ipynb") for path in files) <= 1


def _about(path: str, exact: bool, damage: str) -> tuple[str, ...]:
    named = () if exact else (f"{path} was taken: the notebook has another name",)
    return (*named, f"{path}: {damage}; what is whole was graded") if damage else named


def _nothing(name: str, problem: str, files: Files) -> str:
    if problem:
        return f"not gradable: {problem}"
    listed = ", ".join(sorted(files)[:5])
    holds = f"the folder holds {listed}" if listed else "the folder is empty"
    return f"not gradable: {name}.ipynb is missing ({holds})"
