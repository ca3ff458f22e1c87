"""Check the three arms of the homework: the networks, their training, what is equal.

The third network may have branches, so only the first two are followed layer by layer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.checks.accuracy import Net, right
from course_utils.checks.answers import describe, size
from course_utils.checks.architecture import architecture
from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import fail
from course_utils.checks.losses import loss_matches_head
from course_utils.checks.nets import Stage, built, stages
from course_utils.checks.training import curves_of, training
from course_utils.homework import scaled

Array = NDArray[Any]
Sets = Mapping[str, tuple[Array, Array]]

SHAPE = (32, 32, 3)
_FRESH = 0.4  # share of ln(classes) that the first epoch's loss of a new net exceeds
_AS_FAR_OFF = 0.8  # share of another arm's first loss below which one has begun before
_CLEARLY = 0.1  # a share of a thousand pictures that chance does not explain
_TIPPED = 2.5  # pictures of a set that rounding may tip
_SAME_LOSS = 2e-3  # as a part of it, or of 1 where it is smaller
_PARTS = ("validation", "test", "training")


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
    CheckFailed : if there are none among its layers.
    """
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


def trained(
    net: Any,
    histories: Any,
    arm: str,
    sets: Sets,
    *,
    read: str | None = None,
) -> None:
    """Check that an arm has learned, by itself, watched on the validation pictures.

    Parameters
    ----------
    net : the trained network.
    histories : by arm, what ``fit`` returned.
    arm : which one.
    sets : from `homework.three_sets`.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if there are no such curves, they show no learning or nothing but
        guessing, do not begin at the beginning, or do not belong to this net and these
        pictures.
    """
    __tracebackhide__ = True
    name = f'histories["{arm}"]'
    history = history_of(histories, arm, read=read)
    training(history, name=name, read=read)
    curves = curves_of(history, name=name, read=read)
    classes = int(sets["validation"][1].max()) + 1
    _require_more_than_guesses(curves, name, len(sets["validation"][1]), classes, read)
    if curves["loss"][0] < _FRESH * math.log(classes):
        raise fail(
            f"`{name}` does not begin with a network that has learned nothing.",
            facts={
                "Expected": f"a first loss of about ln {classes} ="
                f" {math.log(classes):.2f}",
                "Yours": f"{curves['loss'][0]:.3g}",
            },
            mistake=_GOES_ON,
            read=read,
        )
    _require_curves_of(Net(net, arm, read), curves, name, sets)


def equal_budgets(
    histories: Any, arm: str, other: str = "baseline", *, read: str | None = None
) -> None:
    """Check that two arms were trained equally often on equally many pictures.

    Parameters
    ----------
    histories : by arm, what ``fit`` returned.
    arm, other : the two.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if they differ in epochs, or in steps to an epoch.
    """
    __tracebackhide__ = True
    budgets = [_budget(histories, one, read) for one in (arm, other)]
    for what, mine, theirs, mistake in zip(
        ("epochs", "steps to an epoch"), *budgets, (_EPOCHS, _STEPS), strict=True
    ):
        if mine != theirs:
            raise fail(
                f"The arms “{arm}” and “{other}” differ in {what}.",
                facts={other: f"{theirs}", arm: f"{mine}"},
                mistake=mistake,
                read=read,
            )


def begins_anew(
    histories: Any, arm: str, other: str = "baseline", *, read: str | None = None
) -> None:
    """Check that an arm with the network of another one begins as far off as that.

    Augmentation makes the first epoch no easier. So a first loss clearly below the
    other's is that of a network that had been trained before.

    Parameters
    ----------
    histories : by arm, what ``fit`` returned.
    arm, other : the two.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if the first loss of `arm` is a fifth lower.
    """
    __tracebackhide__ = True
    first = {
        one: float(
            curves_of(
                history_of(histories, one, read=read),
                name=f'histories["{one}"]',
                read=read,
            )["loss"][0]
        )
        for one in (other, arm)
    }
    if first[arm] >= _AS_FAR_OFF * first[other]:
        return
    raise fail(
        f"The arm “{arm}” begins where “{other}” had come to.",
        facts={one: f"{loss:.3g} after the first epoch" for one, loss in first.items()},
        mistake=_GOES_ON,
        read=read,
    )


