"""A system call filter for code that is not trusted.

Namespaces hide files, processes and the network. What is left are calls that reach
past them: key rings that outlive a process, sockets of other families (a virtual
machine's host answers on `AF_VSOCK`), memory that no limit counts, and the parts of the
kernel that most escapes used. Those calls fail here.

The filter is classic BPF: `Documentation/userspace-api/seccomp_filter.rst` in Linux.
"""

import ctypes
import errno
import platform
import socket
import struct

_NUMBERS = {  # name: (x86-64, AArch64); None where the machine has no such call
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "ptrace": (101, 117),
    "syslog": (103, 116),
    "pivot_root": (155, 41),
    "adjtimex": (159, 171),
    "chroot": (161, 51),
    "acct": (163, 89),
    "settimeofday": (164, 170),
    "mount": (165, 40),
    "umount2": (166, 39),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "iopl": (172, None),
    "ioperm": (173, None),
    "init_module": (175, 105),
    "delete_module": (176, 106),
    "quotactl": (179, 60),
    "lookup_dcookie": (212, 18),
    "clock_settime": (227, 112),
    "mq_open": (240, 180),
    "kexec_load": (246, 104),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "unshare": (272, 97),
    "perf_event_open": (298, 241),
    "fanotify_init": (300, 262),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "clock_adjtime": (305, 266),
    "setns": (308, 268),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "finit_module": (313, 273),
    "memfd_create": (319, 279),
    "kexec_file_load": (320, 294),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "pidfd_getfd": (438, 438),
    "mount_setattr": (442, 442),
    "memfd_secret": (447, 447),
}
_CLONE, _CLONE3, _SOCKET = (56, 220), (435, 435), (41, 198)
_FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)
_NEW_NAMESPACES = 0x7E020080  # every CLONE_NEW… flag that `clone` takes
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_LOAD, _EQUAL, _ATLEAST, _ANY, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _FAIL, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NR, _ARCH, _ARG0 = 0, 4, 16  # offsets in struct seccomp_data


def supported() -> bool:
    """Whether there is a filter for this kind of machine."""
    return platform.machine() in _MACHINES


def forbid() -> None:
    """Put the filter on this process and all that it will start; for good.

    Raises
    ------
    OSError : if the kernel refuses.
    """
    program = _program(*_MACHINES[platform.machine()])
    code = ctypes.create_string_buffer(program, len(program))
    fprog = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(22, 2, ctypes.c_char_p(fprog), 0, 0):  # PR_SET_SECCOMP, filter
        raise OSError(ctypes.get_errno(), "the kernel refuses the system call filter")


def _program(machine: int, arch: int) -> bytes:
    """Assemble the filter: one test per call, each followed by its verdict."""
    lines = [
        _op(_LOAD, _ARCH),
        _op(_EQUAL, arch, 1, 0),
        _op(_RETURN, _KILL),
        _op(_LOAD, _NR),
        _op(_ATLEAST, 0x40000000, 0, 1),  # the x32 ABI has numbers of its own
        _fail(errno.ENOSYS),
    ]
    for numbers in _NUMBERS.values():
        number = numbers[machine]
        if number is not None:
            lines += [_op(_EQUAL, number, 0, 1), _fail(errno.EPERM)]
    # glibc goes back to `clone`, whose flags a filter can read.
    lines += [_op(_EQUAL, _CLONE3[machine], 0, 1), _fail(errno.ENOSYS)]
    lines += [
        _op(_EQUAL, _CLONE[machine], 0, 4),
        _op(_LOAD, _ARG0),
        _op(_ANY, _NEW_NAMESPACES, 0, 1),
        _fail(errno.EPERM),
        _op(_RETURN, _ALLOW),
        _op(_EQUAL, _SOCKET[machine], 0, len(_FAMILIES) + 2),
        _op(_LOAD, _ARG0),
    ]
    lines += [
        _op(_EQUAL, int(family), len(_FAMILIES) - nth, 0)
        for nth, family in enumerate(_FAMILIES)
    ]
    lines += [_fail(errno.EAFNOSUPPORT), _op(_RETURN, _ALLOW)]
    return b"".join(lines)


def _op(code: int, k: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, k)


def _fail(number: int) -> bytes:
    return _op(_RETURN, _FAIL | number)
