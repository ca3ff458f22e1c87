"""Keras assignments through warm kernels: nets, training, attacks on them."""

from textwrap import dedent

import pytest

from course_utils.grading.engine.grader import grade
from course_utils.grading.engine.verdicts import Verdict
from course_utils.grading.engine.warm import Nursery
from tests.grading.engine.cells import check, context, job, solution

IMPORTS = context("import numpy as np\nimport keras\nfrom keras import layers")
NET = """
net = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Conv2D(4, 3, activation="relu"),
    layers.Flatten(),
    layers.Dense(10),
])
net.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
"""
CHECK_NET = check(
    "net",
    """
    assert net.count_params() == 1490, f"{net.count_params():,} parameters, not 1,490."
    assert net.output_shape == (None, 10), "Ten logits come out."
    x = np.random.default_rng(0).random((4, 8, 8, 1), np.float32)
    assert net.predict(x, verbose=0).shape == (4, 10), "One row for each picture."
    """,
)
DATA = context(
    """
    rng = np.random.default_rng(0)
    x = rng.random((400, 8, 8, 1), np.float32)
    y = (x[:, :4].sum((1, 2, 3)) > x[:, 4:].sum((1, 2, 3))).astype(int)
    """
)
TRAIN = """
keras.utils.set_random_seed(1)
net = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Flatten(),
    layers.Dense(2),
])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
net.compile(keras.optimizers.Adam(0.02), loss, metrics=["accuracy"])
history = net.fit(x, y, epochs=20, batch_size=20, verbose=0)
"""
CHECK_TRAINED = check(
    "trained",
    """
    test_rng = np.random.default_rng(1)
    x_test = test_rng.random((300, 8, 8, 1), np.float32)
    y_test = (x_test[:, :4].sum((1, 2, 3)) > x_test[:, 4:].sum((1, 2, 3))).astype(int)
    accuracy = (net.predict(x_test, verbose=0).argmax(1) == y_test).mean()
    assert accuracy > 0.9, f"{accuracy:.0%} of the test pictures are right."
    assert history.history["loss"][-1] < history.history["loss"][0]
    """,
)


def built(answer: str, nursery: Nursery) -> Verdict:
    """The verdict on a net that is to be built."""
    (verdict,) = grade(
        job(IMPORTS, solution(NET, dedent(answer)), CHECK_NET), nursery
    ).verdicts
    return verdict


def trained(answer: str, nursery: Nursery) -> Verdict:
    """The verdict on a net that is to be trained."""
    cells = IMPORTS, DATA, solution(TRAIN, dedent(answer)), CHECK_TRAINED
    (verdict,) = grade(job(*cells), nursery).verdicts
    return verdict


