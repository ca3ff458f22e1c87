"""Keras objects cross as configuration and weights, built of Keras' own parts alone."""

import json
from typing import Any

import keras
import numpy as np
import pytest

from course_utils.grading.engine import bridge, bridge_keras
from course_utils.grading.engine.bridge import BridgeError, Decoder
from course_utils.grading.engine.proxies import Link, RemoteNet
from course_utils.grading.engine.remote import Server


def fetched(value: Any) -> tuple[Any, Link]:
    """The value as a test gets it, and the link that it came by."""
    link = Link(Server({"value": value}).answer, 1 << 30)
    return link.fetch(["value"])["value"], link


def small() -> Any:
    """A net with a stage of each kind that lessons use."""
    layers = keras.layers
    net = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Rescaling(1 / 255),
            layers.RandomFlip("horizontal"),
            layers.Conv2D(4, 3, activation="relu", kernel_regularizer="l2"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Dropout(0.5),
            layers.Flatten(),
            layers.Dense(3, name="logits"),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(keras.optimizers.Adam(0.003), loss, metrics=["accuracy"])
    return net


def test_a_model_is_built_again() -> None:
    """Layers, weights, loss and optimizer; and it predicts the same."""
    net = small()
    built, link = fetched(net)
    x = np.random.default_rng(0).random((5, 8, 8, 1), np.float32)

    assert built is not net
    assert [type(a) for a in built.layers] == [type(a) for a in net.layers]
    assert built.count_params() == net.count_params()
    assert np.allclose(built.predict(x, verbose=0), net.predict(x, verbose=0))
    assert built.loss.from_logits
    assert float(built.optimizer.learning_rate) == pytest.approx(0.003)
    assert not link.flags


def test_functional_and_nested_models_are_built_again() -> None:
    """With two branches and a model inside."""
    inputs = keras.Input((8, 8, 1))
    inner = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten()])
    left, right = inner(inputs), keras.layers.Flatten()(inputs)
    both = keras.layers.Concatenate()([left, right])
    net = keras.Model(inputs, keras.layers.Dense(2)(both))
    built, _ = fetched(net)

    assert np.allclose(built.get_weights()[0], net.get_weights()[0])
    assert isinstance(built.layers[1], keras.Sequential)


def test_layers_optimizers_and_losses_cross_too() -> None:
    """A test may look at one of them alone."""
    layer = keras.layers.Conv2D(5, 3)
    layer.build((None, 8, 8, 2))
    built, _ = fetched(
        [
            layer,
            keras.optimizers.SGD(0.1),
            keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
        ]
    )

    assert np.array_equal(built[0].get_weights()[0], layer.get_weights()[0])
    assert float(built[1].learning_rate) == pytest.approx(0.1)
    assert built[2].get_config()["label_smoothing"] == 0.1


def test_a_history_crosses_with_its_curves() -> None:
    """As what `fit` returns."""
    history = keras.callbacks.History()
    history.history, history.epoch = {"loss": [2.0, 1.0]}, [0, 1]
    built, _ = fetched(history)

    assert isinstance(built, keras.callbacks.History)
    assert (built.history, built.epoch) == ({"loss": [2.0, 1.0]}, [0, 1])


def test_tensors_and_variables_cross_as_tensors() -> None:
    """A test may call `.numpy()`."""
    built, _ = fetched([keras.ops.ones((2, 3)), keras.Variable([1.0, 2.0])])

    assert built[0].numpy().tolist() == [[1, 1, 1], [1, 1, 1]]
    assert built[1].numpy().tolist() == [1, 2]


class Twice(keras.layers.Layer):
    """A layer of the student's own."""

    def call(self, x: Any) -> Any:
        """Return twice the input."""
        return 2 * x


