"""A headline shows what a net reached, to readers and as data."""

import json
from typing import Any

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter

from course_utils.conv import InvalidInput
from course_utils.data import Dataset
from course_utils.results import MIME, Headline
from course_utils.session import QUICK


def pictures(source: str = "file") -> Dataset:
    x, y = np.zeros((4, 32, 32, 3), np.uint8), np.zeros(4, np.uint8)
    return Dataset(x, y, x, y, ("cat", "dog"), "cifar10", source)


def headline(**changed: Any) -> Headline:
    usual: dict[str, Any] = {
        "net": "LeNet <5>",
        "data": pictures(),
        "parameters": 62006,
        "epochs": 10,
        "seconds": 85.24,
        "test_accuracy": [0.60, 0.61, 0.65],
        "to_reach": 0.6,
    }
    return Headline(**usual | changed)


def shown(one: Headline) -> dict[str, Any]:
    """The bundle that a notebook gets when a cell ends in it."""
    bundle, _ = DisplayFormatter(active_types=["text/plain", "text/html"]).format(one)
    return dict(bundle)


def test_a_cell_shows_text_a_table_and_the_data() -> None:
    bundle = shown(headline())
    assert set(bundle) == {"text/plain", "text/html", MIME}
    assert "62,006" in bundle["text/plain"]
    assert (
        "62.0 % ± 2.6 (mean and standard deviation of 3 seeds)"
        in (bundle["text/plain"])
    )
    assert "<td" in bundle["text/html"]
    assert "LeNet &lt;5&gt; on cifar10" in bundle["text/html"]


def test_the_data_survive_json_and_are_plain_numbers() -> None:
    one = headline(
        parameters=np.int64(62006), test_accuracy=np.array([0.60, 0.61, 0.65], "f4")
    )
    data = json.loads(json.dumps(shown(one)[MIME]))
    assert data == {
        "net": "LeNet <5>",
        "data": "cifar10",
        "data_source": "file",
        "parameters": 62006,
        "epochs": 10,
        "seconds": 85.2,
        "seeds": 3,
        "test_accuracy": 0.62,
        "spread": 0.02646,
        "to_reach": 0.6,
        "kept": "",
        "doubt": "",
    }


def test_one_seed_has_no_spread() -> None:
    one = headline(test_accuracy=[0.61])
    assert one.record()["spread"] is None
    assert "61.0 % (one seed)" in repr(one)


def test_the_table_has_no_colour_of_its_own() -> None:
    assert "color" not in shown(headline())["text/html"]


def test_stand_ins_are_named_in_the_table_and_the_data() -> None:
    bundle = shown(headline(data=pictures("drawn")))
    assert "no result" in bundle["text/plain"]
    assert "drawn stand-ins" in bundle["text/html"]
    assert bundle[MIME]["doubt"] == "the pictures are drawn stand-ins"


def test_training_that_was_cut_short_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(QUICK, "1")
    assert "cut short" in shown(headline())[MIME]["doubt"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"parameters": 0}, "parameters must be a positive number, not 0"),
        ({"seconds": float("nan")}, "seconds must be a positive number, not nan"),
        ({"test_accuracy": []}, "one per seed"),
        ({"test_accuracy": [61.0]}, r"shares from 0 to 1.*these are \[61.0, 0.6\]"),
        ({"test_accuracy": [float("nan")]}, "shares from 0 to 1"),
        ({"to_reach": 60}, "shares from 0 to 1"),
    ],
)
def test_numbers_that_cannot_be_are_refused(
    changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        headline(**changed)
