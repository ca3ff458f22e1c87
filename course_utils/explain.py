"""What a net looks at: feature maps, saliency, Grad-CAM, occlusion, favourite pictures.

All of it asks about *logits*: after a softmax a class may also gain because the others
lose. Where a net ends in a softmax, the logits before it are taken. Nets are called
with ``training=False`` throughout, so that dropout, batch normalisation and
augmentation stand still. Sequential and functional models will do; a subclassed model
has no layers to open.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.conv import InvalidInput

if TYPE_CHECKING:
    import keras

Maps = NDArray[np.float32]

BATCH = 32  # pictures at once: gradients of more would need much memory


def feature_maps(model: "keras.Model", images: ArrayLike, layer: str) -> Maps:
    """What a layer makes of images.

    Parameters
    ----------
    model : keras.Model
        A Sequential or functional model that knows its input shape.
    images : array of shape (n, height, width, C)
        As the net takes them.
    layer : str
        Name of the layer, as ``model.summary()`` shows it.

    Returns
    -------
    array of shape (n, …), what the layer puts out: (n, h, w, maps) for a convolution.

    Raises
    ------
    InvalidInput
        If the model cannot be opened, has no such layer, or takes other images.

    Examples
    --------
    >>> import keras
    >>> net = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.AveragePooling2D(
    ...     2, name="mean")])
    >>> feature_maps(net, np.ones((1, 4, 4, 1)), "mean").shape
    (1, 2, 2, 1)
    """
    x = _images(model, images)
    inside = _opened(model, layer)
    return _in_batches(lambda part: inside(part, training=False)["inside"], x)


def saliency(
    model: "keras.Model", images: ArrayLike, classes: ArrayLike | None = None
) -> Maps:
    """How much each pixel moves the logit of a class: the size of its gradient.

    Of several colour channels the one with the largest gradient counts.

    Parameters
    ----------
    model : keras.Model
        A classifier, Sequential or functional.
    images : array of shape (n, height, width, C)
        As the net takes them.
    classes : integers of shape (n,), optional
        Whose logit it is about; by default the class that the net gives each image.

    Returns
    -------
    array of shape (n, height, width), at least 0; logits per unit of pixel value.

    Raises
    ------
    InvalidInput
        If model, images and classes do not fit together.

    References
    ----------
    Simonyan, Vedaldi and Zisserman 2014, https://arxiv.org/abs/1312.6034.
    """
    x = _images(model, images)
    gradients = _gradients(model, x, _asked(model, x, classes))
    return _largest(gradients)


def smooth_grad(
    model: "keras.Model",
    images: ArrayLike,
    classes: ArrayLike | None = None,
    *,
    samples: int = 25,
    noise: float = 0.15,
    seed: int = 0,
) -> Maps:
    """Saliency of the mean gradient over noisy copies of each image.

    Parameters
    ----------
    model, images, classes :
        As for `saliency`. The class is that of the image without noise.
    samples : int
        Noisy copies, at least 1.
    noise : float
        Standard deviation of the noise, as a share of each image's range of values.
    seed : int
        Of the noise.

    Returns
    -------
    array of shape (n, height, width), at least 0.

    Raises
    ------
    InvalidInput
        If model, images and classes do not fit together, or no copy is asked for.

    References
    ----------
    Smilkov, Thorat, Kim, Viégas and Wattenberg 2017, https://arxiv.org/abs/1706.03825.
    """
    if samples < 1 or noise < 0:
        raise InvalidInput(
            f"samples must be at least 1 and noise at least 0; got {samples}, {noise}."
        )
    x = _images(model, images)
    asked = _asked(model, x, classes)
    rng = np.random.default_rng(seed)
    spread = noise * np.ptp(x, axis=(1, 2, 3), keepdims=True)
    mean = np.zeros_like(x)
    for _ in range(samples):
        noisy = x + spread * rng.standard_normal(x.shape, dtype=np.float32)
        mean += _gradients(model, noisy, asked) / np.float32(samples)
    return _largest(mean)


def grad_cam(
    model: "keras.Model",
    images: ArrayLike,
    layer: str,
    classes: ArrayLike | None = None,
) -> Maps:
    """Where the maps of a layer speak for a class, laid over the image.

    Each map is weighted by the mean gradient of the logit over its places; the maps are
    added up, what speaks against the class is cut off, and the result is brought to the
    image's size bilinearly.

    Parameters
    ----------
    model, images, classes :
        As for `saliency`.
    layer : str
        Name of a layer that puts out maps, as a rule the last convolution.

    Returns
    -------
    array of shape (n, height, width), at least 0; in units of logits per place.

    Raises
    ------
    InvalidInput
        As for `saliency`, and if the layer is not there or puts out no maps.

    References
    ----------
    Selvaraju and others 2017, https://doi.org/10.1109/ICCV.2017.74.
    """
    import keras
    import tensorflow as tf

    x = _images(model, images)
    inside = _opened(model, layer)
    shape = model.get_layer(layer).output.shape
    if len(shape) != 4:
        raise InvalidInput(
            f"Grad-CAM needs a layer with maps, (n, height, width, maps); {layer!r} "
            f"puts out {shape}."
        )

    def heat(part: Any, of: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(part)  # frozen layers would leave no trace otherwise
            outputs = inside(part, training=False)
            maps = outputs["inside"]
            score = keras.ops.sum(outputs["logits"] * of)
        weights = keras.ops.mean(tape.gradient(score, maps), axis=(1, 2), keepdims=True)
        summed = keras.ops.sum(weights * maps, axis=-1, keepdims=True)
        return keras.ops.image.resize(keras.ops.relu(summed), x.shape[1:3])[..., 0]

    return _in_batches(heat, x, _asked(model, x, classes))


def occlusion(
    model: "keras.Model",
    images: ArrayLike,
    classes: ArrayLike | None = None,
    *,
    size: int = 8,
    stride: int = 4,
    grey: float | None = None,
) -> Maps:
    """By how much the logit of a class falls when a square hides part of the image.

    Unlike a gradient this asks a real question: what if that part were not there? A
    pixel gets the mean over all squares that hid it.

    Parameters
    ----------
    model, images, classes :
        As for `saliency`.
    size, stride : int
        Side of the square and the step by which it moves, in pixels, 1 ≤ stride ≤ size.
        The last squares end at the rim, so that every pixel is hidden at least once.
    grey : float, optional
        What the square is filled with; by default each image's own mean.

    Returns
    -------
    array of shape (n, height, width), in logits; negative where hiding helps the class.

    Raises
    ------
    InvalidInput
        If model, images and classes do not fit together, or the square does not fit.

    References
    ----------
    Zeiler and Fergus 2014, https://doi.org/10.1007/978-3-319-10590-1_53.
    """
    x = _images(model, images)
    height, width = x.shape[1:3]
    if not 1 <= stride <= size <= min(height, width):
        raise InvalidInput(
            f"A square of {size} pixels with steps of {stride} does not fit: needed is "
            f"1 ≤ stride ≤ size ≤ {min(height, width)}."
        )
    asked = _asked(model, x, classes)
    whole = (_logits(model, x) * asked).sum(axis=1)
    fill = x.mean(axis=(1, 2, 3)) if grey is None else np.full(len(x), grey)
    fallen, times = np.zeros(x.shape[:3]), np.zeros((height, width))
    for top in _starts(height, size, stride):
        for left in _starts(width, size, stride):
            square = (slice(top, top + size), slice(left, left + size))
            hidden = x.copy()
            hidden[:, *square] = fill[:, None, None, None]
            kept = (_logits(model, hidden) * asked).sum(axis=1)
            fallen[:, *square] += (whole - kept)[:, None, None]
            times[square] += 1
    return (fallen / times).astype(np.float32)


def favourite_picture(
    model: "keras.Model",
    layer: str,
    channel: int,
    *,
    steps: int = 100,
    rate: float = 0.05,
    seed: int = 0,
) -> Maps:
    """A picture that a map, or a unit, of a layer answers to strongly.

    It begins as grey noise and climbs the gradient of the mean answer: in each step
    every pixel moves by `rate` in the mean, and values are kept between 0 and 1.

    Parameters
    ----------
    model : keras.Model
        Sequential or functional, with images of a fixed size.
    layer : str
        Name of the layer.
    channel : int
        Which map, or which unit, from 0.
    steps : int
        How often the picture is changed.
    rate : float
        Size of a step, in pixel values.
    seed : int
        Of the noise at the start.

    Returns
    -------
    array of shape (height, width, C), from 0 to 1.

    Raises
    ------
    InvalidInput
        If the model cannot be opened, or has no such layer or channel.

    References
    ----------
    Erhan, Bengio, Courville and Vincent 2009, “Visualizing higher-layer features of a
    deep network”, technical report 1341, Université de Montréal.
    """
    import keras
    import tensorflow as tf

    inside = _opened(model, layer)
    channels = model.get_layer(layer).output.shape[-1]
    if not 0 <= channel < channels:
        raise InvalidInput(
            f"{layer!r} has the channels 0 to {channels - 1}; got {channel}."
        )
    rng = np.random.default_rng(seed)
    start = 0.5 + 0.05 * rng.standard_normal((1, *model.input_shape[1:]))
    picture = tf.Variable(start.clip(0, 1).astype(np.float32))
    for _ in range(steps):
        with tf.GradientTape() as tape:
            answer = inside(picture, training=False)["inside"][..., channel]
            score = keras.ops.mean(answer)
        slope = tape.gradient(score, picture)
        length = keras.ops.mean(keras.ops.abs(slope))
        picture.assign_add(rate * slope / (length + 1e-12))
        picture.assign(keras.ops.clip(picture, 0.0, 1.0))
    return np.asarray(picture.numpy()[0])


def with_random_weights(model: "keras.Model", seed: int = 0) -> "keras.Model":
    """The same net with new first weights: the sanity check of a map.

    A map that looks the same for this net as for the trained one shows the picture, and
    not what the net has learned.

    Parameters
    ----------
    model : keras.Model
        Sequential or functional; stays as it is.
    seed : int
        As for ``keras.utils.set_random_seed``, which it is given to.

    Returns
    -------
    keras.Model, not compiled, with the same layers under the same names.

    References
    ----------
    Adebayo and others 2018, https://arxiv.org/abs/1810.03292.
    """
    import keras

    keras.utils.set_random_seed(seed)
    return keras.models.clone_model(model)


def _images(model: "keras.Model", images: ArrayLike) -> Maps:
    x = np.asarray(images, dtype=np.float32)
    shape = getattr(model, "input_shape", None)
    if not isinstance(shape, tuple) or len(shape) != 4:
        raise InvalidInput(
            "The net must be a Sequential or functional model of images that knows its "
            f"input shape; its input shape is {shape}."
        )
    fits = x.ndim == 4 and len(x) > 0
    fits = fits and all(
        want in (None, have) for want, have in zip(shape, x.shape, strict=True)
    )
    if not fits:
        hint = " A single one needs images[None]." if x.ndim == 3 else ""
        raise InvalidInput(
            f"The net takes images of shape {shape}; got {x.shape}.{hint}"
        )
    return x


def _opened(model: "keras.Model", layer: str | None = None) -> "keras.Model":
    """The model with its logits, and the output of a layer if asked for, as outputs."""
    import keras

    outputs = {"logits": _before_softmax(model)}
    if layer is not None:
        names = [one.name for one in model.layers]
        if layer not in names:
            known = ", ".join(names)
            raise InvalidInput(f"There is no layer {layer!r}; there are {known}.")
        outputs["inside"] = model.get_layer(layer).output
    return keras.Model(model.inputs, outputs)


def _before_softmax(model: "keras.Model") -> Any:
    """The model's output, or, where that is a softmax of a dense layer, its logits."""
    import keras

    last = model.layers[-1]
    if isinstance(last, keras.layers.Softmax):
        return last.input
    if getattr(last, "activation", None) is not keras.activations.softmax:
        return model.outputs[0]
    logits = keras.ops.matmul(last.input, last.kernel)
    return logits if last.bias is None else logits + last.bias


