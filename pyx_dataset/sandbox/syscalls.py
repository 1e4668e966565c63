"""Numbers of the system calls that the sandbox names, for every machine it knows.

They are those of the kernel's headers, ``asm/unistd_64.h`` for x86-64 and
``asm-generic/unistd.h`` for aarch64, and are tested against them. aarch64 never had the calls
that newer ones replaced: they have no number there.
"""

import ctypes
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Numbers = Mapping[str, tuple[int, int | None]]
"""Name to number on x86-64 and on aarch64."""

OPEN_AND_LOOK: Numbers = {
    "open": (2, None), "stat": (4, None), "lstat": (6, None), "access": (21, None),
    "getdents": (78, None), "readlink": (89, None), "getdents64": (217, 61), "openat": (257, 56),
    "newfstatat": (262, 79), "readlinkat": (267, 78), "faccessat": (269, 48), "statx": (332, 291),
    "faccessat2": (439, 439),
}  # fmt: skip
"""What finds and opens files; Landlock says which, and where there is none the answer is no."""

WORKER_ONLY: Numbers = {
    "fork": (57, None), "wait4": (61, 260), "kill": (62, 129), "prctl": (157, 167),
    "setrlimit": (160, 164), "sched_setaffinity": (203, 122), "tgkill": (234, 131),
    "seccomp": (317, 277),
}  # fmt: skip
"""What a worker does to its children and to itself, and no program does."""

ANYBODY: Numbers = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "fstat": (5, 80), "poll": (7, None),
    "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215),
    "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "pread64": (17, 67), "readv": (19, 65), "writev": (20, 66),
    "pipe": (22, None), "select": (23, None), "sched_yield": (24, 124), "mremap": (25, 216),
    "madvise": (28, 233), "dup": (32, 23), "dup2": (33, None), "pause": (34, None),
    "nanosleep": (35, 101), "getitimer": (36, 102), "alarm": (37, None), "setitimer": (38, 103),
    "getpid": (39, 172), "exit": (60, 93), "uname": (63, 160), "fcntl": (72, 25),
    "getcwd": (79, 17), "gettimeofday": (96, 169), "getrlimit": (97, 163), "getrusage": (98, 165),
    "sysinfo": (99, 179), "times": (100, 153), "getuid": (102, 174), "getgid": (104, 176),
    "geteuid": (107, 175), "getegid": (108, 177), "getppid": (110, 173), "getpgrp": (111, None),
    "getgroups": (115, 158), "getresuid": (118, 148), "getresgid": (120, 150),
    "getpgid": (121, 155), "getsid": (124, 156), "sigaltstack": (131, 132),
    "arch_prctl": (158, None), "gettid": (186, 178), "time": (201, None), "futex": (202, 98),
    "sched_getaffinity": (204, 123), "set_tid_address": (218, 96), "restart_syscall": (219, 128),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115),
    "exit_group": (231, 94), "pselect6": (270, 72), "ppoll": (271, 73),
    "set_robust_list": (273, 99), "pipe2": (293, 59), "getcpu": (309, 168),
    "getrandom": (318, 278), "membarrier": (324, 283), "rseq": (334, 293),
    "close_range": (436, 436), "dup3": (292, 24),
}  # fmt: skip
"""What a worker and every program may call."""

BY_ARGUMENTS: Numbers = {
    "ioctl": (16, 29), "clone": (56, 220), "clone3": (435, 435), "prlimit64": (302, 261),
}  # fmt: skip
"""What is allowed or refused by how it is called."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A kind of machine, as seccomp sees it."""

    name: str
    """As `os.uname` gives it."""
    audit_arch: int
    """What the kernel puts into every record of a call."""
    column: int
    """Its place in the tables above."""

    def numbers(self, *tables: Numbers) -> Iterator[int]:
        """The numbers of all calls of `tables` that this machine has."""
        for table in tables:
            for numbers in table.values():
                if (number := numbers[self.column]) is not None:
                    yield number

    def number(self, name: str) -> int:
        """The number of ``seccomp`` or of one of `BY_ARGUMENTS`; every machine has them."""
        number = {**BY_ARGUMENTS, **WORKER_ONLY}[name][self.column]
        assert number is not None
        return number


X86_64 = Machine("x86_64", 0xC000003E, 0)
AARCH64 = Machine("aarch64", 0xC00000B7, 1)


def this_machine() -> Machine | None:
    """The machine this runs on; None where the numbers are not known."""
    if ctypes.sizeof(ctypes.c_void_p) != 8:
        return None
    return next((item for item in (X86_64, AARCH64) if item.name == os.uname().machine), None)
