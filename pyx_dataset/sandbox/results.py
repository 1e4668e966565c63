"""What one call did, read from what a sandboxed process claims and a worker measured."""

import json
import signal
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pyx_dataset.config import Limits
from pyx_dataset.sandbox.link import Report
from pyx_dataset.schema import Outcome, Part, Step
from pyx_dataset.traces.codec import decode_parts, decode_steps


@dataclass(frozen=True, slots=True)
class CallResult:
    """How one call ended."""

    outcome: Outcome
    value: str | None
    """Canonical text of what it returned; None unless it returned."""
    exception: str | None
    """``"ValueError: message (line 3)"``, or why there is no value; None if it returned."""
    stdout: str
    cpu_s: float
    wall_s: float
    steps: tuple[Step, ...] | None = None
    """Its trace, if one was asked for and fits the limits."""
    parts: tuple[Part, ...] | None = None
    """What its sub-expressions gave, as the rewritten program says; see `parts_of`."""
    no_parts: str | None = None


_CLAIMABLE = {
    Outcome.RETURNED, Outcome.RAISED, Outcome.NO_RESULT, Outcome.TOO_LONG,
    Outcome.OUT_OF_MEMORY, Outcome.FORBIDDEN, Outcome.INVALID,
}  # fmt: skip
"""Ends that a process can report itself; the others are seen from outside."""


def read_result(report: Report, limits: Limits) -> CallResult:
    """The result of a call, whatever its process may have written."""
    if report.end != "frame":
        result = _ended(report, limits)
    else:
        try:
            claim = _claimed(report.payload)
            result = replace(claim, cpu_s=report.cpu_s, wall_s=report.wall_s)
        except (ValueError, RecursionError) as exc:
            result = _without_value(report, Outcome.CRASHED, f"wrote an unreadable result: {exc}")
    if report.phase == "load" and result.exception is not None:
        return _without_value(report, result.outcome, f"while loading: {result.exception}")
    return result


def _without_value(report: Report, outcome: Outcome, why: str) -> CallResult:
    return CallResult(outcome, None, why, "", report.cpu_s, report.wall_s)


def _ended(report: Report, limits: Limits) -> CallResult:
    """A call whose process did not live to answer."""
    match report.end:
        case "cpu":
            outcome, why = Outcome.TIMED_OUT, f"used up cpu_s = {limits.cpu_s}"
        case "wall":
            outcome, why = Outcome.TIMED_OUT, f"used up wall_s = {limits.wall_s}"
        case "flood":
            outcome, why = Outcome.TOO_LONG, "wrote a result beyond all limits"
        case "signal" if report.status == signal.SIGKILL:
            # Nobody in the sandbox can send it, so it came from the kernel.
            outcome, why = Outcome.OUT_OF_MEMORY, "killed by the machine, out of memory"
        case "signal":
            outcome, why = Outcome.CRASHED, f"died of {signal.Signals(report.status).name}"
        case _:
            outcome, why = Outcome.CRASHED, f"ended its process with status {report.status}"
    return _without_value(report, outcome, why)


@lru_cache(maxsize=128)
def _claimed(payload: bytes) -> CallResult:
    """
    The result that the process sent, of the right types or not at all; its times are still 0.

    Under another hash seed most calls send the very same bytes, and those are not read again.
    """
    claim: dict[str, Any] = json.loads(payload.decode())  # UTF-8, and no other
    if type(claim) is not dict:
        raise ValueError("not an object")
    outcome = Outcome(str(claim.get("outcome")))
    if outcome not in _CLAIMABLE:
        raise ValueError(f"a process cannot say of itself that it {outcome}")
    texts = [claim.get(name) for name in ("value", "exception")]
    if any(text is not None and type(text) is not str for text in texts):
        raise ValueError("value and exception must be texts")
    value, exception = texts
    if (value is None) == (outcome is Outcome.RETURNED) or (value is None) == (exception is None):
        raise ValueError("there must be a value exactly if it returned, else a reason")
    stdout = claim.get("stdout", "")
    if type(stdout) is not str:
        raise ValueError("stdout must be a text")
    steps = None if claim.get("steps") is None else decode_steps(claim["steps"])
    result = CallResult(outcome, value, exception, stdout, 0.0, 0.0, steps)
    if steps is None:
        return result
    why = claim.get("no_parts")
    if why is not None and type(why) is not str:
        raise ValueError("no_parts must be a text")
    parts = None if claim.get("parts") is None else decode_parts(claim["parts"], len(steps))
    return replace(result, parts=parts, no_parts=why)


def parts_of(plain: CallResult, noted: CallResult) -> tuple[tuple[Part, ...] | None, str | None]:
    """
    The parts of a call, or why there are none.

    Args:
        plain: The call with ``trace=True``.
        noted: The same call with ``trace="parts"``, which ran a rewritten program. Its parts
            count only if everything else of it is the same.
    """
    for name in ("outcome", "value", "exception", "stdout", "steps"):
        if getattr(plain, name) != getattr(noted, name):
            return None, f"the program that notes its parts differs in {name}"
    if noted.parts is None:
        return None, noted.no_parts or "the call has no steps"
    return noted.parts, None
