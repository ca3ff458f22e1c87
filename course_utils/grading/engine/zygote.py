"""The warm process: it imports what notebooks need, runs nothing, and forks.

It lives in the sandbox. Each child leaves everything behind before it serves (see
`isolation`), and this process only ever reads from the grader: a student's code cannot
name it, reach it or send it anything. It knows nothing worth reading either, because a
job goes past it, straight to the child.
"""

import contextlib
import gc
import importlib
import json
import os
import random
import shutil
import signal
import socket
import sys
from dataclasses import fields
from typing import Any

from course_utils.grading.engine import isolation, sandbox
from course_utils.grading.engine.isolation import Confinement
from course_utils.grading.engine.wire import Channel

ROLES = {
    "student": "course_utils.grading.engine.relay",
    "checker": "course_utils.grading.engine.checker",
}
# What an ipykernel loads when it starts and when a cell fails or draws: loaded here
# once. Nothing in this list runs a TensorFlow operation.
ALWAYS = (
    *ROLES.values(),
    "course_utils.grading.engine.kernel",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.core.ultratb",
    "IPython.extensions.storemagic",
    "encodings.idna",
    "ipykernel.debugger",
    "matplotlib_inline.backend_inline",
    "pydoc",
    "tornado.platform.asyncio",
    "tornado.queues",
)


def main() -> None:
    """Import, then fork for the grader until it goes.

    Command line: `warm` or `cold`, "1" if sandboxed, modules to import, descriptor.
    """
    mode, sandboxed, *modules, descriptor = sys.argv[1:]
    control = socket.socket(fileno=int(descriptor))
    with contextlib.suppress(OSError, KeyError):
        shutil.copytree(sandbox.FONTS, os.environ["MPLCONFIGDIR"])
    if mode == "cold":
        _cold(control, sandboxed == "1")
        return
    _import(modules)
    isolation.hide_from_children()
    gc.collect()
    gc.freeze()
    isolation.large_pages()
    control.send(json.dumps({"ready": os.getpid()}).encode())
    while True:
        text, descriptors, *_ = socket.recv_fds(control, 1 << 16, 1)
        if not text:
            return
        _fork(json.loads(text), descriptors[0], control, sandboxed == "1")
        os.close(descriptors[0])
        _reap()


def _import(modules: list[str]) -> None:
    for name in (*ALWAYS, *modules):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    if "matplotlib" in sys.modules:
        importlib.import_module("matplotlib.font_manager")


def _fork(
    request: dict[str, Any], descriptor: int, control: socket.socket, sandboxed: bool
) -> None:
    """Fork a process into namespaces of its own."""
    try:
        with isolation.new_processes() if sandboxed else contextlib.nullcontext():
            child = os.fork()
            if child == 0:
                _serve(request, descriptor, sandboxed, sandboxed)
        pidfd = os.pidfd_open(child)
        socket.send_fds(control, [json.dumps({"pid": child}).encode()], [pidfd])
        os.close(pidfd)
    except OSError as error:
        control.send(json.dumps({"error": str(error)}).encode())


def _cold(control: socket.socket, sandboxed: bool) -> None:
    """Become the one child; the sandbox was made for it alone."""
    text, descriptors, *_ = socket.recv_fds(control, 1 << 16, 1)
    _serve(json.loads(text), descriptors[0], sandboxed, False)


def _serve(
    request: dict[str, Any], descriptor: int, sandboxed: bool, forked: bool
) -> None:
    """Leave everything behind and do what the role does; never return."""
    try:
        isolation.close_all_but([descriptor])
        channel = Channel(socket.socket(fileno=descriptor))
        try:
            _confine(request, sandboxed, forked)
        except OSError as error:
            channel.send({"status": "failed", "why": str(error)})
            raise
        importlib.import_module(ROLES[request["role"]]).main(channel)
    except BaseException:
        if os.environ.get("COURSE_GRADING_DEBUG"):
            sys.excepthook(*sys.exc_info())
    finally:
        os._exit(0)


def _confine(request: dict[str, Any], sandboxed: bool, forked: bool) -> None:
    names = [item.name for item in fields(Confinement)]
    confinement = Confinement(**{name: request[name] for name in names})
    signal.signal(signal.SIGINT, signal.default_int_handler)
    isolation.show_itself()
    isolation.die_first()
    if sandboxed:
        if forked:
            isolation.new_namespaces()
            isolation.fresh_folders(confinement, _below_writable())
            isolation.loopback_up()
        else:
            isolation.own_folders(confinement)
        if request["role"] == "student" and (labels := sandbox.labels()):
            isolation.withhold(labels)
        isolation.limit(confinement)
        isolation.drop_privileges(confinement.uid)
    isolation.adopt_orphans()
    _own_randomness()


def _below_writable() -> list[str]:
    """Folders of Python that would vanish under fresh ones."""
    return [
        prefix
        for prefix in sandbox.prefixes()
        if any(prefix.startswith(f"{place}/") for place in isolation.WRITABLE)
    ]


def _own_randomness() -> None:
    """Forked processes must not all draw the same numbers, the checker's least."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    main()
