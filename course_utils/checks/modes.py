"""Check repaired trainings: a net in its two modes, its metric, its smoothed labels.

They belong to the questions on faulty code of the assignment on Fashion-MNIST. Nothing
in these faults raises an error at the place where it is, so each check tries out what
came of the repair.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.checks.accuracy import right
from course_utils.checks.answers import Unusable, as_numbers, describe, size
from course_utils.checks.diagnosis import Mistake, close
from course_utils.checks.failure import CheckFailed, fail
from course_utils.checks.functions import called
from course_utils.checks.nets import built
from course_utils.checks.quiet import silence
from course_utils.regularisation import smooth_labels

Array = NDArray[Any]
Function = Callable[..., Any]

_SAME = 1e-5  # what rounding may change from one call to the next


def steady(net: Any, x: ArrayLike, *, read: str | None = None) -> None:
    """Check that a net answers alike when asked twice, and drops values in training.

    Parameters
    ----------
    net : the student's net, with dropout in it, or a function that makes one.
    x : some pictures, as it takes them.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it draws when it is used, or does not draw when it trains.

    Examples
    --------
    >>> import keras
    >>> inputs = keras.Input((50,))
    >>> dropped = keras.layers.Dropout(0.5)(inputs, training=True)
    >>> try:
    ...     steady(keras.Model(inputs, dropped), np.ones((1, 50)))
    ... except AssertionError as failure:
    ...     print(str(failure).splitlines()[0])
    Your net gives other answers when it is asked once more.
    """
    __tracebackhide__ = True
    net, pictures = built(net, read=read), np.asarray(x)
    changed = _change(net, pictures, read)
    if changed > _SAME:
        raise fail(
            "Your net gives other answers when it is asked once more.",
            facts={"Expected": "the same", "Yours": f"up to {changed:.2g} apart"},
            mistake=_DRAWS,
            read=read,
        )
    if _change(net, pictures, read, training=True) > _SAME:
        return
    raise fail(
        "Your net drops nothing while it trains.",
        facts={
            "Expected": "other answers from one call with training=True to the next",
            "Yours": "the same",
        },
        mistake=_NEVER_DRAWS,
        read=read,
    )


def _change(net: Any, x: Array, read: str | None, **mode: bool) -> float:
    """How far two answers to the same pictures lie apart."""
    __tracebackhide__ = True
    try:
        with silence():
            first, second = (np.asarray(net(x, **mode), float) for _ in range(2))
    except Exception as error:
        raise fail(f"Your net cannot be called: {_words(error)}", read=read) from None
    return float(np.abs(first - second).max(initial=0))


def tells_accuracy(
    net: Any, x: ArrayLike, t: ArrayLike, *, read: str | None = None
) -> None:
    """Check that what a compiled net tells of its accuracy is the share it names.

    Parameters
    ----------
    net : the student's compiled net.
    x : pictures as it takes them.
    t : their labels as one-hot rows, (n, classes).
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if none of its metrics is the share of pictures named correctly.
    """
    __tracebackhide__ = True
    net, rows = built(net, read=read), np.asarray(t)
    with silence():
        told = dict(net.evaluate(x, rows, verbose=0, return_dict=True))
        share = right(np.asarray(net.predict(x, verbose=0)), rows.argmax(axis=1))
    told.pop("loss", None)
    if any(abs(value - share) < 1e-4 for value in told.values()):
        return
    yours = ", ".join(f"{name} {value:.1%}" for name, value in told.items())
    raise fail(
        "The compiled net does not tell the share of pictures that it names.",
        facts={"Expected": f"{share:.1%}", "Yours": yours or "no metric"},
        mistake=_CLASS_BY_CLASS if told else _NO_METRIC,
        read=read,
    )


def smooths(
    make: Function,
    y: Array,
    *,
    classes: int,
    smoothing: float,
    read: str | None = None,
) -> None:
    """Check labels for `fit` and a loss for `compile` that are to smooth together.

    Which of the two does the smoothing does not matter: the loss of some probabilities
    is compared with what it should be.

    Parameters
    ----------
    make : the student's function of (y); it returns labels and a loss.
    y : labels, integers, (n,).
    classes, smoothing : what it should make of them.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if there are no such two, they do not fit each other, or the loss of a
        net that gives probabilities is another one; the message says why.

    Examples
    --------
    >>> import keras
    >>> def rows_and_loss(y):
    ...     loss = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
    ...     return keras.utils.to_categorical(y, 4), loss
    >>> smooths(rows_and_loss, np.array([0, 3, 1]), classes=4, smoothing=0.1)
    """
    __tracebackhide__ = True
    answer = called(make, (y,), read=read)
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        problem = f"Your function returns {describe(answer)}, not labels and a loss."
        raise fail(problem, read=read)
    labels, loss = answer
    rows = _rows(labels, (len(y), classes), read)
    p = np.random.default_rng(4).dirichlet(np.ones(classes), len(y))
    told = _loss(loss, rows, p, read)
    hot = np.eye(classes)[y]
    expected = _entropy(smooth_labels(hot, smoothing), p)
    if close(np.asarray(told), np.asarray(expected)):
        return
    raise fail(
        "Labels and loss do not smooth as they should.",
        facts={
            "Input": f"probabilities for {len(y)} pictures",
            "Expected": f"{expected:.4g}",
            "Yours": f"{told:.4g}",
        },
        mistake=_reason(told, hot, p, smoothing),
        read=read,
    )


def _rows(labels: object, shape: tuple[int, int], read: str | None) -> Array:
    __tracebackhide__ = True
    try:
        rows = as_numbers(labels)
    except Unusable as error:
        raise fail(f"The labels are {error}, not rows of numbers.", read=read) from None
    if rows.shape == shape:
        return rows
    raise fail(
        "The labels are not rows, one for each picture.",
        facts={"Expected": size(shape), "Yours": size(rows.shape)},
        mistake=_NOT_ROWS if rows.size == shape[0] else None,
        read=read,
    )


def _loss(loss: Any, rows: Array, p: Array, read: str | None) -> float:
    """The student's loss, whatever form it has, as a mean over the pictures."""
    __tracebackhide__ = True
    import keras

    try:
        with silence():
            measure = keras.losses.get(loss) if isinstance(loss, str) else loss
            return float(np.mean(np.asarray(measure(rows, p), dtype=np.float64)))
    except CheckFailed:
        raise
    except Exception as error:
        raise fail(
            f"The loss cannot compare your labels with probabilities: {_words(error)}",
            facts={"Labels": size(rows.shape), "Loss": describe(loss)},
            read=read,
        ) from None


