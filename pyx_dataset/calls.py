"""One call at a time: trace it, tell it, check what somebody else told."""

import ast
from dataclasses import replace

from pyx_dataset.config import Limits
from pyx_dataset.errors import InputError, NotNarratable
from pyx_dataset.monologues.backward import backward
from pyx_dataset.monologues.check import check
from pyx_dataset.monologues.forward import forward
from pyx_dataset.rng import rng_for
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.sandbox.results import parts_of
from pyx_dataset.schema import CheckReport, Direction, Monologue, Outcome, Trace


def trace_call(code: str, call: str, *, parts: bool = False, limits: Limits | None = None) -> Trace:
    r"""
    Run ``call`` on `code` in the sandbox and record what it did.

    With `parts`, what each sub-expression gave too: the call then runs a second time, rewritten,
    and unless both runs agree in everything there are none, and ``no_parts`` says why.

    Raises:
        InputError: the code does not load, the call is not a call, or its trace passes
            ``limits.trace_steps``: a trace is never cut.

    >>> trace_call("def f(x):\n    return x + 1\n", "f(2)").value
    '3'
    >>> trace = trace_call("def f(s):\n    return s[::-1].upper()\n", "f('ab')", parts=True)
    >>> [(part.text, part.value) for part in trace.parts]
    [('s[::-1]', "'ba'"), ('s[::-1].upper()', "'BA'")]
    """
    jobs = [Job("call", code, (call,), trace=True)]
    if parts:
        jobs.append(Job("parts", code, (call,), trace="parts"))
    with Sandbox(limits=limits or Limits()) as sandbox:
        result, *noted = [done.calls[0] for done in sandbox.run(jobs)]
    if result.outcome in {Outcome.INVALID, Outcome.TOO_LONG}:
        raise InputError(f"cannot trace {call}: {result.exception or result.outcome}")
    trace = Trace(code, call, result.outcome, result.value, result.exception, result.steps or ())
    if noted:
        found, why = parts_of(result, noted[0])
        trace = replace(trace, parts=found, no_parts=why)
    return trace


def narrate(
    code: str, call: str, *, direction: Direction = "forward", limits: Limits | None = None
) -> Monologue:
    """
    Tell one call in words, every claim of them checked against its trace.

    Args:
        code: A Python program.
        call: A call of one of its functions, with literal arguments.
        direction: ``forward`` from the input to the output, ``backward`` the other way.
        limits: What the call may use.

    Raises:
        NotNarratable: no monologue that withstands the check can be written.
        InputError: as `trace_call`.
    """
    trace = trace_call(code, call, limits=limits)
    write = forward if direction == "forward" else backward
    name, purpose = _entry(code, call)
    monologue = write(code, name, trace, purpose, rng_for(direction, code, call))
    report = check(monologue.text, trace, monologue.answer, direction=direction)
    if report.contradicted:
        raise NotNarratable("claim_contradicted", report.contradicted[0].claim.text)
    return monologue


def check_monologue(
    text: str,
    code: str,
    call: str,
    *,
    direction: Direction = "forward",
    limits: Limits | None = None,
) -> CheckReport:
    """
    Hold every claim of `text`, whoever wrote it, against the trace of the call.

    Raises:
        InputError: as `trace_call`.
    """
    return check(text, trace_call(code, call, limits=limits), direction=direction)


def _entry(code: str, call: str) -> tuple[str, str]:
    """Name and docstring of the function that `call` calls."""
    node = ast.parse(call, mode="eval").body
    name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    for item in ast.parse(code).body:
        if isinstance(item, ast.FunctionDef) and item.name == name:
            return name, ast.get_docstring(item) or ""
    raise InputError(f"{call} calls no top-level function of the program")
