"""What a check sees of a net: its stages, whatever the style it was built in.

A fused activation is a stage of its own here, so that ``Conv2D(…, activation="relu")``
and a `ReLU` layer after a `Conv2D` are the same net. What computes nothing is left out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from course_utils import anatomy
from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import fail
from course_utils.checks.functions import called
from course_utils.conv import same_padding

_WINDOW = ("strides", "padding")
_CONVOLUTION = ("kernel_size", *_WINDOW, "dilation_rate", "use_bias")
_POOLING = ("pool_size", *_WINDOW)
_SETTINGS: dict[str, tuple[str, ...]] = {
    "Conv2D": ("filters", *_CONVOLUTION, "groups"),
    "Conv2DTranspose": ("filters", *_CONVOLUTION),
    "SeparableConv2D": ("filters", *_CONVOLUTION, "depth_multiplier"),
    "DepthwiseConv2D": (*_CONVOLUTION, "depth_multiplier"),
    "MaxPooling2D": _POOLING,
    "AveragePooling2D": _POOLING,
    "Dense": ("units", "use_bias"),
    "Dropout": ("rate",),
    "SpatialDropout2D": ("rate",),
    "Rescaling": ("scale", "offset"),
    "BatchNormalization": ("center", "scale"),
    "LeakyReLU": ("negative_slope",),
}
_NOTHING = {"Identity", "InputLayer", "linear"}


@dataclass(frozen=True)
class Stage:
    """One thing that a net does to what it reads.

    Attributes
    ----------
    kind : the layer's class, or an activation's name in small letters.
    settings : what its arguments are, as far as they matter.
    reads, makes : shapes of one picture's maps or values.
    parameters, trained : how many it has, and how many of them are trained.
    label : "Conv2D #2" where a net has several of a kind, else its kind.
    """

    kind: str
    settings: dict[str, Any]
    reads: tuple[int, ...]
    makes: tuple[int, ...]
    parameters: int = 0
    trained: int = 0
    label: str = ""

    @property
    def is_activation(self) -> bool:
        """Whether it is a function of each value, or a softmax, and no layer."""
        return self.kind.islower()


def built(answer: Any, *arguments: Any, read: str | None = None) -> Any:
    """The net that a student's function makes, or the one that a variable holds.

    Parameters
    ----------
    answer : a net, or a function that returns one.
    arguments : what to call the function with.
    read : where the course explains it.

    Returns
    -------
    A Keras model, or in the grader what stands for a subclassed one.

    Raises
    ------
    CheckFailed : if the function raises, or there is no net.
    """
    __tracebackhide__ = True
    if answer is None or answer is Ellipsis:
        raise fail("The net has no value yet: assign one.", read=read)
    is_function = callable(answer) and not _is_net(answer)
    net = called(answer, arguments, read=read) if is_function else answer
    if _is_net(net):
        return net
    problem = f"A Keras model is needed; this is of type {type(net).__name__}."
    raise fail(problem, mistake=_NO_NET.get(type(net)), read=read)


def stages(net: Any, input_shape: Sequence[int] | None = None) -> list[Stage]:
    """The stages of a net, in the order in which a picture goes through them.

    Parameters
    ----------
    net : a Keras model of any style, or a function that makes one.
    input_shape : of one picture, for nets that do not know it themselves.

    Raises
    ------
    CheckFailed : if it is no net, or one that cannot be followed.

    Examples
    --------
    >>> from course_utils import models
    >>> for stage in stages(models.single_conv()):
    ...     print(stage.label, stage.makes, stage.parameters)
    Conv2D (24, 24, 9) 234
    relu (24, 24, 9) 0
    Flatten (5184,) 0
    Dense (10,) 51850
    """
    __tracebackhide__ = True
    net = built(net)
    try:
        if hasattr(type(net), "functional"):  # the grader's stand-in for a net
            net = net.functional(input_shape)
        steps = anatomy.steps(anatomy.as_functional(net, input_shape))
    except Exception as error:
        problem = f"The layers of your net cannot be followed: {_words(error)}"
        raise fail(problem, mistake=_OWN_PARTS) from None
    return _labelled([s for s in _split(steps) if s.kind not in _NOTHING])


def every_layer(net: Any) -> list[Any]:
    """The layers of a net, and those of nets within it in their place.

    Examples
    --------
    >>> import keras
    >>> inner = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    >>> outer = keras.Sequential([inner, keras.layers.Dense(1)])
    >>> [layer.units for layer in every_layer(outer)]
    [3, 1]
    """
    inner = getattr(net, "layers", None)
    if not isinstance(inner, list):
        return [net]
    return [layer for one in inner for layer in every_layer(one)]


def _split(steps: Sequence[anatomy.Step]) -> list[Stage]:
    """Stages of all steps; a layer that is used again has no new parameters."""
    found: list[Stage] = []
    seen: set[int] = set()
    for step in steps:
        stage = _stage(step)
        if id(step.layer) not in seen:
            weights = getattr(step.layer, "weights", [])
            trained = getattr(step.layer, "trainable_weights", [])
            stage = replace(stage, parameters=_count(weights), trained=_count(trained))
        seen.add(id(step.layer))
        found.append(stage)
        fused = getattr(step.layer, "activation", None)
        if fused is not None and not stage.is_activation:
            found.append(Stage(_function(fused), {}, step.makes, step.makes))
    return found


def _stage(step: anatomy.Step) -> Stage:
    kind = type(step.layer).__name__
    if step.reads == step.makes and kind in ("Flatten", "Reshape"):
        kind = "Identity"
    elif kind == "Reshape" and len(step.makes) == 1:
        kind = "Flatten"
    elif kind == "Activation":
        kind = _function(step.layer.activation)
    elif _is_function(step.layer):
        kind = _function(step.layer)
    settings = {key: getattr(step.layer, key) for key in _SETTINGS.get(kind, ())}
    if settings.get("padding") == "same" and not _adds_rows(step, settings):
        settings["padding"] = "valid"
    return Stage(kind, settings, step.reads, step.makes)


def _is_function(layer: Any) -> bool:
    """Whether it does nothing but to apply an activation function, as it usually is."""
    kind = type(layer).__name__
    if kind == "ReLU":
        slope, most = layer.negative_slope, layer.max_value
        return (slope, most, layer.threshold) in ((0, None, 0), (None, None, None))
    if kind in ("Softmax", "LogSoftmax"):
        return bool(layer.axis == -1)
    return type(layer).__module__ == "keras.src.ops.nn" or kind in ("Tanh", "Sigmoid")


def _function(function: Any) -> str:
    """Name of an activation, given as a function, a layer or an operation."""
    named = getattr(function, "__name__", None) or type(function).__name__
    return str(named).lower()


def _adds_rows(step: anatomy.Step, settings: dict[str, Any]) -> bool:
    """Whether "same" padding makes a difference there."""
    sizes = settings.get("pool_size") or settings["kernel_size"]
    dilation = settings.get("dilation_rate", (1, 1))
    return any(
        same_padding(n, (k - 1) * d + 1, s) != (0, 0)
        for n, k, s, d in zip(
            step.reads[:2], sizes, settings["strides"], dilation, strict=True
        )
    )


def _labelled(found: list[Stage]) -> list[Stage]:
    total, so_far = Counter(s.kind for s in found), Counter[str]()
    labelled = []
    for stage in found:
        so_far[stage.kind] += 1
        several = total[stage.kind] > 1
        number = f" #{so_far[stage.kind]}" if several else ""
        labelled.append(replace(stage, label=stage.kind + number))
    return labelled


def _count(weights: Sequence[Any]) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def _is_net(answer: Any) -> bool:
    return hasattr(type(answer), "functional") or (
        hasattr(type(answer), "count_params") and hasattr(type(answer), "predict")
    )


def _words(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= 300 else f"{text[:299]}…"


_OWN_PARTS = Mistake(
    "a layer or function that is not Keras' own",
    "Build the net of layers from keras.layers and functions from keras.ops.",
    lambda _: True,
)
_NO_NET: dict[type, Mistake] = {
    type(None): Mistake(
        "returned None",
        "A function without `return` gives None; `compile` and `fit` do not return the"
        " net either.",
        lambda _: True,
    ),
    list: Mistake(
        "a list of layers", "Make a net of it: keras.Sequential([…]).", lambda _: True
    ),
    tuple: Mistake("several things returned", "Return the net alone.", lambda _: True),
}
