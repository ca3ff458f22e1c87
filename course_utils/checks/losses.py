"""Check that a net's loss is told what its last layer gives."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import fail
from course_utils.checks.nets import Stage, built, stages

_SPARSE, _ONE_HOT = "sparse_categorical_crossentropy", "categorical_crossentropy"
_BINARY = "binary_crossentropy"
_CROSS = (_SPARSE, _ONE_HOT, _BINARY)


def loss_matches_head(
    net: Any,
    labels: Any = None,
    *,
    input_shape: tuple[int, ...] | None = None,
    read: str | None = None,
) -> None:
    """Check a compiled net: does its loss fit its last activation, and the labels?

    Keras accepts most wrong pairs, and from some of them a net even learns, so neither
    an error nor the accuracy tells.

    Parameters
    ----------
    net : the student's compiled net, or a function that makes one.
    labels : of a few pictures: whole numbers (n,) or one-hot rows (n, classes).
    input_shape : of one picture, for nets that do not know it themselves.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if they do not belong together; the message says which to change.

    Examples
    --------
    >>> from course_utils import models
    >>> net = models.single_conv()
    >>> net.compile("adam", "sparse_categorical_crossentropy")
    >>> try:
    ...     loss_matches_head(net)
    ... except AssertionError as failure:
    ...     print(str(failure).splitlines()[-1])
    Likely mistake: logits taken for probabilities. Say so to the loss: \
keras.losses.SparseCategoricalCrossentropy(from_logits=True).
    """
    __tracebackhide__ = True
    net = built(net, read=read)
    how = net.get_compile_config() if getattr(net, "compiled", False) else None
    loss, from_logits = _loss((how or {}).get("loss"))
    if not loss:
        problem = "Your net has no loss: it is not compiled."
        raise fail(problem, mistake=_UNCOMPILED, read=read)
    head = _Head(stages(net, input_shape))
    mistake = (
        _activation_mistake(head, loss, from_logits)
        or _loss_mistake(head, loss)
        or _label_mistake(loss, labels)
        or _metric_mistake(head, how["metrics"] if how else None)
    )
    if mistake is not None:
        facts = {"Last layer": str(head), "Loss": _spoken(loss, from_logits)}
        if labels is not None:
            facts["Labels"] = f"of shape {np.shape(labels)}"
        problem = "The loss does not fit what your net gives."
        raise fail(problem, facts=facts, mistake=mistake, read=read)


class _Head:
    """The end of a net: how many values, and the activation after the last layer."""

    def __init__(self, found: list[Stage]) -> None:
        self.activation = found[-1].kind if found[-1].is_activation else "linear"
        self.layer = next((s for s in reversed(found) if not s.is_activation), found[0])
        self.values = found[-1].makes[-1]

    def __str__(self) -> str:
        values = f"{self.values} value" + "s" * (self.values != 1)
        return f"{self.layer.label} of {values}, {self.activation}"


def _loss(config: Any) -> tuple[str, bool]:
    """A loss's name as `compile` takes it, and whether it expects logits."""
    if isinstance(config, list | tuple) and len(config) == 1:
        return _loss(config[0])
    if not isinstance(config, dict):
        return _snake(config or ""), False
    inner = config.get("config")
    if not isinstance(inner, dict):  # a function: its name
        return _snake(inner or config.get("class_name", "")), False
    return _snake(config["class_name"]), bool(inner.get("from_logits"))


def _snake(name: str) -> str:
    """`SparseCategoricalCrossentropy` as `sparse_categorical_crossentropy`."""
    words = "".join("_" + c.lower() if c.isupper() else c for c in str(name))
    short = {"mse": "mean_squared_error", "mae": "mean_absolute_error"}
    return short.get(words.lstrip("_"), words.lstrip("_"))


def _spoken(loss: str, from_logits: bool) -> str:
    return f"{loss}, from_logits={from_logits}" if loss in _CROSS else loss


