"""The first step that differs, where two runs part."""

import sys
from types import FrameType
from typing import Any

import pytest

from pyx_dataset.debugging.divergence import divergence
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.schema import Trace
from tests.debugging.samples import CODES, Case

PAIRS = {
    "another value": (
        "total", "result += number", "result -= number", "total([1, 3], 4)", 6,
    ),
    "another way": ("total", "number > 2", "number > 3", "total([1, 3], 4)", 4),
    "inside a helper": ("largest", "one >= other", "one <= other", "largest([1, 5])", 13),
    "another argument": ("largest", "(best, number)", "(best, best)", "largest([1, 5])", 12),
    "a guard that is missing": (
        "middle", "    if size == 0:\n        return None\n", "", "middle([])", 4,
    ),
    "an exception": ("middle", "size // 2", "size / 2", "middle([1])", 6),
}  # fmt: skip


def traced(code: str, call: str, sandbox: Sandbox) -> Trace:
    """The trace of one call."""
    run = next(sandbox.run([Job("t", code, (call,), trace=True)])).calls[0]
    return Trace(code, call, run.outcome, run.value, run.exception, run.steps or ())


@pytest.fixture(scope="module")
def sandbox() -> Any:
    """One worker."""
    with Sandbox() as opened:
        yield opened


@pytest.mark.parametrize("name", PAIRS)
def test_the_first_step_that_differs_is_found(name: str, sandbox: Sandbox) -> None:
    """Its line, known by hand for each kind of difference."""
    program, old, new, call, line = PAIRS[name]
    fixed = CODES[program]
    buggy = fixed.replace(old, new)
    run = traced(buggy, call, sandbox)
    split = divergence(run, traced(fixed, call, sandbox))

    assert buggy != fixed
    assert split is not None
    assert run.steps[split.step].line == line


@pytest.mark.parametrize("name", CODES)
def test_runs_of_one_program_do_not_part(name: str, cases: tuple[Case, ...]) -> None:
    """Nor does one that differs in a line which does not run."""
    case = next(item for item in cases if item.bundle.program.id == name)
    for execution in case.bundle.executions:
        assert divergence(execution.trace, execution.trace) is None


def test_all_before_the_divergence_is_the_same(cases: tuple[Case, ...]) -> None:
    """By CPython's own trace of both programs: locals at each line, up to the edit."""
    for case in cases:
        for bug in case.bugs:
            step = bug.trace.steps[bug.divergence.step]
            wrong, right = history(bug.code, bug.trace.call), history(case.code, bug.trace.call)
            same = 0
            while same < min(len(wrong), len(right)) and wrong[same] == right[same]:
                same += 1
            states = sum(item.event != "call" for item in bug.trace.steps[: bug.divergence.step])
            assert states <= same + 2, (bug.id, step)


def history(code: str, call: str) -> list[dict[str, str]]:
    """Locals whenever a line is about to run or a function ends, by `sys.settrace`."""
    found: list[dict[str, str]] = []
    names: dict[str, object] = {}
    exec(compile(code, "<case>", "exec"), names)

    def trace(frame: FrameType, event: str, arg: object) -> Any:
        if frame.f_code.co_filename == "<case>" and event in ("line", "return"):
            found.append({key: repr(value) for key, value in frame.f_locals.items()})
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        eval(call, names)
    except Exception:  # the run is what counts
        pass
    finally:
        sys.settrace(before)
    return found
