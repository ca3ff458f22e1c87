"""Calibration is measured, and mended, where the right answer is known."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.special import softmax

from course_utils import calibration
from course_utils.calibration import (
    apply_temperature,
    expected_calibration_error,
    fit_temperature,
    negative_log_likelihood,
    reliability,
)
from course_utils.errors import CourseError

Array = NDArray[Any]


def answers(confidence: float, n: int, right: int) -> tuple[Array, Array]:
    """n pictures of two classes, all named with one confidence, so many rightly."""
    outputs = np.tile([confidence, 1 - confidence], (n, 1))
    return outputs, (np.arange(n) >= right).astype(int)


def drawn(n: int, classes: int = 10, seed: int = 0) -> tuple[Array, Array]:
    """Logits, and labels drawn with the probabilities that the logits stand for."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(scale=2, size=(n, classes))
    below = np.cumsum(softmax(logits, axis=1), axis=1)[:, :-1]
    return logits, (rng.random((n, 1)) > below).sum(axis=1)


LOGITS, LABELS = drawn(2000)

# --- Bins -----------------------------------------------------------------------------


def test_a_bin_holds_count_confidence_and_accuracy() -> None:
    sure, timid = answers(0.95, 20, 15), answers(0.7, 10, 9)
    bins = reliability(
        *(np.concatenate(pair) for pair in zip(sure, timid, strict=True)), bins=10
    )
    assert len(bins) == 10
    filled = [row for row in bins if row.count]
    assert [(row.low, row.high, row.count) for row in filled] == [
        (pytest.approx(0.6), pytest.approx(0.7), 10),
        (pytest.approx(0.9), 1, 20),
    ]
    assert [row.confidence for row in filled] == pytest.approx([0.7, 0.95])
    assert [row.accuracy for row in filled] == pytest.approx([0.9, 0.75])
    assert [row.gap for row in filled] == pytest.approx([-0.2, 0.2])
    assert (bins.all.confidence, bins.all.accuracy) == pytest.approx((26 / 30, 0.8))


def test_a_confidence_on_a_border_belongs_to_the_bin_below() -> None:
    for confidence, place in ((0.5, 1), (0.75, 2), (0.7501, 3), (1.0, 3)):
        bins = reliability(*answers(confidence, 3, 3), bins=4)
        assert [row.count for row in bins] == [3 * (place == k) for k in range(4)]


def test_an_empty_bin_has_no_confidence_and_no_accuracy() -> None:
    empty = reliability(*answers(0.9, 3, 3), bins=2).rows[0]
    assert empty.count == 0
    assert math.isnan(empty.confidence)
    assert math.isnan(empty.accuracy)
    assert math.isnan(empty.gap)


def test_a_single_bin_compares_mean_confidence_with_accuracy() -> None:
    (whole,) = reliability(LOGITS, LABELS, bins=1, from_logits=True)
    p = softmax(LOGITS, axis=1)
    assert whole.confidence == pytest.approx(p.max(axis=1).mean())
    assert whole.accuracy == np.mean(LOGITS.argmax(axis=1) == LABELS)


