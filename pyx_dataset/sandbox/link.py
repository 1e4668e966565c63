"""The parent's end of one worker process: start it, talk to it, end it."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyx_dataset.config import Limits
from pyx_dataset.errors import SandboxError
from pyx_dataset.sandbox import frames

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
# As isolated as -I, which would also ignore PYTHONHASHSEED; the environment is emptied instead.
_FLAGS = ("-s", "-S", "-P", "-X", "utf8")
_EVERY_FRAME = 2 * frames.FRAME_CAP
_GOODBYE_S = 2.0
"""How long a worker may take to end by itself; then it is ended."""


class WorkerLost(Exception):  # noqa: N818  (an event; whether it is an error is decided later)
    """The worker process is gone, or does not answer."""


DOUBT = "doubt"
"""The end of a conversation in which a request may have passed its limits; others are those of
`supervise.Answer`."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a worker measured about one request, and what the program wrote, unread."""

    phase: str
    end: str
    status: int
    cpu_s: float
    wall_s: float
    payload: bytes


class Link:
    """A worker process. It dies with this object's process, and its children die with it."""

    def __init__(self, limits: Limits, hash_seed: int) -> None:
        # Bound lazily, each program's process would look up the C functions it calls once more.
        environment = {"PYTHONHASHSEED": str(hash_seed), "TZ": "UTC", "LD_BIND_NOW": "1"}
        command = [sys.executable, *_FLAGS, str(_BOOTSTRAP)]
        try:
            self._process = subprocess.Popen(  # noqa: S603  (our own file)
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                cwd="/",
                bufsize=0,
                start_new_session=True,
            )
        except OSError as exc:
            raise SandboxError(f"could not start {sys.executable}: {exc}") from exc
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._stderr = self._process.stderr
        settings = {name: getattr(limits, name) for name in Limits.__dataclass_fields__}
        try:
            self.send(settings | {"hash_seed": hash_seed, "parent": os.getpid()})
            self.layers: dict[str, Any] = json.loads(self._receive())
        except (WorkerLost, ValueError) as exc:
            raise SandboxError(f"the worker did not start: {self._last_words()}") from exc

    def fileno(self) -> int:
        """Where answers arrive, for `select`."""
        return self._stdout.fileno()

    def send(self, message: dict[str, Any]) -> None:
        """Send one request."""
        try:
            frames.write(self._stdin.fileno(), frames.ANSWER, json.dumps(message).encode())
        except (OSError, ValueError) as exc:
            raise WorkerLost(str(exc)) from exc

    def reports(self) -> list[Report]:
        """Wait for the next answers; the worker sends what it has as one message."""
        head, _, payloads = self._receive().partition(b"\n")
        reports, start = [], 0
        try:
            for item in json.loads(head):
                end = start + item.pop("size")
                reports.append(Report(**item, payload=payloads[start:end]))
                start = end
        except (KeyError, TypeError, ValueError) as exc:
            raise WorkerLost(f"unreadable answer: {exc}") from exc
        return reports

    def _receive(self) -> bytes:
        try:
            return frames.read(self.fileno(), _EVERY_FRAME)[1]
        except (EOFError, OSError, ValueError) as exc:
            raise WorkerLost(str(exc)) from exc

    def _last_words(self) -> str:
        self._kill()
        text = self._stderr.read().decode("utf-8", "replace")
        return text.strip()[-2000:] or f"it ended with status {self._process.returncode}"

    def stop(self) -> None:
        """End the worker and everything it started."""
        self._stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GOODBYE_S)
        self._kill()
        self._stdout.close()
        self._stderr.close()

    def _kill(self) -> None:
        if self._process.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
