"""A warm process that locks itself in and then forks one child per program.

It starts clean (by exec, never by a fork of ours), imports what programs use, gives up every
right, and serves requests: a program's children inherit the warm imports and the locks. It is the
only one that may kill them, and it is what measures them.
"""

import ctypes
import gc
import hashlib
import importlib
import json
import os
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyx_dataset.sandbox import exchange, frames, landlock, limits, program, seccomp
from pyx_dataset.sandbox.supervise import Answer, Child, ParentGone, ask
from pyx_dataset.sandbox.syscalls import this_machine

WARM = (
    "abc", "array", "base64", "binascii", "bisect", "calendar", "cmath", "collections.abc",
    "contextlib", "copy", "dataclasses", "datetime", "decimal", "enum", "fractions", "functools",
    "hashlib", "heapq", "html", "inspect", "io", "itertools", "json", "keyword", "math",
    "numbers", "operator", "os.path", "pprint", "queue", "random", "re", "secrets", "socket",
    "statistics", "string", "struct", "textwrap", "threading", "time", "traceback", "types",
    "typing", "unicodedata", "uuid", "warnings", "weakref", "zlib",
)  # fmt: skip
"""What programs and `probes` import most; the rest of the library is read from disk on demand."""

KEPT_BYTES, KEPT_S = 1 << 20, 1.0
"""How much of its answers a worker keeps at most, and how long, before it sends them."""

HARNESS_FAILED = 112
"""Exit status of a child whose program broke our side of it."""

_fork: Callable[[], int] = ctypes.PyDLL(None).fork
"""The bare system call: `os.fork`'s hooks touch four times the memory, and we have one thread."""


class Worker:
    """What one worker knows: its pipes, its settings, and the child of the moment."""

    def __init__(self, control: tuple[int, int], settings: dict[str, Any]) -> None:
        self.control_in, self.control_out = control
        self.settings = settings
        self.parent: int = settings["parent"]
        self.pid = os.getpid()
        self.child: Child | None = None
        self.layers = lock()
        memory = settings["memory_mib"] * limits.MIB + self.layers.pop("address_space")
        self.memory = limits.allowed_memory(memory)
        self.roles = {role: (serve, make(settings)) for role, (make, serve) in ROLES.items()}
        self.unsaid: list[tuple[dict[str, Any], bytes]] = []
        self.unsaid_bytes = 0
        self.said_at = 0.0
        may_open = self.layers["landlock"] > 0
        self.filter: Callable[[], bool] | None = None
        if (machine := this_machine()) is not None and self.layers["seccomp"] == "on":
            code = seccomp.program_filter(machine, may_open)
            self.filter = seccomp.prepare(machine, code)

    def serve(self) -> None:
        """Answer requests until the parent closes the pipe or is gone."""
        self.say(json.dumps(self.layers).encode())
        waiting = select.poll()
        waiting.register(self.control_in, select.POLLIN)
        while os.getppid() == self.parent:
            if waiting.poll(1000):
                self.handle(json.loads(frames.read(self.control_in)[1]))

    def handle(self, request: dict[str, Any]) -> None:
        """Do one request; ``run`` and ``open`` may have many answers, ``close`` has none."""
        match request["op"]:
            case "run":
                self.run(request)
            case "open":
                self.open(request["role"], request["spec"])
                self.converse(request["texts"], request["cpu_s"], request["wall_s"])
            case "send":
                message = frames.pack(frames.ANSWER, request["text"].encode())
                self.reply(self.ask(message, request["cpu_s"], request["wall_s"]))
            case "close":
                self.close()
        self.flush()

    def run(self, job: dict[str, Any]) -> None:
        """
        Make all calls of a program, in one child as long as it lives.

        A call that ends its process takes no other call with it: the next starts a new one.
        The next call is sent when the last result has come, so a slow reader costs no program
        its time.
        """
        failure: Answer | None = None
        for index, call in enumerate(job["calls"], start=1):
            if self.child is None and failure is None:
                self.open("program", {"code": job["code"], "trace": job["trace"]})
                loaded = self.ask_within_limits(b"")
                failure = loaded if self.child is None else None
            if failure is not None:
                self.reply(failure, phase="load")
                continue
            if self.is_due():
                self.flush()
            seed = seed_for(self.settings["hash_seed"], job["code"], call)
            request = json.dumps({"call": call, "seed": seed}).encode()
            answer = self.ask_within_limits(frames.pack(frames.ANSWER, request))
            if index == len(job["calls"]):
                self.close()  # first, so that a finished job has left nothing behind
            self.reply(answer)

    def converse(self, texts: list[str], cpu_s: float, wall_s: float) -> None:
        """Wait for a child to be ready and ask it all `texts`, in so much time for everything."""
        for text in ("", *texts):
            answer = self.ask(
                frames.pack(frames.ANSWER, text.encode()) if text else b"", cpu_s, wall_s
            )
            self.reply(answer)
            if self.child is None:
                break
            cpu_s, wall_s = max(cpu_s - answer.cpu_s, 1e-9), max(wall_s - answer.wall_s, 1e-9)
            if self.is_due():
                self.flush()

    def open(self, role: str, spec: dict[str, Any]) -> None:
        """Fork a child that plays `role`."""
        self.close()
        child_reads, requests = os.pipe()
        results, child_writes = os.pipe()
        spec["seed"] = seed_for(self.settings["hash_seed"], spec["code"])
        pid = _fork()
        if pid == 0:
            try:
                limits.die_with_parent(self.pid)
                for fd in (self.control_in, self.control_out, requests, results):
                    os.close(fd)
                limits.cap_program(self.memory)
                if self.filter is not None and not self.filter():
                    os._exit(HARNESS_FAILED)
                serve, program = self.roles[role]
                serve(program, spec, child_reads, child_writes)
                os._exit(0)
            finally:
                os._exit(HARNESS_FAILED)
        os.close(child_reads)
        os.close(child_writes)
        os.set_blocking(requests, False)
        self.child = Child(pid, requests, results)

    def ask_within_limits(self, message: bytes) -> Answer:
        """`ask`, with the limits of one call."""
        return self.ask(message, self.settings["cpu_s"], self.settings["wall_s"])

    def ask(self, message: bytes, cpu_s: float, wall_s: float) -> Answer:
        """Send `message` to the child, wait for its frame, and drop a child that is done for."""
        if self.child is None:
            raise RuntimeError("there is no child to ask")
        answer = ask(self.child, message, cpu_s, wall_s, self.parent)
        if answer.end != "frame" or answer.status == frames.SPENT:
            self.close()
        return answer

    def close(self) -> None:
        """End the child, if there is one."""
        if self.child is not None:
            self.child.end()
            self.child = None

    def reply(self, answer: Answer, phase: str = "call") -> None:
        """Keep an answer for the parent; what the program wrote stays opaque bytes."""
        report = {
            "phase": phase, "end": answer.end, "status": answer.status,
            "cpu_s": answer.cpu_s, "wall_s": answer.wall_s, "size": len(answer.payload),
        }  # fmt: skip
        self.unsaid.append((report, answer.payload))
        self.unsaid_bytes += len(answer.payload)

    def is_due(self) -> bool:
        """Whether the parent should hear what is kept: much of it, or for long."""
        return self.unsaid_bytes > KEPT_BYTES or time.monotonic() - self.said_at > KEPT_S

    def flush(self) -> None:
        """Send what is kept, as one message: a line of reports, then their payloads."""
        if self.unsaid:
            reports = json.dumps([report for report, _ in self.unsaid]).encode()
            self.say(b"\n".join([reports, b"".join(payload for _, payload in self.unsaid)]))
            self.unsaid.clear()
            self.unsaid_bytes = 0
        self.said_at = time.monotonic()

    def say(self, payload: bytes) -> None:
        """One message to the parent."""
        frames.write(self.control_out, frames.ANSWER, payload)


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


