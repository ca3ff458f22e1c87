"""Compare a net with the one that was asked for, stage by stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import fail
from course_utils.checks.nets import Stage, built, stages


def architecture(
    net: Any,
    expected: Any,
    *,
    name: str = "the net asked for",
    ignoring: Callable[[Stage], bool] = lambda stage: False,
    read: str | None = None,
) -> None:
    """Check that a net does what another one does, in any style.

    Sequential, functional and subclassed nets will do, and so will an activation that
    is a layer of its own. Names do not matter, nor how the input is declared.

    Parameters
    ----------
    net : the student's net, or a function that makes one.
    expected : a net, or the layers of one as `keras.Sequential` takes them.
    name : what to call that net in a message.
    ignoring : which stages, of either net, do not count.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : at the first stage that differs; the message says what follows from
        it for shapes and parameters.

    Examples
    --------
    >>> import keras
    >>> from course_utils import models
    >>> wide = [keras.Input((28, 28, 1)), keras.layers.Conv2D(6, 5, activation="relu"),
    ...     keras.layers.Flatten(), keras.layers.Dense(10)]
    >>> try:
    ...     architecture(keras.Sequential(wide), models.single_conv())
    ... except AssertionError as failure:
    ...     print(failure)
    Conv2D makes 24×24×6 feature maps; the net asked for has 24×24×9 there.
      Expected:   filters=9
      Yours:      filters=6
      Parameters: yours 34,726; the net asked for 52,084
    Likely mistake: another number of filters. It is the first argument of Conv2D, and \
the number of its maps.
    """
    __tracebackhide__ = True
    net = built(net, read=read)
    if isinstance(expected, list | tuple):
        import keras

        expected = keras.Sequential(list(expected))
    right = [stage for stage in stages(expected) if not ignoring(stage)]
    mine = [s for s in stages(net, right[0].reads) if not ignoring(s)]
    found = _first_difference(mine, right, name)
    if found is None:
        return
    facts = {"Expected": found.expected, "Yours": found.yours}
    ours, theirs = (sum(s.parameters for s in n) for n in (mine, right))
    if ours != theirs:
        facts["Parameters"] = f"yours {ours:,}; {name} {theirs:,}"
    raise fail(found.problem, facts=facts, mistake=found.mistake, read=read)


@dataclass(frozen=True)
class _Difference:
    problem: str
    expected: str
    yours: str
    mistake: Mistake | None = None


def _first_difference(
    mine: list[Stage], right: list[Stage], name: str
) -> _Difference | None:
    if not mine:
        return _Difference("Your net has no layers.", right[0].label, "none")
    if mine[0].reads != right[0].reads:
        ours, theirs = _times(mine[0].reads), _times(right[0].reads)
        problem = f"Your net takes pictures of {ours}; {name} takes {theirs}."
        return _Difference(problem, f"Input(({_commas(right[0].reads)}))", ours)
    # Each pair before the first difference has used up one of mine.
    for at, (one, other) in enumerate(_aligned(mine, right)):
        if other is None:
            return _too_many(mine, at, name)
        if one is None:
            return _missing(mine, at, other, name)
        if one.kind != other.kind:
            return _replaced(mine, at, other, name)
        difference = _of_settings(one, other, name)
        if difference is not None:
            return difference
    return None


def _aligned(
    mine: Sequence[Stage], right: Sequence[Stage]
) -> Iterator[tuple[Stage | None, Stage | None]]:
    """Pair the stages of two nets so that as little as possible has to be changed."""
    n, m = len(mine), len(right)
    cost = np.add.outer(np.arange(n, -1, -1.0), np.arange(m, -1, -1.0))
    for i, j in product(reversed(range(n)), reversed(range(m))):
        changed = cost[i + 1, j + 1] + _gap(mine[i], right[j])
        cost[i, j] = min(changed, cost[i + 1, j] + 1, cost[i, j + 1] + 1)
    i = j = 0
    while i < n or j < m:
        if i < n and j < m:
            gap = _gap(mine[i], right[j])
            if cost[i, j] == cost[i + 1, j + 1] + gap:
                yield mine[i], right[j]
                i, j = i + 1, j + 1
                continue
        if i < n and cost[i, j] == cost[i + 1, j] + 1:
            yield mine[i], None
            i += 1
        else:
            yield None, right[j]
            j += 1


def _gap(one: Stage, other: Stage) -> float:
    """How far two stages are from being the same; to drop one of them costs 1."""
    if one.kind == other.kind:
        differing = [k for k in one.settings if one.settings[k] != other.settings[k]]
        return 0.25 * len(differing)
    return 1.5 if one.is_activation == other.is_activation else 2.5


def _of_settings(one: Stage, other: Stage, name: str) -> _Difference | None:
    """What two stages of one kind differ in, if they do."""
    keys = [k for k in other.settings if one.settings.get(k) != other.settings[k]]
    if not keys and (one.reads, one.parameters) == (other.reads, other.parameters):
        if one.makes == other.makes:
            return None
        keys = []
    elif not keys:
        return None  # it follows from a difference further up
    problem = f"{one.label} makes {_made(one)}; {name} has {_times(other.makes)} there."
    if one.makes == other.makes and keys:
        ours, theirs = _argument(keys[0], one), _argument(keys[0], other)
        problem = f"{one.label} has {ours}; {name} has {theirs} there."
    return _Difference(
        problem,
        ", ".join(_argument(k, other) for k in keys) or _made(other),
        ", ".join(_argument(k, one) for k in keys) or _made(one),
        _setting_mistake(one, other, keys),
    )


def _too_many(mine: list[Stage], i: int, name: str) -> _Difference:
    extra = mine[i]
    known = {
        "softmax": ("softmax at the end", _LOGITS),
        "relu": ("an activation too many", _RELU_AT_END),
    }
    last = extra.is_activation and i == len(mine) - 1
    mistake = _mistake(*known[extra.kind]) if last and extra.kind in known else None
    problem = f"{_place(mine, i)} your net has {_a(extra)}; {name} has none there."
    return _Difference(problem, "none", extra.label, mistake)


def _missing(mine: list[Stage], i: int, lost: Stage, name: str) -> _Difference:
    problem = f"{_place(mine, i)} {name} has {_a(lost)}; your net has none there."
    mistake = None
    if lost.kind == "Flatten":
        mistake = _mistake("Flatten forgotten", _FLATTEN)
    elif lost.is_activation:
        mistake = _mistake("activation forgotten", _ACTIVATION.format(lost.kind))
    return _Difference(problem, lost.label, "none", mistake)


def _replaced(mine: list[Stage], i: int, other: Stage, name: str) -> _Difference:
    one = mine[i]
    problem = f"{_place(mine, i)} your net has {_a(one)}; {name} has {_a(other)} there."
    hint = _REPLACED.get((one.kind, other.kind))
    mistake = _mistake(*hint) if hint else None
    if mistake is None and one.is_activation and other.is_activation:
        mistake = _mistake("another activation", f"It should be {other.kind}.")
    return _Difference(problem, other.label, one.label, mistake)


def _setting_mistake(one: Stage, other: Stage, keys: list[str]) -> Mistake | None:
    mine, right = one.settings, other.settings
    if one.kind == "Conv2D" and right["filters"] != mine["filters"]:
        turned = {mine["filters"]} == {*right["kernel_size"]}
        if turned and {right["filters"]} == {*mine["kernel_size"]}:
            return _mistake("swapped arguments", _SWAPPED)
    known = {**_HINTS, **_KIND_HINTS.get(one.kind, {})}
    return next((_mistake(*known[key]) for key in keys if key in known), None)


def _place(mine: list[Stage], i: int) -> str:
    """Where in the student's net a stage stands, or is missing."""
    return f"After {mine[i - 1].label}" if i else "At the start"