RIGHT = {
    "sequential": NET,
    "functional": """
        inputs = keras.Input((8, 8, 1))
        x = layers.Conv2D(4, 3)(inputs)
        x = layers.ReLU()(x)
        x = layers.Flatten()(x)
        net = keras.Model(inputs, layers.Dense(10)(x))
    """,
    "layer by layer": """
        net = keras.models.Sequential()
        net.add(keras.Input((8, 8, 1)))
        for layer in (layers.Conv2D(4, (3, 3)), layers.Activation("relu"),
                      layers.Flatten(), layers.Dense(10)):
            net.add(layer)
    """,
    "tensorflow's names": """
        import tensorflow as tf
        net = tf.keras.Sequential([
            tf.keras.layers.Conv2D(4, 3, input_shape=(8, 8, 1), activation=tf.nn.relu),
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(10, activation="softmax"),
        ])
    """,
    "a subclass": """
        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.conv = layers.Conv2D(4, 3, activation="relu")
                self.flat, self.head = layers.Flatten(), layers.Dense(10)
            def call(self, x):
                return self.head(self.flat(self.conv(x)))
        net = Net()
        net(np.zeros((1, 8, 8, 1)))
        net.output_shape_ = (None, 10)
        net.__class__.output_shape = property(lambda self: self.output_shape_)
    """,
    "a lambda layer": """
        net = keras.Sequential([
            keras.Input((8, 8, 1)),
            layers.Lambda(lambda x: x / 1.0),
            layers.Conv2D(4, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(10),
        ])
    """,
}
WRONG = {
    "one filter too many": NET.replace("Conv2D(4", "Conv2D(5"),
    "a picture of the right one": "net = keras.Sequential([layers.Dense(1490)])",
    "an object that says what is asked for": """
        class Net:
            output_shape = (None, 10)
            def count_params(self): return 1490
            def predict(self, x, verbose=0): return np.zeros((3, 10))
        net = Net()
    """,
    "a model that lies about its parameters": """
        class Net(keras.Sequential):
            def count_params(self): return 1490
        net = Net([keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(10)])
    """,
    "a patched Keras": """
        keras.Model.count_params = lambda self: 1490
        keras.Sequential.count_params = lambda self: 1490
        net = keras.Sequential(
            [keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(10)])
    """,
    "a configuration with a call in it": """
        import keras.src.saving.serialization_lib as lib
        def config(obj):
            return {"module": "keras.utils", "class_name": "get_file",
                    "config": {"origin": "file:///etc/passwd"}, "registered_name": None}
        keras.saving.serialize_keras_object = config
        net = keras.Sequential(
            [keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(10)])
    """,
}


@pytest.mark.parametrize("answer", RIGHT.values(), ids=RIGHT.keys())
def test_a_right_net_in_any_style_gets_all_points(
    answer: str, keras_nursery: Nursery
) -> None:
    """Those with parts of their own carry a remark."""
    verdict = built(answer, keras_nursery)

    assert verdict.points == 2, verdict
    own = "class Net" in answer or "Lambda" in answer
    assert verdict.flags == (("custom_model",) if own else ())


@pytest.mark.parametrize("answer", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_net_gets_none_whatever_it_says(
    answer: str, keras_nursery: Nursery
) -> None:
    """And the next one is graded as ever."""
    assert built(answer, keras_nursery).points == 0
    assert built(NET, keras_nursery).points == 2


def test_a_trained_net_is_tested_on_pictures_that_it_has_not_seen(
    keras_nursery: Nursery,
) -> None:
    """Its weights cross, and the checker predicts with them."""
    verdict = trained(TRAIN, keras_nursery)

    assert (verdict.points, verdict.flags) == (2.0, ()), verdict


def test_a_net_that_was_not_trained_fails(keras_nursery: Nursery) -> None:
    """With the message of the test."""
    verdict = trained(TRAIN.replace("epochs=20", "epochs=0"), keras_nursery)

    assert verdict.points == 0


def test_filters_of_one_pixel_that_skip_places_train_on_one_thread(
    keras_nursery: Nursery,
) -> None:
    # TensorFlow's oneDNN operations end the process here.
    answer = """
    net = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(16, 1, strides=2, padding="same"),
        layers.Flatten(),
        layers.Dense(10),
    ])
    net.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    x, y = np.random.random((3000, 28, 28, 1)), np.arange(3000) % 10
    history = net.fit(x.astype("float32"), y, batch_size=64, verbose=0)
    """
    finite = check("finite", "assert np.isfinite(history.history['loss']).all()")
    cells = IMPORTS, solution("net = history = None", dedent(answer)), finite
    (verdict,) = grade(job(*cells), keras_nursery).verdicts
    assert verdict.points == verdict.max_points, verdict


def test_changed_test_pictures_do_not_help(keras_nursery: Nursery) -> None:
    """What the instructor's cells define is the instructor's."""
    lazy = TRAIN.replace("epochs=20", "epochs=1")
    lazy += "\ny_test = net.predict(x, verbose=0).argmax(1)\nx_test = x\ny = y * 0"

    assert trained(lazy, keras_nursery).points == 0
