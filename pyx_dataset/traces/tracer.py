"""Run a call and write down each step: which line ran and what it changed.

The steps are those of `pyx_dataset.schema.Step`, in CPython's own order: a line stands where it
began, before the steps of the functions it calls, and holds everything it changed until it
ended. So the line sequence is the program's path, and replaying the changes of one frame gives
its state.

What CPython reports and what is recorded differ in these points:

- A statement over several lines is one step, at its first line.
- The inside of a comprehension, generator expression, lambda or class body is no step.
- A generator's ``yield`` is a ``return`` step; its resumption is a ``call`` step at the line of
  that ``yield``, and holds what the rest of the line changed.
- Globals that a function names and closure variables count as its variables.

Runs inside the sandbox: standard library only.
"""

import builtins
import dis
from collections.abc import Callable, Iterator
from sys import gettrace, settrace
from types import CodeType, FrameType, FunctionType, MethodType, ModuleType, TracebackType
from typing import Any

from pyx_dataset.traces.lines import CO_OPTIMIZED, facts, one_line_loops, statement_starts
from pyx_dataset.traces.shapes import exact_type
from pyx_dataset.traces.values import TooLarge, describe, describe_exception

# Functions made below look builtins up here, so a program that patches `len` patches only its own.
globals()["__builtins__"] = dict(vars(builtins))

WireStep = list[Any]
"""``[event, line, depth, function, [[name, value], ...], value]``, ready for JSON."""

WATCHED_CHARS = 100_000
"""Longest value that is watched while it does not change: a table the program only reads."""

_FIXED = frozenset(
    (int, float, str, bytes, bool, complex, type(None), FunctionType, ModuleType, type)
)
"""Types whose text cannot change while the object stays the same."""
_RETURNS = frozenset(
    dis.opmap[name] for name in ("RETURN_VALUE", "RETURN_CONST") if name in dis.opmap
)
# Where a generator waits: 3.13 reports the RESUME behind the YIELD_VALUE.
_YIELDS = frozenset((dis.opmap["YIELD_VALUE"], dis.opmap["RESUME"]))
_NOTHING: Any = object()
_traceback = vars(BaseException)["__traceback__"].__get__

TraceFunction = Callable[[FrameType, str, Any], Any]


class _Stop(Exception):  # noqa: N818
    """A limit was passed; ``args[0]`` says which."""


class Abandoned(BaseException):
    """Unwinds a call whose trace passed a limit: what is left of it would only cost time."""


class Tracer:
    """Traces one call of functions whose code, `source`, was compiled under `filename`."""

    def __init__(self, *, filename: str, source: str, max_steps: int, max_value_chars: int) -> None:
        self.steps: list[WireStep] = []
        self.overflow: str | None = None
        """Which limit was passed; the steps then end early and are not to be used."""
        self.depth = 0
        self.left: tuple[CodeType | None, WireStep] = None, []
        """The frame that an exception left last, and its step."""
        self._starts = statement_starts(source)
        self._loops = one_line_loops(source)
        self._filename = filename
        self._max_steps = max_steps
        self._max_value_chars = max_value_chars
        self._hook = self._enter

    def run(self, thunk: Callable[[], object]) -> object:
        """
        Return what `thunk` returns, or raise what it raises, and record the steps on the way.

        Raises:
            Abandoned: a limit was passed; `overflow` says which. A program that catches
                everything may still finish, so `overflow` is to be read in any case.
        """
        before = gettrace()
        settrace(self._hook)
        try:
            return thunk()
        except Abandoned:
            raise
        except BaseException as error:
            try:
                self.correct(error, _traceback(error))
            except (_Stop, TooLarge) as large:
                self.stop(str(large))
            raise
        finally:
            if self.overflow is None and gettrace() is not self._hook:
                self.overflow = "tracing was switched off by the program"
            settrace(before)

    def add(self, event: str, line: int, depth: int, function: str) -> WireStep:
        """Append a step and return it, to be filled in."""
        if len(self.steps) >= self._max_steps:
            raise _Stop(f"steps: more than {self._max_steps}")
        step: WireStep = [event, line, depth, function, [], None]
        self.steps.append(step)
        return step

    def stop(self, reason: str) -> None:
        """Trace no more; `reason` says which limit was passed."""
        self.overflow = reason
        settrace(None)

    def start_of(self, line: int) -> int:
        """First line of the statement that holds `line`."""
        return self._starts.get(line, line)

    def may_repeat(self, line: int) -> bool:
        """Whether `line` can run twice in a row in one frame."""
        return line in self._loops

    def checked(self, text: str, what: str) -> str:
        """`text`, if it is not longer than a value may be."""
        if len(text) > self._max_value_chars:
            raise _Stop(f"value {what}: more than {self._max_value_chars} characters")
        return text

    def correct(self, error: BaseException, inner: TracebackType | None) -> None:
        """
        Say on the last step, if an exception left a frame there, which one came out of it.

        A bare ``raise`` makes no event of its own, so the frame itself only knows the
        exception it saw last, which may be another one that it handled.
        """
        code, step = self.left
        if self.steps and step is self.steps[-1]:
            while inner is not None and inner.tb_frame.f_code is not code:
                inner = inner.tb_next
            if inner is not None:
                step[1] = self.start_of(inner.tb_lineno)
                step[5] = self.checked(describe_exception(error, WATCHED_CHARS), "raised")

    def _enter(self, frame: FrameType, event: str, arg: Any) -> TraceFunction | None:
        code = frame.f_code
        is_function = code.co_flags & CO_OPTIMIZED and not code.co_name.startswith("<")
        if code.co_filename != self._filename or not is_function:
            return None
        known = frame.f_trace  # of a generator that is resumed
        if type(known) is MethodType and type(known.__self__) is _Visit:
            return known.__self__.on_event(frame, "call", arg)
        return _Visit(self, code).on_event(frame, "call", arg)


