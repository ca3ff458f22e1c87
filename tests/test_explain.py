"""What a net looks at, on nets whose answer is known by construction."""

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from numpy.typing import NDArray

from course_utils import explain
from course_utils.conv import InvalidInput

RNG = np.random.default_rng(0)
IMAGES = RNG.random((3, 6, 8, 2), dtype=np.float32)
WEIGHTS = RNG.normal(size=(6 * 8 * 2, 4)).astype(np.float32)


def linear(head: str | None = None) -> keras.Model:
    """Each logit is a weighted sum of the pixels."""
    net = keras.Sequential(
        [keras.Input((6, 8, 2)), layers.Flatten(), layers.Dense(4, activation=head)]
    )
    net.layers[-1].set_weights([WEIGHTS, np.arange(4.0)])
    return net


def two_maps() -> keras.Model:
    """Map 0 is channel 0, map 1 is channel 1; a logit is a sum of their means."""
    net = keras.Sequential(
        [
            keras.Input((6, 8, 2)),
            layers.AveragePooling2D(2, name="before"),
            layers.Conv2D(2, 1, use_bias=False, name="maps"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, use_bias=False),
        ]
    )
    net.get_layer("maps").set_weights([np.eye(2)[None, None]])
    net.layers[-1].set_weights([np.array([[2.0, -1.0, 0.0], [0.5, 3.0, 0.0]])])
    return net


def corner(value: float = 1.0) -> keras.Model:
    """Logit 1 is the sum over the upper left 2×2 pixels, logit 0 is 0."""
    weights = np.zeros((6, 8, 2, 2), dtype=np.float32)
    weights[:2, :2, :, 1] = value
    net = keras.Sequential([keras.Input((6, 8, 2)), layers.Flatten(), layers.Dense(2)])
    net.layers[-1].set_weights([weights.reshape(-1, 2), np.zeros(2)])
    return net


def restless() -> keras.Model:
    """A functional net full of layers that behave otherwise in training."""
    inputs = keras.Input((6, 8, 2))
    x = layers.RandomTranslation(0.3, 0.3)(inputs)
    x = layers.Conv2D(3, 3, name="maps")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Dropout(0.5)(layers.Flatten()(x))
    return keras.Model(inputs, layers.Dense(4)(x))


