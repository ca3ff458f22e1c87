"""The table of a net's layers says what Keras, the formulas and the gradients say."""

import re
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from course_utils import anatomy, conv, models
from course_utils.errors import CourseError

COUNTED = [
    models.mlp,
    models.single_conv,
    models.pyramid,
    models.dropout_pyramid,
    models.lenet,
    models.regularised_net,
    models.cats_dogs_net,
]


def net_of(*stack: Any, size: tuple[int, ...] = (32, 30, 2)) -> keras.Sequential:
    return keras.Sequential([keras.Input(size), *stack])


# --- the table ----------------------------------------------------------------------


@pytest.mark.parametrize("make", COUNTED)
def test_shapes_and_parameters_are_those_of_keras(make: Any) -> None:
    net = make()
    table = anatomy.layer_table(net)
    assert [row.name for row in table] == [layer.name for layer in net.layers]
    assert [row.output_shape for row in table] == [
        layer.output.shape[1:] for layer in net.layers
    ]
    assert table.parameters == net.count_params()
    assert sum(row.share for row in table) == pytest.approx(1)


def test_the_dense_layer_of_the_first_cnn_holds_nearly_all_its_parameters() -> None:
    row = anatomy.layer_table(models.single_conv())["logits"]
    assert (row.kind, row.parameters) == ("Dense", 51_850)
    assert row.share == pytest.approx(51_850 / 52_084)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("strides", "dilation"), [((1, 1), (2, 3)), ((2, 3), (1, 1))])
def test_multiply_adds_are_those_of_the_reference(
    padding: Any, strides: tuple[int, int], dilation: tuple[int, int]
) -> None:
    layer = layers.Conv2D(
        7, (3, 5), strides=strides, padding=padding, dilation_rate=dilation
    )
    (row,) = anatomy.layer_table(net_of(layer))
    how: Any = {"strides": strides, "padding": padding, "dilation": dilation}
    assert row.multiply_adds == conv.multiply_adds((32, 30, 2), (3, 5, 2, 7), **how)


def test_a_filter_of_a_grouped_convolution_reads_its_group_only() -> None:
    layer = layers.Conv2D(8, 3, groups=2, padding="same")
    (row,) = anatomy.layer_table(net_of(layer, size=(10, 10, 6)))
    assert row.multiply_adds == 10 * 10 * 8 * (3 * 3 * 3)


def test_a_dense_layer_multiplies_each_weight_once_for_every_place() -> None:
    flat = anatomy.layer_table(net_of(layers.Dense(5), size=(12,)))
    maps = anatomy.layer_table(net_of(layers.Dense(5), size=(4, 3, 12)))
    assert flat.multiply_adds == 12 * 5
    assert maps.multiply_adds == 4 * 3 * 12 * 5


def test_layers_without_dot_products_cost_no_multiply_adds() -> None:
    stack = layers.BatchNormalization(), layers.ReLU(), layers.MaxPooling2D()
    assert anatomy.layer_table(net_of(*stack, layers.Flatten())).multiply_adds == 0


def test_the_text_lists_every_layer_and_the_totals() -> None:
    lines = repr(anatomy.layer_table(models.pyramid())).splitlines()
    assert [line.split()[0] for line in lines] == [
        *("layer", "conv_1", "pool_1", "conv_2", "pool_2", "flatten", "logits"),
        "total",
    ]
    assert lines[3].split() == [
        *("conv_2", "Conv2D", "8×8×20", "5,020", "59.1%", "320,000", "14×14")
    ]
    assert lines[-1].split() == ["total", "8,490", "467,200"]
    assert len({len(line) for line in lines[:-1]}) == 1


def test_the_html_holds_the_same_cells_as_the_text() -> None:
    table = anatomy.layer_table(models.pyramid())
    html = table._repr_html_()
    cells = [re.sub("<[^>]+>", " ", row) for row in html.split("</tr>")]
    assert [row.split() for row in cells if row.split()] == [
        line.split() for line in repr(table).splitlines()
    ]


def test_a_layer_name_cannot_break_the_html() -> None:
    table = anatomy.layer_table(net_of(layers.ReLU(name="a<b>")))
    assert "a&lt;b&gt;" in table._repr_html_()


def test_an_unknown_layer_name_is_answered_with_the_known_ones() -> None:
    table = anatomy.layer_table(models.mlp())
    with pytest.raises(CourseError, match="no layer 'conv'; the layers are flatten"):
        table["conv"]
    with pytest.raises(CourseError, match="the layers are flatten, hidden, logits"):
        anatomy.receptive_field(models.mlp(), "conv")


# --- the receptive field against gradients ------------------------------------------


def reached(net: keras.Model, at: tuple[int, ...]) -> np.ndarray:
    """Which pixels one output value depends on, over many pictures: (rows, columns)."""
    x = tf.Variable(np.random.default_rng(0).normal(size=(300, *net.input_shape[1:])))
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(net(x, training=False)[(slice(None), *at, 0)])
    gradient = np.asarray(tape.gradient(value, x))
    return np.any(gradient != 0, axis=(0, 3))


def extent(pixels: np.ndarray) -> tuple[int, int]:
    rows, columns = (np.flatnonzero(pixels.any(axis=axis)) for axis in (1, 0))
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