def running_step(frame: FrameType) -> WireStep | None:
    """The step that a traced frame is at; None for a frame that is not traced."""
    known = frame.f_trace
    if type(known) is MethodType and type(known.__self__) is _Visit:
        return known.__self__.step
    return None


class _Visit:
    """One frame of the program, from its call to its return; it lives in the frame's `f_trace`."""

    __slots__ = (
        "code", "depth", "error", "facts", "is_fresh", "line", "raw_line", "seen", "step",
        "texts", "tracer",
    )  # fmt: skip

    def __init__(self, tracer: Tracer, code: CodeType) -> None:
        self.tracer = tracer
        self.code = code
        self.facts = facts(code)
        self.depth = self.line = self.raw_line = 0
        self.step: WireStep = []
        self.texts: dict[str, str] = {}
        self.seen: dict[str, object] = {}
        self.error: tuple[int, str] = (0, "")
        """Line and text of the exception seen last."""
        self.is_fresh = False
        """No line began since then."""

    def on_event(self, frame: FrameType, event: str, arg: Any) -> TraceFunction | None:
        try:
            if event == "line":
                self.on_line(frame)
            elif event == "call":
                self.on_call(frame)
            elif event == "exception":
                self.on_exception(frame, *arg)
            elif event == "return":
                self.on_return(frame, arg)
        except RecursionError as error:
            self.tracer.stop(str(error))  # the program is about to meet the same limit
        except (_Stop, TooLarge) as error:
            self.tracer.stop(str(error))
            raise Abandoned from None
        return self.on_event if self.tracer.overflow is None else None

    def on_call(self, frame: FrameType) -> None:
        is_first = not self.step
        self.depth = self.tracer.depth
        self.tracer.depth += 1
        self.raw_line = frame.f_lineno
        start = self.tracer.start_of(self.raw_line)
        self.step = self._add("call", start)
        self.is_fresh = False
        if is_first:
            for name, text in self._changes(frame):
                if name in self.facts.parameters:
                    self._credit(name, text)
        else:
            self.line = start

    def on_line(self, frame: FrameType) -> None:
        line, before = frame.f_lineno, self.raw_line
        self.raw_line = line
        self.is_fresh = False
        if any(frame.f_lasti in offsets for offsets in self.facts.hidden):
            return
        start = self.tracer.start_of(line)
        if start == self.line and not (line == before and self.tracer.may_repeat(line)):
            return  # the statement goes on
        self._settle(frame)
        self.line = start
        self.step = self._add("line", start)

    def on_exception(
        self, frame: FrameType, kind: object, error: BaseException, here: TracebackType | None
    ) -> None:
        self.tracer.correct(error, here and here.tb_next)  # a StopIteration has no traceback
        text = describe_exception(error, WATCHED_CHARS)
        self.error = self.tracer.start_of(frame.f_lineno), text
        self.is_fresh = True

    def on_return(self, frame: FrameType, value: object) -> None:
        self._settle(frame)
        if value is None and self._is_unwound(frame):
            line, text = self.error
            if text == "GeneratorExit" and self.step is self.tracer.steps[-1]:
                # Closed where it waited, and nothing ran. Since 3.13 that makes no event at all.
                self.tracer.steps.pop()
                self.tracer.depth -= 1
                return
            step = self._add("exception", line)
            self.tracer.left = self.code, step
        else:
            step = self._add("return", self.tracer.start_of(frame.f_lineno or self.raw_line))
            text = describe(value, WATCHED_CHARS)
        step[5] = self.tracer.checked(text, f"of {self.code.co_name}()")
        self.tracer.depth -= 1

    def _is_unwound(self, frame: FrameType) -> bool:
        """CPython reports an exception that leaves a frame as a return of None."""
        operation = self.code.co_code[frame.f_lasti]
        if operation in _YIELDS:
            return self.is_fresh
        return operation not in _RETURNS

    def _add(self, event: str, line: int) -> WireStep:
        return self.tracer.add(event, line, self.depth, self.code.co_name)

    def _settle(self, frame: FrameType) -> None:
        """
        Credit what changed to the step that was running.

        A line event comes before its line runs, so a change seen now was made by the line
        before it in this frame.
        """
        for name, text in self._changes(frame):
            self._credit(name, text)

    def _credit(self, name: str, text: str) -> None:
        self.step[4].append([name, self.tracer.checked(text, f"of {name}")])

    def _changes(self, frame: FrameType) -> Iterator[tuple[str, str]]:
        """Each variable whose text is not what it was."""
        for values, names in (
            (frame.f_locals, self.facts.local),
            (frame.f_globals, self.facts.shared),
        ):
            for name in names:
                value = values.get(name, _NOTHING)
                if value is self.seen.get(name, _NOTHING) and exact_type(value) in _FIXED:
                    continue
                text = "<deleted>" if value is _NOTHING else describe(value, WATCHED_CHARS)
                if text != self.texts.get(name, "<deleted>"):
                    yield name, text
                self.texts[name] = text
                self.seen[name] = value if exact_type(value) in _FIXED else _NOTHING
