"""The reference convolutions agree with Keras and say what is wrong with an input."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import signal

from course_utils import conv
from course_utils.errors import CourseError

Array = NDArray[np.float64]
Convolution = Callable[[Array, Array, Array, int, int], Array]
CASES = 500

# The same examples every time, however busy the machine is.
repeatable = settings(derandomize=True, deadline=None)


# --- Keras agrees -------------------------------------------------------------------


def random_case(seed: int) -> dict[str, Any]:
    """Images, a kernel and options of one convolution that Keras can do as well."""
    rng = np.random.default_rng(seed)

    def pair(largest: int) -> tuple[int, int]:
        rows, columns = rng.integers(1, largest, size=2, endpoint=True)
        return int(rows), int(columns)

    # Keras does not combine strides with dilation.
    strides, dilation = (pair(3), (1, 1)) if rng.random() < 0.6 else ((1, 1), pair(3))
    kernel_size, (n, c_in), (c_out, _) = pair(5), pair(4), pair(4)
    height, width = (
        (k - 1) * d + 1 + int(rng.integers(0, 9))
        for k, d in zip(kernel_size, dilation, strict=True)
    )
    return {
        "x": rng.uniform(-1, 1, (n, height, width, c_in)).astype(np.float32),
        "kernel": rng.uniform(-1, 1, (*kernel_size, c_in, c_out)).astype(np.float32),
        "bias": rng.normal(size=c_out).astype(np.float32),
        "strides": strides,
        "padding": str(rng.choice(["valid", "same"])),
        "dilation": dilation,
    }


@pytest.fixture(scope="module")
def ops() -> Any:
    """Keras's operations, imported only where a test compares with them."""
    import keras

    return keras.ops


def test_conv2d_agrees_with_keras_on_random_cases(ops: Any) -> None:
    seen = set()
    for seed in range(CASES):
        case = random_case(seed)
        bias, dilation = case.pop("bias"), case.pop("dilation")
        expected = np.asarray(ops.conv(**rename(case), dilation_rate=dilation)) + bias
        found = conv.conv2d(**case, bias=bias, dilation=dilation)
        assert found.shape == expected.shape, f"seed {seed}"
        np.testing.assert_allclose(found, expected, atol=1e-5, err_msg=f"seed {seed}")
        uneven = case["strides"][0] != case["strides"][1]
        seen.add(
            (case["padding"], max(case["strides"]) > 1, uneven, dilation != (1, 1))
        )
    # Both paddings, with even and uneven strides, with dilation and with neither.
    assert len(seen) == 8


def rename(case: dict[str, Any]) -> dict[str, Any]:
    return {"inputs" if k == "x" else k: value for k, value in case.items()}


@pytest.mark.parametrize("kind", ["max", "average"])
def test_pooling_agrees_with_keras_on_random_cases(ops: Any, kind: str) -> None:
    ours = conv.max_pool2d if kind == "max" else conv.avg_pool2d
    theirs = ops.max_pool if kind == "max" else ops.average_pool
    for seed in range(CASES):
        case = random_case(seed)
        x, size, padding = case["x"], case["kernel"].shape[:2], case["padding"]
        strides = None if seed % 4 == 0 else case["strides"]
        expected = np.asarray(theirs(x, size, strides, padding))
        found = ours(x, size, strides=strides, padding=padding)
        assert found.shape == expected.shape, f"seed {seed}"
        np.testing.assert_allclose(found, expected, atol=1e-5, err_msg=f"seed {seed}")


def test_a_keras_layer_and_its_weights_give_the_same_maps() -> None:
    import keras

    keras.utils.set_random_seed(0)
    layer = keras.layers.Conv2D(4, (3, 5), strides=2, padding="same", use_bias=True)
    x = np.random.default_rng(0).random((2, 9, 8, 3))
    expected = np.asarray(layer(x))
    found = conv.conv2d(x, *layer.get_weights(), strides=2, padding="same")
    np.testing.assert_allclose(found, expected, atol=1e-5)


# --- Two inputs that tell a right convolution from a wrong one ------------------------


# The sizes are chosen so that nothing coincides: height and width differ, kernels are
# not square, and a stride leaves something over.


def first_input() -> tuple[Array, Array, Array, int, int]:
    rng = np.random.default_rng(1)
    x, kernel = rng.normal(size=(2, 7, 10, 3)), rng.normal(size=(3, 5, 3, 4))
    return x, kernel, rng.normal(size=4), 2, 1


