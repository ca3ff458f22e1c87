"""Check the networks of the homework's three arms.

The third one may have branches, so only the first two are followed layer by layer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from course_utils.checks.accuracy import Net
from course_utils.checks.answers import size
from course_utils.checks.architecture import architecture
from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import fail
from course_utils.checks.losses import loss_matches_head
from course_utils.checks.nets import Stage, built, stages

SHAPE = (32, 32, 3)


def plain(build: Any, classes: int, *, read: str | None = None) -> None:
    """Check the first arm's network: convolutions, pooling, a fitting loss, no more.

    Parameters
    ----------
    build : the student's function; it gives a compiled net.
    classes : how many outputs it must have.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if a part is missing or there is one that belongs to a later arm.
    """
    __tracebackhide__ = True
    net = built(build, read=read)
    found = stages(net, SHAPE)
    reads, makes = found[0].reads, found[-1].makes
    if reads != SHAPE or makes != (classes,):
        raise fail(
            "The network does not go from a picture to one number for each class.",
            facts={
                "Expected": f"{size(SHAPE)} to {classes}",
                "Yours": f"{size(reads)} to {'×'.join(map(str, makes))}",
            },
            mistake=_CLASSES if reads == SHAPE and len(makes) == 1 else _FLAT,
            read=read,
        )
    kinds = [stage.kind for stage in found]
    for part, there in (
        ("convolution", any("Conv2D" in kind for kind in kinds)),
        ("pooling", any("Pooling2D" in kind for kind in kinds)),
    ):
        if not there:
            problem = f"The network has no {part}."
            raise fail(problem, facts={"Yours": ", ".join(kinds)}, read=read)
    later = {kind for kind in kinds if is_augmentation(kind)} | _kinds_of_means(net)
    later -= {"global pooling"}  # a way of pooling, too
    if later:
        problem = (
            f"The baseline is a plain network; yours has {', '.join(sorted(later))}."
        )
        raise fail(problem, mistake=_NOT_PLAIN, read=read)
    loss_matches_head(net, input_shape=SHAPE, read=read)


def same_network(build: Any, baseline: Any, *, read: str | None = None) -> None:
    """Check that a network is the baseline with augmentation in front, and no more.

    Parameters
    ----------
    build, baseline : the student's functions, each of which gives a compiled net.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if there is no augmentation in it, or another layer, the loss or the
        optimiser differs.
    """
    __tracebackhide__ = True
    net, plain_net = built(build, read=read), built(baseline, read=read)
    require_augmentation(net, "build_augmented", read=read)
    architecture(net, plain_net, name="the baseline", ignoring=_augments, read=read)
    loss_matches_head(net, input_shape=SHAPE, read=read)
    if more := _kinds_of_means(net) - _kinds_of_means(plain_net):
        problem = f"Your net has {', '.join(sorted(more))}; the baseline has not."
        raise fail(problem, mistake=_TWO_AT_ONCE, read=read)
    if differing := _different_setting(_optimiser(net), _optimiser(plain_net)):
        setting, mine, theirs = differing
        raise fail(
            "The two networks are not compiled with the same optimiser.",
            facts={
                "build_baseline": f"{setting} {theirs}",
                "build_augmented": f"{setting} {mine}",
            },
            mistake=_TWO_AT_ONCE,
            read=read,
        )


def require_augmentation(net: Any, name: str, *, read: str | None = None) -> None:
    """Fail if a network has no layers of augmentation.

    Parameters
    ----------
    net : a Keras model.
    name : whose it is.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if there are none among its layers, or there is no network.
    """
    net = built(net, read=read)
    if any(is_augmentation(type(layer).__name__) for layer in _layers(net)):
        return
    problem = f"There is no augmentation in the network of `{name}`."
    raise fail(problem, mistake=_NO_AUGMENTATION, read=read)


def is_augmentation(kind: str) -> bool:
    """Whether a layer of this class changes pictures at random while a net trains.

    Examples
    --------
    >>> is_augmentation("RandomFlip"), is_augmentation("Dropout")
    (True, False)
    """
    return kind.startswith("Random") or kind in _AUGMENTATION


def means(build: Any, classes: int, *, read: str | None = None) -> None:
    """Check that a network has two kinds of means against overfitting, or more.

    Counted are dropout, normalisation, a penalty on weights, smoothed labels, global
    pooling in place of Flatten, and noise.

    Parameters
    ----------
    build : the student's function; it gives a compiled net.
    classes : how many outputs it must have.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if there is one kind, or none.
    """
    __tracebackhide__ = True
    net = built(build, read=read)
    outputs = Net(net, "build_regularised()", read).outputs(np.zeros((2, *SHAPE)))
    if outputs.shape != (2, classes):
        raise fail(
            "The network does not give one number for each class.",
            facts={"Expected": f"2×{classes}", "Yours": size(outputs.shape)},
            read=read,
        )
    found = sorted(_kinds_of_means(net))
    if len(found) >= 2:
        return
    raise fail(
        "The network has too few kinds of means against overfitting.",
        facts={"Expected": "two at least", "Yours": ", ".join(found) or "none"},
        mistake=_SAME_KIND if found else _NO_MEANS,
        read=read,
    )


def _kinds_of_means(net: Any) -> set[str]:
    """Kinds of means against overfitting in a net, its loss and its optimiser."""
    found = set()
    for layer in _layers(net):
        kind = type(layer).__name__
        if getattr(layer, "rate", None) != 0:  # a dropout of nothing
            found |= {what for part, what in _MEANS.items() if part in kind}
        if any(
            getattr(layer, name, None) is not None
            for name in ("kernel_regularizer", "kernel_constraint")
        ):
            found.add("a penalty on weights")
    how = net.get_compile_config() if getattr(net, "compiled", False) else None
    if _deep(how, "label_smoothing"):
        found.add("smoothed labels")
    if _deep(how, "weight_decay"):
        found.add("a penalty on weights")
    return found


def _optimiser(net: Any) -> dict[str, Any]:
    """An optimiser's class and settings; of one given by its name, the class alone."""
    how = net.get_compile_config() if getattr(net, "compiled", False) else None
    told = (how or {}).get("optimizer")
    if not isinstance(told, Mapping):
        return {"class": str(told).lower()}
    settings = told.get("config")
    named = {"class": str(told.get("class_name", "")).lower()}
    return named | dict(settings if isinstance(settings, Mapping) else {})