def _asked(model: "keras.Model", x: Maps, classes: ArrayLike | None) -> Maps:
    """A row for each image: 1 for the class that it is about, 0 for the others."""
    logits = _logits(model, x)
    if logits.ndim != 2:
        raise InvalidInput(
            "The net must give one logit per class, (n, classes); it gives shape "
            f"{logits.shape}."
        )
    chosen = np.asarray(logits.argmax(axis=1) if classes is None else classes)
    count = logits.shape[1]
    whole = chosen.shape == (len(x),) and chosen.dtype.kind in "iu"
    if not whole or chosen.min() < 0 or chosen.max() >= count:
        raise InvalidInput(
            f"classes must hold one number from 0 to {count - 1} per image, shape "
            f"({len(x)},); got {classes!r}."
        )
    rows: Maps = np.eye(count, dtype=np.float32)[chosen]
    return rows


def _logits(model: "keras.Model", x: Maps) -> Maps:
    opened = _opened(model)
    return _in_batches(lambda part: opened(part, training=False)["logits"], x)


def _gradients(model: "keras.Model", x: Maps, asked: Maps) -> Maps:
    """Gradient of the logit that each image is asked about, of the images' shape."""
    import keras
    import tensorflow as tf

    opened = _opened(model)

    def gradient(part: Any, of: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(part)
            score = keras.ops.sum(opened(part, training=False)["logits"] * of)
        return tape.gradient(score, part)

    return _in_batches(gradient, x, asked)


def _largest(gradients: Maps) -> Maps:
    """Size of the largest gradient of each pixel's channels."""
    return np.asarray(np.abs(gradients).max(axis=-1))


def _in_batches(work: Callable[..., Any], *arrays: Maps) -> Maps:
    """Do `work` on tensors of some images at a time, and put its results together."""
    import keras

    n = len(arrays[0])
    parts = (
        [keras.ops.convert_to_tensor(array[i : i + BATCH]) for array in arrays]
        for i in range(0, n, BATCH)
    )
    results: list[Maps] = [keras.ops.convert_to_numpy(work(*part)) for part in parts]
    return np.concatenate(results)


def _starts(length: int, size: int, stride: int) -> list[int]:
    """Where squares begin along an axis; the last one ends at the rim."""
    return sorted({*range(0, length - size + 1, stride), length - size})
