"""Arrays as the package takes them, or one sentence that says what is wrong."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.conv import InvalidInput


def numbers(values: ArrayLike, name: str) -> NDArray[Any]:
    """Return the values as an array of finite real numbers, and not an empty one.

    Examples
    --------
    >>> numbers([0.5, float("nan")], "weights")
    Traceback (most recent call last):
    course_utils.conv.InvalidInput: The weights hold NaN or infinity: find where they \
come from, or replace them, for example with np.nan_to_num.
    """
    try:
        array = np.asarray(values)
    except ValueError:
        raise InvalidInput(f"The {name} differ in shape: give one array.") from None
    if not array.size:
        raise InvalidInput(f"The {name} are empty: their shape is {array.shape}.")
    if array.dtype.kind not in "biuf":
        raise InvalidInput(
            f"The {name} must hold real numbers; their dtype is {array.dtype}."
        )
    if not np.isfinite(array).all():
        raise InvalidInput(
            f"The {name} hold NaN or infinity: find where they come from, or replace"
            " them, for example with np.nan_to_num."
        )
    return array


def class_numbers(values: ArrayLike, classes: int, name: str) -> NDArray[np.intp]:
    """Return one class number per picture, each from 0 to ``classes − 1``.

    Examples
    --------
    >>> class_numbers([0, 2], 2, "y_true")
    Traceback (most recent call last):
    course_utils.conv.InvalidInput: y_true holds class numbers from 0 to 2; with 2 \
classes they run from 0 to 1.
    """
    labels = numbers(values, f"labels {name}")
    if labels.ndim != 1 or labels.dtype.kind not in "bui":
        raise InvalidInput(
            f"{name} must hold one class number per picture; its shape is"
            f" {labels.shape} and its dtype {labels.dtype}: take .argmax(axis=1) of"
            " probabilities and of one-hot labels, [:, 0] of a column of labels."
        )
    if labels.min() < 0 or labels.max() >= classes:
        raise InvalidInput(
            f"{name} holds class numbers from {labels.min()} to {labels.max()};"
            f" with {classes} classes they run from 0 to {classes - 1}."
        )
    return labels.astype(np.intp)


def true_and_predicted(
    y_true: ArrayLike, y_pred: ArrayLike, classes: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the class numbers of as many pictures, true and predicted.

    Examples
    --------
    >>> true_and_predicted([0, 1, 1], [0, 1], 2)
    Traceback (most recent call last):
    course_utils.conv.InvalidInput: y_true has 3 labels and y_pred 2: give as many.
    """
    true = class_numbers(y_true, classes, "y_true")
    pred = class_numbers(y_pred, classes, "y_pred")
    if len(true) != len(pred):
        raise InvalidInput(
            f"y_true has {len(true)} labels and y_pred {len(pred)}: give as many."
        )
    return true, pred


def probabilities(values: ArrayLike, n: int, classes: int, remedy: str) -> NDArray[Any]:
    """Return probabilities of shape (n, classes) whose rows add up to 1.

    The remedy says what to do if they are logits.

    Examples
    --------
    >>> probabilities([[2.0, -1.0]], 1, 2, remedy="apply keras.ops.softmax")
    Traceback (most recent call last):
    course_utils.conv.InvalidInput: Probabilities lie in 0 to 1 and every row adds up \
to 1; these do not: if they are logits, apply keras.ops.softmax.
    """
    p = numbers(values, "probabilities")
    if p.shape != (n, classes):
        raise InvalidInput(
            f"Probabilities must have shape ({n}, {classes}), one row per picture and"
            f" one column per class; got {p.shape}."
        )
    if p.min() < 0 or not np.allclose(p.sum(axis=1), 1, atol=1e-3):
        raise InvalidInput(
            "Probabilities lie in 0 to 1 and every row adds up to 1; these do not: if"
            f" they are logits, {remedy}."
        )
    return p
