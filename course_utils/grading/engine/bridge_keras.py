"""Keras and TensorFlow values as data.

A model crosses as its configuration and its weights and is built anew, from Keras' own
layers alone. Keras would import what a configuration names, so a configuration is
looked through first: every object in it must be on the lists below, which hold nothing
that runs code from its configuration, reads a file or calls back.

Anything with a layer, loss or function of the student's own crosses as a reference.
"""

import json
import sys
from typing import Any

import numpy as np

from course_utils.grading.engine import bridge
from course_utils.grading.engine.bridge import BridgeError, Decoder, Encoder, Node

MAX_CONFIG = 4_000_000

_LAYERS = """
Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention Average
AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D AvgPool3D
AugMix AutoContrast BatchNormalization Bidirectional CategoryEncoding CenterCrop
Concatenate Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose
ConvLSTM1D ConvLSTM2D ConvLSTM3D Convolution1D Convolution2D Convolution3D Cropping1D
Cropping2D Cropping3D CutMix Dense DepthwiseConv1D DepthwiseConv2D Dot Dropout ELU
EinsumDense Embedding Equalization Flatten GRU GRUCell GaussianDropout GaussianNoise
GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D
GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GroupNormalization
GroupQueryAttention Identity InputLayer LSTM LSTMCell LayerNormalization LeakyReLU
Masking MaxPool1D MaxPool2D MaxPool3D MaxPooling1D MaxPooling2D MaxPooling3D Maximum
Minimum MixUp MultiHeadAttention Multiply Normalization PReLU Permute RMSNormalization
RNN RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter
RandomContrast RandomCrop RandomElasticTransform RandomErasing RandomFlip
RandomGaussianBlur RandomGrayscale RandomHeight RandomHue RandomInvert
RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness
RandomShear RandomTranslation RandomWidth RandomZoom ReLU RepeatVector Rescaling Reshape
Resizing SeparableConv1D SeparableConv2D SimpleRNN SimpleRNNCell Softmax Solarization
SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization StackedRNNCells
Subtract TimeDistributed UnitNormalization UpSampling1D UpSampling2D UpSampling3D
ZeroPadding1D ZeroPadding2D ZeroPadding3D
"""
_INITIALIZERS = """
Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity IdentityInitializer
LecunNormal LecunUniform Ones Orthogonal OrthogonalInitializer RandomNormal
RandomUniform TruncatedNormal VarianceScaling Zeros
"""
_OPTIMIZERS = """
Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lamb Lion LossScaleOptimizer Muon
Nadam RMSprop SGD
"""
_SCHEDULES = """
CosineDecay CosineDecayRestarts ExponentialDecay InverseTimeDecay
PiecewiseConstantDecay PolynomialDecay
"""
_LOSSES = """
BinaryCrossentropy BinaryFocalCrossentropy CTC CategoricalCrossentropy
CategoricalFocalCrossentropy CosineSimilarity Dice Hinge Huber KLDivergence LogCosh
MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredError
MeanSquaredLogarithmicError Poisson SparseCategoricalCrossentropy SquaredHinge Tversky
"""
_METRICS = """
AUC Accuracy BinaryAccuracy BinaryCrossentropy CategoricalAccuracy
CategoricalCrossentropy F1Score FBetaScore FalseNegatives FalsePositives Mean
MeanAbsoluteError MeanSquaredError Precision R2Score Recall RootMeanSquaredError
SparseCategoricalAccuracy SparseCategoricalCrossentropy SparseTopKCategoricalAccuracy
Sum TopKCategoricalAccuracy TrueNegatives TruePositives
"""
_OPERATIONS = """
Elu Gelu LeakyRelu LogSoftmax Relu Relu6 Selu Sigmoid Silu Softmax Softplus
"""
_ALLOWED = {
    "keras.layers": set(_LAYERS.split()),
    "keras.initializers": set(_INITIALIZERS.split()),
    "keras.regularizers": {"L1", "L2", "L1L2", "OrthogonalRegularizer"},
    "keras.constraints": {"MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"},
    "keras.optimizers": set(_OPTIMIZERS.split()),
    "keras.optimizers.schedules": set(_SCHEDULES.split()),
    "keras.losses": set(_LOSSES.split()),
    "keras.metrics": set(_METRICS.split()),
    "keras.random": {"SeedGenerator"},
    "keras": {"Sequential", "Functional", "Model", "DTypePolicy", "SeedGenerator"},
    "keras.models": {"Sequential", "Functional", "Model"},
    "keras.src.models.functional": {"Functional"},
    "keras.src.models.sequential": {"Sequential"},
    "keras.dtype_policies": {"DTypePolicy", "FloatDTypePolicy"},
    # `keras.ops.relu(x)` among the layers of a functional net
    "keras.src.ops.nn": set(_OPERATIONS.split()),
    "keras.src.ops.numpy": {"Add", "Reshape", "Tanh"},
    "keras.src.activations.activations": {"ReLU"},
}
_OTHERS = {"__keras_tensor__", "__tensor__", "__numpy__", "__ellipsis__", "__slice__"}
_MARKS = {"module", "class_name", "registered_name"}


