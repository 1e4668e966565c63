"""Five small programs, calls of them, and what was made of them."""

import sys
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

from pyx_dataset.debug_schema import Debugged
from pyx_dataset.program import Boxes
from pyx_dataset.sandbox.pool import Job
from pyx_dataset.schema import Bundle, Trace

CODES = {
    "total": '''def total(numbers, start):
    """Add up the numbers above two."""
    result = start  # what there is already
    for number in numbers:
        if number > 2:
            result += number
    return result
''',
    "countdown": """def countdown(n):
    steps = []
    for k in range(1, n + 1):
        steps.append(n - k)
    return steps
""",
    "clamp": """def clamp(value, low, high):
    if value < low:
        return low
    if value > high:
        return high
    return value
""",
    "largest": """def largest(numbers):
    best = _first(numbers)
    for number in numbers:
        best = _greater(best, number)
    return best


def _first(numbers):
    return numbers[0] if numbers else 0


def _greater(one, other):
    return one if one >= other else other
""",
    "middle": """def middle(values):
    ordered = sorted(values)
    size = len(ordered)
    if size == 0:
        return None
    return ordered[size // 2]
""",
}
CALLS = {
    "total": ("total([1, 2, 3], 4)", "total([], 5)", "total([8, 9], 0)", "total([2], 1)"),
    "countdown": ("countdown(0)", "countdown(1)", "countdown(3)", "countdown(4)"),
    "clamp": ("clamp(12, 0, 10)", "clamp(-1, 0, 10)", "clamp(4, 0, 10)", "clamp(0, 0, 10)"),
    "largest": ("largest([1, 5, 3])", "largest([])", "largest([7])", "largest([-2, -3])"),
    "middle": ("middle([3, 1, 2])", "middle([])", "middle([5])", "middle([4, 4, 1, 9])"),
}


@dataclass(frozen=True)
class Case:
    """A program, its executions and its bugs."""

    bundle: Bundle

    @property
    def code(self) -> str:
        """The right program."""
        return self.bundle.program.seed.code

    @property
    def bugs(self) -> tuple[Debugged, ...]:
        """Its broken versions."""
        return self.bundle.debugged

    def told(self, bug: Debugged) -> Trace:
        """What the right program does on the call that is told."""
        return next(item.trace for item in self.bundle.executions if item.id == bug.failing[0])


def traced(code: str, calls: list[str], boxes: Boxes) -> list[Trace]:
    """The traces of some calls."""
    runs = next(boxes.first.run([Job("test", code, tuple(calls), trace=True)])).calls
    return [
        Trace(code, call, run.outcome, run.value, run.exception, run.steps or ())
        for call, run in zip(calls, runs, strict=True)
    ]


@dataclass(frozen=True)
class Seen:
    """What CPython was about to do, by `sys.settrace`."""

    event: str
    line: int
    local: dict[str, Any]
    """Copies: what they are now, they were then."""
    names: dict[str, Any]
    """Globals."""


def watch(code: str, call: str) -> list[Seen]:
    """Run a call in this process, and look at every line and every end of a function."""
    found: list[Seen] = []
    names: dict[str, Any] = {}
    exec(compile(code, "<case>", "exec"), names)

    def trace(frame: FrameType, event: str, arg: object) -> Any:
        if frame.f_code.co_filename == "<case>" and event in ("line", "return"):
            local = {key: eval(repr(value)) for key, value in frame.f_locals.items()}
            found.append(Seen(event, frame.f_lineno, local, names))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with suppress(Exception):  # the run is what counts
            eval(call, names)
    finally:
        sys.settrace(before)
    return found
