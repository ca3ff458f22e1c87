"""What a net is made of: shapes, parameters, work and sight, layer by layer.

Works for any Keras net whose layers follow each other in one line and whose input size
is known: a ``Sequential`` that begins with an ``Input``, or a functional model without
branches. Nets inside the net are listed layer by layer, too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from course_utils import conv
from course_utils.conv import InvalidInput
from course_utils.tables import Cells, Table

Field = tuple[int, int] | Literal["all"]
"""Rows and columns of pixels that a value can see, or all of the picture."""

# Layers that make each value from one place of what they read, when the net is used
# and not trained, or that only move values about.
_POINTWISE = frozenset(
    {
        *("Activation", "ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax"),
        *("BatchNormalization", "Normalization", "Rescaling", "Identity"),
        *("Dropout", "SpatialDropout2D", "GaussianDropout", "GaussianNoise"),
        *("RandomBrightness", "RandomContrast", "RandomFlip", "RandomRotation"),
        *("RandomTranslation", "RandomZoom"),
        *("Cropping2D", "Flatten", "ZeroPadding2D"),
    }
)
_POOLING = frozenset({"AveragePooling2D", "MaxPooling2D"})
_GLOBAL = frozenset({"GlobalAveragePooling2D", "GlobalMaxPooling2D"})


@dataclass(frozen=True)
class LayerRow:
    """One layer of a net.

    Attributes
    ----------
    name : as in ``model.get_layer(name)``.
    kind : the layer's class, for example "Conv2D".
    output_shape : of one picture, without the axis that counts the pictures.
    parameters : weights and biases, those that are not trained among them.
    share : of the net's parameters, from 0 to 1.
    multiply_adds : for one picture; 0 for layers without dot products.
    receptive_field : pixels that one value can see, (rows, columns) or "all".
    """

    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameters: int
    share: float
    multiply_adds: int
    receptive_field: Field


@dataclass(frozen=True, repr=False)
class LayerTable(Table[LayerRow]):
    """The layers of a net, from the input on; a notebook shows it as a table.

    Attributes
    ----------
    name : the net's name.
    rows : one `LayerRow` for each layer.
    """

    name: str
    rows: tuple[LayerRow, ...]
    _names = 2

    @property
    def parameters(self) -> int:
        """Parameters of all layers together."""
        return sum(row.parameters for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        """Multiply–adds of all layers for one picture."""
        return sum(row.multiply_adds for row in self.rows)

    def __getitem__(self, name: str) -> LayerRow:
        """Find the row of the layer with this name."""
        return self.rows[_position(name, [row.name for row in self.rows])]

    def _cells(self) -> tuple[Cells, list[Cells], list[Cells]]:
        sizes = "output", "parameters", "share", "multiply–adds", "sees"
        body: list[Cells] = [
            [
                *(row.name, row.kind, _times(row.output_shape)),
                *(f"{row.parameters:,}", f"{row.share:.1%}", f"{row.multiply_adds:,}"),
                _times(row.receptive_field),
            ]
            for row in self.rows
        ]
        totals = f"{self.parameters:,}", "", f"{self.multiply_adds:,}"
        return ["layer", "kind", *sizes], body, [["total", "", "", *totals, ""]]


def layer_table(model: Any) -> LayerTable:
    """List the layers of a net with what each puts out, holds, costs and sees.

    Multiply–adds are those of the dot products in convolutions and dense layers, as
    `conv.multiply_adds` counts them. Biases, activations, pooling and normalisation, a
    few operations per value, are left out.

    Parameters
    ----------
    model : keras.Sequential or functional keras.Model
        Its layers follow each other in one line, and its input size is known.

    Returns
    -------
    LayerTable

    Raises
    ------
    InvalidInput
        If the net branches, its layers or sizes are not known yet, or it has a layer
        of which it is not known how far it sees.

    Examples
    --------
    >>> from course_utils import models
    >>> table = layer_table(models.single_conv())
    >>> table
    layer    kind      output  parameters  share  multiply–adds  sees
    conv     Conv2D   24×24×9         234   0.4%        129,600   5×5
    flatten  Flatten    5,184           0   0.0%              0   5×5
    logits   Dense         10      51,850  99.6%         51,840   all
    total                          52,084               181,440
    >>> table["logits"].parameters, table.multiply_adds
    (51850, 181440)
    """
    walked = steps(model)
    used = [step.layer for step in walked]
    # A layer that is used again has no new parameters there.
    counts = [
        0 if layer in used[:depth] else layer.count_params()
        for depth, layer in enumerate(used)
    ]
    rows = [
        LayerRow(
            name=step.layer.name,
            kind=type(step.layer).__name__,
            output_shape=step.makes,
            parameters=count,
            share=count / max(sum(counts), 1),
            multiply_adds=_multiply_adds(step),
            receptive_field=_field(walked[: depth + 1]),
        )
        for depth, (step, count) in enumerate(zip(walked, counts, strict=True))
    ]
    return LayerTable(model.name, tuple(rows))


def receptive_field(model: Any, layer: str | None = None) -> Field:
    """How many pixels of the picture one value of a layer can see.

    This is `conv.receptive_field` along both axes of a real net, and like it an upper
    bound: what lies outside cannot matter, what lies inside may. Padding does not
    change it; near the border a part of it then lies outside the picture. `Flatten`
    only writes the values in a row, and each sees what it saw before.

    Parameters
    ----------
    model : keras.Sequential or functional keras.Model
        As for `layer_table`.
    layer : str, optional
        Name of the layer; the last one if left out.

    Returns
    -------
    (rows, columns) in pixels; "all" from the first layer on that reads the whole
    picture at once, which a dense layer after `Flatten` and global pooling do.

    Raises
    ------
    InvalidInput
        As `layer_table`, or if there is no layer of that name.

    References
    ----------
    A. Araujo, W. Norris, J. Sim, "Computing receptive fields of convolutional neural
    networks", Distill (2019), doi:10.23915/distill.00021.

    Examples
    --------
    >>> from course_utils import models
    >>> net = models.pyramid()
    >>> [receptive_field(net, name) for name in ("conv_1", "pool_1", "conv_2")]
    [(5, 5), (6, 6), (14, 14)]
    >>> receptive_field(net)
    'all'
    """
    walked = steps(model)
    if layer is None:
        return _field(walked)
    depth = _position(layer, [step.layer.name for step in walked])
    return _field(walked[: depth + 1])


@dataclass(frozen=True)
class Step:
    """One call of a layer: what it reads and what it makes of one picture.

    Attributes
    ----------
    layer : the layer, or the operation of `keras.ops`.
    reads, makes : shapes, without the axis that counts the pictures.
    """

    layer: Any
    reads: tuple[int, ...]
    makes: tuple[int, ...]

    @property
    def kinds(self) -> set[str]:
        """Names of the layer's class and of those that it is derived from."""
        return {one.__name__ for one in type(self.layer).__mro__}


