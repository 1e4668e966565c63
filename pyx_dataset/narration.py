"""The monologues of one program: what is known of it, what is told, and what withstands checking.

executions -> monologues -> checks
"""

import itertools
from collections.abc import Callable, Mapping, Sequence

from pyx_dataset.config import BuildConfig
from pyx_dataset.errors import NotNarratable
from pyx_dataset.inputs.choose import Tried
from pyx_dataset.layout import assertion
from pyx_dataset.monologues.backward import backward
from pyx_dataset.monologues.check import check, untold
from pyx_dataset.monologues.forward import forward
from pyx_dataset.monologues.properties.inferred import check_properties, infer
from pyx_dataset.monologues.properties.known import Known
from pyx_dataset.neighbours import (
    fresh_calls,
    known_calls,
    plain_calls,
    plainness,
    propose,
    suggested_calls,
)
from pyx_dataset.rng import rng_for
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.sandbox.results import CallResult
from pyx_dataset.schema import (
    Direction,
    Execution,
    Monologue,
    Outcome,
    Program,
    Rejected,
    Told,
    Trace,
)


def know(
    program: Program, tried: Sequence[Tried], config: BuildConfig, sandbox: Sandbox
) -> tuple[Known, ...]:
    """Every call that was tried, and some more made to put properties to the test."""
    seed = program.seed
    runs = [(item.call, None if item.exception else item.value, item.exception) for item in tried]
    known = known_calls(seed.code, seed.entry_point, runs)
    rng = rng_for(config.seed, "properties", program.id)
    calls = fresh_calls(seed.code, seed.entry_point, known, rng)
    # Traced, because a trace over its limit ends a call long before its time is used up.
    job = Job(program.id, seed.code, tuple(calls), trace=True)
    results = next(sandbox.run([job])).calls if calls else ()
    runs = [
        (call, result.value, result.exception or "")
        for call, result in zip(calls, results, strict=True)
        if result.outcome in (Outcome.RETURNED, Outcome.RAISED)
    ]
    return known_calls(seed.code, seed.entry_point, runs, before=known)


def tell_forward(
    program: Program, executions: Sequence[Execution], config: BuildConfig, known: Sequence[Known]
) -> tuple[list[Told], list[Rejected]]:
    """
    From input to output, for each execution; those are kept that withstand every check.

    `known` are the calls that properties are inferred from, and held against again.
    """
    properties, seed = infer(known), program.seed

    def write(execution: Execution, trace: Trace) -> Monologue:
        rng = rng_for(config.seed, "forward", execution.id)
        return forward(
            seed.code, seed.entry_point, trace, seed.instruction, rng,
            properties=properties, max_words=config.max_monologue_words,
        )  # fmt: skip

    return _kept([(item, [item.trace]) for item in executions], write, "forward", config, known)


def tell_backward(
    program: Program,
    executions: Sequence[Execution],
    config: BuildConfig,
    known: Sequence[Known],
    boxes: Sequence[Sandbox],
) -> tuple[list[Told], list[Rejected]]:
    """
    From output to input, for each execution: to a call found for it, or else to its own.

    A call that is found is run in each of `boxes`, and its trace is told only if they agree on it.
    """
    properties, seed = infer(known), program.seed

    def write(execution: Execution, trace: Trace) -> Monologue:
        rng = rng_for(config.seed, "backward", execution.id)
        return backward(
            seed.code, seed.entry_point, trace, seed.instruction, rng, properties=properties,
            known=known, is_own=trace is execution.trace, max_words=config.max_monologue_words,
        )  # fmt: skip

    found = _rehearsed(program, executions, config, boxes)
    traces = [(item, [*found.get(item.id, ()), item.trace]) for item in executions]
    return _kept(traces, write, "backward", config, known)


def facts_of(result: CallResult) -> tuple[object, ...]:
    """All of a result that must not depend on the run."""
    return result.outcome, result.value, result.exception, result.stdout, result.steps


MAX_FOUND = 3
"""Calls found for one execution that are traced."""


