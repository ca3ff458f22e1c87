"""Whether a net's probabilities mean what they say, and one number that mends them.

A net is calibrated if of all pictures to which it gives a confidence of, say, 80 %, it
names 80 % correctly. All functions take what the net puts out, (n, classes):
probabilities, or logits if told so by ``from_logits=True``, as in Keras's losses. A net
with a single logit z per picture has, with zeros beside it, two:
``np.hstack([np.zeros_like(z), z])``.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy  # loads a part at its first use, so drawing does not wait for them
from numpy.typing import ArrayLike, NDArray

from course_utils.arrays import class_numbers, numbers, probabilities
from course_utils.conv import InvalidInput
from course_utils.tables import Cells, Table

TINY = float(np.finfo(np.float32).tiny)  # Below it, a float32 softmax gives 0.
TEMPERATURES = (0.001, 100.0)  # Those that `fit_temperature` looks among.


@dataclass(frozen=True)
class Bin:
    """The pictures whose confidence lies above `low` and is at most `high`.

    Attributes
    ----------
    low, high : its borders, from 0 to 1.
    count : how many pictures.
    confidence : mean of the probabilities that the net gave to its answers, 0 to 1;
        NaN in an empty bin.
    accuracy : share of the answers that are right, 0 to 1; NaN in an empty bin.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float

    @property
    def gap(self) -> float:
        """Confidence − accuracy, above 0 if the net is too sure, else below."""
        return self.confidence - self.accuracy


@dataclass(frozen=True, repr=False)
class Reliability(Table[Bin]):
    """The bins of a reliability diagram; a notebook shows them as a table.

    Attributes
    ----------
    rows : one `Bin` after the other, equally wide, from 0 to 1.
    """

    rows: tuple[Bin, ...]

    @property
    def all(self) -> Bin:
        """All pictures as one bin, with their mean confidence and accuracy."""
        filled = [row for row in self.rows if row.count]
        n = sum(row.count for row in filled)
        confidence = sum(row.count * row.confidence for row in filled) / n
        accuracy = sum(row.count * row.accuracy for row in filled) / n
        return Bin(0.0, 1.0, n, confidence, accuracy)

    @property
    def ece(self) -> float:
        """The expected calibration error, see `expected_calibration_error`."""
        filled = [row for row in self.rows if row.count]
        return sum(row.count * abs(row.gap) for row in filled) / self.all.count

    def _cells(self) -> tuple[Cells, list[Cells], list[Cells]]:
        heads = "bin", "pictures", "mean confidence", "accuracy", "gap"
        *body, whole = (
            [
                f"{row.low:.2f} to {row.high:.2f}",
                f"{row.count:,}",
                *(_percent(share) for share in (row.confidence, row.accuracy)),
                _percent(row.gap, "+"),
            ]
            for row in (*self.rows, self.all)
        )
        error = ["expected calibration error", "", "", "", _percent(self.ece)]
        return heads, [*body], [["all", *whole[1:]], error]


def _percent(share: float, sign: str = "-") -> str:
    return "–" if math.isnan(share) else f"{share:{sign}.1%}".replace("-", "−")


def reliability(
    outputs: ArrayLike,
    labels: ArrayLike,
    *,
    bins: int = 15,
    from_logits: bool = False,
) -> Reliability:
    """Compare confidence and accuracy, bin by bin: the data of a reliability diagram.

    The confidence is the probability of the class that the net chose, the largest one.
    Bins are equally wide, (0, 1/bins], (1/bins, 2/bins], …, (1 − 1/bins, 1].

    Parameters
    ----------
    outputs : array of shape (n, classes)
        Probabilities whose rows add up to 1, or logits.
    labels : integer array of shape (n,)
        The true classes, 0 to classes − 1.
    bins : int
        How many, at least 1. Guo et al. use 15.
    from_logits : bool
        Whether the outputs are logits.

    Returns
    -------
    Reliability

    Raises
    ------
    InvalidInput
        If the outputs are not what `from_logits` says, the labels do not belong to
        them, or there is no bin.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural
    networks", ICML (2017), doi:10.48550/arXiv.1706.04599, section 2.

    Examples
    --------
    Five answers with 80 %, of which three are right, and five with 60 %, all right:

    >>> outputs = [[0.8, 0.2]] * 5 + [[0.4, 0.6]] * 5
    >>> labels = [0, 0, 0, 1, 1] + [1] * 5
    >>> reliability(outputs, labels, bins=5)
    bin                         pictures  mean confidence  accuracy     gap
    0.00 to 0.20                       0                –         –       –
    0.20 to 0.40                       0                –         –       –
    0.40 to 0.60                       5            60.0%    100.0%  −40.0%
    0.60 to 0.80                       5            80.0%     60.0%  +20.0%
    0.80 to 1.00                       0                –         –       –
    all                               10            70.0%     80.0%  −10.0%
    expected calibration error                                        30.0%
    """
    if not isinstance(bins, int | np.integer) or bins < 1:
        raise InvalidInput(f"bins must be a whole number of at least 1; got {bins}.")
    scores, true = _checked(outputs, labels, from_logits)
    p = scipy.special.softmax(scores, axis=1) if from_logits else scores
    confidence, right = p.max(axis=1), p.argmax(axis=1) == true
    edges = np.linspace(0, 1, bins + 1)
    place = np.digitize(confidence, edges[1:-1], right=True)
    inside = [place == number for number in range(bins)]
    return Reliability(
        tuple(
            Bin(
                low=float(edges[number]),
                high=float(edges[number + 1]),
                count=int(chosen.sum()),
                confidence=_mean(confidence[chosen]),
                accuracy=_mean(right[chosen]),
            )
            for number, chosen in enumerate(inside)
        )
    )


