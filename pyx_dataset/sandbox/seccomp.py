"""Seccomp: which system calls exist for this process and its children.

Two filters. `worker_filter` lists what a worker may call; anything else is "operation not
permitted". `program_filter` takes away, inside one program's process, what only the worker needs.
Filters add up and cannot be taken back. https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Callable, Iterable

from pyx_dataset.sandbox.syscalls import ANYBODY, OPEN_AND_LOOK, WORKER_ONLY, Machine

_X32_BIT = 0x40000000
_FILTER_MODE = 1
_SPEC_ALLOW = 1 << 2
"""Without it, kernels before 5.16 slow down every process that has a filter."""

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_NUMBER, _ARCH = 0, 4

_IOCTL_HARMLESS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX."""
_CLONE_PARENT = 0x8000
SIBLING = _CLONE_PARENT | signal.SIGCHLD
"""Flags of clone by which a zygote makes a child of its own parent."""
_CLONE_OF_PLAIN_FORK = 0x01200000 | 0xFF
"""CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID and the exit signal: what fork() asks for."""
_PDEATHSIG = 1

_syscall = ctypes.PyDLL(None, use_errno=True).syscall
"""Bound once and called with the interpreter's lock held: what a program's process does
first-hand costs page faults."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def worker_filter(machine: Machine) -> bytes:
    """Allow what a worker and its programs need; refuse the rest, by default."""
    ioctl, clone = machine.number("ioctl"), machine.number("clone")
    code = _only(machine)
    # The C library then falls back to clone.
    code += _stop_if(machine.number("clone3"), _fail(_ENOSYS))
    for number in machine.numbers(ANYBODY, OPEN_AND_LOOK, WORKER_ONLY):
        code += _stop_if(number, _say(_ALLOW))
    code += _stop_if(machine.number("prlimit64"), _say(_ALLOW))
    code += _if_call(ioctl, _low_word(1) + _unless_one_of(_IOCTL_HARMLESS))
    other_flags = ~(_CLONE_OF_PLAIN_FORK | _CLONE_PARENT)
    body = _low_word(0) + _jump(_ANY_BIT, other_flags, 0, 1) + _fail(_EPERM) + _say(_ALLOW)
    code += _if_call(clone, body)
    return code + _fail(_EPERM)


def program_filter(machine: Machine, may_open: bool) -> bytes:
    """
    Refuse processes, signals and new limits; without `may_open` also every file.

    Three things must pass that a zygote and its copies do before a program has its turn. A
    program gains nothing by them: it may make no process (its limit of them is none, and can
    only fall), and may wish to die with the worker.
    """
    tables = (WORKER_ONLY,) if may_open else (WORKER_ONLY, OPEN_AND_LOOK)
    prctl = machine.number("prctl")
    code = _only(machine) + _stop_if(machine.number("clone3"), _fail(_ENOSYS))
    code += _if_call(machine.number("clone"), _unless(0, SIBLING))
    code += _if_call(prctl, _unless(0, _PDEATHSIG) + _unless(1, signal.SIGKILL))
    for number in machine.numbers(*tables):
        if number != prctl:
            code += _stop_if(number, _fail(_EPERM))
    # Limits may be read but not set: the third argument, a pointer, must be null. But its own
    # process, the first argument, may limit how many it starts.
    own = _low_word(0) + _jump(_EQUAL, 0, 0, 1) + _say(_ALLOW)
    body = _low_word(1) + _jump(_EQUAL, resource.RLIMIT_NPROC, 0, len(own) // 8) + own
    body += _unless(2, 0) + _high_word(2) + _jump(_EQUAL, 0, 1, 0) + _fail(_EPERM)
    return code + _if_call(machine.number("prlimit64"), body) + _say(_ALLOW)


def prepare(machine: Machine, code: bytes) -> Callable[[], bool]:
    """
    A function that puts a filter in force for the process that calls it; false if it cannot.

    All that it needs is made here, before the fork.
    """
    program, number = _Program(len(code) // 8, code), machine.number("seccomp")
    return lambda: _syscall(number, _FILTER_MODE, _SPEC_ALLOW, ctypes.byref(program)) == 0


def install(machine: Machine, code: bytes) -> str:
    """Put a filter in force for this process; returns ``""`` or why it was not possible."""
    return "" if prepare(machine, code)() else os.strerror(ctypes.get_errno())


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


def _only(machine: Machine) -> bytes:
    """Refuse calls of another architecture, then load the call's number and refuse x32's."""
    return (
        _op(_LOAD, _ARCH) + _jump(_EQUAL, machine.audit_arch, 1, 0) + _fail(_EPERM)
        + _op(_LOAD, _NUMBER) + _jump(_AT_LEAST, _X32_BIT, 0, 1) + _fail(_EPERM)
    )  # fmt: skip


def _unless(argument: int, value: int) -> bytes:
    """Refuse if the low word of an argument is another."""
    return _low_word(argument) + _jump(_EQUAL, value, 1, 0) + _fail(_EPERM)


def _stop_if(number: int, verdict: bytes) -> bytes:
    return _jump(_EQUAL, number, 0, 1) + verdict


def _if_call(number: int, body: bytes) -> bytes:
    """Run `body` for one call; behind it the number is loaded again."""
    return _jump(_EQUAL, number, 0, len(body) // 8) + body + _op(_LOAD, _NUMBER)


def _unless_one_of(values: Iterable[int]) -> bytes:
    return b"".join(_stop_if(value, _say(_ALLOW)) for value in values) + _fail(_EPERM)
