"""Proves what the sandbox promises by trying to break each promise.

Every probe runs in a student's kernel, confined as any other, and does what an attack
would do. A sandbox in which one of them gets through is not used.
"""

import os
import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.grading.engine.jobs import Job, Limits
from course_utils.grading.engine.outputs import Ran
from course_utils.grading.engine.sandbox import REMEDY, NoSandbox
from course_utils.grading.engine.session import Gone, Student
from course_utils.grading.engine.warm import CannotFork, Infrastructure, Nursery

_SECRET = "COURSE_SELFTEST_SECRET"
_LIMITS = Limits(
    cell_seconds=20,
    memory_mb=1024,
    processes=80,
    disk_mb=24,
    file_mb=16,
    output_bytes=20_000,
)

# Each probe is a body of Python that ends with `broken`, a text: what got through.
_PROBES = {
    "no network": """
        import socket
        broken = []
        for family, address in (
            (socket.AF_INET, ("127.0.0.1", {port})),
            (socket.AF_INET, ("192.0.2.1", 53)),
            (socket.AF_UNIX, "\\0{name}"),
        ):
            with socket.socket(family, socket.SOCK_STREAM) as s:
                s.settimeout(1)
                try:
                    s.connect(address)
                    broken.append(str(address))
                except OSError:
                    pass
        for family in (40, 38, 17):  # a machine's host, the kernel's ciphers, raw
            try:
                socket.socket(family, socket.SOCK_STREAM).close()
                broken.append(f"family {{family}}")
            except OSError:
                pass
        broken = ", ".join(broken)
    """,
    "no file of the machine": """
        import os
        broken = ""
        for path in {paths}:
            try:
                os.stat(path)
                broken += path
            except OSError:
                pass
    """,
    "nothing else can be written": """
        import os, sys, course_utils
        broken = ""
        for folder in ("/", "/usr", "/usr/bin", "/etc", "/dev", "/box", "/home",
                       "/data", "/proc/sys/kernel", sys.prefix, sys.base_prefix,
                       os.path.dirname(os.__file__),
                       os.path.dirname(course_utils.__file__)):
            try:
                with open(folder + "/planted", "w"):
                    broken += folder + " "
            except OSError:
                pass
    """,
    "no process of the machine": """
        import os
        seen = {{int(name) for name in os.listdir("/proc") if name.isdigit()}}
        others = len(seen) > 8 or {pid} in seen - {{1, 2, 3}}
        broken = str(sorted(seen)) if others else ""
    """,
    "no variable of the grader": """
        import os
        broken = os.environ.get({variable!r}, "")
        try:
            broken += "init's" if {secret!r} in open("/proc/1/environ").read() else ""
        except OSError:
            pass
    """,
    "no privilege": """
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        status = dict(line.split(":\\t", 1) for line in open("/proc/self/status")
                      if ":\\t" in line)
        broken = ""
        for name in ("CapEff", "CapPrm", "CapBnd", "CapAmb"):
            broken += name + " " if int(status[name], 16) else ""
        broken += "" if status["NoNewPrivs"].strip() == "1" else "new privileges "
        broken += "" if status["Seccomp"].strip() == "2" else "no filter "
        broken += "root " if os.getuid() == 0 else ""
        for flag in (0x10000000, 0x20000, 0x20000000):
            broken += "unshare " if libc.unshare(flag) == 0 else ""
        broken += "mount " if libc.mount(b"x", b"/tmp", b"tmpfs", 0, None) == 0 else ""
        broken += "ptrace " if libc.ptrace(16, 1, 0, 0) == 0 else ""
        for number in (248, 250, 217, 219):  # key rings outlive a process
            broken += "keys " if libc.syscall(number, 0, -3, 0, 0, 0) > 0 else ""
    """,
    "a limit on processes": """
        import os, signal, time
        children = []
        broken = f"more than {{ {processes} }}"
        for _ in range({processes} + 50):
            try:
                child = os.fork()
            except OSError:
                broken = ""
                break
            if child == 0:
                time.sleep(60)
                os._exit(0)
            children.append(child)
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    """,
    "a limit on one file": """
        import os, signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            with open("/tmp/large", "wb") as file:
                file.write(bytes(({file_mb} << 20) + 1))
            broken = "a file of more than {file_mb} MiB"
        except OSError:
            broken = ""
        os.remove("/tmp/large")
    """,
    "a limit on all files": """
        import os
        broken, names = "", []
        try:
            for nth, folder in enumerate(("/tmp", "/dev/shm", os.path.expanduser("~"))):
                names.append(f"{{folder}}/part")
                with open(names[-1], "wb") as file:
                    file.write(bytes(({disk_mb} << 20) // 2))
            broken = "more than {disk_mb} MiB"
        except OSError:
            pass
        for name in names:
            os.remove(name)
    """,
}
_PLANT = """
import os, subprocess, sys
for place in ("/tmp", "/dev/shm", os.path.expanduser("~"), "."):
    open(place + "/planted", "w").write("x")
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"],
                 start_new_session=True)
"""
_LOOK = """
import os
places = "/tmp/planted", "/dev/shm/planted", os.path.expanduser("~/planted"), "planted"
broken = [place for place in places if os.path.exists(place)]
broken += [p for p in os.listdir("/proc") if p.isdigit() and int(p) > 6]
"""


