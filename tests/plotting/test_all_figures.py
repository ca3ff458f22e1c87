"""Figures keep inside their page, in given axes, and name a bad input."""

import itertools
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from course_utils import plotting
from course_utils.errors import CourseError
from tests.plotting.samples import (
    CLASSES,
    COLOUR,
    EDGE,
    GREY,
    HISTORY,
    PRED,
    PROBABILITIES,
    SURE,
    TRUE,
)

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
    assert plotting.plot_confusion_matrix(TRUE, PRED, CLASSES, ax=right) is right
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
