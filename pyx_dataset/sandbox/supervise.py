"""Watch one program's process from outside: its time, its answers, its end."""

import math
import os
import select
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field

from pyx_dataset.sandbox import frames

_EXIT_GRACE_S = 0.1
_READ_SIZE = 1 << 18
_FLOOD = (-1, b"")


class ParentGone(Exception):  # noqa: N818  (an event, not an error)
    """Whoever asked for this work is dead, so nobody waits for its result."""


@dataclass(slots=True)
class Child:
    """A running process of a program, and the pipes to it."""

    pid: int
    requests: int
    results: int
    unread: bytearray = field(default_factory=bytearray)
    is_running: bool = True
    cpu_s: float = 0.0
    """CPU time it had used when it was last looked at."""

    def look(self) -> float:
        """Read the kernel's clock of that process; stays where it was once the process ended."""
        with suppress(OSError):
            # The clock id of a process, see clock_getcpuclockid(3).
            self.cpu_s = time.clock_gettime((~self.pid << 3) | 2)
        return self.cpu_s

    def end(self) -> int:
        """Kill it, if it still runs, and give its wait status."""
        if not self.is_running:
            return 0
        os.kill(self.pid, signal.SIGKILL)
        return self._gone(os.waitpid(self.pid, 0)[1])

    def own_end(self) -> int | None:
        """Wait status of a process that ended by itself; None if it had to be killed."""
        until = time.monotonic() + _EXIT_GRACE_S
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return self._gone(status)
            if time.monotonic() > until:
                self.end()
                return None
            time.sleep(0.001)

    def _gone(self, status: int) -> int:
        os.close(self.requests)
        os.close(self.results)
        self.is_running = False
        return status


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request, or how the process ended instead."""

    end: str
    """``"frame"``, or ``"cpu"``, ``"wall"``, ``"exit"``, ``"signal"``, ``"closed"``, ``"flood"``"""
    status: int
    """The kind of the frame, the exit status, or the number of the signal."""
    cpu_s: float
    wall_s: float
    payload: bytes = b""


def ask(child: Child, request: bytes, cpu_s: float, wall_s: float, parent: int) -> Answer:
    """
    Write `request` (may be empty) and wait for one frame, for so much CPU and wall time.

    Any other end than a frame leaves the process dead. A frame that comes after the CPU time is
    used up counts as too late, so a busy machine does not decide who passes.
    """
    waiting = select.poll()
    waiting.register(child.results, select.POLLIN)
    unsent = _send_some(child, memoryview(request))
    if unsent:
        waiting.register(child.requests, select.POLLOUT)
    # Since its last frame it only waited.
    cpu_at_start, started = child.cpu_s, time.monotonic()
    while True:
        frame = _take_frame(child.unread)
        cpu, wall = child.look() - cpu_at_start, time.monotonic() - started
        late = "cpu" if cpu >= cpu_s else "wall" if wall >= wall_s and frame is None else ""
        if late or frame is _FLOOD:
            child.end()
            return Answer(late or "flood", 0, cpu, wall)
        if frame is not None:
            return Answer("frame", frame[0], cpu, wall, frame[1])
        rest_s = min(cpu_s - cpu, wall_s - wall, 1.0)
        ready = waiting.poll(math.ceil(rest_s * 1000))
        if not ready and os.getppid() != parent:
            raise ParentGone
        for fd, _ in ready:
            if fd == child.requests:
                unsent = _send_some(child, unsent)
                if not unsent:
                    waiting.unregister(fd)
            elif not _receive_some(child):
                return _ended(child, cpu, wall)


def _take_frame(unread: bytearray) -> tuple[int, bytes] | None:
    """The next whole frame, `_FLOOD` for one beyond all bounds, None while there is none."""
    size = frames.HEADER.size
    if len(unread) < size:
        return None
    kind, length = frames.HEADER.unpack_from(unread)
    if length > frames.FRAME_CAP:
        return _FLOOD
    if len(unread) < size + length:
        return None
    payload = bytes(unread[size : size + length])
    del unread[: size + length]
    return kind, payload


def _send_some(child: Child, unsent: memoryview) -> memoryview:
    try:
        return unsent[os.write(child.requests, unsent) :] if unsent else unsent
    except BlockingIOError:
        return unsent
    except BrokenPipeError:
        return unsent[:0]


def _receive_some(child: Child) -> bool:
    part = os.read(child.results, _READ_SIZE)
    child.unread += part
    return bool(part)


def _ended(child: Child, cpu: float, wall: float) -> Answer:
    """The process closed its side: ended, or only pretends to have."""
    status = child.own_end()
    if status is None:
        return Answer("closed", 0, cpu, wall)
    if os.WIFSIGNALED(status):
        return Answer("signal", os.WTERMSIG(status), cpu, wall)
    return Answer("exit", os.WEXITSTATUS(status), cpu, wall)
