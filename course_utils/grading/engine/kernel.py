"""The student's kernel: a real ipykernel that also answers the bridge.

It runs inside the sandbox, next to whatever the student's code does to it. Nothing that
it says is believed; it only has to be right for honest notebooks.
"""

import os
import sys
from typing import Any, cast

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from traitlets.config import Config

from course_utils.grading.engine.remote import Server

BRIDGE = "bridge_request"


# No debugger: loading it would take a fifth of a kernel's start.
cast("dict[str, Any]", sys.modules).setdefault("debugpy", None)


class GradedKernel(IPythonKernel):
    """An ipykernel with one more message: a request of the bridge."""

    def __init__(self, **kwargs: Any) -> None:
        base: Any = super()
        base.__init__(**kwargs)
        self.shell_handlers[BRIDGE] = self.bridge_request
        shell: Any = self.shell
        self.bridge = Server(shell.user_ns)
        # `exit()` ends a session that a person sits at. Here cells follow.
        shell.ask_exit = lambda: None

    def bridge_request(self, socket: Any, ident: Any, parent: Any) -> None:
        """Answer with the data that was asked for."""
        answer = self.bridge.answer(bytes(parent["buffers"][0]))
        session: Any = self.session
        session.send(socket, "bridge_reply", {}, parent, ident=ident, buffers=[answer])


class GradedKernelApp(IPKernelApp):
    """An ipykernel without the parts that a grader has no use for."""

    kernel_class = GradedKernel

    def init_heartbeat(self) -> None:
        """Do nothing: who watches the process needs no heartbeat."""

    def write_connection_file(self, **kwargs: Any) -> None:
        """Do nothing: who started the kernel knows the connection."""

    def log_connection_info(self) -> None:
        """Do nothing, as above."""

    def init_blackhole(self) -> None:
        """Leave standard streams alone; `isolation` has dealt with them."""


def run(address: str, key: bytes) -> None:
    """Run a kernel on sockets below `address` until it is told to stop.

    Parameters
    ----------
    address : start of the names of its ipc sockets.
    key : secret that signs its messages.
    """
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShellApp.exec_PYTHONSTARTUP = False
    config.IPKernelApp.transport = "ipc"
    config.IPKernelApp.ip = address
    config.Session.key = key
    config.ZMQInteractiveShell.warn_venv = False
    for nth, name in enumerate(PORTS, start=1):
        config.IPKernelApp[f"{name}_port"] = nth
    app: Any = GradedKernelApp.instance(config=config)
    app.connection_file = os.path.abspath(".kernel.json")
    sys.argv = ["ipykernel_launcher"]
    app.initialize([])
    app.start()


PORTS = ("shell", "iopub", "stdin", "control", "hb")
