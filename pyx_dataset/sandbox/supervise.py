"""Watch one program's process from outside: its time, its answers, its end."""

import fcntl
import math
import os
import select
import signal
import struct
import termios
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from pyx_dataset.sandbox import frames
from pyx_dataset.sandbox.processors import Processors

_READ_SIZE = 1 << 18
_FLOOD = (-1, b"")
_FIRST_LOOK_S, _LONGEST_PAUSE_S = 0.004, 0.064
"""When to see after a silent process: soon, because it may have died, then ever more rarely."""
_AT_ONCE_S, _AT_ONCE_BYTES = 1.0, 1 << 20
"""How long, and with how much, several requests may be answered at once: a reader waits."""


class ParentGone(Exception):  # noqa: N818  (an event, not an error)
    """Whoever asked for this work is dead, so nobody waits for its result."""


class Pipes:
    """
    Two pipes from a worker to its programs and back, for one program after another.

    Each ends in the process of the program and in the worker; between two programs, when nobody
    else lives who could write to them, the worker makes them as they were.
    """

    def __init__(self) -> None:
        self.requests_end, self.requests = os.pipe()
        self.results, self.results_end = os.pipe()
        # Of the worker's own ends: the programs' have flags of their own.
        os.set_blocking(self.requests, False)
        os.set_blocking(self.results, False)
        self._flags = {fd: fcntl.fcntl(fd, fcntl.F_GETFL) for fd in self.of_a_program()}

    def of_a_program(self) -> tuple[int, int]:
        """Where a program reads requests, and where it writes results."""
        return self.requests_end, self.results_end

    def of_the_worker(self) -> tuple[int, int]:
        """Where the worker writes requests, and where it reads results."""
        return self.requests, self.results

    def renew(self) -> None:
        """Take out what is left in them, and take back what the last program did to its ends."""
        for fd in (self.requests_end, self.results):
            while size := _bytes_in(fd):
                os.read(fd, size)
        for fd, flags in self._flags.items():
            if fcntl.fcntl(fd, fcntl.F_GETFL) != flags:
                fcntl.fcntl(fd, fcntl.F_SETFL, flags)


def _bytes_in(pipe: int) -> int:
    (size,) = struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0\0\0\0"))
    return int(size)