def second_input() -> tuple[Array, Array, Array, int, int]:
    rng = np.random.default_rng(2)
    x, kernel = rng.normal(size=(2, 6, 9, 2)), rng.normal(size=(2, 3, 2, 3))
    return x, kernel, rng.normal(size=3), 3, 0


def loops(x: Array, kernel: Array, bias: Array, stride: int, pad: int) -> Array:
    """Convolve by the definition, one product at a time; `pad` rows on each side."""
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    k_h, k_w, _, c_out = kernel.shape
    height = (x.shape[1] - k_h) // stride + 1
    width = (x.shape[2] - k_w) // stride + 1
    out = np.zeros((len(x), height, width, c_out))
    for n, i, j, f in np.ndindex(out.shape):
        window = x[n, i * stride : i * stride + k_h, j * stride : j * stride + k_w]
        out[n, i, j, f] = (window * kernel[..., f]).sum() + bias[f]
    return out


def right(x: Array, kernel: Array, bias: Array, stride: int, pad: int) -> Array:
    return conv.conv2d(x, kernel, bias, strides=stride, padding=2 * pad)


def right_with_im2col(
    x: Array, kernel: Array, bias: Array, stride: int, pad: int
) -> Array:
    k_h, k_w, _, c_out = kernel.shape
    sides = ((pad, pad), (pad, pad))
    columns = conv.im2col(x, (k_h, k_w), strides=stride, padding=sides)
    height = conv.output_size(x.shape[1], k_h, stride, 2 * pad)
    maps = columns @ kernel.reshape(-1, c_out) + bias
    return maps.reshape(len(x), height, -1, c_out)


def right_with_scipy(
    x: Array, kernel: Array, bias: Array, stride: int, pad: int
) -> Array:
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    maps = [
        [
            signal.correlate(image, kernel[..., f], "valid")[::stride, ::stride, 0]
            for f in range(kernel.shape[3])
        ]
        for image in x
    ]
    return np.moveaxis(np.array(maps), 1, 3) + bias


def width_from_height(
    x: Array, kernel: Array, bias: Array, stride: int, pad: int
) -> Array:
    maps = right(x, kernel, bias, stride, pad)
    n, height, _, filters = maps.shape
    square = np.zeros((n, height, height, filters))
    square[:, :, : maps.shape[2]] = maps[:, :, :height]
    return square


def ceil_for_floor(
    x: Array, kernel: Array, bias: Array, stride: int, pad: int
) -> Array:
    n, k = np.array(x.shape[1:3]), np.array(kernel.shape[:2])
    after = -(n + 2 * pad - k) % stride
    sides = ((pad, pad + after[0]), (pad, pad + after[1]))
    return conv.conv2d(x, kernel, bias, strides=stride, padding=sides)


WRONG: dict[str, Convolution] = {
    "flipped kernel": lambda x, w, b, s, p: right(x, w[::-1, ::-1], b, s, p),
    "bias forgotten": lambda x, w, b, s, p: right(x, w, 0 * b, s, p),
    "bias added in every product": lambda x, w, b, s, p: right(
        x, w, b * w[..., 0].size, s, p
    ),
    "one bias for all filters": lambda x, w, b, s, p: right(
        x, w, np.full_like(b, b[0]), s, p
    ),
    "width taken from height": width_from_height,
    "ceil for floor": ceil_for_floor,
    "padding on one side": lambda x, w, b, s, p: conv.conv2d(
        x, w, b, strides=s, padding=((2 * p, 0), (2 * p, 0))
    ),
    "stride ignored on one axis": lambda x, w, b, s, p: conv.conv2d(
        x, w, b, strides=(s, 1), padding=2 * p
    ),
    "channels averaged": lambda x, w, b, s, p: right(x, w / w.shape[2], b, s, p),
    "channels not summed": lambda x, w, b, s, p: right(
        x[..., -1:], w[:, :, -1:], b, s, p
    ),
    "hard-coded shape": lambda x, w, b, s, p: np.resize(
        right(x, w, b, s, p), (len(x), 4, 4, w.shape[3])
    ),
    "swapped axes": lambda x, w, b, s, p: right(x, w, b, s, p).swapaxes(1, 2),
}


def agrees(convolution: Convolution, *case: Any) -> bool:
    expected, found = loops(*case), convolution(*case)
    return found.shape == expected.shape and np.allclose(found, expected)


