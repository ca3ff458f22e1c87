"""The sandbox holds what it promises, or is not used."""

import ctypes
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from course_utils.errors import CourseError
from course_utils.grading.engine import sandbox as sandbox_module
from course_utils.grading.engine import seccomp
from course_utils.grading.engine.grader import grade
from course_utils.grading.engine.sandbox import NoSandbox, Sandbox
from course_utils.grading.engine.selftest import Unsafe, self_test
from course_utils.grading.engine.session import Student
from course_utils.grading.engine.warm import CannotFork, Nursery
from tests.assignments.graders import drawn_set
from tests.grading.engine.cells import check, context, job, solution
from tests.grading.engine.unit import DOUBLE, MEAN, marked, submission

pytestmark = pytest.mark.thorough

WRONG_MEAN = "def mean(values): return 0"


def test_every_promise_holds(nursery: Nursery) -> None:
    """Each is tried as an attack would."""
    assert len(self_test(nursery)) >= 14


def test_a_cold_kernel_is_confined_as_a_warm_one(sandbox: Sandbox) -> None:
    """And gives the same results."""
    with Nursery(sandbox, warm=False) as cold:
        assert len(self_test(cold)) >= 14
        result = marked(DOUBLE, WRONG_MEAN, cold)

    assert [v.points for v in result.verdicts] == [2, 0]
    assert not result.warm


