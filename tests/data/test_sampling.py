"""Splits and subsets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.data import split, subset
from course_utils.errors import CourseError

LABELS = np.repeat(np.arange(4, dtype=np.uint8), [50, 30, 15, 5])
SHUFFLED = np.random.default_rng(1).permutation(LABELS)
ROWS = np.arange(len(LABELS))


def test_a_split_loses_nothing_and_keeps_pairs_and_order():
    (x_train, y_train), (x_val, y_val) = split(ROWS, SHUFFLED, 0.2)
    assert sorted([*x_train, *x_val]) == ROWS.tolist()
    assert np.array_equal(SHUFFLED[x_train], y_train)
    assert np.array_equal(SHUFFLED[x_val], y_val)
    assert np.all(np.diff(x_train) > 0)
    assert np.all(np.diff(x_val) > 0)


def test_every_class_gives_its_share():
    _, (_, y_val) = split(ROWS, SHUFFLED, 0.2)
    assert np.bincount(y_val).tolist() == [10, 6, 3, 1]


def test_a_whole_number_is_a_count():
    _, (x_val, _) = split(ROWS, SHUFFLED, 17)
    assert len(x_val) == 17


@given(
    counts=st.lists(st.integers(1, 40), min_size=1, max_size=6),
    data=st.data(),
    seed=st.integers(0, 100),
)
def test_no_class_is_off_its_share_by_a_whole_image(counts, data, seed):
    y = np.repeat(np.arange(len(counts)), counts)
    if len(y) < 2:
        return
    size = data.draw(st.integers(1, len(y) - 1))
    (_, y_train), (_, y_val) = split(np.arange(len(y)), y, size, seed=seed)
    found = np.bincount(y_val, minlength=len(counts))
    assert found.sum() == size
    assert len(y_train) == len(y) - size
    assert np.all(np.abs(found - np.array(counts) * size / len(y)) < 1)


def test_the_seed_decides():
    first, again, other = (split(ROWS, SHUFFLED, seed=s)[1][0] for s in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_dtypes_and_image_shapes_stay():
    x = np.zeros((100, 5, 4, 3), np.float32)
    (x_train, y_train), (x_val, _) = split(x, LABELS)
    assert x_train.shape == (90, 5, 4, 3)
    assert x_val.shape == (10, 5, 4, 3)
    assert x_train.dtype == np.float32
    assert y_train.dtype == np.uint8


def test_parts_of_a_read_only_set_can_be_changed():
    x = np.zeros((100, 2, 2), np.uint8)
    x.flags.writeable = False
    (x_train, _), _ = split(x, LABELS)
    x_train[0] = 1
    kept, _ = subset(x, LABELS)
    kept[0] = 1
    assert x.max() == 0


@pytest.mark.parametrize("validation", [0, 0.0, 1.0, 1.5, -0.1, -3, 100, 101, 0.001])
def test_an_empty_part_is_refused(validation):
    with pytest.raises(CourseError, match="leaves one part empty"):
        split(ROWS, SHUFFLED, validation)


def test_labels_are_renumbered_in_the_order_of_the_classes():
    x, y = subset(ROWS, SHUFFLED, classes=[3, 1])
    assert set(SHUFFLED[x]) == {1, 3}
    assert np.array_equal(y, np.where(SHUFFLED[x] == 3, 0, 1))
    assert y.dtype == np.uint8


def test_so_many_of_each_class():
    _, y = subset(ROWS, SHUFFLED, per_class=5)
    assert np.bincount(y).tolist() == [5, 5, 5, 5]


def test_all_classes_and_images_are_the_set_itself():
    x, y = subset(ROWS, SHUFFLED)
    assert np.array_equal(x, ROWS)
    assert np.array_equal(y, SHUFFLED)


def test_more_images_include_the_fewer_whatever_the_other_classes_are():
    few, _ = subset(ROWS, SHUFFLED, classes=[1], per_class=4)
    more, y = subset(ROWS, SHUFFLED, classes=[0, 1], per_class=9)
    assert set(few) < set(more[y == 1])


def test_another_seed_gives_other_images():
    one, two = (subset(ROWS, SHUFFLED, per_class=4, seed=s)[0] for s in (0, 1))
    assert not np.array_equal(one, two)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"classes": [9]}, "Class 9 has 0 images; 1 are wanted"),
        ({"classes": [1, 1]}, r"different labels, at least one; these are \[1, 1\]"),
        ({"classes": []}, "at least one"),
        ({"per_class": 6}, "Class 3 has 5 images; 6 are wanted"),
        ({"per_class": 0}, "per_class must be at least 1"),
    ],
)
def test_a_subset_that_cannot_be_is_refused(arguments, sentence):
    with pytest.raises(CourseError, match=sentence):
        subset(ROWS, SHUFFLED, **arguments)


@pytest.mark.parametrize(
    ("y", "sentence"),
    [
        (LABELS[:, None], r"uint8 of shape \(100, 1\)"),
        (LABELS.astype(float), "float64"),
        (LABELS[:7], "100 images and y 7 labels"),
    ],
)
@pytest.mark.parametrize("part", [split, subset])
def test_labels_that_do_not_belong_to_the_images_are_refused(part, y, sentence):
    with pytest.raises(ValueError, match=sentence):
        part(ROWS, y)