@given(st.integers(1, 40), st.integers(1, 60), st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_every_picture_is_in_one_bin_between_its_borders(
    bins: int, n: int, seed: int
) -> None:
    logits, labels = drawn(n, classes=3, seed=seed)
    rows = reliability(logits, labels, bins=bins, from_logits=True).rows
    assert sum(row.count for row in rows) == n
    assert rows[0].low == 0
    assert rows[-1].high == 1
    for row in rows:
        if row.count:
            assert row.low - 1e-12 <= row.confidence <= row.high + 1e-12
            assert 0 <= row.accuracy <= 1


def test_the_table_shows_each_bin_the_whole_and_the_error() -> None:
    bins = reliability(*answers(0.9, 1000, 600), bins=2)
    lines = [" ".join(line.split()) for line in repr(bins).splitlines()]
    assert lines[1] == "0.00 to 0.50 0 – – –"
    assert lines[2] == "0.50 to 1.00 1,000 90.0% 60.0% +30.0%"
    assert lines[3:] == [
        "all 1,000 90.0% 60.0% +30.0%",
        "expected calibration error 30.0%",
    ]
    assert "−10.0%" in repr(reliability(*answers(0.9, 10, 10), bins=2))
    assert "<td>60.0%</td>" in bins._repr_html_()


# --- Expected calibration error -------------------------------------------------------


@pytest.mark.parametrize("bins", [1, 7, 15])
def test_a_net_that_is_right_as_often_as_it_says_has_no_error(bins: int) -> None:
    parts = [answers(tenths / 10, 100, 10 * tenths) for tenths in (6, 7, 8, 9, 10)]
    outputs, labels = (np.concatenate(part) for part in zip(*parts, strict=True))
    assert expected_calibration_error(outputs, labels, bins=bins) < 1e-12


def test_the_error_of_a_net_that_is_too_sure_is_what_it_says_too_much() -> None:
    assert expected_calibration_error(*answers(0.9, 50, 30)) == pytest.approx(0.3)


def test_too_sure_here_and_not_sure_enough_there_do_not_cancel() -> None:
    outputs, labels = (
        np.concatenate(pair)
        for pair in zip(answers(0.9, 50, 40), answers(0.6, 50, 35), strict=True)
    )
    assert expected_calibration_error(outputs, labels) == pytest.approx(0.1)
    assert expected_calibration_error(outputs, labels, bins=1) == pytest.approx(0)


def test_bins_count_by_their_pictures() -> None:
    outputs, labels = (
        np.concatenate(pair)
        for pair in zip(answers(0.9, 90, 81), answers(0.6, 10, 1), strict=True)
    )
    assert expected_calibration_error(outputs, labels) == pytest.approx(0.05)


@pytest.mark.parametrize("n", [200, 2000, 20_000])
def test_calibrated_draws_have_no_more_than_the_error_of_chance(n: int) -> None:
    errors = [
        expected_calibration_error(*drawn(n, seed=seed), from_logits=True)
        for seed in range(20)
    ]
    assert 0 < np.mean(errors) < np.sqrt(15 / n) / 2


def test_sharpened_draws_have_a_greater_error() -> None:
    logits, labels = drawn(20_000)
    usual, sharp, blunt = (
        expected_calibration_error(factor * logits, labels, from_logits=True)
        for factor in (1, 3, 0.3)
    )
    assert usual < 0.02
    assert sharp > 0.1
    assert blunt > 0.1


# --- Negative log likelihood ----------------------------------------------------------


def test_the_likelihood_is_that_of_the_true_class() -> None:
    outputs = [[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]]
    expected = -(np.log(0.25) + np.log(0.8)) / 2
    assert negative_log_likelihood(outputs, [2, 1]) == pytest.approx(expected)


def test_the_likelihood_is_the_loss_of_keras() -> None:
    import keras

    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    expected = float(loss(LABELS, LOGITS.astype("float32")))
    likelihood = negative_log_likelihood(LOGITS, LABELS, from_logits=True)
    assert likelihood == pytest.approx(expected, rel=1e-5)


def test_logits_and_their_probabilities_give_the_same() -> None:
    p = softmax(LOGITS, axis=1)
    for measure in (
        negative_log_likelihood,
        expected_calibration_error,
        fit_temperature,
    ):
        expected = measure(LOGITS, LABELS, from_logits=True)
        assert measure(p, LABELS) == pytest.approx(expected, rel=1e-5)
    np.testing.assert_allclose(
        apply_temperature(p, 2), apply_temperature(LOGITS, 2, from_logits=True)
    )


def test_a_probability_of_zero_costs_much_and_not_everything() -> None:
    assert negative_log_likelihood([[1.0, 0.0]], [1]) == pytest.approx(87.3, abs=0.1)
    far = negative_log_likelihood([[1000.0, 0.0]], [1], from_logits=True)
    assert far == pytest.approx(1000)


# --- Temperature ----------------------------------------------------------------------


@pytest.mark.parametrize(("says", "right"), [(0.9, 60), (0.99, 80), (0.6, 90)])
def test_the_temperature_makes_one_confidence_the_share_of_right_answers(
    says: float, right: int
) -> None:
    outputs, labels = answers(says, 100, right)
    temperature = fit_temperature(outputs, labels)
    share = right / 100
    expected = np.log(says / (1 - says)) / np.log(share / (1 - share))
    assert temperature == pytest.approx(expected, rel=1e-5)
    mended = apply_temperature(outputs, temperature)
    assert mended[0, 0] == pytest.approx(share, rel=1e-5)
    assert expected_calibration_error(mended, labels) < 1e-5


@pytest.mark.parametrize("factor", [0.2, 1, 1.7, 6])
def test_a_factor_on_calibrated_logits_is_found_again(factor: float) -> None:
    logits, labels = drawn(20_000)
    # The spread of the estimate 1 / T, from the Fisher information of the draws.
    p = softmax(logits, axis=1)
    variance = (p * logits**2).sum(axis=1) - (p * logits).sum(axis=1) ** 2
    spread = 1 / np.sqrt(variance.sum())
    temperature = fit_temperature(factor * logits, labels, from_logits=True)
    assert temperature / factor == pytest.approx(1, abs=3 * spread)
    assert spread < 0.01


@given(st.floats(0.3, 8))
@settings(max_examples=30, deadline=None)
def test_logits_times_a_factor_have_the_temperature_times_the_factor(
    factor: float,
) -> None:
    logits, labels = LOGITS[:200], LABELS[:200]
    plain = fit_temperature(logits, labels, from_logits=True)
    scaled = fit_temperature(factor * logits, labels, from_logits=True)
    assert scaled == pytest.approx(factor * plain, rel=1e-5)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_no_other_temperature_has_a_smaller_loss(seed: int) -> None:
    logits, labels = drawn(300, classes=4, seed=seed)
    best = fit_temperature(logits, labels, from_logits=True)
    loss = negative_log_likelihood(logits / best, labels, from_logits=True)
    for other in best * np.geomspace(0.05, 20, 40):
        worse = negative_log_likelihood(logits / other, labels, from_logits=True)
        assert loss <= worse + 1e-9


def test_at_the_best_temperature_the_true_logit_is_as_large_as_expected() -> None:
    """The condition under which the derivative of the loss by 1 / T is zero."""
    temperature = fit_temperature(5 * LOGITS, LABELS, from_logits=True)
    p = apply_temperature(5 * LOGITS, temperature, from_logits=True)
    truly = LOGITS[np.arange(len(LABELS)), LABELS].mean()
    assert truly == pytest.approx((p * LOGITS).sum(axis=1).mean(), abs=1e-5)


def test_a_net_that_is_too_sure_is_mended_on_other_pictures() -> None:
    logits, labels = drawn(8000)
    sure = 3 * logits
    temperature = fit_temperature(sure[:2000], labels[:2000], from_logits=True)
    assert temperature > 2.5
    mended = apply_temperature(sure[2000:], temperature, from_logits=True)
    before = expected_calibration_error(sure[2000:], labels[2000:], from_logits=True)
    assert expected_calibration_error(mended, labels[2000:]) < 0.03 < 0.2 < before


@given(
    arrays(float, (6, 4), elements=st.integers(-40, 40).map(float)), st.floats(0.05, 20)
)
@settings(max_examples=100, deadline=None)
def test_a_temperature_changes_no_answer(logits: Array, temperature: float) -> None:
    logits = logits + np.arange(4) / 8  # No two are equal.
    p = apply_temperature(logits, temperature, from_logits=True)
    np.testing.assert_array_equal(p.argmax(axis=1), logits.argmax(axis=1))
    np.testing.assert_allclose(p.sum(axis=1), 1)


def test_float32_from_a_softmax_is_taken_as_it_comes() -> None:
    p = softmax(10 * LOGITS, axis=1).astype("float32")
    assert p.min() == 0
    temperature = fit_temperature(p, LABELS)
    expected = fit_temperature(10 * LOGITS, LABELS, from_logits=True)
    assert temperature == pytest.approx(expected, rel=0.01)
    assert apply_temperature(p, temperature).dtype == np.float64


# --- Inputs that make no sense --------------------------------------------------------

P, Y = answers(0.9, 4, 3)

BAD: dict[str, tuple[Callable[[], object], str]] = {
    "logits for probabilities": (
        lambda: reliability(LOGITS, LABELS),
        r"Probabilities lie in 0 to 1 .* if they are logits, say so with from_logits=T",
    ),
    "probabilities for logits": (
        lambda: negative_log_likelihood(P, Y, from_logits=True),
        r"The outputs are probabilities already, .* leave from_logits=True out",
    ),
    "one column": (
        lambda: reliability(P[:, :1], Y),
        r"Outputs have shape \(n, classes\), .*; got \(4, 1\). To a single logit z",
    ),
    "one-hot labels": (
        lambda: reliability(P, np.eye(2)[Y]),
        r"labels must hold one class number per picture; .* of one-hot labels",
    ),
    "a label too few": (
        lambda: fit_temperature(P, Y[:3]),
        r"There are outputs for 4 pictures and 3 labels: give one each",
    ),
    "an unknown class": (
        lambda: expected_calibration_error(P, [0, 1, 2, 0]),
        r"labels holds class numbers from 0 to 2; with 2 classes they run from 0 to 1",
    ),
    "NaN": (
        lambda: apply_temperature(np.full((2, 2), np.nan), 2),
        r"The outputs hold NaN or infinity",
    ),
    "no bins": (
        lambda: reliability(P, Y, bins=0),
        r"bins must be a whole number of at least 1; got 0",
    ),
    "no temperature": (
        lambda: apply_temperature(P, 0),
        r"A temperature is a number above 0, for example 1.5; got 0",
    ),
    "all answers right": (
        lambda: fit_temperature(P, [0] * 4),
        r"No temperature from 0.001 to 100 is best: every answer is right, or nearly",
    ),
    "all answers wrong": (
        lambda: fit_temperature(P, [1] * 4),
        r"No temperature .*: the answers are no better than chance",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_input_is_named_and_the_remedy_too(name: str) -> None:
    call, message = BAD[name]
    with pytest.raises(CourseError, match=message) as caught:
        call()
    assert isinstance(caught.value, ValueError)
    assert "\n" not in str(caught.value)


def test_the_limits_of_the_temperature_are_those_that_the_error_names() -> None:
    outputs, labels = answers(0.9, 100, 60)
    logits = np.log(outputs)
    found = fit_temperature(logits, labels, from_logits=True)
    for wanted in (0.002, 90):
        scaled = logits * wanted / found
        again = fit_temperature(scaled, labels, from_logits=True)
        assert again == pytest.approx(wanted, rel=1e-4)
    assert calibration.TEMPERATURES == (0.001, 100)