def not_known(
    net: Any,
    name: str,
    seen: tuple[Array, Array],
    strange: tuple[Array, Array],
    *,
    part: str,
    read: str | None = None,
) -> None:
    """Check that a network does no better on a set than on pictures that nobody had.

    Parameters
    ----------
    net : the trained network.
    name : the variable.
    seen : images, uint8, and labels of the set.
    strange : of CIFAR-10's own test set.
    part : the name of the set.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it is right ten points more often on the set.
    """
    __tracebackhide__ = True
    asked = Net(net, name, read)
    shares = [right(asked.outputs(scaled(x)), y) for x, y in (seen, strange)]
    if shares[0] - shares[1] < _CLEARLY:
        return
    raise fail(
        f"`{name}` knows the pictures of the {part} set.",
        facts={
            "There": f"{shares[0]:.1%} right",
            "On others": f"{shares[1]:.1%}, of pictures that it cannot have seen",
        },
        mistake=_LEAKED,
        read=read,
    )


def history_of(histories: Any, arm: str, *, read: str | None = None) -> Any:
    """What ``fit`` returned for an arm.

    Raises
    ------
    CheckFailed : if there is none.
    """
    if not isinstance(histories, Mapping):
        problem = f"`histories` holds {describe(histories)}, not a dict by arm."
        raise fail(problem, read=read)
    history = histories.get(arm)
    if history is None:
        problem = f'`histories["{arm}"]` has no value yet: keep what `fit` returns.'
        raise fail(problem, read=read)
    return history


def _budget(histories: Any, arm: str, read: str | None) -> tuple[int, int]:
    history = history_of(histories, arm, read=read)
    name = f'histories["{arm}"]'
    epochs = len(curves_of(history, name=name, read=read)["loss"])
    steps = (getattr(history, "params", None) or {}).get("steps")
    if not isinstance(steps, int):
        problem = f"`{name}` does not say how many steps an epoch had."
        mistake = _DICT if isinstance(history, Mapping) else _UNCOUNTED
        raise fail(problem, mistake=mistake, read=read)
    return epochs, steps


