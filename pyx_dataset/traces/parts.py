"""Write down what each sub-expression of a call gives, while its steps are traced.

Runs inside the sandbox beside the program: standard library only.
"""

import builtins
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Mapping
from sys import _getframe
from types import CodeType, FrameType
from typing import Any

from pyx_dataset.traces.recording import WireStep
from pyx_dataset.traces.rewrite import Closing, rewrite
from pyx_dataset.traces.shapes import definer, exact_type
from pyx_dataset.traces.spans import Span
from pyx_dataset.traces.tracer import Tracer
from pyx_dataset.traces.values import TooLarge, describe
from pyx_dataset.traces.visit import running_step

# Functions made below look builtins up here, so a program that patches `len` patches only its own.
globals()["__builtins__"] = dict(vars(builtins))

WirePart = list[Any]
"""``[step, line, column, text, value]``, ready for JSON."""

PARTS_PER_STEP = 10
"""So many times the most steps of a trace is the most parts of one."""
MAX_CHARS = 4_000_000
"""Of all values of the parts of one call."""

_TRUTHFUL = frozenset((
    bool, int, float, complex, str, bytes, type(None), list, tuple, dict, set, frozenset, range,
    bytearray, Counter, OrderedDict, defaultdict, deque,
))  # fmt: skip
"""Types whose truth CPython's own code decides."""


class PartsRecorder:
    """What a program notes of its sub-expressions."""

    def __init__(self, settings: Mapping[str, int]) -> None:
        self._spans: list[Span | None] = []
        self._closings: dict[int, Closing] = {}
        self.parts: list[WirePart] = []
        self.unfit: str | None = None
        """Why no call of the program has parts."""
        self.overflow: str | None = None
        """Why those of the last call are not complete and not to be used."""
        self._max_parts = PARTS_PER_STEP * settings["trace_steps"]
        self._max_value_chars = settings["trace_value_chars"]
        self._room = MAX_CHARS
        self._tracer: Tracer | None = None

    def compiled(self, source: str, filename: str) -> CodeType:
        """
        `source`, which compiles, as a program that notes its sub-expressions here.

        Nested too deep for that, it is compiled as it is, and no call has parts.
        """
        try:
            body, self._spans, self._closings = rewrite(source, filename, self.note)
        except RecursionError:
            self.unfit = "the program is nested too deep"
            return compile(source, filename, "exec", dont_inherit=True)
        return body

    def start(self, tracer: Tracer) -> None:
        """Record the parts of the call that `tracer` is about to trace."""
        self.parts, self.overflow, self._room = [], self.unfit, MAX_CHARS
        self._tracer = tracer

    def result(self) -> dict[str, Any]:
        """``parts``, or ``no_parts`` with the reason; from now on nothing is recorded."""
        self._tracer = None
        return {"no_parts": self.overflow} if self.overflow else {"parts": self.parts}

    def note(self, key: int, value: Any) -> Any:
        """Give `value` back, having written it down as that of the expression `key`."""
        tracer = self._tracer
        if tracer is not None and self.overflow is None:
            index = _index(tracer.steps, _step_of(_getframe(1)))
            if index >= 0:
                self._record(key, value, index)
        return value

    def _record(self, key: int, value: object, step: int) -> None:
        try:
            text = describe(value, self._max_value_chars)
        except TooLarge:
            text = None
        while True:
            self._add(self._spans[key], step, text)
            closing = self._closings.get(key)
            if closing is None:
                return
            key, when = closing
            if when is not None and truth(value) is not when:
                return

    def _add(self, span: Span | None, step: int, text: str | None) -> None:
        if span is None:
            return
        self._room -= len(span.text) + len(text or "")
        if len(self.parts) >= self._max_parts:
            self.overflow = f"parts: more than {self._max_parts}"
        elif self._room < 0:
            self.overflow = f"parts: more than {MAX_CHARS} characters"
        else:
            self.parts.append([step, *span, text])


def truth(value: object) -> bool | None:
    """Whether `value` counts as true; None where that would run code of the program."""
    kind = exact_type(value)
    if kind in _TRUTHFUL:
        return bool(value)
    if kind is object or definer(kind, "__bool__") or definer(kind, "__len__"):
        return None
    return True


def _step_of(frame: FrameType | None) -> WireStep | None:
    """The step that runs: that of the innermost traced frame, looking outward."""
    while frame is not None:
        step = running_step(frame)
        if step is not None:
            return step
        frame = frame.f_back
    return None


def _index(steps: list[WireStep], step: WireStep | None) -> int:
    """Where `step` is, -1 if it is none of them."""
    index = len(steps) - 1
    while index >= 0 and steps[index] is not step:
        index -= 1
    return index
