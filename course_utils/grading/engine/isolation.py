"""How a forked process leaves everything behind before code that is not trusted runs.

All of this happens inside the sandbox, in the child, between fork and the first line of
a student: fresh namespaces, fresh folders, limits, no privileges. Nothing that the
process does afterwards can be seen by the next one, because no part of the kernel's
state that it can change is shared with it; all of it ends with the process.
"""

import contextlib
import ctypes
import fcntl
import os
import re
import resource
import socket
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from course_utils.grading.engine import seccomp

HOME = "/student"
WRITABLE = (HOME, "/tmp", "/dev/shm")
_BOX = "/box"
_MIB = 1 << 20
_LARGE = 2 << 20  # bytes of a large page
_MADV_COLLAPSE = 25
_ANONYMOUS = re.compile(r"^(\w+)-(\w+) rw-p \w+ 00:00 0 *(?:\[heap\])?$", re.M)

_NEWPID = 0x20000000
# Mounts, System V memory, network, names, control groups.
_NAMESPACES = 0x20000 | 0x08000000 | 0x40000000 | 0x04000000 | 0x02000000
_PRIVATE, _REC, _BIND, _DETACH = 0x40000, 0x4000, 0x1000, 2
_NOSUID, _NODEV, _NOEXEC = 2, 4, 8
_CAPABILITIES = 64
_PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 4, 24, 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, _PR_SET_CHILD_SUBREAPER = 47, 4, 36

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Confinement:
    """What a confined process may use; the rest of the limits is the watchdog's.

    Parameters
    ----------
    uid : user to become where the process is root; 0 to stay what it is.
    disk_mb, file_mb : all its files together, and one of them, in MiB.
    cpu_seconds : processor time of one process.
    processes : processes and threads of the user; see `session.start`.
    """

    uid: int
    disk_mb: int
    file_mb: int
    cpu_seconds: int
    processes: int


@contextlib.contextmanager
def new_processes() -> Iterator[None]:
    """Let the next child be the first process of a namespace of its own."""
    own = os.open("/proc/self/ns/pid", os.O_RDONLY)
    try:
        _check(_libc.unshare(_NEWPID), "unshare")
        try:
            yield
        finally:
            _check(_libc.setns(own, _NEWPID), "setns")
    finally:
        os.close(own)


def new_namespaces() -> None:
    """Leave the mounts, network, names and System V memory of the parent."""
    _check(_libc.unshare(_NAMESPACES), "unshare")