def own_nets() -> list[Any]:
    """Models that have parts which are not Keras' own."""
    layers = keras.layers

    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(3)

        def call(self, x: Any) -> Any:
            return self.dense(x)

    subclassed = Net()
    subclassed(np.zeros((1, 4)))
    shape = keras.Input((4,))
    own = keras.Sequential([shape, Twice(), layers.Dense(3)])
    code = keras.Sequential([shape, layers.Lambda(lambda x: x), layers.Dense(3)])

    def relu(x: Any) -> Any:
        return -x

    activation = keras.Sequential([shape, layers.Dense(3, activation=relu)])
    return [subclassed, own, code, activation]


@pytest.mark.parametrize("nth", range(4))
def test_a_model_with_parts_of_its_own_predicts_from_afar(nth: int) -> None:
    """It can be called and counted, and the instructor is told."""
    net = own_nets()[nth]
    remote, link = fetched(net)
    x = np.ones((2, 4), np.float32)

    assert isinstance(remote, RemoteNet)
    assert np.allclose(remote.predict(x, verbose=0), net.predict(x, verbose=0))
    assert remote(x).shape == (2, 3)
    assert remote.count_params() == 15
    assert link.flags == {"custom_model"}


def test_a_model_of_the_tests_own_can_be_handed_over() -> None:
    """And what the answer's training does to it comes back."""

    def train(net: Any) -> None:
        net.set_weights([weight * 0 for weight in net.get_weights()])

    remote, _ = fetched(train)
    net = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    remote(net)

    assert not net.get_weights()[0].any()


def test_a_net_with_operations_among_its_layers_is_built_again() -> None:
    """As `keras.ops.relu(x)` in a functional net."""
    inputs = keras.Input((4, 4, 1))
    x = keras.ops.relu(keras.layers.Conv2D(2, 3)(inputs))
    x = keras.activations.relu(keras.ops.reshape(x, (-1, 8)), max_value=0.5)
    net = keras.Model(inputs, keras.ops.softmax(keras.layers.Dense(3)(x)))
    built, link = fetched(net)
    x = np.random.default_rng(0).random((5, 4, 4, 1), np.float32)

    assert np.allclose(built.predict(x, verbose=0), net.predict(x, verbose=0))
    assert not link.flags


def test_the_layers_of_a_subclassed_net_can_be_seen() -> None:
    """In the order of its `call`, with its weights, whether it has been used or not."""
    for net in (own_nets()[0], type(own_nets()[0])()):
        remote, _ = fetched(net)
        seen = remote.functional((4,))
        assert isinstance(seen, keras.Model)
        assert [layer.name for layer in seen.layers[1:]] == [net.dense.name]
        assert np.array_equal(seen.get_weights()[0], net.get_weights()[0])


def test_layers_of_the_students_own_stay_where_they_are() -> None:
    """The checker sees that they are there, and nothing of what they do."""
    inner = own_nets()[1]

    class Net(keras.Model):
        def call(self, x: Any) -> Any:
            return inner(x)

    remote, link = fetched(Net())
    assert isinstance(remote.functional((4,)), RemoteNet)
    assert link.flags == {"custom_model"}


def test_a_call_that_cannot_be_followed_raises_what_the_answer_raised() -> None:
    """A test can quote it."""

    class Net(keras.Model):
        def call(self, x: Any) -> Any:
            raise KeyError("no such layer")

    remote, _ = fetched(Net())
    with pytest.raises(KeyError, match="no such layer"):
        remote.functional((4,))


@pytest.mark.parametrize("reply", [["ok"], ["ok", 1, 2], ["ok", ["keras", 7, [], 0]]])
def test_a_kernel_that_says_something_else_is_found_out(reply: list[Any]) -> None:
    """In place of the layers."""
    remote, link = fetched(own_nets()[0])
    link._ask = lambda packet: bridge.pack(reply, [])
    with pytest.raises(BridgeError):
        remote.functional((4,))


def compiled(loss: Any, metrics: list[Any]) -> Any:
    """A net that was compiled so, as a test gets it."""
    net = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    net.compile("adam", loss, metrics=metrics)
    built, _ = fetched(net)
    return built


