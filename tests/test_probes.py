"""Shuffled and shifted pictures, and the accuracy of a net on them."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from course_utils.errors import CourseError
from course_utils.probes import accuracy_by_shift, shift_images, shuffle_pixels

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (5, 6, 7), dtype=np.uint8)
COLOUR = RNG.random((5, 6, 7, 3), dtype=np.float32)

grey_and_colour = pytest.mark.parametrize("images", [GREY, COLOUR, COLOUR[..., :1]])


def sorted_pixels(image: NDArray[Any]) -> list[tuple[Any, ...]]:
    return sorted(map(tuple, image.reshape(image.shape[0] * image.shape[1], -1)))


@grey_and_colour
def test_shuffling_keeps_every_pixel_with_its_channels(images: NDArray[Any]) -> None:
    shuffled = shuffle_pixels(images, seed=0)
    assert shuffled.shape == images.shape
    assert shuffled.dtype == images.dtype
    assert np.any(shuffled != images)
    for before, after in zip(images, shuffled, strict=True):
        assert sorted_pixels(before) == sorted_pixels(after)


def test_all_images_are_shuffled_alike_whatever_their_number() -> None:
    places = np.broadcast_to(np.arange(42).reshape(6, 7), (5, 6, 7))
    shuffled = shuffle_pixels(places, seed=3)
    assert (shuffled == shuffled[0]).all()
    np.testing.assert_array_equal(shuffle_pixels(places[:2], seed=3), shuffled[:2])
    grey = shuffle_pixels(GREY, seed=3)
    np.testing.assert_array_equal(grey, GREY.reshape(5, -1)[:, shuffled[0]])


def test_another_seed_shuffles_otherwise() -> None:
    assert np.any(shuffle_pixels(GREY, seed=1) != shuffle_pixels(GREY, seed=2))


def test_the_images_that_go_in_stay_as_they_were() -> None:
    before = GREY.copy()
    for changed in (shuffle_pixels(GREY, 0), shift_images(GREY, 0, 0)):
        changed[:] = 0
        np.testing.assert_array_equal(GREY, before)


@grey_and_colour
@pytest.mark.parametrize("rows", [-5, -1, 0, 2])
@pytest.mark.parametrize("columns", [-2, 0, 1, 6])
def test_a_shift_moves_every_pixel_and_lets_zeros_in(
    images: NDArray[Any], rows: int, columns: int
) -> None:
    moved = shift_images(images, rows, columns)
    assert moved.dtype == images.dtype
    expected = np.zeros_like(images)
    for i, j in np.ndindex(6, 7):
        if 0 <= i - rows < 6 and 0 <= j - columns < 7:
            expected[:, i, j] = images[:, i - rows, j - columns]
    np.testing.assert_array_equal(moved, expected)


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [
        (6, 0, "rows must be a whole number between -5 and 5.*got 6"),
        (0, -7, "columns must be a whole number between -6 and 6.*got -7"),
        (0.5, 0, "rows must be a whole number.*got 0.5"),
        (True, 0, "rows must be a whole number.*got True"),
    ],
)
def test_a_shift_that_leaves_nothing_or_is_no_whole_number_is_refused(
    rows: Any, columns: int, message: str
) -> None:
    with pytest.raises(CourseError, match=message):
        shift_images(GREY, rows, columns)


@pytest.mark.parametrize("shape", [(6, 7), (0, 6, 7), (1, 2, 3, 4, 5)])
def test_what_is_no_batch_of_images_is_refused(shape: tuple[int, ...]) -> None:
    for change in (lambda x: shuffle_pixels(x, 0), lambda x: shift_images(x, 0, 0)):
        with pytest.raises(CourseError, match=r"A single one needs images\[None\]"):
            change(np.zeros(shape))


@pytest.mark.parametrize("seed", [-1, 0.5, None])
def test_a_seed_that_is_none_is_refused(seed: Any) -> None:
    with pytest.raises(CourseError, match="seed must be a whole number"):
        shuffle_pixels(GREY, seed)


class Template:
    """Scores a picture by its likeness with one picture per class."""

    def __init__(self, templates: NDArray[Any]) -> None:
        self.templates = templates
        self.batch_sizes: list[int] = []

    def predict(self, x: Any, *, batch_size: int, verbose: int) -> Any:
        assert verbose == 0
        self.batch_sizes.append(batch_size)
        return np.tensordot(x, self.templates, axes=([1, 2], [1, 2]))


def test_accuracy_is_the_mean_over_the_four_directions() -> None:
    """A bar in one row is found again after a move along it, not across it."""
    bars = np.zeros((2, 5, 5))
    bars[0, 1, 1:4] = bars[1, 3, 1:4] = 1
    net = Template(bars)
    found = accuracy_by_shift(net, bars, np.array([0, 1]), range(3), batch_size=7)
    # Moved by 1 across, no bar overlaps any template: all scores 0, class 0 wins. By 2
    # across, one bar takes the other's place and the other leaves its row.
    assert found == {0: 1.0, 1: (1 + 1 + 0.5 + 0.5) / 4, 2: (1 + 1 + 0 + 0.5) / 4}
    assert net.batch_sizes == [7, 7, 7]


def test_a_net_that_counts_pixels_does_not_mind_a_shift() -> None:
    images = np.zeros((2, 9, 9, 1))
    images[0, 4, 4] = images[1, 4, 3:6] = 1

    class Counter:
        def predict(self, x: Any, *, batch_size: int, verbose: int) -> Any:
            count = x.sum(axis=(1, 2, 3))
            return np.stack([2 - count, count - 2], axis=1)

    found = accuracy_by_shift(Counter(), images, [0, 1], [0, 1, 2, 3])
    assert found == {0: 1.0, 1: 1.0, 2: 1.0, 3: 1.0}


@pytest.mark.parametrize(
    ("y", "shifts", "message"),
    [
        ([0], [0], r"one class number per image, shape \(2,\); got shape \(1,\)"),
        ([0.0, 1.0], [0], "dtype float64"),
        ([[1, 0], [0, 1]], [0], r"got shape \(2, 2\)"),
        ([0, 1], [-1], "All four directions are tried"),
        ([0, 1], [1.5], "at least 0; got 1.5"),
        ([0, 1], [5], "between -4 and 4"),
    ],
)
def test_labels_and_shifts_that_make_no_sense_are_refused(
    y: Any, shifts: Any, message: str
) -> None:
    images = np.zeros((2, 5, 5))
    with pytest.raises(CourseError, match=message):
        accuracy_by_shift(Template(images), images, y, shifts)


def test_a_net_with_a_single_output_is_refused() -> None:
    images = np.zeros((2, 5, 5))
    with pytest.raises(CourseError, match=r"\(2, classes\); it gives shape \(2, 1\)"):
        accuracy_by_shift(Template(images[:1]), images, [0, 1], [0])


def test_importing_the_probes_does_not_import_keras() -> None:
    code = "import sys, course_utils.probes; print('keras' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert shown.stdout == "False\n", shown.stderr
