"""What the frames of one traced call share.

Runs inside the sandbox: standard library only.
"""

from types import CodeType, TracebackType
from typing import Any, Protocol

from pyx_dataset.traces.lines import Plans
from pyx_dataset.traces.memory import Memories

WireStep = list[Any]
"""``[event, line, depth, function, [[name, value], ...], value]``, ready for JSON."""


class Stop(Exception):  # noqa: N818
    """A limit was passed; ``args[0]`` says which."""


class Abandoned(BaseException):
    """Unwinds a call whose trace passed a limit: what is left of it would only cost time."""


class Recording(Protocol):
    """What the frames of one call share: `pyx_dataset.traces.tracer.Tracer`."""

    steps: list[WireStep]
    depth: int
    max_steps: int
    max_value_chars: int
    memories: Memories
    entered: int
    """How often a function of the program began or went on."""
    left: tuple[CodeType | None, WireStep]
    """The frame that an exception left last, and its step."""

    def plans(self, code: CodeType) -> Plans:
        """What is known of the lines of `code`."""

    def stop(self, reason: str) -> None:
        """Trace no more."""

    def correct(self, error: BaseException, inner: TracebackType | None) -> None:
        """Say on the last step which exception came out of it."""
