"""Check confusion matrices, and what is read from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.checks import values

Array = NDArray[Any]
Mistakes = dict[str, Callable[..., object]]


def counts(y_true: ArrayLike, y_pred: ArrayLike, classes: int) -> Array:
    """How many pictures of each class were taken for each class.

    Parameters
    ----------
    y_true, y_pred : integers, (n,) or (n, 1).
    classes : how many there are.

    Returns
    -------
    integers, (classes, classes): the true class in rows, the predicted in columns.

    Examples
    --------
    >>> counts([0, 0, 1], [0, 1, 1], 2)
    array([[1, 1],
           [0, 1]])
    """
    rows, columns = (np.asarray(y).reshape(-1) for y in (y_true, y_pred))
    matrix = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(matrix, (rows, columns), 1)
    return matrix


def confusion_matrix(
    answer: object,
    y_true: ArrayLike,
    y_pred: ArrayLike,
    classes: int,
    *,
    name: str = "confusion_matrix",
    read: str | None = None,
) -> None:
    """Check a confusion matrix of counts: true classes in rows, predicted in columns.

    Parameters
    ----------
    answer : what the student's variable holds.
    y_true, y_pred : the labels that it is made from, integers.
    classes : how many there are.
    name : the variable.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it is another matrix; the message names the likely mistake.

    Examples
    --------
    >>> confusion_matrix([[1, 1], [0, 1]], [0, 0, 1], [0, 1, 1], 2)
    >>> try:
    ...     confusion_matrix([[1, 0], [1, 1]], [0, 0, 1], [0, 1, 1], 2)
    ... except AssertionError as failure:
    ...     print(str(failure).splitlines()[-1])
    Likely mistake: rows and columns swapped. The true class picks the row, the \
predicted one the column.
    """
    __tracebackhide__ = True
    mistakes = {
        text: wrong(y_true, y_pred, classes)
        for text, wrong in confusion_mistakes().items()
    }
    expected = counts(y_true, y_pred, classes)
    values.array(answer, expected, name=name, mistakes=mistakes, read=read)


def confusion_mistakes() -> Mistakes:
    """Wrong confusion matrices, as functions of (y_true, y_pred, classes).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in confusion_mistakes().items()}
    >>> wrong["only what is right"]([0, 0, 1], [0, 1, 1], 2)
    array([[1, 0],
           [0, 1]])
    """

    def of(change: Callable[[Array], Array]) -> Callable[..., object]:
        return lambda y_true, y_pred, classes: change(counts(y_true, y_pred, classes))

    def only_once(y_true: ArrayLike, y_pred: ArrayLike, classes: int) -> Array:
        return np.minimum(counts(y_true, y_pred, classes), 1)

    def seen_classes(y_true: ArrayLike, y_pred: ArrayLike, classes: int) -> Array:
        known = np.union1d(np.asarray(y_true), np.asarray(y_pred)).astype(int)
        matrix = counts(y_true, y_pred, classes)
        return np.asarray(matrix[np.ix_(known, known)])

    return {
        "rows and columns swapped: the true class picks the row, the predicted one the"
        " column": of(lambda m: m.T),
        "counted once: += on an array takes each place once, however often it is named;"
        " count in a loop, or use np.add.at": only_once,
        "only what is right: a picture taken for another class counts, too": of(
            lambda m: np.diag(np.diag(m))
        ),
        "only what is wrong: the pictures that are right belong on the diagonal": of(
            lambda m: m - np.diag(np.diag(m))
        ),
        "shares of the rows: give numbers of pictures": of(_shares(1)),
        "shares of the columns: give numbers of pictures": of(_shares(0)),
        "shares of all: give numbers of pictures": of(lambda m: m / max(m.sum(), 1)),
        "classes left out: a class that no picture has gets a row and a column of"
        " zeros": seen_classes,
        "last class forgotten: the matrix is classes × classes": of(
            lambda m: m[:-1, :-1]
        ),
        "flattened: give it rows and columns": of(lambda m: m.reshape(-1)),
    }


def recall_mistakes() -> Mistakes:
    """Wrong recalls, as functions of the confusion matrix.

    Examples
    --------
    >>> precision = recall_mistakes()["precision: divide by the sum of the row, which"
    ...     " holds all pictures of the class"]
    >>> precision(np.array([[1, 1], [0, 1]]))
    array([1. , 0.5])
    """

    def share(matrix: Array, total: Any) -> Array:
        return np.asarray(np.diag(matrix) / np.maximum(total, 1))

    return {
        "precision: divide by the sum of the row, which holds all pictures of the"
        " class": lambda m: share(m, m.sum(axis=0)),
        "share of all pictures: divide by the sum of the row": lambda m: share(
            m, m.sum()
        ),
        "counts: divide by the pictures of the class": lambda m: np.diag(m),
        "mistakes: what is right lies on the diagonal": lambda m: (
            1 - share(m, m.sum(axis=1))
        ),
        "per cent: give shares from 0 to 1": lambda m: 100 * share(m, m.sum(axis=1)),
        "divided into whole numbers: // makes 0 of all shares below 1; use /": (
            lambda m: np.diag(m) // np.maximum(m.sum(axis=1), 1)
        ),
        "against the mistakes: divide by all pictures of the class, the right ones"
        " too": lambda m: share(m, m.sum(axis=1) - np.diag(m)),
        "whole rows: only the diagonal is right": lambda m: (
            m / np.maximum(m.sum(axis=1, keepdims=True), 1)
        ),
    }


def _shares(axis: int) -> Callable[[Array], Array]:
    return lambda m: m / np.maximum(m.sum(axis=axis, keepdims=True), 1)
