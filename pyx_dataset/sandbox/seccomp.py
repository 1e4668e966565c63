"""Seccomp: which system calls exist for this process and its children.

Two filters. `lock_worker` lists what a worker may call; anything else is "operation not
permitted". `lock_program` takes away, inside one program's process, what only the worker needs.
Filters add up and cannot be taken back. https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

import ctypes
import os
import struct
from collections.abc import Callable, Iterable

_X86_64 = 0xC000003E
_X32_BIT = 0x40000000
_FILTER_MODE = 1
_SPEC_ALLOW = 1 << 2
"""Without it, kernels before 5.16 slow down every process that has a filter."""

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_NUMBER, _ARCH = 0, 4

_IOCTL, _CLONE, _PRLIMIT, _CLONE3, _SECCOMP = 16, 56, 302, 435, 317
_IOCTL_HARMLESS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX."""
_CLONE_OF_PLAIN_FORK = 0x01200000 | 0xFF
"""CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID and the exit signal: what fork() asks for."""

_OPEN_AND_LOOK = {
    "open": 2, "stat": 4, "lstat": 6, "access": 21, "getdents": 78, "readlink": 89,
    "getdents64": 217, "openat": 257, "newfstatat": 262, "readlinkat": 267, "faccessat": 269,
    "statx": 332, "faccessat2": 439,
}  # fmt: skip
_WORKER_ONLY = {
    "dup3": 292, "fork": 57, "wait4": 61, "kill": 62, "prctl": 157, "setrlimit": 160,
    "tgkill": 234, "seccomp": 317,
}  # fmt: skip
_ANYBODY = {
    "read": 0, "write": 1, "close": 3, "fstat": 5, "poll": 7, "lseek": 8, "mmap": 9,
    "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14,
    "rt_sigreturn": 15, "pread64": 17, "readv": 19, "writev": 20, "pipe": 22, "select": 23,
    "sched_yield": 24, "mremap": 25, "madvise": 28, "dup": 32, "dup2": 33, "pause": 34,
    "nanosleep": 35, "getitimer": 36, "alarm": 37, "setitimer": 38, "getpid": 39, "exit": 60,
    "uname": 63, "fcntl": 72, "getcwd": 79, "gettimeofday": 96, "getrlimit": 97,
    "getrusage": 98, "sysinfo": 99, "times": 100, "getuid": 102, "getgid": 104,
    "geteuid": 107, "getegid": 108, "getppid": 110, "getpgrp": 111, "getgroups": 115,
    "getresuid": 118, "getresgid": 120, "getpgid": 121, "getsid": 124, "sigaltstack": 131,
    "arch_prctl": 158, "gettid": 186, "time": 201, "futex": 202, "sched_getaffinity": 204,
    "set_tid_address": 218, "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229,
    "clock_nanosleep": 230, "exit_group": 231, "pselect6": 270, "ppoll": 271,
    "set_robust_list": 273, "pipe2": 293, "getcpu": 309, "getrandom": 318, "membarrier": 324,
    "rseq": 334, "close_range": 436,
}  # fmt: skip


_libc = ctypes.CDLL(None, use_errno=True)
_syscall = _libc.syscall  # bound once: what a program's process does first-hand costs page faults


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def is_known_machine() -> bool:
    """Whether the table of call numbers above is this machine's."""
    return os.uname().machine == "x86_64" and ctypes.sizeof(ctypes.c_void_p) == 8


def worker_filter() -> bytes:
    """Allow what a worker and its programs need; refuse the rest, by default."""
    code = _only_x86_64()
    code += _stop_if(_CLONE3, _fail(_ENOSYS))  # the C library then falls back to clone
    for number in (*_ANYBODY.values(), *_OPEN_AND_LOOK.values(), *_WORKER_ONLY.values(), _PRLIMIT):
        code += _stop_if(number, _say(_ALLOW))
    code += _if_call(_IOCTL, _low_word(1) + _unless_one_of(_IOCTL_HARMLESS))
    code += _if_call(_CLONE, _low_word(0) + _jump(_ANY_BIT, ~_CLONE_OF_PLAIN_FORK, 0, 1)
                     + _fail(_EPERM) + _say(_ALLOW))  # fmt: skip
    return code + _fail(_EPERM)


def program_filter(may_open: bool) -> bytes:
    """Refuse processes, signals and new limits; without `may_open` also every file."""
    refused = [*_WORKER_ONLY.values(), _CLONE]
    if not may_open:
        refused += _OPEN_AND_LOOK.values()
    code = _only_x86_64() + _stop_if(_CLONE3, _fail(_ENOSYS))
    for number in refused:
        code += _stop_if(number, _fail(_EPERM))
    # Limits may be read but not set: the third argument, a pointer, must be null.
    set_limits = _jump(_EQUAL, 0, 1, 0) + _fail(_EPERM)
    code += _if_call(_PRLIMIT, _low_word(2) + set_limits + _high_word(2) + set_limits)
    return code + _say(_ALLOW)


def prepare(code: bytes) -> Callable[[], bool]:
    """
    A function that puts a filter in force for the process that calls it; false if it cannot.

    All that it needs is made here, before the fork.
    """
    program = _Program(len(code) // 8, code)
    return lambda: _syscall(_SECCOMP, _FILTER_MODE, _SPEC_ALLOW, ctypes.byref(program)) == 0


def install(code: bytes) -> str:
    """Put a filter in force for this process; returns ``""`` or why it was not possible."""
    return "" if prepare(code)() else os.strerror(ctypes.get_errno())


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value & 0xFFFFFFFF)


def _jump(test: int, value: int, if_true: int, if_false: int) -> bytes:
    return _op(test, value, if_true, if_false)


def _say(verdict: int) -> bytes:
    return _op(_RETURN, verdict)


def _fail(error: int) -> bytes:
    return _say(_ERROR | error)


def _low_word(argument: int) -> bytes:
    return _op(_LOAD, 16 + 8 * argument)


def _high_word(argument: int) -> bytes:
    return _op(_LOAD, 20 + 8 * argument)


def _only_x86_64() -> bytes:
    """Refuse calls of another architecture and of x32, then load the call's number."""
    return (
        _op(_LOAD, _ARCH) + _jump(_EQUAL, _X86_64, 1, 0) + _fail(_EPERM)
        + _op(_LOAD, _NUMBER) + _jump(_AT_LEAST, _X32_BIT, 0, 1) + _fail(_EPERM)
    )  # fmt: skip


def _stop_if(number: int, verdict: bytes) -> bytes:
    return _jump(_EQUAL, number, 0, 1) + verdict


def _if_call(number: int, body: bytes) -> bytes:
    """Run `body` for one call; behind it the number is loaded again."""
    return _jump(_EQUAL, number, 0, len(body) // 8) + body + _op(_LOAD, _NUMBER)


def _unless_one_of(values: Iterable[int]) -> bytes:
    return b"".join(_stop_if(value, _say(_ALLOW)) for value in values) + _fail(_EPERM)