def test_feature_maps_are_the_outputs_of_the_layer() -> None:
    found = explain.feature_maps(two_maps(), IMAGES, "before")
    expected = IMAGES.reshape(3, 3, 2, 4, 2, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_more_images_than_fit_into_a_batch_keep_their_order() -> None:
    many = RNG.random((2 * explain.BATCH + 3, 6, 8, 2), dtype=np.float32)
    found = explain.feature_maps(two_maps(), many, "maps")
    last = explain.feature_maps(two_maps(), many[-1:], "maps")
    np.testing.assert_allclose(found[-1:], last)


def test_saliency_of_a_linear_net_is_its_largest_weight_at_each_pixel() -> None:
    found = explain.saliency(linear(), IMAGES, [3, 0, 1])
    by_class = np.abs(WEIGHTS).reshape(6, 8, 2, 4).max(axis=2)
    np.testing.assert_allclose(found, by_class.transpose(2, 0, 1)[[3, 0, 1]], rtol=1e-5)


def test_the_class_is_the_predicted_one_unless_told() -> None:
    predicted = linear().predict(IMAGES, verbose=0).argmax(axis=1)
    told = explain.saliency(linear(), IMAGES, predicted)
    np.testing.assert_array_equal(explain.saliency(linear(), IMAGES), told)


def test_noise_changes_nothing_for_a_linear_net() -> None:
    smooth = explain.smooth_grad(linear(), IMAGES, [0, 1, 2], samples=4)
    plain = explain.saliency(linear(), IMAGES, [0, 1, 2])
    np.testing.assert_allclose(smooth, plain, rtol=1e-4)


def test_noise_smooths_a_kink() -> None:
    """ReLU at its kink has slope 0 or 1; over noise, about half of it."""
    net = keras.Sequential(
        [keras.Input((1, 2, 1)), layers.ReLU(), layers.Flatten(), layers.Dense(1)]
    )
    net.layers[-1].set_weights([np.ones((2, 1)), np.zeros(1)])
    image = np.array([0.0, 1.0]).reshape(1, 1, 2, 1)
    smooth = explain.smooth_grad(net, image, samples=400)
    np.testing.assert_allclose(smooth, [[[0.5, 1.0]]], atol=0.08)


def test_grad_cam_adds_up_the_maps_by_what_they_are_worth_to_the_class() -> None:
    maps = IMAGES.reshape(3, 3, 2, 4, 2, 2).mean(axis=(2, 4))
    worth = np.array([[2.0, 0.5], [-1.0, 3.0], [0.0, 0.0]]) / 12  # 3×4 places
    expected = np.maximum(np.einsum("nhwc,nc->nhw", maps, worth), 0)
    found = explain.grad_cam(two_maps(), IMAGES, "maps", [0, 1, 2])
    assert found.shape == (3, 6, 8)
    resized = keras.ops.image.resize(expected[..., None], (6, 8))[..., 0]
    np.testing.assert_allclose(found, resized, rtol=1e-4, atol=1e-6)


def test_grad_cam_sees_through_frozen_layers() -> None:
    net = two_maps()
    free = explain.grad_cam(net, IMAGES, "maps")
    net.trainable = False
    np.testing.assert_array_equal(explain.grad_cam(net, IMAGES, "maps"), free)


def test_hiding_the_corner_costs_what_the_corner_gave() -> None:
    found = explain.occlusion(corner(), IMAGES, [1, 1, 1], size=2, stride=2, grey=0)
    expected = np.zeros((3, 6, 8))
    expected[:, :2, :2] = IMAGES[:, :2, :2].sum(axis=(1, 2, 3))[:, None, None]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_what_speaks_against_a_class_has_negative_occlusion() -> None:
    found = explain.occlusion(corner(-1.0), IMAGES, [1, 1, 1], size=2, stride=2, grey=0)
    assert np.all(found[:, :2, :2] < 0)


def test_every_pixel_is_hidden_where_the_steps_do_not_fit() -> None:
    assert np.isfinite(explain.occlusion(linear(), IMAGES, size=3, stride=2)).all()


def test_the_favourite_picture_of_an_edge_filter_is_an_edge() -> None:
    net = keras.Sequential(
        [keras.Input((3, 3, 1)), layers.Conv2D(1, 3, use_bias=False, name="edge")]
    )
    net.layers[0].set_weights([np.array([[-1.0, 0, 1]] * 3)[..., None, None]])
    picture = explain.favourite_picture(net, "edge", 0, steps=60)
    np.testing.assert_allclose(picture[:, 0], 0, atol=1e-6)
    np.testing.assert_allclose(picture[:, 2], 1, atol=1e-6)


@pytest.mark.parametrize("head", ["softmax", "layer"])
def test_a_softmax_at_the_end_is_looked_through(head: str) -> None:
    if head == "layer":
        net = keras.Sequential([linear(), layers.Softmax()])
    else:
        net = linear("softmax")
    for way in (explain.saliency, explain.occlusion):
        how: dict[str, Any] = {"size": 3} if way is explain.occlusion else {}
        how |= {"stride": 3} if how else {}
        np.testing.assert_allclose(
            way(net, IMAGES, [0, 1, 2], **how),
            way(linear(), IMAGES, [0, 1, 2], **how),
            rtol=1e-4,
            atol=1e-5,
        )


def maps_of(net: keras.Model) -> list[NDArray[np.float32]]:
    return [
        explain.feature_maps(net, IMAGES, "maps"),
        explain.saliency(net, IMAGES, [0, 1, 2]),
        explain.grad_cam(net, IMAGES, "maps", [0, 1, 2]),
        explain.occlusion(net, IMAGES, [0, 1, 2], size=3, stride=3),
    ]


def test_dropout_batch_norm_and_augmentation_stand_still() -> None:
    net = restless()
    before = [weight.copy() for weight in net.get_weights()]
    for once, again in zip(maps_of(net), maps_of(net), strict=True):
        np.testing.assert_array_equal(once, again)
    for weight, now in zip(before, net.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, now)


def test_a_net_with_random_weights_is_another_and_leaves_the_first_alone() -> None:
    net = restless()
    kept = net.get_layer("maps").get_weights()[0]
    twin = explain.with_random_weights(net, seed=1)
    again = explain.with_random_weights(net, seed=1)
    weights = twin.get_layer("maps").get_weights()[0]
    assert np.any(weights != kept)
    np.testing.assert_array_equal(again.get_layer("maps").get_weights()[0], weights)
    np.testing.assert_array_equal(net.get_layer("maps").get_weights()[0], kept)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: explain.saliency(linear(), IMAGES[0]), r"needs images\[None\]"),
        (lambda: explain.saliency(linear(), IMAGES[:, :5]), "takes images of shape"),
        (lambda: explain.saliency(linear(), IMAGES, [0, 1]), "from 0 to 3 per image"),
        (lambda: explain.saliency(linear(), IMAGES, [0, 1, 4]), "from 0 to 3"),
        (lambda: explain.saliency(linear(), IMAGES, [0.0, 1, 2]), "from 0 to 3"),
        (
            lambda: explain.feature_maps(two_maps(), IMAGES, "x"),
            "are before, maps",
        ),
        (
            lambda: explain.grad_cam(linear(), IMAGES, "flatten"),
            "needs a layer|no layer",
        ),
        (lambda: explain.occlusion(linear(), IMAGES, size=9), "stride ≤ size ≤ 6"),
        (lambda: explain.smooth_grad(linear(), IMAGES, samples=0), "at least 1"),
        (lambda: explain.favourite_picture(two_maps(), "maps", 2), "channels 0 to 1"),
        (lambda: explain.saliency(keras.Model(), IMAGES), "Sequential or functional"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(call: Any, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        call()
