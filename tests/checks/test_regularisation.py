"""Mistakes in batch normalisation, dropout and soft labels are called by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course_utils import regularisation as right
from course_utils.checks import function, regularisation, value
from tests.checks.failing import message_of
from tests.checks.naming import called_otherwise, spoken

SMOOTHED = np.array([0.84, 0.04, 0.04, 0.04, 0.04])
NUMBERS: dict[str, Any] = {
    "in_all": 24 * 10 + 4 * 24 + 48 * (9 * 24 + 1) + 4 * 48 + (7 * 7 * 48 + 1) * 10,
    "not_trained": 2 * 24 + 2 * 48,
    "values_per_mean": 64 * 28 * 28,
    "left": 0.99**50,
    "best": 0.8 + 0.2 / 5,
    "smallest": float(-(SMOOTHED * np.log(SMOOTHED)).sum()),
}
LETTERS = {
    "rank_fault": "B",
    "binary_fault": "C",
    "smoothing_fault": "B",
    "random_fault": "C",
}


@pytest.mark.parametrize("name", regularisation.NUMBER_MISTAKES)
def test_every_wrong_prediction_is_explained(name: str) -> None:
    mistakes, how = regularisation.NUMBER_MISTAKES[name], {"tolerance": 0.005}
    value(NUMBERS[name], NUMBERS[name], mistakes=mistakes)
    for mistake, answer in mistakes.items():
        said = message_of(value, answer, NUMBERS[name], mistakes=mistakes, **how)
        assert spoken(mistake) in said


@pytest.mark.parametrize("name", regularisation.FAULTS)
def test_every_other_letter_is_answered(name: str) -> None:
    faults, letter = regularisation.FAULTS[name], LETTERS[name]
    assert sorted([letter, *map(str, faults.values())]) == list("ABCD")
    for mistake, other in faults.items():
        assert spoken(mistake) in message_of(value, other, letter, mistakes=faults)


def batch(seed: int, *how: float) -> tuple[Any, ...]:
    """Maps of two channels, gamma, beta, moving averages, and the numbers given."""
    rng = np.random.default_rng(seed)
    maps = 2 + 0.2 * rng.normal(size=(3, 2 + seed, 3, 2))
    given = [rng.normal(size=2) for _ in range(3)]
    return maps, *given, 1 + rng.random(2), *how


BATCHES = [batch(0, 0.7, 0.02), batch(1, 0.8, 0.003)]


@pytest.mark.parametrize(
    ("check", "mistakes"),
    [
        (regularisation.normalises, regularisation.training_mistakes),
        (regularisation.keeps, regularisation.moving_mistakes),
    ],
)
def test_every_wrong_normalisation_in_training_is_named(
    check: Any, mistakes: Any
) -> None:
    in_training, at = regularisation.training_mistakes, slice(1, 3)

    def honest(*given: Any) -> Any:
        *arrays, momentum, epsilon = given
        how = {"momentum": momentum, "epsilon": epsilon}
        return right.batch_norm_train(*arrays, **how)

    check(honest, BATCHES)
    for name, wrong in mistakes().items():

        def answer(*given: Any, wrong: Any = wrong) -> Any:
            if mistakes is in_training:
                return wrong(*given), *honest(*given)[at]
            return honest(*given)[0], *wrong(*given)

        assert spoken(name) in message_of(check, answer, BATCHES)


def test_a_normalisation_that_returns_too_little_is_told_so() -> None:
    said = message_of(regularisation.keeps, lambda x, *_: x, BATCHES)
    assert "does not return three things" in said
    assert "y, moving_mean, moving_variance" in said
    said = message_of(regularisation.normalises, lambda *_: None, BATCHES)
    assert "Likely mistake: returned None." in said


def test_a_normalisation_that_writes_into_what_is_kept_is_caught() -> None:
    def answer(x: Any, g: Any, b: Any, mean: Any, variance: Any, *_: Any) -> Any:
        mean *= 0.7
        return x, mean, variance

    said = message_of(regularisation.keeps, answer, BATCHES)
    assert "Likely mistake: modified its input." in said


def test_every_wrong_normalisation_in_use_is_named() -> None:
    def in_use(x: Any, g: Any, b: Any, m: Any, v: Any, e: float) -> Any:
        return right.batch_norm_infer(x, g, b, m, v, epsilon=e)

    maps, scale, shift, mean, variance, *_ = batch(2)
    calls = [
        (maps, scale, shift, np.abs(mean), variance / 9, 0.02),
        (maps[:1], shift, scale, np.abs(mean), variance / 9, 0.004),
    ]
    assert called_otherwise(regularisation.use_mistakes(), in_use, calls) == {}


def test_every_wrong_dropout_is_named() -> None:
    def dropped(x: Any, rate: float, draws: Any, training: bool) -> Any:
        return np.where(draws < rate, 0, x / (1 - rate)) if training else x

    rng = np.random.default_rng(0)
    x, draws = rng.normal(size=(4, 6)), rng.random((4, 6))
    calls = [(x, 0.4, draws, True), (x, 0.25, draws, True), (x, 0.4, draws, False)]
    assert called_otherwise(regularisation.dropout_mistakes(), dropped, calls) == {}


def test_every_wrong_row_of_labels_is_named() -> None:
    def smoothed(labels: Any, classes: int, smoothing: float) -> Any:
        return right.smooth_labels(np.eye(classes)[labels], smoothing)

    calls = [(np.array([2, 0, 2]), 4, 0.3), (np.array([4, 1, 1, 0]), 6, 0.1)]
    mistakes = regularisation.smoothing_mistakes()
    assert called_otherwise(mistakes, smoothed, calls) == {}


def test_every_wrong_cross_entropy_of_rows_is_named() -> None:
    rng = np.random.default_rng(1)
    calls = [
        (rng.dirichlet(np.ones(k), n), rng.normal(size=(n, k))) for n, k in ((5, 4),)
    ]
    calls += [(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([[1.0, 2.0], [0.5, 3.0]]))]
    mistakes = regularisation.entropy_mistakes()
    assert called_otherwise(mistakes, regularisation.row_entropy, calls) == {}


def test_the_cross_entropy_of_rows_is_that_of_keras() -> None:
    import keras

    rng = np.random.default_rng(2)
    t, logits = rng.dirichlet(np.ones(4), 6), 900 * rng.normal(size=(6, 4))
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    function(regularisation.row_entropy, [float(loss(t, logits))], [(t, logits)])


def test_every_wrong_penalty_is_named() -> None:
    def penalised(loss: float, weights: list[Any], factor: float) -> float:
        kernels = [w for w in weights if np.ndim(w) > 1]
        return loss + sum(right.l2_penalty(w, factor) for w in kernels)

    rng, shapes = np.random.default_rng(3), [(3, 3, 2, 4), (4,), (5, 3), (3,)]
    weights = [rng.normal(size=shape) for shape in shapes]
    calls = [(0.7, weights, 0.03), (1.5, weights[::-1], 0.2)]
    assert called_otherwise(regularisation.penalty_mistakes(), penalised, calls) == {}
