"""The nets of the lessons have the sizes, heads and layers that the book states."""

from collections.abc import Callable

import keras
import numpy as np
import pytest

from course_utils import models
from course_utils.errors import CourseError

MNIST, CIFAR, PHOTO = (28, 28, 1), (32, 32, 3), (64, 64, 3)

# (net, input shape, outputs, parameters, those not trained)
NETS = [
    (models.mlp, MNIST, 10, 79_510, 0),
    (models.single_conv, MNIST, 10, 52_084, 0),
    (models.pyramid, MNIST, 10, 8_490, 0),
    (models.dropout_pyramid, MNIST, 10, 34_826, 0),
    (models.lenet, CIFAR, 10, 62_006, 0),
    (models.regularised_net, MNIST, 10, 468_586, 384),
    (models.stripped_net, MNIST, 10, 467_818, 0),
    (models.cats_dogs_net, PHOTO, 1, 242_017, 704),
]
SOFTMAX_NETS = [models.regularised_net, models.stripped_net]
LOGIT_NETS = [net for net, *_ in NETS if net not in SOFTMAX_NETS]

Net = Callable[[], keras.Sequential]


def size(weights: list[keras.Variable]) -> int:
    return sum(int(np.prod(weight.shape)) for weight in weights)


def convs(net: keras.Sequential) -> list[keras.layers.Conv2D]:
    return [layer for layer in net.layers if isinstance(layer, keras.layers.Conv2D)]


def kinds(net: keras.Sequential) -> list[str]:
    return [type(layer).__name__ for layer in net.layers]


@pytest.mark.parametrize(("make", "shape", "outputs", "count", "frozen"), NETS)
def test_a_net_has_the_parameters_and_shapes_that_the_book_states(
    make: Net, shape: tuple[int, ...], outputs: int, count: int, frozen: int
) -> None:
    net = make()
    assert net.input_shape == (None, *shape)
    assert net.output_shape == (None, outputs)
    assert net.count_params() == count
    moving = [w for w in net.non_trainable_weights if "moving" in w.path]
    assert size(moving) == frozen
    assert size(net.trainable_weights) == count - frozen


@pytest.mark.parametrize(
    ("make", "where"),
    [
        (models.mlp, {"hidden": 78_500, "logits": 1_010}),
        (models.single_conv, {"conv": 234, "logits": 51_850}),
        (models.pyramid, {"conv_1": 260, "conv_2": 5_020, "logits": 3_210}),
        (models.dropout_pyramid, {"conv_1": 320, "conv_2": 18_496, "logits": 16_010}),
        (
            models.lenet,
            {
                "conv_1": 456,
                "conv_2": 2_416,
                "dense_1": 48_120,
                "dense_2": 10_164,
                "logits": 850,
            },
        ),
        (
            models.regularised_net,
            {
                "conv_1a": 320,
                "norm_1a": 128,
                "conv_1b": 9_248,
                "norm_1b": 128,
                "conv_2a": 18_496,
                "norm_2a": 256,
                "conv_2b": 36_928,
                "norm_2b": 256,
                "dense": 401_536,
                "probabilities": 1_290,
            },
        ),
        (
            models.cats_dogs_net,
            {
                "conv_1": 864,
                "norm_1": 128,
                "conv_2": 18_432,
                "norm_2": 256,
                "conv_3": 73_728,
                "norm_3": 512,
                "conv_4": 147_456,
                "norm_4": 512,
                "logit": 129,
            },
        ),
    ],
)
def test_the_parameters_sit_where_the_docstring_says(
    make: Net, where: dict[str, int]
) -> None:
    net = make()
    counts = {layer.name: layer.count_params() for layer in net.layers}
    assert {name: count for name, count in counts.items() if count} == where


@pytest.mark.parametrize("make", LOGIT_NETS)
def test_a_net_ends_in_logits(make: Net) -> None:
    """Nothing squashes the last sums: turning the head's weights turns their sign."""
    net = make()
    head = net.layers[-1]
    assert head.activation is keras.activations.linear
    noise = np.random.default_rng(0).random((8, *net.input_shape[1:]))
    before = net.predict(noise, verbose=0)
    head.set_weights([-weight for weight in head.get_weights()])
    assert np.any(before)
    np.testing.assert_allclose(net.predict(noise, verbose=0), -before, atol=1e-6)