def _different_setting(
    mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[str, str, str] | None:
    """The first setting that both have and have otherwise, and its two values."""
    both = mine.keys() & theirs.keys() - {"name"}
    for key in sorted(both, key=("class", "learning_rate", *sorted(both)).index):
        if not _same(mine[key], theirs[key]):
            return key, _setting(mine[key]), _setting(theirs[key])
    return None


def _setting(value: Any) -> str:
    """A setting in a few words; of a schedule what it was made with."""
    if isinstance(value, float):
        return f"{value:.3g}"
    return str(value.get("config") if isinstance(value, Mapping) else value)[:80]


def _same(one: Any, other: Any) -> bool:
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    return math.isclose(one, other, rel_tol=1e-5) if numbers else bool(one == other)


def _deep(config: Any, key: str) -> bool:
    """Whether a key has a value above zero anywhere in a configuration."""
    if isinstance(config, list | tuple):
        return any(_deep(one, key) for one in config)
    if not isinstance(config, Mapping):
        return False
    value = config.get(key)
    own = isinstance(value, int | float) and value > 0
    return own or any(_deep(one, key) for one in config.values())


def _layers(net: Any) -> Iterator[Any]:
    """All layers of a net, those of nets inside it too."""
    inner = getattr(net, "layers", None)
    for layer in inner if isinstance(inner, list) else ():
        yield layer
        yield from _layers(layer)


def _augments(stage: Stage) -> bool:
    return is_augmentation(stage.kind)


def _mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)


_AUGMENTATION = {"AugMix", "AutoContrast", "CutMix", "Equalization", "MixUp"}
_AUGMENTATION |= {"RandAugment", "Solarization"}
_MEANS = {
    "Dropout": "dropout",
    "BatchNormalization": "normalisation",
    "LayerNormalization": "normalisation",
    "GroupNormalization": "normalisation",
    "UnitNormalization": "normalisation",
    "RMSNormalization": "normalisation",
    "SpectralNormalization": "a penalty on weights",
    "ActivityRegularization": "a penalty on weights",
    "GlobalAveragePooling2D": "global pooling",
    "GlobalMaxPooling2D": "global pooling",
    "GaussianNoise": "noise",
}
_CLASSES = _mistake(
    "another number of outputs", "The last layer has one for each class: len(chosen)."
)
_FLAT = _mistake(
    "not flattened",
    "Between the last maps and the dense layers stands Flatten or a global pooling.",
)
_NOT_PLAIN = _mistake(
    "two things at once",
    "Augmentation comes with the second arm, and means against overfitting with the"
    " third; else you cannot say what each brought.",
)
_TWO_AT_ONCE = _mistake(
    "two things at once",
    "The second arm differs from the first in the augmentation alone; else you cannot"
    " say what it brought. Build and compile both by the same function.",
)
_NO_AUGMENTATION = _mistake(
    "no augmentation",
    "Put `augment` into the network, before its first convolution: there `fit` uses it"
    " and `predict` does not.",
)
_NO_MEANS = _mistake(
    "no means",
    "Dropout, batch normalisation, weight decay, smoothed labels, global pooling: take"
    " two that you can explain. A falling learning rate is not one.",
)
_SAME_KIND = _mistake(
    "one kind",
    "Two layers of one kind count once, and a falling learning rate does not count.",
)
