"""Attacks earn what their honest answers earn, see no secret and leave nothing.

Each attack stands above a wrong `double` (no points) in a notebook whose `mean` is
right (3 points).
"""

import json
from textwrap import dedent

import pytest

from course_utils.grading.engine.warm import Nursery
from tests.grading.engine.unit import (
    DOUBLE,
    MEAN,
    SECRET,
    WRONG_DOUBLE,
    marked,
    points,
)

HOOKS = {
    "a hook before each cell shows a value": """
        from IPython.display import display
        get_ipython().events.register("pre_run_cell", lambda info: display(2.0))
        get_ipython().events.register("post_run_cell", lambda result: display(2.0))
    """,
    "an input transformer drops assertions": """
        get_ipython().input_transformers_cleanup.append(
            lambda lines: [line for line in lines if "assert" not in line])
    """,
    "a syntax tree transformer drops assertions": """
        import ast
        class Drop(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.Pass()
        get_ipython().ast_transformers.append(Drop())
    """,
    "the display hook says two points": """
        import sys
        sys.displayhook = lambda value: print(2.0)
        get_ipython().displayhook.compute_format_data = (
            lambda result: ({"text/plain": "2.0"}, {}))
    """,
    "cells do not run any more": """
        get_ipython().run_cell = lambda *args, **kwargs: None
        get_ipython().kernel.do_execute = lambda *args, **kwargs: {"status": "ok"}
    """,
    "an exception handler swallows assertions": """
        import sys
        get_ipython().set_custom_exc((AssertionError,), lambda *args: None)
        sys.excepthook = lambda *args: None
    """,
    "a tracer looks at everything that runs": """
        import collections, sys, threading
        seen = collections.deque(maxlen=1000)
        sys.settrace(lambda frame, *rest: seen.append(dict(frame.f_locals)))
        threading.setprofile(lambda frame, *rest: seen.append(dict(frame.f_locals)))
        sys.setprofile(lambda frame, *rest: seen.append(str(frame.f_code.co_consts)))
    """,
}
MESSAGES = {
    "a result is sent on the output socket": """
        kernel = get_ipython().kernel
        kernel.session.send(kernel.iopub_socket, "execute_result",
            {"data": {"text/plain": "2.0"}, "metadata": {}, "execution_count": 1},
            parent=kernel.get_parent(), ident=kernel._topic("execute_result"))
    """,
    "the bridge answers every call with what is asked for": """
        import json, struct
        from course_utils.grading.engine import bridge
        class Yes(list):
            def __eq__(self, other): return True
        def answer(packet):
            thing = ["object", 0, "ndarray", "ndarray", True]
            return bridge.pack(["ok", thing, None], [])
        get_ipython().kernel.bridge.answer = answer
    """,
    "the bridge hands out names that nobody asked for": """
        from course_utils.grading.engine import bridge
        server = get_ipython().kernel.bridge
        honest = server.answer
        def answer(packet):
            tree, _ = bridge.unpack(packet)
            if tree[0] == "fetch":
                return bridge.pack(["ok", [["np", 1], ["double", 2], ["mean", 3]]], [])
            return honest(packet)
        server.answer = answer
    """,
    "the bridge answers with noise": """
        import os
        get_ipython().kernel.bridge.answer = lambda packet: os.urandom(4096)
    """,
    "the bridge answers with a tree without end": """
        import struct
        deep = b"[" * 100_000 + b"]" * 100_000
        get_ipython().kernel.bridge.answer = (
            lambda packet: struct.pack(">Q", len(deep)) + deep)
    """,
    "the bridge claims an array of a million terabytes": """
        from course_utils.grading.engine import bridge
        get_ipython().kernel.bridge.answer = lambda packet: bridge.pack(
            ["ok", ["array", "<f8", [1 << 39, 1 << 39], 0], None], [b"12345678"])
    """,
    "the bridge answers with more than may cross": """
        get_ipython().kernel.bridge.answer = lambda packet: bytes(400_000_000)
    """,
    "the bridge raises what a test would take for its own": """
        from course_utils.grading.engine import bridge
        get_ipython().kernel.bridge.answer = lambda packet: bridge.pack(
            ["raised", ["KeyboardInterrupt", "SystemExit"], ""], [])
    """,
    "the relay is stopped and killed": """
        import os, signal
        for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL, signal.SIGINT):
            os.kill(1, number)
    """,
    "the relay's memory is overwritten": """
        import re
        try:
            for line in open("/proc/1/maps").read().splitlines():
                low, high, rights = re.match(r"(\\w+)-(\\w+) (\\S+)", line).groups()
                if rights.startswith("rw"):
                    with open("/proc/1/mem", "r+b", 0) as memory:
                        memory.seek(int(low, 16))
                        memory.write(b"2.0" * 1000)
        except OSError:
            pass
    """,
    "frames are written to every socket that is open": """
        import os, socket, struct
        frame = b'{"status": "ok", "outputs": []}'
        frame = struct.pack(">II", len(frame), 0) + frame
        for number in range(3, 200):
            try:
                os.write(number, frame)
            except OSError:
                pass
    """,
}
PATCHES = {
    "NumPy's assertions are switched off": """
        np.testing.assert_allclose = lambda *args, **kwargs: None
        np.allclose = np.array_equal = np.isclose = lambda *args, **kwargs: True
    """,
    "every built-in agrees": """
        import builtins
        builtins.isinstance = lambda *args: True
        builtins.abs = lambda value: 0
        builtins.all = builtins.any = lambda values: True
    """,
    "AssertionError is no error": """
        import builtins
        builtins.AssertionError = type("AssertionError", (), {})
    """,
    "modules are replaced where they are looked up": """
        import sys, types
        fake = types.ModuleType("numpy")
        fake.__getattr__ = lambda name: lambda *args, **kwargs: True
        for name in ("numpy.testing", "pytest", "unittest", "course_utils.checks"):
            sys.modules[name] = fake
    """,
    "an import hook hands out other modules": """
        import sys, types
        class Finder:
            def find_spec(self, name, path=None, target=None):
                raise SystemExit(0)
        sys.meta_path.insert(0, Finder())
    """,
    "names of the notebook are taken over": """
        np = type("np", (), {"__getattr__": lambda self, name: lambda *a, **k: True})()
        x = y = expected_secret = True
        __name__ = "numpy"
    """,
    "JSON and the encoder lie": """
        import json
        from course_utils.grading.engine import bridge
        bridge.Encoder.encode = lambda self, value, depth=0: 2
        json.dumps = lambda *args, **kwargs: '["ok", 42]'
    """,
    "the operating system's exit says that all is well": """
        import os, sys
        os._exit = sys.exit = exit = lambda *args: None
    """,
}
LIARS = {
    "a result that equals everything": """
        class Yes:
            def __eq__(self, other): return True
            def __ne__(self, other): return False
            def __sub__(self, other): return 0
            def __array__(self, *args, **kwargs): return np.zeros((2, 3))
            __hash__ = None
            shape = (2, 3)
        def double(x): return Yes()
    """,
    "an array class with functions of its own": """
        class Yes(np.ndarray):
            def __array_ufunc__(self, *args, **kwargs): return np.True_
            def __array_function__(self, *args, **kwargs): return True
            def __eq__(self, other): return True
        def double(x): return np.zeros((2, 3)).view(Yes)
    """,
    "numbers that equal everything": """
        class Yes(float):
            def __eq__(self, other): return True
            def __abs__(self): return 0.0
        def double(x): return Yes(1)
    """,
    "an object that claims to be an array": """
        class Yes:
            __class__ = np.ndarray
            shape = (2, 3)
            def __getattr__(self, name): return lambda *args, **kwargs: True
        def double(x): return Yes()
    """,
    "a metaclass that says yes": """
        class Meta(type):
            def __instancecheck__(cls, other): return True
            def __eq__(cls, other): return True
            __hash__ = type.__hash__
        class Yes(metaclass=Meta):
            def __new__(cls, x): return cls
        double = Yes
    """,
    "an exception whose text does something": """
        class Odd(Exception):
            def __str__(self): raise SystemExit(0)
            __repr__ = __str__
        def double(x): raise Odd()
    """,
    "masked values hide the difference": """
        def double(x): return np.ma.masked_all(np.shape(x))
    """,
    "an object array of agreeable things": """
        class Yes:
            def __eq__(self, other): return True
            def __sub__(self, other): return 0.0
        def double(x):
            a = np.empty((2, 3), object)
            a[...] = Yes()
            return a
    """,
    "the argument is changed to agree": """
        def double(x):
            if isinstance(x, np.ndarray):
                x *= 2
                x.flags.writeable = False
            return x
    """,
}
SECRETS = {
    "the history of cells": """
        print(In, Out, get_ipython().history_manager.input_hist_raw)
    """,
    "every object in memory": """
        import gc
        print([o for o in gc.get_objects() if isinstance(o, str) and "xyz" "zy" in o])
        print([d for d in gc.get_objects() if isinstance(d, dict)
               and "expected" "_secret" in d])
    """,
    "frames of the callers": """
        def double(x):
            import inspect
            found = [str(frame.frame.f_locals) + str(frame.code_context)
                     for frame in inspect.stack(50)]
            get_ipython().user_ns["found"] = found
            return x
    """,
    "memory of all processes": """
        import glob, re
        word = ("xyz" + "zy-47").encode()
        found = []
        for maps in glob.glob("/proc/[0-9]*/maps"):
            try:
                memory = open(maps.replace("maps", "mem"), "rb", 0)
                for line in open(maps):
                    low, high = (int(n, 16) for n in line.split()[0].split("-"))
                    if " rw" not in line or high - low > 1 << 26:
                        continue
                    memory.seek(low)
                    data = memory.read(high - low)
                    at = data.find(word + b"11")
                    if at >= 0:
                        found.append((maps, data[at:at + 10]))
            except (OSError, ValueError, OverflowError):
                pass
    """,
    "notebooks and gradebooks on disk": """
        import os
        found = []
        for top in ("/", os.path.expanduser("~"), "/course", "/tmp", "/work", "/root"):
            for folder, _, names in os.walk(top):
                if folder.startswith(("/proc", "/usr", "/dev")):
                    continue
                found += [os.path.join(folder, n) for n in names
                          if n.endswith((".ipynb", ".db", ".csv"))]
    """,
    "descriptors that were left open": """
        import os
        found = []
        for number in range(3, 256):
            try:
                found.append((number, os.pread(number, 1 << 16, 0)))
            except OSError:
                pass
    """,
}
PLACES = {
    "modules in the working folder": """
        import os
        for name in ("sitecustomize", "usercustomize", "numpy", "json", "keras", "ast"):
            open(name + ".py", "w").write("raise SystemExit(0)")
        startup = os.path.expanduser("~/.ipython/profile_default/startup")
        os.makedirs(startup, exist_ok=True)
        open(startup + "/a.py", "w").write("double = lambda x: 2 * x")
    """,
    "links out of the sandbox": """
        import os
        for target in ("/", "/proc/1/root", "/etc/shadow", "/dev/sda"):
            os.symlink(target, "link" + target.replace("/", "_"))
    """,
    "a full disk": """
        try:
            for n in range(100):
                open(f"/tmp/{n}", "wb").write(bytes(8 << 20))
        except OSError:
            pass
    """,
    "the packages are overwritten": """
        import course_utils, os
        for module in (np, course_utils, os):
            try:
                open(module.__file__, "a").write("raise SystemExit")
            except OSError:
                pass
    """,
}
PROCESSES = {
    "a daemon that answers later": """
        import subprocess, sys
        code = "import time"
        code += "\\nwhile True: time.sleep(.1); open('/tmp/late', 'a').write('2')"
        subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    """,
    "a child that goes on as if it were the kernel": """
        import os
        os.fork()
    """,
    "a child that writes to all sockets later": """
        import os, time
        if os.fork() == 0:
            time.sleep(0.5)
            for number in range(3, 200):
                try:
                    os.write(number, b"2.0" * 100)
                except OSError:
                    pass
            os._exit(0)
    """,
    "processes without number": """
        import os, time
        for _ in range(400):
            try:
                if os.fork() == 0:
                    time.sleep(300)
                    os._exit(0)
            except OSError:
                break
    """,
    "threads without number": """
        import threading, time
        try:
            for _ in range(400):
                threading.Thread(target=time.sleep, args=(300,), daemon=True).start()
        except RuntimeError:
            pass
    """,
    "every process is killed": """
        import os, signal
        def double(x):
            os.kill(-1, signal.SIGKILL)
    """,
    "a debugger on the parent": """
        import ctypes
        for request in (0, 16, 0x4206):
            ctypes.CDLL(None).ptrace(request, 1, 0, 0)
    """,
}
RESOURCES = {
    "an endless call that ignores Ctrl-C": """
        import signal, time
        def double(x):
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            while True:
                time.sleep(1)
    """,
    "recursion without end": """
        import sys
        sys.setrecursionlimit(10**9)
        def double(x): return double(x)
    """,
    "all the memory": """
        def double(x): return [bytearray(1 << 28) for _ in range(1000)]
    """,
    "a result that is huge only when it is written down": """
        def double(x): return np.broadcast_to(np.float64(2), (1 << 20, 1 << 20))
    """,
    "a list that holds itself": """
        def double(x):
            loop = []
            loop.append(loop)
            return loop
    """,
    "a number of ten million digits": "def double(x): return 1 << 10**8",
    "output without end": """
        import sys
        for _ in range(200):
            print("2.0\\n" * 20_000)
            sys.stderr.write("2.0" * 10_000)
    """,
    "a crash of the interpreter": """
        import ctypes
        def double(x): return ctypes.string_at(0)
    """,
}
NETWORK = {
    "a call home": """
        import socket, urllib.request
        for address in (("1.1.1.1", 53), ("127.0.0.1", 22), ("::1", 22)):
            try:
                socket.create_connection(address, 0.5).send(b"x")
            except OSError:
                pass
    """,
    "a server that others could ask": """
        import socket
        servers = [socket.create_server(("", port)) for port in (8000, 8888)]
        name = socket.socket(socket.AF_UNIX)
        name.bind("\\0kernel")
        name.listen()
    """,
}
SERIALISED = {
    "an object that runs code when it is unpickled": """
        import os
        class Bomb:
            def __reduce__(self): return (os.system, ("touch /tmp/bomb",))
            def __array__(self, *args, **kwargs): return np.array([self], object)
        def double(x): return Bomb()
    """,
    "an object array with such objects": """
        import os
        class Bomb:
            def __reduce__(self): return (os._exit, (0,))
        def double(x): return np.array([[Bomb()] * 3] * 2, object)
    """,
    "a text of half characters": "def double(x): return '\\ud800' * 10",
    "a named tuple with the fields of others": """
        class Odd(tuple):
            _fields = ("__class__", "__eq__", "x.y", "for")
        def double(x): return Odd((1, 2, 3, 4))
    """,
}
DISPLAY = {
    "a script in the output": """
        from IPython.display import HTML, Javascript, display
        display(Javascript("fetch('/grades')"), HTML("<script>alert(1)</script>"))
    """,
    "outputs that look like points": """
        from IPython.display import display
        for _ in range(3):
            display(2.0)
        2.0
    """,
}
OWN_HARM = {
    "an alarm that strikes later": """
        import signal
        signal.signal(signal.SIGALRM, lambda *args: 1 / 0)
        signal.setitimer(signal.ITIMER_REAL, 0.2, 0.2)
    """,
    "the built-in names are gone": "__builtins__ = {}",
    "the garbage collector is turned into a trap": """
        import gc
        gc.callbacks.append(lambda phase, info: 1 / 0)
        gc.set_threshold(1)
    """,
    "every later cell is a syntax error": """
        get_ipython().input_transformers_post.append(lambda lines: ["("])
    """,
}
ATTACKS = {
    **HOOKS,
    **MESSAGES,
    **PATCHES,
    **LIARS,
    **SECRETS,
    **PLACES,
    **PROCESSES,
    **RESOURCES,
    **NETWORK,
    **SERIALISED,
    **DISPLAY,
}
# What the second answer prints: all that the first may have found.
TELL = MEAN + '\nprint(str(globals().get("found"))[:100_000], globals().get("seen"))'


def _with_wrong_answer(attack: str) -> str:
    attack = dedent(attack)
    return attack if "double" in attack else f"{attack}\n{WRONG_DOUBLE}"


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_earns_what_its_answers_earn(attack: str, nursery: Nursery) -> None:
    """The wrong answer gets nothing, the right one after it all of its points."""
    result = marked(_with_wrong_answer(attack), TELL, nursery)

    assert [verdict.points for verdict in result.verdicts] == [0, 3]
    assert SECRET not in json.dumps(result.to_json())
    assert points(DOUBLE, MEAN, nursery) == (2, 3)


@pytest.mark.parametrize("attack", OWN_HARM.values(), ids=OWN_HARM.keys())
def test_who_breaks_the_own_notebook_breaks_nothing_else(
    attack: str, nursery: Nursery
) -> None:
    """What would stop the notebook in Jupyter too may cost its own later answers."""
    result = marked(_with_wrong_answer(attack), TELL, nursery)

    assert result["test_double"].points == 0
    assert result["test_mean"].points in (0, 3)
    assert points(DOUBLE, MEAN, nursery) == (2, 3)
