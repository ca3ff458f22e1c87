"""Which mistake explains a wrong answer?

Every mistake here predicts the answer that it would lead to. One is named only if its
prediction is what came, on every input that was tried. To teach a new mistake, add it
to one of the lists: the first that fits is the one named, so the particular come before
the general.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Reference = Callable[..., object]


@dataclass(frozen=True)
class Evidence:
    """One answer beside what was expected.

    Parameters
    ----------
    got, expected : plain arrays; of one shape when values are compared.
    arguments : what the function was called with, if it was one.
    reference : gives the expected answer from arguments.
    """

    got: Array
    expected: Array
    arguments: tuple[Any, ...] = ()
    reference: Reference | None = None

    @property
    def pictures(self) -> list[int]:
        """The positions of the arguments that are arrays with rows and columns."""
        return [i for i, a in enumerate(self.arguments) if np.ndim(a) >= 2]


@dataclass(frozen=True)
class Mistake:
    """A mistake with a name.

    Parameters
    ----------
    name : two or three words.
    hint : what to do about it.
    explains : whether the answers are those that this mistake gives.
    prediction : the answer that this mistake gives, where there is one.
    """

    name: str
    hint: str
    explains: Callable[[Sequence[Evidence]], bool]
    prediction: Callable[[Evidence], object] | None = None


def diagnose(
    evidence: Sequence[Evidence], mistakes: Iterable[Mistake]
) -> Mistake | None:
    """The first mistake that explains all of the evidence.

    Examples
    --------
    >>> expected = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> diagnose([Evidence(-expected, expected)], VALUE_MISTAKES).name
    'wrong sign'
    """
    if not evidence:
        return None
    return next((m for m in mistakes if m.explains(evidence)), None)


def close(a: Array, b: Array, tolerance: float = 1e-4) -> bool:
    """Whether two plain arrays agree: numbers to a part of the largest, texts exactly.

    Examples
    --------
    >>> close(np.array([100.0, 0.001]), np.array([100.0, 0.0]))
    True
    >>> close(np.array("vertical"), np.array("horizontal"))
    False
    """
    if a.shape != b.shape:
        return False
    if "U" in (a.dtype.kind, b.dtype.kind):
        return bool((a == b).all())
    scale = float(np.abs(b).max(initial=1.0))
    # An inequality with NaN is false, so NaN never agrees with anything.
    return bool((np.abs(a - b) <= tolerance * scale).all())


def plain(answer: object) -> Array:
    """An answer as an array of floats, or of texts."""
    array = np.asarray(answer)
    return array if array.dtype.kind == "U" else array.astype(np.float64)


def named(mistakes: Mapping[str, object], tolerance: float = 1e-4) -> list[Mistake]:
    """A question's own mistakes.

    Parameters
    ----------
    mistakes : by ``"name: hint"``, the answer that the mistake gives; for a function,
        the function with the mistake in it.
    tolerance : how far an answer may be off and still be that of the mistake.

    Examples
    --------
    >>> [mistake] = named({"no window: the kernel is not subtracted": (28, 28)})
    >>> mistake.name, mistake.hint
    ('no window', 'The kernel is not subtracted.')
    """

    def mistake(text: str, answer: object) -> Mistake:
        name, _, hint = text.partition(": ")
        hint = f"{hint[:1].upper()}{hint[1:]}." if hint else ""

        def prediction(e: Evidence) -> object:
            return answer(*e.arguments) if callable(answer) else answer

        return Mistake(name, hint, predicts(prediction, tolerance), prediction)

    return [mistake(text, answer) for text, answer in mistakes.items()]


def by_shape(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """The same mistakes, told by nothing but the shape of what they predict.

    Examples
    --------
    >>> [mistake] = by_shape(named({"transposed": np.zeros((2, 3))}))
    >>> shapes = Evidence(got=np.array([2.0, 3.0]), expected=np.array([3.0, 2.0]))
    >>> mistake.explains([shapes])
    True
    """

    def of(prediction: Callable[[Evidence], object]) -> Callable[..., bool]:
        return predicts(lambda e: plain(prediction(e)).shape)

    return [Mistake(m.name, m.hint, of(m.prediction)) for m in mistakes if m.prediction]


def predicts(
    prediction: Callable[[Evidence], object], tolerance: float = 1e-4
) -> Callable[..., bool]:
    """Explain answers that equal a prediction.

    A prediction that cannot be made explains nothing: the sign of a text, say, or a
    transpose that the reference refuses.
    """

    def explains(evidence: Sequence[Evidence]) -> bool:
        try:
            with np.errstate(all="ignore"):
                pairs = [(e, plain(prediction(e))) for e in evidence]
        except Exception:
            return False
        fits = all(close(e.got, answer, tolerance) for e, answer in pairs)
        return fits and any(not close(e.expected, answer) for e, answer in pairs)

    return explains


def with_kernel(change: Callable[[Array], Array]) -> Callable[..., bool]:
    """Explain answers that are right for a changed kernel, the last of two pictures."""

    def prediction(e: Evidence) -> object:
        if len(e.pictures) < 2:
            raise ValueError
        return _call_again(e, {e.pictures[-1]: change(e.arguments[e.pictures[-1]])})

    return predicts(prediction)


def with_picture(change: Callable[[Array], Array]) -> Callable[..., bool]:
    """Explain answers that are right for a changed picture, the first argument."""

    def prediction(e: Evidence) -> object:
        return _call_again(e, {e.pictures[0]: change(e.arguments[e.pictures[0]])})

    return predicts(prediction)


def _call_again(e: Evidence, changed: dict[int, Array]) -> object:
    if e.reference is None:
        raise ValueError
    return e.reference(*(changed.get(i, a) for i, a in enumerate(e.arguments)))


def _swapped_arguments(e: Evidence) -> object:
    if e.reference is None or len(e.pictures) != 2:
        raise ValueError
    first, second = e.pictures
    arguments = list(e.arguments)
    arguments[first], arguments[second] = arguments[second], arguments[first]
    return e.reference(*arguments)


def _stored_like_the_picture(e: Evidence) -> object:
    """What stays of the result in an array made with the picture's integer type."""
    dtype = np.asarray(e.arguments[e.pictures[0]]).dtype
    if dtype.kind not in "ui":
        return e.expected
    return e.expected.astype(np.int64).astype(dtype)