STACKS = {
    "one layer": [layers.Conv2D(4, 5)],
    "an uneven filter": [layers.Conv2D(4, (3, 7))],
    "two layers, same": [layers.Conv2D(4, k, padding="same") for k in (3, 5)],
    "uneven strides": [layers.Conv2D(4, 3, strides=(2, 1)), layers.Conv2D(4, 3)],
    "dilation": [layers.Conv2D(4, 3, dilation_rate=2), layers.Conv2D(4, 3)],
    "max pooling": [layers.Conv2D(4, 5), layers.MaxPooling2D(2), layers.Conv2D(4, 5)],
    "overlapping pooling": [layers.AveragePooling2D(3, 2), layers.Conv2D(4, 3)],
    "pointwise layers": [
        *(layers.ZeroPadding2D(1), layers.Conv2D(4, 3), layers.BatchNormalization()),
        *(layers.Activation("tanh"), layers.Dropout(0.5), layers.Conv2D(4, 1)),
        *(layers.Dense(3), layers.MaxPooling2D(2)),
    ],
}


@pytest.mark.parametrize("kind", STACKS)
def test_a_value_depends_on_the_pixels_of_its_receptive_field(kind: str) -> None:
    keras.utils.set_random_seed(0)
    net = net_of(*STACKS[kind])
    middle = tuple(n // 2 for n in net.output_shape[1:3])
    assert anatomy.receptive_field(net) == extent(reached(net, middle))


def test_an_inner_value_of_the_pyramid_sees_what_the_book_says() -> None:
    net = models.pyramid()
    names = ["conv_1", "pool_1", "conv_2", "pool_2"]
    fields = [anatomy.receptive_field(net, name) for name in names]
    assert fields == [(5, 5), (6, 6), (14, 14), (16, 16)]


def test_flatten_makes_no_value_see_more_and_a_dense_layer_makes_it_see_all() -> None:
    net = models.single_conv()
    assert anatomy.receptive_field(net, "flatten") == (5, 5)
    assert anatomy.receptive_field(net, "logits") == "all"
    assert reached(net, ()).all()


@pytest.mark.parametrize(
    "pool", [layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D]
)
def test_global_pooling_sees_all_and_so_does_what_follows(pool: Any) -> None:
    net = net_of(layers.Conv2D(4, 3), pool(), layers.Dense(2), layers.Softmax())
    fields = [row.receptive_field for row in anatomy.layer_table(net)]
    assert fields == [(3, 3), "all", "all", "all"]


# --- which nets ---------------------------------------------------------------------


def test_a_functional_chain_gives_the_table_of_the_same_sequential() -> None:
    inputs = keras.Input((28, 28, 1))
    maps = layers.Conv2D(9, 5, activation="relu", name="conv")(inputs)
    logits = layers.Dense(10, name="logits")(layers.Flatten(name="flatten")(maps))
    net = keras.Model(inputs, logits, name="single_conv")
    assert anatomy.layer_table(net) == anatomy.layer_table(models.single_conv())


def test_a_part_of_a_net_is_listed_by_itself() -> None:
    net = models.pyramid()
    stem = keras.Model(net.inputs, net.get_layer("pool_1").output)
    assert [row.name for row in anatomy.layer_table(stem)] == ["conv_1", "pool_1"]


def test_nets_inside_a_net_are_listed_layer_by_layer() -> None:
    stem = net_of(layers.Conv2D(4, 3, name="inner"), layers.MaxPooling2D(name="pool"))
    net_of(stem, layers.ReLU())  # That it is used elsewhere must not matter.
    net = net_of(stem, layers.Conv2D(2, 3, name="outer"))
    assert [row.name for row in anatomy.layer_table(net)] == ["inner", "pool", "outer"]
    assert anatomy.receptive_field(net) == (8, 8)


def test_a_layer_used_twice_counts_its_parameters_once() -> None:
    again = layers.Conv2D(2, 3, padding="same", name="again")
    inputs = keras.Input((8, 8, 2))
    net = keras.Model(inputs, again(again(inputs)))
    table = anatomy.layer_table(net)
    assert anatomy.receptive_field(net) == (5, 5)
    assert [row.parameters for row in table] == [net.count_params(), 0]


def branching() -> keras.Model:
    inputs = keras.Input((8, 8, 2))
    maps = layers.Conv2D(2, 3, padding="same")(inputs)
    return keras.Model(inputs, layers.Add(name="sum")([inputs, maps]), name="residual")


def two_headed() -> keras.Model:
    inputs = keras.Input((8, 8, 2))
    return keras.Model(inputs, [layers.Flatten()(inputs), layers.ReLU()(inputs)])


class Subclassed(keras.Model):
    """A net that does not say in which order it calls its layers."""


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (branching, "The net residual branches: its layer sum reads 2 inputs"),
        (two_headed, r"branches: it has 1 input\(s\) and 2 output\(s\)"),
        (lambda: keras.Sequential([layers.Dense(1)]), "begin it with keras.Input"),
        (lambda: Subclassed(), "only Sequential and functional models say"),
        (lambda: "net", "A Keras model is needed; got a str"),
        (
            lambda: net_of(layers.Conv2D(1, 3, name="c"), size=(None, None, 1)),
            "The sizes at layer c are not known",
        ),
        (
            lambda: net_of(layers.UpSampling2D(name="up")),
            "not known how far the layer up sees, of the kind UpSampling2D",
        ),
    ],
)
def test_a_net_that_cannot_be_listed_is_refused_with_the_reason(
    make: Any, message: str
) -> None:
    for ask in (anatomy.layer_table, anatomy.receptive_field):
        with pytest.raises(CourseError, match=message):
            ask(make())
