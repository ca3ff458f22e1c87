"""Values as data: what may cross between the student's kernel and the checker.

A packet is a tree in JSON and a list of blobs. Arrays, numbers, texts and containers of
them cross as what they are; everything else crosses as a reference, which names an
object in the student's kernel and says nothing about it. Nothing is pickled, imported
by name from the other side, or evaluated.

A node of the tree is null, true, false, a text, a small integer, a finite float, or a
list whose first item is a tag. `Decoder` accepts exactly the nodes that are written
down here, within bounds on size, number and depth; all else is a `BridgeError`.
"""

import json
import math
import struct
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

MAX_DEPTH = 40
MAX_NODES = 500_000
MAX_TREE = 64_000_000
MAX_DIGITS = 4000

_SIZE = struct.Struct(">Q")
_SAFE_INT = 1 << 53
_KINDS = "biufcSU"  # of NumPy dtypes: no objects, no records, no dates
_MAX_ITEMSIZE = 1 << 16
_BITS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
_MODULES = ("numpy", "math", "matplotlib.pyplot", "keras", "tensorflow")
_TYPES: dict[str, type] = {
    t.__name__: t
    for t in (bool, int, float, complex, str, bytes, list, tuple, dict, set)
}

Node = Any


class BridgeError(Exception):
    """The packet is not one, or breaks a bound."""


class CannotCross(BaseException):
    """A value has no form as data, so the test cannot look at it from outside.

    Not an `Exception`: a test that catches errors must not catch this one.
    """


def pack(tree: Node, blobs: Iterable[bytes | memoryview]) -> bytes:
    """Join a tree and its blobs into one packet."""
    text = json.dumps(tree, separators=(",", ":"), allow_nan=False).encode()
    parts: list[bytes | memoryview] = [_SIZE.pack(len(text)), text]
    for blob in blobs:
        parts += [_SIZE.pack(len(blob)), blob]
    return b"".join(parts)


