"""The grader's side of the sandbox: processes on demand, and the end of them.

A `Nursery` hands out confined processes. Warm, they are forks of one process that has
already imported the heavy libraries; cold, each is started from nothing in a sandbox of
its own. What they can do and what they leave behind is the same: nothing.
"""

import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Literal

from course_utils.grading.engine import processes
from course_utils.grading.engine.isolation import Confinement
from course_utils.grading.engine.jobs import Limits
from course_utils.grading.engine.sandbox import REMEDY, NoSandbox, Sandbox, is_root
from course_utils.grading.engine.wire import Channel

Role = Literal["student", "checker"]
PRELOAD = (
    *("numpy", "matplotlib.pyplot", "tensorflow", "keras"),
    *("course_utils.data", "course_utils.checks", "course_utils.plotting"),
)
_MODULE = "course_utils.grading.engine.zygote"
_START_SECONDS = 300.0  # importing TensorFlow on a loaded machine
_FORK_SECONDS = 60.0
_END_SECONDS = 60.0
_MIB = 1 << 20
_OWN_DISK_MB = 64  # what the warm process itself may write: lists of fonts
_START_CPU_SECONDS = 60  # before a cold process serves; the watchdog does not count it
_FIRST_UID = 1_900_000_000  # beyond what any system hands out


class Infrastructure(Exception):
    """The machine failed, not the student."""


class CannotFork(Infrastructure):
    """This machine does not let a warm process confine its children."""


