"""Check what a trained net gets right, counted anew from the net itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.checks.answers import describe, size
from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import CheckFailed, fail
from course_utils.checks.quiet import silence

Array = NDArray[Any]

_BATCH = 256
_TRIED_AGAIN = 1000  # pictures on which a likely reason is tried
_CLEARLY = 0.1  # a share of pictures that chance does not explain


def accuracy(
    model: Any,
    x: ArrayLike,
    y: ArrayLike,
    *,
    at_least: float,
    name: str = "model",
    parameters_at_most: int | None = None,
    seen: tuple[ArrayLike, ArrayLike] | None = None,
    read: str | None = None,
) -> None:
    """Check that a net names enough pictures correctly.

    The net predicts and the check counts; what the student measured plays no part. A
    net with several outputs names the class of the largest, be they logits or
    probabilities. One with a single output says yes where it is above 0.5, or, if it
    gives numbers outside [0, 1], above 0.

    Parameters
    ----------
    model : keras.Model, or anything with a `predict` of its kind.
    x : pictures as the question says that the net takes them, (n, …).
    y : their labels, integers, (n,) or (n, 1).
    at_least : share of pictures, 0 to 1, often from `thresholds.of`.
    name : the variable.
    parameters_at_most : the budget, where there is one.
    seen : pictures and labels that the net was trained on, by which a net that has
        learned by heart is told from one that has not learned.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it is no net, is over its budget or names too few pictures; the
        message names the likely reason.

    Examples
    --------
    >>> import keras
    >>> net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    >>> net.set_weights([np.zeros((2, 2)), np.array([1.0, 0.0])])
    >>> x, y = np.eye(2), np.array([0, 1])
    >>> accuracy(net, x, y, at_least=0.5)
    >>> try:
    ...     accuracy(net, x, y, at_least=0.9, name="net")
    ... except AssertionError as failure:
    ...     print(failure)
    `net` names too few pictures correctly.
      Expected: at least 90.0 % of 2
      Yours:    50.0 %
    Likely mistake: same answer always. It gives every picture the same numbers, so \
