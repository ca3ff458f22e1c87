"""Frames, series and indexes of pandas cross as columns of plain arrays."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from course_utils.grading.engine.bridge import BridgeError, Decoder, Encoder
from tests.grading.engine.test_bridge import crossed, link_to, refuse

DAYS = pd.date_range("2026-01-01", periods=3)
FRAME = pd.DataFrame(
    {
        "n": [1, 2, 3],
        "x": np.array([0.5, np.nan, 2], np.float32),
        "name": ["a", "b", "c"],
        "day": DAYS,
        "yes": [True, False, True],
    },
    index=["p", "q", "r"],
)
NUMBER = ["plain", ["array", "<f8", [1], 0], None]


@pytest.mark.parametrize(
    "frame",
    [
        FRAME,
        FRAME.set_index("day"),
        FRAME[["n", "n"]],
        FRAME.iloc[:0],
        pd.DataFrame(),
        pd.DataFrame(np.eye(3)),
        pd.DataFrame({"any": [1, "two", None]}, dtype=object),
    ],
)
def test_a_frame_crosses_unchanged(frame: pd.DataFrame) -> None:
    """Its columns with their types and order, and its index."""
    pd.testing.assert_frame_equal(crossed(frame), frame, check_freq=False)


@pytest.mark.parametrize("name", FRAME.columns)
def test_a_series_crosses_unchanged(name: str) -> None:
    """With its name and its index."""
    pd.testing.assert_series_equal(crossed(FRAME[name]), FRAME[name])


@pytest.mark.parametrize("index", [FRAME.index, FRAME.columns, DAYS, pd.Index([3, 1])])
def test_an_index_crosses_unchanged(index: pd.Index) -> None:
    """Dates lose only the remark that they are evenly spaced."""
    pd.testing.assert_index_equal(crossed(index), index)


def test_what_is_no_plain_column_stays_where_it_is() -> None:
    """Categories and several levels cross as references."""
    for value in (
        FRAME.astype({"name": "category"}),
        FRAME.set_index(["n", "name"]),
        pd.Series(DAYS.tz_localize("UTC")),
    ):
        with pytest.raises(BridgeError, match="reference"):
            crossed(value)


def test_a_function_takes_and_returns_frames() -> None:
    """As it would beside the test."""
    found = link_to({"f": lambda frame: frame.assign(m=frame.n * 2)}).fetch(["f"])
    result = found["f"](FRAME)

    pd.testing.assert_frame_equal(result, FRAME.assign(m=FRAME.n * 2))


@pytest.mark.parametrize(
    "node",
    [
        ["frame", 1, 2, 3],
        ["frame", ["plain", None, None], ["plain", None, None], []],
        ["series", NUMBER, ["us", ["array", "<f8", [1], 0], None]],
        ["series", NUMBER, ["plain", ["array", "<f8", [1], 0], ["exec", "x"]]],
        ["series", NUMBER, ["plain", ["array", "<f4", [2], 0], None]],
        ["index", ["plain", ["array", "<f8", [1, 1], 0], None]],
        ["index", ["exec", ["array", "<f8", [1], 0], None]],
        ["index", ["plain", ["array", "<f8", [1], 0], ["list", []]]],
        ["frame", NUMBER, NUMBER, []],
    ],
)
def test_what_is_no_frame_is_refused(node: Any) -> None:
    """Whatever the other side sends."""
    with pytest.raises(BridgeError):
        Decoder([memoryview(bytes(8))], refuse).decode(node)


def test_a_frame_of_another_class_crosses_as_a_frame() -> None:
    """What it adds stays behind."""

    class Mine(pd.DataFrame):
        pass

    encoder = Encoder(refuse)
    assert encoder.encode(Mine({"x": [1]}))[0] == "frame"
