"""The first process of a student's sandbox: it starts the kernel and speaks for it.

It turns plain frames of the grader into Jupyter messages and back. It lives in the same
sandbox as the student's code and is trusted as little: the grader bounds and checks
all that it says. What it gains is that no Jupyter message ever reaches the grader.
"""

import contextlib
import os
import signal
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.session import Session
from nbformat.v4 import output_from_msg

from course_utils.grading.engine.outputs import Outputs
from course_utils.grading.engine.wire import Channel, Closed, Message

_STREAMS = {"shell": zmq.DEALER, "control": zmq.DEALER, "stdin": zmq.DEALER}


class KernelDied(Exception):
    """The kernel's process has ended."""


class Relay:
    """A kernel and the sockets to it.

    Parameters
    ----------
    channel : to the grader.
    output_bytes : outputs kept of one cell.
    message_bytes : most that the grader takes in one reply of the bridge.
    """

    def __init__(self, channel: Channel, output_bytes: int, message_bytes: int) -> None:
        self._channel = channel
        self._output_bytes, self._message_bytes = output_bytes, message_bytes
        self._key = uuid.uuid4().hex.encode()
        self._address = f"@kernel-{uuid.uuid4().hex}"
        self._wakeup = _wake_on_child()
        self._pid = os.fork()
        if self._pid == 0:
            _become_kernel(channel, self._address, self._key)
        self._connect()

    def _connect(self) -> None:
        from course_utils.grading.engine.kernel import PORTS

        context = zmq.Context()
        self._session = Session(key=self._key)
        self._sockets: dict[str, Any] = {}
        for name, kind in (*_STREAMS.items(), ("iopub", zmq.SUB)):
            sock = context.socket(kind)
            sock.linger = 0
            sock.reconnect_ivl = 5
            if kind == zmq.SUB:
                sock.subscribe(b"")
            else:
                sock.identity = self._session.bsession
            sock.connect(f"ipc://{self._address}-{PORTS.index(name) + 1}")
            self._sockets[name] = sock
        self._poller = zmq.Poller()
        for sock in (*self._sockets.values(), self._channel, self._wakeup):
            self._poller.register(sock, zmq.POLLIN)

    def wait_until_ready(self) -> None:
        """Wait until the kernel answers and its outputs arrive here."""
        heard = answered = False
        sent = 0.0
        while not (heard and answered):
            if (not answered and not sent) or (
                answered and time.monotonic() > sent + 0.05
            ):
                self._send("shell", "kernel_info_request", {})
                sent = time.monotonic()
            ready = dict(self._poller.poll(50))
            self._look_for_death(ready)
            heard = heard or self._sockets["iopub"] in ready
            if self._sockets["shell"] in ready:
                self._session.recv(self._sockets["shell"])
                answered = True

    def serve(self) -> None:
        """Do what the grader says until it goes or the kernel dies."""
        while True:
            message, payload = self._channel.receive()
            match message.get("do"):
                case "execute":
                    reply = self._execute(message), b""
                case "bridge":
                    reply = self._bridge(bytes(payload))
                case _:
                    continue  # an interrupt that came too late
            self._channel.send(*reply)

    def end(self) -> None:
        """End the kernel; where this is the sandbox's first process, all ends here."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)

    def _execute(self, message: Message) -> Message:
        content = {
            "code": message["code"],
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": True,
            "stop_on_error": False,
        }
        outputs = Outputs(self._output_bytes)
        try:
            reply, _ = self._request("execute_request", content, outputs)
        except KernelDied:
            return {"status": "dead", "outputs": outputs.cells()}
        return {
            "status": str(reply.get("status")),
            "count": reply.get("execution_count"),
            "outputs": outputs.cells(),
        }

    def _bridge(self, payload: bytes) -> tuple[Message, bytes]:
        from course_utils.grading.engine.kernel import BRIDGE

        try:
            _, buffers = self._request(BRIDGE, {}, None, [payload])
        except KernelDied:
            return {"status": "dead"}, b""
        reply = bytes(buffers[0]) if buffers else b""
        if len(reply) > self._message_bytes:
            return {"status": "too_large"}, b""
        return {"status": "ok"}, reply

    def _request(
        self,
        kind: str,
        content: Message,
        outputs: Outputs | None,
        buffers: list[bytes] | None = None,
    ) -> tuple[Message, list[Any]]:
        """Send a request on the shell channel; wait for its reply and for idle."""
        request = self._send("shell", kind, content, buffers)
        reply: tuple[Message, list[Any]] | None = None
        idle = False
        while reply is None or not idle:
            ready = dict(self._poller.poll())
            idle = self._read_iopub(ready, request, outputs) or idle
            for message in self._received("shell", ready):
                with contextlib.suppress(Exception):
                    if message["parent_header"]["msg_id"] == request:
                        reply = message["content"], message["buffers"]
            for message in self._received("stdin", ready):
                if message.get("msg_type") == "input_request":
                    self._send("stdin", "input_reply", {"value": ""})
            if self._channel.fileno() in ready:
                self._channel.receive()  # nothing else may come now
                os.kill(self._pid, signal.SIGINT)
            self._look_for_death(ready, request, outputs)
        return reply

    def _read_iopub(
        self, ready: dict[Any, int], request: str, outputs: Outputs | None
    ) -> bool:
        """Take in what the kernel publishes; True once the request is done."""
        idle = False
        for message in self._received("iopub", ready):
            # The student's code can send messages of any form.
            with contextlib.suppress(Exception):
                if message["parent_header"]["msg_id"] != request:
                    continue
                if message["msg_type"] == "status":
                    idle = idle or message["content"]["execution_state"] == "idle"
                elif outputs is not None:
                    _keep(message, outputs)
        return idle

    def _received(self, name: str, ready: dict[Any, int]) -> list[Any]:
        messages: list[Any] = []
        if self._sockets[name] not in ready:
            return messages
        while len(messages) < 100:
            try:
                _, message = self._session.recv(self._sockets[name], zmq.NOBLOCK)
            except Exception:  # the student's code can send what it likes
                continue
            if message is None:
                break
            messages.append(message)
        return messages

    def _send(self, name: str, kind: str, content: Message, buffers: Any = None) -> str:
        message: Any = self._session.send(
            self._sockets[name], kind, content, buffers=buffers
        )
        return str(message["header"]["msg_id"])

    def _look_for_death(
        self,
        ready: dict[Any, int],
        request: str = "",
        outputs: Outputs | None = None,
    ) -> None:
        if self._wakeup not in ready:
            return
        os.read(self._wakeup, 1 << 12)
        died = False
        with contextlib.suppress(ChildProcessError):
            while pid := os.waitpid(-1, os.WNOHANG)[0]:
                died = died or pid == self._pid
        if died:
            self._read_iopub(dict(self._poller.poll(20)), request, outputs)
            raise KernelDied


def _keep(message: Message, outputs: Outputs) -> None:
    """Add what a message shows to the outputs of its cell."""
    kind, content = message["msg_type"], message["content"]
    if kind == "clear_output":
        outputs.clear(bool(content["wait"]))
        return
    update = kind == "update_display_data"
    if update:  # nbformat knows no updates
        message["header"]["msg_type"] = "display_data"
    display = content.get("transient", {}).get("display_id")
    outputs.add(dict(output_from_msg(message)), display, update)


def _wake_on_child() -> int:
    """A descriptor that becomes readable when a child ends."""
    read, write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    return read


def _become_kernel(channel: Channel, address: str, key: bytes) -> None:
    from course_utils.grading.engine import kernel

    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    channel.close()
    try:
        kernel.run(address, key)
    finally:
        os._exit(1)


def set_up(channel: Channel) -> Message:
    """Go to the folder that the grader's first frame describes; return the frame."""
    setup, content = channel.receive()
    folder = Path(setup["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    _write_files(folder, setup["files"], memoryview(content))
    os.chdir(folder)
    os.environ.update(setup["env"])
    sys.path.insert(0, "")
    return setup


def _write_files(folder: Path, files: dict[str, int], content: memoryview) -> None:
    """Put helper files into the working folder; sizes in the order of the content."""
    start = 0
    for name, size in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content[start : start + size])
        start += size


def main(channel: Channel) -> None:
    """Serve one grader; the first frame says how."""
    setup = set_up(channel)
    os.makedirs(os.environ["MPLCONFIGDIR"], exist_ok=True)
    relay = Relay(channel, setup["output_bytes"], setup["message_bytes"])
    with contextlib.suppress(Closed):
        try:
            relay.wait_until_ready()
        except KernelDied:
            channel.send({"status": "dead"})
            return
        channel.send({"status": "ready"})
        relay.serve()
    relay.end()