@pytest.mark.parametrize(
    "case", [first_input(), second_input()], ids=["first", "second"]
)
@pytest.mark.parametrize("convolution", [right, right_with_im2col, right_with_scipy])
def test_a_right_convolution_passes_both_inputs(
    convolution: Convolution, case: tuple[Any, ...]
) -> None:
    assert agrees(convolution, *case)


@pytest.mark.parametrize("mistake", WRONG)
def test_the_two_inputs_catch_every_wrong_convolution(mistake: str) -> None:
    wrong = WRONG[mistake]
    assert not (agrees(wrong, *first_input()) and agrees(wrong, *second_input()))


def test_neither_of_the_two_inputs_is_enough() -> None:
    missed = [
        {name for name, wrong in WRONG.items() if agrees(wrong, *case)}
        for case in (first_input(), second_input())
    ]
    assert missed[0] == {"width taken from height", "hard-coded shape"}
    assert missed[1] == {"padding on one side"}


# --- What a convolution does ----------------------------------------------------------


def test_correlate2d_is_right_by_hand() -> None:
    image = [[1, 2, 3], [4, 5, 6], [7, 8, 9], [0, 1, 0]]
    expected = [[1 - 5 * 2, 2 - 6 * 2], [4 - 8 * 2, 5 - 9 * 2], [7 - 1 * 2, 8]]
    found = conv.correlate2d(image, [[1, 0], [0, -2]])
    np.testing.assert_array_equal(found, expected)


sizes = st.integers(1, 6)


@repeatable
@given(sizes, sizes, st.integers(0, 5), st.integers(0, 5), st.integers(0, 99))
def test_correlate2d_agrees_with_scipy(
    k_h: int, k_w: int, more_rows: int, more_columns: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    image = rng.normal(size=(k_h + more_rows, k_w + more_columns))
    kernel = rng.normal(size=(k_h, k_w))
    expected = signal.correlate2d(image, kernel, "valid")
    found = conv.correlate2d(image, kernel)
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_correlate2d_is_conv2d_of_one_image_channel_and_filter() -> None:
    rng = np.random.default_rng(0)
    image, kernel = rng.normal(size=(7, 9)), rng.normal(size=(3, 2))
    maps = conv.conv2d(image[None, ..., None], kernel[..., None, None])
    np.testing.assert_allclose(maps[0, ..., 0], conv.correlate2d(image, kernel))


def test_a_convolution_is_linear() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 1, 8, 8, 2))
    kernel = rng.normal(size=(3, 3, 2, 4))
    together = conv.conv2d(2 * a - b, kernel)
    apart = 2 * conv.conv2d(a, kernel) - conv.conv2d(b, kernel)
    np.testing.assert_allclose(together, apart, atol=1e-12)


def test_a_shifted_image_gives_a_shifted_map() -> None:
    rng = np.random.default_rng(0)
    image, kernel = rng.normal(size=(10, 12)), rng.normal(size=(3, 3))
    whole = conv.correlate2d(image, kernel)
    np.testing.assert_allclose(conv.correlate2d(image[2:, 3:], kernel), whole[2:, 3:])


def test_a_delta_kernel_gives_the_image_back() -> None:
    image = np.random.default_rng(0).normal(size=(5, 6))
    delta = np.zeros((3, 3, 1, 1))
    delta[1, 1] = 1
    maps = conv.conv2d(image[None, ..., None], delta, padding="same")
    np.testing.assert_array_equal(maps[0, ..., 0], image)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.bool_, np.float16, np.float32])
def test_small_types_do_not_overflow(dtype: type) -> None:
    largest = np.ones((4, 4), dtype)
    if dtype is not np.bool_:
        info = np.finfo(dtype) if np.issubdtype(dtype, np.floating) else np.iinfo(dtype)
        largest = np.full((4, 4), info.max)
    kernel = np.full((3, 3), -3, np.int8)
    found = conv.correlate2d(largest, kernel)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, np.full((2, 2), -27.0 * float(largest[0, 0])))
    batch = largest[None, ..., None]
    assert conv.conv2d(batch, kernel[..., None, None])[0, 0, 0, 0] == found[0, 0]
    assert conv.avg_pool2d(batch).dtype == conv.max_pool2d(batch).dtype == np.float64
    assert conv.avg_pool2d(batch)[0, 0, 0, 0] == float(largest[0, 0])