def test_where_a_warm_process_cannot_fork_cold_ones_take_over(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container that allows one level of namespaces only."""

    def forbidden(*args: object) -> None:
        raise CannotFork("The warm process cannot fork: unshare: not permitted")

    monkeypatch.setattr(Nursery, "_fork", forbidden)
    with Nursery(sandbox, preload=("numpy",)) as nursery:
        result = marked(DOUBLE, WRONG_MEAN, nursery)

    assert ([v.points for v in result.verdicts], result.warm) == ([2, 0], False)


@pytest.mark.parametrize(
    ("left_out", "promise"),
    [("--unshare-net", "no network"), ("--clearenv", "no variable of the grader")],
)
def test_a_sandbox_that_leaks_is_not_used(
    left_out: str, promise: str, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The self-test names the promise that does not hold."""
    honest = Sandbox._bubblewrap

    def leaky(self: Sandbox, disk_mb: int) -> list[str]:
        words = honest(self, disk_mb)
        if left_out == "--unshare-net":
            words = [w for w in words if w not in ("--unshare-net", "--unshare-all")]
            words[1:1] = ["--unshare-ipc", "--unshare-pid", "--unshare-uts"]
        return [w for w in words if w != left_out]

    monkeypatch.setattr(Sandbox, "_bubblewrap", leaky)
    if left_out == "--clearenv":
        everything: Any = sandbox_module.os.environ
        own = sandbox._environment()
        monkeypatch.setattr(Sandbox, "_environment", lambda self: {**everything, **own})
    with (
        Nursery(sandbox, preload=("numpy",), warm=False) as nursery,
        pytest.raises(Unsafe, match=promise),
    ):
        self_test(nursery)


def test_without_bubblewrap_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install, and what the other way costs."""
    monkeypatch.setenv("PATH", "/nowhere")
    with Nursery(Sandbox()) as nursery, pytest.raises(NoSandbox) as caught:
        grade(submission(), nursery)

    assert isinstance(caught.value, CourseError)
    assert "apt-get install bubblewrap" in str(caught.value)
    assert "--no-sandbox" in str(caught.value)


def test_a_sandbox_that_does_not_start_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where user namespaces are forbidden."""
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with Nursery(Sandbox()) as nursery, pytest.raises(NoSandbox, match="namespaces"):
        grade(submission(), nursery)


def test_a_run_without_a_sandbox_is_recorded() -> None:
    """In every result; points, time limits and separation of tests are the same."""
    loop = "def mean(values):\n    while True: pass"
    with Nursery(Sandbox(enabled=False), preload=("numpy",)) as nursery:
        right = marked(DOUBLE, MEAN, nursery)
        limits = replace(submission().limits, call_seconds=1)
        stuck = grade(submission(DOUBLE, loop, limits=limits), nursery)

    assert (right.points, right.sandboxed, right.flags) == (5, False, ("no_sandbox",))
    assert [v.reason for v in stuck.verdicts] == ["passed", "timed_out"]


PLANTS = """
import ctypes, os, socket, subprocess, sys, threading, time

mark = "planted"
places = [folder for folder, *_ in os.walk("/") if os.access(folder, os.W_OK)
          and not folder.startswith("/proc")]
places += [os.path.expanduser("~"), "/tmp", "/dev/shm", "/var/tmp", "/run"]
for place in places:
    for name in (mark, "sitecustomize.py", "numpy.py", ".bashrc"):
        try:
            open(os.path.join(place, name), "w").write("raise SystemExit('planted')")
        except OSError:
            pass
from multiprocessing.shared_memory import SharedMemory
for name in ("planted",):
    try:
        SharedMemory(name, create=True, size=64).buf[:7] = b"planted"
    except OSError:
        pass
libc = ctypes.CDLL(None)
libc.shmget(0x1234, 4096, 0o1666)
libc.semget(0x1234, 1, 0o1666)
libc.msgget(0x1234, 0o1666)
libc.mq_open(b"/planted", os.O_CREAT | os.O_RDWR, 0o666, None)
libc.syscall(248, b"user", b"planted", b"planted", 7, -3)
libc.syscall(248, b"user", b"planted", b"planted", 7, -4)
libc.syscall(248, b"user", b"planted", b"planted", 7, -5)
name = socket.socket(socket.AF_UNIX)
name.bind("\\0planted")
name.listen()
server = socket.create_server(("127.0.0.1", 5555))
for _ in range(3):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"],
                     start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            time.sleep(0.1)
            try:
                open("/tmp/planted", "w").write("x")
            except OSError:
                pass
    os._exit(0)
import numpy as np, json, builtins
np.planted = json.planted = builtins.planted = True
os.environ["PLANTED"] = "1"
os.umask(0)
print("planted", len(places))
"""
SEARCH = """
import ctypes, json, os, socket
import numpy as np
found = []
for folder, _, names in os.walk("/"):
    if folder.startswith("/proc"):
        continue
    for n in names:
        if n in ("planted", "psm_planted", "sitecustomize.py", "numpy.py", ".bashrc"):
            try:
                with open(os.path.join(folder, n), errors="replace") as file:
                    text = file.read(100)
            except OSError:  # a link to nowhere
                continue
            if "planted" in text + n:
                found.append(os.path.join(folder, n))
libc = ctypes.CDLL(None)
found += ["System V"] * (libc.shmget(0x1234, 4096, 0) >= 0)
found += ["semaphore"] * (libc.semget(0x1234, 1, 0) >= 0)
found += ["message"] * (libc.msgget(0x1234, 0) >= 0)
for ring in (-3, -4, -5):
    found += ["key"] * (libc.syscall(250, 10, ring, b"user", b"planted", 0) > 0)
for address, family in (("\\0planted", socket.AF_UNIX),
                        (("127.0.0.1", 5555), socket.AF_INET)):
    try:
        s = socket.socket(family)
        s.settimeout(0.2)
        s.connect(address)
        found.append(str(address))
    except OSError:
        pass
processes = [p for p in os.listdir("/proc") if p.isdigit()]
found += [f"process {p}" for p in processes if int(p) > 6]
found += [module.__name__ for module in (np, json, os) if hasattr(module, "planted")]
found += ["variable"] * ("PLANTED" in os.environ)
found += ["built-in"] * ("planted" in dir(__builtins__))
print("found", found)
"""


def _said(student: Student, code: str) -> str:
    ran = student.execute(code, 60)
    return "".join(str(output.get("text", output)) for output in ran.outputs)


def test_nothing_that_a_student_plants_reaches_the_next(nursery: Nursery) -> None:
    """Files in every writable place, daemons, keys, sockets, memory of all kinds."""
    said = []
    for code in (PLANTS, SEARCH):
        student = Student(nursery, job())
        said.append(_said(student, code))
        student.close()
    planted, found = said

    assert planted.startswith("planted"), planted
    assert found.strip() == "found []"


def test_nothing_that_a_student_plants_reaches_the_checker(nursery: Nursery) -> None:
    """Nor a checker that starts while the student's processes still run."""
    cells = (
        solution("f = 1", PLANTS + "\nf = 1"),
        check("q", SEARCH + "\nassert f == 1 and not found, found"),
    )
    result = grade(job(*cells), nursery)

    assert result["q"].points == 2, result["q"]


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
def test_the_labels_of_test_pictures_are_the_checkers_alone(
    warm: bool, tmp_path: Path, sandbox: Sandbox
) -> None:
    """A student's process sees as many labels, of no class."""
    digits = "from course_utils import data\ndigits = data.load('mnist')"
    answer = """
    import glob, os, subprocess
    found = [(digits.x_test.shape, digits.y_train.max(), set(digits.y_test.tolist()))]
    for path in glob.glob(os.environ["COURSE_CACHE_DIR"] + "/*/*/y_test.npy"):
        subprocess.run(["umount", path])
    found += [set(data.load("mnist").y_test.tolist())]
    """
    seen = """
    assert found == [((10, 28, 28), 9, {255}), {255}], found
    assert digits.y_test.shape == (10,) and digits.y_test.max() < 10, digits.y_test
    """
    cells = context(digits), solution("found = []", answer), check("q", seen)
    folders = drawn_set(tmp_path / "cache", "mnist", 50, 10)
    where = replace(sandbox, data=folders)
    with Nursery(where, warm=warm, preload=("numpy",)) as nursery:
        result = grade(job(*cells, env={"COURSE_DATA": "drawn"}), nursery)

    assert result["q"].points == 2, result["q"]


def test_the_warm_process_shares_no_writable_memory(nursery: Nursery) -> None:
    """A shared page would outlive the student who writes to it."""
    import psutil

    grade(submission(), nursery)
    assert nursery._zygote is not None
    family = psutil.Process(nursery._zygote.pid).children(recursive=True)
    shared = [
        line
        for process in family
        for line in Path(f"/proc/{process.pid}/maps").read_text().splitlines()
        if re.search(r" .w.s ", line)
    ]
    assert family
    assert shared == []


def test_the_numbers_of_system_calls_are_those_of_the_kernel() -> None:
    """Where its headers are installed."""
    header = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
    if not header.exists():
        libc = ctypes.CDLL(None)
        assert libc.syscall(39) > 0  # getpid: at least the table's machine is right
        return
    numbers = dict(re.findall(r"#define __NR_(\w+) (\d+)", header.read_text()))
    for name, (number, _) in seccomp._NUMBERS.items():
        if name in numbers:
            assert int(numbers[name]) == number, name
