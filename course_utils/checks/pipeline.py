"""Check what goes into a net, and whether a question was answered at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.checks.answers import Unusable, as_numbers, describe, size
from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import CheckFailed, fail

Array = NDArray[Any]

_BRIGHTEST = 2  # pixels that are scaled, to [0, 1] or to [−1, 1], stay below
_LEAST_RANGE = 0.02  # 1 / 255 is 0.004
_MOST = 20_000  # pictures of a dataset that are looked at; some never end


def pipeline(
    train: object,
    validation: object = None,
    *,
    shape: Sequence[int],
    net: Any = None,
    augmented: bool = False,
    name: str = "x",
    read: str | None = None,
) -> None:
    """Check that pictures are scaled, shaped and augmented as a net needs them.

    Of a dataset the first batch is looked at; the validation data are gone through
    twice, since what changes from one time to the next is augmented.

    Parameters
    ----------
    train : pictures (n, h, w, c), or a dataset that yields batches of them, alone or as
        ``(pictures, labels)``.
    validation : the validation data, of the same kinds.
    shape : (h, w, c), of one picture.
    net : the net that is to read them; a `Rescaling` layer in it scales bytes.
    augmented : whether the training pictures have to be augmented, by the dataset or by
        layers of the net.
    name : the variable that holds the training data.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if they are not; the message names the likely mistake.

    Examples
    --------
    >>> digits = np.arange(1568).reshape(2, 28, 28, 1) % 256
    >>> pipeline(digits / 255, shape=(28, 28, 1))
    >>> try:
    ...     pipeline(digits, shape=(28, 28, 1))
    ... except AssertionError as failure:
    ...     print(failure)
    The pictures in `x` have the wrong values.
      Expected: values from 0 to 1
      Yours:    int64 from 0 to 255
    Likely mistake: unscaled pictures. Divide them by 255, or let the net begin with a \
