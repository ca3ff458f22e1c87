"""What :func:`course_utils.data.load` returns."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]
Labels = NDArray[np.uint8]

ORIGINS = {
    "file": "from a file",
    "download": "downloaded",
    "drawn": "drawn stand-ins, not the real pictures",
}


@dataclass(frozen=True, eq=False)
class Arrays:
    """The four arrays of a set.

    Attributes
    ----------
    x_train, x_test : images, uint8, (n, height, width) or (n, height, width, 3),
        from 0 to 255.
    y_train, y_test : labels, uint8, (n,), counted from 0.
    """

    x_train: Images
    y_train: Labels
    x_test: Images
    y_test: Labels

    def items(self) -> list[tuple[str, NDArray[np.uint8]]]:
        """Name and array, training before test, images before labels."""
        return [(key, getattr(self, key)) for key in KEYS]


KEYS = tuple(field.name for field in fields(Arrays))
"""The names of the four arrays, in order."""


@dataclass(frozen=True, repr=False, eq=False)
class Dataset(Arrays):
    """An image set, ready to use.

    The arrays are maps of files on the disk: they take memory only where they are
    looked at, and cannot be written to. A calculation such as ``x_train / 255`` makes
    an ordinary array.

    Attributes
    ----------
    x_train, x_test : images, uint8, (n, height, width) or (n, height, width, 3),
        from 0 to 255.
    y_train, y_test : labels, uint8, (n,), counted from 0.
    classes : the name of each label, in order.
    name : "mnist", "fashion_mnist", "cifar10" or "cats_vs_dogs".
    source : "file", "download" or "drawn" (stand-ins, not the real pictures).

    Examples
    --------
    >>> x, y = np.zeros((4, 32, 32, 3), np.uint8), np.zeros(4, np.uint8)
    >>> Dataset(x, y, x[:2], y[:2], ("cat", "dog"), "pets", "file")
    <pets: 4 training and 2 test images of 32×32×3, 2 classes; from a file>
    """

    classes: tuple[str, ...]
    name: str
    source: str

    def __repr__(self) -> str:
        size = "×".join(str(n) for n in self.x_train.shape[1:])
        return (
            f"<{self.name}: {len(self.x_train):,} training and {len(self.x_test):,} "
            f"test images of {size}, {len(self.classes)} classes; "
            f"{ORIGINS[self.source]}>"
        )
