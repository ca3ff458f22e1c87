"""Mixup, cutout and cutmix: every label weighs what is left of its picture."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from course_utils import augmentation
from course_utils.augmentation import Augmented
from course_utils.errors import CourseError

CASES = 30


@pytest.fixture(scope="module")
def keras() -> Any:
    """Keras, imported only where a test compares with it."""
    import keras

    return keras


def batch(seed: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Noise pictures of a random size, of which no two pixels are alike, and labels."""
    rng = np.random.default_rng(seed)
    n, height, width = rng.integers(2, 12, 3)
    images = rng.random((n, height, width, 3), dtype=np.float32)
    return images, np.eye(4, dtype=np.float32)[rng.integers(4, size=n)]


def numbered(n: int, height: int, width: int) -> tuple[Any, Any]:
    """Pictures whose every pixel is the picture's number, each a class of its own."""
    number = np.arange(n, dtype=np.uint8)
    images = np.broadcast_to(number[:, None, None, None], (n, height, width, 2))
    return images, np.eye(n)


# --- What Keras's layers do with the same draws ---------------------------------------


def test_mixup_agrees_with_keras_given_its_weights_and_partners(keras: Any) -> None:
    layer = keras.layers.MixUp(alpha=0.4, seed=0)
    for case in range(CASES):
        images, labels = batch(case)
        drawn = layer.get_random_transformation({"images": images, "labels": labels})
        order, weight = (
            np.asarray(drawn[name]) for name in ("permutation_order", "mix_weight")
        )
        found = augmentation.blend(images, labels, order, weight)
        by_keras = layer.transform_images(images, drawn)
        np.testing.assert_allclose(found.images, by_keras, atol=1e-5)
        by_keras = layer.transform_labels(labels, drawn)
        np.testing.assert_allclose(found.labels, by_keras, atol=1e-5)


def test_mixup_draws_its_weights_as_keras_does(keras: Any) -> None:
    images, labels = np.zeros((4000, 1, 1, 1)), np.ones((4000, 1))
    layer = keras.layers.MixUp(alpha=0.3, seed=0)
    drawn = layer.get_random_transformation({"images": images, "labels": labels})
    rng = np.random.default_rng(0)
    found = augmentation.mixup(images, labels, rng, alpha=0.3)
    same = stats.ks_2samp(found.weights, np.asarray(drawn["mix_weight"]))
    other = augmentation.mixup(images, labels, rng, alpha=0.5)
    assert same.pvalue > 0.01
    assert stats.ks_2samp(found.weights, other.weights).pvalue < 1e-6


