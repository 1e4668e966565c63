"""What a program finds around it: standard streams, globals of its own, seeded random numbers."""

import _random
import builtins
import io
import linecache
import random
import sys
import types
from contextlib import suppress
from typing import Any

# Functions made below look builtins up here, so a program that patches `len` patches only its own.
globals()["__builtins__"] = dict(vars(builtins))

FILE_NAME = "<program>"
MADE_BEFORE = 4
"""How many surroundings are made before the fork. Each call takes new ones, and the first touch
of memory is what they cost; later ones find memory that the process has touched already."""


class TooMuchOutput(BaseException):
    """The program printed more than it may; not an Exception, so few programs catch it."""


class Output(io.BytesIO):
    """What is printed, up to a limit for each call."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = self.room = limit
        self.text = io.TextIOWrapper(self, "utf-8", "backslashreplace", write_through=True)

    def write(self, data: Any) -> int:
        """Take `data`, or refuse it and everything after it."""
        self.room -= len(data)
        if self.room < 0:
            raise TooMuchOutput
        return super().write(data)

    def start_over(self) -> None:
        """Forget what was printed; the next call has all the room."""
        if self.room == self.limit:
            return
        self.room = self.limit
        with suppress(ValueError, BufferError):  # closed or held by the program
            io.BytesIO.seek(self, 0)
            io.BytesIO.truncate(self)

    def so_far(self) -> str:
        """Everything that was printed."""
        if self.room == self.limit:
            return ""
        try:
            return bytes.decode(io.BytesIO.getvalue(self), "utf-8", "replace")
        except ValueError:  # closed by the program
            return ""


class Source:
    """The program's lines, for `inspect` and tracebacks; split should anybody ask for them."""

    def __init__(self) -> None:
        self.text = ""
        linecache.cache[FILE_NAME] = 0, None, self, FILE_NAME  # type: ignore[assignment]  # as a list

    def __len__(self) -> int:
        return len(self.text.splitlines())

    def __getitem__(self, key: Any) -> Any:
        return self.text.splitlines(keepends=True)[key]


class Surroundings:
    """Empty streams and fresh globals, for one loading of a program."""

    def __init__(self, output_kib: int) -> None:
        self.output = Output(output_kib * 1024)
        self.errors = Output(1 << 30)
        self.input = io.TextIOWrapper(io.BytesIO())
        self.module = types.ModuleType("program")
        self.names = self.module.__dict__
        self.names["__file__"] = FILE_NAME
        # `exit` and `quit` come from `site`, which workers do without.
        self.builtins = {**vars(builtins), "exit": sys.exit, "quit": sys.exit}
        self.names["__builtins__"] = self.builtins

    def enter(self) -> None:
        """Put them in place."""
        sys.stdin, sys.stdout, sys.stderr = self.input, self.output.text, self.errors.text
        sys.modules["program"] = self.module  # where dataclasses and pickle look for it


class Supply:
    """Surroundings made ahead; the first are in place."""

    def __init__(self, output_kib: int) -> None:
        self._output_kib = output_kib
        self.source = Source()
        self._made = [Surroundings(output_kib) for _ in range(MADE_BEFORE)]
        # Held, because to let go of a dictionary of builtins is to touch every builtin.
        self._held = [item.builtins for item in self._made]
        self.first = self._made.pop()
        self.first.enter()

    def take(self) -> Surroundings:
        """New ones, in place."""
        made = self._made
        taken = made.pop() if made else Surroundings(self._output_kib)
        taken.enter()
        return taken


def reseed(seed: int) -> None:
    """Make the random numbers those of `seed`."""
    _random.Random.seed(random._inst, seed)
    random._inst.gauss_next = None  # type: ignore[attr-defined]