def _entropy(t: Array, p: Array) -> float:
    return float(-(t * np.log(p)).sum(axis=1).mean())


def _reason(told: float, hot: Array, p: Array, smoothing: float) -> Mistake | None:
    """Why a smoothed loss came out as it did."""
    k = hot.shape[1]
    others = hot * (1 - smoothing) + (1 - hot) * smoothing / (k - 1)
    twice = smooth_labels(smooth_labels(hot, smoothing), smoothing)
    again = np.log(np.exp(p) / np.exp(p).sum(axis=1, keepdims=True))
    from_logits = -(smooth_labels(hot, smoothing) * again).sum(axis=1).mean()
    known = [
        (_PLAIN, _entropy(hot, p)),
        (_TWICE, _entropy(twice, p)),
        (_OTHERS, _entropy(others, p)),
        (_FROM_LOGITS, float(from_logits)),
    ]
    return next((m for m, value in known if abs(told - value) < 1e-3), None)


def _words(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else f"{text[:199]}…"


def _mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)


_DRAWS = _mistake(
    "dropout in use",
    "A layer that is called with training=True stays in training for good: leave the"
    " argument out, and `fit` and `predict` choose the mode.",
)
_NEVER_DRAWS = _mistake(
    "dropout gone",
    "The net should still learn with it: leave the layer in, with a rate above 0, and"
    " let `fit` and `predict` choose the mode.",
)
_CLASS_BY_CLASS = _mistake(
    "counted class by class",
    "Nine of the ten zeros and ones of a row are right whatever the net says. Take"
    ' metrics=["accuracy"], which asks for the largest.',
)
_NO_METRIC = _mistake("no metric", 'Pass metrics=["accuracy"] to `compile`.')
_NOT_ROWS = _mistake(
    "whole numbers",
    "What is spread over the classes needs a place for each:"
    " keras.utils.to_categorical(y, 10).",
)
_PLAIN = _mistake(
    "not smoothed", "Tell the loss label_smoothing, or smooth the rows yourself."
)
_TWICE = _mistake("smoothed twice", "Either the rows are smoothed or the loss does it.")
_OTHERS = _mistake(
    "spread over the others only",
    "It is spread over all classes, the right one among them.",
)
_FROM_LOGITS = _mistake(
    "from_logits", "The net gives probabilities: leave from_logits out."
)
