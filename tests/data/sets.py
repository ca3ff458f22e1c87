"""Small image sets for tests, and what makes them available in one way or another."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.data import arrays
from course_utils.data.catalogue import CATS_VS_DOGS, MNIST, ImageSet
from course_utils.data.dataset import Arrays
from course_utils.data.download import Patience, PublishedFile
from course_utils.data.store import Store
from course_utils.errors import CourseError
from tests.data.server import Publisher

ONCE = Patience(connect=5, read=30, retries=0)


def made(n_train: int = 40, n_test: int = 20, seed: int = 0) -> Arrays:
    """Digits-sized noise with ten balanced classes."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (n_train + n_test, 28, 28), np.uint8)
    labels = np.arange(n_train + n_test, dtype=np.uint8) % 10
    return Arrays(
        images[:n_train], labels[:n_train], images[n_train:], labels[n_train:]
    )


def npz(content: Arrays) -> bytes:
    """The bytes of an ``.npz`` file."""
    file = io.BytesIO()
    np.savez(file, **dict(content.items()))
    return file.getvalue()


UNPACKED = {"x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"}
SMALL = made()
SMALL_NPZ = npz(SMALL)


def small_set(url: str = "http://127.0.0.1:9") -> ImageSet:
    """MNIST as it would be with 40 + 20 images of noise."""
    checksum = f"sha256:{hashlib.sha256(SMALL_NPZ).hexdigest()}"
    return replace(
        MNIST,
        n_train=40,
        n_test=20,
        digest=arrays.digest(SMALL),
        files=(PublishedFile(f"{url}/mnist.npz", checksum, len(SMALL_NPZ)),),
    )


def small_store(
    folder: Path, publisher: Publisher | None = None, **kwargs: Any
) -> Store:
    """A store in a temporary folder that knows only the small set."""
    image_set = small_set(publisher.url) if publisher else small_set()
    catalogue = {"mnist": image_set}
    options: dict[str, Any] = {"catalogue": catalogue, "patience": ONCE, **kwargs}
    return Store(cache=folder / "cache", **options)


def small_pets() -> ImageSet:
    """Cats and dogs, six for training and four for testing."""
    return replace(CATS_VS_DOGS, n_train=6, n_test=4)


def with_file(folder: Path, content: bytes = SMALL_NPZ, name: str = "mnist") -> Path:
    """A folder for ``COURSE_DATA_DIR`` that holds the small set."""
    folder = folder / "files"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.npz").write_bytes(content)
    return folder


def same(a: Arrays, b: Arrays) -> bool:
    """All four arrays are equal."""
    pairs = zip(a.items(), b.items(), strict=True)
    return all(np.array_equal(x, y) for (_, x), (_, y) in pairs)


def visible(folder: Path) -> set[str]:
    """All files under a folder but locks, relative to it."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)) for p in files if p.name != "lock"}


def forkserver() -> ForkServerContext:
    """Real processes that start fast: forked from one that has imported the package."""
    context = get_context("forkserver")
    # Each process would import these by itself: pytest as the main module, mmap when
    # NumPy first needs it, by which time a test may have dropped its privileges.
    modules = ["tests.data.sets", "pytest", "pooch", "requests", "tqdm.auto", "mmap"]
    context.set_forkserver_preload(modules)
    return context


def processes(workers: int) -> ProcessPoolExecutor:
    """A pool of such processes."""
    return ProcessPoolExecutor(workers, mp_context=forkserver())


def in_a_process(function: Callable[..., Any], *args: Any) -> Any:
    """Call a function in a process of its own; its error is raised here."""
    with processes(1) as pool:
        return pool.submit(function, *args).result()


def try_to_load(store: Store) -> int | str:
    """The sum of the training pixels, or the error's sentence."""
    try:
        return int(store.load("mnist", progress=False).x_train.sum())
    except CourseError as error:
        return str(error)
