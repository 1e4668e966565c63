"""Landlock: from here on this process and its children may only read below given folders.

Works without privileges and inside containers; Linux 5.13 and later.
https://docs.kernel.org/userspace-api/landlock.html
"""

import ctypes
import os
from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3

_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many file rights each version of the interface knows; later ones know as many as 5."""
_NO_TCP = 0b11
_NO_SIGNALS_OUT_NOR_ABSTRACT_SOCKETS = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Version of the interface this kernel offers; 0 where there is none."""
    answer: int = _libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    return max(0, answer)


def read_only(folders: Iterable[str]) -> int:
    """
    Deny every file but those below `folders`, which can be read; deny TCP and signals outwards.

    Needs `no_new_privs` to be set. Cannot be undone. Returns the version in force: 0 means that
    nothing is restricted.
    """
    libc, offered = _libc(), version()
    if not offered:
        return 0
    rules = _Ruleset(
        files=(1 << _FILE_RIGHTS[min(offered, 5)]) - 1,
        net=_NO_TCP if offered >= 4 else 0,
        scoped=_NO_SIGNALS_OUT_NOR_ABSTRACT_SOCKETS if offered >= 6 else 0,
    )
    size = ctypes.c_size_t(ctypes.sizeof(rules))
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(rules), size, 0)
    if ruleset < 0:
        return 0
    for folder in folders:
        fd = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        rule = _PathBeneath(allowed=_READ_FILE | _READ_DIR, folder=fd)
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
        os.close(fd)
    failed = libc.syscall(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
    return 0 if failed else offered


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
