"""What a net's mistakes have in common: counts, the pairs it confuses, class by class.

Everything here is NumPy and takes class numbers. `plotting` shows the same as figures.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.arrays import true_and_predicted
from course_utils.conv import InvalidInput
from course_utils.tables import Cells, Table


def confusion_matrix(
    y_true: ArrayLike, y_pred: ArrayLike, classes: Sequence[str]
) -> NDArray[np.intp]:
    """Count how many pictures of each class were taken for each class.

    Parameters
    ----------
    y_true, y_pred : integer arrays of shape (n,)
        Class numbers, 0 to len(classes) − 1.
    classes : sequence of str
        Names of the classes.

    Returns
    -------
    integer array of shape (len(classes), len(classes)): the true class in rows, the
    predicted one in columns.

    Raises
    ------
    InvalidInput
        If the labels are not class numbers, or differ in number.

    Examples
    --------
    >>> confusion_matrix([0, 0, 1], [0, 1, 1], ("cat", "dog"))
    array([[1, 1],
           [0, 1]])
    """
    k = len(classes)
    true, pred = true_and_predicted(y_true, y_pred, k)
    return np.bincount(true * k + pred, minlength=k * k).reshape(k, k)


@dataclass(frozen=True)
class ConfusedPair:
    """One kind of mistake: a class that was taken for another one.

    Attributes
    ----------
    true, predicted : names of the classes.
    cell : their class numbers: row and column of the confusion matrix.
    count : how many pictures were taken so.
    support : how many pictures of the true class there are.
    """

    true: str
    predicted: str
    cell: tuple[int, int]
    count: int
    support: int

    @property
    def share(self) -> float:
        """Share of the pictures of the true class that were taken so, 0 to 1."""
        return self.count / self.support


@dataclass(frozen=True, repr=False)
class ConfusedPairs(Table[ConfusedPair]):
    """Kinds of mistakes, the most frequent first; a notebook shows them as a table.

    Attributes
    ----------
    rows : one `ConfusedPair` for each kind.
    """

    rows: tuple[ConfusedPair, ...]
    _names = 2

    def __getitem__(self, place: int) -> ConfusedPair:
        """Find the kind of mistake at this place, from 0 for the most frequent."""
        return self.rows[place]

    def _cells(self) -> tuple[Cells, list[Cells], list[Cells]]:
        body: list[Cells] = [
            [row.true, row.predicted, f"{row.count:,}", f"{row.share:.1%}"]
            for row in self.rows
        ]
        return ["class", "taken for", "pictures", "of its class"], body, []


def most_confused(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    classes: Sequence[str],
    *,
    limit: int | None = None,
) -> ConfusedPairs:
    """List which class was taken for which other, the most frequent mistake first.

    Two classes that are mixed up both ways stand in the list twice: each direction is
    a cell of the confusion matrix. Where two are as frequent, the order is that of the
    classes.

    Parameters
    ----------
    y_true, y_pred, classes
        As for `confusion_matrix`.
    limit : int, optional
        How many to list at most; all that occur if left out.

    Returns
    -------
    ConfusedPairs

    Raises
    ------
    InvalidInput
        If the labels are not class numbers, differ in number, or the limit is below 1.

    Examples
    --------
    >>> pairs = most_confused([0, 0, 0, 1, 1], [1, 1, 0, 0, 1], ("cat", "dog"))
    >>> pairs
    class  taken for  pictures  of its class
    cat    dog               2         66.7%
    dog    cat               1         50.0%
    >>> pairs[0].count
    2
    """
    if limit is not None and limit < 1:
        raise InvalidInput(f"limit must be a whole number of at least 1; got {limit}.")
    counts = confusion_matrix(y_true, y_pred, classes)
    support = counts.sum(axis=1)
    np.fill_diagonal(counts, 0)
    order = np.argsort(-counts, axis=None, kind="stable")[: np.count_nonzero(counts)]
    cells = [divmod(int(place), len(classes)) for place in order[:limit]]
    return ConfusedPairs(
        tuple(
            ConfusedPair(
                true=classes[i],
                predicted=classes[j],
                cell=(i, j),
                count=int(counts[i, j]),
                support=int(support[i]),
            )
            for i, j in cells
        )
    )


@dataclass(frozen=True)
class ClassRow:
    """How well one class was found.

    Attributes
    ----------
    name : of the class.
    precision : share of the pictures taken for the class that are of it, 0 to 1; NaN
        if none was.
    recall : share of the class's pictures that were taken for it, 0 to 1; NaN if there
        are none.
    f1 : harmonic mean of the two, 0 if nothing was right; NaN if there are no pictures
        of the class and none was taken for it.
    support : how many pictures of the class there are.
    """

    name: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, repr=False)
class ClassTable(Table[ClassRow]):
    """How well each class was found; a notebook shows it as a table.

    Attributes
    ----------
    rows : one `ClassRow` for each class, in their order.
    """

    rows: tuple[ClassRow, ...]

    def __getitem__(self, name: str) -> ClassRow:
        """Find the row of the class with this name."""
        found = [row for row in self.rows if row.name == name]
        if not found:
            raise InvalidInput(
                f"There is no class {name!r}; the classes are"
                f" {', '.join(row.name for row in self.rows)}."
            )
        return found[0]

    @property
    def mean(self) -> ClassRow:
        """Means over the classes, whatever their sizes, and the number of pictures.

        A mean is NaN where the value of one class is.
        """
        scores = np.array([(row.precision, row.recall, row.f1) for row in self.rows])
        precision, recall, f1 = map(float, scores.mean(axis=0))
        support = sum(row.support for row in self.rows)
        return ClassRow("mean", precision, recall, f1, support)

    def _cells(self) -> tuple[Cells, list[Cells], list[Cells]]:
        lines: list[Cells] = [
            [
                row.name,
                *(
                    "–" if math.isnan(score) else f"{score:.1%}"
                    for score in (row.precision, row.recall, row.f1)
                ),
                f"{row.support:,}",
            ]
            for row in (*self.rows, self.mean)
        ]
        heads = "class", "precision", "recall", "F1", "support"
        return heads, lines[:-1], lines[-1:]


def class_table(
    y_true: ArrayLike, y_pred: ArrayLike, classes: Sequence[str]
) -> ClassTable:
    """List precision, recall, F1 and support of every class, and their means.

    With TP pictures of a class that were found, FP that were taken for it and are not,
    and FN that were missed: precision = TP / (TP + FP), recall = TP / (TP + FN),
    F1 = 2 TP / (2 TP + FP + FN). What would be 0 / 0 is NaN, and a dash in the table.

    Parameters
    ----------
    y_true, y_pred, classes
        As for `confusion_matrix`.

    Returns
    -------
    ClassTable

    Raises
    ------
    InvalidInput
        If the labels are not class numbers, or differ in number.

    References
    ----------
    C. J. van Rijsbergen, *Information Retrieval*, 2nd edition (1979), chapter 7.

    Examples
    --------
    >>> table = class_table([0, 0, 0, 1, 1], [1, 0, 0, 0, 1], ("cat", "dog"))
    >>> table
    class  precision  recall     F1  support
    cat        66.7%   66.7%  66.7%        3
    dog        50.0%   50.0%  50.0%        2
    mean       58.3%   58.3%  58.3%        5
    >>> table["dog"].recall
    0.5
    """
    counts = confusion_matrix(y_true, y_pred, classes)
    found, taken, there = counts.diagonal(), counts.sum(axis=0), counts.sum(axis=1)
    return ClassTable(
        tuple(
            ClassRow(
                name=name,
                precision=_ratio(found[i], taken[i]),
                recall=_ratio(found[i], there[i]),
                f1=_ratio(2 * found[i], taken[i] + there[i]),
                support=int(there[i]),
            )
            for i, name in enumerate(classes)
        )
    )


def _ratio(part: np.intp, whole: np.intp) -> float:
    return float(part / whole) if whole else math.nan