def _rescaled(e: Evidence) -> object:
    """The expected answer times the factor that brings it nearest to the answer."""
    if np.unique(e.expected).size < 3:
        raise ValueError  # too few values to tell a factor from chance
    factor = (e.got * e.expected).sum() / (e.expected**2).sum()
    return e.expected * max(factor, 0.0)


def _raised(e: Evidence) -> object:
    if np.unique(e.expected).size < 3:
        raise ValueError
    return e.expected + (e.got - e.expected).mean()


def _off_by(pixels: int) -> Callable[..., bool]:
    """Explain a feature map with some positions too many on each axis, or too few."""

    def prediction(e: Evidence) -> object:
        if len(e.pictures) < 2:
            raise ValueError
        return e.expected + pixels

    return predicts(prediction)


def _is_near(evidence: Sequence[Evidence]) -> bool:
    """Whether all answers are roughly right, but off nearly everywhere."""

    def near(e: Evidence) -> bool:
        off = e.got - e.expected
        everywhere = np.mean(np.abs(off) > 0) > 0.9
        return bool(
            everywhere and np.linalg.norm(off) < 0.35 * np.linalg.norm(e.expected)
        )

    return all(e.got.dtype.kind == "f" and e.got.ndim > 0 and near(e) for e in evidence)


def _mean_over_the_kernel(e: Evidence) -> object:
    return e.expected / np.size(e.arguments[e.pictures[-1]])


def _mean_over_the_channels(e: Evidence) -> object:
    return e.expected / np.asarray(e.arguments[e.pictures[0]]).shape[2]


def _only_channel(number: int) -> Callable[..., bool]:
    def prediction(e: Evidence) -> object:
        picture = np.asarray(e.arguments[e.pictures[0]])
        only = np.zeros_like(picture)
        only[:, :, number] = picture[:, :, number]
        return _call_again(e, {e.pictures[0]: only})

    return predicts(prediction)


def _channels_together(change: Callable[[Array], Array]) -> Callable[..., bool]:
    """Explain answers that mix the kernel's weights of different channels."""

    def mixed(kernel: Array) -> Array:
        if np.ndim(kernel) != 3:
            raise ValueError
        return np.broadcast_to(change(np.asarray(kernel)), np.shape(kernel))

    return with_kernel(mixed)


def _is_constant(evidence: Sequence[Evidence]) -> bool:
    """Whether one answer came throughout, though different ones were expected."""
    first = evidence[0]
    same_answer = all(close(e.got, first.got) for e in evidence)
    return same_answer and not all(close(e.expected, first.expected) for e in evidence)