def steps(model: Any) -> list[Step]:
    """Walk through a net from its input to its output, into the nets inside it too.

    Parameters
    ----------
    model : keras.Model
        As for `layer_table`; `as_functional` makes one of any other.

    Returns
    -------
    list of Step, one for each call of a layer or of an operation.

    Raises
    ------
    InvalidInput
        If the net branches, or its layers or sizes are not known yet.

    Examples
    --------
    >>> from course_utils import models
    >>> [step.makes for step in steps(models.single_conv())]
    [(24, 24, 9), (5184,), (10,)]
    """
    import keras

    source, tensor = _ends(model)
    walked: list[Step] = []
    while tensor is not source:
        # Each tensor of a Keras graph knows the call that made it. The layers
        # themselves do not: one that is used in two nets has been called twice.
        history = tensor._keras_history
        layer = history.operation
        inputs = layer._inbound_nodes[history.node_index].input_tensors
        if len(inputs) != 1:
            raise InvalidInput(
                f"The net {model.name} branches: its layer {layer.name} reads"
                f" {len(inputs)} inputs. Only layers in one line can be listed."
            )
        if isinstance(layer, keras.Model):
            walked = steps(as_functional(layer, inputs[0].shape[1:])) + walked
        else:
            reads, makes = _sizes(layer, inputs[0]), _sizes(layer, tensor)
            walked.insert(0, Step(layer, reads, makes))
        tensor = inputs[0]
    return walked