it does not look at them any more: with too high a learning rate all units of a layer \
end up at 0.
    """
    __tracebackhide__ = True
    pictures, labels = np.asarray(x), np.asarray(y).reshape(-1)
    net = Net(model, name, read)
    outputs = net.outputs(pictures)
    if parameters_at_most is not None:
        net.require_budget(parameters_at_most)
    net.require_shape(outputs, labels)
    share = right(outputs, labels)
    if share >= at_least:
        return
    case = _Case(net, pictures, labels, outputs, share, at_least, seen)
    raise fail(
        f"`{name}` names too few pictures correctly.",
        facts={
            "Expected": f"at least {100 * at_least:.1f} % of {len(labels):,}",
            "Yours": f"{math.floor(1000 * share) / 10:.1f} %",
        },
        mistake=next((m for m, shows in _REASONS if shows(case)), None),
        read=read,
    )


def right(outputs: Array, labels: Array) -> float:
    """Share of pictures whose class the outputs name.

    Parameters
    ----------
    outputs : floats, (n, classes), (n, 1) or (n,).
    labels : integers, (n,).

    Examples
    --------
    >>> right(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1]))
    0.5
    >>> right(np.array([[-2.0], [0.3]]), np.array([0, 1]))
    1.0
    """
    return float(np.mean(_classes(outputs) == labels))


def _classes(outputs: Array) -> Array:
    if outputs.ndim == 2 and outputs.shape[1] > 1:
        return np.asarray(outputs.argmax(axis=1))
    single = outputs.reshape(-1)
    probabilities = single.min(initial=0) >= 0 and single.max(initial=1) <= 1
    return np.asarray(single > (0.5 if probabilities else 0.0)).astype(np.int64)


@dataclass(frozen=True)
class Net:
    """A student's net, asked with care.

    Parameters
    ----------
    model : what the student's variable holds.
    name : the variable.
    read : where the course explains it.
    """

    model: Any
    name: str
    read: str | None = None

    def outputs(self, x: Array) -> Array:
        """What the net gives for these pictures, as floats."""
        self._require_net()
        try:
            with silence():
                found = self.model.predict(x, batch_size=_BATCH, verbose=0)
            return np.asarray(found, dtype=np.float64)
        except Exception as error:
            words = str(error).strip().splitlines() or [type(error).__name__]
            raise self._failure(
                f"`{self.name}` cannot predict: {words[0][:200]}",
                {"Input": describe(x)},
            ) from None

    def require_budget(self, parameters: int) -> None:
        """Fail if the net has more parameters than this."""
        count = self.model.count_params()
        if count <= parameters:
            return
        facts = {"Expected": f"at most {parameters:,}", "Yours": f"{count:,}"}
        raise self._failure(
            f"`{self.name}` has more parameters than its budget.",
            facts | self._largest_layer(),
        )

    def require_shape(self, outputs: Array, labels: Array) -> None:
        """Fail if the outputs cannot be answers to these labels."""
        n, classes = len(labels), int(labels.max(initial=0)) + 1
        wanted = f"{n}×{classes}: a number for each class"
        reason = None
        if outputs.ndim > 2:
            reason = _reason(
                "not flattened",
                "The last layer was applied at every position of the maps: put Flatten"
                " or a global pooling before the dense layers.",
            )
        elif outputs.shape in ((n,), (n, 1)) and classes > 2:
            reason = _reason(
                "one output",
                f"A single number cannot name one of {classes} classes.",
            )
        elif outputs.shape in ((n,), (n, 1)) or (
            outputs.ndim == 2 and len(outputs) == n and outputs.shape[1] >= classes
        ):
            return
        facts = {"Expected": wanted, "Yours": size(outputs.shape)}
        problem = f"`{self.name}` gives outputs of the wrong shape."
        raise self._failure(problem, facts, reason)

    def _require_net(self) -> None:
        model = self.model
        if model is None or model is Ellipsis:
            raise self._failure(f"`{self.name}` has no value yet: assign one.")
        if hasattr(model, "predict"):
            return
        if hasattr(model, "history"):
            raise self._failure(
                f"`{self.name}` holds what `fit` returns, which is a history; the net"
                " is what you called `fit` on."
            )
        problem = f"`{self.name}` holds {describe(model)}, not a Keras model."
        if callable(model):
            problem += " Call the function that makes it."
        raise self._failure(problem)

    def _largest_layer(self) -> dict[str, str]:
        try:
            layers = [(layer.count_params(), layer.name) for layer in self.model.layers]
            count, name = max(layers)
        except Exception:  # a net of the student's own class shows no layers
            return {}
        return {"Most in": f"`{name}`, {count:,}"}

    def _failure(
        self,
        problem: str,
        facts: dict[str, str] | None = None,
        mistake: Mistake | None = None,
    ) -> CheckFailed:
        return fail(problem, facts=facts, mistake=mistake, read=self.read)


@dataclass(frozen=True)
class _Case:
    """A net that names too few pictures, and what they were."""

    net: Net
    x: Array
    labels: Array
    outputs: Array
    share: float
    at_least: float
    seen: tuple[ArrayLike, ArrayLike] | None

    @property
    def classes(self) -> int:
        return int(self.labels.max(initial=1)) + 1

    def would_do_better(self, change: Callable[[Array], Array]) -> bool:
        """Whether the net names clearly more pictures if they are changed."""
        some, labels = self.x[:_TRIED_AGAIN], self.labels[:_TRIED_AGAIN]
        share = right(self.net.outputs(change(some.astype(np.float32))), labels)
        before = right(self.outputs[:_TRIED_AGAIN], labels)
        return share >= before + max(_CLEARLY, 1.5 / math.sqrt(len(labels)))


def _reason(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)


def _has_no_numbers(case: _Case) -> bool:
    return not np.isfinite(case.outputs).all()


def _sums_over_the_batch(case: _Case) -> bool:
    """Whether the columns of one batch add up to 1, and its rows do not."""
    if case.outputs.ndim != 2 or case.outputs.shape[1] < 2:
        return False
    batch = case.net.outputs(case.x[:16])
    columns, rows = batch.sum(axis=0), batch.sum(axis=1)
    return bool(np.allclose(columns, 1, atol=1e-3) and not np.allclose(rows, 1, 0.1))


def _is_always_one(case: _Case) -> bool:
    """Whether a single output has been through a softmax, which makes it 1."""
    single = case.outputs.size == len(case.labels)
    return single and np.allclose(case.outputs, 1, rtol=0, atol=1e-6)


def _is_blind(case: _Case) -> bool:
    return bool(np.ptp(case.outputs, axis=0).max() < 1e-6)


def _says_one_class(case: _Case) -> bool:
    return bool(np.ptp(_classes(case.outputs)) == 0)


def _standardised(x: Array) -> Array:
    axes = tuple(range(x.ndim - 1))
    return np.asarray((x - x.mean(axes)) / np.maximum(x.std(axes), 1e-6))


def _renames_classes(case: _Case) -> bool:
    """Whether another order of the classes makes the answers right."""
    from scipy.optimize import linear_sum_assignment

    if case.outputs.ndim != 2 or case.outputs.shape[1] != case.classes:
        return False
    counts = np.zeros((case.classes, case.classes), dtype=int)
    np.add.at(counts, (case.labels, _classes(case.outputs)), 1)
    best = counts[linear_sum_assignment(counts, maximize=True)].sum()
    share = best / len(case.labels)
    return bool(share >= case.at_least and share >= case.share + _CLEARLY)


def _is_at_chance(case: _Case) -> bool:
    chance = 1 / case.classes
    error = math.sqrt(chance * (1 - chance) / len(case.labels))
    return case.share < chance + 4 * error


def _knows_by_heart(case: _Case) -> bool:
    if case.seen is None:
        return False
    x, y = (np.asarray(part)[:_TRIED_AGAIN] for part in case.seen)
    return right(case.net.outputs(x), y.reshape(-1)) >= case.share + 2 * _CLEARLY


_REASONS: list[tuple[Mistake, Callable[[_Case], bool]]] = [
    (
        _reason(
            "NaN",
            "The outputs are no numbers any more: a learning rate that is too high, or"
            " the logarithm of 0.",
        ),
        _has_no_numbers,
    ),
    (
        _reason(
            "softmax over the wrong axis",
            "The probabilities of one class add up to 1 over the batch; those of one"
            " picture should: use the last axis.",
        ),
        _sums_over_the_batch,
    ),
    (
        _reason(
            "softmax of one output",
            "A softmax of a single number is always 1: use a sigmoid, or logits.",
        ),
        _is_always_one,
    ),
    (
        _reason(
            "pixels not scaled",
            "The net does better on pixels up to 255, so it was trained on them; this"
            " question has pixels from 0 to 1.",
        ),
        lambda case: case.would_do_better(lambda x: x * 255),
    ),
    (
        _reason(
            "pixels scaled twice",
            "The net does better on pixels divided by 255 once more, so it was trained"
            " on those.",
        ),
        lambda case: case.would_do_better(lambda x: x / 255),
    ),
    (
        _reason(
            "pixels in another range",
            "The net does better on pixels from −1 to 1, so it was trained on them;"
            " put a Rescaling layer into the net, or leave the pixels as they are.",
        ),
        lambda case: case.would_do_better(lambda x: 2 * x - 1),
    ),
    (
        _reason(
            "pixels in another range",
            "The net does better on pixels of mean 0 and standard deviation 1, so it"
            " was trained on them; put a Normalization layer into the net, or leave the"
            " pixels as they are.",
        ),
        lambda case: case.would_do_better(_standardised),
    ),
    (
        _reason(
            "same answer always",
            "It gives every picture the same numbers, so it does not look at them any"
            " more: with too high a learning rate all units of a layer end up at 0.",
        ),
        _is_blind,
    ),
    (
        _reason(
            "one class always",
            "It takes every picture for the same class: either it is not trained, or"
            " the labels that it was trained on were of one class.",
        ),
        _says_one_class,
    ),
    (
        _reason(
            "classes in another order",
            "The answers would be right if the classes had other numbers: look at how"
            " the labels were made.",
        ),
        _renames_classes,
    ),
    (
        _reason(
            "learned by heart",
            "It does much better on the pictures that it was trained on: fewer epochs,"
            " fewer parameters, or something against overfitting.",
        ),
        _knows_by_heart,
    ),
    (
        _reason(
            "not trained",
            "That is what guessing gives: call `fit` on this very net, and see whether"
            " the loss falls. If it stays where it began, look at the learning rate and"
            " whether labels and pictures belong together.",
        ),
        _is_at_chance,
    ),
    (
        _reason(
            "not there yet",
            "It has learned something. If the validation curve still rises at the end,"
            " train longer or with larger steps; if it does not, change the net.",
        ),
        lambda case: True,
    ),
]