def _is_hard_coded(evidence: Sequence[Evidence]) -> bool:
    """Whether maps of different pictures, (n, rows, columns, …), have one size."""
    if any(min(e.got.size, e.expected.size) < 4 for e in evidence):
        return False
    sizes = [Evidence(e.got[1:3], e.expected[1:3]) for e in evidence]
    return _is_constant(sizes)


def _is_misspelt(evidence: Sequence[Evidence]) -> bool:
    return all(
        e.got.dtype.kind == "U"
        and str(e.got).strip().lower() == str(e.expected).lower()
        for e in evidence
    )


def _is_renamed(evidence: Sequence[Evidence]) -> bool:
    """Whether the texts are right but for two or more that have changed places."""
    if any(e.got.dtype.kind != "U" for e in evidence):
        return False
    names = {(str(e.expected), str(e.got)) for e in evidence}
    expected, got = ({pair[i] for pair in names} for i in (0, 1))
    return expected == got and len(names) == len(got)


_FLIPPED = (
    "The kernel is laid on the picture as it stands, without turning it round by 180°"
    " first: what deep learning calls convolution is cross-correlation."
)
_SWAPPED = "Rows come first, columns second: an array is (height, width)."

VALUE_MISTAKES: list[Mistake] = [
    Mistake("flipped kernel", _FLIPPED, with_kernel(lambda k: k[::-1, ::-1])),
    Mistake(
        "kernel upside down",
        "Row 0 of the kernel belongs on the top row of the window.",
        with_kernel(lambda k: k[::-1]),
    ),
    Mistake(
        "kernel back to front",
        "Column 0 of the kernel belongs on the left column of the window.",
        with_kernel(lambda k: k[:, ::-1]),
    ),
    Mistake(
        "swapped axes",
        "The kernel is transposed: its rows lie on the window's columns. " + _SWAPPED,
        with_kernel(lambda k: np.swapaxes(k, 0, 1)),
    ),
    Mistake(
        "swapped axes",
        "The answer is the right one transposed. " + _SWAPPED,
        predicts(lambda e: e.expected.T),
    ),
    Mistake(
        "flipped kernel",
        "The answer is the right one turned by 180°. " + _FLIPPED,
        predicts(lambda e: np.flip(e.expected, (0, 1))),
    ),
    Mistake(
        "all zero",
        "Nothing is ever written into the result, or it is multiplied by 0.",
        predicts(lambda e: np.zeros_like(e.expected)),
    ),
    Mistake(
        "wrong sign",
        "Each value is the right one times −1: look for a difference taken the other"
        " way round.",
        predicts(lambda e: -e.expected),
    ),
    Mistake(
        "signs lost",
        "Negative values are positive here. A negative response means the opposite of"
        " the pattern, and should stay negative.",
        predicts(lambda e: np.abs(e.expected)),
    ),
    Mistake(
        "negative values cut off",
        "They are 0 here. A negative response means the opposite of the pattern, and"
        " should stay negative.",
        predicts(lambda e: np.maximum(e.expected, 0)),
    ),
    Mistake(
        "uint8 overflow",
        "The result is kept in the picture's own integer type. uint8 holds 0 to 255,"
        " wraps round beyond and drops fractions: make the result of floats, for"
        " example with np.zeros(shape).",
        predicts(_stored_like_the_picture),
    ),
    Mistake(
        "uint8 overflow",
        "The picture is turned into uint8, which drops fractions: leave it as floats.",
        with_picture(lambda p: np.asarray(p).astype(np.int64).astype(np.uint8)),
    ),
    Mistake(
        "integer dtype",
        "The fractions are lost: use floats, and / instead of //.",
        predicts(lambda e: np.trunc(e.expected)),
    ),
    Mistake(
        "integer dtype",
        "The values are rounded to whole numbers: leave them as they are.",
        predicts(lambda e: np.rint(e.expected)),
    ),
    Mistake(
        "mean instead of sum",
        "Each value is divided by the number of weights; a filter adds up its"
        " products.",
        predicts(_mean_over_the_kernel),
    ),
    Mistake(
        "mean instead of sum",
        "The channels are averaged; a filter adds up what it finds in each of them.",
        predicts(_mean_over_the_channels),
    ),
    Mistake(
        "one channel only",
        "The answer uses channel 0 alone: add up what the filter finds in every one.",
        _only_channel(0),
    ),
    Mistake(
        "one channel only",
        "The answer uses the last channel alone: each channel seems to overwrite the"
        " one before instead of being added.",
        _only_channel(-1),
    ),
    Mistake(
        "channels in reverse order",
        "Channel 0 of the kernel belongs to channel 0 of the picture.",
        _channels_together(lambda k: k[:, :, ::-1]),
    ),
    Mistake(
        "same weights for every channel",
        "The kernel's weights for channel 0 are used on all channels; each has its"
        " own.",
        _channels_together(lambda k: k[:, :, :1]),
    ),
    Mistake(
        "same weights for every channel",
        "The kernel's weights are averaged over the channels; each channel has its"
        " own.",
        _channels_together(lambda k: k.mean(axis=2, keepdims=True)),
    ),
    Mistake(
        "arguments swapped",
        "The two arguments are used in each other's place.",
        predicts(_swapped_arguments),
    ),
    Mistake(
        "constant answer",
        "It is the same whatever the input: compute it from the arguments.",
        _is_constant,
    ),
    Mistake(
        "another spelling",
        "The text must be exactly as asked for, capital letters and spaces too.",
        _is_misspelt,
    ),
    Mistake(
        "names swapped",
        "One name always stands where another is due: a filter is named after the"
        " stripes it finds, and max picks the strongest, not the weakest.",
        _is_renamed,
    ),
    Mistake(
        "off by one",
        "It is one too small: from the first to the last, both included, there are"
        " last − first + 1.",
        predicts(lambda e: e.expected - 1),
    ),
    Mistake(
        "off by one",
        "It is one too large.",
        predicts(lambda e: e.expected + 1),
    ),
    Mistake(
        "unnormalised",
        "Each value is the right one times the same factor: look for a division that"
        " is missing or should not be there.",
        predicts(_rescaled),
    ),
    Mistake(
        "added constant",
        "Each value is the right one plus the same amount.",
        predicts(_raised),
    ),
    Mistake(
        "not precise enough",
        "The values are near the right ones everywhere: if you approach them step by"
        " step, take more steps; otherwise look for what holds the result back.",
        _is_near,
    ),
]