def unpack(packet: bytes | bytearray | memoryview) -> tuple[Node, list[memoryview]]:
    """Take a packet apart.

    Raises
    ------
    BridgeError : if it is not a packet.
    """
    view, parts, start = memoryview(packet), [], 0
    while start < len(view):
        if start + _SIZE.size > len(view):
            raise BridgeError("a packet that ends within a size")
        (size,) = _SIZE.unpack_from(view, start)
        start += _SIZE.size
        if size > len(view) - start:
            raise BridgeError("a packet that ends within a part")
        parts.append(view[start : start + size])
        start += size
        if len(parts) > MAX_NODES:
            raise BridgeError("a packet of too many parts")
    if not parts or len(parts[0]) > MAX_TREE:
        raise BridgeError("a packet without a tree, or with too large a one")
    try:
        tree = json.loads(bytes(parts[0]), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BridgeError("a tree that is not JSON") from None
    return tree, parts[1:]


def _no_constant(name: str) -> None:
    raise ValueError(name)


class Encoder:
    """Turns values into nodes.

    Parameters
    ----------
    refer : makes a node of a value that has no form as data; raises `CannotCross`
        where there is no such node.
    known : makes a node of a value that the other side has already, or None.
    """

    def __init__(
        self,
        refer: Callable[[Any], Node],
        known: Callable[[Any], Node | None] = lambda value: None,
    ) -> None:
        self.blobs: list[bytes | memoryview] = []
        self.refer = refer
        self._known = known
        self._nodes = 0

    def encode(self, value: Any, depth: int = 0) -> Node:
        """Return the node of a value; its bytes are added to `blobs`."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            return self.refer(value)
        if value is None or value is True or value is False:
            return value
        kind = type(value)
        write = _WRITERS.get(kind)
        if write is not None:
            return write(self, value, depth + 1)
        return self._encode_library(value, depth + 1)

    def _encode_library(self, value: Any, depth: int) -> Node:
        """Encode what libraries make; only those that are loaded can have made it."""
        known = self._known(value)
        if known is not None:
            return known
        if isinstance(value, np.generic) and value.dtype.kind in _KINDS:
            return ["scalar", *self._array(np.asarray(value))]
        if isinstance(value, np.ndarray) and not isinstance(value, np.ma.MaskedArray):
            return self._ndarray(np.asarray(value), depth)
        if isinstance(value, np.dtype) and value.kind in _KINDS:
            return ["dtype", value.str]
        if isinstance(value, np.random.Generator):
            return self._generator(value, depth)
        if type(value) is type(sys) and value.__name__ in _MODULES:
            return ["module", value.__name__]
        if isinstance(value, type):
            return self._type(value)
        fields = getattr(type(value), "_fields", None)
        if isinstance(value, tuple) and isinstance(fields, tuple):
            items = [self.encode(item, depth) for item in tuple.__iter__(value)]
            return ["named", type(value).__name__, list(fields), items]
        for library, encode in _LIBRARIES.items():
            if library in sys.modules:
                node = encode(self, value, depth)
                if node is not None:
                    return node
        for base, plain in _PLAIN.items():  # a Counter is a dict, an IntEnum an int
            if isinstance(value, base):
                return _WRITERS[base](self, plain(value), depth)
        return self.refer(value)

    def _array(self, array: np.ndarray) -> list[Any]:
        self.blobs.append(np.ascontiguousarray(array).tobytes())
        return [array.dtype.str, list(array.shape), len(self.blobs) - 1]

    def _ndarray(self, array: np.ndarray, depth: int) -> Node:
        if array.dtype.kind in _KINDS and 0 < array.dtype.itemsize <= _MAX_ITEMSIZE:
            return ["array", *self._array(array)]
        if array.dtype.kind == "O":
            items = [self.encode(item, depth) for item in array.ravel()]
            return ["objects", list(array.shape), items]
        return self.refer(array)

    def _generator(self, generator: np.random.Generator, depth: int) -> Node:
        state = generator.bit_generator.state
        if state.get("bit_generator") not in _BITS:
            return self.refer(generator)
        return ["generator", self.encode(dict(state), depth)]

    def _type(self, value: type) -> Node:
        if _TYPES.get(value.__name__) is value:
            return ["type", value.__name__]
        if issubclass(value, np.generic) and np.dtype(value).kind in _KINDS:
            return ["nptype", np.dtype(value).str]
        return self.refer(value)

    def handle(self, value: Any) -> Node | None:
        """Reference to a value that crosses as data too; None where it has none."""
        return self.refer(value)

    def blob(self, content: bytes) -> int:
        """Add bytes and return their number."""
        self.blobs.append(content)
        return len(self.blobs) - 1


def _write_int(encoder: Encoder, value: int, depth: int) -> Node:
    if abs(value) < _SAFE_INT:
        return value
    if value.bit_length() > 3 * MAX_DIGITS:
        return encoder.refer(value)
    return ["int", hex(value)]


def _write_float(encoder: Encoder, value: float, depth: int) -> Node:
    return value if math.isfinite(value) else ["float", repr(value)]


def _write_complex(encoder: Encoder, value: complex, depth: int) -> Node:
    return ["complex", repr(value.real), repr(value.imag)]


def _write_str(encoder: Encoder, value: str, depth: int) -> Node:
    return value


def _write_bytes(encoder: Encoder, value: bytes, depth: int) -> Node:
    return ["bytes", encoder.blob(bytes(value))]


def _write_items(encoder: Encoder, value: Any, depth: int) -> Node:
    return [type(value).__name__, [encoder.encode(item, depth) for item in value]]


def _write_dict(encoder: Encoder, value: Mapping[Any, Any], depth: int) -> Node:
    pairs = [
        [encoder.encode(key, depth), encoder.encode(item, depth)]
        for key, item in value.items()
    ]
    return ["dict", pairs]


def _write_parts(encoder: Encoder, value: Any, depth: int) -> Node:
    parts = [value.start, value.stop, value.step]
    return [type(value).__name__, [encoder.encode(part, depth) for part in parts]]


_WRITERS: dict[type, Callable[[Encoder, Any, int], Node]] = {
    int: _write_int,
    float: _write_float,
    complex: _write_complex,
    str: _write_str,
    bytes: _write_bytes,
    list: _write_items,
    tuple: _write_items,
    set: _write_items,
    frozenset: _write_items,
    dict: _write_dict,
    range: _write_parts,
    slice: _write_parts,
    type(...): lambda encoder, value, depth: ["ellipsis"],
}


_PLAIN: dict[type, Callable[[Any], Any]] = {
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
    list: lambda value: list(list.__iter__(value)),
    dict: lambda value: dict(dict.items(value)),
}


class Decoder:
    """Turns nodes back into values; every node is taken for hostile.

    Parameters
    ----------
    blobs : of the packet.
    refer : makes a value of a reference node, whose tag is "ref" or "object".
    max_bytes : of all arrays together.
    """

    def __init__(
        self,
        blobs: list[memoryview],
        refer: Callable[[list[Node]], Any],
        max_bytes: int = 1 << 30,
    ) -> None:
        self._blobs, self._refer = blobs, refer
        self._left = max_bytes
        self._nodes = 0
        self.flags: set[str] = set()  # remarks of readers on what they read

    def decode(self, node: Node, depth: int = 0) -> Any:
        """Return the value of a node.

        Raises
        ------
        BridgeError : if the node is none of those that `Encoder` writes.
        """
        self._nodes += 1
        if depth > MAX_DEPTH + 2 or self._nodes > MAX_NODES:
            raise BridgeError("a tree that is too deep or too large")
        if node is None or isinstance(node, bool | float | str):
            return node
        if isinstance(node, int):
            return node
        if not isinstance(node, list) or not node or not isinstance(node[0], str):
            raise BridgeError("a node without a tag")
        tag, arguments = node[0], node[1:]
        if tag in ("ref", "object"):
            return self._refer(node)
        read = _READERS.get(tag)
        if read is None:
            raise BridgeError(f"a node with the unknown tag {tag[:40]!r}")
        try:
            return read(self, depth + 1, *arguments)
        except BridgeError:
            raise
        except Exception as error:
            raise BridgeError(f"a bad {tag} node: {error}"[:200]) from None

    def items(self, nodes: Node, depth: int) -> list[Any]:
        """Values of a list of nodes."""
        if not isinstance(nodes, list):
            raise BridgeError("a node where a list belongs")
        return [self.decode(node, depth) for node in nodes]

    def blob(self, number: Node) -> memoryview:
        """Return the bytes with this number."""
        if type(number) is not int or not 0 <= number < len(self._blobs):
            raise BridgeError("a blob that is not there")
        return self._blobs[number]

    def array(self, dtype: Node, shape: Node, number: Node) -> np.ndarray:
        """Return a new writable array."""
        kind, content = _dtype(dtype), self.blob(number)
        sizes = _shape(shape)
        if math.prod(sizes) * kind.itemsize != len(content):
            raise BridgeError("an array whose size is not that of its bytes")
        self._left -= len(content)
        if self._left < 0:
            raise BridgeError("more bytes than may cross at once")
        flat = np.frombuffer(content, kind) if len(content) else np.empty(0, kind)
        if kind.kind == "b":  # bytes other than 0 and 1 are no booleans
            flat = flat.view(np.uint8) != 0
        if kind.kind == "U" and flat.size and (flat.view(np.uint32) > 0x10FFFF).any():
            raise BridgeError("a text with characters that do not exist")
        return np.array(flat).reshape(sizes)


def _dtype(text: Node) -> np.dtype:
    if not isinstance(text, str) or len(text) > 10:
        raise BridgeError("a dtype that is none")
    if len(text) < 3 or text[0] not in "<>|=" or text[1] not in _KINDS:
        raise BridgeError("a dtype that may not cross")
    if not text[2:].isascii() or not text[2:].isdigit():
        raise BridgeError("a dtype that may not cross")
    dtype = np.dtype(text)
    if not 0 < dtype.itemsize <= _MAX_ITEMSIZE:
        raise BridgeError("a dtype that is too wide")
    return dtype


def _shape(sizes: Node) -> tuple[int, ...]:
    if not isinstance(sizes, list) or len(sizes) > 32:
        raise BridgeError("a shape that is none")
    if any(type(size) is not int or not 0 <= size < 1 << 40 for size in sizes):
        raise BridgeError("a shape that is none")
    return tuple(sizes)


def _read_int(decoder: Decoder, depth: int, text: str) -> int:
    if not isinstance(text, str) or len(text) > MAX_DIGITS:
        raise BridgeError("a number that is too long")
    return int(text, 16)


def _read_float(decoder: Decoder, depth: int, text: str) -> float:
    return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[text]


def _read_complex(decoder: Decoder, depth: int, real: str, imag: str) -> complex:
    if max(len(real), len(imag)) > 40:
        raise BridgeError("a number that is too long")
    return complex(float(real), float(imag))


def _read_dict(decoder: Decoder, depth: int, pairs: Node) -> dict[Any, Any]:
    values = [decoder.items(pair, depth) for pair in pairs]
    return {key: value for key, value in values}


def _read_scalar(decoder: Decoder, depth: int, *array: Node) -> Any:
    return decoder.array(*array)[()]


def _read_objects(decoder: Decoder, depth: int, shape: Node, items: Node) -> np.ndarray:
    values = decoder.items(items, depth)
    array = np.empty(len(values), object)
    for nth, value in enumerate(values):
        array[nth] = value
    return array.reshape(_shape(shape))


def _read_generator(decoder: Decoder, depth: int, state: Node) -> np.random.Generator:
    values = decoder.decode(state, depth)
    if values["bit_generator"] not in _BITS:
        raise BridgeError("a generator that may not cross")
    bits = getattr(np.random, values["bit_generator"])(0)
    bits.state = values
    return np.random.Generator(bits)


def _read_named(
    decoder: Decoder, depth: int, name: str, fields: list[str], items: Node
) -> Any:
    from collections import namedtuple

    if not 0 < len(fields) <= 256:
        raise BridgeError("a named tuple that is none")
    return namedtuple(name, fields)(*decoder.items(items, depth))


def _read_module(decoder: Decoder, depth: int, name: str) -> Any:
    import importlib

    if name not in _MODULES:
        raise BridgeError("a module that may not cross")
    return importlib.import_module(name)


_READERS: dict[str, Callable[..., Any]] = {
    "int": _read_int,
    "float": _read_float,
    "complex": _read_complex,
    "bytes": lambda decoder, depth, number: bytes(decoder.blob(number)),
    "list": lambda decoder, depth, nodes: decoder.items(nodes, depth),
    "tuple": lambda decoder, depth, nodes: tuple(decoder.items(nodes, depth)),
    "set": lambda decoder, depth, nodes: set(decoder.items(nodes, depth)),
    "frozenset": lambda decoder, depth, nodes: frozenset(decoder.items(nodes, depth)),
    "range": lambda decoder, depth, nodes: range(*decoder.items(nodes, depth)),
    "slice": lambda decoder, depth, nodes: slice(*decoder.items(nodes, depth)),
    "ellipsis": lambda decoder, depth: ...,
    "dict": _read_dict,
    "array": lambda decoder, depth, *array: decoder.array(*array),
    "scalar": _read_scalar,
    "objects": _read_objects,
    "dtype": lambda decoder, depth, text: _dtype(text),
    "nptype": lambda decoder, depth, text: _dtype(text).type,
    "type": lambda decoder, depth, name: _TYPES[name],
    "named": _read_named,
    "module": _read_module,
    "generator": _read_generator,
}

_LIBRARIES: dict[str, Callable[[Encoder, Any, int], Node | None]] = {}


def register(
    library: str,
    encode: Callable[[Encoder, Any, int], Node | None],
    readers: Mapping[str, Callable[..., Any]],
) -> None:
    """Add the values of one library.

    Parameters
    ----------
    library : module that must be loaded for such a value to exist.
    encode : returns the node of a value, or None if it is not the library's.
    readers : tag → function of decoder, depth and the rest of the node.
    """
    _LIBRARIES[library] = encode
    _READERS.update(readers)
