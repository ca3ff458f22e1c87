"""The checker's end of the bridge: what stands for the student's objects.

A proxy passes calls on and returns data. What would let the student's code answer for
the test, such as comparing two objects, it refuses: `CannotCross`.
"""

import builtins
import linecache
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType
from typing import Any, NoReturn

import numpy as np

from course_utils.grading.engine import bridge, bridge_keras, bridge_pandas
from course_utils.grading.engine.bridge import (
    BridgeError,
    CannotCross,
    Decoder,
    Encoder,
    Node,
)
from course_utils.grading.engine.verdicts import CHANGED

MAX_TEXT = 4000
MAX_LINE = 200
_ANSWER = "<answer>"  # the file in which tracebacks of the answer end
# Functions of these may be named to the student's kernel instead of being sent.
_NAMEABLE = ("numpy", "math", "keras", "tensorflow", "builtins", "operator")
_ARITHMETIC = ["add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow"]
_OPERATORS = (
    *_ARITHMETIC,
    *(f"r{name}" for name in _ARITHMETIC),
    *("eq", "ne", "lt", "le", "gt", "ge", "contains", "neg", "abs"),
)
# Hard to make from a text, or misleading.
_UNFIT = (StopIteration, StopAsyncIteration, UnicodeError, BaseExceptionGroup)


class StudentError(BaseException):
    """Marks an exception that was raised by the student's code."""


class Link:
    """The requests of one checker to one student's kernel.

    Parameters
    ----------
    ask : sends a packet and returns the reply; what it raises ends the test.
    max_bytes : of arrays in one reply.
    write_back : whether changes that a call made to its arguments are seen here.
    """

    def __init__(
        self,
        ask: Callable[[bytes], bytes | bytearray],
        max_bytes: int,
        write_back: bool = True,
    ) -> None:
        self._ask, self._max_bytes = ask, max_bytes
        self._write_back = write_back
        self.flags: set[str] = set()

    def fetch(self, names: list[str]) -> dict[str, Any]:
        """Values of those names that the student's notebook defines."""
        (pairs,), decode = self.request(["fetch", names], [], 1)
        if not isinstance(pairs, list):
            raise BridgeError("a reply that is none")
        found = {}
        for pair in pairs:
            if not isinstance(pair, list) or len(pair) != 2 or pair[0] not in names:
                raise BridgeError("a name that was not asked for")
            found[pair[0]] = decode(pair[1])
        return found

    def call(self, target: int, method: str | None, args: Any, kwargs: Any) -> Any:
        """Call an object of the student's; changes to the arguments come back too."""
        encoder = _Encoder()
        node = encoder.encode((args, kwargs))
        request = ["call", target, method, node]
        (result, changed), decode = self.request(request, encoder.blobs, 2)
        value = decode(result)
        if changed is not None:
            self.flags.add(CHANGED)
            if self._write_back:
                _write_back((args, kwargs), decode(changed))
        return value

    def simple(self, what: str, target: int, *arguments: Any) -> Any:
        """Send any other request; its arguments are data."""
        encoder = _Encoder()
        nodes = [encoder.encode(argument) for argument in arguments]
        (node,), decode = self.request([what, target, *nodes], encoder.blobs, 1)
        return [decode(n) for n in node] if what == "next" else decode(node)

    def request(
        self, tree: Node, blobs: list[bytes | memoryview], parts: int
    ) -> tuple[list[Node], Callable[[Node], Any]]:
        """Send a request; return the nodes of the reply and what decodes them."""
        reply, reply_blobs = bridge.unpack(self._ask(bridge.pack(tree, blobs)))
        if not isinstance(reply, list) or not reply:
            raise BridgeError("a reply that is none")
        if reply[0] == "raised" and tree[0] != "fetch":
            raise _student_error(reply)
        if reply[0] != "ok" or len(reply) != parts + 1:
            raise BridgeError("a reply that is none")
        decoder = Decoder(reply_blobs, self._object, self._max_bytes)
        decoder.flags = self.flags
        return reply[1:], decoder.decode

    def _object(self, node: list[Node]) -> "RemoteObject":
        match node:
            case ["object", int(number), str(kind), str(name), bool(called)]:
                make = RemoteCallable if called else RemoteObject
                return make(self, number, kind[:80], name[:80])
        raise BridgeError("a reference that is none")