def test_inputs_are_left_as_they_were() -> None:
    x, kernel, bias, *_ = first_input()
    before = [array.copy() for array in (x, kernel, bias)]
    for array in (x, kernel, bias):
        array.flags.writeable = False
    conv.conv2d(x, kernel, bias, padding="same")
    pooled = conv.max_pool2d(x)
    pooled += 1
    conv.im2col(x, 2)[:] = 0
    for array, copy in zip((x, kernel, bias), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_an_empty_batch_gives_an_empty_batch() -> None:
    kernel = np.ones((3, 3, 1, 2))
    assert conv.conv2d(np.zeros((0, 8, 8, 1)), kernel).shape == (0, 6, 6, 2)


# --- Padding, strides, dilation -------------------------------------------------------


def first_and_last_corner(padding: Any, strides: int) -> tuple[int, int, int, int]:
    """Size of the map of a 4×6 image, and what the first and last window start with."""
    image = 1.0 + np.arange(24).reshape(1, 4, 6, 1)
    corner = np.zeros((3, 3, 1, 1))
    corner[0, 0] = 1
    maps = conv.conv2d(image, corner, strides=strides, padding=padding)
    return (*maps.shape[1:3], int(maps[0, 0, 0, 0]), int(maps[0, -1, -1, 0]))


def test_same_with_stride_two_pads_only_at_the_bottom_and_right() -> None:
    # The upper left weight meets pixel 1 first: there is no padding before it.
    assert first_and_last_corner("same", 2) == (2, 3, 1, 17)


def test_same_with_stride_one_pads_on_all_sides() -> None:
    assert first_and_last_corner("same", 1) == (4, 6, 0, 17)


def test_an_odd_number_of_padding_rows_puts_the_extra_one_at_the_bottom() -> None:
    x = np.ones((1, 2, 2, 1))
    kernel = np.ones((1, 1, 1, 1))
    maps = conv.conv2d(x, kernel, padding=3)[0, ..., 0]
    np.testing.assert_array_equal(maps, np.pad(np.ones((2, 2)), ((1, 2), (1, 2))))


def test_each_side_can_have_its_own_padding() -> None:
    x = np.ones((1, 2, 2, 1))
    maps = conv.conv2d(x, np.ones((1, 1, 1, 1)), padding=((0, 1), (2, 3)))[0, ..., 0]
    np.testing.assert_array_equal(maps, np.pad(np.ones((2, 2)), ((0, 1), (2, 3))))


def test_strides_and_dilation_can_be_combined() -> None:
    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(2, 13, 14, 3)), rng.normal(size=(3, 2, 3, 4))
    with_gaps = np.zeros((5, 4, 3, 4))
    with_gaps[::2, ::3] = kernel
    expected = conv.conv2d(x, with_gaps, strides=(2, 3), padding="same")
    found = conv.conv2d(x, kernel, strides=(2, 3), padding="same", dilation=(2, 3))
    np.testing.assert_allclose(found, expected, atol=1e-12)


# --- Pooling --------------------------------------------------------------------------


def test_max_pooling_never_takes_padding_for_a_maximum() -> None:
    x = -np.arange(1.0, 10).reshape(1, 3, 3, 1)
    pooled = conv.max_pool2d(x, padding="same")[0, ..., 0]
    np.testing.assert_array_equal(pooled, [[-1, -3], [-7, -9]])


def test_average_pooling_divides_by_the_pixels_inside_the_image() -> None:
    x = np.arange(1.0, 10).reshape(1, 3, 3, 1)
    pooled = conv.avg_pool2d(x, padding="same")[0, ..., 0]
    np.testing.assert_array_equal(pooled, [[3, 4.5], [7.5, 9]])


def test_pooling_leaves_channels_apart() -> None:
    x = np.random.default_rng(0).normal(size=(2, 5, 7, 3))
    for pool in (conv.max_pool2d, conv.avg_pool2d):
        pooled = pool(x, (2, 3), strides=(1, 2))
        assert pooled.shape == (2, 4, 3, 3)
        alone = pool(x[..., 1:2], (2, 3), strides=(1, 2))
        np.testing.assert_allclose(pooled[..., 1:2], alone, atol=1e-12)


# --- Sizes ----------------------------------------------------------------------------