@dataclass(slots=True)
class Child:
    """A running process of a program, a child of this one."""

    pid: int
    pipes: Pipes
    processors: Processors
    unread: bytearray = field(default_factory=bytearray)
    wait_status: int | None = None
    """None while it runs."""
    cpu_s: float = 0.0
    """CPU time it had used when it was last looked at."""

    def look(self) -> float:
        """Read the kernel's clock of that process; stays where it was once the process ended."""
        with suppress(OSError):
            # The clock id of a process, see clock_getcpuclockid(3).
            self.cpu_s = time.clock_gettime((~self.pid << 3) | 2)
        return self.cpu_s

    def has_ended(self) -> bool:
        """Whether it ended by itself."""
        if self.wait_status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.wait_status = status
        return self.wait_status is not None

    def end(self) -> None:
        """Kill it, if it still runs, and leave its pipes as they were before it."""
        if self.wait_status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait_status = os.waitpid(self.pid, 0)[1]
        self.pipes.renew()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request, or how the process ended instead."""

    end: str
    """``"frame"``, or ``"cpu"``, ``"wall"``, ``"exit"``, ``"signal"``, ``"flood"``"""
    status: int
    """The kind of the frame, the exit status, or the number of the signal."""
    cpu_s: float
    wall_s: float
    payload: bytes = b""


def ask(
    child: Child, requests: Sequence[bytes], cpu_s: float, wall_s: float, parent: tuple[int, int]
) -> list[Answer]:
    """
    Write `requests`, some of which may be empty, and wait for a frame for each.

    The limits are those of one request, and a frame that comes after the CPU time is used up is
    too late, so a busy machine does not decide who passes. Several requests at once save the
    waiting in between; which of them used what is then not seen. So answers to several are
    believed only while all together keep the limits of one. The first that does not ends the
    list without an answer; it is to be asked again, alone.

    Any last answer that is not a frame says how the process ended, or that it has to be.
    `parent` is the process id of whoever waits for the answers, and the pipe to it.

    Raises:
        ParentGone: nobody waits any more.
    """
    watch = _Watch(child, requests, cpu_s, wall_s, parent)
    while not (watch.takes_frames() or watch.sees_an_end()):
        watch.wait()
    return watch.answers


class _Watch:
    """One `ask`."""

    def __init__(
        self,
        child: Child,
        requests: Sequence[bytes],
        cpu_s: float,
        wall_s: float,
        parent: tuple[int, int],
    ) -> None:
        self.child, self.parent = child, parent
        self.cpu_s, self.wall_s = cpu_s, wall_s
        self.answers: list[Answer] = []
        self.wanted = len(requests)
        self.cpu_at_start, self.started = child.cpu_s, time.monotonic()  # it only waited since
        self.cpu = self.wall = 0.0
        """Used until the last answer."""
        self.spent = 0.0, 0.0
        """CPU and wall time since then."""
        self.pause_s = _FIRST_LOOK_S
        self.waiting = select.poll()
        self.waiting.register(child.pipes.results, select.POLLIN)
        self.waiting.register(parent[1], 0)  # says only when it is closed
        self.unsent = _send_some(child, memoryview(b"".join(requests)))
        if self.unsent:
            self.waiting.register(child.pipes.requests, select.POLLOUT)

    def takes_frames(self) -> bool:
        """Take in the frames that have come; whether no more are to come."""
        cpu, wall = self.child.look() - self.cpu_at_start, time.monotonic() - self.started
        self.spent = cpu - self.cpu, wall - self.wall
        while (frame := _take_frame(self.child.unread)) is not None:
            kind, payload = frame
            if frame is _FLOOD:
                self.answers.append(Answer("flood", 0, *self.spent))
                return True
            if self.wanted > 1 and self.is_in_doubt(cpu, wall):
                return True
            if self.spent[0] >= self.cpu_s:
                self.answers.append(Answer("cpu", 0, *self.spent))
                return True
            self.answers.append(Answer("frame", kind, *self.spent, payload))
            if len(self.answers) == self.wanted or kind == frames.SPENT:
                return True
            self.cpu, self.wall = cpu, wall
            self.spent = 0.0, 0.0
        return False

    def is_in_doubt(self, cpu: float, wall: float) -> bool:
        """Whether several requests have together used more than one may, or than waiting bears."""
        size = sum(len(answer.payload) for answer in self.answers)
        is_slow = wall >= min(self.wall_s, _AT_ONCE_S)
        return cpu >= self.cpu_s or is_slow or size > _AT_ONCE_BYTES

    def sees_an_end(self) -> bool:
        """Whether there will be no more frames: a limit is passed, or the process is gone."""
        cpu, wall = self.spent
        if cpu >= self.cpu_s or wall >= self.wall_s:
            self.answers.append(Answer("cpu" if cpu >= self.cpu_s else "wall", 0, cpu, wall))
        elif (status := self.child.wait_status) is not None:
            self.answers.append(_ended(status, cpu, wall))
        else:
            return False
        return True

    def wait(self) -> None:
        """Until the process writes, or reads, or a pause is over."""
        cpu, wall = self.spent
        rest_s = min(self.cpu_s - cpu, self.wall_s - wall, self.pause_s)
        ready = self.waiting.poll(max(math.ceil(rest_s * 1000), 0))
        if not ready:
            if self.pause_s == _FIRST_LOOK_S:
                self.child.processors.spread(self.child.pid)
            self.pause_s = min(2 * self.pause_s, _LONGEST_PAUSE_S)
            if os.getppid() != self.parent[0]:
                raise ParentGone
            if self.child.has_ended():
                _receive_all(self.child)  # what it wrote before
        for fd, _ in ready:
            if fd == self.parent[1]:
                raise ParentGone
            if fd == self.child.pipes.results:
                self.child.unread += os.read(fd, _READ_SIZE)
                continue
            self.unsent = _send_some(self.child, self.unsent)
            if not self.unsent:
                self.waiting.unregister(fd)


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
        return unsent[os.write(child.pipes.requests, unsent) :] if unsent else unsent
    except BlockingIOError:
        return unsent


def _receive_all(child: Child) -> None:
    with suppress(BlockingIOError):
        while part := os.read(child.pipes.results, _READ_SIZE):
            child.unread += part


def _ended(status: int, cpu: float, wall: float) -> Answer:
    if os.WIFSIGNALED(status):
        return Answer("signal", os.WTERMSIG(status), cpu, wall)
    return Answer("exit", os.WEXITSTATUS(status), cpu, wall)
