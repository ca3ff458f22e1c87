"""What a net took pictures for: counts, and the pictures themselves."""

import itertools

import numpy as np

from course_utils import plotting
from tests.plotting.samples import (
    CLASSES,
    COLOUR,
    GREY,
    PRED,
    PROBABILITIES,
    TRUE,
    data,
    limits,
    rng,
    texts,
)

Y_TRUE = np.array([0, 0, 0, 0, 1, 1])
Y_PRED = np.array([0, 0, 0, 1, 1, 2])


def test_cells_count_pictures_and_are_coloured_by_share_of_their_row() -> None:
    ax = plotting.plot_confusion_matrix(Y_TRUE, Y_PRED, CLASSES)
    assert texts(ax) == ["3", "1", "0", "0", "1", "1", "0", "0", "0"]
    share = [[0.75, 0.25, 0], [0, 0.5, 0.5], [0, 0, 0]]
    np.testing.assert_array_equal(data(ax), share)
    assert limits(ax) == (0, 1)


def test_true_classes_are_rows_and_predicted_ones_columns() -> None:
    ax = plotting.plot_confusion_matrix(Y_TRUE, Y_PRED, CLASSES)
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("true class", "predicted class")
    for labels in (ax.get_xticklabels(), ax.get_yticklabels()):
        assert tuple(label.get_text() for label in labels) == CLASSES
    assert ax.texts[1].get_position() == (1, 0)  # One cat, in row 0, taken for a dog.


def test_ten_long_class_names_do_not_overlap() -> None:
    names = ["T-shirt/top", "automobile", "Ankle boot"] * 3 + ["Pullover"]
    labels = rng.integers(0, 10, 60_000)
    ax = plotting.plot_confusion_matrix(labels, labels, names)
    ax.figure.canvas.draw()
    boxes = [label.get_window_extent() for label in ax.get_yticklabels()]
    assert not any(a.overlaps(b) for a, b in itertools.pairwise(boxes))
    cell = ax.get_window_extent().width / 10
    assert all(text.get_window_extent().width < cell for text in ax.texts)
    assert ax.get_xticklabels()[0].get_rotation() == 45


def test_the_most_confident_mistakes_come_first() -> None:
    axes = plotting.gallery(COLOUR, TRUE, PRED, CLASSES, probabilities=PROBABILITIES)
    for ax, i in zip(axes, (2, 4, 1), strict=True):
        np.testing.assert_array_equal(data(ax), COLOUR[i])
    titles = [ax.get_title() for ax in axes]
    assert titles == ["dog\n→ bird 90 %", "dog\n→ bird 70 %", "cat\n→ dog 60 %"]


def test_without_probabilities_mistakes_keep_their_order() -> None:
    axes = plotting.gallery(GREY, TRUE, PRED, CLASSES)
    for ax, i in zip(axes, (1, 2, 4), strict=True):
        np.testing.assert_array_equal(data(ax), GREY[i])
    assert axes[0].get_title() == "cat\n→ dog"


def test_hits_or_all_pictures_can_be_shown() -> None:
    options = {"probabilities": PROBABILITIES}
    hits = plotting.gallery(GREY, TRUE, PRED, CLASSES, which="hits", **options)
    assert [ax.get_title() for ax in hits] == ["dog\n→ dog 100 %", "cat\n→ cat 80 %"]
    assert len(plotting.gallery(GREY, TRUE, PRED, CLASSES, which="all")) == 5


def test_a_gallery_shows_no_more_than_its_limit() -> None:
    axes = plotting.gallery(GREY, TRUE, PRED, CLASSES, limit=2)
    assert len(axes) == len(axes[0].figure.axes) == 2


def test_a_gallery_without_mistakes_says_so() -> None:
    (ax,) = plotting.gallery(GREY, TRUE, TRUE, CLASSES)
    assert texts(ax) == ["no mistakes among 5 pictures"]
    assert not ax.images


def test_the_most_confused_pair_fills_the_first_row() -> None:
    true, pred = np.array([0, 1, 1, 1, 2]), np.array([1, 2, 2, 1, 2])
    axes = plotting.plot_confused_pairs(GREY, true, pred, CLASSES, columns=2)
    assert axes.shape == (2, 2)
    assert [row[0].figure.get_suptitle() for row in axes] == [
        "dog taken for bird: 2 of 3",
        "cat taken for dog: 1 of 1",
    ]
    for ax, i in zip(axes.flat, (1, 2, 0), strict=False):
        np.testing.assert_array_equal(data(ax), GREY[i])
    assert not axes[1, 1].images
    assert not axes[1, 1].axison


def test_the_surest_mistakes_of_a_pair_come_first_with_their_confidence() -> None:
    ((first, second),) = plotting.plot_confused_pairs(
        COLOUR, TRUE, PRED, CLASSES, probabilities=PROBABILITIES, pairs=1, columns=2
    )
    np.testing.assert_array_equal(data(first), COLOUR[2])
    np.testing.assert_array_equal(data(second), COLOUR[4])
    assert (first.get_xlabel(), second.get_xlabel()) == ("90 %", "70 %")


def test_pictures_of_all_pairs_share_one_scale_of_grey() -> None:
    axes = plotting.plot_confused_pairs(GREY // 2, TRUE, PRED, CLASSES)
    assert {limits(ax) for ax in axes.flat if ax.images} == {(0, 255)}


def test_without_mistakes_no_pair_is_shown() -> None:
    (ax,) = plotting.plot_confused_pairs(GREY, TRUE, TRUE, CLASSES)
    assert texts(ax) == ["no mistakes among 5 pictures"]