def box_of(mask: NDArray[np.bool_]) -> list[int]:
    """The corners of the box that a mask of shape (h, w) is true in."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return [0, 0, 0, 0]
    return [rows[0], rows[-1] + 1, columns[0], columns[-1] + 1]


def test_cutmix_makes_the_pictures_of_keras_given_its_boxes_and_partners(
    keras: Any,
) -> None:
    layer = keras.layers.CutMix(factor=(1, 1), seed=0)
    for case in range(CASES):
        images, labels = batch(case)
        drawn = layer.get_random_transformation({"images": images, "labels": labels})
        boxes = np.array(
            [box_of(mask) for mask in drawn["batch_masks"].numpy()[..., 0]]
        )
        order = np.asarray(drawn["permutation_order"])
        found = augmentation.paste(images, labels, order, boxes)
        by_keras = layer.transform_images(images, drawn)
        np.testing.assert_array_equal(found.images, by_keras)


def test_cutmix_makes_the_labels_of_keras_from_the_same_weights(keras: Any) -> None:
    layer = keras.layers.CutMix(seed=0)
    for case in range(CASES):
        images, labels = batch(case)
        order = np.random.default_rng(case).permutation(len(images))
        boxes = np.tile([0, 2, 1, 9], (len(images), 1))
        found = augmentation.paste(images, labels, order, boxes)
        weights = found.weights.astype(np.float32)
        drawn = {"permutation_order": order, "mix_weight": weights}
        by_keras = layer.transform_labels(labels, drawn)
        np.testing.assert_allclose(found.labels, by_keras, atol=1e-5)


def test_keras_weighs_the_box_of_cutmix_before_it_is_rounded_to_pixels(
    keras: Any,
) -> None:
    """So its weight is off by up to a row and a column, and ours by nothing."""
    layer = keras.layers.CutMix(factor=(1, 1), seed=0)
    images, labels = np.zeros((500, 8, 8, 1)), np.ones((500, 1))
    drawn = layer.get_random_transformation({"images": images, "labels": labels})
    masks = drawn["batch_masks"].numpy()[..., 0]
    by_keras = np.asarray(drawn["mix_weight"]).ravel()
    boxes = np.array([box_of(mask) for mask in masks])
    order = np.asarray(drawn["permutation_order"])
    found = augmentation.paste(images, labels, order, boxes).weights
    np.testing.assert_allclose(found, 1 - masks.mean(axis=(1, 2)))
    off = np.abs(by_keras - found)
    # A side s of the box covers more than s − 1 and less than s + 1 pixels.
    sides = 8 * np.sqrt(1 - by_keras)
    assert (off < (2 * sides + 1) / 64 + 1e-6).all()
    assert off.max() > 0.05
    assert off.mean() > 0.01


def test_cutout_agrees_with_random_erasing_given_its_boxes(keras: Any) -> None:
    layer = keras.layers.RandomErasing((1, 1), fill_value=0.25, value_range=(0, 1))
    for case in range(CASES):
        images, labels = batch(case)
        drawn = layer.get_random_transformation({"images": images, "labels": labels})
        boxes = np.array(
            [box_of(mask) for mask in drawn["batch_masks"].numpy()[..., 0]]
        )
        found = augmentation.erase(images, labels, boxes, value=0.25)
        by_keras = layer.transform_images(images, drawn)
        np.testing.assert_array_equal(found.images, by_keras)
        np.testing.assert_array_equal(layer.transform_labels(labels, drawn), labels)


def test_random_erasing_with_a_single_factor_leaves_half_of_the_pictures_alone(
    keras: Any,
) -> None:
    images = np.ones((4000, 2, 2, 1), dtype=np.float32)
    for factor, share in ((1.0, 0.5), ((1, 1), 1)):
        layer = keras.layers.RandomErasing(factor, seed=0)
        drawn = layer.get_random_transformation(images)
        assert np.mean(drawn["apply_erasing"]) == pytest.approx(share, abs=0.04)


# --- What is drawn --------------------------------------------------------------------


def test_a_mixed_pixel_and_a_mixed_label_have_the_same_weight() -> None:
    images, labels = numbered(50, 3, 4)
    new = augmentation.mixup(images, labels, np.random.default_rng(0), alpha=1)
    expected = new.labels @ np.arange(50)
    for pixels in new.images.reshape(50, -1).T:
        np.testing.assert_allclose(pixels, expected, rtol=1e-5)
    mixed = (new.labels > 0).sum(axis=1) == 2
    assert mixed.sum() > 40  # A few are their own partners.
    own = np.diag(new.labels)[mixed]
    np.testing.assert_allclose(own, new.weights[mixed], rtol=1e-6)
    assert new.images.dtype == np.float32


@pytest.mark.parametrize("size", [(12, 12), (5, 20), (1, 9)])
def test_a_label_of_cutmix_weighs_the_pixels_that_are_left_of_its_picture(
    size: tuple[int, int],
) -> None:
    images, labels = numbered(200, *size)
    new = augmentation.cutmix(images, labels, np.random.default_rng(0))
    for number, (image, label) in enumerate(zip(new.images, new.labels, strict=True)):
        shares = np.bincount(image.ravel(), minlength=200) / image.size
        np.testing.assert_allclose(label, shares, atol=1e-6)
        if label[number] < 1:
            assert label[number] == pytest.approx(new.weights[number])
    assert new.images.dtype == np.uint8
    assert len(np.unique(new.weights)) > 3


def test_a_box_of_cutmix_is_cut_off_at_the_border_and_weighed_after_that() -> None:
    """Unclipped, the mean of λ would be left; what reaches outside is left as well."""
    images, labels = np.zeros((4000, 32, 32, 1)), np.ones((4000, 1))
    rng, again = np.random.default_rng(0), np.random.default_rng(0)
    weights = augmentation.cutmix(images, labels, rng).weights
    again.permutation(4000)
    drawn = again.beta(1, 1, 4000)
    assert (weights > drawn - 0.07).all()  # Sides are rounded to whole pixels.
    assert (weights > drawn + 0.1).mean() > 0.3
    assert weights.mean() > drawn.mean() + 0.05


def test_boxes_lie_anywhere_as_often_at_the_top_as_at_the_bottom() -> None:
    images, labels = np.ones((8000, 9, 7, 1)), np.ones((8000, 1))
    rng = np.random.default_rng(0)
    new = augmentation.cutout(images, labels, rng, size=3)
    covered = 1 - new.images[..., 0].mean(axis=0)
    # Inside, 9 of 63 middles cover a pixel; at a corner 4 of them.
    assert covered[1:-1, 1:-1] == pytest.approx(np.full((7, 5), 9 / 63), abs=0.02)
    corners = covered[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert corners == pytest.approx(np.full(4, 4 / 63), abs=0.012)


@pytest.mark.parametrize("size", [1, 4, 5])
def test_cutout_covers_a_square_at_most_and_keeps_the_labels(size: int) -> None:
    images, labels = batch(3)
    new = augmentation.cutout(images, labels, np.random.default_rng(0), size=size)
    np.testing.assert_array_equal(new.labels, labels)
    np.testing.assert_array_equal(new.weights, 1)
    for before, after in zip(images, new.images, strict=True):
        mask = (after != before).any(axis=2)
        top, bottom, left, right = box_of(mask)
        assert mask.sum() == (bottom - top) * (right - left) > 0
        assert max(bottom - top, right - left) <= size
        np.testing.assert_array_equal(after[mask], 0)


Draw = Callable[[Any, Any, np.random.Generator], Augmented]

DRAWS: dict[str, Draw] = {
    "mixup": augmentation.mixup,
    "cutmix": augmentation.cutmix,
    "cutout": lambda *given: augmentation.cutout(*given, size=3),
}
every_kind = pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)


@every_kind
def test_one_seed_draws_one_way_and_the_next_call_another(draw: Draw) -> None:
    images, labels = np.random.default_rng(0).random((9, 8, 8, 3)), np.eye(9)
    rng, again = np.random.default_rng(1), np.random.default_rng(1)
    first, second, same = (draw(images, labels, r) for r in (rng, rng, again))
    np.testing.assert_array_equal(first.images, same.images)
    np.testing.assert_array_equal(first.labels, same.labels)
    assert (first.images != second.images).any()


@every_kind
def test_no_input_is_changed_and_every_label_adds_up_to_one(draw: Draw) -> None:
    images, labels = np.random.default_rng(0).random((9, 8, 8, 3)), np.eye(9)
    images_before, labels_before = images.copy(), labels.copy()
    new = draw(images, labels, np.random.default_rng(1))
    np.testing.assert_allclose(new.labels.sum(axis=1), 1)
    for array in new:
        array[:] = 0
    np.testing.assert_array_equal(images, images_before)
    np.testing.assert_array_equal(labels, labels_before)


@every_kind
def test_smoothed_labels_and_a_batch_of_one_are_fine(draw: Draw) -> None:
    images, labels = np.ones((1, 8, 8, 1)), [[0.95, 0.05]]
    new = draw(images, labels, np.random.default_rng(0))
    np.testing.assert_allclose(new.labels, labels)


# --- Inputs that make no sense --------------------------------------------------------

X, Y = np.ones((2, 4, 4, 3)), np.eye(2)
RNG = np.random.default_rng(0)
BOXES = [[0, 1, 0, 1]] * 2


def mixup(images: Any = X, labels: Any = Y, rng: Any = RNG, alpha: Any = 1) -> Any:
    return augmentation.mixup(images, labels, rng, alpha=alpha)


def paste(partners: Any = (1, 0), boxes: Any = BOXES) -> Any:
    return augmentation.paste(X, Y, partners, boxes)


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "one picture": (lambda: mixup(X[0]), r"Images have shape .* got shape \(4, 4, 3\)"),
    "grey pictures": (lambda: mixup(X[..., 0]), r"need images\[\.\.\., None\]"),
    "no pictures": (lambda: mixup(X[:0], Y[:0]), r"got shape \(0, 4, 4, 3\)"),
    "words": (lambda: mixup(X.astype(str)), "hold numbers; got .* dtype <U"),
    "class numbers": (
        lambda: mixup(labels=[0, 1]),
        r"one row for each of 2 pictures; got shape \(2,\).*to_categorical",
    ),
    "a label too few": (lambda: mixup(labels=Y[:1]), r"got shape \(1, 2\)"),
    "logits": (lambda: mixup(labels=3 * Y - 1), "adds up to 1, with nothing below 0"),
    "a seed for a generator": (lambda: mixup(rng=1), r"default_rng\(0\); got 1"),
    "alpha zero": (lambda: mixup(alpha=0), "alpha must be a number above 0; got 0"),
    "alpha of cutmix": (
        lambda: augmentation.cutmix(X, Y, RNG, alpha=-1),
        "alpha must be a number above 0; got -1",
    ),
    "half a pixel": (
        lambda: augmentation.cutout(X, Y, RNG, size=0.5),
        "size must be a whole number of at least 1; got 0.5",
    ),
    "a value that no byte has": (
        lambda: augmentation.cutout(X.astype("u1"), Y, RNG, size=2, value=0.5),
        "Pixels of uint8 cannot have the value 0.5",
    ),
    "a value beyond a byte": (
        lambda: augmentation.erase(X.astype("u1"), Y, BOXES, value=300),
        "Pixels of uint8 cannot have the value 300",
    ),
    "a weight above one": (
        lambda: augmentation.blend(X, Y, [1, 0], [0.5, 1.5]),
        r"weights must hold a number from 0 to 1 .* \(2,\)",
    ),
    "one weight for all": (
        lambda: augmentation.blend(X, Y, [1, 0], 0.5),
        r"for each picture, shape \(2,\); got 0.5",
    ),
    "a partner too far": (lambda: paste([1, 2]), "from 0 to 1; these run from 1 to 2"),
    "half a partner": (lambda: paste([1, 0.5]), "number of a picture for each"),
    "a box for all": (lambda: paste(boxes=[0, 1, 0, 1]), r"\(2, 4\); got shape \(4,\)"),
    "fractions of a pixel": (
        lambda: paste(boxes=np.multiply(BOXES, 0.5)),
        "four whole numbers per picture .* dtype float64",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_input_is_named_in_one_sentence(name: str) -> None:
    call, message = BAD[name]
    with pytest.raises(CourseError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_importing_the_module_does_not_import_keras() -> None:
    code = "import sys, course_utils.augmentation; print('keras' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert shown.stdout == "False\n", shown.stderr