@pytest.mark.parametrize("make", SOFTMAX_NETS)
def test_the_nets_for_one_hot_labels_end_in_probabilities(make: Net) -> None:
    net = make()
    rows = net.predict(np.random.default_rng(0).random((8, 28, 28, 1)), verbose=0)
    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-5)
    assert rows.min() >= 0


def test_the_stages_of_a_pyramid_shrink_and_deepen() -> None:
    shapes = [layer.output.shape[1:] for layer in models.pyramid().layers[:4]]
    assert shapes == [(24, 24, 10), (12, 12, 10), (8, 8, 20), (4, 4, 20)]


def test_lenet_has_the_stages_of_lenet() -> None:
    net = models.lenet()
    shapes = [layer.output.shape[1:] for layer in net.layers[:4]]
    assert shapes == [(28, 28, 6), (14, 14, 6), (10, 10, 16), (5, 5, 16)]
    assert [layer.units for layer in net.layers[5:]] == [120, 84, 10]


def test_dropout_comes_right_before_the_head_of_the_dropout_pyramid() -> None:
    net = models.dropout_pyramid()
    assert kinds(net) == [
        *["Conv2D", "MaxPooling2D"] * 2,
        *["Flatten", "Dropout", "Dense"],
    ]
    assert net.get_layer("dropout").rate == 0.5


def test_the_regularised_net_normalises_before_its_activations() -> None:
    net = models.regularised_net()
    block = ["Conv2D", "BatchNormalization", "ReLU"]
    stage = [*block, *block, "MaxPooling2D", "Dropout"]
    assert kinds(net) == [*stage, *stage, "Flatten", "Dense", "Dropout", "Dense"]
    rates = [
        layer.rate for layer in net.layers if isinstance(layer, keras.layers.Dropout)
    ]
    assert rates == [0.25, 0.30, 0.40]
    assert all(layer.activation is keras.activations.linear for layer in convs(net))


def test_the_stripped_net_is_the_regularised_one_without_its_helps() -> None:
    helps = {"BatchNormalization", "Dropout"}
    rest = [kind for kind in kinds(models.regularised_net()) if kind not in helps]
    assert kinds(models.stripped_net()) == rest


def test_the_cats_and_dogs_net_halves_its_pictures_four_times() -> None:
    net = models.cats_dogs_net(128)
    pools = [layer for layer in net.layers if layer.name.startswith("pool")]
    assert [pool.output.shape[1:] for pool in pools] == [
        (64, 64, 32),
        (32, 32, 64),
        (16, 16, 128),
        (8, 8, 128),
    ]
    assert net.get_layer("global_pool").output.shape == (None, 128)


def test_no_layer_bears_a_name_that_keras_numbered() -> None:
    """A second net in the same session has the same layer names."""
    for make, *_ in NETS:
        first, second = make(), make()
        assert [a.name for a in first.layers] == [b.name for b in second.layers]
        assert first.name == second.name == make.__name__


@pytest.mark.parametrize("make", [net for net, *_ in NETS])
def test_a_seed_makes_the_same_net_again(make: Net) -> None:
    nets = []
    for seed in (3, 3, 4):
        keras.utils.set_random_seed(seed)
        nets.append(np.concatenate([w.ravel() for w in make().get_weights()]))
    np.testing.assert_array_equal(nets[0], nets[1])
    assert np.any(nets[0] != nets[2])


@pytest.mark.parametrize("make", [net for net, *_ in NETS])
def test_a_net_comes_uncompiled(make: Net) -> None:
    assert not make().compiled


def test_the_hidden_layer_of_the_mlp_can_match_another_net() -> None:
    assert models.mlp(hidden=65).count_params() == 51_685


def test_a_picture_too_small_for_four_poolings_is_refused() -> None:
    with pytest.raises(CourseError, match="Pictures of 15 pixels are too small"):
        models.cats_dogs_net(15)


def test_a_net_learns() -> None:
    """Every parameter gets a gradient, and a few steps lower the loss."""
    keras.utils.set_random_seed(0)
    x, y = np.random.default_rng(0).random((20, 28, 28, 1)), np.arange(20) % 10
    net = models.pyramid()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(keras.optimizers.Adam(3e-3), loss)
    before = net.evaluate(x, y, verbose=0)
    assert before == pytest.approx(np.log(10), abs=0.2)
    start = [w.copy() for w in net.get_weights()]
    net.fit(x, y, epochs=60, verbose=0)
    assert net.evaluate(x, y, verbose=0) < 0.5 * before
    assert all(np.any(a != b) for a, b in zip(start, net.get_weights(), strict=True))