def expected_calibration_error(
    outputs: ArrayLike,
    labels: ArrayLike,
    *,
    bins: int = 15,
    from_logits: bool = False,
) -> float:
    """Mean gap between confidence and accuracy over equally wide bins (ECE).

    ECE = Σ n_b / n · abs(accuracy_b − confidence_b) over the bins b, each with n_b of
    the n pictures: the definition of Guo et al. (2017), equation 3. It looks only at
    the confidence in the chosen class, and weights bins by their pictures.

    Parameters
    ----------
    outputs, labels, bins, from_logits
        As for `reliability`.

    Returns
    -------
    float from 0, calibrated, to 1.

    Raises
    ------
    InvalidInput
        As `reliability`.

    Notes
    -----
    Chance alone makes gaps. Of n pictures, even a calibrated net has an error above 0:
    up to ½·√(bins / n) on average, which is 1.9 points for 10,000 pictures in 15 bins,
    and less where the net is sure and right.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural
    networks", ICML (2017), doi:10.48550/arXiv.1706.04599, after M. P. Naeini, G. F.
    Cooper, M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian
    binning", AAAI (2015), doi:10.1609/aaai.v29i1.9602.

    Examples
    --------
    >>> outputs = [[0.75, 0.25]] * 4
    >>> expected_calibration_error(outputs, [0, 0, 0, 1])
    0.0
    >>> expected_calibration_error(outputs, [0, 0, 1, 1])
    0.25
    """
    return reliability(outputs, labels, bins=bins, from_logits=from_logits).ece


def negative_log_likelihood(
    outputs: ArrayLike, labels: ArrayLike, *, from_logits: bool = False
) -> float:
    """Mean of −ln p of the true class: the cross-entropy that nets are trained with.

    Parameters
    ----------
    outputs, labels, from_logits
        As for `reliability`. A probability of 0 counts as 1.2e-38, the smallest that
        float32 holds in full, so that a single one does not make the mean infinite;
        logits need no such floor.

    Returns
    -------
    float of at least 0, in nats.

    Raises
    ------
    InvalidInput
        As `reliability`.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning* (2016), section 6.2.1.1.

    Examples
    --------
    >>> round(negative_log_likelihood([[0.5, 0.5], [0.25, 0.75]], [0, 0]), 4)
    1.0397
    """
    scores, true = _checked(outputs, labels, from_logits)
    return _cross_entropy(_as_logits(scores, from_logits), true)


