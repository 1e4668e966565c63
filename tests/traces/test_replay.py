"""Finding what is wrong with a trace: every planted fault is named, and true traces have none."""

from dataclasses import replace
from typing import Any

import pytest

from pyx_dataset.schema import Trace
from pyx_dataset.traces.replay import replay, replay_errors

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
    (error,) = replay_errors(replace(trace, steps=plant(trace.steps)))
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