_SAME_IN_TENSORFLOW = ("relu", "relu6", "sigmoid", "tanh", "elu", "selu", "softplus")


def check_config(config: Any, depth: int = 0) -> None:
    """Look through a Keras configuration before Keras does.

    Raises
    ------
    BridgeError : if it names anything that is not one of Keras' own building blocks.
    """
    if depth > 60:
        raise BridgeError("a configuration that is too deep")
    if isinstance(config, list):
        for item in config:
            check_config(item, depth + 1)
    if not isinstance(config, dict):
        return
    if _MARKS & config.keys():
        _check_object(config)
    if any(not isinstance(key, str) for key in config):
        raise BridgeError("a configuration with keys that are no texts")
    for item in config.values():
        check_config(item, depth + 1)


def _check_object(config: dict[str, Any]) -> None:
    name, module = config.get("class_name"), config.get("module")
    registered = config.get("registered_name")
    if module is None and name in _OTHERS:
        return
    if module is None and registered is None and "config" not in config:
        # a layer's own argument called "module", say; Keras leaves such dicts alone
        if "class_name" in config:
            raise BridgeError("a configuration that names half an object")
        return
    if not isinstance(module, str) or name not in _ALLOWED.get(module, ()):
        raise BridgeError(f"{module}.{name} is not one of Keras' own parts"[:200])
    if registered not in (None, name):
        raise BridgeError(f"{registered!r} is not one of Keras' own parts"[:200])


def encode(encoder: Encoder, value: Any, depth: int) -> Node | None:
    """Return the node of a Keras object, or None if it is none."""
    import keras

    if isinstance(value, keras.callbacks.History):
        parts = [dict(value.history), list(value.epoch), dict(value.params or {})]
        return ["history", *(encoder.encode(part, depth) for part in parts)]
    if isinstance(value, keras.KerasTensor):
        return encoder.refer(value)
    if isinstance(value, keras.Variable):
        return ["tensor", encoder.encode(np.asarray(value), depth)]
    if not isinstance(value, _parts()):
        return None
    config = _config(value)
    if config is None:
        reference = encoder.refer(value)
        if isinstance(value, keras.Model):
            return ["net", reference, [list(w.shape) for w in value.weights]]
        return reference
    weights = [
        encoder.encode(np.asarray(weight), depth)
        for weight in getattr(value, "weights", ())
        if isinstance(value, keras.layers.Layer)
    ]
    return ["keras", encoder.blob(config), weights, encoder.handle(value)]


def _parts() -> tuple[type, ...]:
    import keras

    return (
        keras.layers.Layer,
        keras.optimizers.Optimizer,
        keras.losses.Loss,
        keras.metrics.Metric,
        keras.initializers.Initializer,
        keras.regularizers.Regularizer,
        keras.optimizers.schedules.LearningRateSchedule,
    )


def _config(value: Any) -> bytes | None:
    """Configuration of an object of Keras' own; None if it has parts that are not."""
    import keras

    if _own_activation(value):
        return None
    try:
        config = keras.saving.serialize_keras_object(value)
        compiled = config.pop("compile_config", None)
        check_config(config)
    except Exception:
        return None
    for how in _compilations(value, compiled):
        try:
            check_config(how)
            text = json.dumps(config | {"compile_config": how} if how else config)
        except (BridgeError, TypeError, ValueError):
            continue
        return text.encode() if len(text) <= MAX_CONFIG else None
    return None


