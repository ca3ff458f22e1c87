"""What crosses the bridge arrives equal; what is no packet is refused."""

import contextlib
import json
import linecache
import math
import traceback
from collections import Counter, OrderedDict, namedtuple
from enum import IntEnum
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from course_utils.grading.engine import bridge
from course_utils.grading.engine.bridge import BridgeError, Decoder, Encoder
from course_utils.grading.engine.proxies import Link, RemoteObject, StudentError
from course_utils.grading.engine.remote import Server


def refuse(value: Any) -> Any:
    """Stand for the other side where no reference is expected."""
    raise BridgeError(f"a reference: {value!r}")


def crossed(value: Any) -> Any:
    """The value on the other side."""
    encoder = Encoder(refuse)
    tree = encoder.encode(value)
    tree, blobs = bridge.unpack(bridge.pack(tree, encoder.blobs))
    return Decoder(blobs, refuse).decode(tree)


def link_to(names: dict[str, Any]) -> Link:
    """A checker's link to a server with these names, without processes."""
    return Link(Server(names).answer, 1 << 30)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text()
    | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.integers(), inner)
    ),
    max_leaves=20,
)
ARRAYS = npst.arrays(
    st.sampled_from(["f4", "f8", "i8", "u1", "?", "c16", ">i4", "U3", "S2"]),
    npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)


@settings(deadline=None)
@given(PLAIN)
def test_plain_values_cross_unchanged(value: Any) -> None:
    """With their types: a tuple stays a tuple."""
    result = crossed(value)

    assert result == value
    assert type(result) is type(value)


@settings(deadline=None)
@given(ARRAYS)
def test_arrays_cross_unchanged(array: np.ndarray) -> None:
    """Dtype, shape and every bit; the copy can be written to."""
    result = crossed(array)

    assert result.dtype == array.dtype
    assert result.shape == array.shape
    assert result.tobytes() == np.ascontiguousarray(array).tobytes()
    assert result.flags.writeable


@pytest.mark.parametrize(
    "value",
    [
        {1, 2},
        frozenset({"a"}),
        range(1, 9, 2),
        slice(None, 3),
        ...,
        np.float32(0.1),
        np.bool_(True),
        np.str_("text"),
        np.dtype("float32"),
        np.uint8,
        float,
        math,
        10**100,
        -(10**30),
        float("inf"),
    ],
)
def test_other_values_cross_unchanged(value: Any) -> None:
    """Those that tests of a course look at."""
    result = crossed(value)

    assert result == value
    assert type(result) is type(value)


def test_not_a_number_crosses() -> None:
    """It equals nothing, itself included."""
    assert math.isnan(crossed(math.nan))
    assert np.isnan(crossed(np.float64("nan")))


def test_kinds_of_plain_values_cross_as_those() -> None:
    """A Counter is a dict, an enumeration of integers an integer."""
    colour = IntEnum("colour", "RED")
    size = namedtuple("size", "height width")

    assert crossed(Counter("aab")) == {"a": 2, "b": 1}
    assert crossed(OrderedDict(a=1)) == {"a": 1}
    assert crossed(colour.RED) == 1
    assert crossed(size(2, 3)).width == 3


def test_memory_maps_and_slices_cross_as_arrays() -> None:
    """Whatever holds their bytes."""
    array = np.arange(24.0).reshape(4, 6)[::2, ::-1]

    assert np.array_equal(crossed(array), array)
    assert np.array_equal(crossed(np.array([[1], "two"], object))[1], "two")


def test_a_generator_goes_on_where_it_was() -> None:
    """Both sides draw the same numbers."""
    generator = np.random.default_rng(3)
    generator.random(5)

    assert crossed(generator).random() == generator.random()


# What a student's kernel could send instead.


@pytest.mark.parametrize(
    "tree",
    [
        ["unknown"],
        [],
        [1, 2],
        {"a": 1},
        ["list", 3],
        ["list", [["list"]]],
        ["dict", [[1]]],
        ["dict", [[["list", []], 1]]],
        ["set", [["dict", []]]],
        ["int", "0x" + "f" * 10_000],
        ["int", 3],
        ["float", "1e3"],
        ["complex", "1", "__import__('os')"],
        ["bytes", 7],
        ["bytes", -1],
        ["bytes", True],
        ["array", "<f8", [2], 0],
        ["array", "|O", [1], 0],
        ["array", "<f8", [-1], 0],
        ["array", "<f8", [1 << 50, 0], 0],
        ["array", "<f8,<f8", [1], 0],
        ["array", "V8", [1], 0],
        ["array", "<U9999999999", [1], 0],
        ["array", [["a", "O"]], [1], 0],
        ["array", "<f8", "8", 0],
        ["array", "<U1", [2], 1],
        ["objects", [3], [1]],
        ["dtype", "O"],
        ["nptype", "|O"],
        ["type", "eval"],
        ["module", "os"],
        ["module", "numpy.f2py"],
        ["named", "x", ["__class__"], [1]],
        ["named", "x", ["a b"], [1]],
        ["named", "import os", ["a"], [1]],
        ["generator", ["dict", [["bit_generator", "BitGenerator"]]]],
        ["generator", ["dict", [["bit_generator", "PCG64"], ["state", 1]]]],
        ["range", [0, 1, 0]],
        ["slice", [1, 2, 3, 4]],
        ["ref", 1],
        ["ref", "os", "system"],
    ],
)
def test_a_node_that_is_none_is_refused(tree: Any) -> None:
    """With one kind of error, whatever is wrong."""
    blobs = [memoryview(b"1234"), memoryview(b"\xff" * 8)]

    with pytest.raises(BridgeError):
        Decoder(blobs, refuse).decode(tree)