@repeatable
@given(
    st.integers(1, 40), sizes, st.integers(1, 4), st.integers(0, 8), st.integers(1, 3)
)
def test_output_size_counts_the_windows(
    n: int, k: int, stride: int, padding: int, dilation: int
) -> None:
    last = n + padding - ((k - 1) * dilation + 1)
    if last < 0:
        with pytest.raises(CourseError, match="does not fit"):
            conv.output_size(n, k, stride, padding, dilation)
    else:
        windows = len(range(0, last + 1, stride))
        assert conv.output_size(n, k, stride, padding, dilation) == windows
        # The form in which many books write the formula.
        assert windows == (last + stride) // stride


@repeatable
@given(st.integers(1, 40), sizes, st.integers(1, 4), st.integers(1, 3))
def test_same_padding_gives_the_size_divided_by_the_stride_rounded_up(
    n: int, k: int, stride: int, dilation: int
) -> None:
    before, after = conv.same_padding(n, k, stride, dilation)
    assert after - before in (0, 1)
    size = conv.output_size(n, k, stride, before + after, dilation)
    assert size == int(np.ceil(n / stride))


def test_no_padding_is_needed_where_the_stride_passes_the_kernel() -> None:
    assert conv.same_padding(9, 1, stride=4) == (0, 0)


def test_im2col_has_the_windows_in_reading_order() -> None:
    x = np.random.default_rng(0).normal(size=(2, 5, 6, 3))
    columns = conv.im2col(x, (2, 3), strides=(2, 1))
    assert columns.shape == (2 * 2 * 4, 2 * 3 * 3)
    np.testing.assert_array_equal(columns[8 + 4 + 2], x[1, 2:4, 2:5].ravel())


@repeatable
@given(
    st.lists(st.tuples(sizes, st.integers(1, 3), st.integers(1, 2)), max_size=4),
)
def test_the_receptive_field_is_what_an_output_value_sees(
    layers: list[tuple[int, int, int]],
) -> None:
    """Mark every input pixel that reaches the first output, layer by layer back."""
    seen = np.ones(1)
    for k, stride, dilation in reversed(layers):
        steps = np.zeros((len(seen) - 1) * stride + 1)
        steps[::stride] = seen
        weights = np.zeros((k - 1) * dilation + 1)
        weights[::dilation] = 1
        seen = np.convolve(steps, weights)
    assert conv.receptive_field(layers) == len(seen)


def test_the_pyramid_sees_5_6_14_16_pixels() -> None:
    net = [(5, 1), (2, 2), (5, 1), (2, 2)]
    fields = [conv.receptive_field(net[: depth + 1]) for depth in range(4)]
    assert fields == [5, 6, 14, 16]
    assert conv.receptive_field([]) == 1


def test_the_shape_and_cost_of_a_layer_are_those_of_its_maps() -> None:
    for seed in range(100):
        case = random_case(seed)
        x, kernel = case.pop("x"), case.pop("kernel")
        del case["bias"]
        maps = conv.conv2d(x, kernel, **case)
        shapes = (x.shape[1:], kernel.shape)
        assert conv.output_shape(*shapes, **case) == maps.shape[1:], f"seed {seed}"
        products = maps[0].size * kernel[..., 0].size
        assert conv.multiply_adds(*shapes, **case) == products, f"seed {seed}"


# --- The way back ---------------------------------------------------------------------


def measured_gradient(loss: Callable[[], float], array: Array) -> Array:
    """Nudge every number of the array in place and see what the loss does."""
    gradient = np.zeros(array.shape)
    for index in np.ndindex(array.shape):
        value = array[index]
        array[index] = value + 0.5
        more = loss()
        array[index] = value - 0.5
        gradient[index] = more - loss()
        array[index] = value
    return gradient


@pytest.mark.parametrize("seed", range(12))
def test_the_gradients_are_those_measured_by_nudging(seed: int) -> None:
    case = random_case(seed)
    x, kernel, bias = (case.pop(name).astype(float) for name in ("x", "kernel", "bias"))
    x = x[:2, :7, :7]
    case["padding"] = "same"
    if seed % 2:
        case["strides"], case["dilation"] = (2, 1 + seed % 3), (1 + seed % 2, 1)
    maps = conv.conv2d(x, kernel, bias, **case)
    upstream = np.random.default_rng(seed).normal(size=maps.shape)

    def loss() -> float:
        return float(np.sum(upstream * conv.conv2d(x, kernel, bias, **case)))

    found = conv.conv2d_backward(x, kernel, upstream, **case)
    # The loss is linear in each of the three, so a large nudge measures it exactly.
    for gradient, array in zip(found, (x, kernel, bias), strict=True):
        assert gradient.shape == array.shape
        np.testing.assert_allclose(gradient, measured_gradient(loss, array), atol=1e-9)


