"""Mistakes in temperatures and calibration errors are called by their names."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.calibration import apply_temperature, expected_calibration_error
from course_utils.checks import calibration
from tests.checks.naming import called_otherwise


def test_every_wrong_temperature_is_named() -> None:
    def tempered(logits: Any, temperature: float) -> Any:
        return apply_temperature(logits, temperature, from_logits=True)

    rng = np.random.default_rng(0)
    calls = [(rng.normal(size=(5, 3)), 2.0), (2 * rng.normal(size=(4, 6)), 0.6)]
    assert called_otherwise(calibration.temperature_mistakes(), tempered, calls) == {}


def test_every_wrong_calibration_error_is_named() -> None:
    def measured(probabilities: Any, labels: Any, bins: int) -> float:
        return expected_calibration_error(probabilities, labels, bins=bins)

    rng, calls = np.random.default_rng(1), []
    for classes, bins in ((3, 15), (4, 6)):
        shares = rng.dirichlet(0.4 * np.ones(classes), 80)
        shares[:6] = np.eye(classes)[rng.integers(0, classes, 6)]
        calls.append((shares, rng.integers(0, classes, 80), bins))
    calls.append((shares, shares.argmax(axis=1), 6))  # not sure enough
    assert called_otherwise(calibration.ece_mistakes(), measured, calls) == {}
