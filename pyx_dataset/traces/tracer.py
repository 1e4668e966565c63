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
from collections.abc import Callable
from sys import gettrace, settrace
from types import CodeType, FrameType, MethodType, TracebackType
from typing import Any

from pyx_dataset.traces.lines import (
    CO_OPTIMIZED,
    Plans,
    effects_of,
    one_line_loops,
    statement_starts,
)  # fmt: skip
from pyx_dataset.traces.memory import WATCHED_CHARS, Memories
from pyx_dataset.traces.recording import Abandoned, Stop, WireStep
from pyx_dataset.traces.values import TooLarge, describe_exception
from pyx_dataset.traces.visit import Visit

# Functions made below look builtins up here, so a program that patches `len` patches only its own.
globals()["__builtins__"] = dict(vars(builtins))

TraceFunction = Callable[[FrameType, str, Any], Any]

_TRANSPARENT = frozenset(("<genexpr>", "<listcomp>", "<setcomp>", "<dictcomp>"))
"""Part of the statement that they stand in, so what they do is known from its text."""

_plans: dict[int, Plans] = {}
"""By the code object's id; each holds its code object, so no id is used twice."""
_MOST_PLANS = 1_000
_traceback = vars(BaseException)["__traceback__"].__get__


class Tracer:
    """Traces one call of functions whose code, `source`, was compiled under `filename`."""

    def __init__(self, *, filename: str, source: str, max_steps: int, max_value_chars: int) -> None:
        self.steps: list[WireStep] = []
        self.overflow: str | None = None
        """Which limit was passed; the steps then end early and are not to be used."""
        self.depth = self.entered = 0
        self.left: tuple[CodeType | None, WireStep] = None, []
        self.memories = Memories(source)
        self.max_steps = max_steps
        self.max_value_chars = max_value_chars
        self._source = source
        self._filename = filename
        self._hook = self._enter
        # Read the text now, not in the middle of a program that may have patched what `ast` uses.
        effects_of(source), one_line_loops(source), statement_starts(source)

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
            except (Stop, TooLarge) as large:
                self.stop(str(large))
            raise
        finally:
            if self.overflow is None and gettrace() is not self._hook:
                self.overflow = "tracing was switched off by the program"
            settrace(before)

    def stop(self, reason: str) -> None:
        """Trace no more; `reason` says which limit was passed."""
        self.overflow = reason
        settrace(None)

    def plans(self, code: CodeType) -> Plans:
        """What is known of the lines of `code`, in this call or an earlier one."""
        known = _plans.get(id(code))
        if known is None or known.source != self._source:
            if len(_plans) >= _MOST_PLANS:
                _plans.clear()
            known = _plans[id(code)] = Plans(code, self._source)
        return known

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
                step[1] = statement_starts(self._source).get(inner.tb_lineno, inner.tb_lineno)
                text = describe_exception(error, WATCHED_CHARS)
                if len(text) > self.max_value_chars:
                    raise Stop(f"value raised: more than {self.max_value_chars} characters")
                step[5] = text

    def _enter(self, frame: FrameType, event: str, arg: Any) -> TraceFunction | None:
        code = frame.f_code
        if code.co_filename != self._filename:
            return None
        name = code.co_name
        if name in _TRANSPARENT:
            return None
        self.entered += 1
        if not code.co_flags & CO_OPTIMIZED or name.startswith("<"):
            return None
        known = frame.f_trace  # of a generator that is resumed
        if type(known) is MethodType and type(known.__self__) is Visit:
            visit = known.__self__
        else:
            visit = Visit(self, code)
        visit.on_event(frame, "call", arg)
        return visit.on_event if self.overflow is None else None
