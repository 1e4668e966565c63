"""The bugs of one program: made, run, told and checked.

executions -> mutants -> runs -> divergence -> rationale -> checks
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyx_dataset.config import BuildConfig
from pyx_dataset.debug_schema import Debugged, Divergence, Rationale
from pyx_dataset.debugging.bugs import Mutant, first_line, mutants
from pyx_dataset.debugging.divergence import Lines, divergence
from pyx_dataset.errors import NotNarratable
from pyx_dataset.filters.dedup import shape
from pyx_dataset.layout import SHOWN_PASSING
from pyx_dataset.monologues.rationale.evidence import Evidence
from pyx_dataset.monologues.rationale.write import check_rationale, rationale
from pyx_dataset.narration import facts_of
from pyx_dataset.rng import rng_for
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.sandbox.results import CallResult
from pyx_dataset.schema import (
    Execution,
    Outcome,
    Program,
    Rejected,
    Trace,
)

_TRIED_STORIES = 3
"""Failing calls that are tried until one can be told."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A mutant that gets some calls wrong and some right."""

    mutant: Mutant
    failing: tuple[Execution, ...]
    """The easiest to tell first."""
    passing: tuple[Execution, ...]
    runs: dict[str, CallResult]
    """What it does, by call."""

    def trace(self, execution: Execution) -> Trace:
        """What it does on the call of `execution`."""
        call = execution.trace.call
        run = self.runs[call]
        return Trace(self.mutant.code, call, run.outcome, run.value, run.exception, run.steps or ())


def debug(
    program: Program,
    executions: Sequence[Execution],
    config: BuildConfig,
    boxes: Sequence[Sandbox],
    hasty: Sandbox,
) -> tuple[list[Debugged], list[Rejected]]:
    """
    Break a program in up to `config.max_bugs` ways and tell how each bug is found.

    A mutant is kept if it gets some of `executions` right and some wrong, returns in most cases,
    and every run of it is the same in each of `boxes`. It is tried in `hasty` first, which has the
    hash seed of the first of them.
    """
    if not config.max_bugs:
        return [], []
    kept: list[Debugged] = []
    rejected: list[Rejected] = []
    is_found = False
    for broken in _broken(program, executions, config, hasty):
        is_found = True
        name = f"{program.id}_bug{len(kept)}"
        if not is_deterministic(broken, boxes[1:]):
            rejected.append(Rejected("debug", "not_deterministic", name, broken.mutant.operator))
            continue
        item = tell(name, program.id, program.seed.instruction, broken, config)
        if isinstance(item, Rejected):
            rejected.append(item)
        elif item.operator not in {other.operator for other in kept}:
            kept.append(item)
        if len(kept) == config.max_bugs or len(rejected) > config.max_bugs:
            break
    if not is_found:
        rejected.append(Rejected("debug", "no_bug_found", program.id))
    return kept, rejected


def _broken(
    program: Program, executions: Sequence[Execution], config: BuildConfig, box: Sandbox
) -> Iterator[Broken]:
    """Mutants that fail some calls and pass some, no two alike, operators in a seeded order."""
    rng = rng_for(config.seed, "bugs", program.id)
    stated = [item for item in executions if is_stated(item.trace)]
    traces = [item.trace for item in stated]
    calls = tuple(trace.call for trace in traces)
    seen = {shape(program.seed.code)}
    done: set[str] = set()
    tried = 0
    for mutant in mutants(program.seed.code, traces, rng) if len(calls) > 1 else ():
        if tried == config.max_mutants:
            return
        may_raise = rng.random() < config.raising_bug_share
        if mutant.operator in done or (twin := shape(mutant.code)) in seen:
            continue
        seen.add(twin)
        tried += 1
        broken = sort_out(mutant, stated, runs_of(mutant.code, calls, box))
        if broken and (may_raise or broken.trace(broken.failing[0]).outcome is Outcome.RETURNED):
            yield broken
            done.add(mutant.operator)


def runs_of(code: str, calls: Sequence[str], box: Sandbox) -> tuple[CallResult, ...]:
    """The runs of all `calls`; of the first alone if that does not end."""
    runs: tuple[CallResult, ...] = ()
    for some in (tuple(calls[:1]), tuple(calls[1:])):  # what never ends is tried once only
        runs += next(box.run([Job("bug", code, some, trace=True)])).calls if some else ()
        if not has_ended(runs[0]):
            break
    return runs