def fit_temperature(
    outputs: ArrayLike, labels: ArrayLike, *, from_logits: bool = False
) -> float:
    """Find the number by which to divide the logits so that they are calibrated best.

    It is the temperature T at which softmax(logits / T) has the smallest negative log
    likelihood. Above 1 the net was too sure, below 1 not sure enough. Fit it on the
    validation set: the training pictures are known too well, and the test set is
    touched once. `apply_temperature` then uses it on others.

    Parameters
    ----------
    outputs, labels, from_logits
        As for `reliability`. The logarithms of probabilities serve as logits, but a
        probability that was rounded to 0 is lost: where you have logits, give them.

    Returns
    -------
    float : the temperature, to about six digits.

    Raises
    ------
    InvalidInput
        As `reliability`, or if no temperature from 0.001 to 100 is best. There is none
        where every answer is right: the surer, the better.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural
    networks", ICML (2017), doi:10.48550/arXiv.1706.04599, section 4.2.

    Examples
    --------
    A net says 90 % and is right in three cases of four. 75 % would have been honest:

    >>> outputs, labels = [[0.9, 0.1]] * 4, [0, 0, 0, 1]
    >>> temperature = fit_temperature(outputs, labels)
    >>> round(temperature, 4)
    2.0
    >>> apply_temperature(outputs, temperature)[0].round(4)
    array([0.75, 0.25])
    """
    scores, true = _checked(outputs, labels, from_logits)
    logits = _as_logits(scores, from_logits)

    def loss(log_t: float) -> float:
        return _cross_entropy(logits / math.exp(log_t), true)

    # In the logarithm, halving and doubling are steps of one size. The loss has a
    # single valley: it is convex in 1 / T.
    ends = np.log(TEMPERATURES)
    found = scipy.optimize.minimize_scalar(
        loss, bounds=ends, method="bounded", options={"xatol": 1e-7}
    )
    if min(map(loss, ends)) <= found.fun:
        reason = (
            "every answer is right, or nearly, and the surer the better"
            if loss(ends[0]) < loss(ends[1])
            else "the answers are no better than chance, and the less sure the better"
        )
        raise InvalidInput(
            f"No temperature from {TEMPERATURES[0]:g} to {TEMPERATURES[1]:g} is best:"
            f" {reason}. Fit it on validation pictures of which most are right and"
            " some are wrong."
        )
    return math.exp(found.x)


def apply_temperature(
    outputs: ArrayLike, temperature: float, *, from_logits: bool = False
) -> NDArray[np.float64]:
    """Divide the logits by a temperature and make probabilities of them.

    The order of the classes stays, so the accuracy does not change.

    Parameters
    ----------
    outputs : array of shape (n, classes)
        As for `reliability`.
    temperature : float
        Above 0. Above 1 it makes probabilities more equal, below 1 less.
    from_logits : bool
        Whether the outputs are logits.

    Returns
    -------
    float64 array of shape (n, classes), rows add up to 1.

    Raises
    ------
    InvalidInput
        If the outputs are not what `from_logits` says, or the temperature is no
        positive number.

    Examples
    --------
    >>> apply_temperature([[np.log(9), 0.0]], 2, from_logits=True).round(4)
    array([[0.75, 0.25]])
    """
    if not (math.isfinite(temperature) and temperature > 0):
        raise InvalidInput(
            f"A temperature is a number above 0, for example 1.5; got {temperature}."
        )
    scores = _scores(outputs, from_logits)
    shares: NDArray[np.float64] = scipy.special.softmax(
        _as_logits(scores, from_logits) / temperature, axis=1
    )
    return shares


def _scores(outputs: ArrayLike, from_logits: bool) -> NDArray[np.float64]:
    """Return logits or probabilities of shape (n, classes), or say what is wrong."""
    scores = numbers(outputs, "outputs")
    if scores.ndim != 2 or scores.shape[1] < 2:
        raise InvalidInput(
            "Outputs have shape (n, classes), with two classes at least; got"
            f" {scores.shape}. To a single logit z, put zeros beside it:"
            " np.hstack([np.zeros_like(z), z])."
        )
    if not from_logits:
        n, classes = scores.shape
        probabilities(scores, n, classes, remedy="say so with from_logits=True")
    elif scores.min() >= 0 and np.allclose(scores.sum(axis=1), 1, atol=1e-3):
        raise InvalidInput(
            "The outputs are probabilities already, every row adds up to 1: leave"
            " from_logits=True out."
        )
    return scores.astype(np.float64)


def _checked(
    outputs: ArrayLike, labels: ArrayLike, from_logits: bool
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return outputs and as many class numbers."""
    scores = _scores(outputs, from_logits)
    true = class_numbers(labels, scores.shape[1], "labels")
    if len(true) != len(scores):
        raise InvalidInput(
            f"There are outputs for {len(scores)} pictures and {len(true)} labels: give"
            " one each."
        )
    return scores, true


def _as_logits(scores: NDArray[np.float64], from_logits: bool) -> NDArray[np.float64]:
    """Return logits; of probabilities, those that a softmax makes them of again."""
    return scores if from_logits else np.log(np.maximum(scores, TINY))


def _cross_entropy(logits: NDArray[np.float64], true: NDArray[np.intp]) -> float:
    log_p = scipy.special.log_softmax(logits, axis=1)
    return -float(log_p[np.arange(len(true)), true].mean())


def _mean(values: NDArray[Any]) -> float:
    return float(values.mean()) if values.size else math.nan