def seed_for(hash_seed: int, *parts: str) -> int:
    """A seed that depends on the hash seed and on what is run, and on nothing else."""
    digest = hashlib.blake2b(json.dumps([hash_seed, *parts]).encode(), digest_size=8).digest()
    return int.from_bytes(digest)


def lock() -> dict[str, Any]:
    """Put every layer in force that this machine has; says which."""
    layers: dict[str, Any] = {"address_space": limits.address_space()}
    offered = landlock.version()
    layers["identity"] = limits.drop_root(keep_reading=offered > 0)
    limits.cap_files()
    layers["no_new_privileges"] = limits.no_new_privileges()
    layers["landlock"] = landlock.read_only(path for path in sys.path if Path(path).is_dir())
    if not layers["landlock"]:
        limits.drop_capabilities()
    machine = this_machine()
    if machine is None:
        layers["seccomp"] = f"no table for {os.uname().machine}"
    else:
        layers["seccomp"] = seccomp.install(machine, seccomp.worker_filter(machine)) or "on"
    return layers


def rehearse(settings: dict[str, Any]) -> None:
    """
    Do in this process, some times over, what every program's process will do.

    Python then has its caches filled and its code specialised before the fork, and a child
    copies a quarter fewer pages. The program is ours.
    """
    streams = sys.stdin, sys.stdout, sys.stderr
    for seed in range(20):
        sample = program.Program(settings)
        sample.load("def f(x):\n    print(x)\n    return {x: [str(x), 1.5]}\n", seed)
        for text in ("f(1)", "f('a')", "f([])"):
            program.encode(sample.call(text, seed))
    sys.stdin, sys.stdout, sys.stderr = streams
    del sys.modules["program"]


def main() -> None:
    """Warm up, take the pipes away from fd 0 and 1, lock, serve."""
    control = os.dup(0), os.dup(1)
    settings = json.loads(frames.read(control[0])[1])
    for name in WARM:
        importlib.import_module(name)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)
    os.close(nowhere)
    rehearse(settings)
    worker = Worker(control, settings)
    gc.collect()
    gc.freeze()
    try:
        worker.serve()
    except (EOFError, BrokenPipeError, ParentGone):
        worker.close()
