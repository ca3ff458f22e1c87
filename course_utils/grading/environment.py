"""What a grade depends on besides the notebook: software, and the data sets."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import site
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

import course_utils
from course_utils.data import NAMES
from course_utils.data.catalogue import find
from course_utils.data.store import PHOTOS, Store


@cache
def software() -> str:
    """Digest of Python, the installed packages and the code of this one."""
    # Some packages put copies of others on `sys.path` when they are imported.
    places = [*site.getsitepackages(), site.getusersitepackages()]
    packages = {
        str(one.metadata["Name"]): one.version
        for one in distributions(path=places)
        if one.metadata["Name"]
    }
    own = hashlib.sha256()
    top = Path(course_utils.__file__).parent
    for path in sorted(top.rglob("*.py")):
        own.update(path.relative_to(top).as_posix().encode() + path.read_bytes())
    facts = [platform.python_version(), packages, own.hexdigest()]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Data:
    """The image sets that an assignment reads.

    Parameters
    ----------
    folders : environment variable → folder, for the sandbox.
    digest : changes when the sets do; "" if there are none.
    words : what tells another machine to prepare the same.
    """

    folders: dict[str, Path] = field(default_factory=dict)
    digest: str = ""
    words: tuple[str, ...] = ()


def prepare_data(texts: Iterable[str]) -> Data:
    """Unpack the image sets that are named in some texts, and put them side by side.

    Students' processes see these sets and no others, unpacked and read-only, in the
    place where ``data.load`` looks for what it has downloaded.

    Raises
    ------
    CourseError : if one of them cannot be had; without it nobody's answer could be
        judged.
    """
    text = "\n".join(texts)
    names = [name for name in NAMES if re.search(rf"\b{name}\b", text)]
    if not names:
        return Data()
    store = Store.from_environment()
    keys = {}
    for name in names:
        store.fetch(name)
        if name == PHOTOS and "photo_folder" in text:
            store.photo_folder()
        keys[name] = store.choose(find(name, store.catalogue)).key
    digest = hashlib.sha256(json.dumps(keys, sort_keys=True).encode()).hexdigest()
    folder = store.cache / "grading" / digest[:16]
    if not folder.is_dir():
        _link(store, names, folder)
    words = (*names, *(["photo_folder"] if "photo_folder" in text else []))
    return Data({"COURSE_CACHE_DIR": folder}, digest, words)


def _link(store: Store, names: list[str], folder: Path) -> None:
    """Hard links to the unpacked sets, under the name that needs no .npz file."""
    half = folder.with_name(f".{folder.name}-{os.getpid()}")
    for name in names:
        image_set = find(name, store.catalogue)
        source = store.choose(image_set)
        key = source.key if source.kind == "drawn" else "download"
        unpacked = store.prepared(image_set, source)
        shutil.copytree(unpacked, half / name / key, copy_function=_hard_link)
    if folder.is_dir():  # another process was quicker
        shutil.rmtree(half)
    else:
        half.rename(folder)


def _hard_link(source: str, target: str) -> str:
    os.link(source, target)
    return target
