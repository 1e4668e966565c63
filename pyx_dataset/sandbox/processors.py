"""Keep what works hand in hand on one processor, as long as the work is short.

A job goes to and fro between a worker, its zygote and the program, one at a time. On one processor
each finds in the cache what the other has just written, and none has to be woken across; on two
the same work takes a sixth more CPU time. What takes longer may go where there is room.
"""

import ctypes
import os
import time
from collections.abc import Callable
from contextlib import suppress

_HOLD_S = 0.05


class Processors:
    """Those that this process may use."""

    def __init__(self) -> None:
        self._all: set[int] = set()
        self._here: Callable[[], int] | None = getattr(ctypes.PyDLL(None), "sched_getcpu", None)
        with suppress(AttributeError, OSError):  # not on every system, nor allowed in every one
            self._all = os.sched_getaffinity(0)
        self._since: float | None = None
        """When this process was bound to one; None while it is not."""
        self._last = -1

    def gather(self, pid: int) -> None:
        """Keep this process, and from now on `pid` and its children, where this one runs."""
        if self._since is not None or len(self._all) < 2 or self._here is None:
            return
        here, self._since = self._here(), time.monotonic()
        _move(0, {here})
        if pid and here != self._last:
            _move(pid, {here})
            self._last = here

    def spread(self, *pids: int) -> None:
        """Let this process and `pids` run anywhere again."""
        if self._since is not None:
            self._since = None
            for pid in (0, *pids):
                _move(pid, self._all)

    def loosen(self) -> None:
        """`spread`, now and then, so that the system can even out who is where."""
        if self._since is not None and time.monotonic() - self._since > _HOLD_S:
            self.spread()


def _move(pid: int, processors: set[int]) -> None:
    with suppress(OSError):
        os.sched_setaffinity(pid, processors)
