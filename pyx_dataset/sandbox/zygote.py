"""A warm process that copies itself, once for each program.

It was locked in before it came to be, has imported what programs use, and holds ready what a
program's process will need. Told to, it makes a copy, which plays one role and ends. The copy is
a child of the worker, beside the zygote: the worker measures it, ends it and collects it, and the
zygote does next to nothing. That matters, because each page that it writes while a copy lives is
a page to be copied.
"""

import builtins
import ctypes
import marshal
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

from pyx_dataset.sandbox import exchange, frames, limits, program
from pyx_dataset.sandbox.seccomp import SIBLING
from pyx_dataset.sandbox.supervise import Pipes
from pyx_dataset.sandbox.surroundings import Supply
from pyx_dataset.sandbox.syscalls import Machine

globals()["__builtins__"] = dict(vars(builtins))  # as in `program`

HARNESS_FAILED = 112
"""Exit status of a child whose program broke our side of it."""

# With the interpreter's lock held, as only `PyDLL` calls: there is one thread, and to let go of
# the lock touches more memory than the system call.
_libc = ctypes.PyDLL(None)
_fork: Callable[[], int] = _libc.fork
"""The bare system call: `os.fork`'s hooks touch four times the memory, and we have one thread."""

ROLES = {
    "program": (program.Program, program.serve),
    "candidate": (exchange.candidate, exchange.serve_candidate),
    "tests": (program.Program, exchange.serve_tests),
}
"""
What a child is made of and what it does with it.

The first is made once, before any fork, with all that a fresh process needs: the first touch of
memory, not the work, is what a process of one program pays for.
"""
Serve = Callable[[program.Program, dict[str, Any], int, int], None]

_PLACES = {role: place for place, role in enumerate(ROLES)}


class Zygote:
    """All that the processes of programs are made of."""

    def __init__(
        self,
        settings: dict[str, Any],
        pipes: Pipes,
        put_filter: Callable[[], bool] | None,
        memory_bytes: int,
    ) -> None:
        self.worker = os.getpid()
        supply = Supply(settings["output_kib"])
        self.roles = [(serve, make(settings, supply)) for make, serve in ROLES.values()]
        self.pipes = pipes
        self.put_filter = put_filter
        self.memory_bytes = memory_bytes
        self.private: tuple[int, ...] = ()
        """Ends of pipes that are not for programs."""

    def lock(self) -> None:
        """Take from this process, and so from all its copies, what no program may do."""
        limits.cap_memory(self.memory_bytes)
        if self.put_filter is not None and not self.put_filter():
            os._exit(HARNESS_FAILED)

    def copy(self, spawn: Callable[[], int], place: int, is_locked: bool = True) -> int:
        """The process id of a new copy that plays the role at `place`, told by a first request."""
        pid = spawn()
        if pid == 0:
            try:
                limits.become_a_program(self.worker)
                if not is_locked:
                    self.lock()
                for fd in self.private:
                    os.close(fd)
                serve, made = self.roles[place]
                requests, results = self.pipes.of_a_program()
                serve(made, program.order(requests), requests, results)
                os._exit(0)
            finally:
                os._exit(HARNESS_FAILED)
        return pid

    def serve(self, spawn: Callable[[], int], orders: int, pids: int) -> NoReturn:
        """Make copies until nobody orders one; an order is a byte, the place of a role."""
        try:
            self.lock()
            while place := os.read(orders, 1):
                os.write(pids, self.copy(spawn, place[0]).to_bytes(4, "little"))
        finally:
            os._exit(0)


class Nursery:
    """The worker's side: orders copies."""

    def __init__(self, zygote: Zygote, machine: Machine | None, private: tuple[int, ...]) -> None:
        self._zygote = zygote
        self.pid = 0
        """Of the zygote; 0 where there is none."""
        if machine is None:  # no number for the call that makes a sibling, so no process beside
            zygote.private = (*private, *zygote.pipes.of_the_worker())
            return
        orders, self._orders = os.pipe()
        self._answers, pids = os.pipe()
        self.pid = _fork()
        if self.pid == 0:
            limits.die_with_parent(zygote.worker)
            for fd in (*private, *zygote.pipes.of_the_worker(), self._orders, self._answers):
                os.close(fd)
            zygote.private = (orders, pids)
            zygote.serve(_sibling(machine), orders, pids)
        os.close(orders)
        os.close(pids)

    def child(self, role: str) -> int:
        """
        The process id of a new child of this process that plays `role`.

        Its first request tells it what to play.

        Raises:
            EOFError: the zygote is gone.
        """
        if not self.pid:
            return self._zygote.copy(_fork, _PLACES[role], is_locked=False)
        os.write(self._orders, bytes([_PLACES[role]]))
        answer = os.read(self._answers, 4)
        if len(answer) < 4:
            raise EOFError("the zygote is gone")
        return int.from_bytes(answer, "little")

    def end(self) -> None:
        """Let the zygote end, and collect it."""
        if self.pid:
            os.close(self._orders)
            os.waitpid(self.pid, 0)


def _sibling(machine: Machine) -> Callable[[], int]:
    """Like fork, but the new process is a child of this one's parent."""
    syscall, number = _libc.syscall, machine.number("clone")
    return lambda: int(syscall(number, SIBLING, 0, 0, 0, 0))


def rehearse(settings: dict[str, Any]) -> None:
    """
    Play every role in this process, some times over, as the process of a program will.

    Python then has its caches filled and its code specialised before the fork, and a copy writes
    to fewer pages. The programs are ours.
    """
    streams = sys.stdin, sys.stdout, sys.stderr
    supply = Supply(settings["output_kib"])
    for seed in range(20):
        limits.die_with_parent(os.getppid())
        for role, spec, requests in _PLAYS:
            make, serve = ROLES[role]
            _play(make(settings, supply), serve, spec | {"seed": seed}, requests)
    limits.outlive_parent()
    sys.stdin, sys.stdout, sys.stderr = streams
    del sys.modules["program"]


def _play(made: program.Program, serve: Serve, spec: dict[str, Any], requests: bytes) -> None:
    """Play one role before an audience that asks and does not listen."""
    pipes = [*os.pipe(), *os.pipe()]
    os.write(pipes[1], requests)
    os.close(pipes[1])
    with suppress(EOFError):
        serve(made, spec, pipes[0], pipes[3])
    for fd in (pipes[0], pipes[2], pipes[3]):
        os.close(fd)


_CODE = "def f(x):\n    print(x)\n    return {x: [str(x), 1.5]}\n"
_CALLS = [frames.pack(0, marshal.dumps((call, 1))) for call in ("f(1)", "f('a')", "f([])")]
_QUESTION = {"name": "f", "args": ["1"], "kwargs": {}}
_ANSWER = {"outcome": "returned", "value": "2", "args": ["1"], "form": "plain"}
_QUESTIONS = [frames.pack(0, program.encode(_QUESTION)) for _ in range(2)]
_TEST = {"code": "assert f(1) == 2", "setup": "import math", "entry_point": None, "names": ["f"],
         "known": [(_QUESTION, program.encode(_ANSWER).decode())]}  # fmt: skip
_PLAYS = (
    ("program", {"code": _CODE, "trace": False}, b"".join(_CALLS)),
    ("candidate", {"code": _CODE}, b"".join(_QUESTIONS)),
    ("tests", _TEST, b""),
)
"""Roles with what they are told."""