def as_functional(model: Any, input_shape: Sequence[int] | None = None) -> Any:
    """The same layers as a net that says in which order they follow each other.

    Sequential and functional models that know their input say so themselves and come
    back as they are. Of a subclassed model, `call` is followed once, without numbers.

    Parameters
    ----------
    model : keras.Model
        Its layers and weights are shared, not copied.
    input_shape : of one picture, (height, width, C); needed where the model itself
        does not know it.

    Raises
    ------
    InvalidInput
        If the input shape is needed and missing. What `call` raises is passed on: it
        must be written with layers and `keras.ops`.

    Examples
    --------
    >>> import keras
    >>> net = keras.Sequential([keras.layers.Conv2D(9, 5), keras.layers.Flatten()])
    >>> as_functional(net, (28, 28, 1)).output_shape
    (None, 5184)
    """
    import keras

    if getattr(model, "inputs", None):
        return model
    if input_shape is None:
        raise InvalidInput(f"The net {model.name} does not know its input's size yet.")
    inputs = keras.Input(tuple(input_shape))
    if not isinstance(model, keras.Sequential):
        return keras.Model(inputs, model.call(inputs), name=model.name)
    outputs = inputs
    for layer in model.layers:
        outputs = layer(outputs)
    return keras.Model(inputs, outputs, name=model.name)


def _ends(model: Any) -> tuple[Any, Any]:
    """The symbolic input and output of a net."""
    import keras

    if not isinstance(model, keras.Model):
        raise InvalidInput(f"A Keras model is needed; got a {type(model).__name__}.")
    # A Sequential has them once it knows its input, a subclassed model never.
    inputs: Any = getattr(model, "inputs", None)
    outputs: Any = getattr(model, "outputs", None)
    if not inputs or not outputs:
        remedy = (
            "it does not know the size of its pictures yet: begin it with"
            " keras.Input, for example keras.Input((28, 28, 1))"
            if isinstance(model, keras.Sequential)
            else "only Sequential and functional models say in which order their"
            " layers follow each other"
        )
        raise InvalidInput(f"The net {model.name} cannot be listed: {remedy}.")
    if len(inputs) != 1 or len(outputs) != 1:
        raise InvalidInput(
            f"The net {model.name} branches: it has {len(inputs)} input(s) and"
            f" {len(outputs)} output(s). Only layers in one line can be listed."
        )
    return inputs[0], outputs[0]


def _sizes(layer: Any, tensor: Any) -> tuple[int, ...]:
    shape = tuple(tensor.shape[1:])
    if None in shape:
        raise InvalidInput(
            f"The sizes at layer {layer.name} are not known, {tensor.shape}: name the"
            " height and the width of the pictures in keras.Input."
        )
    return shape


def _reads_all(step: Step) -> bool:
    """Whether each value of the layer is made from all that the layer reads."""
    return bool(step.kinds & _GLOBAL) or (
        "Dense" in step.kinds and len(step.reads) == 1
    )


def _windows(step: Step) -> list[tuple[int, int, int]]:
    """Kernel size, stride and dilation of a layer, along the rows and the columns."""
    layer = step.layer
    if "Conv2D" in step.kinds:
        sizes = layer.kernel_size, layer.strides, layer.dilation_rate
    elif step.kinds & _POOLING:
        sizes = layer.pool_size, layer.strides, (1, 1)
    elif step.kinds & (_POINTWISE | {"Dense"}):
        sizes = (1, 1), (1, 1), (1, 1)
    else:
        raise InvalidInput(
            f"It is not known how far the layer {layer.name} sees, of the kind"
            f" {type(layer).__name__}."
        )
    return list(zip(*sizes, strict=True))


def _field(walked: list[Step]) -> Field:
    windows = [_windows(step) for step in walked if not _reads_all(step)]
    if len(windows) < len(walked):
        return "all"
    rows, columns = (
        conv.receptive_field([w[axis] for w in windows]) for axis in (0, 1)
    )
    return rows, columns


def _multiply_adds(step: Step) -> int:
    """Values that a layer makes, times the weights of the dot product behind each."""
    if step.kinds & {"Conv2D", "Dense"}:
        kernel: tuple[int, ...] = step.layer.kernel.shape
        return math.prod(step.makes) * math.prod(kernel[:-1])
    return 0


def _position(name: str, names: list[str]) -> int:
    if name not in names:
        raise InvalidInput(
            f"There is no layer {name!r}; the layers are {', '.join(names)}."
        )
    return names.index(name)


def _times(sizes: tuple[int, ...] | Literal["all"]) -> str:
    return sizes if isinstance(sizes, str) else "×".join(f"{n:,}" for n in sizes)
