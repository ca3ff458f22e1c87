"""Convolution in plain NumPy: the reference that chapters 1 and 2 compare with.

What deep learning calls convolution slides a kernel over an image *without* turning it
round; in signal processing that is cross-correlation, hence ``correlate2d``. Shapes are
those of Keras: images (n, height, width, C_in), kernels (k_h, k_w, C_in, C_out).

Inputs may hold integers, booleans or floats. All arithmetic is done in float64, so a
picture of uint8 pixels cannot overflow.
"""

import math
import operator
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from course_utils.errors import CourseError

Array = NDArray[np.float64]
Pair = int | tuple[int, int]
Padding = Literal["valid", "same"] | int | tuple[tuple[int, int], tuple[int, int]]


class InvalidInput(CourseError, ValueError):
    """An array or a number that a function cannot work with, and why."""


def correlate2d(image: ArrayLike, kernel: ArrayLike) -> Array:
    """Slide a kernel over one grey image and take a dot product at every position.

    Only positions where the kernel lies wholly inside the image count ("valid").

    Parameters
    ----------
    image : array of shape (height, width)
        Grey values.
    kernel : array of shape (k_h, k_w)
        Weights, used as they stand: the kernel is not flipped.

    Returns
    -------
    float64 array of shape (height - k_h + 1, width - k_w + 1)
        The feature map: where the pattern is, and how strongly.

    Raises
    ------
    InvalidInput
        If an input is not 2-D, holds NaN or infinity, or the kernel is larger than
        the image.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning* (2016), equation 9.6.

    Examples
    --------
    A vertical edge, dark on the left and bright on the right:

    >>> image = [[0, 0, 1, 1]] * 4
    >>> correlate2d(image, [[-1, 0, 1]] * 3)
    array([[3., 3.],
           [3., 3.]])
    """
    image = _numbers(image, "image", "height, width")
    kernel = _numbers(kernel, "kernel", "k_h, k_w")
    _require_fit(image.shape, kernel.shape)
    windows = sliding_window_view(image, kernel.shape)
    return np.asarray(np.einsum("ijkl,kl->ij", windows, kernel))


def conv2d(
    x: ArrayLike,
    kernel: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    strides: Pair = 1,
    padding: Padding = "valid",
    dilation: Pair = 1,
) -> Array:
    """Convolve a batch of images with a bank of filters, as ``keras.layers.Conv2D``.

    Each filter has weights for every input channel; the products are summed over all
    of them, and the filter's bias is added once.

    Parameters
    ----------
    x : array of shape (n, height, width, C_in)
        Images.
    kernel : array of shape (k_h, k_w, C_in, C_out)
        One filter per output channel.
    bias : array of shape (C_out,), optional
        One number per filter.
    strides : int or (rows, columns)
        Step of the window in pixels.
    padding : "valid", "same", int or ((top, bottom), (left, right))
        Zeros around the image. "same" is that of TensorFlow, see `same_padding`. An
        int counts the rows (and columns) added in all, both sides together; the odd
        one goes to the bottom and the right.
    dilation : int or (rows, columns)
        Distance in pixels between neighbouring weights of the kernel.

    Returns
    -------
    float64 array of shape (n, h_out, w_out, C_out)
        One feature map per image and filter; sizes as in `output_size`.

    Raises
    ------
    InvalidInput
        If shapes do not match, an array holds NaN or infinity, the kernel is larger
        than the padded image, or a stride, padding or dilation makes no sense.

    Notes
    -----
    The windows are copied before they meet the kernel, which takes about k_h·k_w times
    the memory of `x`: give it a few hundred images at a time, not sixty thousand.
    Strides and dilation may be combined here; Keras refuses that.

    References
    ----------
    V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning" (2016),
    arXiv:1603.07285.

    Examples
    --------
    >>> x = np.ones((1, 28, 28, 3), dtype=np.uint8)
    >>> conv2d(x, np.ones((5, 5, 3, 9)), np.zeros(9)).shape
    (1, 24, 24, 9)
    >>> conv2d(x, np.ones((3, 3, 3, 9)), strides=2, padding="same").shape
    (1, 14, 14, 9)
    """
    x = _numbers(x, "batch of images", "n, height, width, C_in")
    kernel = _numbers(kernel, "kernel", "k_h, k_w, C_in, C_out")
    _require_channels(x.shape, kernel.shape)
    windows = _windows(x, kernel.shape[:2], strides, padding, dilation)
    maps = np.tensordot(windows, kernel, axes=3)
    if bias is None:
        return maps
    bias = _numbers(bias, "bias", "C_out")
    if bias.shape != kernel.shape[3:]:
        raise InvalidInput(
            f"The bias has {bias.size} numbers and the kernel {kernel.shape} has"
            f" {kernel.shape[3]} filters: give one number per filter."
        )
    return maps + bias