layer `Rescaling(1 / 255)`.
    """
    __tracebackhide__ = True
    if hasattr(type(net), "functional"):  # the grader's stand-in for a net
        net = net.functional(shape)
    parts = {f"`{name}`": train, "the validation data": validation}
    for where, data in parts.items():
        if data is not None:
            pictures = next(_batches(data, where, read), np.empty(0))
            _require_shape(pictures, tuple(shape), where, read)
            _require_scale(pictures, net, where, read)
    if validation is not None and _changes(validation):
        raise fail(
            "The validation pictures are others each time they are read.",
            facts={"Expected": "the same pictures", "Yours": "other pictures"},
            mistake=_AUGMENTED_VALIDATION,
            read=read,
        )
    if augmented and not (_has_random_layers(net) or _changes(train)):
        raise fail(
            f"The training pictures in `{name}` are the same each time they are read.",
            facts={
                "Expected": "pictures that change, or a net with layers such as"
                " RandomTranslation",
                "Yours": "neither",
            },
            mistake=_NO_AUGMENTATION,
            read=read,
        )


def answered(
    answer: object,
    *,
    name: str = "answer",
    words: int = 1,
    read: str | None = None,
) -> None:
    """Check that a question was answered, whatever the answer is.

    Parameters
    ----------
    answer : what the student's variable holds.
    name : the variable.
    words : how many words a text must have at least.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if it is None, a text that stood there before, or one too short.

    Examples
    --------
    >>> answered(0, name="count")
    >>> try:
    ...     answered("YOUR ANSWER HERE", name="reason")
    ... except AssertionError as failure:
    ...     print(failure)
    `reason` is not answered yet: put your answer in place of 'YOUR ANSWER HERE'.
    """
    __tracebackhide__ = True
    text = str(answer) if isinstance(answer, str) else None
    if answer is None or answer is Ellipsis:
        raise fail(f"`{name}` is not answered yet: it has no value.", read=read)
    if text is None:
        return
    if _is_placeholder(text):
        raise fail(
            f"`{name}` is not answered yet: put your answer in place of"
            f" {describe(text)}.",
            read=read,
        )
    if len(text.split()) < words:
        raise fail(
            f"`{name}` is too short: write at least {words} words; these are"
            f" {len(text.split())}.",
            read=read,
        )


_PLACEHOLDERS = ("your answer here", "your answer", "answer", "todo", "fixme")


def _is_placeholder(text: str) -> bool:
    bare = text.strip().strip(".…_-<>[]()?!#*: ").lower()
    return not bare or bare in _PLACEHOLDERS


def _mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)


_NO_CHANNEL = _mistake(
    "no axis for the channel",
    "Keras wants (n, height, width, channels), and grey pictures have one channel:"
    " `x[..., None]`. It would put the axis there without a word, but other code will"
    " not.",
)
_NO_BATCH = _mistake(
    "no axis for the pictures",
    "The first axis counts pictures, also if there is one alone: `x[None]`.",
)
_CHANNELS_FIRST = _mistake(
    "channels first", "Keras has them last: `np.moveaxis(x, 1, -1)`."
)
_FLATTENED = _mistake(
    "flattened pictures",
    "A filter needs to know which pixels are neighbours: leave rows and columns as"
    " they are.",
)
_SWAPPED = _mistake("swapped axes", "Rows come before columns.")
_UNSCALED = _mistake(
    "unscaled pictures",
    "Divide them by 255, or let the net begin with a layer `Rescaling(1 / 255)`.",
)
_TWICE = _mistake(
    "scaled twice",
    "Divide by 255 once: either the pictures, or in a layer `Rescaling`.",
)
_WHOLE = _mistake(
    "divided into whole numbers",
    "`//`, or a whole dtype, makes 0 of all pixels but the brightest: use / and leave"
    " the result as floats.",
)
_CONSTANT = _mistake(
    "one value throughout", "All pixels are equal: the pictures themselves are gone."
)
_NAN = _mistake(
    "NaN", "It comes from 0 / 0: a picture divided by its own largest value, say."
)
_EMPTY = _mistake("no pictures", "There is not a single one to learn from.")
_AUGMENTED_VALIDATION = _mistake(
    "augmented validation",
    "`map` with random layers belongs to the training data alone: validation pictures"
    " stay as they are, or no two epochs can be compared.",
)
_NO_AUGMENTATION = _mistake(
    "no augmentation",
    "Random layers do something only where `training=True` reaches them: in"
    " `map`, call them so.",
)


def _batches(data: object, where: str, read: str | None) -> Iterator[Array]:
    """The pictures, batch by batch, without their labels."""
    if _is_array(data) or isinstance(data, tuple):
        data = [data]
    if not isinstance(data, Iterable):
        raise _unusable(data, where, read)
    for batch in data:
        pictures = batch[0] if isinstance(batch, tuple) and batch else batch
        try:
            yield as_numbers(pictures)
        except Unusable:
            raise _unusable(pictures, where, read) from None


def _is_array(data: object) -> bool:
    # Asked of the type, since a dataset in another process answers for itself.
    return hasattr(type(data), "dtype") and hasattr(type(data), "shape")


def _unusable(data: object, where: str, read: str | None) -> CheckFailed:
    return fail(
        f"There are no pictures in {where}.",
        facts={"Expected": "an array or a dataset", "Yours": describe(data)},
        read=read,
    )


def _require_shape(
    pictures: Array, shape: tuple[int, ...], where: str, read: str | None
) -> None:
    got = pictures.shape
    if got[1:] == shape and got[0]:
        return
    height, width, channels = shape
    mistakes = {
        _EMPTY: not pictures.size,
        _NO_BATCH: got == shape or got == (height, width),
        _NO_CHANNEL: got[1:] == (height, width),
        _CHANNELS_FIRST: got[1:] == (channels, height, width),
        _FLATTENED: len(got) == 2 and got[1] == height * width * channels,
        _SWAPPED: got[1:] == (width, height, channels),
    }
    raise fail(
        f"The pictures in {where} have the wrong shape.",
        facts={"Expected": f"n×{size(shape)}", "Yours": size(got)},
        mistake=next((m for m, fits in mistakes.items() if fits), None),
        read=read,
    )


def _require_scale(pictures: Array, net: object, where: str, read: str | None) -> None:
    kinds = [type(layer).__name__ for layer in _layers(net)]
    if "Normalization" in kinds:
        return  # it has learned its scale from the pictures
    with np.errstate(all="ignore"):
        low, high = float(pictures.min()), float(pictures.max())
    facts = {
        "Expected": "values from 0 to 1",
        "Yours": f"{pictures.dtype} from {low:.4g} to {high:.4g}",
    }
    for layer in _layers(net):
        if type(layer).__name__ == "Rescaling":
            low, high = (end * layer.scale + layer.offset for end in (low, high))
            facts["Yours"] += f", rescaled to {low:.4g} to {high:.4g}"
    mistakes = {
        _NAN: not np.isfinite([low, high]).all(),
        _CONSTANT: low == high,
        # Pixels with a mean of 0 may well go beyond 2.
        _UNSCALED: high > _BRIGHTEST and low >= 0,
        _TWICE: high - low < _LEAST_RANGE,
        _WHOLE: "Rescaling" not in kinds and np.isin(pictures, (0, 1)).all(),
    }
    mistake = next((m for m, fits in mistakes.items() if fits), None)
    if mistake is not None:
        raise fail(
            f"The pictures in {where} have the wrong values.",
            facts=facts,
            mistake=mistake,
            read=read,
        )


def _layers(net: object) -> list[Any]:
    """All layers of a net, those of nets within it too."""
    inner = getattr(net, "layers", None)
    if not isinstance(inner, list):
        return []
    return [one for layer in inner for one in (layer, *_layers(layer))]


def _has_random_layers(net: object) -> bool:
    return any(type(layer).__name__.startswith("Random") for layer in _layers(net))


def _changes(data: object) -> bool:
    """Whether a dataset yields other pictures the second time, in whatever order."""
    first, second = (sorted(_marks(data)) for _ in range(2))
    return first != second


def _marks(data: object) -> Iterator[bytes]:
    pictures = (one for batch in _batches(data, "the data", None) for one in batch)
    for picture in islice(pictures, _MOST):
        yield blake2b(np.ascontiguousarray(picture).tobytes()).digest()
