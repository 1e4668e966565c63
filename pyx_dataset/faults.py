"""Failing programs that somebody wrote, no edit of ours: what is wrong with them?

solution -> runs -> the few changes that mend it -> divergence -> rationale -> checks
"""

import ast
from collections.abc import Sequence
from dataclasses import replace

from pyx_dataset.config import BuildConfig
from pyx_dataset.debug_schema import Debugged
from pyx_dataset.debugged import (
    Broken,
    has_ended,
    is_deterministic,
    is_stated,
    runs_of,
    sort_out,
    tell,
)
from pyx_dataset.debugging.bugs import Mutant, first_line
from pyx_dataset.debugging.repairs import repairs
from pyx_dataset.lessons import WRITTEN
from pyx_dataset.narration import facts_of
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.schema import Execution, Rejected, Trace


def explain(
    name: str,
    candidate: str,
    executions: Sequence[Execution],
    config: BuildConfig,
    boxes: Sequence[Sandbox],
    problem: str = "",
) -> Debugged | Rejected:
    """
    Tell what is wrong with a failing solution, whoever wrote it.

    Args:
        name: Of the result.
        candidate: A program that fails some of `executions`; it may differ in any way.
        executions: Calls of a right program, with their traces.
        config: Limits of the telling.
        boxes: Sandboxes of unlike hash seeds.
        problem: What the program is for, in words.

    Returns:
        The bug with its rationale, or why there is none.
    """
    broken = broken_by(name, candidate, executions, boxes)
    if isinstance(broken, Rejected):
        return broken
    return tell(name, executions[0].program_id, problem, broken, config)


def broken_by(
    name: str, candidate: str, executions: Sequence[Execution], boxes: Sequence[Sandbox]
) -> Broken | Rejected:
    """
    What a program gets wrong and right of `executions`, held against the nearest right program.

    That takes over from the one of `executions` only what is needed to give the same in all of
    them, so what else the two differ in plays no part. The same in each of `boxes`, or rejected.
    """
    stated = [item for item in executions if is_stated(item.trace)]
    code, calls = executions[0].trace.code, [item.trace.call for item in stated]
    if not has_signature_of(code, candidate, executions[0].trace.call.partition("(")[0]):
        return Rejected("debug", "other_signature", name)
    mutant = Mutant(WRITTEN, candidate, first_line(code, candidate))
    runs = runs_of(candidate, calls, boxes[0]) if len(calls) > 1 else ()
    broken = sort_out(mutant, stated, runs)
    if broken is None:
        return Rejected("debug", "no_bug_found", name, "it fails no call, all, or breaks off")
    if not is_deterministic(broken, boxes[1:]):
        return Rejected("debug", "not_deterministic", name)
    nearest = next(
        held
        for mended in repairs(candidate, code)
        if isinstance(held := mended_runs(mended, stated, boxes), list)
    )
    again = sort_out(mutant, nearest, runs)
    assert again is not None, "the mended program gives what the right one gives"
    return again


def mended_runs(
    code: str, executions: Sequence[Execution], boxes: Sequence[Sandbox]
) -> list[Execution] | str:
    """`executions` as `code` runs them; or which call gives something else, or not in each box."""
    if code == executions[0].trace.code:
        return list(executions)
    calls = [item.trace.call for item in executions]
    runs = runs_of(code, calls, boxes[0])
    for run, item in zip(runs, executions, strict=False):  # one that never ends is the last
        if not has_ended(run) or run.value != item.trace.value:
            found = run.value or run.exception or str(run.outcome)
            return f"{item.trace.call} should give {item.trace.value}, found {found}"
    facts, job = [facts_of(run) for run in runs], Job("mended", code, tuple(calls), trace=True)
    if any([facts_of(run) for run in next(box.run([job])).calls] != facts for box in boxes[1:]):
        return "two runs under different hash seeds disagree"
    return [
        replace(item, trace=Trace(code, call, run.outcome, run.value, None, run.steps or ()))
        for item, call, run in zip(executions, calls, runs, strict=True)
    ]


def has_signature_of(code: str, candidate: str, entry_point: str) -> bool:
    """Has `candidate` the function, with parameters of the same names and kinds?"""
    wanted = _parameters(code, entry_point)
    return wanted is not None and wanted == _parameters(candidate, entry_point)


def _parameters(code: str, entry_point: str) -> list[list[str]] | None:
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in reversed(body):
        if isinstance(node, ast.FunctionDef) and node.name == entry_point:
            found = node.args
            stars = [item for item in (found.vararg, found.kwarg) if item]
            groups = found.posonlyargs, found.args, found.kwonlyargs, stars
            return [[item.arg for item in group] for group in groups]
    return None
