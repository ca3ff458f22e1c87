"""``checks.reports``: what was measured in the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from course_utils.checks import reports
from course_utils.homework import ARMS, scaled
from tests.checks.failing import message_of

Numbers = dict[str, Any]


@pytest.fixture(scope="module")
def sets() -> dict[str, tuple[Any, Any]]:
    rng = np.random.default_rng(0)
    return {
        name: (
            rng.integers(0, 256, (300, 32, 32, 3), dtype=np.uint8),
            np.arange(300) % 3,
        )
        for name in ("training", "validation", "test")
    }


@pytest.fixture(scope="module")
def nets() -> dict[str, Any]:
    keras.utils.set_random_seed(1)
    return {
        arm: keras.Sequential(
            [keras.Input((32, 32, 3)), layers.Flatten(), layers.Dense(3)]
        )
        for arm in ARMS
    }


@pytest.fixture(scope="module")
def predictions(nets: Any, sets: Any) -> Numbers:
    x = scaled(sets["test"][0])
    return {arm: net.predict(x, verbose=0) for arm, net in nets.items()}


@pytest.fixture(scope="module")
def shares(predictions: Numbers, sets: Any) -> Numbers:
    y = sets["test"][1]
    return {arm: float(np.mean(p.argmax(1) == y)) for arm, p in predictions.items()}


def test_right_numbers_pass(
    nets: Any, sets: Any, predictions: Numbers, shares: Numbers
) -> None:
    reports.accuracies(shares, predictions, nets, sets)
    softened = {arm: np.exp(p).tolist() for arm, p in predictions.items()}
    rounded = {arm: np.float32(round(p, 3)) for arm, p in shares.items()}
    reports.accuracies(rounded, softened, nets, sets)
    errors = {arm: np.sqrt(p * (1 - p) / 299) for arm, p in shares.items()}
    reports.standard_errors(errors, predictions, sets)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: None, "no value yet"),
        (lambda p: [p], "not a dict by arm"),
        (lambda p: {}, '["baseline"]` has no value yet'),
        (lambda p: {"baseline": 100 * p["baseline"]}, "per cent"),
        (lambda p: {"baseline": 1 - p["baseline"]}, "share of mistakes"),
        (lambda p: {"baseline": round(300 * p["baseline"])}, "a count"),
        (lambda p: p | {"baseline": 0.99}, "wrong value"),
    ],
)
def test_wrong_accuracies_are_named(
    nets: Any,
    sets: Any,
    predictions: Numbers,
    shares: Numbers,
    change: Callable[[Numbers], Any],
    said: str,
) -> None:
    check = reports.accuracies
    assert said in message_of(check, change(shares), predictions, nets, sets)


def test_predictions_of_something_else_are_found_out(
    nets: Any, sets: Any, predictions: Numbers, shares: Numbers
) -> None:
    def said(baseline: Any) -> str:
        answer = predictions | {"baseline": baseline}
        return message_of(reports.accuracies, shares, answer, nets, sets)

    assert "They are those of `augmented`" in said(predictions["augmented"])
    watched = nets["baseline"].predict(scaled(sets["validation"][0]), verbose=0)
    assert "They are of the validation pictures" in said(watched)
    assert "not of the final network" in said(-predictions["baseline"])
    assert "without argmax" in said(predictions["baseline"].argmax(axis=1))
    assert "wrong shape" in said(predictions["baseline"][:, :2])


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (lambda p: p * (1 - p) / 300, "the variance"),
        (lambda p: np.sqrt(p * (1 - p)), "of one picture"),
        (lambda p: np.sqrt(p * (1 - p)) / 300, "divided by n"),
        (lambda p: np.sqrt(p / 300), "p alone"),
        (lambda p: np.sqrt((1 - p) / 300), "1 − p alone"),
        (lambda p: 100 * np.sqrt(p * (1 - p) / 300), "per cent"),
        (lambda p: 1.96 * np.sqrt(p * (1 - p) / 300), "twice"),
        (lambda p: 1 / np.sqrt(300), "without p"),
    ],
)
def test_wrong_standard_errors_are_named(
    sets: Any, predictions: Numbers, shares: Numbers, error: Any, said: str
) -> None:
    answer = {arm: error(p) for arm, p in shares.items()}
    message = message_of(reports.standard_errors, answer, predictions, sets)
    assert f"Likely mistake: {said}" in message


@pytest.mark.parametrize(
    ("error", "pictures", "said"),
    [
        (None, 9600, "no value yet"),
        (0.24 / 1000, 9600, "the variance"),
        (0.24**0.5 / 1000, 9600, "divided by n"),
        (0.049, 9600, "wrong value"),
        (0.0155, None, "no value yet"),
        (0.0155, 9600.0, "as floats"),
        (0.0155, 3098, "the root forgotten"),
        (0.0155, 48, "the error not squared"),
        (0.0155, 10_000, "without p"),
        (0.0155, 24_000, "p alone"),
        (0.0155, 16_000, "1 − p alone"),
        (0.0155, 960_000, "a twentieth of a point"),
        (0.0155, 96, "five points"),
        (0.0155, 36_879, "twice"),
        (0.0155, 8600, "how many more"),
    ],
)
def test_wrong_expectations_are_named(error: Any, pictures: Any, said: str) -> None:
    reports.expected_error(0.0155, 9600)
    assert said in message_of(reports.expected_error, error, pictures)


def test_the_matrix_belongs_to_the_arm_that_is_called_best(sets: Any) -> None:
    y = sets["test"][1]
    outputs = {
        "baseline": np.eye(3)[(y + 1) % 3],
        "augmented": np.eye(3)[np.where(np.arange(300) < 290, y, 0)],
        "regularised": np.eye(3)[y],
    }
    perfect = 100 * np.eye(3, dtype=int)
    reports.matrix_of_best(perfect, "regularised", outputs, sets)

    def said(matrix: Any, best: Any) -> str:
        return message_of(reports.matrix_of_best, matrix, best, outputs, sets)

    assert "clearly not the best" in said(np.roll(perfect, 1, axis=1), "baseline")
    assert "no value yet" in said(perfect, None)
    assert "not one of baseline" in said(perfect, "the third")
    assert "is that of `regularised`, and `best` names" in said(perfect, "augmented")
    assert "wrong values" in said(perfect + 1, "regularised")


def test_an_arm_within_two_standard_errors_may_be_called_the_best(sets: Any) -> None:
    y = sets["test"][1]
    outputs = {
        arm: np.eye(3)[np.where(np.arange(300) < n, y, 0)]
        for arm, n in zip(ARMS, (150, 210, 220), strict=True)
    }
    matrix = np.zeros((3, 3), dtype=int)
    np.add.at(matrix, (y, outputs["augmented"].argmax(axis=1)), 1)
    reports.matrix_of_best(matrix, "augmented", outputs, sets)


def test_the_curves_of_three_histories_have_twelve_names() -> None:
    told = {"loss": [2.0, 1.0], "accuracy": [0.2, 0.5]}
    told |= {f"val_{name}": curve for name, curve in told.items()}
    found = reports.curves(dict.fromkeys(ARMS, told))
    assert len(found) == 12
    np.testing.assert_array_equal(found["validation accuracy of augmented"], [0.2, 0.5])
    assert "no value yet" in message_of(reports.curves, {})
    bare = {arm: {"loss": [2.0, 1.0]} for arm in ARMS}
    assert "no validation curves" in message_of(reports.curves, bare)