def _require_more_than_guesses(
    curves: Mapping[str, Array], name: str, n: int, classes: int, read: str | None
) -> None:
    """Fail if the second half of the curve lies where guessing does."""
    told = accuracy_curve(curves, name, read=read)
    late = told[len(told) // 2 :]
    chance = 1 / classes
    least = chance + 2 * math.sqrt(chance * (1 - chance) / n)
    if late.mean() >= least:
        return
    raise fail(
        f"`{name}` is that of a network which guesses.",
        facts={
            "Expected": f"more than {least:.1%} right on the validation pictures",
            "Yours": f"{late.mean():.1%}, as a mean of the last {len(late)} epochs",
        },
        mistake=_GUESSES,
        read=read,
    )


@dataclass(frozen=True)
class _Measured:
    """What a net reaches on a set: share of right answers, mean cross-entropy."""

    share: float
    entropy: float
    pictures: int

    @classmethod
    def on(cls, net: Net, images: Array, labels: Array) -> _Measured:
        outputs = net.outputs(scaled(images))
        entropy = _cross_entropy(outputs, labels)
        return cls(right(outputs, labels), entropy, len(labels))

    def has_share(self, told: float) -> bool:
        return abs(self.share - told) * self.pictures <= _TIPPED

    def is_it(self, told: float, loss: float) -> bool:
        same_loss = abs(self.entropy - loss) <= _SAME_LOSS * max(1.0, loss)
        return self.has_share(told) and same_loss


def _cross_entropy(outputs: Array, labels: Array) -> float:
    """Of logits or probabilities; NaN if there is not a number for each class."""
    if outputs.ndim != 2 or outputs.shape[1] <= labels.max():
        return math.nan
    rows = np.arange(len(labels))
    if outputs.min() >= 0 and np.allclose(outputs.sum(axis=1), 1, atol=1e-3):
        return float(-np.log(np.maximum(outputs[rows, labels], 1e-7)).mean())
    with np.errstate(invalid="ignore"):
        shifted = outputs - outputs.max(axis=1, keepdims=True)
    sums = np.log(np.exp(shifted).sum(axis=1))
    return float((sums - shifted[rows, labels]).mean())


def _require_curves_of(
    net: Net, curves: Mapping[str, Array], name: str, sets: Sets
) -> None:
    """Fail if a net and a history disagree about the validation pictures.

    By chance a net is right equally often on two sets, but then their losses differ.
    """
    told, losses = accuracy_curve(curves, name, read=net.read), curves["val_loss"]
    last = min(len(told), len(losses)) - 1
    ends = {last, int(told[: last + 1].argmax()), int(losses[: last + 1].argmin())}
    found = {part: _Measured.on(net, *sets[part]) for part in _PARTS}

    def fits(part: str) -> bool:
        return any(found[part].has_share(told[end]) for end in ends)

    def is_it(part: str) -> bool:
        return any(found[part].is_it(told[end], losses[end]) for end in ends)

    for_sure = next(filter(is_it, _PARTS), None)
    if fits("validation") and for_sure in (None, "validation"):
        return
    part = for_sure or next(filter(fits, _PARTS), None)
    raise fail(
        f"`{name}` and `{net.name}` disagree about the validation pictures.",
        facts={
            "Curve": f"{told[-1]:.1%} right at the end, {told.max():.1%} at best",
            "Network": f"{found['validation'].share:.1%}",
        },
        mistake=_OTHER_PART.get(part or "", _OTHER_NET),
        read=net.read,
    )


def accuracy_curve(
    curves: Mapping[str, Array],
    name: str,
    *,
    prefix: str = "val_",
    read: str | None = None,
) -> Array:
    """The curve of the accuracy, whatever the metric is called.

    Raises
    ------
    CheckFailed : if the history has none.
    """
    for key, curve in curves.items():
        if key.startswith((prefix + "acc", prefix + "sparse_cat")) and len(curve):
            return curve
    has = ", ".join(curves)
    problem = f"`{name}` has no curve of the accuracy; it has {has}."
    raise fail(problem, mistake=_NO_METRIC, read=read)


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
_GOES_ON = _mistake(
    "a network that goes on",
    "It had been trained before: build it anew, and keep the history of its first and"
    " only `fit`.",
)
_OTHER_NET = _mistake(
    "another network or other pictures",
    "The curves must be those of this very network on x_val, y_val, and it must not be"
    " trained any further afterwards. (The weights may be those of the last epoch or of"
    " the best.)",
)
_TEST = _mistake(
    "test set as validation_data",
    "The curve is that of the test pictures. What is chosen by them can no longer be"
    " judged by them: pass validation_data=(x_val, y_val).",
)
_TRAINING = _mistake(
    "training set as validation_data",
    "The curve is that of the training pictures, which the network knows by heart.",
)
_OTHER_PART = {"test": _TEST, "training": _TRAINING}
_LEAKED = _mistake(
    "leakage", "It was trained on them, and so they cannot judge it any more."
)
_EPOCHS = _mistake(
    "unequal epochs",
    "An arm that trains longer shows that training longer helps: give all the same, and"
    " no early stopping.",
)
_STEPS = _mistake(
    "unequal steps",
    "Another batch size, or other pictures: all arms see the same 2,000 in batches of"
    " one size.",
)
_DICT = _mistake(
    "the dict alone", "Keep what `fit` returns itself, not its attribute `history`."
)
_UNCOUNTED = _mistake(
    "data of unknown length",
    "Keras could not count the batches: give `fit` arrays, or a data set whose length"
    " is known.",
)
_GUESSES = _mistake(
    "labels out of step",
    "Pictures and labels must keep their common order, and every class must be among"
    " them. If they do, the rate may be far too high.",
)
_NO_METRIC = _mistake("no metric", 'Compile with metrics=["accuracy"].')