def large_pages() -> None:
    """Gather this process' memory in large pages, which makes forking it cheaper.

    Half of what a fork costs is its list of pages. Where Linux cannot (before 6.1, or
    where it is forbidden) all stays as it is.
    """
    with open("/proc/self/maps") as file:
        regions = _ANONYMOUS.findall(file.read())
    for first, last in regions:
        start = -(-int(first, 16) // _LARGE) * _LARGE
        for address in range(start, int(last, 16) - _LARGE + 1, _LARGE):
            where = ctypes.c_void_p(address)
            _libc.madvise(where, ctypes.c_size_t(_LARGE), _MADV_COLLAPSE)


def hide_from_children() -> None:
    """Make this process unreadable to others of its user and adopt their orphans."""
    _check(_libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl")
    adopt_orphans()


def show_itself() -> None:
    """Let this process read its own entries in /proc, as any ordinary one may."""
    _check(_libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0), "prctl")


def adopt_orphans() -> None:
    """Become the parent of processes whose own parent is gone."""
    _check(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl")


def close_all_but(keep: Iterable[int]) -> None:
    """Close every descriptor above standard error that is not in `keep`."""
    kept = sorted(keep)
    for low, high in zip([2, *kept], [*kept, 1 << 20], strict=True):
        os.closerange(low + 1, high)


def fresh_folders(confinement: Confinement, keep: Sequence[str]) -> None:
    """Replace each writable folder by an empty one of bounded size.

    Home, temporary files and shared memory share one file system, so that one limit
    holds for all of them. Folders in `keep` that lie below these, such as a Python in
    /tmp, stay where they are.
    """
    owner = confinement.uid or os.getuid()
    options = f"size={confinement.disk_mb}m,nr_inodes=65536,mode=755"
    _mount("none", "/", None, _REC | _PRIVATE)
    _mount("tmpfs", _BOX, "tmpfs", _NOSUID | _NODEV, options)
    for nth, path in enumerate(keep):
        os.mkdir(f"{_BOX}/keep{nth}")
        _mount(path, f"{_BOX}/keep{nth}", None, _BIND | _REC)
    for nth, place in enumerate(WRITABLE):
        os.mkdir(f"{_BOX}/{nth}", 0o700)
        _mount(f"{_BOX}/{nth}", place, None, _BIND)
    for nth, path in enumerate(keep):
        os.makedirs(path)
        _mount(f"{_BOX}/keep{nth}", path, None, _BIND | _REC)
    for place in WRITABLE:  # given away last: root has no right to pass by the owner
        os.chown(place, owner, owner if confinement.uid else os.getgid())
    _check(_libc.umount2(_BOX.encode(), _DETACH), "umount")
    _mount("proc", "/proc", "proc", _NOSUID | _NODEV | _NOEXEC)


def own_folders(confinement: Confinement) -> None:
    """Take over the folders of a sandbox that was made for this process alone."""
    if confinement.uid:
        for place in WRITABLE:
            os.chown(place, confinement.uid, confinement.uid)


def withhold(paths: Iterable[Path]) -> None:
    """Put copies without their content over ``.npy`` files: every byte of it is 255.

    Shape and dtype stay, so that what loads an array still does.
    """
    _mount("tmpfs", _BOX, "tmpfs", _NOSUID | _NODEV | _NOEXEC, "mode=755")
    for nth, path in enumerate(paths):
        content = path.read_bytes()
        start = 10 + int.from_bytes(content[8:10], "little")  # the format's header
        blank = Path(f"{_BOX}/{nth}.npy")
        blank.write_bytes(content[:start] + b"\xff" * (len(content) - start))
        _mount(str(blank), str(path), None, _BIND)
    _check(_libc.umount2(_BOX.encode(), _DETACH), "umount")


def loopback_up() -> None:
    """Switch on the address 127.0.0.1 of an otherwise empty network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = bytearray(struct.pack("16sH22x", b"lo", 1 | 64))  # up, running
        fcntl.ioctl(sock, 0x8914, request)  # SIOCSIFFLAGS


def limit(confinement: Confinement) -> None:
    """Set the limits that the kernel itself keeps for every process."""
    cpu = confinement.cpu_seconds
    for what, value in {
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_FSIZE: confinement.file_mb * _MIB,
        resource.RLIMIT_NPROC: confinement.processes,
        resource.RLIMIT_NOFILE: 1024,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 64 * _MIB,
        resource.RLIMIT_MSGQUEUE: 0,
    }.items():
        hard = resource.getrlimit(what)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (value, value))


def drop_privileges(uid: int) -> None:
    """Become an ordinary user without any capability, for good; forbid what is left."""
    for capability in range(_CAPABILITIES):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0):
            break  # beyond the kernel's last one, or none of ours to drop
    if uid:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    _check(_libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "prctl")
    header, empty = struct.pack("Ii", 0x20080522, 0), bytes(24)
    _check(_libc.capset(header, empty), "capset")
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")
    show_itself()  # changing the user has hidden it again
    seccomp.forbid()


def die_first() -> None:
    """Be the one that the kernel ends when the machine runs out of memory."""
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def _mount(
    source: str, target: str, kind: str | None, flags: int, options: str = ""
) -> None:
    kind_bytes = kind.encode() if kind else None
    done = _libc.mount(
        source.encode(), target.encode(), kind_bytes, flags, options.encode() or None
    )
    _check(done, f"mount {target}")


def _check(done: int, what: str) -> None:
    if done:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