def is_stated(trace: Trace) -> bool:
    """Can an assertion state what the call returns?"""
    if trace.outcome is not Outcome.RETURNED or trace.value is None:
        return False
    # `nan` equals nothing, itself included, and `inf` is no literal.
    names = {node.id for node in ast.walk(ast.parse(trace.value)) if isinstance(node, ast.Name)}
    return names <= {"set", "frozenset"}


def has_ended(run: CallResult) -> bool:
    """Did it come to an end, one that can be told?"""
    return run.outcome in (Outcome.RETURNED, Outcome.RAISED) and run.steps is not None


def sort_out(
    mutant: Mutant, executions: Sequence[Execution], runs: Sequence[CallResult]
) -> Broken | None:
    """
    Which calls pass and fail; None unless there are some of each and all came to an end.

    A call that is not among `runs` did not.
    """
    if len(runs) < len(executions):
        return None
    failing: list[tuple[tuple[bool, int, int], Execution]] = []
    passing: list[Execution] = []
    for execution, run in zip(executions, runs, strict=True):
        if not has_ended(run):
            return None
        if run.value == execution.trace.value:
            passing.append(execution)
        else:
            place = run.outcome is Outcome.RAISED, len(run.steps or ()), len(failing)
            failing.append((place, execution))
    if not failing or not passing:
        return None
    calls = [item.trace.call for item in executions]
    return Broken(
        mutant,
        tuple(item for _, item in sorted(failing, key=lambda pair: pair[0])),
        tuple(passing),
        dict(zip(calls, runs, strict=True)),
    )


def is_deterministic(broken: Broken, boxes: Sequence[Sandbox]) -> bool:
    """Do all of `boxes` agree on every run of it with the first?"""
    job = Job(broken.mutant.operator, broken.mutant.code, tuple(broken.runs), trace=True)
    facts = [facts_of(run) for run in broken.runs.values()]
    return all([facts_of(run) for run in next(box.run([job])).calls] == facts for box in boxes)


def tell(
    name: str, program_id: str, problem: str, broken: Broken, config: BuildConfig
) -> Debugged | Rejected:
    """The first of the failing calls that can be told, or why the first cannot."""
    first: Rejected | None = None
    for number in range(min(len(broken.failing), _TRIED_STORIES)):
        found = _tell_one(name, program_id, problem, broken, number, config)
        if isinstance(found, Debugged):
            return found
        first = first or found
    assert first is not None
    return first


def _tell_one(
    name: str, program_id: str, problem: str, broken: Broken, number: int, config: BuildConfig
) -> Debugged | Rejected:
    execution = broken.failing[number]
    trace, operator = broken.trace(execution), broken.mutant.operator
    split = divergence(trace, execution.trace)
    if split is None:
        return Rejected("debug", "no_divergence", name, operator)
    if not split.is_aligned:
        return Rejected("debug", "too_different", name, f"{operator}: more than half differs")
    shown = broken.passing[:SHOWN_PASSING]
    evidence = Evidence(
        trace, execution.trace, split,
        {item.trace.call: (broken.trace(item), item.trace) for item in shown}, problem,
    )  # fmt: skip
    try:
        text = rationale(
            evidence, rng_for(config.seed, "debug", name, number),
            max_words=config.max_monologue_words,
        )  # fmt: skip
    except NotNarratable as exc:
        return Rejected("debug", exc.reason, name, f"{operator}: {exc}")
    report = check_rationale(text, evidence)
    if report.contradicted:
        worst = report.contradicted[0]
        detail = f"{operator}: {worst.claim.text!r}, found {worst.found!r}"
        return Rejected("debug", "claim_contradicted", name, detail)
    told = Rationale(text, len(report.confirmed), len(report.unchecked))
    return as_bug(name, program_id, broken, execution, split, execution.trace.code, told)


def as_bug(
    name: str,
    program_id: str,
    broken: Broken,
    execution: Execution,
    split: Divergence,
    refined: str,
    told: Rationale,
) -> Debugged:
    """The record of a bug that is told on one of its failing calls."""
    others = [item.id for item in broken.failing if item.id != execution.id]
    trace = broken.trace(execution)
    return Debugged(
        id=name,
        program_id=program_id,
        operator=broken.mutant.operator,
        code=broken.mutant.code,
        refined=refined,
        line=first_line(refined, broken.mutant.code),
        lines=tuple(Lines.of(broken.mutant.code, refined).new),
        failing=(execution.id, *others),
        passing=tuple(item.id for item in broken.passing),
        outcome="returned" if trace.outcome is Outcome.RETURNED else "raised",
        value=trace.value,
        exception=trace.exception,
        divergence=split,
        divergence_line=trace.steps[split.step].line,
        rationale=told,
    )
