"""One call at a time: trace it, tell it, check what somebody else told."""

import ast
from collections.abc import Sequence
from dataclasses import replace

from pyx_dataset.config import Limits
from pyx_dataset.errors import InputError, NotNarratable
from pyx_dataset.inputs.generate import next_calls
from pyx_dataset.monologues.backward import backward
from pyx_dataset.monologues.check import check
from pyx_dataset.monologues.forward import forward
from pyx_dataset.monologues.properties.inferred import infer
from pyx_dataset.monologues.properties.known import Known
from pyx_dataset.neighbours import candidates, fresh_calls, known_calls
from pyx_dataset.rng import rng_for
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.sandbox.results import parts_of
from pyx_dataset.schema import (
    CheckReport,
    Direction,
    Example,
    Monologue,
    Outcome,
    Seed,
    Source,
    Trace,
)

NEIGHBOURS = 80
"""Calls made from the one that is told, to see what holds in general."""


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
    with Sandbox(limits=limits or Limits()) as sandbox:
        return _trace(code, call, sandbox, parts=parts)


def _trace(code: str, call: str, sandbox: Sandbox, *, parts: bool = False) -> Trace:
    jobs = [Job("call", code, (call,), trace=True)]
    if parts:
        jobs.append(Job("parts", code, (call,), trace="parts"))
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

    Its properties are what held in this call and in up to `NEIGHBOURS` others that are made from
    it and run as well.

    Args:
        code: A Python program.
        call: A call of one of its functions, with literal arguments.
        direction: ``forward`` from the input to the output, ``backward`` from the output to an
            input, which may be another one than that of `call`.
        limits: What the call may use.

    Raises:
        NotNarratable: no monologue that withstands the check can be written.
        InputError: as `trace_call`.
    """
    name, purpose = _entry(code, call)
    with Sandbox(limits=limits or Limits()) as sandbox:
        trace = _trace(code, call, sandbox)
        known = _known(code, name, trace, sandbox)
        traces = [trace]
        if direction == "backward":
            traces = [*found_traces(code, name, trace, sandbox), trace]
    rng, properties = rng_for(direction, code, call), infer(known)
    if direction == "forward":
        monologue = forward(code, name, trace, purpose, rng, properties=properties)
    else:
        told = [
            (backward(code, name, item, purpose, rng_for(direction, code, call),
                      properties=properties, known=known, is_own=item is trace), item)
            for item in traces
        ]  # fmt: skip
        monologue, trace = min(told, key=lambda pair: pair[0].supposed)
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
    trace = trace_call(code, call, parts=True, limits=limits)
    return check(text, trace, direction=direction)


MAX_FOUND = 3
"""Calls other than the given one that a backward monologue is tried on."""


def found_traces(code: str, name: str, trace: Trace, sandbox: Sandbox) -> list[Trace]:
    """Traces of calls that owe their arguments to the value of `trace`, and give it too."""
    calls = candidates(code, name, trace, rng_for("proposal", code, trace.call))
    if not calls:
        return []
    runs = next(sandbox.run([Job("call", code, tuple(calls), trace=True)])).calls
    return [
        Trace(code, call, run.outcome, run.value, None, run.steps)
        for call, run in zip(calls, runs, strict=True)
        if run.value is not None and run.value == trace.value and run.steps is not None
    ][:MAX_FOUND]


def _known(code: str, name: str, trace: Trace, sandbox: Sandbox) -> tuple[Known, ...]:
    """The call, and others near it."""
    rng = rng_for("neighbours", code, trace.call)
    source = Source("call", "", "", "", 1)
    seed = Seed(source, code, name, "", "", (Example(trace.call, trace.value),))
    runs = [(trace.call, trace.value, trace.exception or "")]

    def run(calls: Sequence[str]) -> None:
        job = Job("call", code, tuple(calls), trace=True)
        results = next(sandbox.run([job])).calls if calls else ()
        for call, item in zip(calls, results, strict=True):
            if item.outcome in (Outcome.RETURNED, Outcome.RAISED):
                runs.append((call, item.value, item.exception or ""))

    run(next_calls(seed, [trace.call], {trace.call}, rng, NEIGHBOURS))
    run(fresh_calls(code, name, known_calls(code, name, runs), rng))
    return known_calls(code, name, runs)


def _entry(code: str, call: str) -> tuple[str, str]:
    """Name and docstring of the function that `call` calls."""
    node = ast.parse(call, mode="eval").body
    name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    for item in ast.parse(code).body:
        if isinstance(item, ast.FunctionDef) and item.name == name:
            return name, ast.get_docstring(item) or ""
    raise InputError(f"{call} calls no top-level function of the program")
