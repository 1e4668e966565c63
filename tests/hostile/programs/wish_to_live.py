# expect: returned (-1, -1, [-1, 0])
import ctypes
import os
import resource


def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    outlive = libc.prctl(1, 0, 0, 0, 0)
    dumpable = libc.prctl(4, 1, 0, 0, 0)
    more = (ctypes.c_uint64 * 2)(1000, 1000)
    raised = [libc.prlimit(0, resource.RLIMIT_NPROC, more, None)]
    raised.append(resource.getrlimit(resource.RLIMIT_NPROC)[0])
    return outlive, dumpable, raised
