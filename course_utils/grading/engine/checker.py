"""The trusted process in which test cells run.

It runs the instructor's code and nobody else's. What a test uses of the student's
arrives through the bridge: as data, or as proxies whose calls the grader passes on. The
process is confined like the student's, because data can be hostile too.
"""

import ast
import asyncio
import contextlib
import inspect
import io
import os
import signal
import sys
import types
from typing import Any

from course_utils.grading.engine import bridge_keras
from course_utils.grading.engine.bridge import BridgeError, CannotCross
from course_utils.grading.engine.names import plain_python
from course_utils.grading.engine.proxies import Link, StudentError
from course_utils.grading.engine.relay import set_up
from course_utils.grading.engine.wire import Channel, Closed, Message

MAX_TEXT = 4000
# What a notebook says to its screen; here is none.
_DISPLAY_MAGICS = ("matplotlib", "config", "load_ext", "autoreload", "pylab")


class Ended(BaseException):
    """The student's kernel has gone during a call; `reason` says how."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Checker:
    """Runs trusted cells in one namespace, as a notebook's kernel would.

    Parameters
    ----------
    channel : to the grader.
    max_bytes : of arrays in one reply of the student's kernel.
    """

    def __init__(self, channel: Channel, max_bytes: int) -> None:
        self._channel = channel
        self._max_bytes = max_bytes
        main = types.ModuleType("__main__")
        sys.modules["__main__"] = main
        self._names = main.__dict__
        self._names["display"] = lambda *args, **kwargs: None

    def serve(self) -> None:
        """Do what the grader says until it goes."""
        while True:
            message, _ = self._channel.receive()
            if message["do"] == "run":
                answer = self._context(message["code"])
            else:
                answer = self._test(message)
            self._channel.send(answer)

    def _context(self, code: str) -> Message:
        try:
            self._run(code)
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            return {"status": "error", "message": _describe(error)}
        return {"status": "ok"}

    def _test(self, message: Message) -> Message:
        """Run a test cell with the student's names in place, then take them out."""
        link = Link(self._ask, self._max_bytes, message["write_back"])
        own = {n for n in message["unsure"] if n in self._names}
        wanted = sorted(set(message["names"]) - own)
        kept = {name: self._names[name] for name in wanted if name in self._names}
        found: dict[str, Any] = {}
        try:
            found = link.fetch(wanted) if wanted else {}
            self._names.update(found)
            answer = _value(self._run(message["code"]))
        except BaseException as error:
            answer = _failure(error)
        finally:
            for name in found:
                if self._names.get(name) is found[name]:
                    del self._names[name]
            self._names.update({n: v for n, v in kept.items() if n not in self._names})
            bridge_keras.forget()
        missing = [name for name in wanted if name not in found]
        return {**answer, "flags": sorted(link.flags), "missing": missing}

    def _ask(self, packet: bytes) -> bytearray:
        """Pass a packet to the student's kernel by way of the grader."""
        self._channel.send({"ask": True}, packet)
        message, payload = self._channel.receive()
        if message["status"] != "ok":
            raise Ended(message["status"])
        return payload

    def _run(self, code: str) -> Any:
        """Run a cell; return the value of its last expression."""
        tree = ast.parse(plain_python(code))
        tree.body = [node for node in tree.body if not _only_display(node)]
        if "get_ipython" in code or "get_ipython" in ast.dump(tree):
            self._shell()
        shown = None
        if tree.body and isinstance(last := tree.body[-1], ast.Expr):
            tree.body.pop()
            shown = ast.Expression(last.value)
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            self._evaluate(tree, "exec")
            value = None if shown is None else self._evaluate(shown, "eval")
        return None if code.rstrip().endswith(";") else value

    def _evaluate(self, tree: Any, mode: str) -> Any:
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code = compile(tree, "<cell>", mode, flags=flags, dont_inherit=True)
        value = eval(code, self._names)
        return asyncio.run(value) if inspect.iscoroutine(value) else value

    def _shell(self) -> None:
        """Make `get_ipython` work, for cells with magics."""
        from IPython.core.interactiveshell import InteractiveShell

        if "get_ipython" not in self._names:
            shell = InteractiveShell.instance(user_ns=self._names)
            self._names["get_ipython"] = lambda: shell


def _only_display(node: ast.stmt) -> bool:
    """Whether a statement is a magic that only sets up the screen."""
    text = ast.unparse(node)
    return any(
        text.startswith(f"get_ipython().run_line_magic('{name}'")
        for name in _DISPLAY_MAGICS
    )


def _value(value: Any) -> Message:
    """What the last expression says: nothing, or a number of points."""
    import numbers

    import numpy as np

    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool | np.bool_):
        return {"status": "value", "value": bool(value)}
    if isinstance(value, numbers.Real | np.number):
        number = float(value)
        return {"status": "value", "value": repr(number)}
    return {"status": "passed"}


def _failure(error: BaseException) -> Message:
    if isinstance(error, Ended):
        return {"status": error.reason, "message": ""}
    if isinstance(error, CannotCross):
        return {"status": "cannot_cross", "message": str(error)}
    if isinstance(error, BridgeError):
        return {"status": "garbled", "message": str(error)}
    if isinstance(error, KeyboardInterrupt):
        return {"status": "timed_out", "message": ""}
    if isinstance(error, StudentError):
        kind = type(error).__name__
        status = "not_answered" if kind == "NotImplementedError" else "error"
        text = f"Your code raised {_describe(error)}"
        return {"status": status, "message": text}
    if isinstance(error, MemoryError):
        return {"status": "memory", "message": ""}
    if isinstance(error, AssertionError):
        return {"status": "failed", "message": str(error).strip()[:MAX_TEXT]}
    return {"status": "error", "message": _describe(error)}


def _describe(error: BaseException) -> str:
    text = str(error).strip()[:MAX_TEXT]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def main(channel: Channel) -> None:
    """Serve one grader; the first frame says how."""
    setup = set_up(channel)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    matplotlib = sys.modules.get("matplotlib")
    os.environ["MPLBACKEND"] = "Agg"
    if matplotlib is not None:
        matplotlib.use("Agg")
    with contextlib.suppress(Closed):
        channel.send({"status": "ready"})
        Checker(channel, setup["message_bytes"]).serve()
