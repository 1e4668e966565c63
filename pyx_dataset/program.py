"""One program's way through the middle of the build.

    inputs -> executions -> traces -> monologues -> bugs -> filters

A program comes out as a `Bundle`, every value of it produced under four hash seeds and every
claim checked, or as the reason why it was dropped.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from pyx_dataset.config import BuildConfig
from pyx_dataset.debugged import debug
from pyx_dataset.filters.checks import has_address
from pyx_dataset.filters.decontaminate import read_benchmarks, shared_pair
from pyx_dataset.grading import same
from pyx_dataset.inputs.choose import Tried, choose, choose_raising
from pyx_dataset.inputs.generate import first_calls, next_calls
from pyx_dataset.inputs.steer import Progress, parents
from pyx_dataset.narration import facts_of, know, tell_backward, tell_forward
from pyx_dataset.preferences import spoiled_answers
from pyx_dataset.rng import rng_for
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.sandbox.results import CallResult
from pyx_dataset.schema import (
    Bundle,
    Execution,
    Outcome,
    Program,
    Rejected,
    Trace,
)
from pyx_dataset.traces.coverage import points_of, reached, together
from pyx_dataset.traces.replay import replay_errors
from pyx_dataset.traces.values import parse

FIRST_ROUND = 40
"""Calls proposed before any is known to work; each later round proposes as many at most."""

TASTE = 8
"""Of these, so many are tried alone: each that never ends uses up its whole limit."""
_WASTED = {"timed_out", "out_of_memory"}

HASH_SEEDS = (1, 2, 3, 4)
"""Every published call was run under each. Two strings of a set agree in order by chance half
of the time, so two runs would let too much pass."""


MUTANT_CPU_S = 0.5
"""CPU time of one call of a program broken on purpose; one that is traced takes a hundredth."""


class Boxes:
    """The sandboxes of one process: one for each hash seed, and one that is quick to give up."""

    def __init__(self, config: BuildConfig, require: str) -> None:
        self.benchmarks = read_benchmarks(config.decontaminate)
        self.first, *self.others = [
            Sandbox(limits=config.limits, require=require, hash_seed=seed) for seed in HASH_SEEDS
        ]
        hasty = replace(config.limits, cpu_s=min(config.limits.cpu_s, MUTANT_CPU_S))
        self.hasty = Sandbox(limits=hasty, require=require, hash_seed=HASH_SEEDS[0])
        """For programs broken on purpose, of which some never end."""

    def __enter__(self) -> Self:
        for box in (self.first, *self.others, self.hasty):
            box.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        for box in (self.hasty, *self.others, self.first):
            box.__exit__(None, None, None)


def make(
    program: Program, config: BuildConfig, boxes: Boxes
) -> tuple[Bundle | None, list[Rejected]]:
    """Take one program through all middle stages."""
    tried, raised, rejected = explore(program, config, boxes.first)
    if reason := _unfit(program, tried, rejected, config):
        return None, [*rejected, Rejected("programs", reason, program.id, _name(program))]
    chosen = choose(tried, config.max_calls, config.min_calls)
    chosen += choose_raising(raised, chosen, config.max_raising_calls)
    executions, isolation, doubts = confirm(program, [item.call for item in chosen], boxes)
    rejected += doubts
    returned = [item for item in executions if item.trace.outcome is Outcome.RETURNED]
    if not executions:
        return None, rejected
    reason = "too_few_calls" if len(returned) < config.min_calls else ""
    if reason or len({item.trace.value for item in returned}) == 1:
        reason = reason or "constant_output"
        return None, [*rejected, Rejected("programs", reason, program.id, _name(program))]
    known = know(program, [*tried, *raised], config, boxes.first)
    told_forward, dropped = tell_forward(program, returned, config, known)
    rejected += dropped
    told_backward, dropped = tell_backward(
        program, returned, config, known, (boxes.first, *boxes.others)
    )
    rejected += dropped
    there = points_of(program.seed.code, program.seed.entry_point)
    covered = together(reached(there, item.trace.steps) for item in executions)
    line_share, branch_share = covered.share(there)
    debugged, dropped = debug(program, returned, config, (boxes.first, *boxes.others), boxes.hasty)
    rejected += dropped
    return (
        Bundle(
            program=program,
            coverage=round(line_share, 4),
            branch_coverage=round(branch_share, 4),
            executions=tuple(executions),
            forward=tuple(told_forward),
            backward=tuple(told_backward),
            isolation=isolation,
            debugged=tuple(debugged),
            refused=tuple(spoiled_answers(returned, told_forward, told_backward, config.seed)),
        ),
        rejected,
    )


def explore(
    program: Program, config: BuildConfig, sandbox: Sandbox
) -> tuple[list[Tried], list[Tried], list[Rejected]]:
    """Propose calls and run them, round by round; the valid ones breed the next round."""
    rng = rng_for(config.seed, "inputs", program.id)
    progress = Progress(
        points_of(program.seed.code, program.seed.entry_point).all(), config.max_proposals
    )
    seen: set[str] = set()
    valid: list[Tried] = []
    raised: list[Tried] = []
    rejected: list[Rejected] = []
    first = first_calls(program.seed, rng, FIRST_ROUND, config.max_call_chars)
    proposed = list(dict.fromkeys([*program.proposals, *first]))
    calls, waiting = proposed[:TASTE], proposed[TASTE:]
    while calls:
        seen.update(calls)
        returned, failed, dropped = _try(program, calls, config, sandbox)
        valid += returned
        raised += failed
        rejected += dropped
        progress.note(len(calls), [*returned, *failed])
        if sum(item.reason in _WASTED for item in rejected) > max(len(valid), TASTE // 2):
            break  # it goes on for ever on most of what it gets
        if waiting:
            calls, waiting = waiting, []
            continue
        if (left := progress.left()) <= 0 or not (valid or raised):
            break
        calls = next_calls(
            program.seed,
            [item.call for item in valid],
            seen,
            rng,
            min(FIRST_ROUND, left),
            config.max_call_chars,
            parents=parents(valid, raised),
            complaints=[item.exception for item in raised],
            strange=bool(progress.missing),
        )
    return valid, raised, rejected


def confirm(
    program: Program, calls: Sequence[str], boxes: Boxes
) -> tuple[list[Execution], str, list[Rejected]]:
    """
    Run each call under every hash seed.

    One call that differs in value or in any step drops the whole program: that its other
    calls agreed may be luck.
    """
    code = program.seed.code
    job = Job(program.id, code, tuple(calls), trace=True)
    first = next(boxes.first.run([job]))
    others = [next(box.run([job])).calls for box in boxes.others]
    executions: list[Execution] = []
    rejected: list[Rejected] = []
    for call, one, *repeats in zip(calls, first.calls, *others, strict=True):
        subject = f"{program.id} {call}"
        facts = [facts_of(run) for run in (one, *repeats)]
        if one.steps is None or any(other != facts[0] for other in facts):
            # Without its values: those of a clock would make two builds differ.
            return [], first.isolation, [Rejected("programs", "not_deterministic", subject)]
        trace = Trace(code, call, one.outcome, one.value, one.exception, one.steps)
        execution = Execution(f"{program.id}_{len(executions)}", program.id, trace, True)
        errors = replay_errors(trace)
        hit = shared_pair(call, one.value or "", boxes.benchmarks)
        if hit:
            rejected.append(Rejected("executions", "contaminated", subject, str(hit)))
        elif reason := has_address(execution) or ("not_replayed" if errors else None):
            rejected.append(Rejected("executions", reason, subject, "; ".join(errors)))
        else:
            executions.append(execution)
    return executions, first.isolation, rejected


def _try(
    program: Program, calls: Sequence[str], config: BuildConfig, sandbox: Sandbox
) -> tuple[list[Tried], list[Tried], list[Rejected]]:
    """Run `calls` once: those that returned, those that raised, and all that are not valid."""
    job = Job(program.id, program.seed.code, tuple(calls), trace=True)
    returned: list[Tried] = []
    raised: list[Tried] = []
    rejected: list[Rejected] = []
    for call, result in zip(calls, next(sandbox.run([job])).calls, strict=True):
        tried = _tried(call, result, program)
        too_long = len(result.value or "") > config.max_value_chars
        if result.outcome is Outcome.RETURNED and not too_long:
            returned.append(tried)
            continue
        if result.outcome is Outcome.RAISED:
            raised.append(tried)
        reason = "too_long" if too_long else str(result.outcome)
        detail = "" if too_long else (result.exception or "")
        rejected.append(Rejected("calls", reason, f"{program.id} {call}", detail))
    return returned, raised, rejected


def _tried(call: str, result: CallResult, program: Program) -> Tried:
    steps = result.steps or ()
    there = points_of(program.seed.code, program.seed.entry_point)
    return Tried(
        call=call,
        value=result.value or "",
        points=reached(there, steps).all(),
        steps=len(steps),
        is_example=any(example.call == call for example in program.seed.examples),
        exception=result.exception or "",
    )


def _name(program: Program) -> str:
    source = program.seed.source
    return f"{source.distribution}/{source.path}:{program.seed.entry_point}"


def _unfit(
    program: Program, tried: Sequence[Tried], rejected: Sequence[Rejected], config: BuildConfig
) -> str | None:
    """Why the program as a whole is dropped, None if it is not."""
    if not tried and rejected and all(item.reason == "invalid" for item in rejected):
        return "does_not_load"
    if len(tried) < config.min_calls:
        return "too_few_calls"
    if len({item.value for item in tried}) == 1:
        return "constant_output"
    values = {item.call: item.value for item in tried}
    for example in program.seed.examples:
        found = values.get(example.call)
        if found is not None and example.value is not None:
            try:
                agrees = same(parse(found), parse(example.value))
            except ValueError:
                continue  # what is documented is no plain data, so there is nothing to compare
            if not agrees:
                return "example_disagrees"
    return None