def _rehearsed(
    program: Program,
    executions: Sequence[Execution],
    config: BuildConfig,
    boxes: Sequence[Sandbox],
) -> dict[str, list[Trace]]:
    """For an execution, traces of calls that give its value too and owe their arguments to it."""
    seed = program.seed
    deduced = {
        item.id: propose(
            seed.code, seed.entry_point, item.trace, rng_for(config.seed, "proposal", item.id)
        )
        for item in executions
    }
    for item in executions:
        deduced[item.id] += suggested_calls(seed.code, seed.entry_point, item.trace)
    plain = plain_calls(seed.code, seed.entry_point, [item.trace for item in executions])
    calls = list(dict.fromkeys([*itertools.chain(*deduced.values()), *plain]))
    calls = [call for call in calls if len(call) <= config.max_call_chars]
    if not calls:
        return {}
    # Traced, because a trace over its limit ends a call long before its time is used up.
    first = next(boxes[0].run([Job(program.id, seed.code, tuple(calls), trace=True)])).calls
    ran = dict(zip(calls, first, strict=True))
    used: set[str] = set()
    chosen: dict[str, list[str]] = {}
    for item in executions:
        fitting = [
            call
            for call in dict.fromkeys([*deduced[item.id], *sorted(plain, key=plainness)])
            if call not in used and call in ran and ran[call].value == item.trace.value
        ][:MAX_FOUND]
        used.update(fitting[:1])
        chosen[item.id] = fitting
    return _traced(program, executions, chosen, ran, boxes[1:])


def _traced(
    program: Program,
    executions: Sequence[Execution],
    chosen: Mapping[str, Sequence[str]],
    ran: Mapping[str, CallResult],
    others: Sequence[Sandbox],
) -> dict[str, list[Trace]]:
    """The traces of the calls on which all other sandboxes agree with the first."""
    code = program.seed.code
    calls = tuple(dict.fromkeys(itertools.chain(*chosen.values())))
    if not calls:
        return {}
    job = Job(program.id, code, calls, trace=True)
    runs = [next(box.run([job])).calls for box in others]
    agreed = {
        call: ran[call]
        for place, call in enumerate(calls)
        if ran[call].steps is not None
        and all(facts_of(run[place]) == facts_of(ran[call]) for run in runs)
    }
    return {
        item.id: [
            Trace(code, call, one.outcome, one.value, None, one.steps or ())
            for call in chosen[item.id]
            if (one := agreed.get(call)) and one.value == item.trace.value
        ]
        for item in executions
    }


def _kept(
    executions: Sequence[tuple[Execution, Sequence[Trace]]],
    write: Callable[[Execution, Trace], Monologue],
    direction: Direction,
    config: BuildConfig,
    known: Sequence[Known],
) -> tuple[list[Told], list[Rejected]]:
    """
    For each execution the first of its monologues, one for each trace, that stands.

    One in which nothing is supposed goes before one that stands earlier.
    """
    told: list[Told] = []
    rejected: list[Rejected] = []
    for execution, traces in executions:
        best: Told | None = None
        dropped: Rejected | None = None
        for trace in traces:
            try:
                monologue = write(execution, trace)
            except NotNarratable as exc:
                dropped = Rejected(direction, exc.reason, execution.id, str(exc))
                continue
            if best and monologue.supposed:
                continue
            item, reason, detail = _judged(execution, monologue, trace, direction, config, known)
            if reason:
                dropped = Rejected(direction, reason, execution.id, detail)
                continue
            best = item
            if not monologue.supposed:
                break
        if best:
            told.append(best)
        elif dropped:
            rejected.append(dropped)
    return told, rejected


def _judged(
    execution: Execution,
    monologue: Monologue,
    trace: Trace,
    direction: Direction,
    config: BuildConfig,
    known: Sequence[Known],
) -> tuple[Told, str, str]:
    """The monologue with its counts, and why it is dropped, if it is."""
    report = check(monologue.text, trace, monologue.answer, direction=direction)
    told = Told(execution.id, monologue, len(report.confirmed), len(report.unchecked))
    if monologue.answer != assertion(trace.call, execution.trace.value or ""):
        return told, "input_not_confirmed", monologue.answer
    if report.contradicted:
        worst = report.contradicted[0]
        return told, "claim_contradicted", f"{worst.claim.text!r}, found {worst.found!r}"
    if direction == "forward" and (lines := untold(monologue.text, trace)):
        return told, "line_not_told", f"lines {lines}"
    if len(monologue.text.split()) > config.max_monologue_words:
        return told, "monologue_too_long", ""
    for item in check_properties(monologue.text, known):
        if item.holds is False:
            return told, "claim_contradicted", f"{item.text!r}, found {item.found!r}"
    return told, "", ""
