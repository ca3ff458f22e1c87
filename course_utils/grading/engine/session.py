"""A running student's kernel and a running checker, seen from the grader.

Both are confined processes behind a channel. Every wait here has an end, and everything
that comes from a student's sandbox is checked before it goes anywhere.
"""

import json
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from course_utils.grading.engine import processes
from course_utils.grading.engine.isolation import HOME
from course_utils.grading.engine.jobs import Files, Job
from course_utils.grading.engine.outputs import Fate, Output, Ran, error_text
from course_utils.grading.engine.warm import (
    CannotFork,
    Confined,
    Infrastructure,
    Nursery,
    Role,
)
from course_utils.grading.engine.watchdog import Watchdog
from course_utils.grading.engine.wire import Closed, Late, Message

_READY_SECONDS = 120.0
_GRACE_SECONDS = 3.0  # between Ctrl-C and the end
_KEYS: dict[str, dict[str, type]] = {
    "stream": {"name": str, "text": str},
    "display_data": {"data": dict, "metadata": dict},
    "execute_result": {"data": dict, "metadata": dict},
    "error": {"ename": str, "evalue": str, "traceback": list},
}


class Gone(Exception):
    """The student's kernel has ended; `fate` says how."""

    def __init__(self, fate: Fate) -> None:
        super().__init__(fate)
        self.fate: Fate = fate


