"""Mistakes and checks of the assignment on overfitting: curves, heads, maps, modes.

The mistakes are what the argument ``mistakes`` of the checks takes: by ``"name:
hint"``, the answer that the mistake gives or a function with the mistake in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import fail
from course_utils.checks.functions import called, function
from course_utils.checks.losses import loss_matches_head
from course_utils.checks.nets import built, every_layer, stages

Array = NDArray[Any]
Curves = Mapping[str, Sequence[float]]
Function = Callable[..., Any]
Mistakes = dict[str, Callable[..., object]]

_BIAS = "bias forgotten: a dense unit has one"
_PLACES = "one map only: Flatten reads all 64"

NUMBER_MISTAKES: dict[str, dict[str, object]] = {
    "flat": {
        _BIAS: 1024,
        _PLACES: 17,
        "pooled once more: three poolings make 4×4 of 32×32": 2 * 2 * 64 + 1,
        "pooled twice only: three poolings make 4×4 of 32×32": 8 * 8 * 64 + 1,
        "pixels: Flatten reads the maps of the last stage": 32 * 32 * 3 + 1,
        "as with the mean: Flatten keeps every place of every map": 65,
    },
    "pooled": {
        _BIAS: 64,
        "places counted: the mean over a map leaves one value of it": 1025,
        "places, not maps: the mean over each map leaves one value for each of 64": 17,
        "the pooling's own: a mean has no parameters, the dense unit after it has": 0,
        "one value in all: each of 64 maps has its mean": 2,
    },
    "flat_large": {
        _BIAS: 4096,
        "as with 32 pixels: maps of larger pictures have more places": 1025,
        "twice as much: height and width are both doubled": 2049,
        _PLACES: 65,
        "places of the picture: three poolings make 8×8 of 64×64": 64 * 64 * 64 + 1,
    },
    "pooled_large": {
        _BIAS: 64,
        "grown with the picture: the mean leaves one value of each map, however large"
        " it is": 257,
        "places counted: the mean over a map leaves one value of it": 4097,
        "places, not maps: the mean over each map leaves one value for each of 64": 17,
    },
}
"""What predicted numbers are after a mistake; by variable, then by mistake."""

FAULTS: dict[str, dict[str, object]] = {
    "head_fault": {
        "not the pooling: the mean over each map is a good head": "A",
        "not the loss: binary cross-entropy is what one probability needs": "C",
        "not the rate: the net would say 1 with any": "D",
    },
    "metric_fault": {
        "not the loss: it is told that it gets logits": "A",
        "not the missing activation: a logit does without, if the loss knows": "B",
        "not the training: it is only what is read that is wrong": "D",
    },
    "map_fault": {
        "not the probability: the logit is the right thing to ask about": "A",
        "not the channels: the largest of three is the usual way": "C",
        "not the trained weights: any net gives the same map twice, if it stands"
        " still": "D",
    },
    "norm_fault": {
        "not frozen: `base.trainable = True` has set it free": "A",
        "not the rate: a small one is right here": "B",
        "not the head: one logit is what two classes need": "D",
    },
}
"""Why the other letters do not name the fault; by variable, then by mistake."""


def turning_point(curves: Curves) -> int:
    """Epoch, from 1, with the lowest validation loss; the first if there are several.

    Examples
    --------
    >>> turning_point({"val_loss": [0.7, 0.5, 0.5, 0.9]})
    2
    """
    return int(np.argmin(curves["val_loss"])) + 1


def turning_point_mistakes() -> Mistakes:
    """Wrong turning points, as functions of curves.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in turning_point_mistakes().items()}
    >>> wrong["counted from 0"]({"val_loss": [0.7, 0.5, 0.9]})
    1
    """

    def first_rise(curves: Curves) -> int:
        return int(np.argmax(np.diff(curves["val_loss"]) > 0)) + 1

    def last_lowest(curves: Curves) -> int:
        backwards = np.argmin(np.asarray(curves["val_loss"])[::-1])
        return len(curves["val_loss"]) - int(backwards)

    return {
        "counted from 0: the first epoch has the number 1": lambda c: (
            turning_point(c) - 1
        ),
        "training loss: it may fall to the end; overfitting shows in the validation"
        " loss": lambda c: int(np.argmin(c["loss"])) + 1,
        "accuracy instead: asked for is the lowest validation loss": lambda c: (
            int(np.argmax(c["val_accuracy"])) + 1
        ),
        "highest instead of lowest: np.argmin finds the lowest": lambda c: (
            int(np.argmax(c["val_loss"])) + 1
        ),
        "last epoch: the curve has turned before": lambda c: len(c["val_loss"]),
        "the loss itself: give the number of the epoch": lambda c: min(c["val_loss"]),
        "first rise: curves jump, and this one falls lower later": first_rise,
        "last of equal ones: the first epoch that is as good will do": last_lowest,
        "epoch after: give the one with the lowest loss itself": lambda c: (
            turning_point(c) + 1
        ),
    }


def gap(curves: Curves, epoch: int) -> float:
    """By how much the training accuracy is above the other after an epoch, from 1.

    Examples
    --------
    >>> gap({"accuracy": [0.6, 1.0], "val_accuracy": [0.5, 0.75]}, 2)
    0.25
    """
    return curves["accuracy"][epoch - 1] - curves["val_accuracy"][epoch - 1]


def gap_mistakes() -> Mistakes:
    """Wrong gaps, as functions of curves and an epoch.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in gap_mistakes().items()}
    >>> wrong["per cent"]({"accuracy": [1.0], "val_accuracy": [0.75]}, 1)
    25.0
    """

    def at(curves: Curves, i: int) -> float:
        return curves["accuracy"][i] - curves["val_accuracy"][i]

    return {
        "the other way round: training accuracy minus validation accuracy": (
            lambda c, e: -gap(c, e)
        ),
        "of the losses: subtract the accuracies": lambda c, e: (
            c["val_loss"][e - 1] - c["loss"][e - 1]
        ),
        "off by one: epoch 1 stands at place 0 of a list": lambda c, e: at(
            c, min(e, len(c["loss"]) - 1)
        ),
        "last epoch: look at the one that is asked for": lambda c, e: at(c, -1),
        "best epochs: subtract what was reached after the same epoch": lambda c, e: (
            max(c["accuracy"]) - max(c["val_accuracy"])
        ),
        "per cent: give a share, 0.2 for 20 points": lambda c, e: 100 * gap(c, e),
        "sign lost: where validation is better, the gap is negative": lambda c, e: abs(
            gap(c, e)
        ),
        "a ratio: subtract": lambda c, e: (
            c["accuracy"][e - 1] / c["val_accuracy"][e - 1]
        ),
        "training accuracy alone: subtract the other": lambda c, e: c["accuracy"][
            e - 1
        ],
    }


def bipyramid() -> Any:
    """The net of the assignment: three stages, the mean over each map, one logit.

    Returns
    -------
    keras.Model, from (n, 32, 32, 3) to logits (n, 1), not compiled.

    Examples
    --------
    >>> bipyramid().count_params()
    23649
    """
    import keras
    from keras import layers

    net = keras.Sequential([keras.Input((32, 32, 3))], name="bipyramid")
    for filters in (16, 32, 64):
        net.add(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        net.add(layers.MaxPooling2D(2))
    net.add(layers.GlobalAveragePooling2D())
    net.add(layers.Dense(1))
    return net


def grad_cam(maps: Array, gradients: Array) -> Array:
    """Grad-CAM: the maps, each weighted by its mean gradient, added up and cut off.

    Parameters
    ----------
    maps, gradients : (n, height, width, C).

    Returns
    -------
    (n, height, width), at least 0.

    Examples
    --------
    >>> maps = np.array([[[[1.0, 2.0], [3.0, 0.0]]]])
    >>> grad_cam(maps, np.ones((1, 1, 2, 2)))
    array([[[3., 3.]]])
    """
    weights = gradients.mean(axis=(1, 2), keepdims=True)
    return np.asarray(np.maximum((weights * maps).sum(axis=-1), 0))


def grad_cam_mistakes() -> Mistakes:
    """Wrong Grad-CAM, as functions of (maps, gradients).

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in grad_cam_mistakes().items()}
    >>> wrong["not cut off"](np.ones((1, 1, 1, 1)), -np.ones((1, 1, 1, 1)))
    array([[[-1.]]])
    """

    def weights(gradients: Array) -> Array:
        return np.asarray(gradients.mean(axis=(1, 2), keepdims=True))

    def relu(x: Array) -> Array:
        return np.maximum(x, 0)

    return {
        "not cut off: what speaks against the class becomes 0": lambda m, g: (
            weights(g) * m
        ).sum(axis=-1),
        "every place its own gradient: a map has one weight, the mean over its"
        " places": lambda m, g: relu((g * m).sum(axis=-1)),
        "weights summed: take the mean over the places": lambda m, g: relu(
            (g.sum(axis=(1, 2), keepdims=True) * m).sum(axis=-1)
        ),
        "weights of the whole batch: each picture has its own": lambda m, g: relu(
            (g.mean(axis=(0, 1, 2)) * m).sum(axis=-1)
        ),
        "signs of the weights lost: a map may speak against the class": lambda m, g: (
            relu((np.abs(weights(g)) * m).sum(axis=-1))
        ),
        "negative weights cut off: add up first, then cut off": lambda m, g: (
            relu(weights(g)) * m
        ).sum(axis=-1),
        "cut off too early: add up first, then cut off": lambda m, g: relu(
            weights(g) * m
        ).sum(axis=-1),
        "weights forgotten: each map counts by its mean gradient": lambda m, g: relu(
            m.sum(axis=-1)
        ),
        "mean over the maps: add them up": lambda m, g: relu(
            (weights(g) * m).mean(axis=-1)
        ),
        "exchanged: the weights are mean gradients, not mean maps": lambda m, g: relu(
            (weights(m) * g).sum(axis=-1)
        ),
        "brought to 1: leave the values as they are": lambda m, g: (
            grad_cam(m, g) / np.maximum(grad_cam(m, g).max(), 1e-12)
        ),
        "not added up: one map for each picture is asked for": lambda m, g: relu(
            weights(g) * m
        ),
    }


def one_output(make: Any, *, read: str | None = None) -> None:
    """Check a compiled net with one output: head, loss and accuracy fit each other.

    Parameters
    ----------
    make : the student's function that makes it, or the net.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it has not one output, no accuracy to read, or the three do not
        belong together; the message says which to change.

    Examples
    --------
    >>> import keras
    >>> net = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    >>> loss = keras.losses.BinaryCrossentropy(from_logits=True)
    >>> right = keras.metrics.BinaryAccuracy(threshold=0)
    >>> net.compile("adam", loss, metrics=[right])
    >>> one_output(net)
    """
    __tracebackhide__ = True
    net = built(make, read=read)
    loss_matches_head(net, read=read)
    values = stages(net)[-1].makes
    if values != (1,):
        facts = {"Expected": "1 value for each picture", "Yours": f"{values}"}
        raise fail("Your net has not one output.", facts=facts, read=read)
    if not net.get_compile_config().get("metrics"):
        raise fail(
            "Your net reads no accuracy.",
            mistake=_mistake("metrics forgotten", "Pass metrics=[…] to `compile`."),
            read=read,
        )


def still_saliency(
    answer: Function, net: Any, x: Array, *, read: str | None = None
) -> None:
    """Check a function that makes saliency maps of a net with random layers in it.

    Parameters
    ----------
    answer : the student's function of (net, pictures).
    net : one that augments while it trains, ending in one logit.
    x : pictures, floats, (n, height, width, C).
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if the maps are others the second time, or not the size of the logit's
        gradient, of each pixel's channels the largest.
    """
    __tracebackhide__ = True
    first, second = (np.asarray(called(answer, (net, x), read=read)) for _ in range(2))
    if first.shape == x.shape[:3] and not np.allclose(first, second):
        raise fail(
            "Your function gives the same pictures other maps the second time.",
            mistake=_mistake(
                "random layers at work",
                "A bare call may augment, and the map then belongs to a changed"
                " picture: net(x, training=False).",
            ),
            read=read,
        )
    gradients = _gradients(net, x)
    mistakes = {
        "signs kept: a map shows how much a pixel matters, so take the absolute"
        " value": gradients.max(axis=-1),
        "one channel: take the largest of the three": np.abs(gradients[..., 0]),
        "mean over the channels: take the largest of the three": np.abs(gradients).mean(
            axis=-1
        ),
        "sum over the channels: take the largest of the three": np.abs(gradients).sum(
            axis=-1
        ),
        "size too late: take the absolute value first, then the largest": np.abs(
            gradients.max(axis=-1)
        ),
        "brought to 1: leave the values as they are": _brought_to_one(gradients),
        "of the probability: ask about the logit": _of_probability(net, x, gradients),
        "one map for all pictures": np.abs(gradients).max(axis=(0, 3)),
        "gradients as they are: one value for each pixel": np.abs(gradients),
    }
    replayed = iter([first])
    expected = [np.abs(gradients).max(axis=-1)]
    function(lambda *_: next(replayed), expected, [(x,)], mistakes=mistakes, read=read)


def _gradients(net: Any, x: Array) -> Array:
    """Gradient of the logit with respect to each pixel, random layers at rest."""
    import tensorflow as tf

    pictures = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        logit = tf.reduce_sum(net(pictures, training=False))
    return np.asarray(tape.gradient(logit, pictures))


def _brought_to_one(gradients: Array) -> Array:
    maps = np.abs(gradients).max(axis=-1)
    return np.asarray(maps / maps.max(axis=(1, 2), keepdims=True))


def _of_probability(net: Any, x: Array, gradients: Array) -> Array:
    dog = 1 / (1 + np.exp(-np.asarray(net(x, training=False))))
    return np.asarray((dog * (1 - dog))[:, None] * np.abs(gradients).max(axis=-1))


def norms_kept(
    tune: Function, base: Any, x: Array, y: Array, *, read: str | None = None
) -> None:
    """Check that fine-tuning moves filters, and not the averages of batch norm.

    Parameters
    ----------
    tune : the student's function of (x, y), which returns the trained net.
    base : what it begins with, as it was before: convolutions and batch normalisation
        without a head.
    x, y : pictures and labels to train on.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if the net's moving means or variances are others than before, or its
        filters the same, or there is no head.
    """
    __tracebackhide__ = True
    net = built(called(tune, (x, y), read=read), read=read)
    if hasattr(type(net), "functional"):  # the grader's stand-in for a net
        net = net.functional(x.shape[1:])
    before, after = _weights(base), _weights(net)
    for name in before:
        if [w.shape for w in before[name]] != [w.shape for w in after[name]]:
            problem = f"The {name} of the base are not in the net that you return."
            raise fail(problem, read=read)
    moved = {
        name: max(float(np.abs(a - b).max()) for a, b in zip(*pair, strict=True))
        for name, pair in ((n, (before[n], after[n])) for n in before)
    }
    if tuple(net.output_shape) != (None, 1):
        facts = {"Expected": "(None, 1)", "Yours": f"{net.output_shape}"}
        raise fail("The net does not end in one logit.", facts=facts, read=read)
    if moved["moving averages"] > 1e-6:
        raise fail(
            "The moving averages of batch normalisation have moved.",
            facts={
                "Expected": "the same before and after",
                "Yours": f"moved by up to {moved['moving averages']:.3g}",
            },
            mistake=_mistake(
                "batch normalisation in training mode",
                "`fit` passes training=True down to every layer, whatever was said"
                " when `base` was called. Set `trainable = False` for each"
                " BatchNormalization layer, after base.trainable = True.",
            ),
            read=read,
        )
    if moved["filters"] < 1e-7:
        raise fail(
            "The filters have not moved.",
            mistake=_mistake(
                "all of it frozen, or not trained",
                "Only the layers of batch normalisation stay as they are: the others"
                " learn, with `fit`.",
            ),
            read=read,
        )


def _weights(net: Any) -> dict[str, list[Array]]:
    """Filters and moving averages of a net, those of nets within it too."""
    filters, averages = [], []
    for layer in every_layer(net):
        kind = type(layer).__name__
        if kind == "Conv2D":
            filters.append(np.asarray(layer.kernel))
        if kind == "BatchNormalization":
            averages.append(np.asarray(layer.moving_mean))
            averages.append(np.asarray(layer.moving_variance))
    return {"filters": filters, "moving averages": averages}


def _mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)
