"""Starting processes of the grader in a bubblewrap sandbox.

The tree that they see holds the system's libraries, Python with its packages, this
package and the data sets, all read-only, and nothing else of the machine: no network,
no other process, no home, no course folder. What runs untrusted code closes the rest
behind itself, see `isolation`.
"""

import os
import platform
import shutil
import site
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import course_utils
from course_utils.errors import CourseError
from course_utils.grading.engine import seccomp
from course_utils.grading.engine.isolation import HOME, WRITABLE

REMEDY = (
    "Install bubblewrap (Debian, Ubuntu: apt-get install bubblewrap; Fedora: dnf "
    "install bubblewrap) and allow user namespaces, or give --no-sandbox to run the "
    "students' code with all your rights"
)
DEBUG = "COURSE_GRADING_DEBUG"  # set: sandboxes write their errors to stderr
FONTS = "/fonts"
_PACKAGE = "/course"
_DATA = "/data"
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "fonts")
_TIME = ("localtime", "timezone")
_CAPABILITIES = ("SYS_ADMIN", "NET_ADMIN", "SETPCAP")
_ROOT_CAPABILITIES = ("SETUID", "SETGID", "CHOWN")


class NoSandbox(CourseError):
    """This machine cannot isolate students' code."""


@dataclass(frozen=True)
class Sandbox:
    """How this machine starts what it does not trust.

    Parameters
    ----------
    enabled : False to run without isolation; every result then says so.
    data : environment variable → folder, read-only inside, e.g. COURSE_DATA_DIR.
    threads : what numerical libraries may use.
    """

    enabled: bool = True
    data: Mapping[str, Path] = field(default_factory=dict)
    threads: int = 1

    def spawn(
        self, module: str, arguments: list[str], sock: socket.socket, *, disk_mb: int
    ) -> subprocess.Popen[bytes]:
        """Start a module of this package that speaks on `sock`.

        Its command line ends with the number of the descriptor. The process ends with
        the thread that started it.

        Raises
        ------
        NoSandbox : if bubblewrap is not here or does not start.
        """
        python = [sys.executable, "-s", "-m", module, *arguments, str(sock.fileno())]
        command = [*self._bubblewrap(disk_mb), *python] if self.enabled else python
        return subprocess.Popen(
            command,
            pass_fds=[sock.fileno()],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None if os.environ.get(DEBUG) else subprocess.DEVNULL,
            cwd="/",
        )

    def _bubblewrap(self, disk_mb: int) -> list[str]:
        program = shutil.which("bwrap")
        if program is None:
            raise NoSandbox(f"There is no bubblewrap on this machine. {REMEDY}.")
        if not seccomp.supported():
            kind = platform.machine()
            raise NoSandbox(
                f"There is no filter of system calls for {kind}. Grade on x86_64 or "
                "aarch64, or give --no-sandbox to run the students' code with all your "
                "rights."
            )
        return [
            program,
            *("--die-with-parent", "--new-session", "--hostname", "sandbox"),
            *_namespaces(),
            *_folders(disk_mb),
            *_tree(self.data),
            *("--chdir", HOME, "--clearenv"),
            *_variables(self._environment()),
            *("--remount-ro", "/dev", "--remount-ro", "/", "--"),
        ]

    def _environment(self) -> dict[str, str]:
        """All the variables that a sandbox has; the grader's own stay outside."""
        package = Path(course_utils.__file__).parent.parent
        home = HOME if self.enabled else os.environ.get("HOME", "/")
        threads = str(self.threads)
        return {
            "PATH": f"{sys.prefix}/bin:/usr/local/bin:/usr/bin:/bin",
            "HOME": home,
            "USER": "student",
            "LOGNAME": "student",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PYTHONPATH": _PACKAGE if self.enabled else str(package),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONNOUSERSITE": "1",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "MPLCONFIGDIR": "/tmp/matplotlib",
            "KERAS_BACKEND": "tensorflow",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            # Faster, but on one thread they end the process at some nets that are
            # right, such as one with filters of 1×1 and a stride.
            "TF_ENABLE_ONEDNN_OPTS": "0",
            "TF_NUM_INTRAOP_THREADS": threads,
            "TF_NUM_INTEROP_THREADS": threads,
            "OMP_NUM_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
            "CUDA_VISIBLE_DEVICES": "-1",
            DEBUG: os.environ.get(DEBUG, ""),
            **{
                name: _inside(name) if self.enabled else str(folder)
                for name, folder in self.data.items()
            },
        }