class _Session:
    """A confined process with its watchdog, ready to be spoken to."""

    def __init__(
        self, nursery: Nursery, role: Role, job: Job, files: Files, setup: Message
    ) -> None:
        self._limits, self._nursery = job.limits, nursery
        self._confined: Confined = nursery.start(role, job.limits)
        self._channel = self._confined.channel
        self._watchdog = Watchdog(self._confined, job.limits)
        self._folder = None if nursery.sandbox.enabled else tempfile.mkdtemp()
        folder = self._folder or f"{HOME}/{job.assignment}"
        sizes = {name: len(content) for name, content in files.items()}
        first = {"folder": folder, "env": dict(job.env), "files": sizes, **setup}
        try:
            self._channel.send(first, b"".join(files.values()), _READY_SECONDS)
        except (Closed, Late) as error:
            self.close()
            raise Infrastructure(f"A {role} process does not start: {error}") from None
        self._role = role
        self._ready = False

    @property
    def peak_mb(self) -> float:
        """Peak resident memory until now, in MiB."""
        return self._watchdog.peak_mb

    def wait_until_ready(self) -> None:
        """Wait until it serves; several can start at the same time."""
        if self._ready:
            return
        try:
            message, _ = self._channel.receive(_READY_SECONDS)
        except (Closed, Late) as error:
            self.close()
            raise Infrastructure(
                f"A {self._role} process does not start: {error}"
            ) from None
        if message.get("status") != "ready":
            self.close()
            why = str(message.get("why", "it is gone"))[:200]
            fault = CannotFork if self._nursery.warm else Infrastructure
            raise fault(f"A {self._role} process does not start: {why}.")
        self._watchdog.serves()
        self._ready = True

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let it stand still, with everything that it has started."""
        processes.send(signal.SIGSTOP, processes.family(self._confined.pid))
        try:
            yield
        finally:
            processes.send(signal.SIGCONT, processes.family(self._confined.pid))

    def close(self) -> None:
        """End it, with everything that it has started."""
        self._watchdog.stop()
        self._confined.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _gone(self) -> Gone:
        """Say how the process ended; it is certain by now that it did.

        Raises
        ------
        Infrastructure : if the warm process ended, and took this one along.
        """
        gone = self._nursery.gone
        self._confined.end()
        self._watchdog.stop()
        if gone:
            raise Infrastructure("The warm process is gone.")
        return Gone(self._watchdog.excess or "crashed")


class Student(_Session):
    """A student's kernel.

    Raises
    ------
    Infrastructure : if it does not start.
    """

    def __init__(self, nursery: Nursery, job: Job) -> None:
        files = {**job.student_files, **job.files}
        setup = {
            "output_bytes": job.limits.output_bytes,
            "message_bytes": job.limits.message_bytes,
        }
        super().__init__(nursery, "student", job, files, setup)

    def execute(self, code: str, seconds: float) -> Ran:
        """Run a cell; interrupt it when its time is over.

        Raises
        ------
        Gone : if the kernel ended with it.
        """
        self.wait_until_ready()
        message, _, late = self._ask({"do": "execute", "code": code}, b"", seconds)
        outputs = _checked_outputs(message.get("outputs"), self._limits.output_bytes)
        if message.get("status") == "dead":
            raise self._gone()
        failed = next((o for o in outputs if o["output_type"] == "error"), None)
        error = error_text(failed) if failed else ""
        if late:
            return Ran("timed_out", outputs, error)
        return Ran(
            "error" if message.get("status") == "error" else "ok", outputs, error
        )

    def bridge(
        self, packet: bytes | bytearray, seconds: float
    ) -> tuple[str, bytearray]:
        """Pass a packet of the checker on.

        Returns
        -------
        "ok" and the kernel's reply, or "too_large" and nothing.

        Raises
        ------
        Gone : if the kernel ended; `timed_out` too if it only took too long, because
            what it does from then on is anyone's guess.
        """
        self.wait_until_ready()
        message, payload, late = self._ask({"do": "bridge"}, packet, seconds)
        status = message.get("status")
        if status not in ("ok", "too_large"):
            raise self._gone()
        if late:
            raise Gone("timed_out")
        return status, payload

    def _ask(
        self, request: Message, payload: bytes | bytearray, seconds: float
    ) -> tuple[Message, bytearray, bool]:
        """Send a request and wait; Ctrl-C at the end of the time, then the end."""
        deadline = time.monotonic() + max(seconds, 0.0)
        try:
            self._channel.send(request, payload, seconds)
            if self._channel.ready(deadline - time.monotonic()):
                left = deadline - time.monotonic() + _GRACE_SECONDS
                return *self._channel.receive(left), False
            self._channel.send({"do": "interrupt"}, b"", _GRACE_SECONDS)
            return *self._channel.receive(_GRACE_SECONDS), True
        except Late:
            gone = self._gone()
            raise Gone("timed_out" if gone.fate == "crashed" else gone.fate) from None
        except Closed:
            raise self._gone() from None


class Checker(_Session):
    """A checker.

    Raises
    ------
    Infrastructure : if it does not start.
    """

    def __init__(self, nursery: Nursery, job: Job) -> None:
        setup = {"message_bytes": job.limits.message_bytes}
        super().__init__(
            nursery, "checker", job, {**job.files, **job.checker_files}, setup
        )

    def run(self, code: str, seconds: float) -> Message:
        """Run a trusted cell that is no test."""
        return self._finish({"do": "run", "code": code}, None, seconds)

    def test(
        self,
        code: str,
        names: frozenset[str],
        unsure: frozenset[str],
        student: "Student | None",
        seconds: float,
        *,
        write_back: bool = True,
    ) -> Message:
        """Run a test cell; pass its questions on to the student's kernel.

        Returns
        -------
        The checker's answer, whose `status` is a fate where the answer to the test
        ran out of time or memory.

        Raises
        ------
        Gone : if the checker itself ended.
        """
        request = {
            "do": "test",
            "code": code,
            "names": sorted(names),
            "unsure": sorted(unsure),
            "write_back": write_back,
        }
        return self._finish(request, student, seconds)

    def _finish(
        self, request: Message, student: "Student | None", seconds: float
    ) -> Message:
        """Send a request and serve the checker until it answers."""
        self.wait_until_ready()
        deadline = time.monotonic() + seconds
        interrupted = False
        try:
            self._channel.send(request, b"", _GRACE_SECONDS)
            while True:
                left = deadline - time.monotonic()
                if left <= 0 or not self._channel.ready(left):
                    if interrupted or not self._confined.interrupt():
                        raise self._late()
                    interrupted, deadline = True, time.monotonic() + _GRACE_SECONDS
                    continue
                message, packet = self._channel.receive(left + _GRACE_SECONDS)
                if "ask" not in message:
                    return message
                reply, data = self._pass_on(student, packet, deadline)
                self._channel.send(reply, data, _GRACE_SECONDS)
        except Late:
            raise self._late() from None
        except Closed:
            raise self._gone() from None

    def _pass_on(
        self, student: "Student | None", packet: bytearray, deadline: float
    ) -> tuple[Message, bytearray]:
        if student is None:
            return {"status": "crashed"}, bytearray()
        seconds = min(self._limits.call_seconds, deadline - time.monotonic())
        try:
            status, reply = student.bridge(packet, seconds)
            return {"status": status}, reply
        except Gone as gone:
            return {"status": gone.fate}, bytearray()

    def _late(self) -> Gone:
        gone = self._gone()
        return Gone("timed_out" if gone.fate == "crashed" else gone.fate)


def _checked_outputs(outputs: Any, max_bytes: int) -> tuple[Output, ...]:
    """Outputs that have the form of outputs; the rest is dropped."""
    kept: list[Output] = []
    size = 0
    for output in outputs if isinstance(outputs, list) else []:
        clean = _checked(output) if isinstance(output, dict) else None
        size += len(json.dumps(clean))
        if clean is not None and size <= 2 * max_bytes:
            kept.append(clean)
    return tuple(kept)


def _checked(output: dict[str, Any]) -> Output | None:
    """One output with the keys that nbformat knows, or None if it is none."""
    kind = str(output.get("output_type"))
    clean: Output = {"output_type": kind}
    for key, wanted in _KEYS.get(kind, {"": bool}).items():
        value = output.get(key)
        if not isinstance(value, wanted):
            return None
        clean[key] = value
    if kind == "stream" and clean["name"] not in ("stdout", "stderr"):
        return None
    if "data" in clean:
        clean["data"] = {k: v for k, v in clean["data"].items() if _is_content(k, v)}
    if kind == "execute_result":
        count = output.get("execution_count")
        clean["execution_count"] = count if type(count) is int else None
    if kind == "error" and not all(isinstance(x, str) for x in clean["traceback"]):
        return None
    return clean


def _is_content(mime: str, content: Any) -> bool:
    """Whether nbformat allows this content for this type."""
    if mime.startswith("application/") and mime.endswith("json"):
        return True
    lines = content if isinstance(content, list) else [content]
    return all(isinstance(line, str) for line in lines)