def conv2d_backward(
    x: ArrayLike,
    kernel: ArrayLike,
    upstream: ArrayLike,
    *,
    strides: Pair = 1,
    padding: Padding = "valid",
    dilation: Pair = 1,
) -> tuple[Array, Array, Array]:
    """Gradients of a loss with respect to images, kernel and bias of `conv2d`.

    Parameters
    ----------
    x : array of shape (n, height, width, C_in)
        Images that went in.
    kernel : array of shape (k_h, k_w, C_in, C_out)
        Filters that were used.
    upstream : array of shape (n, h_out, w_out, C_out)
        Gradient of the loss with respect to the feature maps that came out.
    strides, padding, dilation
        As in the call of `conv2d`.

    Returns
    -------
    (grad_x, grad_kernel, grad_bias) : float64 arrays
        With the shapes of `x`, of `kernel`, and (C_out,).

    Raises
    ------
    InvalidInput
        As `conv2d`, or if `upstream` does not have the shape of the feature maps.

    References
    ----------
    V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning" (2016),
    arXiv:1603.07285, chapter 4: the gradient of the images is the transposed
    convolution of `upstream`.

    Examples
    --------
    Each pixel gets back as many ones as there are windows that it lies in:

    >>> x, kernel = np.zeros((1, 3, 4, 1)), np.ones((2, 2, 1, 1))
    >>> grad_x, _, grad_bias = conv2d_backward(x, kernel, np.ones((1, 2, 3, 1)))
    >>> grad_x[0, :, :, 0]
    array([[1., 2., 2., 1.],
           [2., 4., 4., 2.],
           [1., 2., 2., 1.]])
    >>> grad_bias
    array([6.])
    """
    x = _numbers(x, "batch of images", "n, height, width, C_in")
    kernel = _numbers(kernel, "kernel", "k_h, k_w, C_in, C_out")
    upstream = _numbers(upstream, "upstream gradient", "n, h_out, w_out, C_out")
    _require_channels(x.shape, kernel.shape)
    windows = _windows(x, kernel.shape[:2], strides, padding, dilation)
    maps = (*windows.shape[:3], kernel.shape[3])
    if upstream.shape != maps:
        raise InvalidInput(
            f"The upstream gradient has shape {upstream.shape} and the feature maps"
            f" {maps}: it holds one number per value of the maps."
        )
    grad_kernel = np.tensordot(windows, upstream, axes=((0, 1, 2), (0, 1, 2)))

    step, spread = _pair(strides, "strides"), _pair(dilation, "dilation")
    pads = _pads(padding, x.shape[1:3], kernel.shape[:2], step, spread)
    padded = np.zeros_like(np.pad(x, ((0, 0), *pads, (0, 0))))
    for u, v in np.ndindex(kernel.shape[:2]):
        # The pixels that weight (u, v) met, one for each position of the window.
        rows = np.arange(maps[1])[:, None] * step[0] + u * spread[0]
        columns = np.arange(maps[2]) * step[1] + v * spread[1]
        padded[:, rows, columns] += upstream @ kernel[u, v].T
    (top, _), (left, _) = pads
    grad_x = padded[:, top : top + x.shape[1], left : left + x.shape[2]]
    return grad_x, grad_kernel, upstream.sum(axis=(0, 1, 2))


