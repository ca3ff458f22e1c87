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

    return _score_mistakes("precision", 1, "row", "pictures of the class")


def precision_mistakes() -> Mistakes:
    """Wrong precisions, as functions of the confusion matrix.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in precision_mistakes().items()}
    >>> wrong["recall"](np.array([[1, 1], [0, 1]]))
    array([0.5, 1. ])
    """
    return _score_mistakes("recall", 0, "column", "pictures called so")


def _score_mistakes(other: str, axis: int, line: str, these: str) -> Mistakes:
    """Wrong shares of what is right in a line of the matrix, which has these."""

    def share(matrix: Array, total: Any) -> Array:
        return np.asarray(np.diag(matrix) / np.maximum(total, 1))

    def right(matrix: Array) -> Array:
        return share(matrix, matrix.sum(axis=axis))

    divide = f"divide by the sum of the {line}"
    return {
        f"{other}: {divide}, which holds all {these}": lambda m: share(
            m, m.sum(axis=1 - axis)
        ),
        f"share of all pictures: {divide}": lambda m: share(m, m.sum()),
        f"counts: divide by the {these}": lambda m: np.diag(m),
        "mistakes: what is right lies on the diagonal": lambda m: 1 - right(m),
        "per cent: give shares from 0 to 1": lambda m: 100 * right(m),
        "divided into whole numbers: // makes 0 of all shares below 1; use /": (
            lambda m: np.diag(m) // np.maximum(m.sum(axis=axis), 1)
        ),
        f"against the mistakes: divide by all {these}, the right ones too": (
            lambda m: share(m, m.sum(axis=axis) - np.diag(m))
        ),
        f"whole {line}s: only the diagonal is right": _shares(axis),
    }


def most_confused(matrix: ArrayLike) -> tuple[int, int]:
    """Which class was taken for which other most often: (true, predicted).

    Parameters
    ----------
    matrix : integers, (classes, classes), a confusion matrix.

    Examples
    --------
    >>> most_confused([[9, 1], [3, 7]])
    (1, 0)
    """
    return _largest(_off_diagonal(np.asarray(matrix)))


def pair_mistakes() -> Mistakes:
    """Wrong most frequent mistakes, as functions of the confusion matrix.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in pair_mistakes().items()}
    >>> wrong["swapped"](np.array([[9, 1], [3, 7]]))
    (0, 1)
    """
    return {
        "the diagonal: what lies there is right; set it to 0 in a copy": _largest,
        "swapped: the true class, the row, comes first": lambda m: most_confused(m)[
            ::-1
        ],
        "both directions together: each of them is a mistake by itself": lambda m: (
            _largest(np.triu(_off_diagonal(m) + _off_diagonal(m).T))
        ),
        "largest share: count pictures, however many its class has": lambda m: _largest(
            _off_diagonal(m) / np.maximum(m.sum(axis=1, keepdims=True), 1)
        ),
        "row and column apart: what is missed most often need not be taken for what is"
        " named wrongly most often; look for the largest single number": lambda m: (
            int(_off_diagonal(m).sum(axis=1).argmax()),
            int(_off_diagonal(m).sum(axis=0).argmax()),
        ),
        "the rarest: look for the largest number": lambda m: _largest(
            -m - np.where(np.eye(len(m)) == 1, m.max() + 1, 0)
        ),
    }


def _off_diagonal(matrix: Array) -> Array:
    return np.asarray(matrix * (1 - np.eye(len(matrix), dtype=np.int64)))


def _largest(matrix: Array) -> tuple[int, int]:
    row, column = divmod(int(np.argmax(matrix)), matrix.shape[1])
    return row, column


def _shares(axis: int) -> Callable[[Array], Array]:
    return lambda m: m / np.maximum(m.sum(axis=axis, keepdims=True), 1)