class _Encoder(Encoder):
    """Encodes what a test hands to the student's code."""

    def __init__(self) -> None:
        super().__init__(_name_it, self._known_there)

    def handle(self, value: Any) -> Node | None:
        """Return None: what the test makes has no place in the student's kernel."""
        return None

    @staticmethod
    def _known_there(value: Any) -> Node | None:
        handle = value if isinstance(value, RemoteObject) else None
        handle = handle or bridge_keras.handle_of(value)
        return None if handle is None else ["ref", _secret(handle)[1]]


def _name_it(value: Any) -> Node:
    """Name a library's function; anything else of the test's cannot cross."""
    module, name = (
        getattr(value, "__module__", None),
        getattr(value, "__qualname__", ""),
    )
    if isinstance(value, np.ufunc):
        module, name = "numpy", value.__name__
    library = str(module).split(".")[0]
    if callable(value) and library in _NAMEABLE and "<" not in name:
        return ["ref", module, name]
    raise CannotCross(f"a {type(value).__name__} cannot be handed to the answer")


class RemoteObject:
    """An object in the student's kernel that has no form as data."""

    __array_ufunc__ = None  # NumPy leaves arithmetic to the object

    def __init__(self, link: Link, number: int, kind: str, name: str) -> None:
        object.__setattr__(self, "_secret", (link, number, kind, name))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        link, number, *_ = _secret(self)
        return link.simple("get", number, name)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise CannotCross(f"a test cannot change a {_secret(self)[2]} of the answer's")

    def __len__(self) -> int:
        link, number, *_ = _secret(self)
        length = link.simple("length", number)
        if type(length) is not int or length < 0:
            raise BridgeError("a length that is none")
        return length

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, key: Any) -> Any:
        link, number, *_ = _secret(self)
        return link.simple("item", number, key)

    def __iter__(self) -> Iterator[Any]:
        link, number, *_ = _secret(self)
        iterator = link.simple("iterate", number)
        if not isinstance(iterator, RemoteObject):
            raise BridgeError("an iterator that is none")
        while items := link.simple("next", _secret(iterator)[1]):
            yield items[0]

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        link, number, *_ = _secret(self)
        return np.asarray(link.simple("array", number), dtype=dtype)

    def __repr__(self) -> str:
        return f"<{_secret(self)[3]} of the answer>"

    __hash__ = object.__hash__


def _call(self: RemoteObject, *args: Any, **kwargs: Any) -> Any:
    link, number, *_ = _secret(self)
    try:
        return link.call(number, None, args, kwargs)
    except BaseException as error:
        if not isinstance(error, StudentError):
            raise
        raised: BaseException = error
    last = raised.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    raise raised.with_traceback(last)  # it shows this call and the answer's line


class RemoteCallable(RemoteObject):
    """A function, method, class or callable object in the student's kernel."""

    __call__ = FunctionType(_call.__code__.replace(co_filename=_ANSWER), globals())

    @property
    def __name__(self) -> str:
        return str(_secret(self)[3])


