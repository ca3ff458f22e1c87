"""Pictures stand side by side, or in rows that have a name each."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils import plotting
from tests.plotting.samples import (
    COLOUR,
    GREY,
    data,
    limits,
)


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