class Confined:
    """A running confined process.

    Parameters
    ----------
    channel : to the process.
    pid : its number out here.
    pidfd : descriptor that means it even after its number is used again.
    bwrap : the process that holds the sandbox, where it is this one's alone.
    """

    def __init__(
        self,
        channel: Channel,
        pid: int,
        pidfd: int,
        bwrap: subprocess.Popen[bytes] | None = None,
    ) -> None:
        self.channel, self.pid = channel, pid
        self._pidfd, self._bwrap = pidfd, bwrap

    def interrupt(self) -> bool:
        """Send it Ctrl-C; False where only its sandbox can be reached."""
        if self._bwrap is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGINT)
        return self._bwrap is None

    def end(self) -> None:
        """End it with all its descendants; may be called from any thread."""
        descendants = processes.family(self.pid)[1:]
        with contextlib.suppress(ProcessLookupError, OSError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        processes.send(
            signal.SIGKILL, descendants
        )  # in a sandbox they are gone with the first

    def close(self) -> None:
        """End it and wait until the kernel has taken everything apart."""
        if self._pidfd < 0:
            return
        self.end()
        _wait(self._pidfd)
        self.channel.close()
        os.close(self._pidfd)
        self._pidfd = -1
        if self._bwrap is not None:
            self._bwrap.wait()


def _wait(pidfd: int) -> None:
    """Wait for the end of a process; its namespace is empty by then."""
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    if not poll.poll(_END_SECONDS * 1000):
        raise Infrastructure("A process that was killed does not end.")


class Nursery:
    """Hands out confined processes for one worker.

    Parameters
    ----------
    sandbox : how to isolate.
    warm : fork from a process that has imported `preload`; else start each cold.
    preload : modules to import once.

    Raises
    ------
    NoSandbox : if this machine cannot do it.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        *,
        warm: bool = True,
        preload: Sequence[str] = PRELOAD,
    ) -> None:
        self.sandbox, self.warm = sandbox, warm
        self._preload = list(preload)
        self._zygote: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._uid = _unused_uid() if is_root() else 0

    def start(self, role: Role, limits: Limits) -> Confined:
        """Start a confined process.

        Raises
        ------
        Infrastructure : if it does not start.
        NoSandbox : if this machine cannot isolate.
        """
        ours, theirs = socket.socketpair()
        confinement = Confinement(
            uid=(self._uid + (role == "checker")) if self._uid else 0,
            disk_mb=int(limits.disk_mb),
            file_mb=int(limits.file_mb),
            cpu_seconds=int(limits.cpu_seconds) + _START_CPU_SECONDS,
            processes=limits.processes + _tasks_of_this_user(),
        )
        request = {"role": role, **asdict(confinement)}
        if not self.sandbox.enabled:
            request["uid"] = 0
        channel = Channel(
            ours,
            max_message=2 * limits.output_bytes + _MIB,
            max_payload=limits.message_bytes,
        )
        with theirs:
            if self.warm:
                return self._fork(request, channel, theirs)
            return self._cold(request, channel, theirs)

    @property
    def gone(self) -> bool:
        """Whether the warm process has ended, and all that it forked with it.

        Its end of the socket is closed before the first of them dies.
        """
        if self._control is None:
            return False
        poll = select.poll()
        poll.register(self._control, 0)  # tells of a hang-up whatever it is asked
        return bool(poll.poll(0))

    def go_cold(self) -> None:
        """Start each process from nothing from now on."""
        self.close()
        self.warm = False

    def close(self) -> None:
        """End the warm process and all that came from it."""
        if self._control is not None:
            self._control.close()
        if self._zygote is not None:
            processes.send(signal.SIGKILL, processes.family(self._zygote.pid))
            self._zygote.kill()
            self._zygote.wait()
        self._zygote = self._control = None

    def __enter__(self) -> "Nursery":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _fork(
        self, request: dict[str, object], channel: Channel, theirs: socket.socket
    ) -> Confined:
        control = self._warm_process()
        control.settimeout(_FORK_SECONDS)
        try:
            socket.send_fds(control, [json.dumps(request).encode()], [theirs.fileno()])
            text, descriptors, *_ = socket.recv_fds(control, 1 << 16, 1)
            reply = json.loads(text or "{}")
        except (OSError, ValueError) as error:
            self.close()
            raise Infrastructure(f"The warm process does not answer: {error}") from None
        if not descriptors:
            self.close()
            if "error" in reply:
                raise CannotFork(f"The warm process cannot fork: {reply['error']}")
            raise Infrastructure("The warm process is gone.")
        return Confined(channel, _pid_behind(descriptors[0]), descriptors[0])

    def _cold(
        self, request: dict[str, object], channel: Channel, theirs: socket.socket
    ) -> Confined:
        control, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with control, inner:
            process = self._spawn("cold", [], inner, int(str(request["disk_mb"])))
            socket.send_fds(control, [json.dumps(request).encode()], [theirs.fileno()])
            inner.close()
            pidfd = os.pidfd_open(process.pid)
            return Confined(channel, process.pid, pidfd, process)

    def _warm_process(self) -> socket.socket:
        """The control socket of a warm process that is ready to fork."""
        if self._control is not None and self._zygote is not None:
            if self._zygote.poll() is None:
                return self._control
            self.close()
        control, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with inner:
            self._zygote = self._spawn("warm", self._preload, inner, _OWN_DISK_MB)
        self._control = control
        control.settimeout(_START_SECONDS)
        try:
            started = bool(control.recv(1 << 16))
        except OSError:
            started = False
        if not started:
            self.close()
            raise NoSandbox(f"The sandbox does not start on this machine. {REMEDY}.")
        return control

    def _spawn(
        self, mode: str, modules: list[str], sock: socket.socket, disk_mb: int
    ) -> subprocess.Popen[bytes]:
        words = [mode, "1" if self.sandbox.enabled else "0", *modules]
        return self.sandbox.spawn(_MODULE, words, sock, disk_mb=disk_mb)


def _pid_behind(pidfd: int) -> int:
    """The number that a descriptor's process has out here."""
    deadline = time.monotonic() + 1.0
    while time.monotonic() < deadline:
        with open(f"/proc/self/fdinfo/{pidfd}") as file:
            for line in file:
                if line.startswith("Pid:"):
                    return int(line.split()[1])
    raise Infrastructure("The kernel does not say which process was started.")


def _unused_uid() -> int:
    """The first of two user numbers that only this process hands out.

    Where root is one of a container, only some numbers exist: the last of those.
    """
    ranges = map(str.split, Path("/proc/self/uid_map").read_text().splitlines())
    end = max(int(first) + int(count) for first, _, count in ranges)
    return min(_FIRST_UID + 2 * os.getpid(), end - 2 - 2 * (os.getpid() % 1000))


def _tasks_of_this_user() -> int:
    """Threads that count against the user's limit before the student starts any.

    Linux before 5.14 counts those outside the sandbox too.
    """
    release = [int(n) for n in re.findall(r"\d+", os.uname().release)[:2]]
    if is_root() or release >= [5, 14]:
        return 0
    return processes.threads_of(os.getuid())
