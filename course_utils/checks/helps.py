"""Check that a net has the filters and the helps that a question asks for.

It belongs to the training of the assignment on Fashion-MNIST. On a few thousand
garments a linear net is nearly as often right as a small convolutional one, so that
what a net reaches does not tell what it is made of; its stages do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import CheckFailed, fail
from course_utils.checks.nets import Stage, stages

_FILTERS = ("Conv2D", "SeparableConv2D", "DepthwiseConv2D")
_DROPS = ("Dropout", "SpatialDropout2D")
_ENDS = ("softmax", "log_softmax", "sigmoid")


def helped(
    net: Any,
    input_shape: Sequence[int],
    *,
    convolutions: int = 2,
    name: str = "net",
    read: str | None = None,
) -> None:
    """Check that a net has filters, each normalised and activated, and a dropout.

    How many filters there are, how large, and in which order normalisation, activation
    and pooling follow, does not matter; nor in which style the net is built.

    Parameters
    ----------
    net : the student's net.
    input_shape : of one picture, (height, width, channels).
    convolutions : how many layers with filters of more than 1×1 it must have.
    name : the variable.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it is no net, has too few convolutions, one that is not followed by
        a batch normalisation and an activation, or no dropout; the message says what
        the net lacks by it.

    Examples
    --------
    >>> import keras
    >>> flat = [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(10)]
    >>> try:
    ...     helped(keras.Sequential(flat), (8, 8, 1))
    ... except AssertionError as failure:
    ...     print(failure)
    `net` has too few convolutions.
      Expected: at least 2
      Yours:    0
    Likely mistake: a linear net. Each class is one weighted sum of the pixels, so a \
garment must lie just where the weights expect it, and no help makes more of it. Begin \
with Conv2D, batch normalisation and ReLU, and flatten afterwards.
    """
    __tracebackhide__ = True
    found = stages(net, input_shape)
    blocks = _blocks(found)
    if len(blocks) < convolutions:
        raise fail(
            f"`{name}` has too few convolutions.",
            facts={
                "Expected": f"at least {convolutions}",
                "Yours": f"{len(blocks)}" + _small(found),
            },
            mistake=_why_few(found, blocks),
            read=read,
        )
    for filters, *followers in blocks:
        _require_helps(filters, followers, name, read)
    if any(s.kind in _DROPS and s.settings["rate"] > 0 for s in found):
        return
    raise _lacks(f"`{name}` drops nothing while it trains.", "Dropout", _DROPOUT, read)


def _blocks(found: Sequence[Stage]) -> list[list[Stage]]:
    """Each stage of filters, with what follows it up to the next layer of weights."""
    blocks: list[list[Stage]] = []
    inside = False
    for stage in found:
        if stage.kind in (*_FILTERS, "Dense"):
            inside = _is_large(stage)
            if inside:
                blocks.append([])
        if inside:
            blocks[-1].append(stage)
    return blocks


def _is_large(stage: Stage) -> bool:
    """Whether it has filters of more than one pixel."""
    return stage.kind in _FILTERS and max(stage.settings["kernel_size"]) > 1


def _require_helps(
    filters: Stage, followers: Sequence[Stage], name: str, read: str | None
) -> None:
    """Fail unless a normalisation and an activation follow the filters."""
    __tracebackhide__ = True
    if not any(s.kind == "BatchNormalization" for s in followers):
        problem = f"After {filters.label} `{name}` has no batch normalisation."
        raise _lacks(problem, "BatchNormalization", _NORMALISATION, read)
    if not any(s.is_activation and s.kind not in _ENDS for s in followers):
        problem = f"After {filters.label} `{name}` has no activation."
        raise _lacks(problem, "ReLU, or another", _ACTIVATION, read)


def _lacks(problem: str, wanted: str, why: Mistake, read: str | None) -> CheckFailed:
    facts = {"Expected": wanted, "Yours": "none"}
    return fail(problem, facts=facts, mistake=why, read=read)


def _small(found: Sequence[Stage]) -> str:
    ones = sum(s.kind in _FILTERS and not _is_large(s) for s in found)
    return f", besides {ones} with filters of 1×1" if ones else ""


def _why_few(found: Sequence[Stage], blocks: Sequence[Sequence[Stage]]) -> Mistake:
    if _small(found):
        return _ONE_PIXEL
    if blocks:
        return _ONE_STAGE
    bends = any(s.is_activation and s.kind not in _ENDS for s in found)
    return _DENSE_ONLY if bends else _LINEAR


def _mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)


_LINEAR = _mistake(
    "a linear net",
    "Each class is one weighted sum of the pixels, so a garment must lie just where the"
    " weights expect it, and no help makes more of it. Begin with Conv2D, batch"
    " normalisation and ReLU, and flatten afterwards.",
)
_DENSE_ONLY = _mistake(
    "dense layers only",
    "Each unit weighs every pixel by its place and has to learn an edge anew wherever"
    " it may lie. Begin with Conv2D, batch normalisation and ReLU, and flatten"
    " afterwards.",
)
_ONE_STAGE = _mistake(
    "one convolution",
    "Its filters see no more than a small window. A second convolution puts together"
    " what the first has found.",
)
_ONE_PIXEL = _mistake(
    "filters of 1×1",
    "Such a filter reads a single pixel, in which there is neither edge nor pattern:"
    " take 3×3 or larger.",
)
_NORMALISATION = _mistake(
    "batch normalisation forgotten",
    "Put layers.BatchNormalization() between the convolution and its ReLU.",
)
_ACTIVATION = _mistake(
    "activation forgotten",
    "Without it the convolution and the next layer compute one weighted sum together:"
    " put layers.ReLU() after the normalisation.",
)
_DROPOUT = _mistake(
    "dropout forgotten",
    "Put layers.Dropout, with a rate above 0, before the last layer, for example.",
)
