"""Finding what is wrong with a trace: every planted fault is named, and true traces have none."""

from dataclasses import replace
from typing import Any

import pytest

from pyx_dataset.schema import Change, Trace
from pyx_dataset.traces.replay import replay, replay_errors

APPENDED = Change("y", "[1, 2]")
CODE = """\
def half(n):
    m = n // 2
    return m

def f(n):
    total = 0
    while n:
        n = half(n)
        total += n
    del n
    return total
"""


@pytest.fixture
def trace(trace_of: Any) -> Trace:
    """A true trace with a helper in it."""
    found: Trace = trace_of(CODE, "f(5)")
    return found


def test_true_trace_has_no_errors(trace: Trace) -> None:
    """What CPython did fits together."""
    assert replay_errors(trace) == []


def test_replay_ends_with_the_called_function(trace: Trace) -> None:
    """The last frame to end is the entry, with the variables it had then."""
    frames = replay(trace.steps)
    assert [frame.function for frame in frames] == ["half", "half", "half", "f"]
    assert frames[-1].variables == {"total": "3"}


@pytest.mark.parametrize(
    ("plant", "named"),
    [
        (lambda steps: steps[1:], "depth"),
        (lambda steps: steps[:-1], "never ends"),
        (lambda steps: (*steps, steps[1]), "depth"),
        (lambda steps: (steps[0], replace(steps[1], line=99), *steps[2:]), "line 99"),
        (lambda steps: (steps[0], replace(steps[1], line=4), *steps[2:]), "line 4"),
        (lambda steps: (steps[0], replace(steps[1], function="g"), *steps[2:]), "in g"),
        (lambda steps: (steps[0], replace(steps[1], depth=1), *steps[2:]), "depth 1"),
        (lambda steps: (*steps[:-1], replace(steps[-1], value="4")), "return 4"),
        (lambda steps: (*steps[:-1], replace(steps[-1], event="exception")), "exception 3"),
        (lambda steps: tuple(replace(s, function="g", depth=0) for s in steps[:1]), "never ends"),
        (lambda steps: (), "no steps"),
    ],
)
def test_planted_fault_is_named(trace: Trace, plant: Any, named: str) -> None:
    """A missing step, a wrong line, function, depth, value or end is found."""
    error, *_ = replay_errors(replace(trace, steps=plant(trace.steps)))
    assert named in error


def test_wrong_function_is_named(trace: Trace) -> None:
    """The trace must be of the function that the call names."""
    (error,) = replay_errors(replace(trace, call="half(5)"))
    assert "half()" in error


def test_wrong_exception_is_named(trace_of: Any) -> None:
    """A raised exception must be the one of the last step."""
    trace = trace_of("def f(x):\n    return x[0]\n", "f([])")
    assert replay_errors(trace) == []
    (error,) = replay_errors(replace(trace, exception="KeyError: 0"))
    assert "IndexError" in error


def test_return_of_another_value_than_the_variable_has_is_named(trace_of: Any) -> None:
    """Where ``return`` names a variable, the changes replayed must lead to what it gave."""
    code = "def g(x):\n    y = [x]\n    y.append(2)\n    return y\ndef f():\n    return len(g(1))\n"
    trace = trace_of(code, "f()")
    assert replay_errors(trace) == []
    (index,) = [i for i, step in enumerate(trace.steps) if step.changed[:1] == (APPENDED,)]
    steps = list(trace.steps)
    steps[index] = replace(steps[index], changed=(Change("y", "[1, 3]"),))
    (error,) = replay_errors(replace(trace, steps=tuple(steps)))
    assert error == "step 6 returns [1, 2], but y is [1, 3]"


def test_return_of_another_value_than_its_part_is_named(noted_of: Any) -> None:
    """The same of any expression, where its parts were recorded."""
    trace = noted_of("def f(x):\n    return x * 2 + 1\n", "f(3)")
    assert replay_errors(trace) == []
    *others, last = trace.parts
    (error,) = replay_errors(replace(trace, parts=(*others, replace(last, value="8"))))
    assert error == "step 2 returns 7, but x * 2 + 1 is 8"


def test_what_runs_after_a_return_may_change_the_variable(trace_of: Any) -> None:
    """A ``finally`` or the end of a ``with`` is no fault of the trace."""
    code = "def f(x):\n    try:\n        return x\n    finally:\n        x = 2\n"
    assert replay_errors(trace_of(code, "f(1)")) == []
