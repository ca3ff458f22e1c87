"""Frames arrive whole or not at all, and no peer can keep the grader waiting."""

import socket
import struct
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.grading.engine.wire import Channel, Closed, Garbled, Late


@pytest.fixture
def ends() -> Iterator[tuple[Channel, socket.socket]]:
    """A channel and the bare socket at its other end."""
    ours, theirs = socket.socketpair()
    with theirs:
        channel = Channel(ours, max_message=1000, max_payload=1 << 22)
        yield channel, theirs
        channel.close()


def test_a_frame_arrives_as_it_was_sent() -> None:
    """Message and payload, larger than any buffer."""
    left, right = (Channel(sock) for sock in socket.socketpair())
    payload = bytes(range(256)) * 20_000
    sender = threading.Thread(target=left.send, args=({"do": "run"}, payload))
    sender.start()

    assert right.receive(10) == ({"do": "run"}, payload)
    sender.join()


@pytest.mark.parametrize(
    "content",
    [
        struct.pack(">II", 1 << 31, 0),
        struct.pack(">II", 2, 1 << 31) + b"{}",
        struct.pack(">II", 2, 0) + b"[]",
        struct.pack(">II", 3, 0) + b"{]}",
        struct.pack(">II", 900, 0) + b"[" * 900,
    ],
)
def test_what_is_no_frame_ends_the_connection(
    content: bytes, ends: tuple[Channel, socket.socket]
) -> None:
    """Before its size is believed."""
    channel, other = ends
    other.sendall(content)

    with pytest.raises(Garbled):
        channel.receive(1)


def test_a_peer_that_goes_is_noticed(ends: tuple[Channel, socket.socket]) -> None:
    """Half a frame is none."""
    channel, other = ends
    other.sendall(b"\0\0")
    other.shutdown(socket.SHUT_WR)

    with pytest.raises(Closed):
        channel.receive(1)


def test_a_peer_that_dawdles_is_not_waited_for(
    ends: tuple[Channel, socket.socket],
) -> None:
    """The whole frame must come in time, not its next byte."""
    channel, other = ends
    stop = threading.Event()

    def drip() -> None:
        other.sendall(struct.pack(">II", 500, 0))
        while not stop.wait(0.05):
            other.sendall(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    started = time.monotonic()
    with pytest.raises(Late):
        channel.receive(0.4)
    assert time.monotonic() - started < 3
    stop.set()
    dripping.join()


def test_a_peer_that_does_not_read_is_not_waited_for(
    ends: tuple[Channel, socket.socket],
) -> None:
    """The grader's own frames can get stuck too."""
    channel, _ = ends

    with pytest.raises(Late):
        channel.send({}, bytes(1 << 22), 0.3)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_frame_or_refused(content: bytes) -> None:
    """And nothing else happens."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours, max_message=1000, max_payload=1000)
    theirs.sendall(content)
    theirs.close()
    try:
        message, _ = channel.receive(1)
        assert isinstance(message, dict)
    except Closed:
        pass
    finally:
        channel.close()