def test_the_gradients_agree_with_keras() -> None:
    import tensorflow as tf

    for seed in range(40):
        case = random_case(seed)
        bias, dilation = case.pop("bias"), case.pop("dilation")
        variables = [tf.Variable(case[name]) for name in ("x", "kernel")]
        with tf.GradientTape() as tape:
            maps = tf.nn.convolution(
                *variables,
                strides=case["strides"],
                padding=case["padding"].upper(),
                dilations=dilation,
            )
            loss = tf.reduce_sum(maps**2) / 2
        expected = tape.gradient(loss, variables)
        found = conv.conv2d_backward(**case, upstream=maps.numpy(), dilation=dilation)
        assert found[2].shape == bias.shape
        for ours, theirs in zip(found[:2], expected, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-3, err_msg=f"seed {seed}")


def test_pixels_that_no_window_meets_get_no_gradient() -> None:
    x, kernel = np.ones((1, 6, 6, 1)), np.ones((3, 3, 1, 1))
    grad_x, *_ = conv.conv2d_backward(x, kernel, np.ones((1, 2, 2, 1)), strides=2)
    assert not grad_x[0, 5].any()
    assert not grad_x[0, :, 5].any()
    assert grad_x[0, :5, :5].all()


# --- Inputs that cannot be used -------------------------------------------------------

x = np.ones((2, 8, 9, 3))
kernel = np.ones((3, 3, 3, 4))
holed = np.where(np.eye(6), np.nan, 1)

BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "NaN in the image": (
        lambda: conv.correlate2d(holed, np.ones((3, 3))),
        r"The image holds NaN or infinity",
    ),
    "NaN in the kernel": (
        lambda: conv.correlate2d(np.ones((9, 9)), holed),
        r"The kernel holds NaN or infinity",
    ),
    "infinity in a batch": (
        lambda: conv.max_pool2d(np.full((1, 4, 4, 1), np.inf)),
        r"The batch of images holds NaN or infinity",
    ),
    "kernel of one axis": (
        lambda: conv.correlate2d(np.ones((6, 6)), [1, 2, 1]),
        r"The kernel must be 2-D, \(k_h, k_w\); got shape \(3,\)",
    ),
    "kernel of three axes": (
        lambda: conv.correlate2d(np.ones((6, 6)), np.ones((3, 3, 1))),
        r"The kernel must be 2-D, .* got shape \(3, 3, 1\)",
    ),
    "kernel larger than the image": (
        lambda: conv.correlate2d(np.ones((4, 6)), np.ones((5, 5))),
        r"The kernel spans 5×5 pixels and the image, padding included, has 4×6",
    ),
    "dilated kernel larger than the image": (
        lambda: conv.conv2d(x, kernel, dilation=4),
        r"The kernel spans 9×9 pixels .* has 8×9",
    ),
    "pool larger than the image": (
        lambda: conv.avg_pool2d(x, 10),
        r"spans 10×10 pixels .* has 8×9",
    ),
    "window larger than the image": (
        lambda: conv.im2col(x, (1, 10)),
        r"spans 1×10 pixels .* has 8×9",
    ),
    "empty kernel": (
        lambda: conv.correlate2d(np.ones((4, 4)), np.ones((0, 3))),
        r"The kernel \(0, 3\) is empty",
    ),
    "images without a channel axis": (
        lambda: conv.conv2d(np.ones((2, 8, 9)), kernel),
        r"must be 4-D, \(n, height, width, C_in\); got shape \(2, 8, 9\)",
    ),
    "images without pixels": (
        lambda: conv.conv2d(np.ones((2, 0, 9, 3)), kernel, padding=8),
        r"There is nothing to convolve: the images have shape \(2, 0, 9, 3\)",
    ),
    "another number of channels": (
        lambda: conv.conv2d(x[..., :1], kernel),
        r"The images have 1 channels and the kernel expects 3",
    ),
    "channels first": (
        lambda: conv.conv2d(np.moveaxis(x, 3, 1), kernel),
        r"The images have 9 channels and the kernel expects 3",
    ),
    "one bias too few": (
        lambda: conv.conv2d(x, kernel, np.ones(3)),
        r"The bias has 3 numbers and the kernel \(3, 3, 3, 4\) has 4 filters",
    ),
    "one number for a bias": (
        lambda: conv.conv2d(x, kernel, 1.0),
        r"The bias must be 1-D, \(C_out\); got shape \(\)",
    ),
    "an upstream gradient of another shape": (
        lambda: conv.conv2d_backward(x, kernel, np.ones((2, 8, 9, 4))),
        r"The upstream gradient has shape \(2, 8, 9, 4\) and the feature maps"
        r" \(2, 6, 7, 4\)",
    ),
    "a batch axis too many in a shape": (
        lambda: conv.output_shape((2, 8, 9, 3), kernel.shape),
        r"input_shape is \(height, width, C_in\) .* got \(2, 8, 9, 3\)",
    ),
    "a cost of channels that do not fit": (
        lambda: conv.multiply_adds((8, 9, 1), kernel.shape),
        r"The images have 1 channels and the kernel expects 3",
    ),
    "a shape that is too small": (
        lambda: conv.output_shape((2, 9, 3), kernel.shape),
        r"A kernel that spans 3 pixels does not fit into 2 pixels",
    ),
    "negative stride": (
        lambda: conv.conv2d(x, kernel, strides=-1),
        r"strides must be a whole number of at least 1; got -1",
    ),
    "stride zero on one axis": (
        lambda: conv.max_pool2d(x, strides=(1, 0)),
        r"strides must be a whole number of at least 1; got 0",
    ),
    "fractional stride": (
        lambda: conv.output_size(8, 3, stride=1.5),
        r"stride must be a whole number of at least 1; got 1.5",
    ),
    "three strides": (
        lambda: conv.conv2d(x, kernel, strides=(1, 2, 1)),
        r"strides must be one number or \(rows, columns\); got \(1, 2, 1\)",
    ),
    "dilation zero": (
        lambda: conv.conv2d(x, kernel, dilation=0),
        r"dilation must be a whole number of at least 1; got 0",
    ),
    "unknown padding": (
        lambda: conv.conv2d(x, kernel, padding="full"),
        r"padding must be .valid., .same., .*; got 'full'",
    ),
    "one pair of paddings": (
        lambda: conv.conv2d(x, kernel, padding=(1, 1)),
        r"padding must be .*\(\(top, bottom\), \(left, right\)\); got \(1, 1\)",
    ),
    "negative padding": (
        lambda: conv.conv2d(x, kernel, padding=-2),
        r"padding must be a whole number of at least 0; got -2",
    ),
    "negative padding on one side": (
        lambda: conv.conv2d(x, kernel, padding=((0, 0), (0, -1))),
        r"padding must be a whole number of at least 0; got -1",
    ),
    "zeros around a pool": (
        lambda: conv.max_pool2d(x, padding=1),
        r'padding of a pool must be "valid" or "same"; got 1',
    ),
    "ragged rows": (
        lambda: conv.correlate2d([[1, 2], [3]], [[1]]),
        r"The image is not an array: its rows differ in length",
    ),
    "words": (
        lambda: conv.correlate2d([["a", "b"]], [[1]]),
        r"The image must hold real numbers; its dtype is <U1",
    ),
    "complex numbers": (
        lambda: conv.correlate2d([[1j]], [[1]]),
        r"The image must hold real numbers; its dtype is complex128",
    ),
    "kernel that does not fit along an axis": (
        lambda: conv.output_size(4, 3, dilation=2),
        r"A kernel that spans 5 pixels does not fit into 4 pixels with 0 of padding",
    ),
    "image without rows": (
        lambda: conv.same_padding(0, 3),
        r"n must be a whole number of at least 1; got 0",
    ),
    "layer of one number": (
        lambda: conv.receptive_field([(5, 1), (2,)]),
        r"A layer must be \(kernel_size, stride\) or .*; got \(2,\)",
    ),
    "layer that is a number": (
        lambda: conv.receptive_field([5, 3]),
        r"A layer must be .*; got 5",
    ),
    "kernel size zero": (
        lambda: conv.receptive_field([(0, 1)]),
        r"kernel_size must be a whole number of at least 1; got 0",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_input_is_named_in_one_sentence(name: str) -> None:
    call, message = BAD[name]
    with pytest.raises(conv.InvalidInput, match=message) as caught:
        call()
    assert isinstance(caught.value, CourseError)
    assert isinstance(caught.value, ValueError)
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    assert ". " not in text
