"""Pandas' frames, series and indexes as data: columns of plain arrays.

What no plain array can hold (categories, several levels, time zones) crosses as a
reference.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.grading.engine.bridge import BridgeError, Decoder, Encoder, Node

_UNITS = ("s", "ms", "us", "ns")  # of dates


def encode(encoder: Encoder, value: Any, depth: int) -> Node | None:
    """Return the node of a pandas object, or None if it is none."""
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        columns = [value.iloc[:, nth] for nth in range(value.shape[1])]
        parts = [value.index, value.columns, *columns]
        if not all(map(_is_plain, parts)):
            return encoder.refer(value)
        index, names, *nodes = (_values(encoder, part, depth) for part in parts)
        return ["frame", index, names, nodes]
    if isinstance(value, pd.Series):
        if not (_is_plain(value) and _is_plain(value.index)):
            return encoder.refer(value)
        index = _values(encoder, value.index, depth)
        return ["series", index, _values(encoder, value, depth)]
    if isinstance(value, pd.Index):
        if not _is_plain(value):
            return encoder.refer(value)
        return ["index", _values(encoder, value, depth)]
    return None


def _is_plain(values: Any) -> bool:
    """Whether a column or an index is one plain array."""
    import pandas as pd

    if isinstance(values, pd.MultiIndex):
        return False
    dtype = values.dtype
    text = isinstance(dtype, pd.StringDtype)
    return text or (isinstance(dtype, np.dtype) and dtype.kind in "biufcOM")


def _values(encoder: Encoder, values: Any, depth: int) -> Node:
    """Node of a column: what it holds (the unit of dates), an array, its name."""
    import pandas as pd

    name = encoder.encode(values.name, depth)
    if isinstance(values.dtype, pd.StringDtype):
        texts = values.to_numpy(dtype=object, na_value=np.nan)
        return ["text", encoder.encode(texts, depth), name]
    array = values.to_numpy()
    if array.dtype.kind == "M":
        unit, _ = np.datetime_data(array.dtype)
        return [unit, encoder.encode(array.astype(np.int64), depth), name]
    return ["plain", encoder.encode(array, depth), name]


def _read_values(decoder: Decoder, depth: int, node: Node) -> Any:
    import pandas as pd

    kind, inner, _ = node
    array = decoder.decode(inner, depth)
    if not isinstance(array, np.ndarray) or array.ndim != 1:
        raise BridgeError("a column that is none")
    if kind == "text":
        return pd.array(array, dtype="str")
    if kind in _UNITS and array.dtype == np.int64:
        return array.astype(f"M8[{kind}]")
    if kind != "plain":
        raise BridgeError("a column of an unknown kind")
    return array


def _read_index(decoder: Decoder, depth: int, node: Node) -> Any:
    import pandas as pd

    values = _read_values(decoder, depth, node)
    name = decoder.decode(node[2], depth)
    return pd.Index(values, dtype=values.dtype, name=name)


def _read_series(decoder: Decoder, depth: int, index: Node, node: Node) -> Any:
    import pandas as pd

    values = _read_values(decoder, depth, node)
    name = decoder.decode(node[2], depth)
    rows = _read_index(decoder, depth, index)
    return pd.Series(values, index=rows, dtype=values.dtype, name=name)


def _read_frame(
    decoder: Decoder, depth: int, index: Node, names: Node, nodes: Node
) -> Any:
    import pandas as pd

    columns = [_read_series(decoder, depth, index, node) for node in nodes]
    rows = _read_index(decoder, depth, index)
    frame = pd.DataFrame(dict(enumerate(columns)), index=rows)
    frame.columns = _read_index(decoder, depth, names)
    return frame


READERS: dict[str, Callable[..., Any]] = {
    "frame": _read_frame,
    "series": _read_series,
    "index": _read_index,
}
