"""Batch norm, dropout, label smoothing and L2 agree with Keras, in both modes."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from course_utils import regularisation
from course_utils.errors import CourseError

Array = NDArray[np.float64]
CASES = 30


@pytest.fixture(scope="module")
def keras() -> Any:
    """Keras, imported only where a test compares with it."""
    import keras

    return keras


def close(found: Any, expected: Any, case: int) -> None:
    """Compare with Keras in float64: float32 is too coarse where a spread is small."""
    expected = np.asarray(expected)
    assert expected.dtype == np.float64
    np.testing.assert_allclose(
        found, expected, atol=1e-6, rtol=1e-6, err_msg=f"case {case}"
    )


# --- Batch normalisation --------------------------------------------------------------


def features(rng: np.random.Generator, channels: int) -> Array:
    """Maps of a random size, each channel with its own mean and spread."""
    n, height, width = rng.integers(1, 7, 3)
    means, spreads = rng.normal(0, 2, channels), rng.uniform(0.01, 3, channels)
    return rng.normal(means, spreads, (n, height, width, channels))


def test_batch_norm_agrees_with_keras_over_several_batches(keras: Any) -> None:
    for case in range(CASES):
        rng = np.random.default_rng(case)
        channels = int(rng.integers(1, 6))
        numbers = {
            "momentum": float(rng.choice([0.99, 0.9, 0.5])),
            "epsilon": float(rng.choice([1e-3, 1e-5])),
        }
        layer = keras.layers.BatchNormalization(**numbers, dtype="float64")
        layer.build((None, None, None, channels))
        gamma, beta = rng.normal(1, 0.5, channels), rng.normal(0, 1, channels)
        mean, variance = np.zeros(channels), np.ones(channels)
        layer.set_weights([gamma, beta, mean, variance])
        for _ in range(5):
            x = features(rng, channels)
            y, mean, variance = regularisation.batch_norm_train(
                x, gamma, beta, mean, variance, **numbers
            )
            close(y, layer(x, training=True), case)
            close(mean, layer.moving_mean, case)
            close(variance, layer.moving_variance, case)
            inferred = regularisation.batch_norm_infer(
                x, gamma, beta, mean, variance, epsilon=numbers["epsilon"]
            )
            close(inferred, layer(x, training=False), case)


def test_the_numbers_that_are_left_out_are_those_of_keras(keras: Any) -> None:
    layer = keras.layers.BatchNormalization(dtype="float64")
    x = features(np.random.default_rng(0), 3)
    y, mean, variance = regularisation.batch_norm_train(
        x, np.ones(3), np.zeros(3), np.zeros(3), np.ones(3)
    )
    close(y, layer(x, training=True), 0)
    close(mean, layer.moving_mean, 0)
    close(variance, layer.moving_variance, 0)


def test_the_features_of_a_dense_layer_are_normalised_as_by_keras(keras: Any) -> None:
    layer = keras.layers.BatchNormalization(dtype="float64")
    x = np.random.default_rng(0).normal(2, 3, (20, 5))
    kept = np.zeros(5), np.ones(5)
    y, *moving = regularisation.batch_norm_train(x, np.ones(5), np.zeros(5), *kept)
    close(y, layer(x, training=True), 0)
    close(moving, [layer.moving_mean, layer.moving_variance], 0)


def test_in_training_a_picture_depends_on_its_batch_and_in_inference_not() -> None:
    x = features(np.random.default_rng(1), 2).repeat(2, axis=0)
    rest = np.ones(2), np.zeros(2), np.zeros(2), np.ones(2)
    alone, crowd = (regularisation.batch_norm_infer(b, *rest) for b in (x[:1], x))
    np.testing.assert_array_equal(alone, crowd[:1])
    alone, crowd = (regularisation.batch_norm_train(b, *rest)[0] for b in (x[:1], x))
    assert np.abs(alone - crowd[:1]).max() > 0.1


def test_a_constant_channel_becomes_beta() -> None:
    x = np.full((2, 3, 3, 1), 7)
    y, _, variance = regularisation.batch_norm_train(x, [2], [0.5], [0], [1])
    np.testing.assert_array_equal(y, np.full(x.shape, 0.5))
    assert variance == 0.99


def test_the_gradients_of_batch_norm_agree_with_keras(keras: Any) -> None:
    import tensorflow as tf

    for case in range(CASES):
        rng = np.random.default_rng(case)
        channels = int(rng.integers(1, 6))
        x = features(rng, channels)
        layer = keras.layers.BatchNormalization(dtype="float64")
        layer.build(x.shape)
        gamma = rng.normal(1, 0.5, channels)
        layer.gamma.assign(gamma)
        upstream = rng.normal(size=x.shape)
        inputs = tf.Variable(x)
        with tf.GradientTape() as tape:
            loss = keras.ops.sum(layer(inputs, training=True) * upstream)
        sources = [inputs, layer.gamma.value, layer.beta.value]
        expected = tape.gradient(loss, sources)
        found = regularisation.batch_norm_backward(x, gamma, upstream)
        for ours, theirs in zip(found, expected, strict=True):
            close(ours, theirs, case)


def test_the_gradients_of_batch_norm_are_its_slopes() -> None:
    rng = np.random.default_rng(0)
    x, upstream = rng.normal(size=(2, 3, 2, 4, 2))
    gamma, beta = rng.normal(size=(2, 2))

    def loss(x: Array, gamma: Array, beta: Array) -> float:
        kept = np.zeros(2), np.ones(2)
        y = regularisation.batch_norm_train(x, gamma, beta, *kept)[0]
        return float((y * upstream).sum())

    grads = regularisation.batch_norm_backward(x, gamma, upstream)
    arrays = [x, gamma, beta]
    for which, grad in enumerate(grads):
        for place in np.ndindex(grad.shape):
            step = np.zeros_like(arrays[which])
            step[place] = 1e-6
            up, down = (
                loss(*[a + sign * step if i == which else a for i, a in pairs])
                for sign, pairs in ((1, enumerate(arrays)), (-1, enumerate(arrays)))
            )
            assert (up - down) / 2e-6 == pytest.approx(grad[place], abs=1e-7)


# --- Dropout --------------------------------------------------------------------------


class Drawn(np.random.Generator):
    """A generator that draws what was written down before."""

    def __init__(self, draws: NDArray[Any]) -> None:
        super().__init__(np.random.PCG64(0))
        self.draws = draws

    def random(self, size: Any = None, **_: Any) -> Any:
        assert size == self.draws.shape
        return self.draws


def test_dropout_agrees_with_keras_where_keras_drops_the_same(keras: Any) -> None:
    for case in range(CASES):
        rng = np.random.default_rng(case)
        rate = float(rng.uniform(0.05, 0.95))
        x = rng.uniform(0.5, 2, (4, 5, 6, 3))
        layer = keras.layers.Dropout(rate, seed=case, dtype="float64")
        expected = np.asarray(layer(x, training=True))
        draws = Drawn(np.where(expected == 0, 0.0, 0.999))
        close(regularisation.dropout(x, rate, draws, training=True), expected, case)
        inferred = regularisation.dropout(x, rate, rng, training=False)
        close(inferred, layer(x, training=False), case)


@pytest.mark.parametrize("rate", [0.1, 0.25, 0.5, 0.9])
def test_dropout_keeps_the_mean_and_drops_the_share_that_it_should(
    keras: Any, rate: float
) -> None:
    n = 200_000
    x = np.full(n, 3.0, dtype=np.float32)
    rng = np.random.default_rng(0)
    by_keras = np.asarray(keras.layers.Dropout(rate, seed=0)(x, training=True))
    for y in (regularisation.dropout(x, rate, rng, training=True), by_keras):
        # Five standard errors of a share, and of the mean that follows from it.
        error = 5 * np.sqrt(rate * (1 - rate) / n)
        assert np.mean(y == 0) == pytest.approx(rate, abs=error)
        assert y.mean() == pytest.approx(3, abs=3 * error / (1 - rate))
        np.testing.assert_allclose(y[y != 0], 3 / (1 - rate), rtol=1e-6)


def test_dropout_draws_anew_each_time_and_again_the_same_from_the_same_seed() -> None:
    x = np.ones((3, 4, 4, 2))
    rng, again = np.random.default_rng(5), np.random.default_rng(5)
    first, second = (
        regularisation.dropout(x, 0.5, rng, training=True) for _ in range(2)
    )
    assert (first != second).any()
    np.testing.assert_array_equal(
        first, regularisation.dropout(x, 0.5, again, training=True)
    )


def test_in_inference_dropout_draws_nothing_and_rate_zero_drops_nothing() -> None:
    x = np.arange(6.0)
    rng = np.random.default_rng(5)
    regularisation.dropout(x, 0.5, rng, training=False)
    assert rng.random() == np.random.default_rng(5).random()
    np.testing.assert_array_equal(regularisation.dropout(x, 0, rng, training=True), x)


# --- Labels and weights ---------------------------------------------------------------


def test_smoothed_labels_give_the_loss_that_keras_gives_smoothing(keras: Any) -> None:
    for case in range(CASES):
        rng = np.random.default_rng(case)
        n, classes = (int(k) for k in rng.integers(2, 12, 2))
        labels = np.eye(classes)[rng.integers(classes, size=n)]
        logits = rng.normal(0, 3, (n, classes))
        smoothing = float(rng.uniform(0, 1))
        how = {"from_logits": True, "dtype": "float64"}
        loss = keras.losses.CategoricalCrossentropy
        expected = loss(**how, label_smoothing=smoothing)(labels, logits)
        smooth = regularisation.smooth_labels(labels, smoothing)
        close(loss(**how)(smooth, logits), expected, case)
        np.testing.assert_allclose(smooth.sum(axis=1), 1)


def test_no_smoothing_keeps_the_labels_and_full_smoothing_knows_nothing() -> None:
    labels = np.eye(4)[[2, 0]]
    np.testing.assert_array_equal(regularisation.smooth_labels(labels, 0), labels)
    np.testing.assert_array_equal(regularisation.smooth_labels(labels, 1), 1 / 4)


def test_the_l2_penalty_is_that_of_keras(keras: Any) -> None:
    for case in range(CASES):
        rng = np.random.default_rng(case)
        weights = rng.normal(size=rng.integers(1, 6, 4))
        factor = float(rng.uniform(0, 0.1))
        expected = keras.regularizers.L2(factor)(keras.ops.convert_to_tensor(weights))
        close(regularisation.l2_penalty(weights, factor), expected, case)
    default = keras.regularizers.L2()(keras.ops.convert_to_tensor(weights))
    close(regularisation.l2_penalty(weights), default, CASES)


def test_a_net_adds_the_penalty_of_each_kernel_and_of_no_bias(keras: Any) -> None:
    layers = [
        keras.layers.Conv2D(4, 3, kernel_regularizer=keras.regularizers.L2(0.02)),
        keras.layers.Flatten(),
        keras.layers.Dense(3, kernel_regularizer=keras.regularizers.L2(0.1)),
        keras.layers.Dense(2),
    ]
    net = keras.Sequential([keras.Input((6, 6, 1)), *layers])
    for weights in net.trainable_variables:
        weights.assign(np.random.default_rng(0).normal(size=weights.shape))
    net.compile("sgd", keras.losses.MeanSquaredError())
    x, y = np.ones((5, 6, 6, 1)), np.zeros((5, 2))
    error = np.mean(net.predict(x, verbose=0) ** 2)
    penalties = [
        regularisation.l2_penalty(layers[0].kernel, 0.02),
        regularisation.l2_penalty(layers[2].kernel, 0.1),
    ]
    loss = net.evaluate(x, y, verbose=0)
    assert loss == pytest.approx(error + sum(penalties), rel=1e-5)


# --- Inputs that make no sense --------------------------------------------------------

X = np.ones((2, 3, 3, 4))
FOUR = np.ones(4)


def norm(**changed: Any) -> Any:
    names = ("gamma", "beta", "moving_mean", "moving_variance")
    inputs = {"x": X, **dict.fromkeys(names, FOUR), **changed}
    return regularisation.batch_norm_train(**inputs)


def drop(x: Any = X, rate: Any = 0.5, rng: Any = None) -> Any:
    rng = np.random.default_rng(0) if rng is None else rng
    return regularisation.dropout(x, rate, rng, training=True)


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "a vector": (lambda: norm(x=FOUR), r"\(n, height, width, C\) .* got shape \(4,\)"),
    "no picture": (lambda: norm(x=X[:0]), r"at least one value; got .*\(0, 3, 3, 4\)"),
    "ragged rows": (lambda: norm(x=[[1], [1, 2]]), "its rows differ in length"),
    "NaN": (lambda: norm(x=X * np.nan), "input must hold finite real numbers"),
    "words": (lambda: norm(x=[["a"]]), "input must hold finite real numbers.*<U1"),
    "a gamma per pixel": (
        lambda: norm(gamma=X),
        r"gamma must hold one number per channel, shape \(4,\); got shape \(2, 3, 3,",
    ),
    "a channel too few": (
        lambda: norm(moving_mean=FOUR[:3]),
        r"moving_mean must hold one number per channel, shape \(4,\); got shape \(3,\)",
    ),
    "a negative variance": (
        lambda: norm(moving_variance=-FOUR),
        "moving_variance goes down to -1, and a variance is never negative",
    ),
    "momentum in percent": (
        lambda: norm(momentum=99),
        "momentum must be a number from 0 to 1; got 99",
    ),
    "epsilon zero": (lambda: norm(epsilon=0), "epsilon must be above 0"),
    "epsilon below zero": (lambda: norm(epsilon=-1), "epsilon must be .* not below 0"),
    "an upstream gradient of another shape": (
        lambda: regularisation.batch_norm_backward(X, FOUR, X[:1]),
        r"has shape \(1, 3, 3, 4\) and the input \(2, 3, 3, 4\)",
    ),
    "rate one": (lambda: drop(rate=1), "rate must be below 1"),
    "rate in percent": (lambda: drop(rate=50), "rate must be .* from 0 to 1; got 50"),
    "rate as text": (lambda: drop(rate="half"), "rate must be a number"),
    "a seed for a generator": (lambda: drop(rng=3), r"default_rng\(0\); got 3"),
    "infinity": (lambda: drop(x=[np.inf]), "input of dropout must hold finite"),
    "class numbers": (
        lambda: regularisation.smooth_labels([0, 2, 1], 0.1),
        r"shape \(n, classes\); got \(3,\).*to_categorical",
    ),
    "logits": (
        lambda: regularisation.smooth_labels([[2.0, -1.0]], 0.1),
        "adds up to 1, with nothing below 0",
    ),
    "smoothing above one": (
        lambda: regularisation.smooth_labels([[1, 0]], 1.5),
        "smoothing must be a number from 0 to 1; got 1.5",
    ),
    "a negative factor": (
        lambda: regularisation.l2_penalty(FOUR, -0.1),
        "factor must be a number not below 0; got -0.1",
    ),
    "NaN among the weights": (
        lambda: regularisation.l2_penalty([np.nan]),
        "weights must hold finite",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_input_is_named_in_one_sentence(name: str) -> None:
    call, message = BAD[name]
    with pytest.raises(CourseError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_the_inputs_stay_as_they_were() -> None:
    x, kept = X.copy(), [FOUR.copy() for _ in range(4)]
    out = regularisation.batch_norm_train(x, *kept)
    for array in (*out, drop(x), regularisation.smooth_labels(np.eye(4), 0.1)):
        array[:] = 9
    regularisation.dropout(x, 0.5, np.random.default_rng(0), training=False)[:] = 9
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(kept, 1)


def test_importing_the_module_does_not_import_keras() -> None:
    code = "import sys, course_utils.regularisation; print('keras' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert shown.stdout == "False\n", shown.stderr