def im2col(
    x: ArrayLike,
    kernel_size: Pair,
    *,
    strides: Pair = 1,
    padding: Padding = "valid",
    dilation: Pair = 1,
) -> Array:
    """Write every window of the images as a row, so that convolution is one product.

    Parameters
    ----------
    x : array of shape (n, height, width, C)
        Images.
    kernel_size : int or (k_h, k_w)
        Size of the window in pixels.
    strides, padding, dilation
        As in `conv2d`.

    Returns
    -------
    float64 array of shape (n·h_out·w_out, k_h·k_w·C)
        Windows in reading order: image by image, row by row. A row runs through the
        window in the order in which Keras stores a kernel, channels fastest.

    Raises
    ------
    InvalidInput
        As `conv2d`.

    References
    ----------
    K. Chellapilla, S. Puri, P. Simard, "High performance convolutional neural networks
    for document processing", IWFHR (2006).

    Examples
    --------
    >>> x = np.arange(9).reshape(1, 3, 3, 1)
    >>> im2col(x, 2)
    array([[0., 1., 3., 4.],
           [1., 2., 4., 5.],
           [3., 4., 6., 7.],
           [4., 5., 7., 8.]])
    >>> kernel = np.ones((2, 2, 1, 6))
    >>> (im2col(x, 2) @ kernel.reshape(-1, 6)).reshape(1, 2, 2, 6).shape
    (1, 2, 2, 6)
    """
    x = _numbers(x, "batch of images", "n, height, width, C")
    size = _pair(kernel_size, "kernel_size")
    windows = _windows(x, size, strides, padding, dilation)
    rows = windows.shape[0] * windows.shape[1] * windows.shape[2]
    return windows.reshape(rows, size[0] * size[1] * x.shape[3])


def max_pool2d(
    x: ArrayLike,
    pool_size: Pair = 2,
    *,
    strides: Pair | None = None,
    padding: Literal["valid", "same"] = "valid",
) -> Array:
    """Keep the largest value of each window, channel by channel.

    Parameters
    ----------
    x : array of shape (n, height, width, C)
        Images or feature maps.
    pool_size : int or (rows, columns)
        Size of the window in pixels.
    strides : int or (rows, columns), optional
        Step of the window in pixels; the pool size if left out.
    padding : "valid" or "same"
        Whether incomplete windows at the edge count. Padded places never win.

    Returns
    -------
    float64 array of shape (n, h_out, w_out, C)

    Raises
    ------
    InvalidInput
        If `x` is not 4-D, holds NaN or infinity, or is smaller than the window.

    References
    ----------
    The arithmetic is that of ``keras.layers.MaxPooling2D``.

    Examples
    --------
    >>> x = np.arange(16).reshape(1, 4, 4, 1)
    >>> max_pool2d(x)[0, :, :, 0]
    array([[ 5.,  7.],
           [13., 15.]])
    """
    windows = _pool_windows(x, pool_size, strides, padding, fill=-np.inf)
    return np.asarray(windows.max(axis=(3, 4)))


def avg_pool2d(
    x: ArrayLike,
    pool_size: Pair = 2,
    *,
    strides: Pair | None = None,
    padding: Literal["valid", "same"] = "valid",
) -> Array:
    """Take the mean of each window, channel by channel.

    Parameters
    ----------
    x, pool_size, strides
        As in `max_pool2d`.
    padding : "valid" or "same"
        Whether incomplete windows at the edge count. Their mean is over the pixels
        that lie in the image, as TensorFlow takes it.

    Returns
    -------
    float64 array of shape (n, h_out, w_out, C)

    Raises
    ------
    InvalidInput
        As `max_pool2d`.

    References
    ----------
    The arithmetic is that of ``keras.layers.AveragePooling2D``.

    Examples
    --------
    >>> x = np.arange(16).reshape(1, 4, 4, 1)
    >>> avg_pool2d(x)[0, :, :, 0]
    array([[ 2.5,  4.5],
           [10.5, 12.5]])
    """
    # NaN marks the padding, which the input itself cannot hold.
    windows = _pool_windows(x, pool_size, strides, padding, fill=np.nan)
    return np.asarray(np.nanmean(windows, axis=(3, 4)))