def _a(stage: Stage) -> str:
    """With its article; what stages are called begins in a known way."""
    vowel = stage.kind[0] in "AEIOaeiou"
    return f"{'an' if vowel else 'a'} {stage.kind}"


def _made(stage: Stage) -> str:
    if len(stage.makes) == 3:
        return f"{_times(stage.makes)} feature maps"
    return f"{_times(stage.makes)} value" + "s" * (stage.makes != (1,))


def _times(shape: Sequence[int]) -> str:
    return "×".join(f"{n:,}" for n in shape)


def _commas(shape: Sequence[int]) -> str:
    return ", ".join(map(str, shape)) + "," * (len(shape) == 1)


def _argument(key: str, stage: Stage) -> str:
    """A setting as one writes it: ``strides=2`` for (2, 2)."""
    value = stage.settings.get(key)
    if isinstance(value, tuple | list) and len(set(value)) == 1:
        value = value[0]
    return f'{key}="{value}"' if isinstance(value, str) else f"{key}={value}"


def _mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)


_SWAPPED = "Conv2D takes the number of filters first, then their size: Conv2D(9, 5)."
_LOGITS = (
    "The net should end in logits; the loss makes the softmax itself when it is told"
    " from_logits=True."
)
_RELU_AT_END = "A logit may be negative: the last layer has no activation."
_FLATTEN = (
    "Dense reads only the last axis, at every place by itself; to add up all of the"
    " maps it needs them in one row."
)
_ACTIVATION = (
    "Without it two layers in a row compute no more than one: add"
    ' activation="{0}" to the layer before, or a layer of its own.'
)
_HINTS = {
    "filters": (
        "another number of filters",
        "It is the first argument of Conv2D, and the number of its maps.",
    ),
    "kernel_size": (
        "another size of filter",
        "It is the second argument of Conv2D: 5 means 5×5. A map of n pixels shrinks by"
        " k − 1.",
    ),
    "strides": (
        "another stride",
        "The filter moves on by `strides` pixels; left out, by one.",
    ),
    "padding": (
        "another padding",
        'Left out, it is "valid": no zeros are added, and the maps shrink by k − 1.'
        ' With "same" and stride 1 they keep their size.',
    ),
    "use_bias": ("another bias", "Left out, `use_bias` is True: one for every output."),
    "units": (
        "another number of units",
        "It is the first argument of Dense, and how many values it makes.",
    ),
    "pool_size": ("another size of window", "MaxPooling2D(2) reads windows of 2×2."),
    "rate": (
        "another rate",
        "The rate of Dropout is the share of values that it drops, from 0 to 1.",
    ),
}
_KIND_HINTS = {
    kind: {
        "strides": (
            "another stride",
            "Left out, the windows of a pooling layer lie side by side: it moves by"
            " its own size.",
        ),
        "padding": (
            "another padding",
            'Left out, it is "valid": a last row or column that fills no window is'
            " left out.",
        ),
    }
    for kind in ("MaxPooling2D", "AveragePooling2D")
}
_REPLACED = {
    ("AveragePooling2D", "MaxPooling2D"): (
        "the mean instead of the largest",
        "MaxPooling2D keeps the largest value of a window.",
    ),
    ("MaxPooling2D", "AveragePooling2D"): (
        "the largest instead of the mean",
        "AveragePooling2D keeps the mean of a window.",
    ),
    ("GlobalAveragePooling2D", "Flatten"): (
        "global pooling for Flatten",
        "It keeps one number of each map, and loses where things are.",
    ),
    ("GlobalMaxPooling2D", "Flatten"): (
        "global pooling for Flatten",
        "It keeps one number of each map, and loses where things are.",
    ),
}