def _class(loss: str) -> str:
    return "".join(word.capitalize() for word in loss.split("_"))


def _mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)


def _activation_mistake(head: _Head, loss: str, from_logits: bool) -> Mistake | None:
    if head.activation == "softmax" and head.values == 1:
        return _mistake(
            "a softmax of one value",
            "It is always 1. For two classes take Dense(1) without an activation and"
            " BinaryCrossentropy(from_logits=True), or Dense(2).",
        )
    if loss not in _CROSS:
        return None
    if head.activation in ("softmax", "sigmoid") and from_logits:
        return _mistake(
            f"{head.activation} twice",
            f"The loss expects logits and makes the {head.activation} itself: leave it"
            " out of the net, or from_logits=True out of the loss. (Keras warns, and on"
            " TensorFlow it even repairs this, so the accuracy does not show it.)",
        )
    if head.activation == "linear" and not from_logits:
        return _mistake(
            "logits taken for probabilities",
            f"Say so to the loss: keras.losses.{_class(loss)}(from_logits=True).",
        )
    if head.activation not in ("softmax", "sigmoid", "linear"):
        return _mistake(
            f"{head.activation} at the end",
            "A logit may be any number: leave the last activation out.",
        )
    if head.activation == "sigmoid" and loss != _BINARY:
        return _mistake(
            "sigmoid for classes that exclude each other",
            "It gives each class a probability of its own, and they do not add up to 1."
            " Let the net end in logits, or in a softmax.",
        )
    return None


def _loss_mistake(head: _Head, loss: str) -> Mistake | None:
    if head.values > 1 and loss == _BINARY:
        return _mistake(
            "binary cross-entropy for several classes",
            "It asks of every class by itself whether it is there. For one class of"
            f" {head.values} take {_class(_SPARSE)} or {_class(_ONE_HOT)}.",
        )
    if loss not in _CROSS and "crossentropy" not in loss:
        return _mistake(
            "a loss that is not for classes",
            "It measures distances between numbers. For classes take a cross-entropy.",
        )
    if head.values == 1 and loss in (_SPARSE, _ONE_HOT):
        return _mistake(
            "one value for all classes",
            "This loss needs a value for each class; for two classes,"
            " BinaryCrossentropy needs one.",
        )
    return None


def _label_mistake(loss: str, labels: Any) -> Mistake | None:
    if labels is None:
        return None
    shape = np.shape(labels)
    one_hot = len(shape) == 2 and shape[1] > 1
    if one_hot and loss == _SPARSE:
        return _mistake(
            "one-hot labels for a sparse loss",
            "The labels are rows with a 1 in one place: leave Sparse out of the loss's"
            " name, or take labels.argmax(axis=1).",
        )
    if not one_hot and loss == _ONE_HOT:
        return _mistake(
            "whole numbers for a loss of one-hot labels",
            "The labels are numbers such as 7: take SparseCategoricalCrossentropy, or"
            " keras.utils.to_categorical(labels).",
        )
    return None


def _metric_mistake(head: _Head, metrics: Any) -> Mistake | None:
    """A single logit means class 1 above 0; Keras' accuracy asks for more than 0.5."""
    if head.values != 1 or head.activation != "linear":
        return None
    for metric in metrics or ():
        config = metric.get("config", {}) if isinstance(metric, dict) else {}
        named = metric.get("class_name") if isinstance(metric, dict) else metric
        accuracy = _snake(named or "") in ("accuracy", "acc", "binary_accuracy")
        if accuracy and config.get("threshold", 0.5) != 0:
            return _mistake(
                "a threshold for probabilities",
                "A logit above 0 means class 1, and this metric asks whether it is"
                " above 0.5: take keras.metrics.BinaryAccuracy(threshold=0).",
            )
    return None


_UNCOMPILED = _mistake(
    "compile forgotten",
    "net.compile(optimizer, loss, metrics=[…]) tells a net its loss.",
)