def test_what_goes_too_deep_is_refused() -> None:
    """Before Python's own stack ends."""
    tree: Any = []
    for _ in range(500):
        tree = ["list", [tree]]

    with pytest.raises(BridgeError):
        Decoder([], refuse).decode(tree)
    deep = b"[" * 200_000 + b"]" * 200_000
    with pytest.raises(BridgeError):
        bridge.unpack(len(deep).to_bytes(8, "big") + deep)


def test_what_is_too_many_is_refused() -> None:
    """Nodes, and bytes of arrays that share one blob."""
    with pytest.raises(BridgeError):
        Decoder([], refuse).decode(["list", [0] * (bridge.MAX_NODES + 1)])
    blob = memoryview(bytes(1 << 20))
    tree = ["list", [["array", "|u1", [1 << 20], 0]] * 100]
    with pytest.raises(BridgeError):
        Decoder([blob], refuse, max_bytes=50 << 20).decode(tree)


def test_what_is_too_large_to_write_down_crosses_as_a_reference() -> None:
    """A loop in a list, a number of millions of digits."""
    loop: list[Any] = []
    loop.append(loop)

    link = link_to({"loop": loop, "number": 1 << 10**6})
    found = link.fetch(["loop", "number"])

    assert isinstance(found["number"], RemoteObject)
    assert isinstance(found["loop"], list)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_packet_or_refused(content: bytes) -> None:
    """And nothing else happens."""
    with contextlib.suppress(BridgeError):
        tree, blobs = bridge.unpack(content)
        Decoder(blobs, refuse).decode(tree)


HEAVY = {"keras", "net", "history", "tensor"}  # see test_bridge_keras
TAGS = st.sampled_from([*sorted(bridge._READERS.keys() - HEAVY), "ref", "object", "x"])
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
    | st.sampled_from(["<f8", "|b1", "<U2", "PCG64", "numpy", "bit_generator"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.tuples(TAGS, inner, inner).map(list)
    | st.tuples(TAGS, st.lists(inner, max_size=3)).map(list),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(TREES, st.lists(st.binary(max_size=32), max_size=3))
def test_any_tree_is_a_value_or_refused(tree: Any, blobs: list[bytes]) -> None:
    """And nothing else happens: no crash, no hang, no other exception."""
    text = json.dumps(tree)
    with contextlib.suppress(BridgeError):
        Decoder([memoryview(b) for b in blobs], refuse).decode(json.loads(text))


@settings(max_examples=200, deadline=None)
@given(TREES, st.lists(st.binary(max_size=16), max_size=2))
def test_any_reply_is_an_answer_or_refused(tree: Any, blobs: list[bytes]) -> None:
    """A kernel may answer a call with whatever it likes."""
    finite = json.loads(json.dumps(tree).replace("Infinity", "1").replace("NaN", "1"))
    link = Link(lambda packet: bridge.pack(finite, blobs), 1 << 20)

    with contextlib.suppress(BridgeError):
        link.fetch(["double"])
    with contextlib.suppress(BridgeError):
        link.call(0, None, (np.zeros(2), [1]), {})


# Exceptions


def test_an_exception_keeps_the_nearest_of_pythons_own_kinds() -> None:
    """So that a test can catch it."""

    class Odd(KeyError):
        pass

    def fail() -> None:
        raise Odd("lost")

    function = link_to({"fail": fail}).fetch(["fail"])["fail"]

    with pytest.raises(KeyError, match="lost") as caught:
        function()
    assert isinstance(caught.value, StudentError)
    assert type(caught.value).__name__ == "Odd"


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_no_exception_of_an_answer_ends_the_checker(error: type) -> None:
    """Those that would pass every `except Exception` become ordinary ones."""

    def fail() -> None:
        raise error()

    with pytest.raises(StudentError):
        link_to({"fail": fail}).fetch(["fail"])["fail"]()


def test_an_exception_of_the_answers_shows_its_own_line() -> None:
    """As if the answer had run beside the test."""
    code = "def f(x):\n    return missing + x"
    file = "/tmp/ipykernel_1/1.py"
    linecache.cache[file] = len(code), None, code.splitlines(True), file
    names: dict[str, Any] = {}
    exec(compile(code, file, "exec"), names)
    with pytest.raises(NameError) as caught:
        link_to(names).fetch(["f"])["f"](1)
    frames = traceback.extract_tb(caught.value.__traceback__)

    assert [frame.line for frame in frames[1:]] == ["", "return missing + x"]
    assert traceback.format_exception_only(caught.value) == [
        "NameError: name 'missing' is not defined\n"
    ]
