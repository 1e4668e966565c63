# expect: returned {1, 11}
import ctypes
import os


def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    errors = set()
    for flags in (0x8011, 0x8000, 0x8011 | 0x100, 0x11, 0x8011 | 1 << 40):
        number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
        pid = libc.syscall(number, ctypes.c_ulong(flags), 0, 0, 0, 0)
        if pid == 0:
            while True:
                pass
        errors.add(ctypes.get_errno())
    return errors