class Unsafe(CourseError):
    """The sandbox of this machine does not hold what it promises."""


@dataclass(frozen=True)
class Promise:
    """One promise of the sandbox, and what got through when it was tried."""

    name: str
    broken: str = ""


def self_test(nursery: Nursery) -> tuple[Promise, ...]:
    """Try to break every promise of the sandbox.

    Parameters
    ----------
    nursery : that students' processes will come from.

    Raises
    ------
    Unsafe : if a promise does not hold; the message names it.
    NoSandbox : if this machine has no sandbox.
    """
    with tempfile.TemporaryDirectory() as folder, _listeners() as (port, name):
        secret = Path(folder) / "gradebook.db"
        secret.write_text("grades")
        private = (secret, "/etc/shadow", Path.home() / ".ssh", "/var", "/run", "/sys")
        facts = {
            "port": port,
            "name": name,
            "paths": [str(path) for path in private],
            "pid": os.getpid(),
            "variable": _SECRET,
            "secret": secrets.token_hex(8),
            "processes": _LIMITS.processes,
            "file_mb": _LIMITS.file_mb,
            "disk_mb": _LIMITS.disk_mb,
        }
        os.environ[_SECRET] = str(facts["secret"])
        try:
            try:
                promises = tuple(_try_all(nursery, facts))
            except CannotFork:
                nursery.go_cold()
                promises = tuple(_try_all(nursery, facts))
        except Infrastructure as fault:
            raise NoSandbox(
                f"The sandbox does not work here: {fault} {REMEDY}."
            ) from None
        finally:
            del os.environ[_SECRET]
    broken = [
        f"{promise.name} ({promise.broken})" for promise in promises if promise.broken
    ]
    if broken:
        raise Unsafe(
            "The sandbox does not hold what it promises: "
            + "; ".join(broken)
            + ". Do not grade on this machine before that is put right."
        )
    return promises


def _try_all(nursery: Nursery, facts: dict[str, object]) -> Iterator[Promise]:
    job = Job("self", "test", "test", (), limits=_LIMITS)
    student = Student(nursery, job)
    try:
        for name, probe in _PROBES.items():
            yield Promise(name, _probe(student, _dedent(probe).format(**facts)))
        ran = student.execute("print('x' * 10_000_000)", 20)
        size = sum(len(str(output)) for output in ran.outputs)
        kept = "" if 0 < size <= 2 * _LIMITS.output_bytes else f"{size} bytes"
        yield Promise("a limit on outputs", kept)
        student.execute(_PLANT, 20)
    finally:
        student.close()
    student = Student(nursery, job)
    try:
        yield Promise("nothing is left for the next", _probe(student, _LOOK))
    finally:
        student.close()
    yield Promise("a limit on memory", _ends_with(nursery, job, "memory", _EAT))
    yield Promise("a limit on time", _ends_with(nursery, job, "timed_out", _HANG, 0.5))
    short = replace(job, limits=replace(_LIMITS, cpu_seconds=1))
    yield Promise(
        "a limit on processor time", _ends_with(nursery, short, "timed_out", _SPIN)
    )


_EAT = "data = [bytearray(64 << 20) for _ in range(64)]"
_SPIN = (
    "import time\nend = time.process_time() + 14\nwhile time.process_time() < end: pass"
)
_HANG = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    try:
        time.sleep(60)
    except BaseException:
        pass
"""


def _ends_with(
    nursery: Nursery, job: Job, fate: str, code: str, seconds: float = 20.0
) -> str:
    student = Student(nursery, job)
    try:
        student.execute(code, seconds)
        return "it ran on"
    except Gone as gone:
        return "" if gone.fate == fate else gone.fate
    finally:
        student.close()


def _probe(student: Student, code: str) -> str:
    ran = student.execute(f"{code}\nprint('held' if not broken else broken)", 30)
    text = "".join(str(output.get("text", "")) for output in ran.outputs)
    return "" if text.strip() == "held" else text.strip() or _why(ran)


def _why(ran: Ran) -> str:
    return ran.error or ran.fate


def _dedent(code: str) -> str:
    import textwrap

    return textwrap.dedent(code)


@contextmanager
def _listeners() -> Iterator[tuple[int, str]]:
    """Services of the machine that a sandbox must not reach."""
    name = f"course-selftest-{secrets.token_hex(8)}"
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as local,
    ):
        local.bind(f"\0{name}")
        local.listen()
        yield server.getsockname()[1], name
