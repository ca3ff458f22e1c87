"""The figures show what their docstrings say: data, labels, scales, and no overlap."""

import itertools
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from course_utils import conv, plotting
from course_utils.calibration import reliability
from course_utils.errors import CourseError

CLASSES = ("cat", "dog", "bird")
EDGE = np.array([[-1, 0, 1]] * 3)

rng = np.random.default_rng(0)
GREY = rng.integers(0, 256, (5, 28, 28), dtype=np.uint8)
COLOUR = rng.integers(0, 256, (5, 32, 32, 3), dtype=np.uint8)
HISTORY = {
    "accuracy": [0.5, 0.7, 0.9, 0.95],
    "loss": [1.0, 0.6, 0.3, 0.2],
    "val_accuracy": [0.4, 0.8, 0.7, 0.75],
    "val_loss": [1.1, 0.7, 0.5, 0.6],
    "learning_rate": [0.001] * 4,
}


@pytest.fixture(autouse=True)
def figures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Draw in the style of the course, never show, and close what was drawn."""

    def shown(*_: object, **__: object) -> None:
        pytest.fail("A helper called plt.show().")

    monkeypatch.setattr(plt, "show", shown)
    with plt.rc_context():
        plotting.use_style()
        yield
    plt.close("all")


def data(ax: Axes) -> Any:
    return np.asarray(ax.images[0].get_array())


def limits(ax: Axes) -> tuple[float, float]:
    return ax.images[0].get_clim()


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


# --- show_images ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "images",
    [GREY, GREY[..., None], list(GREY), GREY / 255, GREY > 100, COLOUR, COLOUR / 255],
    ids=["grey", "channel", "list", "floats", "booleans", "colour", "colour floats"],
)
def test_each_image_has_its_own_axes(images: Any) -> None:
    axes = plotting.show_images(images)
    assert axes.shape == (5,)
    for ax, image in zip(axes, images, strict=True):
        np.testing.assert_array_equal(data(ax), np.squeeze(image))
        assert not ax.get_xticks().size
        assert not ax.get_yticks().size


def test_one_grey_image_may_come_alone() -> None:
    (ax,) = plotting.show_images(GREY[0])
    np.testing.assert_array_equal(data(ax), GREY[0])


def test_images_of_several_sizes_may_come_as_a_list() -> None:
    first, second = plotting.show_images([GREY[0], COLOUR[0, :10]])
    assert data(first).shape == (28, 28)
    assert data(second).shape == (10, 32, 3)


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        (GREY // 2, (0, 255)),
        (GREY / 510, (0, 1)),
        (GREY > 99, (0, 1)),
        (np.array([[[0, 8]], [[2, 4]]]), (0, 8)),
        (np.array([[[-3.0, 1]], [[0, 2]]]), (-3, 2)),
    ],
    ids=["bytes", "floats", "booleans", "small integers", "other floats"],
)
def test_all_grey_images_share_one_scale(images: Any, expected: Any) -> None:
    assert {limits(ax) for ax in plotting.show_images(images)} == {expected}
    assert all(ax.images[0].cmap.name == "gray" for ax in plt.gcf().axes)


def test_titles_stand_above_their_images() -> None:
    axes = plotting.show_images(GREY, titles=np.array([5, 0, 4, 1, 9]))
    assert [ax.get_title() for ax in axes] == ["5", "0", "4", "1", "9"]


def test_seven_images_fill_two_rows_of_at_most_five() -> None:
    axes = plotting.show_images(GREY[[0, 1, 2, 3, 4, 0, 1]])
    rows = [ax.get_subplotspec().rowspan.start for ax in axes]
    assert rows == [0, 0, 0, 0, 0, 1, 1]
    assert len(axes[0].figure.axes) == 7


def test_the_number_of_columns_can_be_chosen() -> None:
    axes = plotting.show_images(GREY, columns=2)
    assert axes[-1].get_subplotspec().rowspan.start == 2


def test_no_figure_is_wider_than_a_page() -> None:
    for n, columns in ((1, None), (5, None), (5, 1), (5, 5)):
        figure = plotting.show_images(GREY[:n], columns=columns)[0].figure
        assert figure.get_figwidth() <= plotting.WIDTH


# --- show_rows ------------------------------------------------------------------------


def test_rows_of_pictures_stand_beside_their_names() -> None:
    drawn = plotting.show_rows({"flip": COLOUR, "zoom": COLOUR[::-1]})
    assert drawn.shape == (2, 5)
    assert [[ax.get_ylabel() for ax in row] for row in drawn] == [
        ["flip", "", "", "", ""],
        ["zoom", "", "", "", ""],
    ]
    for row, pictures in zip(drawn, (COLOUR, COLOUR[::-1]), strict=True):
        for ax, picture in zip(row, pictures, strict=True):
            np.testing.assert_array_equal(data(ax), picture)
    assert plt.gcf().get_figwidth() == plotting.WIDTH


def test_only_rows_with_titles_leave_room_for_them() -> None:
    titles = {"cutmix": [0.5, 1, 0.25, 0, 0.75]}
    bare = plotting.show_rows({"flip": GREY, "cutmix": GREY})[0, 0].figure
    drawn = plotting.show_rows({"flip": GREY, "cutmix": GREY}, titles)
    assert [ax.get_title() for ax in drawn[1]] == ["0.5", "1", "0.25", "0", "0.75"]
    assert not any(ax.get_title() for ax in drawn[0])
    assert plt.gcf().get_figheight() == bare.get_figheight() + 0.25


def test_grey_pictures_of_all_rows_share_one_scale() -> None:
    drawn = plotting.show_rows({"dim": GREY / 510, "bright": GREY / 51})
    assert {limits(ax) for ax in drawn.flat} == {(0, GREY.max() / 51)}


# --- plot_convolution -----------------------------------------------------------------


def test_image_kernel_and_feature_map_stand_side_by_side() -> None:
    axes = plotting.plot_convolution(GREY[0], EDGE)
    assert axes.shape == (3,)
    np.testing.assert_array_equal(data(axes[0]), GREY[0])
    np.testing.assert_array_equal(data(axes[1]), EDGE)
    np.testing.assert_array_equal(data(axes[2]), conv.correlate2d(GREY[0], EDGE))
    titles = [ax.get_title() for ax in axes]
    assert titles == ["image\n28×28", "kernel\n3×3", "feature map\n26×26"]
    lefts = [ax.get_position().x0 for ax in axes]
    assert lefts == sorted(lefts)


def test_small_arrays_show_their_numbers() -> None:
    image = np.arange(24).reshape(4, 6) % 7
    axes = plotting.plot_convolution(image, EDGE)
    for ax, values in zip(
        axes, (image, EDGE, conv.correlate2d(image, EDGE)), strict=True
    ):
        expected = [f"{v:.0f}".replace("-", "−") for v in values.ravel()]
        assert texts(ax) == expected
        for text, (row, column) in zip(ax.texts, np.ndindex(values.shape), strict=True):
            assert text.get_position() == (column, row)


def test_a_large_image_shows_no_numbers_but_its_kernel_and_a_colour_bar_do() -> None:
    image, kernel, feature_map = plotting.plot_convolution(GREY[0], EDGE)
    assert not image.texts
    assert texts(kernel) == ["−1", "0", "1"] * 3
    assert not feature_map.texts
    assert len(feature_map.figure.axes) == 4


def test_numbers_get_the_decimals_they_need_for_three_digits_at_most() -> None:
    for kernel, expected in (
        ([[1.0, -2.0]], ["1", "−2"]),
        ([[0.5, 1.0]], ["0.5", "1.0"]),
        ([[1 / 3, -1.0]], ["0.33", "−1.00"]),
        ([[12.34, 0.5]], ["12.3", "0.5"]),
        ([[123.4, 0.5]], ["123", "0"]),
        ([[-0.0, -1e-12]], ["0", "0"]),
    ):
        axes = plotting.plot_convolution(np.ones((3, 3)), kernel)
        assert texts(axes[1]) == expected


def test_numbers_are_readable_on_their_ground() -> None:
    """White on dark cells and black on bright ones, with a contrast of at least 4."""
    axes = plotting.plot_convolution(rng.integers(0, 2, (6, 6)), EDGE)
    for ax in axes:
        image = ax.images[0]
        for text in ax.texts:
            column, row = text.get_position()
            ground = image.to_rgba(data(ax))[int(row), int(column), :3]
            assert contrast(ground, 0.0 if text.get_color() == "black" else 1.0) >= 4


def contrast(colour: Any, grey: float) -> float:
    """Contrast ratio of a colour with black or white, WCAG 2.2."""
    linear = np.where(
        colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4
    )
    bright, dark = sorted((linear @ [0.2126, 0.7152, 0.0722], grey), reverse=True)
    return float((bright + 0.05) / (dark + 0.05))


def test_no_number_leaves_its_cell() -> None:
    for image in (GREY[0, :8, 10:18], rng.normal(0, 100, (8, 8)), np.eye(4)):
        axes = plotting.plot_convolution(image, EDGE)
        axes[0].figure.canvas.draw()
        for ax in axes:
            cell = ax.get_window_extent().width / data(ax).shape[1]
            for text in ax.texts:
                assert text.get_window_extent().width < cell
                assert text.get_fontsize() >= 6


def test_signed_maps_are_white_at_zero_on_one_scale() -> None:
    axes = plotting.plot_convolution(GREY, EDGE)
    assert axes.shape == (5, 3)
    largest = max(np.abs(conv.correlate2d(image, EDGE)).max() for image in GREY)
    for row in axes:
        assert limits(row[2]) == (-largest, largest)
        assert limits(row[1]) == (-1, 1)
        red, green, blue, _ = row[2].images[0].to_rgba(0.0)
        assert min(red, green, blue) > 0.95
        positive, negative = row[2].images[0].to_rgba(np.array([largest, -largest]))
        assert positive[0] > positive[2]
        assert negative[2] > negative[0]


def test_integer_kernels_do_not_wrap_on_their_scale() -> None:
    for dtype in (np.uint8, np.int8, np.bool_):
        axes = plotting.plot_convolution(np.eye(4), np.ones((2, 2), dtype))
        assert limits(axes[1]) == (-1, 1)


def test_a_position_can_be_pointed_out() -> None:
    axes = plotting.plot_convolution(np.eye(6), np.ones((3, 2)), at=(1, 2))
    (window,), kernel, (cell,) = (ax.patches for ax in axes)
    assert not kernel
    assert window.get_bbox().bounds == (1.5, 0.5, 2, 3)
    assert cell.get_bbox().bounds == (1.5, 0.5, 1, 1)


# --- plot_filters and plot_feature_maps -----------------------------------------------


def test_grey_filters_share_a_signed_scale() -> None:
    kernels = rng.normal(size=(5, 5, 1, 9))
    axes = plotting.plot_filters(kernels)
    largest = np.abs(kernels).max()
    assert len(axes) == 9
    for i, ax in enumerate(axes):
        np.testing.assert_array_equal(data(ax), kernels[:, :, 0, i])
        assert limits(ax) == (-largest, largest)
    assert len(axes[0].figure.axes) == 10  # The tenth is the colour bar.


def test_one_input_channel_of_many_can_be_shown() -> None:
    kernels = rng.normal(size=(3, 3, 10, 4))
    axes = plotting.plot_filters(kernels, channel=7)
    for i, ax in enumerate(axes):
        np.testing.assert_array_equal(data(ax), kernels[:, :, 7, i])


def test_colour_filters_are_grey_at_zero() -> None:
    kernels = np.zeros((3, 3, 3, 2))
    kernels[0, 0, 0, 1] = -4
    kernels[2, 2, 2, 1] = 2
    first, second = plotting.plot_filters(kernels)
    np.testing.assert_array_equal(data(first), np.full((3, 3, 3), 0.5))
    np.testing.assert_array_equal(data(second)[0, 0], [0, 0.5, 0.5])
    np.testing.assert_array_equal(data(second)[2, 2], [0.5, 0.5, 0.75])


def test_a_single_kernel_may_come_alone() -> None:
    (ax,) = plotting.plot_filters(EDGE)
    np.testing.assert_array_equal(data(ax), EDGE)


@pytest.mark.parametrize("shape", [(12, 12, 10), (1, 12, 12, 10)])
def test_feature_maps_after_a_relu_run_from_zero(shape: tuple[int, ...]) -> None:
    maps = np.maximum(rng.normal(size=shape), 0)
    axes = plotting.plot_feature_maps(maps)
    assert len(axes) == 10
    for i, ax in enumerate(axes):
        np.testing.assert_array_equal(data(ax), maps.reshape(12, 12, 10)[..., i])
        assert limits(ax) == (0, maps.max())
        assert ax.images[0].cmap.name == "viridis"


def test_feature_maps_with_negative_values_are_signed() -> None:
    axes = plotting.plot_feature_maps(np.array([[[-3.0, 1.0]]]))
    assert {limits(ax) for ax in axes} == {(-3, 3)}
    assert axes[0].images[0].cmap.name == "RdBu_r"


def test_maps_of_nothing_have_a_scale() -> None:
    assert limits(plotting.plot_feature_maps(np.zeros((4, 4)))[0]) == (0, 1)
    assert limits(plotting.plot_filters(np.zeros((3, 3)))[0]) == (-1, 1)


# --- plot_history ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "history",
    [HISTORY, types.SimpleNamespace(history=HISTORY)],
    ids=["dict", "History"],
)
def test_loss_comes_first_and_the_learning_rate_not_at_all(history: Any) -> None:
    axes = plotting.plot_history(history)
    assert [ax.get_ylabel() for ax in axes] == ["loss", "accuracy"]
    assert [ax.get_xlabel() for ax in axes] == ["epoch", "epoch"]


def test_curves_run_over_epochs_from_one() -> None:
    ax = plotting.plot_history(HISTORY)[1]
    training, validation, _ = ax.lines
    np.testing.assert_array_equal(training.get_xdata(), [1, 2, 3, 4])
    np.testing.assert_array_equal(training.get_ydata(), HISTORY["accuracy"])
    np.testing.assert_array_equal(validation.get_ydata(), HISTORY["val_accuracy"])
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["training", "validation", "best: 0.8, epoch 2"]
    assert validation.get_linestyle() == "--"
    assert to_hex(training.get_color()) != to_hex(validation.get_color())


@pytest.mark.parametrize(
    ("metric", "training", "validation", "best"),
    [
        ("loss", [3, 1, 2], [3, 2, 1], (3, 1)),
        ("accuracy", [0.9, 0.8], [0.2, 0.1], (1, 0.2)),
        ("mean_absolute_error", [3, 2, 4], None, (2, 2)),
        ("sparse_top_k", [3, 2, 4], None, (3, 4)),
        ("loss", [3, 2, 2], [np.nan, 5, np.nan], (2, 5)),
    ],
)
def test_a_ring_marks_the_best_epoch(
    metric: str, training: Any, validation: Any, best: tuple[int, float]
) -> None:
    curves = {metric: training}
    if validation is not None:
        curves[f"val_{metric}"] = validation
    (ax,) = plotting.plot_history(curves)
    ring = ax.lines[-1]
    assert (ring.get_xdata()[0], ring.get_ydata()[0]) == best


def test_a_loss_that_is_always_nan_has_no_best_epoch() -> None:
    (ax,) = plotting.plot_history({"loss": [np.nan] * 3})
    assert len(ax.lines) == 1


def test_validation_every_other_epoch_stands_at_its_epochs() -> None:
    (ax,) = plotting.plot_history({"loss": [5, 4, 3, 2, 1], "val_loss": [4, 3]})
    np.testing.assert_array_equal(ax.lines[1].get_xdata(), [2, 4])


@pytest.mark.parametrize("metrics", ["loss", ["loss"], ["val_loss", "loss"]])
def test_metrics_can_be_chosen(metrics: Any) -> None:
    (ax,) = plotting.plot_history(HISTORY, metrics=metrics)
    assert ax.get_ylabel() == "loss"
    assert len(ax.lines) == 3


def test_a_real_training_run_can_be_drawn() -> None:
    import keras

    net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile("sgd", loss, metrics=["accuracy"])
    x, y = np.ones((8, 2)), np.zeros(8)
    history = net.fit(x, y, validation_split=0.5, epochs=3, verbose=0)
    axes = plotting.plot_history(history)
    assert [ax.get_ylabel() for ax in axes] == ["loss", "accuracy"]
    validation = axes[0].lines[1].get_ydata()
    np.testing.assert_array_equal(validation, history.history["val_loss"])


# --- plot_confusion_matrix and gallery ------------------------------------------------

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


PROBABILITIES = np.array(
    [
        [0.8, 0.1, 0.1],
        [0.4, 0.6, 0.0],
        [0.1, 0.0, 0.9],
        [0.0, 1.0, 0.0],
        [0.3, 0.0, 0.7],
    ]
)
TRUE, PRED = np.array([0, 0, 1, 1, 1]), PROBABILITIES.argmax(axis=1)


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


# --- plot_reliability -----------------------------------------------------------------

SURE = reliability([[0.9, 0.1]] * 10 + [[0.4, 0.6]] * 5, [0] * 6 + [1] * 9, bins=5)


def bars(ax: Axes) -> list[tuple[float, ...]]:
    """Left, bottom, width and height of all bars."""
    return [tuple(np.round(bar.get_bbox().bounds, 6)) for bar in ax.patches]


def test_bars_are_accuracies_and_gaps_reach_to_the_confidence() -> None:
    diagram, _ = plotting.plot_reliability(SURE)
    assert bars(diagram) == [
        (0.4, 0, 0.2, 1.0),  # All right,
        (0.4, 0.6, 0.2, 0.4),  # with 60 %: not sure enough.
        (0.8, 0, 0.2, 0.6),  # Six of ten right,
        (0.8, 0.6, 0.2, 0.3),  # with 90 %: too sure.
    ]
    _, timid, _, sure = diagram.patches
    assert timid.get_hatch() != sure.get_hatch()
    assert to_hex(timid.get_edgecolor()) != to_hex(sure.get_edgecolor())
    (diagonal,) = diagram.lines
    np.testing.assert_array_equal(diagonal.get_xydata(), [[0, 0], [1, 1]])


def test_the_counts_stand_below_their_bins() -> None:
    diagram, counts = plotting.plot_reliability(SURE)
    assert [bar[0] for bar in bars(counts)] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])
    assert [bar[3] for bar in bars(counts)] == [0, 0, 5, 0, 10]
    assert counts.get_xlim() == diagram.get_xlim() == (0, 1)
    assert counts.get_position().y1 < diagram.get_position().y0


def test_a_reliability_diagram_says_its_error_and_what_its_bars_are() -> None:
    diagram, _ = plotting.plot_reliability(SURE)
    assert diagram.get_title() == "ECE 33.3 %"
    (legend,) = diagram.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        *("calibrated", "accuracy", "gap: too sure", "gap: not sure enough")
    ]


def test_two_reliability_diagrams_stand_side_by_side_on_one_scale() -> None:
    few = reliability([[0.9, 0.1]] * 2, [0, 0], bins=5)
    axes = plotting.plot_reliability({"before": SURE, "after": few})
    assert axes.shape == (2, 2)
    titles = [ax.get_title() for ax in axes[0]]
    assert titles == ["before\nECE 33.3 %", "after\nECE 10.0 %"]
    assert axes[1, 0].get_ylim() == axes[1, 1].get_ylim()


def test_a_calibrated_net_has_no_gaps() -> None:
    diagram, _ = plotting.plot_reliability(reliability([[1.0, 0.0]] * 3, [0] * 3))
    assert [bar[3] for bar in bars(diagram)] == [1]


# --- For all figures ------------------------------------------------------------------

DRAW: dict[str, tuple[int, Callable[..., Any]]] = {
    "show_images": (5, lambda **ax: plotting.show_images(GREY, "abcde", **ax)),
    "plot_convolution": (
        3,
        lambda **ax: plotting.plot_convolution(GREY[0], EDGE, **ax),
    ),
    "plot_filters": (
        4,
        lambda **ax: plotting.plot_filters(np.ones((3, 3, 1, 4)), **ax),
    ),
    "plot_feature_maps": (
        4,
        lambda **ax: plotting.plot_feature_maps(np.ones((5, 5, 4)), **ax),
    ),
    "plot_history": (2, lambda **ax: plotting.plot_history(HISTORY, **ax)),
    "gallery": (3, lambda **ax: plotting.gallery(GREY, TRUE, PRED, CLASSES, **ax)),
    "plot_reliability": (2, lambda **ax: plotting.plot_reliability(SURE, **ax)),
    "empty gallery": (
        1,
        lambda **ax: plotting.gallery(GREY, TRUE, TRUE, CLASSES, **ax),
    ),
}


@pytest.mark.parametrize("name", DRAW)
def test_a_figure_can_be_drawn_in_given_axes(name: str) -> None:
    n, draw = DRAW[name]
    figure, axes = plt.subplots(2, 3)
    drawn = draw(axes=axes)
    assert list(drawn.ravel()) == list(axes.ravel()[:n])
    assert plt.get_fignums() == [figure.number]
    assert len(figure.axes) == 6  # No colour bar takes room that the caller gave away.


def test_a_confusion_matrix_can_be_drawn_in_given_axes() -> None:
    figure, (left, right) = plt.subplots(1, 2)
    assert plotting.plot_confusion_matrix(Y_TRUE, Y_PRED, CLASSES, ax=right) is right
    assert figure.axes == [left, right]


@pytest.mark.parametrize(
    "draw",
    [
        *(draw for _, draw in DRAW.values()),
        lambda: plotting.show_images(GREY[:1], ["5"]),
        lambda: plotting.plot_convolution(GREY, EDGE),
        lambda: plotting.plot_convolution(np.eye(6), np.eye(3)),
        lambda: plotting.plot_convolution(np.ones((4, 3)), np.ones((2, 2))),
        lambda: plotting.plot_convolution(np.ones((20, 40)), np.ones((3, 9))),
        lambda: plotting.plot_history({key: [1, 2] for key in "abcde"}),
        lambda: np.array(plotting.plot_confusion_matrix(TRUE, PRED, CLASSES)),
        lambda: plotting.gallery(COLOUR, TRUE, PRED, ["automobile"] * 3),
        lambda: plotting.plot_reliability(dict.fromkeys("ab", SURE)),
        lambda: plotting.plot_reliability(dict.fromkeys("abc", SURE)),
        lambda: plotting.plot_confused_pairs(
            GREY, TRUE, PRED, ["automobile"] * 3, probabilities=PROBABILITIES
        ),
        lambda: plotting.plot_confused_pairs(COLOUR, TRUE, PRED, CLASSES, columns=1),
        lambda: plotting.show_rows({"zoom": COLOUR, "translation": COLOUR}),
        lambda: plotting.show_rows(
            {"a name\nin two lines": GREY, "mix": GREY},
            {"mix": ["0.25 automobile"] * 5},
        ),
    ],
)
def test_nothing_overlaps_and_nothing_is_cut_off(draw: Callable[[], Any]) -> None:
    figure = draw().ravel()[0].get_figure(root=True)
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    page = figure.bbox.padded(1)
    boxes = [ax.get_tightbbox(renderer) for ax in figure.axes]
    for box in boxes:
        assert page.x0 <= box.x0
        assert page.y0 <= box.y0
        assert box.x1 <= page.x1
        assert box.y1 <= page.y1
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


def test_long_titles_shrink_until_they_fit() -> None:
    axes = plotting.show_images(GREY, ["a rather long title for a digit"] + ["1"] * 4)
    axes[0].figure.canvas.draw()
    boxes = [ax.title.get_window_extent() for ax in axes]
    assert not any(a.overlaps(b) for a, b in itertools.pairwise(boxes))
    assert len({ax.title.get_fontsize() for ax in axes}) == 1


def test_the_style_draws_on_opaque_white_with_a_palette_for_all_eyes() -> None:
    figure, _ = plt.subplots()
    assert to_hex(figure.get_facecolor(), keep_alpha=True) == "#ffffffff"
    assert plt.rcParams["savefig.facecolor"] == "white"
    assert plt.rcParams["axes.prop_cycle"].by_key()["color"] == list(plotting.PALETTE)


def test_the_figures_need_no_tensorflow() -> None:
    code = "import sys, course_utils.plotting; print('keras' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


# --- Inputs that cannot be drawn ------------------------------------------------------

HOLED = np.where(np.eye(6), np.nan, 1)

BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "one colour image": (
        lambda: plotting.show_images(COLOUR[0]),
        r"Shape \(32, 32, 3\) may be one picture or 32 narrow ones: write images",
    ),
    "a vector": (lambda: plotting.show_images([1, 2]), r"Images have shape .* \(2,\)"),
    "four channels": (
        lambda: plotting.show_images(np.ones((2, 8, 8, 4))),
        r"Images have shape .* got \(2, 8, 8, 4\)",
    ),
    "no images": (
        lambda: plotting.show_images(np.ones((0, 8, 8))),
        r"The images are empty: their shape is \(0, 8, 8\)",
    ),
    "a whole set": (
        lambda: plotting.show_images(np.ones((60_000, 2, 2))),
        r"60000 images are too many for one figure",
    ),
    "words": (
        lambda: plotting.show_images([["a"]]),
        r"real numbers; their dtype is <U1",
    ),
    "NaN in an image": (
        lambda: plotting.show_images(HOLED),
        r"The images hold NaN or infinity",
    ),
    "unscaled colours": (
        lambda: plotting.show_images(COLOUR.astype(float)),
        r"Colours lie in 0 to 1 when they are float64; these run from 0 to 255",
    ),
    "a title too few": (
        lambda: plotting.show_images(GREY, titles="abcd"),
        r"There are 4 titles for 5 panels",
    ),
    "no columns": (
        lambda: plotting.show_images(GREY, columns=0),
        r"columns must be a whole number of at least 1; got 0",
    ),
    "too few axes": (
        lambda: plotting.show_images(GREY, axes=plt.subplots(1, 2)[1]),
        r"5 Axes are needed to draw in; got 2",
    ),
    "axes that are none": (
        lambda: plotting.show_images(GREY[:1], axes=3),
        r"1 Axes are needed to draw in",
    ),
    "rows of unlike length": (
        lambda: plotting.show_rows({"flip": GREY, "zoom": GREY[:3]}),
        r"as many pictures each; these have flip: 5, zoom: 3",
    ),
    "no rows": (lambda: plotting.show_rows({}), r"as many pictures each"),
    "rows of unlike size": (
        lambda: plotting.show_rows({"flip": GREY, "zoom": GREY[:, 1:]}),
        r"All pictures in rows must have one shape",
    ),
    "titles of another row": (
        lambda: plotting.show_rows({"flip": GREY}, {"zoom": "abcde"}),
        r"There is no row 'zoom' for these titles; the rows are flip",
    ),
    "a title too few in a row": (
        lambda: plotting.show_rows({"flip": GREY}, {"flip": "abcd"}),
        r"Row 'flip' has 4 titles for 5 pictures",
    ),
    "NaN in the image": (
        lambda: plotting.plot_convolution(HOLED, EDGE),
        r"The images hold NaN or infinity",
    ),
    "NaN in the kernel": (
        lambda: plotting.plot_convolution(GREY[0], HOLED),
        r"The kernel holds NaN or infinity",
    ),
    "kernel of three axes": (
        lambda: plotting.plot_convolution(GREY[0], EDGE[..., None]),
        r"The kernel must be 2-D, \(k_h, k_w\); got shape \(3, 3, 1\)",
    ),
    "kernel larger than the image": (
        lambda: plotting.plot_convolution(np.eye(2), EDGE),
        r"The kernel spans 3×3 pixels and the image, padding included, has 2×2",
    ),
    "colour under a grey kernel": (
        lambda: plotting.plot_convolution(COLOUR, EDGE),
        r"The image must be 2-D, \(height, width\); got shape \(32, 32, 3\)",
    ),
    "a position outside": (
        lambda: plotting.plot_convolution(np.eye(4), EDGE, at=(0, 2)),
        r"Position \(0, 2\) lies outside the feature map, which has 2 rows and 2 col",
    ),
    "filters of three axes": (
        lambda: plotting.plot_filters(np.ones((3, 3, 9))),
        r"Filters have shape \(k_h, k_w, C_in, C_out\), .*; got \(3, 3, 9\)",
    ),
    "filters of ten channels": (
        lambda: plotting.plot_filters(np.ones((3, 3, 10, 4))),
        r"The filters have 10 input channels: choose one",
    ),
    "an unknown channel": (
        lambda: plotting.plot_filters(np.ones((3, 3, 10, 4)), channel=10),
        r"There is no channel 10 among 10",
    ),
    "maps of several images": (
        lambda: plotting.plot_feature_maps(np.ones((2, 8, 8, 4))),
        r"Feature maps of one image have shape \(h, w, C\); got \(2, 8, 8, 4\)",
    ),
    "no history": (
        lambda: plotting.plot_history([1, 2]),
        r"A history is what model.fit returns, or its dict of lists; got list",
    ),
    "a history before training": (
        lambda: plotting.plot_history({}),
        r"The history has no values for any metric; it recorded nothing",
    ),
    "an unknown metric": (
        lambda: plotting.plot_history(HISTORY, metrics=["precision"]),
        r"no values for precision; it recorded accuracy, loss, val_accuracy",
    ),
    "probabilities for predictions": (
        lambda: plotting.plot_confusion_matrix(TRUE, PROBABILITIES, CLASSES),
        r"y_pred must hold one class number per picture; its shape is \(5, 3\)",
    ),
    "a column of labels": (
        lambda: plotting.plot_confusion_matrix(TRUE[:, None], PRED, CLASSES),
        r"y_true must hold one class number per picture; its shape is \(5, 1\)",
    ),
    "a class too few": (
        lambda: plotting.plot_confusion_matrix(TRUE, PRED, CLASSES[:2]),
        r"y_pred holds class numbers from 0 to 2; with 2 classes they run from 0 to 1",
    ),
    "a label too few": (
        lambda: plotting.plot_confusion_matrix(TRUE, PRED[:4], CLASSES),
        r"y_true has 5 labels and y_pred 4",
    ),
    "an image too few": (
        lambda: plotting.gallery(GREY[:4], TRUE, PRED, CLASSES),
        r"There are 4 images and 5 labels",
    ),
    "logits": (
        lambda: plotting.gallery(
            GREY, TRUE, PRED, CLASSES, probabilities=3 * PROBABILITIES - 1
        ),
        r"Probabilities lie in 0 to 1 .* if they are logits, apply keras.ops.softmax",
    ),
    "confidences of one class": (
        lambda: plotting.gallery(GREY, TRUE, PRED, CLASSES, probabilities=np.ones(5)),
        r"Probabilities must have shape \(5, 3\), .*; got \(5,\)",
    ),
    "an unknown choice": (
        lambda: plotting.gallery(GREY, TRUE, PRED, CLASSES, which="wrong"),
        r'which must be "mistakes", "hits" or "all"; got \'wrong\'',
    ),
    "an image too few for a pair": (
        lambda: plotting.plot_confused_pairs(GREY[:4], TRUE, PRED, CLASSES),
        r"There are 4 images and 5 labels",
    ),
    "no pairs": (
        lambda: plotting.plot_confused_pairs(GREY, TRUE, PRED, CLASSES, pairs=0),
        r"pairs must be a whole number of at least 1; got 0",
    ),
    "probabilities for a diagram": (
        lambda: plotting.plot_reliability(PROBABILITIES),
        r"Reliability diagrams are drawn of what calibration.reliability returns",
    ),
    "too many diagrams": (
        lambda: plotting.plot_reliability(dict.fromkeys("abcd", SURE)),
        r"or of a dict of up to three of them",
    ),
    "no limit": (
        lambda: plotting.gallery(GREY, TRUE, PRED, CLASSES, limit=0),
        r"limit must be a whole number of at least 1; got 0",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_input_is_named_in_one_sentence_and_draws_nothing(name: str) -> None:
    call, message = BAD[name]
    with pytest.raises(CourseError, match=message) as caught:
        call()
    text = str(caught.value)
    assert isinstance(caught.value, ValueError)
    assert text.endswith(".")
    assert "\n" not in text
    if name != "too few axes":
        assert not plt.get_fignums()