def _compilations(value: Any, compiled: Any) -> list[Any]:
    """How the model was compiled; without its metrics; not at all."""
    import keras

    if not isinstance(compiled, dict):
        return [compiled, None]
    loss = getattr(value, "loss", None)
    name = getattr(loss, "__name__", "")
    if callable(loss) and getattr(keras.losses, name, None) is loss:
        compiled = compiled | {"loss": name}  # one of Keras' own functions
    return [compiled, compiled | {"metrics": None, "weighted_metrics": None}, None]


def _own_activation(value: Any) -> bool:
    """Whether a layer has a function of the student's own as its activation.

    Keras writes down the bare name of such a function, which may be that of another.
    """
    import keras

    if not isinstance(value, keras.layers.Layer):
        return False
    known = {f for f in vars(keras.activations).values() if callable(f)}
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None:  # `tf.nn.relu` is written down as "relu", and is it
        known |= {getattr(tensorflow.nn, name) for name in _SAME_IN_TENSORFLOW}
    for layer in value._flatten_layers():
        for name in ("activation", "recurrent_activation"):
            function = getattr(layer, name, None)
            if function is None or isinstance(function, keras.layers.Layer):
                continue
            if function not in known:
                return True
    return False


def _read_keras(
    decoder: Decoder, depth: int, number: Node, weights: Node, reference: Node
) -> Any:
    """Build an object of Keras' own from its configuration."""
    import keras

    content = decoder.blob(number)
    if len(content) > MAX_CONFIG:
        raise BridgeError("a configuration that is too large")
    try:
        config = json.loads(bytes(content))
    except (ValueError, RecursionError):
        raise BridgeError("a configuration that is not JSON") from None
    if not isinstance(config, dict) or config.get("module") is None:
        raise BridgeError("a configuration of nothing")
    check_config(config)
    arrays = decoder.items(weights, depth)
    try:
        built = keras.saving.deserialize_keras_object(config, safe_mode=True)
        if arrays:
            built.set_weights(arrays)
    except Exception as error:
        text = f"a model that Keras cannot build: {error}"
        raise BridgeError(text[:300]) from None
    handle = decoder.decode(reference, depth)
    if handle is not None:
        _HANDLES[id(built)] = built, handle
    return built


# The reference behind an object that was built here, to send it back as what it was.
_HANDLES: dict[int, tuple[Any, Any]] = {}


def handle_of(value: Any) -> Any | None:
    """Return the reference to the student's object from which this one was built."""
    found = _HANDLES.get(id(value))
    return found[1] if found and found[0] is value else None


def forget() -> None:
    """Drop all that was built, once a question is over."""
    _HANDLES.clear()


def _read_history(decoder: Decoder, depth: int, *parts: Node) -> Any:
    import keras

    history = keras.callbacks.History()
    history.history, history.epoch, history.params = decoder.items(list(parts), depth)
    return history


def encode_tensor(encoder: Encoder, value: Any, depth: int) -> Node | None:
    """Return the node of a TensorFlow tensor, or None if it is none."""
    import tensorflow as tf

    if not isinstance(value, tf.Tensor | tf.Variable):
        return None
    try:
        array = np.asarray(value)
    except Exception:  # symbolic
        return encoder.refer(value)
    if array.dtype.kind not in "biufc":
        array = array.astype(np.float32) if array.dtype.kind == "V" else array
    return ["tensor", encoder.encode(array, depth)]


def _read_tensor(decoder: Decoder, depth: int, node: Node) -> Any:
    import tensorflow as tf

    array = decoder.decode(node, depth)
    if not isinstance(array, np.ndarray | np.generic):
        raise BridgeError("a tensor that is no array")
    return tf.constant(array)


bridge.register("keras", encode, {"keras": _read_keras, "history": _read_history})
bridge.register("tensorflow", encode_tensor, {"tensor": _read_tensor})
