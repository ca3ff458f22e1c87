"""Frames on a socket between the grader and what runs in a sandbox.

A frame is a small JSON object and a payload of bytes. The reader trusts nothing: sizes
are bounded before anything is read, and whatever is not a frame ends the connection.
"""

import json
import select
import socket
import struct
import time
from typing import Any

_HEADER = struct.Struct(">II")
_PIECE = 1 << 20

Message = dict[str, Any]


class Closed(Exception):
    """The other side is gone."""


class Late(Exception):
    """The other side did not answer in time."""


class Garbled(Closed):
    """The other side sent something that is not a frame."""


class Channel:
    """One end of a stream socket that carries frames.

    Parameters
    ----------
    sock : connected stream socket; the channel owns it.
    max_message : bytes of JSON accepted in one frame.
    max_payload : bytes of payload accepted in one frame.
    """

    def __init__(
        self,
        sock: socket.socket,
        max_message: int = 1 << 22,
        max_payload: int = 1 << 30,
    ) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._max = max_message, max_payload

    def fileno(self) -> int:
        """Return the descriptor, for `select`."""
        return self._sock.fileno()

    def send(
        self,
        message: Message,
        payload: bytes | bytearray | memoryview = b"",
        timeout: float | None = None,
    ) -> None:
        """Send one frame.

        Raises
        ------
        Closed : if the other side is gone.
        Late : if it does not read within `timeout` seconds.
        """
        deadline = _deadline(timeout)
        text = json.dumps(message).encode()
        head = _HEADER.pack(len(text), len(payload)) + text
        for data in (head, payload):
            view = memoryview(data)
            while view:
                try:
                    view = view[self._sock.send(view[:_PIECE]) :]
                except BlockingIOError:
                    self._wait(deadline, writing=True)
                except OSError as error:
                    raise Closed(str(error)) from None

    def receive(self, timeout: float | None = None) -> tuple[Message, bytearray]:
        """Wait for one frame and return its message and its payload.

        Raises
        ------
        Closed : if the other side is gone.
        Garbled : if it sent something that is not a frame within the bounds.
        Late : if the whole frame has not come within `timeout` seconds.
        """
        deadline = _deadline(timeout)
        sizes = _HEADER.unpack(self._read(_HEADER.size, deadline))
        if sizes[0] > self._max[0] or sizes[1] > self._max[1]:
            raise Garbled(f"a frame of {sizes[0]} + {sizes[1]} bytes")
        text = self._read(sizes[0], deadline)
        payload = self._read(sizes[1], deadline)
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            raise Garbled("a frame that is not JSON") from None
        if not isinstance(message, dict):
            raise Garbled("a frame that is not an object")
        return message, payload

    def ready(self, timeout: float = 0.0) -> bool:
        """Whether something can be read, waiting up to `timeout` seconds for it."""
        poll = select.poll()
        poll.register(self._sock, select.POLLIN)
        return bool(poll.poll(max(timeout, 0.0) * 1000))

    def close(self) -> None:
        """Close the socket; the other side sees the end of the stream."""
        self._sock.close()

    def _read(self, size: int, deadline: float | None) -> bytearray:
        data = bytearray()
        while len(data) < size:
            try:
                piece = self._sock.recv(min(size - len(data), _PIECE))
            except BlockingIOError:
                self._wait(deadline, writing=False)
                continue
            except OSError as error:
                raise Closed(str(error)) from None
            if not piece:
                raise Closed("end of stream")
            data += piece
        return data

    def _wait(self, deadline: float | None, writing: bool) -> None:
        poll = select.poll()
        poll.register(self._sock, select.POLLOUT if writing else select.POLLIN)
        left = None if deadline is None else (deadline - time.monotonic()) * 1000
        if left is not None and left <= 0:
            raise Late("no time left")
        if not poll.poll(left):
            raise Late("no answer in time")


def _deadline(timeout: float | None) -> float | None:
    return None if timeout is None else time.monotonic() + timeout
