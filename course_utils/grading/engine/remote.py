"""The student's end of the bridge: values as data, calls on objects that stay here.

It runs in the student's kernel, next to whatever the student's code does to it. Nothing
that it says is believed; it only has to be right for honest notebooks.
"""

import contextlib
import importlib
import traceback
from typing import Any

import numpy as np

from course_utils import anatomy
from course_utils.grading.engine import bridge, bridge_keras, bridge_pandas
from course_utils.grading.engine.bridge import BridgeError, Decoder, Encoder, Node

MAX_TEXT = 4000

bridge.register("pandas", bridge_pandas.encode, bridge_pandas.READERS)


class Server:
    """Answers the checker's requests.

    Parameters
    ----------
    names : the student's global names.
    """

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names
        self._objects: list[Any] = []

    def answer(self, packet: bytes) -> bytes:
        """Return the reply to one request, whatever the student's code does in it."""
        encoder = Encoder(self._refer)
        try:
            tree, blobs = bridge.unpack(packet)
            return bridge.pack(self._do(encoder, tree, blobs), encoder.blobs)
        except BaseException as error:
            return bridge.pack(_raised(error), [])
        finally:
            bridge_keras.forget()

    def _do(self, encoder: Encoder, tree: Node, blobs: list[memoryview]) -> Node:
        match tree:
            case ["fetch", names]:
                self._objects.clear()
                found = [name for name in names if name in self._names]
                nodes = [encoder.encode(self._names[name]) for name in found]
                return ["ok", [[*pair] for pair in zip(found, nodes, strict=True)]]
            case ["call", target, method, arguments]:
                function = self._objects[target]
                if method is not None:
                    function = getattr(function, method)
                values = Decoder(blobs, self._referred).decode(arguments)
                return self._call(encoder, function, *values)
            case ["get", target, name]:
                return ["ok", encoder.encode(getattr(self._objects[target], name))]
            case ["item", target, key]:
                key = Decoder(blobs, self._referred).decode(key)
                return ["ok", encoder.encode(self._objects[target][key])]
            case ["iterate", target]:
                return ["ok", self._refer(iter(self._objects[target]))]
            case ["next", target]:
                for item in self._objects[target]:
                    return ["ok", [encoder.encode(item)]]
                return ["ok", []]
            case ["array", target]:
                return ["ok", encoder.encode(np.asarray(self._objects[target]))]
            case ["length", target]:
                return ["ok", len(self._objects[target])]
            case ["functional", target, shape]:
                net = anatomy.as_functional(self._objects[target], shape)
                return ["ok", encoder.encode(net)]
        raise BridgeError("an unknown request")

    def _call(self, encoder: Encoder, function: Any, args: Any, kwargs: Any) -> Node:
        """Call, and send changed arguments back: a test may look for just that."""
        before = _snapshot((args, kwargs))
        result = encoder.encode(function(*args, **kwargs))
        changed = _snapshot((args, kwargs)) != before
        return ["ok", result, encoder.encode((args, kwargs)) if changed else None]

    def _refer(self, value: Any) -> Node:
        self._objects.append(value)
        kind = type(value).__name__
        name = getattr(value, "__name__", kind) if callable(value) else kind
        return ["object", len(self._objects) - 1, kind, str(name), callable(value)]

    def _referred(self, node: list[Node]) -> Any:
        match node:
            case ["ref", int(number)]:
                return self._objects[number]
            case ["ref", str(module), str(name)]:
                value = importlib.import_module(module)
                for part in name.split("."):
                    value = getattr(value, part)
                return value
        raise BridgeError("a reference to nothing")


def _snapshot(values: Any) -> tuple[Node, list[bytes]]:
    """Content of values at this moment, to compare with that of a later one."""
    encoder = Encoder(lambda value: ["ref", id(value)])
    node = encoder.encode(values)
    return node, [bytes(blob) for blob in encoder.blobs]


def _raised(error: BaseException) -> Node:
    kinds = [kind.__name__ for kind in type(error).__mro__[:20]]
    text, line = type(error).__name__, ""
    with contextlib.suppress(Exception):  # a student's __str__ may fail as well
        text = str(error)
        line = _line(error)
    return ["raised", kinds, text[:MAX_TEXT], line]


def _line(error: BaseException) -> str:
    """The last line of the notebook's that ran before the exception."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "ipykernel" in frame.filename]
    return own[-1].line or "" if own else ""
