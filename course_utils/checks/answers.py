"""Answers as plain data: what may be compared, and how to name it in a message.

An answer is copied into a plain NumPy array or a plain Python value before anything is
compared, so that neither a subclass nor an object with methods of its own has a say in
the comparison.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHOWN = 36  # values that a message shows in full
_TEXT = 60  # characters of a text that a message shows


class Unusable(Exception):
    """An answer that cannot be compared with numbers; the text says what it is."""


def as_numbers(answer: object) -> NDArray[Any]:
    """The answer as a plain array of booleans, integers or floats.

    Raises
    ------
    Unusable : if it is nothing of the kind, for example None or a list of rows of
        different length.

    Examples
    --------
    >>> as_numbers([[1, 2], [3, 4]])
    array([[1, 2],
           [3, 4]])
    >>> as_numbers([[1, 2], [3]])
    Traceback (most recent call last):
    course_utils.checks.answers.Unusable: a list whose rows differ in length
    """
    if answer is None or answer is Ellipsis or isinstance(answer, str | dict | set):
        raise Unusable(describe(answer))
    try:
        array = np.asarray(answer)
    except Exception:
        if type(answer) in (list, tuple):
            raise Unusable(f"a {_type(answer)} whose rows differ in length") from None
        raise Unusable(describe(answer)) from None
    if array.dtype.kind not in "buif":
        raise Unusable(describe(answer))
    return array


def describe(answer: object) -> str:
    """A few words for any answer, short whatever its size.

    Examples
    --------
    >>> import numpy as np
    >>> print(describe(np.zeros((4, 5))))
    a 4×5 array of float64
    >>> print(describe("vertical"), describe(2.5), describe(None))
    'vertical' 2.5 None
    >>> print(describe([0.25] * 6))
    a list of 6 items
    """
    if isinstance(answer, np.ndarray):
        return f"a {size(answer.shape)} array of {answer.dtype}"
    if answer is None or type(answer) in (bool, int, float, str, np.str_):
        text = repr(answer) if not isinstance(answer, np.str_) else repr(str(answer))
        return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"
    if answer is Ellipsis:
        return "still `...`"
    if type(answer) in (tuple, list):
        if len(_items(answer)) > 4:
            return f"a {_type(answer)} of {len(_items(answer))} items"
        inner = ", ".join(describe(item) for item in _items(answer))
        return f"({inner})" if type(answer) is tuple else f"[{inner}]"
    if isinstance(answer, np.generic):
        return f"{answer} ({answer.dtype})"
    return f"an object of type {_type(answer)}"


def show(answer: object) -> str:
    """The answer itself if it is small, else a few words for it.

    Examples
    --------
    >>> print(show(1881600.0), show((1.5, 2.0)))
    1881600 (1.5, 2)
    >>> print(show([[1.0, 0.25], [3.0, 4.0]]))
    [[1.   0.25]
     [3.   4.  ]]
    """
    if isinstance(answer, np.ndarray) and answer.dtype.kind == "U":
        return describe(answer.tolist())
    try:
        array = as_numbers(answer)
    except Unusable:
        return describe(answer)
    if array.size > SHOWN:
        return describe(array)
    if array.ndim == 0:
        return _number(array.item())
    if array.ndim == 1:
        return f"({', '.join(map(_number, array.tolist()))})"
    if (array == np.trunc(array)).all() and (abs(array) < 2**53).all():
        array = array.astype(np.int64)  # 24 rather than 24.
    else:  # 0 rather than -0. for what is nothing but rounding
        array = np.where(abs(array) < 1e-9 * np.abs(array).max(), 0.0, array)
    return np.array2string(array, precision=4, suppress_small=True)


def _number(number: float) -> str:
    """All digits of a whole number, six of any other."""
    whole = abs(number) < 2**53 and number == int(number)
    return str(int(number)) if whole else f"{number:.6g}"


def size(shape: Sequence[int]) -> str:
    """A shape in words.

    Examples
    --------
    >>> print(size((4, 5)), size((7,)), size(()), sep=", ")
    4×5, 7-element, 0-dimensional
    """
    if len(shape) == 0:
        return "0-dimensional"
    return f"{shape[0]}-element" if len(shape) == 1 else "×".join(map(str, shape))


def _items(answer: object) -> Sequence[object]:
    assert isinstance(answer, tuple | list)
    return answer


def _type(answer: object) -> str:
    return type(answer).__name__
