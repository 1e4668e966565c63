"""How the tests of traces run a program."""

import contextlib
import io
import sys
import types
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest

from pyx_dataset.schema import Outcome, Part, Trace
from pyx_dataset.traces.codec import decode_parts, decode_steps
from pyx_dataset.traces.parts import PartsRecorder
from pyx_dataset.traces.tracer import Abandoned, Tracer
from pyx_dataset.traces.values import NotPlain, canonical, describe_exception

TraceOf = Callable[[str, str], Trace]
LIMITS = {"trace_steps": 5_000, "trace_value_chars": 5_000}


@dataclass(frozen=True)
class Run:
    """Everything that one call does."""

    trace: Trace
    stdout: str
    error_lines: tuple[int, ...]
    """Of the traceback, from the outside in."""
    parts: tuple[Part, ...] | None
    overflow: str | None


def run(code: str, call: str, recorder: PartsRecorder | None = None, limit: int = 5_000) -> Run:
    """Trace one call in this process, of the program as it is or as it notes its parts."""
    module = types.ModuleType("program")
    names = module.__dict__
    names["__package__"] = ""
    with warnings.catch_warnings(), _importable(module):
        warnings.simplefilter("ignore", SyntaxWarning)  # of programs that hypothesis makes
        body = recorder and recorder.compiled(code, "<program>")
        exec(body or compile(code, "<program>", "exec", dont_inherit=True), names)
    tracer = Tracer(filename="<program>", max_steps=limit, max_value_chars=limit, source=code)
    if recorder:
        recorder.start(tracer)
    value = exception = None
    lines: list[int] = []
    with contextlib.redirect_stdout(io.StringIO()) as stdout, _importable(module):
        try:
            result = tracer.run(lambda: eval(call, names))
            value, outcome = canonical(result, limit), Outcome.RETURNED
        except NotPlain:
            outcome = Outcome.NO_RESULT
        except Abandoned:
            outcome = Outcome.TOO_LONG
        except Exception as error:  # noqa: BLE001  (whatever the program raises)
            exception, outcome = describe_exception(error, limit), Outcome.RAISED
            trail = error.__traceback__
            while trail is not None:
                if trail.tb_frame.f_code.co_filename == "<program>":
                    lines.append(trail.tb_lineno)
                trail = trail.tb_next
    steps = decode_steps(tracer.steps)
    noted = recorder.result() if recorder else {}
    parts = decode_parts(noted["parts"], len(steps)) if "parts" in noted else None
    trace = Trace(code, call, outcome, value, exception, steps, parts, noted.get("no_parts"))
    return Run(trace, stdout.getvalue(), tuple(lines), parts, tracer.overflow)


def _importable(module: types.ModuleType) -> Any:
    """Where dataclasses and pickle look for the program."""
    return mock.patch.dict(sys.modules, {"program": module})


@pytest.fixture
def trace_of() -> TraceOf:
    """Traces ``(code, call)`` in this process; fails if a limit is passed."""

    def traced(code: str, call: str) -> Trace:
        done = run(code, call)
        assert done.overflow is None, done.overflow
        return done.trace

    return traced


@pytest.fixture
def noted_of() -> TraceOf:
    """
    Traces ``(code, call)`` with its parts, in this process.

    Fails unless the rewritten program did just what the program itself does: same value,
    exception, lines of the traceback, output and steps.
    """

    def noted(code: str, call: str) -> Trace:
        plain = run(code, call)
        other = run(code, call, PartsRecorder(LIMITS))
        assert (other.trace.value, other.trace.exception) == (
            plain.trace.value,
            plain.trace.exception,
        )
        assert other.stdout == plain.stdout
        assert other.error_lines == plain.error_lines
        assert other.trace.steps == plain.trace.steps
        assert other.overflow == plain.overflow
        return other.trace

    return noted
