"""Check layers of augmentation: what they do to pictures, and when."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.checks.answers import describe, size
from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import fail
from course_utils.checks.quiet import silence

Array = NDArray[Any]

_LEAST = 0.05  # share of the pictures that must come out changed
_CHANGED = 0.01  # of the way from black to white
_LOW, _HIGH = -1.0, 2.0  # a little beyond 0 and 1 does no harm
_LARGEST = 0.5  # of a turn, of the height or of the width


def augmentation(
    augment: Any,
    pictures: Array,
    *,
    name: str = "augment",
    read: str | None = None,
) -> None:
    """Check that layers change pictures in training, and only then.

    Parameters
    ----------
    augment : the student's layers, as a ``keras.Sequential`` or one layer.
    pictures : floats from 0 to 1, (n, height, width, 3), some sixty of them.
    name : the variable.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if they change nothing, always the same, too much, or pictures that
        are not trained on as well; the message names the likely mistake.

    Examples
    --------
    >>> from keras import layers
    >>> pictures = np.random.default_rng(0).random((60, 8, 8, 3)).astype("float32")
    >>> augmentation(layers.RandomFlip("horizontal"), pictures)
    >>> try:
    ...     augmentation(layers.Rescaling(0.5), pictures)
    ... except AssertionError as failure:
    ...     print(str(failure).splitlines()[0])
    `augment` changes pictures when nothing is trained.
    """
    __tracebackhide__ = True
    if augment is None or augment is Ellipsis:
        raise fail(f"`{name}` has no value yet: assign one.", read=read)
    if not callable(augment):
        problem = f"`{name}` holds {describe(augment)}, not layers of augmentation."
        mistake = _LIST if isinstance(augment, list) else None
        raise fail(problem, mistake=mistake, read=read)
    calm = _outputs(augment, pictures, False, name, read)
    if not np.allclose(calm, pictures, atol=1e-5):
        raise fail(
            f"`{name}` changes pictures when nothing is trained.",
            facts={"With": "training=False", "Expected": "the same pictures"},
            mistake=_ALWAYS,
            read=read,
        )
    once, again = (_outputs(augment, pictures, True, name, read) for _ in range(2))
    _require_range(once, name, read)
    _require_moderation(augment, name, read)
    moved = np.abs(once - pictures).max(axis=(1, 2, 3)) > _CHANGED
    if moved.mean() < _LEAST:
        raise fail(
            f"`{name}` leaves the pictures as they are.",
            facts={
                "With": "training=True",
                "Changed": f"{int(moved.sum())} of {len(moved)}",
            },
            mistake=_NOTHING,
            read=read,
        )
    if np.array_equal(once, again):
        problem = f"`{name}` changes the pictures in the same way each time."
        raise fail(problem, mistake=_FIXED, read=read)


def _outputs(
    augment: Any, pictures: Array, training: bool, name: str, read: str | None
) -> Array:
    try:
        with silence():
            made = np.asarray(augment(pictures, training=training), dtype=np.float64)
    except Exception as error:
        words = str(error).strip().splitlines() or [type(error).__name__]
        raise fail(
            f"`{name}` cannot be called: {words[0][:200]}",
            facts={"Call": f"{name}(pictures, training={training})"},
            mistake=_SIGNATURE if "training" in words[0] else None,
            read=read,
        ) from None
    if made.shape == pictures.shape:
        return made
    raise fail(
        f"`{name}` gives pictures of another shape.",
        facts={"Expected": size(pictures.shape), "Yours": size(made.shape)},
        read=read,
    )


def _require_range(made: Array, name: str, read: str | None) -> None:
    low, high = float(made.min()), float(made.max())
    if np.isfinite(made).all() and low >= _LOW and high <= _HIGH:
        return
    raise fail(
        f"`{name}` makes pixels that no picture has.",
        facts={"Expected": "about 0 to 1", "Yours": f"{low:.3g} to {high:.3g}"},
        mistake=_VALUES,
        read=read,
    )


def _require_moderation(augment: Any, name: str, read: str | None) -> None:
    """Fail if a layer was told degrees or pixels where it takes shares."""
    layers = getattr(augment, "layers", None)
    for layer in layers if isinstance(layers, list) else [augment]:
        kind = type(layer).__name__
        if kind not in _HINTS or not hasattr(layer, "get_config"):
            continue
        config = layer.get_config()
        factors = [value for key, value in config.items() if key.endswith("factor")]
        largest = max(
            (float(np.max(np.abs(f))) for f in factors if f is not None), default=0
        )
        if largest > _LARGEST:
            raise fail(
                f"The {kind} in `{name}` goes too far for a picture to keep its class.",
                facts={"Yours": f"up to {largest:g}"},
                mistake=_mistake("wrong unit", _HINTS[kind]),
                read=read,
            )


def _mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)


_HINTS = {
    "RandomRotation": "It takes shares of a full turn: 15 degrees are 15 / 360.",
    "RandomTranslation": "It takes shares of height and width: 3 pixels of 32 are 0.1.",
    "RandomZoom": "It takes shares: 0.1 is up to a tenth larger or smaller.",
}
_LIST = _mistake("a list", "Make one of it: keras.Sequential([…]).")
_ALWAYS = _mistake(
    "not random",
    "A layer such as Rescaling or CenterCrop does the same to every picture, in a test,"
    " too; layers whose name begins with Random stop when nothing is trained.",
)
_NOTHING = _mistake(
    "no augmentation", "Is a factor 0, or are there no random layers in it?"
)
_FIXED = _mistake(
    "the same each time", "Draw anew in every call; layers of Keras do that themselves."
)
_VALUES = _mistake(
    "value_range left out",
    "Some layers expect pixels up to 255: RandomBrightness(0.1, value_range=(0, 1)).",
)
_SIGNATURE = _mistake(
    "training not passed on",
    "Make it of Keras' own layers with keras.Sequential([…]): it can be told whether"
    " the network is being trained.",
)