def output_size(
    n: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """Size of a feature map along one axis: ⌊(n + p − k) / s⌋ + 1.

    Parameters
    ----------
    n : int
        Input size in pixels.
    kernel_size : int
        Filter size in pixels; with dilation d it spans k = (kernel_size − 1)·d + 1.
    stride : int
        Step s of the window in pixels. What is left over at the end is not used: the
        floor.
    padding : int
        Rows p added **in all**, both sides together. Other texts count one side; their
        2p is this p.
    dilation : int
        Distance d in pixels between neighbouring weights.

    Raises
    ------
    InvalidInput
        If the filter does not fit into the padded input, or a number makes no sense.

    References
    ----------
    V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning" (2016),
    arXiv:1603.07285, relationships 6 and 15 (their padding counts one side).

    Examples
    --------
    >>> output_size(28, 5)
    24
    >>> output_size(28, 5, padding=4)
    28
    >>> output_size(28, 3, stride=2)
    13
    """
    n = _integer(n, "n", 1)
    padding = _integer(padding, "padding", 0)
    stride = _integer(stride, "stride", 1)
    span = _span(kernel_size, dilation)
    if span > n + padding:
        raise InvalidInput(
            f"A kernel that spans {span} pixels does not fit into {n} pixels with"
            f" {padding} of padding: take a smaller kernel or add padding."
        )
    return (n + padding - span) // stride + 1


def same_padding(
    n: int, kernel_size: int, stride: int = 1, dilation: int = 1
) -> tuple[int, int]:
    """Rows of zeros that ``padding="same"`` adds before and after, along one axis.

    "same" promises ⌈n / stride⌉ outputs, which at stride 1 is the input size. When the
    rows needed are odd in number, the extra one goes after: at the bottom or the right.

    Parameters
    ----------
    n : int
        Input size in pixels.
    kernel_size : int
        Filter size in pixels.
    stride : int
        Step of the window in pixels.
    dilation : int
        Distance in pixels between neighbouring weights.

    Returns
    -------
    (before, after) : rows at the top and bottom, or columns at the left and right.

    Raises
    ------
    InvalidInput
        If a number is not a whole number of at least 1.

    References
    ----------
    TensorFlow, "Notes on padding" in the documentation of ``tf.nn``.

    Examples
    --------
    >>> same_padding(28, 5)
    (2, 2)
    >>> same_padding(28, 3, stride=2)
    (0, 1)
    """
    n = _integer(n, "n", 1)
    stride = _integer(stride, "stride", 1)
    outputs = -(-n // stride)
    total = max((outputs - 1) * stride + _span(kernel_size, dilation) - n, 0)
    return total // 2, total - total // 2


def output_shape(
    input_shape: Sequence[int],
    kernel_shape: Sequence[int],
    *,
    strides: Pair = 1,
    padding: Padding = "valid",
    dilation: Pair = 1,
) -> tuple[int, int, int]:
    """Shape of the feature maps that a convolution makes of one image.

    Parameters
    ----------
    input_shape : (height, width, C_in)
        Shape of the image.
    kernel_shape : (k_h, k_w, C_in, C_out)
        Shape of the kernel.
    strides, padding, dilation
        As in `conv2d`.

    Returns
    -------
    (h_out, w_out, C_out)

    Raises
    ------
    InvalidInput
        As `conv2d`.

    Examples
    --------
    >>> output_shape((224, 224, 3), (7, 7, 3, 64), strides=2, padding="same")
    (112, 112, 64)
    """
    if len(input_shape) != 3 or len(kernel_shape) != 4:
        raise InvalidInput(
            "input_shape is (height, width, C_in) and kernel_shape (k_h, k_w, C_in,"
            f" C_out); got {tuple(input_shape)} and {tuple(kernel_shape)}."
        )
    _require_channels((1, *input_shape), kernel_shape)
    step, spread = _pair(strides, "strides"), _pair(dilation, "dilation")
    pads = _pads(padding, input_shape[:2], kernel_shape[:2], step, spread)
    height, width = (
        output_size(n, k, s, sum(pad), d)
        for n, k, s, pad, d in zip(
            input_shape[:2], kernel_shape[:2], step, pads, spread, strict=True
        )
    )
    return height, width, _integer(kernel_shape[3], "C_out", 1)


def multiply_adds(
    input_shape: Sequence[int],
    kernel_shape: Sequence[int],
    *,
    strides: Pair = 1,
    padding: Padding = "valid",
    dilation: Pair = 1,
) -> int:
    """Multiplications, each with its addition, of a convolution of one image.

    Every value of every feature map is a dot product of k_h·k_w·C_in weights. Zeros of
    the padding are counted, since they are multiplied like pixels; the bias is not.

    Parameters
    ----------
    input_shape, kernel_shape, strides, padding, dilation
        As in `output_shape`.

    Returns
    -------
    Multiply–adds (MACs). Papers that count "FLOPs" often count two for each.

    Raises
    ------
    InvalidInput
        As `conv2d`.

    Examples
    --------
    >>> multiply_adds((28, 28, 1), (5, 5, 1, 9))
    129600
    >>> 24 * 24 * 9 * (5 * 5 * 1)
    129600
    """
    maps = output_shape(
        input_shape, kernel_shape, strides=strides, padding=padding, dilation=dilation
    )
    return math.prod(maps) * math.prod(kernel_shape[:3])


def receptive_field(layers: Sequence[Sequence[int]]) -> int:
    """How many input pixels, along one axis, one output value can see.

    Each layer adds (k − 1)·d steps, and a step is as many input pixels wide as the
    strides of all layers before it, multiplied.

    Parameters
    ----------
    layers : sequence of (kernel_size, stride) or (kernel_size, stride, dilation)
        From the input to the output; a pooling layer counts like a convolution.

    Raises
    ------
    InvalidInput
        If a layer is not two or three whole numbers of at least 1.

    References
    ----------
    A. Araujo, W. Norris, J. Sim, "Computing receptive fields of convolutional neural
    networks", Distill (2019), doi:10.23915/distill.00021.

    Examples
    --------
    Two 5×5 convolutions, each followed by 2×2 pooling, stage by stage:

    >>> net = [(5, 1), (2, 2), (5, 1), (2, 2)]
    >>> [receptive_field(net[:depth]) for depth in (1, 2, 3, 4)]
    [5, 6, 14, 16]
    """
    field, step = 1, 1
    for layer in layers:
        match layer:
            case [kernel_size, stride]:
                dilation = 1
            case [kernel_size, stride, dilation]:
                pass
            case _:
                raise InvalidInput(
                    "A layer must be (kernel_size, stride) or"
                    f" (kernel_size, stride, dilation); got {layer!r}."
                )
        field += (_span(kernel_size, dilation) - 1) * step
        step *= _integer(stride, "stride", 1)
    return field


def _numbers(values: ArrayLike, name: str, axes: str) -> Array:
    """Return the values as float64, or say why they cannot be used."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise InvalidInput(
            f"The {name} is not an array: its rows differ in length."
        ) from None
    if array.dtype.kind not in "biuf":
        raise InvalidInput(
            f"The {name} must hold real numbers; its dtype is {array.dtype}."
        )
    ndim = axes.count(",") + 1
    if array.ndim != ndim:
        raise InvalidInput(
            f"The {name} must be {ndim}-D, ({axes}); got shape {array.shape}."
        )
    numbers = array.astype(np.float64)
    if not np.isfinite(numbers).all():
        raise InvalidInput(
            f"The {name} holds NaN or infinity: find where they come from, or replace"
            " them, for example with np.nan_to_num."
        )
    return numbers


def _integer(value: Any, name: str, least: int) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        number = least - 1
    if number < least:
        raise InvalidInput(
            f"{name} must be a whole number of at least {least}; got {value!r}."
        )
    return number


def _pair(value: Any, name: str) -> tuple[int, int]:
    """Spell out one number as (rows, columns)."""
    pair = value if isinstance(value, tuple | list) else (value, value)
    if len(pair) != 2:
        raise InvalidInput(
            f"{name} must be one number or (rows, columns); got {value!r}."
        )
    return _integer(pair[0], name, 1), _integer(pair[1], name, 1)


def _span(kernel_size: int, dilation: int) -> int:
    """Pixels from the first to the last weight of a dilated kernel."""
    size = _integer(kernel_size, "kernel_size", 1)
    return (size - 1) * _integer(dilation, "dilation", 1) + 1


def _require_channels(images: Sequence[int], kernel: Sequence[int]) -> None:
    if images[3] != kernel[2]:
        raise InvalidInput(
            f"The images have {images[3]} channels and the kernel expects {kernel[2]}:"
            f" axis 3 of the images {tuple(images)} and axis 2 of the kernel"
            f" {tuple(kernel)} must agree."
        )


def _require_fit(image: Sequence[int], kernel: Sequence[int]) -> None:
    if 0 in kernel:
        raise InvalidInput(f"The kernel {tuple(kernel)} is empty: give it weights.")
    if kernel[0] > image[0] or kernel[1] > image[1]:
        raise InvalidInput(
            f"The kernel spans {kernel[0]}×{kernel[1]} pixels and the image, padding"
            f" included, has {image[0]}×{image[1]}: take a smaller kernel or add"
            " padding."
        )


def _pads(
    padding: Any,
    shape: Sequence[int],
    size: Sequence[int],
    strides: tuple[int, int],
    dilation: tuple[int, int],
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Spell out any kind of padding as ((top, bottom), (left, right))."""
    match padding:
        case "valid":
            return (0, 0), (0, 0)
        case "same":
            rows, columns = map(same_padding, shape, size, strides, dilation)
            return rows, columns
        case [[top, bottom], [left, right]]:
            sides = [_integer(p, "padding", 0) for p in (top, bottom, left, right)]
            return (sides[0], sides[1]), (sides[2], sides[3])
        case str() | list() | tuple():
            raise InvalidInput(
                'padding must be "valid", "same", the number of rows to add in all,'
                f" or ((top, bottom), (left, right)); got {padding!r}."
            )
        case _:
            total = _integer(padding, "padding", 0)
            half = (total // 2, total - total // 2)
            return half, half


def _windows(
    x: Array,
    size: Sequence[int],
    strides: Pair,
    padding: Padding,
    dilation: Pair,
    fill: float = 0.0,
) -> Array:
    """View of every window, of shape (n, h_out, w_out, k_h, k_w, C)."""
    if 0 in size or 0 in x.shape[1:]:
        raise InvalidInput(
            f"There is nothing to convolve: the images have shape {x.shape} and the"
            f" kernel {tuple(size)}."
        )
    step, spread = _pair(strides, "strides"), _pair(dilation, "dilation")
    pads = _pads(padding, x.shape[1:3], size, step, spread)
    padded = np.pad(x, ((0, 0), *pads, (0, 0)), constant_values=fill)
    spans = _span(size[0], spread[0]), _span(size[1], spread[1])
    _require_fit(padded.shape[1:3], spans)
    windows = sliding_window_view(padded, spans, axis=(1, 2))
    windows = windows[:, :: step[0], :: step[1], :, :: spread[0], :: spread[1]]
    return np.moveaxis(windows, 3, -1)


def _pool_windows(
    x: ArrayLike, pool_size: Pair, strides: Pair | None, padding: Padding, fill: float
) -> Array:
    x = _numbers(x, "batch of images", "n, height, width, C")
    if padding == "same" or padding == "valid":
        size = _pair(pool_size, "pool_size")
        step = size if strides is None else strides
        return _windows(x, size, step, padding, 1, fill)
    raise InvalidInput(f'padding of a pool must be "valid" or "same"; got {padding!r}.')
