"""A process that locks itself in, and has programs run in children of its own.

It starts clean (by exec, never by a fork of ours), imports what programs use, gives up every
right, and serves requests. Its children are copies of a `Zygote`, which is a copy of itself: they
inherit the warm imports and the locks. It is the only one that may kill them, and it is what
measures them.
"""

import gc
import hashlib
import importlib
import json
import marshal
import os
import select
import sys
import time
from collections import deque
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from pyx_dataset.sandbox import frames, landlock, limits, seccomp
from pyx_dataset.sandbox.processors import Processors
from pyx_dataset.sandbox.supervise import Answer, Child, ParentGone, Pipes, ask
from pyx_dataset.sandbox.syscalls import this_machine
from pyx_dataset.sandbox.zygote import Nursery, Zygote, rehearse

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


class Worker:
    """What one worker knows: its pipes, its settings, and the child of the moment."""

    def __init__(self, control: tuple[int, int], settings: dict[str, Any]) -> None:
        self.control_in, self.control_out = control
        self.settings = settings
        self.parent: int = settings["parent"]
        self.child: Child | None = None
        self.layers = lock()
        memory = settings["memory_mib"] * limits.MIB + self.layers.pop("address_space")
        self.unsaid: list[tuple[dict[str, Any], bytes]] = []
        self.unsaid_bytes = 0
        self.said_at = 0.0
        machine = this_machine()
        put_filter = None
        if machine is not None and self.layers["seccomp"] == "on":
            may_open = self.layers["landlock"] > 0
            put_filter = seccomp.prepare(machine, seccomp.program_filter(machine, may_open))
        self.pipes = Pipes()
        self.processors = Processors()
        zygote = Zygote(settings, self.pipes, put_filter, limits.allowed_memory(memory))
        gc.collect()
        gc.freeze()
        self.nursery = Nursery(zygote, machine, control)

    def serve(self) -> None:
        """Answer requests until the parent closes the pipe or is gone."""
        self.say(json.dumps(self.layers).encode())
        waiting = select.poll()
        waiting.register(self.control_in, select.POLLIN)
        while os.getppid() == self.parent:
            self.processors.loosen()
            if waiting.poll(1000):
                self.handle(json.loads(frames.read(self.control_in)[1]))

    def handle(self, request: dict[str, Any]) -> None:
        """Do one request; ``run`` and ``open`` may have many answers, ``close`` has none."""
        match request["op"]:
            case "run":
                self.run(request)
            case "open":
                first = self.open(request["role"], request["spec"])
                self.converse(first, request["texts"], request["cpu_s"], request["wall_s"])
            case "send":
                message = frames.pack(frames.ANSWER, request["text"].encode())
                [answer] = self.ask([message], request["cpu_s"], request["wall_s"])
                self.reply(answer)
            case "close":
                self.close()
        self.flush()

    def run(self, job: dict[str, Any]) -> None:
        """
        Make all calls of a program, in one child as long as it lives.

        A call that ends its process takes no other call with it: the next starts a new one. All
        that are left are asked for at once, and after a doubt about one, that one alone.
        """
        seeds = (seed_for(self.settings["hash_seed"], job["code"], call) for call in job["calls"])
        calls = deque(
            frames.pack(frames.ANSWER, marshal.dumps((call, seed)))
            for call, seed in zip(job["calls"], seeds, strict=True)
        )
        is_sure = True
        while calls:
            to_load = []
            if self.child is None:
                spec = {"code": job["code"], "trace": job["trace"]}
                to_load = [self.open("program", spec)]
            size = len(calls) if is_sure else 1 - len(to_load)
            answers = self.ask([*to_load, *islice(calls, size)])
            if len(answers) < len(to_load) + size and self.child is not None:
                is_sure = False
                self.close()
            elif size:
                is_sure = True
            if to_load and answers:
                loaded = answers.pop(0)
                if not is_alive(loaded):
                    for _ in calls:
                        self.reply(loaded, phase="load")
                    break
            for answer in answers:
                calls.popleft()
                self.reply(answer)
            if self.is_due() and calls:
                self.flush()
        self.close()  # before the last answer is sent, so that a finished job has left nothing

    def converse(self, first: bytes, texts: list[str], cpu_s: float, wall_s: float) -> None:
        """Have a child made ready and ask it all `texts`, in so much time for everything."""
        requests = [frames.pack(frames.ANSWER, text.encode()) for text in texts]
        answers = self.ask([first, *requests], cpu_s, wall_s)
        for answer in answers:
            self.reply(answer)
        if len(answers) <= len(texts) and self.child is not None:
            self.close()
            self.reply(Answer("doubt", 0, 0.0, 0.0))

    def open(self, role: str, spec: dict[str, Any]) -> bytes:
        """Start a child that plays `role`; what it is to be asked first."""
        self.close()
        self.processors.gather(self.nursery.pid)
        self.child = Child(self.nursery.child(role), self.pipes, self.processors)
        spec["seed"] = seed_for(self.settings["hash_seed"], spec["code"])
        return frames.pack(frames.ANSWER, marshal.dumps(spec))

    def ask(
        self, requests: list[bytes], cpu_s: float | None = None, wall_s: float | None = None
    ) -> list[Answer]:
        """Ask the child within the limits of one call or less; drop it if it is done for."""
        if self.child is None:
            raise RuntimeError("there is no child to ask")
        cpu_s, wall_s = cpu_s or self.settings["cpu_s"], wall_s or self.settings["wall_s"]
        answers = ask(self.child, requests, cpu_s, wall_s, (self.parent, self.control_in))
        if answers and not is_alive(answers[-1]):
            self.close()
        return answers

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


def is_alive(answer: Answer) -> bool:
    """Whether the process that answered can be asked again."""
    return answer.end == "frame" and answer.status != frames.SPENT


def seed_for(hash_seed: int, *parts: str) -> int:
    """A seed that depends on the hash seed and on what is run, and on nothing else."""
    text = "\0".join([str(hash_seed), *parts])
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
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


def main() -> None:
    """Warm up, take the pipes away from fd 0 and 1, lock, serve."""
    del os.environ["LD_BIND_NOW"]  # it has done its work; to programs it is no business
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
    with suppress(EOFError, BrokenPipeError, ParentGone):
        worker.serve()
    worker.close()
    worker.nursery.end()