def test_a_loss_given_as_keras_own_function_crosses_by_its_name() -> None:
    """Like one given by its name."""
    function = keras.losses.sparse_categorical_crossentropy
    built = compiled(function, ["accuracy"])
    assert built.get_compile_config()["loss"] == "sparse_categorical_crossentropy"


def test_a_metric_of_the_students_own_does_not_hide_the_loss() -> None:
    """Only the metrics stay behind."""

    def sparse_categorical_crossentropy(y: Any, p: Any) -> Any:
        return 0 * p

    built = compiled("mse", [sparse_categorical_crossentropy])
    assert built.compiled
    assert built.get_compile_config()["loss"] == "mse"
    assert not compiled(sparse_categorical_crossentropy, []).compiled


# What a student's kernel could send instead.

DENSE = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 1}}
HOSTILE = [
    {"module": "keras.utils", "class_name": "get_file", "config": "http://evil"},
    {"module": "builtins", "class_name": "function", "config": "eval"},
    {"module": "os", "class_name": "system", "config": {"command": "true"}},
    {"module": "builtins", "class_name": "exec", "config": {}},
    {"module": "keras.layers", "class_name": "Lambda", "config": {"function": "x"}},
    {"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "/"}},
    {"module": "keras.layers", "class_name": "StringLookup", "config": {}},
    {"module": "keras.layers", "class_name": "TextVectorization", "config": {}},
    {"module": "keras.src.models.cloning", "class_name": "clone_model", "config": {}},
    {"module": "keras.saving", "class_name": "load_model", "config": {"a": "b"}},
    {"module": "keras.src.ops.nn", "class_name": "Map", "config": {"f": "x"}},
    {"module": "keras.src.ops.numpy", "class_name": "Vectorize", "config": {}},
    {**DENSE, "registered_name": "os>system"},
    {**DENSE, "module": "keras.layers.os"},
    {**DENSE, "class_name": ["Dense"]},
    {"class_name": "Dense", "config": {"units": 1}},
    {"class_name": "__lambda__", "config": {"value": "x"}},
    {"class_name": "__typespec__", "spec_name": "x", "module": "os", "config": {}},
    {"class_name": "Dense"},
]


def _inside(part: dict[str, Any]) -> list[dict[str, Any]]:
    """A configuration at every place where Keras would look for one."""
    dense = {"units": 1, "activation": part}
    layer = {"module": "keras.layers", "class_name": "Dense", "config": dense}
    layers = {"layers": [layer]}
    model = {"module": "keras", "class_name": "Sequential", "config": layers}
    compiled = {"optimizer": "adam", "loss": part}
    return [part, layer, model, {**DENSE, "compile_config": compiled}]


@pytest.mark.parametrize("part", HOSTILE)
def test_a_configuration_with_foreign_parts_is_refused(part: dict[str, Any]) -> None:
    """Wherever in it they stand."""
    for config in _inside(part):
        with pytest.raises(BridgeError):
            _decoded(json.dumps(config).encode(), ["list", []])


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"3", b"[]", b"{}", b"[" * 100_000, json.dumps(DENSE).encode() * 2],
)
def test_a_configuration_that_is_none_is_refused(content: bytes) -> None:
    """With one kind of error."""
    with pytest.raises(BridgeError):
        _decoded(content, [])


def test_weights_that_do_not_fit_are_refused() -> None:
    """Keras' own complaint does not reach a test's `except`."""
    with pytest.raises(BridgeError):
        _decoded(json.dumps(DENSE).encode(), [3, "x"])


def _decoded(content: bytes, weights: Any) -> Any:
    packet = bridge.pack(["keras", 0, weights, None], [content])
    tree, blobs = bridge.unpack(packet)
    try:
        return Decoder(blobs, lambda node: None).decode(tree)
    finally:
        bridge_keras.forget()