SHAPE_MISTAKES: list[Mistake] = [
    Mistake(
        "constant answer",
        "Its shape is the same whatever the input: compute it from the arguments.",
        _is_constant,
    ),
    Mistake(
        "hard-coded size",
        "Rows and columns are the same whatever the input: compute them from the shapes"
        " of the arguments.",
        _is_hard_coded,
    ),
    Mistake("swapped axes", _SWAPPED, predicts(lambda e: e.expected[::-1])),
    Mistake(
        "swapped axes",
        "The rows are counted along the width of the picture. " + _SWAPPED,
        predicts(
            lambda e: np.subtract(e.arguments[0].shape[::-1], e.arguments[1].shape) + 1
        ),
    ),
    Mistake(
        "off by one",
        "One position is missing on each axis: among n pixels, a window of k can start"
        " at n − k + 1 places.",
        _off_by(-1),
    ),
    Mistake(
        "padded",
        "The result has the size of the picture, so windows must have reached beyond"
        " its edge; here they lie wholly inside.",
        predicts(lambda e: np.shape(e.arguments[0])),
    ),
    Mistake(
        "off by one",
        "One position too many on each axis: among n pixels, a window of k can start"
        " at n − k + 1 places.",
        _off_by(+1),
    ),
    Mistake(
        "padded",
        "This is the size of a full convolution, whose windows reach beyond the edge;"
        " here they lie wholly inside.",
        predicts(
            lambda e: np.add(np.shape(e.arguments[0]), np.shape(e.arguments[1])) - 1
        ),
    ),
    Mistake(
        "flattened",
        "The values stand in one row: give them back their rows and columns with"
        " .reshape.",
        lambda evidence: all(
            e.got.tolist() == [e.expected.prod()] and e.expected.size > 1
            for e in evidence
        ),
    ),
    Mistake(
        "not summed",
        "The results of the channels stand side by side: add them up.",
        predicts(lambda e: [*e.expected, np.shape(e.arguments[0])[-1]]),
    ),
    Mistake(
        "not summed",
        "The results of the channels stand one behind the other: add them up.",
        predicts(lambda e: [np.shape(e.arguments[0])[-1], *e.expected]),
    ),
    Mistake(
        "extra axis",
        "There is an axis of length 1 too many: index it with 0, or use np.squeeze.",
        lambda evidence: all(
            e.got.size > e.expected.size
            and e.got[e.got != 1].tolist() == e.expected[e.expected != 1].tolist()
            for e in evidence
        ),
    ),
    Mistake(
        "missing axis",
        "There is an axis too few.",
        lambda evidence: all(e.got.size < e.expected.size for e in evidence),
    ),
]
