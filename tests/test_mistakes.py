"""Mistakes are counted, sorted and laid out in tables, class by class."""

import math
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.errors import CourseError
from course_utils.mistakes import class_table, confusion_matrix, most_confused

CLASSES = ("cat", "dog", "bird")
Y_TRUE = np.array([0, 0, 0, 0, 1, 1, 1, 2])
Y_PRED = np.array([0, 1, 1, 2, 1, 0, 0, 2])

labels = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=60
)


class Grid(HTMLParser):
    """The cells of an HTML table, row by row."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        self.rows[-1][-1] += data


def test_true_classes_are_rows_of_the_matrix_and_predicted_ones_columns() -> None:
    matrix = confusion_matrix(Y_TRUE, Y_PRED, CLASSES)
    np.testing.assert_array_equal(matrix, [[1, 2, 1], [2, 1, 0], [0, 0, 1]])


# --- The most confused pairs ----------------------------------------------------------


def test_the_most_frequent_mistake_comes_first() -> None:
    pairs = most_confused([0, 0, 1, 1, 1, 2, 2], [1, 0, 2, 2, 2, 0, 0], CLASSES)
    assert [(one.true, one.predicted, one.count) for one in pairs] == [
        ("dog", "bird", 3),
        ("bird", "cat", 2),
        ("cat", "dog", 1),
    ]


def test_each_direction_is_a_kind_of_mistake_of_its_own() -> None:
    first, second, third = most_confused(Y_TRUE, Y_PRED, CLASSES)
    assert (first.true, first.predicted) == ("cat", "dog")
    assert (second.true, second.predicted) == ("dog", "cat")
    assert (third.true, third.predicted) == ("cat", "bird")


def test_a_kind_of_mistake_knows_its_cell_and_its_share_of_the_class() -> None:
    first = most_confused(Y_TRUE, Y_PRED, CLASSES)[1]
    assert first.cell == (1, 0)
    assert (first.count, first.support) == (2, 3)
    assert first.share == 2 / 3


def test_no_more_kinds_are_listed_than_asked_for() -> None:
    pairs = most_confused(Y_TRUE, Y_PRED, CLASSES, limit=2)
    assert [one.count for one in pairs] == [2, 2]
    assert len(most_confused(Y_TRUE, Y_PRED, CLASSES, limit=99)) == 3


def test_without_mistakes_there_is_no_pair() -> None:
    pairs = most_confused(Y_TRUE, Y_TRUE, CLASSES)
    assert len(pairs) == 0
    assert repr(pairs) == "class  taken for  pictures  of its class"
    assert Grid(pairs._repr_html_()).rows == [
        ["class", "taken for", "pictures", "of its class"]
    ]


@given(labels)
def test_the_pairs_are_all_mistakes_in_falling_order(
    pictures: list[tuple[int, int]],
) -> None:
    true, pred = np.array(pictures).T
    pairs = most_confused(true, pred, CLASSES)
    counts = [one.count for one in pairs]
    assert sum(counts) == np.count_nonzero(true != pred)
    assert counts == sorted(counts, reverse=True)
    for one in pairs:
        i, j = one.cell
        assert one.count == np.count_nonzero((true == i) & (pred == j)) > 0
        assert one.support == np.count_nonzero(true == i)


# --- The table per class --------------------------------------------------------------


def test_precision_recall_and_f1_are_those_of_the_definition() -> None:
    table = class_table(Y_TRUE, Y_PRED, CLASSES)
    dog = table["dog"]
    assert dog.precision == pytest.approx(1 / 3)  # Of three taken for dogs, one is.
    assert dog.recall == pytest.approx(1 / 3)
    bird = table["bird"]
    assert (bird.precision, bird.recall) == (0.5, 1)
    assert bird.f1 == pytest.approx(2 / 3)
    assert [row.support for row in table] == [4, 3, 1]


def test_precision_recall_and_f1_are_those_of_keras() -> None:
    import keras

    rng = np.random.default_rng(0)
    true, pred = rng.integers(0, 3, (2, 500))
    one_hot = np.eye(3, dtype="float32")
    table = class_table(true, pred, CLASSES)
    f1 = keras.metrics.F1Score()
    f1.update_state(one_hot[true], one_hot[pred])
    np.testing.assert_allclose([row.f1 for row in table], f1.result(), rtol=1e-5)
    for number, row in enumerate(table):
        for metric, ours in (
            (keras.metrics.Precision(class_id=number), row.precision),
            (keras.metrics.Recall(class_id=number), row.recall),
        ):
            metric.update_state(one_hot[true], one_hot[pred])
            assert ours == pytest.approx(float(metric.result()), rel=1e-5)


def test_the_mean_counts_every_class_alike() -> None:
    mean = class_table(Y_TRUE, Y_PRED, CLASSES).mean
    assert mean.recall == pytest.approx((1 / 4 + 1 / 3 + 1) / 3)
    assert mean.support == 8


def test_a_class_that_was_never_predicted_has_no_precision() -> None:
    table = class_table([0, 0, 1], [0, 0, 0], CLASSES)
    assert math.isnan(table["dog"].precision)
    assert (table["dog"].recall, table["dog"].f1) == (0, 0)
    assert math.isnan(table["bird"].recall)
    assert math.isnan(table["bird"].f1)
    assert math.isnan(table.mean.precision)
    assert repr(table).splitlines()[2].split() == ["dog", "–", "0.0%", "0.0%", "1"]


@given(labels)
def test_precision_and_recall_change_places_with_truth_and_prediction(
    pictures: list[tuple[int, int]],
) -> None:
    true, pred = np.array(pictures).T
    for one, other in zip(
        class_table(true, pred, CLASSES), class_table(pred, true, CLASSES), strict=True
    ):
        np.testing.assert_equal(one.precision, other.recall)
        np.testing.assert_equal(one.f1, other.f1)
        if one.precision and one.recall:
            harmonic = 2 / (1 / one.precision + 1 / one.recall)
            np.testing.assert_allclose(one.f1, harmonic)


def test_a_notebook_gets_the_table_as_html_with_heads_and_means() -> None:
    table = class_table(Y_TRUE, Y_PRED, ("cat <3", "dog", "bird"))
    rows = Grid(table._repr_html_()).rows
    assert rows[0] == ["class", "precision", "recall", "F1", "support"]
    assert rows[1] == ["cat <3", "33.3%", "25.0%", "28.6%", "4"]
    assert rows[-1][0] == "mean"
    assert len(rows) == 5
    assert "<3" not in table._repr_html_()


# --- For all --------------------------------------------------------------------------

BAD: dict[str, tuple[Callable[[], object], str]] = {
    "probabilities": (
        lambda: class_table(Y_TRUE, np.eye(3)[Y_PRED], CLASSES),
        r"y_pred must hold one class number per picture; its shape is \(8, 3\)",
    ),
    "a label too few": (
        lambda: most_confused(Y_TRUE, Y_PRED[:7], CLASSES),
        r"y_true has 8 labels and y_pred 7",
    ),
    "a class too few": (
        lambda: confusion_matrix(Y_TRUE, Y_PRED, CLASSES[:2]),
        r"y_true holds class numbers from 0 to 2; with 2 classes they run from 0 to 1",
    ),
    "no limit": (
        lambda: most_confused(Y_TRUE, Y_PRED, CLASSES, limit=0),
        r"limit must be a whole number of at least 1; got 0",
    ),
    "an unknown class": (
        lambda: class_table(Y_TRUE, Y_PRED, CLASSES)["cow"],
        r"There is no class 'cow'; the classes are cat, dog, bird",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_input_is_named_in_one_sentence(name: str) -> None:
    call, message = BAD[name]
    with pytest.raises(CourseError, match=message):
        call()


@pytest.mark.parametrize("module", ["mistakes", "calibration"])
def test_counting_needs_no_tensorflow(module: str) -> None:
    code = f"import sys, course_utils.{module}; print('keras' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
