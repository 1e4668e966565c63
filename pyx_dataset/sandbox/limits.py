"""What a process may use, and who it is: rlimits, identity, and whose death it shares."""

import ctypes
import os
import resource
import signal

_PDEATHSIG, _DUMPABLE, _KEEPCAPS, _NO_NEW_PRIVS = 1, 4, 8, 38
_NOBODY = 65534
_DAC_READ_SEARCH = 1 << 2
_CAPABILITY_VERSION = 0x20080522

MIB = 1024 * 1024

_libc = ctypes.PyDLL(None)  # called with the interpreter's lock held, which touches least memory
_prctl, _prlimit = _libc.prctl, _libc.prlimit
_NONE_AT_ALL = (ctypes.c_uint64 * 2)(0, 0)


def drop_root(keep_reading: bool) -> str:
    """
    Become nobody when root; returns ``"dropped"``, or ``"not root"``.

    With `keep_reading` the right to read past file modes is kept, because the standard library
    may live under a home folder nobody else can enter. Only safe below Landlock.
    """
    if os.geteuid() != 0:
        return "not root"
    _prctl(_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(_NOBODY, _NOBODY, _NOBODY)
    os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    if not (keep_reading and _hold_only(_DAC_READ_SEARCH)):
        drop_capabilities()
    return "dropped"


def drop_capabilities() -> None:
    """Give up every right beyond those of an ordinary user."""
    _hold_only(0)


def _hold_only(capabilities: int) -> bool:
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    # Two times (effective, permitted, inheritable), low and high word.
    sets = (ctypes.c_uint32 * 6)(capabilities, capabilities, 0, 0, 0, 0)
    return bool(_libc.capset(ctypes.byref(header), ctypes.byref(sets)) == 0)


def no_new_privileges() -> bool:
    """Nothing this process starts gains rights, and no other process may look into it."""
    _prctl(_DUMPABLE, 0, 0, 0, 0)
    return bool(_prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)


def die_with_parent(parent: int) -> None:
    """Be killed when `parent` ends, also if it ended just before this call."""
    _prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def outlive_parent() -> None:
    """Take `die_with_parent` back."""
    _prctl(_PDEATHSIG, 0, 0, 0, 0)


def become_a_program(parent: int) -> None:
    """What only the process of a program itself can do: `die_with_parent`, and never start one."""
    die_with_parent(parent)
    if _prlimit(0, resource.RLIMIT_NPROC, _NONE_AT_ALL, None) != 0:
        os._exit(1)


def cap_files() -> None:
    """No core dumps, no file of any size, few open files."""
    _cap(resource.RLIMIT_CORE, 0)
    _cap(resource.RLIMIT_FSIZE, 0)
    _cap(resource.RLIMIT_NOFILE, 64)


def cap_memory(memory_bytes: int) -> None:
    """No more address space than `memory_bytes`."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def allowed_memory(wanted_bytes: int) -> int:
    """`wanted_bytes` of address space, or less where this process may have less itself."""
    return _within_hard(resource.RLIMIT_AS, wanted_bytes)


def _cap(kind: int, value: int) -> None:
    value = _within_hard(kind, value)
    resource.setrlimit(kind, (value, value))


def _within_hard(kind: int, value: int) -> int:
    _, hard = resource.getrlimit(kind)
    return value if hard == resource.RLIM_INFINITY else min(value, hard)


def address_space() -> int:
    """Bytes of address space this process has now."""
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  (pathlib stays out of the child)
        return int(file.read().split()[0]) * resource.getpagesize()
