"""Check what was measured in the end: curves, accuracies, their errors, a matrix.

Everything is counted anew from the student's predictions, and these are compared with
what the networks themselves say of the test pictures.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.checks import values
from course_utils.checks.accuracy import Net, right
from course_utils.checks.answers import Unusable, as_numbers, describe
from course_utils.checks.confusion import confusion_matrix, counts
from course_utils.checks.diagnosis import Mistake
from course_utils.checks.failure import fail
from course_utils.checks.fairness import accuracy_curve, history_of
from course_utils.checks.training import curves_of
from course_utils.homework import ARMS, scaled

Array = NDArray[Any]
Sets = Mapping[str, tuple[Array, Array]]
Curve = Sequence[float]

_DIFFERENT = 0.005  # share of the pictures that rounding may tip
_ROUNDED = 6e-4  # to three decimals
_ERRORS_APART = 2  # standard errors between which no arm is better than another


def curves(histories: Any, *, read: str | None = None) -> dict[str, Array]:
    """The twelve curves that a figure of the three arms must show, by their names.

    Parameters
    ----------
    histories : by arm, what ``fit`` returned.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if an arm has no history, or a history lacks one of the four curves.
    """
    __tracebackhide__ = True
    found = {}
    for arm in ARMS:
        name = f'histories["{arm}"]'
        history = history_of(histories, arm, read=read)
        told = curves_of(history, name=name, read=read)
        if "val_loss" not in told:
            problem = f"`{name}` has no validation curves; it has {', '.join(told)}."
            raise fail(problem, mistake=_NO_VALIDATION, read=read)
        for part, prefix in (("training", ""), ("validation", "val_")):
            accuracy = accuracy_curve(told, name, prefix=prefix, read=read)
            found[f"{part} loss of {arm}"] = told[f"{prefix}loss"]
            found[f"{part} accuracy of {arm}"] = accuracy
    return found


def accuracies(
    answer: object,
    predictions: object,
    nets: Mapping[str, Any],
    sets: Sets,
    *,
    read: str | None = None,
) -> None:
    """Check that predictions are those of the final nets, and accuracies theirs.

    Parameters
    ----------
    answer : by arm, the student's shares of the test pictures, 0 to 1.
    predictions : by arm, what the nets give for the test pictures, (n, classes).
    nets : by arm, the trained nets.
    sets : from `homework.three_sets`.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : at the first arm whose predictions are others, or whose accuracy is
        not what they say.
    """
    __tracebackhide__ = True
    x, y = sets["test"]
    for arm, outputs in _all_outputs(predictions, y, read).items():
        own = Net(nets[arm], arm, read).outputs(scaled(x))
        apart = float(np.mean(outputs.argmax(axis=1) != own.argmax(axis=1)))
        if apart > _DIFFERENT:
            raise fail(
                f'`predictions["{arm}"]` are not what `{arm}` says of x_test.',
                facts={"Different": f"{apart:.1%} of the answers"},
                mistake=_why_other(outputs, arm, nets, sets),
                read=read,
            )
        told, share = _entry(answer, arm, "accuracies", read), right(outputs, y)
        if _rounded(told, share):
            continue
        watched, labels = sets["validation"]
        values.value(
            told,
            share,
            name=f'accuracies["{arm}"]',
            mistakes={
                "per cent: give shares from 0 to 1": 100 * share,
                "the share of mistakes: give the share of right answers": 1 - share,
                "a count: divide by the number of pictures": share * len(y),
                "of the validation pictures: the test pictures are asked for": right(
                    Net(nets[arm], arm, read).outputs(scaled(watched)), labels
                ),
                "rounded: keep all digits here, and round in your text": round(
                    share, 2
                ),
            },
            read=read,
        )


def expected_error(error: object, pictures: object, *, read: str | None = None) -> None:
    """Check what is expected of 600 right answers: of 1,000, and for half a point.

    Parameters
    ----------
    error : the student's standard error of 0.6, measured on 1,000 pictures.
    pictures : how many give it a standard error of 0.005.
    read : where the course explains it.

    Raises
    ------
    CheckFailed : if one of them is another; the message names the mistake.

    Examples
    --------
    >>> expected_error(0.0155, 9600)
    """
    __tracebackhide__ = True
    p, n, aim = 0.6, 1000, 0.005
    if not _rounded(error, _error(p, n)):
        name, mistakes = "error_expected", _error_mistakes(p, n)
        values.value(error, _error(p, n), name=name, mistakes=mistakes, read=read)
    needed = round(p * (1 - p) / aim**2)
    values.value(
        pictures,
        needed,
        name="pictures_needed",
        mistakes={
            "the root forgotten: for a third of the error it takes nine times the"
            " pictures, since n stands under a root": round(n * _error(p, n) / aim),
            "the error not squared: solve √(p (1 − p) / n) = 0.005 for n": round(
                p * (1 - p) / aim
            ),
            "without p: p (1 − p) is 1/4 only for p = 1/2": round(0.25 / aim**2),
            "p alone: the variance of a yes or no is p (1 − p)": round(p / aim**2),
            "1 − p alone: the variance of a yes or no is p (1 − p)": round(
                (1 - p) / aim**2
            ),
            "a twentieth of a point: half a point is 0.005": 100 * needed,
            "five points: half a point is 0.005": needed // 100,
            "twice: one standard error is asked for": round(1.96**2 * needed),
            "how many more: all pictures of the test are asked for": needed - n,
        },
        read=read,
    )


def standard_errors(
    errors: object, predictions: object, sets: Sets, *, read: str | None = None
) -> None:
    """Check the standard error of each arm's accuracy, √(p (1 − p) / n).

    Parameters
    ----------
    errors : by arm, the student's.
    predictions, sets, read : as for `accuracies`.

    Raises
    ------
    CheckFailed : at the first arm with another one; the message names the mistake.
    """
    __tracebackhide__ = True
    y = sets["test"][1]
    n = len(y)
    for arm, outputs in _all_outputs(predictions, y, read).items():
        p = right(outputs, y)
        told, error = _entry(errors, arm, "standard_errors", read), _error(p, n)
        if not _rounded(told, error):
            name, mistakes = f'standard_errors["{arm}"]', _error_mistakes(p, n)
            values.value(told, error, name=name, mistakes=mistakes, read=read)


def _rounded(told: object, right: float) -> bool:
    """Whether it is the right number, rounded to three decimals or not at all."""
    return isinstance(told, Real) and abs(float(told) - right) <= _ROUNDED


def _error(p: float, n: int) -> float:
    """Standard error of a share p of n pictures."""
    return math.sqrt(p * (1 - p) / n)


def _error_mistakes(p: float, n: int) -> dict[str, float]:
    """Wrong standard errors of a share p of n pictures."""
    one = math.sqrt(p * (1 - p))
    return {
        "the variance: take the square root": one**2 / n,
        "of one picture: divide by the square root of n": one,
        "divided by n: divide by the square root of n": one / n,
        "p alone: the variance of a yes or no is p (1 − p)": math.sqrt(p / n),
        "1 − p alone: the variance of a yes or no is p (1 − p)": math.sqrt((1 - p) / n),
        "per cent: give shares": 100 * one / math.sqrt(n),
        "twice: that is half the width of an interval of 95 %": 1.96
        * one
        / math.sqrt(n),
        "without p: p (1 − p) is 1/4 only for p = 1/2": 1 / math.sqrt(n),
    }


CHOSEN_FAULT: dict[str, object] = {
    "not the patience: another one would stop at other epochs, chosen as badly": "A",
    "not the epochs: early stopping ends the training when it should": "C",
    "not the weights: to go back to the best ones is right, if it is known which": "D",
}
"""Why the other letters do not say what is wrong with a test that chose its epoch."""


def by_validation(val_accuracy: Curve, test_accuracy: Curve) -> float:
    """Test accuracy of the first epoch that is best on the validation pictures.

    Parameters
    ----------
    val_accuracy, test_accuracy : shares after each epoch, 0 to 1.

    Examples
    --------
    >>> by_validation([0.4, 0.6, 0.5], [0.5, 0.55, 0.58])
    0.55
    """
    return float(test_accuracy[int(np.argmax(val_accuracy))])


def by_validation_mistakes() -> dict[str, Callable[..., object]]:
    """Wrong choices of an epoch, as functions of two curves.

    Examples
    --------
    >>> wrong = {k.partition(":")[0]: v for k, v in by_validation_mistakes().items()}
    >>> wrong["chosen by the test pictures"]([0.4, 0.6, 0.5], [0.5, 0.55, 0.58])
    0.58
    """
    return {
        "chosen by the test pictures: the highest of many test figures is partly"
        " luck; the validation pictures choose the epoch": lambda val, test: max(test),
        "the last epoch: choose by the validation pictures": lambda val, test: test[-1],
        "the validation figure: it was the best of many, too; give the test figure of"
        " that epoch": lambda val, test: max(val),
        "the epoch: give its test figure": lambda val, test: int(np.argmax(val)),
        "the epoch, from 1: give its test figure": lambda val, test: (
            int(np.argmax(val)) + 1
        ),
        "one epoch late: the first is number 0 in a list": lambda val, test: test[
            min(int(np.argmax(val)) + 1, len(test) - 1)
        ],
        "the worst epoch: look for the highest validation accuracy": lambda val, test: (
            test[int(np.argmin(val))]
        ),
        "the last of several: take the first where several are equal": (
            lambda val, test: test[len(val) - 1 - int(np.argmax(val[::-1]))]
        ),
        "a mean: one epoch is chosen": lambda val, test: float(np.mean(test)),
        "the first epoch: choose by the validation pictures": lambda val, test: test[0],
    }


def matrix_of_best(
    matrix: object,
    best: object,
    predictions: object,
    sets: Sets,
    *,
    read: str | None = None,
) -> None:
    """Check which arm was called the best, and its confusion matrix of counts.

    An arm within two standard errors of the highest accuracy may be called so, for
    example because it was the best on the validation pictures.

    Parameters
    ----------
    matrix : the student's, true classes in rows.
    best : the name of the arm.
    predictions, sets, read : as for `accuracies`.

    Raises
    ------
    CheckFailed : if another arm is clearly better, or the matrix is another one.
    """
    __tracebackhide__ = True
    y = sets["test"][1]
    outputs = _all_outputs(predictions, y, read)
    if best is None:
        raise fail("`best` has no value yet: assign the name of an arm.", read=read)
    if not isinstance(best, str) or best not in ARMS:
        problem = f"`best` holds {describe(best)}, not one of {', '.join(ARMS)}."
        raise fail(problem, read=read)
    others = [arm for arm in ARMS if _counts_equal(matrix, y, outputs[arm])]
    if others and best not in others:
        problem = f"`matrix` is that of `{others[0]}`, and `best` names `{best}`."
        raise fail(problem, mistake=_OTHER_ARM, read=read)
    shares = {arm: right(found, y) for arm, found in outputs.items()}
    first = max(shares, key=lambda arm: shares[arm])
    p = shares[first]
    if p - shares[best] > _ERRORS_APART * math.sqrt(p * (1 - p) / len(y)):
        raise fail(
            "`best` names an arm that is clearly not the best.",
            facts={first: f"{p:.1%}", best: f"{shares[best]:.1%}"},
            read=read,
        )
    predicted, classes = outputs[best].argmax(axis=1), outputs[best].shape[1]
    confusion_matrix(matrix, y, predicted, classes, name="matrix", read=read)


def _counts_equal(matrix: object, y: Array, outputs: Array) -> bool:
    try:
        told = as_numbers(matrix)
    except Unusable:
        return False
    return np.array_equal(told, counts(y, outputs.argmax(axis=1), outputs.shape[1]))


def _all_outputs(predictions: object, y: Array, read: str | None) -> dict[str, Array]:
    """The predictions of the three arms, as arrays of floats, (n, classes)."""
    wanted = (len(y), int(y.max()) + 1)
    found = {}
    for arm in ARMS:
        name = f'predictions["{arm}"]'
        answer = _entry(predictions, arm, "predictions", read)
        if np.shape(answer) == wanted[:1]:
            problem = f"`{name}` holds one number for each picture, not one for each"
            problem += " class."
            raise fail(problem, mistake=_CLASSES, read=read)
        values.shape(answer, wanted, name=name, read=read)
        found[arm] = as_numbers(answer).astype(np.float64)
    return found


def _entry(answers: object, arm: str, name: str, read: str | None) -> Any:
    if answers is None or answers is Ellipsis:
        raise fail(f"`{name}` has no value yet: assign a dict.", read=read)
    if not isinstance(answers, Mapping):
        problem = f"`{name}` holds {describe(answers)}, not a dict by arm."
        raise fail(problem, read=read)
    if answers.get(arm) is None:
        raise fail(f'`{name}["{arm}"]` has no value yet.', read=read)
    return answers[arm]


def _why_other(
    outputs: Array, arm: str, nets: Mapping[str, Any], sets: Sets
) -> Mistake:
    """What else the predictions are, if that can be found out."""

    def same(other: str, part: str) -> bool:
        x = sets[part][0]
        if len(x) != len(outputs):
            return False
        own = Net(nets[other], other).outputs(scaled(x))
        return float(np.mean(outputs.argmax(1) != own.argmax(1))) <= _DIFFERENT

    for other in ARMS:
        if other != arm and same(other, "test"):
            return _mistake("another arm", f"They are those of `{other}`.")
    if same(arm, "validation"):
        return _mistake("other pictures", "They are of the validation pictures.")
    return _OLD


def _mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, hint, lambda _: True)


_NO_VALIDATION = _mistake(
    "no validation", "Pass validation_data=(x_val, y_val) to `fit`."
)
_CLASSES = _mistake("classes", "Keep what `predict` gives, without argmax.")
_OLD = _mistake(
    "not of the final network",
    "Predict once, after the last training, from x_test as the cell above makes it.",
)
_OTHER_ARM = _mistake("another arm", "Count the predictions of the arm in `best`.")
