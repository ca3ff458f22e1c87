"""Check how a set of pictures is divided into a training and a validation part.

A right division is not one array but any of many, so the checks here look at what every
right one has: no row twice, none lost, each class in its share.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.checks.answers import Unusable, as_numbers, describe
from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import fail
from course_utils.checks.functions import called

Array = NDArray[Any]
Function = Callable[..., Any]


def divided(
    split: Function, y: Array, share: float, *, seed: int, read: str | None = None
) -> None:
    """Check that a split loses no row, names none twice, and has the size asked for.

    Parameters
    ----------
    split : the student's function of (y, share, seed); it returns the rows of the
        training part and those of the validation part.
    y : labels, (n,).
    share : of the validation part.
    seed : handed on.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it is no such split; the message says why.

    Examples
    --------
    >>> def first_rows(y, share, seed):
    ...     cut = int(share * len(y))
    ...     return np.arange(cut, len(y)), np.arange(cut)
    >>> divided(first_rows, np.arange(20) % 2, 0.2, seed=0)
    """
    __tracebackhide__ = True
    train, val = _parts(split, y, share, seed, read)
    facts = {"Input": f"{len(y)} labels, share {share}, seed {seed}"}
    _require_each_once(train, val, len(y), facts, read)
    wanted = round(share * len(y))
    facts |= {"Expected": f"{len(y) - wanted} and {wanted} rows"}
    facts["Yours"] = f"{len(train)} and {len(val)} rows"
    if len(train) + len(val) < len(y):
        problem = f"Your function loses {len(y) - len(train) - len(val)} rows."
        raise fail(problem, facts=facts, read=read)
    classes = len(np.unique(y))
    if abs(len(val) - wanted) < classes:
        return
    swapped = abs(len(train) - wanted) < classes
    raise fail(
        "Your function makes parts of the wrong size.",
        facts=facts,
        mistake=_SWAPPED if swapped else None,
        read=read,
    )


def _require_each_once(
    train: Array, val: Array, n: int, facts: dict[str, str], read: str | None
) -> None:
    """Fail if a row is none of n, or named more than once."""
    __tracebackhide__ = True
    both = np.concatenate([train, val])
    if len(both) and (both.min() < 0 or both.max() >= n):
        yours = {"Yours": f"rows from {both.min()} to {both.max()}"}
        problem = "Your function names rows that are not there."
        raise fail(problem, facts=facts | yours)
    twice = len(both) - len(np.unique(both))
    in_both = len(np.intersect1d(train, val))
    if in_both:
        problem = "Your function puts rows into both parts."
        shared = {"In both": f"{in_both} rows"}
        raise fail(problem, facts=facts | shared, mistake=_LEAKS, read=read)
    if twice:
        problem = f"Your function names {twice} rows more than once."
        raise fail(problem, facts=facts, mistake=_REPLACED, read=read)


def stratified(
    split: Function, y: Array, share: float, *, seed: int, read: str | None = None
) -> None:
    """Check that a split keeps the classes' shares and draws its rows by the seed.

    Parameters
    ----------
    split, y, share, seed, read : as for `divided`.

    Raises
    ------
    CheckFailed : if a class has more or fewer rows in the validation part than its
        share, or the rows are not drawn at random; the message says why.

    Examples
    --------
    >>> def first_rows(y, share, seed):
    ...     cut = int(share * len(y))
    ...     return np.arange(cut, len(y)), np.arange(cut)
    >>> try:
    ...     stratified(first_rows, np.repeat([0, 1], [90, 10]), 0.2, seed=3)
    ... except AssertionError as failure:
    ...     print(str(failure).splitlines()[0])
    Your function does not keep the shares of the classes.
    """
    __tracebackhide__ = True
    divided(split, y, share, seed=seed, read=read)
    _, val = _parts(split, y, share, seed, read)
    values, counts = np.unique(y, return_counts=True)
    exact = share * counts
    got = np.array([np.sum(y[val] == value) for value in values])
    if (np.abs(got - exact) >= 1).any():
        _, other = _parts(split, y, share, seed + 1, read)
        raise fail(
            "Your function does not keep the shares of the classes.",
            facts={
                "Input": f"labels of {len(values)} classes, share {share}, seed {seed}",
                "Expected": f"({', '.join(f'{n:.4g}' for n in exact)}) of each,"
                " rounded up or down",
                "Yours": f"({', '.join(map(str, got))})",
            },
            mistake=_not_stratified(y, (val, other)),
            read=read,
        )
    _require_random(split, y, share, seed, read)


def families_apart(
    split: Function,
    keys: Array,
    y: Array,
    share: float,
    *,
    seed: int,
    read: str | None = None,
) -> None:
    """Check that a split leaves together what belongs together, and keeps the shares.

    Parameters
    ----------
    split : the student's function of (keys, y, share, seed); it returns the rows of the
        training part and those of the validation part.
    keys : integers, (n,); rows of the same key are a family, of one class.
    y : labels, (n,).
    share : of the families of each class that belong to the validation part.
    seed : handed on.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if a row is lost or named twice, a family is torn apart, a class gives
        more or fewer families than its share, or they are not drawn by the seed.

    Examples
    --------
    >>> def by_hand(keys, y, share, seed):
    ...     held = np.array([5, 7]) if seed % 2 else np.array([6, 8])
    ...     return np.flatnonzero(~np.isin(keys, held)), np.flatnonzero(
    ...         np.isin(keys, held))
    >>> keys, y = np.array([5, 6, 7, 8, 5]), np.array([0, 0, 1, 1, 0])
    >>> families_apart(by_hand, keys, y, 0.5, seed=0)
    """
    __tracebackhide__ = True
    bound = partial(split, keys)  # no frame of ours in a student's traceback
    train, val = _parts(bound, y, share, seed, read)
    facts = {"Input": f"{len(y)} rows, share {share}, seed {seed}"}
    _require_each_once(train, val, len(y), facts, read)
    if len(train) + len(val) < len(y):
        problem = f"Your function loses {len(y) - len(train) - len(val)} rows."
        raise fail(problem, facts=facts, read=read)
    torn = np.intersect1d(keys[train], keys[val])
    if len(torn):
        problem = f"Your function tears {len(torn)} families apart."
        raise fail(problem, facts=facts, mistake=_TORN, read=read)
    classes = np.unique(y)
    exact = [share * len(np.unique(keys[y == c])) for c in classes]
    got = [len(np.unique(keys[val][y[val] == c])) for c in classes]
    if (np.abs(np.subtract(got, exact)) >= 1).any():
        facts["Expected"] = f"({', '.join(f'{n:.4g}' for n in exact)}) families of each"
        facts["Yours"] = f"({', '.join(map(str, got))})"
        raise fail(
            "The validation part does not hold the share of each class's families.",
            facts=facts,
            mistake=_wrong_families(keys, y, share, (train, val)),
            read=read,
        )
    _require_random(bound, y, share, seed, read)


def _wrong_families(
    keys: Array, y: Array, share: float, parts: tuple[Array, Array]
) -> Mistake | None:
    """Why the classes do not give their share of families."""
    train, val = (len(np.unique(keys[rows])) for rows in parts)
    total = train + val
    if abs(train - share * total) < len(np.unique(y)):
        return _SWAPPED
    if abs(val - share * total) < len(np.unique(y)):
        return _mistake(
            "not class by class",
            "Chance alone deals the classes out unevenly: draw from the families of"
            " each class by themselves.",
        )
    return None


def _require_random(
    split: Function, y: Array, share: float, seed: int, read: str | None
) -> None:
    def validation(seed: int) -> Array:
        return np.sort(_parts(split, y, share, seed, read)[1])

    first = validation(seed)
    if not np.array_equal(first, validation(seed)):
        raise fail(
            "Your function gives another split when it is called once more.",
            mistake=_mistake("seed ignored", "Make the generator inside the function."),
            read=read,
        )
    if not np.array_equal(first, validation(seed + 1)):
        return
    ends = [np.sort(_by_position(y, first, end)) for end in (False, True)]
    taken = any(np.array_equal(first, rows) for rows in ends)
    raise fail(
        f"Your function gives the same split for seed {seed} and seed {seed + 1}.",
        mistake=_NOT_DRAWN if taken else _FIXED,
        read=read,
    )


def _by_position(y: Array, val: Array, from_end: bool) -> Array:
    """As many rows of each class, taken in their order instead of drawn."""
    found = []
    for value in np.unique(y):
        rows = np.flatnonzero(y == value)
        count = int(np.sum(y[val] == value))
        found.append(rows[len(rows) - count :] if from_end else rows[:count])
    return np.concatenate(found)


def _not_stratified(y: Array, drawn: tuple[Array, Array]) -> Mistake:
    """Why the validation rows of two seeds do not keep the shares."""
    counts = [[np.sum(y[rows] == value) for value in np.unique(y)] for rows in drawn]
    if max(np.ptp(count) for count in counts) <= 1:
        return _mistake(
            "equal numbers",
            "Each class gives the same share of its own rows, so a frequent one gives"
            " more.",
        )
    if np.ptp(drawn[0]) == len(drawn[0]) - 1:
        return _mistake(
            "one stretch of rows", "The labels may be sorted: draw from each class."
        )
    return _mistake(
        "not class by class",
        "Chance alone deals the classes out unevenly: divide the rows of each class by"
        " themselves.",
    )


def _parts(
    split: Function, y: Array, share: float, seed: int, read: str | None
) -> tuple[Array, Array]:
    __tracebackhide__ = True
    answer = called(split, (y, share, seed), read=read)
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise fail(
            f"Your function returns {describe(answer)}, not two arrays of rows.",
            read=read,
        )
    train, val = (_rows(part, len(y), read) for part in answer)
    return train, val


def _rows(part: object, n: int, read: str | None) -> Array:
    try:
        rows = as_numbers(part)
    except Unusable as error:
        raise fail(f"A part is {error}, not an array of rows.", read=read) from None
    if rows.dtype.kind == "b":
        raise fail(
            "A part is an array of truth values; give the numbers of the rows.",
            mistake=_mistake("a mask", "np.flatnonzero(mask) gives the rows."),
            read=read,
        )
    if rows.ndim != 1 or (len(rows) and rows.dtype.kind == "f"):
        raise fail(
            f"A part is {describe(rows)}, not a row of whole numbers.",
            mistake=_mistake("not the rows", "Return where the pictures stand."),
            read=read,
        )
    return rows.astype(np.int64)


def _mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)


_LEAKS = _mistake(
    "leakage", "A picture that was trained on cannot say how well others are named."
)
_TORN = _mistake(
    "families torn apart",
    "Draw keys, not rows: all rows of a key go where the key goes.",
)
_REPLACED = _mistake(
    "drawn with replacement",
    "rng.choice draws a row as often as it likes: pass replace=False, or cut a"
    " permutation.",
)
_SWAPPED = _mistake("parts swapped", "The training part comes first.")
_NOT_DRAWN = _mistake(
    "not drawn",
    "The rows of each class are taken in their order; draw them, since neighbours in a"
    " file are often alike.",
)
_FIXED = _mistake(
    "seed ignored", "Make the generator from it: np.random.default_rng(seed)."
)