class RemoteNet(RemoteCallable):
    """A Keras model with parts of the student's own.

    It predicts in the student's kernel. The labels of an evaluation stay here, though.
    """

    def __init__(self, handle: RemoteObject, shapes: list[list[int]]) -> None:
        super().__init__(*_secret(handle))
        object.__setattr__(self, "_shapes", shapes)

    def count_params(self) -> int:
        """Return the number of parameters that the kernel showed."""
        shapes: list[list[int]] = object.__getattribute__(self, "_shapes")
        return int(sum(np.prod(shape, dtype=np.int64) for shape in shapes))

    def functional(self, input_shape: Sequence[int] | None) -> Any:
        """The net's layers in their order, built here of Keras' own parts.

        Parameters
        ----------
        input_shape : of one picture, without the axis that counts them.

        Returns
        -------
        A functional model, or another `RemoteNet` if a layer is the student's own.
        """
        link, number, *_ = _secret(self)
        shape = None if input_shape is None else [int(n) for n in input_shape]
        (node,), decode = link.request(["functional", number, shape], [], 1)
        return decode(node)

    def evaluate(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: it would hand the labels to the student's code."""
        raise CannotCross(
            "`evaluate` would show the labels to the answer; use `predict`"
        )


def _secret(handle: RemoteObject) -> tuple[Link, int, str, str]:
    found: tuple[Link, int, str, str] = object.__getattribute__(handle, "_secret")
    return found


def _refusal(name: str) -> Callable[..., NoReturn]:
    def refuse(self: RemoteObject, *others: Any) -> NoReturn:
        kind = _secret(self)[2]
        raise CannotCross(f"a test cannot compute with a {kind} of the answer's")

    return refuse


# `abs(answer - expected) < 1e-6` would ask the answer whether it is right, and tell it
# what is expected.
for _name in _OPERATORS:
    setattr(RemoteObject, f"__{_name}__", _refusal(_name))


def _read_net(decoder: Any, depth: int, reference: Node, shapes: Node) -> RemoteNet:
    handle = decoder.decode(reference, depth)
    if not isinstance(handle, RemoteObject) or len(shapes) > 10_000:
        raise BridgeError("a model that is none")
    for shape in shapes:
        if len(shape) > 32 or any(type(n) is not int or n < 0 for n in shape):
            raise BridgeError("a model that is none")
    decoder.flags.add("custom_model")
    return RemoteNet(handle, shapes)


bridge.register("keras", bridge_keras.encode, {"net": _read_net})
bridge.register("pandas", bridge_pandas.encode, bridge_pandas.READERS)


def _student_error(reply: list[Node]) -> BaseException:
    """Build the exception again, as the nearest of Python's own kinds."""
    match reply:
        case ["raised", [*kinds], str(text), str(line)] if all(
            isinstance(kind, str) for kind in kinds
        ):
            pass
        case _:
            raise BridgeError("an exception that is none")
    base: type[Exception] = Exception
    for kind in kinds:
        found = getattr(builtins, kind, None)
        if not isinstance(found, type) or not issubclass(found, Exception):
            continue
        if not issubclass(found, _UNFIT):
            base = found
            break
    name = kinds[0][:80] if kinds and kinds[0].isidentifier() else "Exception"
    text = text[:MAX_TEXT]
    body = {"__module__": "builtins", "__str__": lambda self: text}
    error: BaseException = type(name, (StudentError, base), body)(text)
    return _raised_in(line[:MAX_LINE], error)


def _raised_in(line: str, error: BaseException) -> BaseException:
    """The exception with a traceback that ends in this line, for tests to show."""
    linecache.cache[_ANSWER] = len(line), None, [line], _ANSWER
    try:
        exec(compile("raise error", _ANSWER, "exec"), {"error": error})
    except BaseException as raised:
        trace = raised.__traceback__
        assert trace is not None
        return raised.with_traceback(trace.tb_next)
    return error


def _write_back(old: Any, new: Any) -> None:
    """Bring the content of `new` into the objects that a test holds."""
    if type(old) is not type(new):
        return
    if isinstance(old, np.ndarray):
        if old.shape == new.shape and old.dtype == new.dtype and old.flags.writeable:
            old[...] = new
    elif isinstance(old, tuple):
        for mine, theirs in zip(old, new, strict=False):
            _write_back(mine, theirs)
    elif isinstance(old, list):
        old[:] = _merged(old, new, range(len(old)), range(len(new)))
    elif isinstance(old, dict):
        values = _merged(old, new, old, new)
        merged = dict(zip(new, values, strict=True))
        old.clear()
        old.update(merged)
    elif isinstance(old, set):
        old.clear()
        old.update(new)
    elif isinstance(old, np.random.Generator):
        old.bit_generator.state = new.bit_generator.state
    elif hasattr(old, "set_weights"):
        old.set_weights(new.get_weights())


def _merged(old: Any, new: Any, old_keys: Any, new_keys: Any) -> list[Any]:
    """Items of the changed container; those that the test holds keep their identity."""
    merged = []
    for key in new_keys:
        if key in old_keys and type(old[key]) is type(new[key]):
            mine = old[key]
            if isinstance(mine, list | dict | set | np.ndarray | np.random.Generator):
                _write_back(mine, new[key])
                merged.append(mine)
                continue
        merged.append(new[key])
    return merged