def _variables(environment: Mapping[str, str]) -> Iterator[str]:
    for name, value in environment.items():
        yield from ("--setenv", name, value)


def is_root() -> bool:
    """Whether this process may do everything on this machine."""
    return os.geteuid() == 0


def _namespaces() -> Iterator[str]:
    """Root needs no user namespace and must not share its own user with students."""
    if is_root():
        yield from ("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts")
        yield "--unshare-cgroup-try"
    else:
        yield from ("--unshare-all", "--unshare-user")
    yield from ("--cap-drop", "ALL")
    for name in _CAPABILITIES + (_ROOT_CAPABILITIES if is_root() else ()):
        yield from ("--cap-add", f"CAP_{name}")


def _tree(data: Mapping[str, Path]) -> Iterator[str]:
    """The read-only part of what a sandbox sees."""
    for name in _SYSTEM:
        path = Path(name)
        if path.is_symlink():
            yield from ("--symlink", os.readlink(path), name)
        elif path.is_dir():
            yield from ("--ro-bind", name, name)
    yield from ("--perms", "0755", "--dir", "/etc")
    for name in (*_SETTINGS, *_TIME):
        yield from ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")
    for prefix in prefixes():
        yield from _read_only(prefix, prefix)
    package = str(Path(course_utils.__file__).parent)
    yield from _read_only(package, f"{_PACKAGE}/course_utils")
    for name, folder in data.items():
        yield from _read_only(str(folder), _inside(name))
    yield from ("--ro-bind-try", _font_cache(), FONTS)


def _read_only(source: str, target: str) -> Iterator[str]:
    """Bind a folder; bubblewrap's own parents would be closed to other users."""
    for parent in reversed(Path(target).parents[:-1]):
        yield from ("--perms", "0755", "--dir", str(parent))
    yield from ("--ro-bind", source, target)


def _folders(disk_mb: int) -> Iterator[str]:
    yield from ("--proc", "/proc", "--dev", "/dev", "--dir", "/box")
    # A warm process gives each child folders of its own; these are a cold one's.
    for place, share in zip(WRITABLE, (2, 4, 4), strict=True):
        yield from ("--size", str((disk_mb << 20) // share), "--tmpfs", place)


def prefixes() -> list[str]:
    """Folders of the running Python: its own, its environment's, its packages'."""
    paths = {sys.base_prefix, sys.prefix, *site.getsitepackages()}
    paths |= {str(Path(sys.executable).resolve().parent.parent)}
    found: list[str] = []
    for path in sorted(paths, key=len):
        covered = any(Path(path).is_relative_to(p) for p in ("/usr", *found))
        if not covered and Path(path).is_dir():
            found.append(path)
    return found


def shown_by(path: Path) -> str:
    """The folder through which every sandbox sees a path of this machine, or ""."""
    there = path.resolve()
    shown = (Path(folder).resolve() for folder in (*_SYSTEM, *prefixes()))
    return next((str(one) for one in shown if there.is_relative_to(one)), "")


def _font_cache() -> str:
    """Matplotlib's list of fonts; working it out anew takes seconds."""
    own = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "matplotlib"
    return os.environ.get("MPLCONFIGDIR", str(own))


def _inside(name: str) -> str:
    return f"{_DATA}/{name.lower()}"


def labels() -> list[Path]:
    """Inside a sandbox, the files with the labels of test pictures."""
    return sorted(Path(_DATA).glob("*/*/*/y_test.npy"))
