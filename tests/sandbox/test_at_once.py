"""Calls that are asked for at once have the limits of one each, as if asked one by one."""

from collections.abc import Callable

import pytest

from pyx_dataset.sandbox.judge import Judged, TestCase, judge
from pyx_dataset.sandbox.pool import CallResult, Sandbox
from pyx_dataset.schema import Outcome

Run = Callable[..., tuple[CallResult, ...]]

SPENDS = """
import time
def f(cpu_s, wall_s=0):
    time.sleep(wall_s)
    end = time.process_time() + cpu_s
    while time.process_time() < end:
        pass
    return cpu_s
"""


def test_calls_that_only_together_pass_the_limit_all_return(run: Run) -> None:
    """Five times 0.12 s of CPU, where one call may use 0.2 s."""
    results = run(SPENDS, *["f(0.12)"] * 5)

    assert [result.value for result in results] == ["0.12"] * 5


def test_the_one_call_that_passes_the_limit_is_found_among_others(run: Run) -> None:
    """Whether quick or slow ones stand before it and behind it."""
    results = run(SPENDS, "f(0)", "f(0.12)", "f(9)", "f(0.12)", "f(0)", "f(0.12)")

    assert [result.value for result in results] == ["0", "0.12", None, "0.12", "0", "0.12"]
    assert results[2].outcome is Outcome.TIMED_OUT


def test_calls_that_sleep_are_not_hurried(run: Run) -> None:
    """Four times 0.7 s of waiting, where one call may take 2 s."""
    results = run(SPENDS, *["f(0, 0.7)"] * 4)

    assert [result.value for result in results] == ["0"] * 4


def test_large_results_come_back_whole(box: Sandbox, run: Run) -> None:
    """More than a worker keeps before it sends: printed text, 60 KiB from each of 40 calls."""
    results = run(
        "def f(n):\n    print('x' * 60_000)\n    return n", *[f"f({n})" for n in range(40)]
    )

    assert [(result.value, len(result.stdout)) for result in results] == [
        (str(n), 60_001) for n in range(40)
    ]


@pytest.mark.parametrize(("calls", "passed"), [(1, True), (2, False)])
def test_a_call_of_the_candidate_that_is_not_made_costs_no_verdict(
    box: Sandbox, calls: int, passed: bool
) -> None:
    """Two foreseen calls pass the limit of the test together; it makes one of them, or both."""
    made = "".join(f"    assert f(0.12) == 0.12  # {number}\n" for number in range(calls))
    test = f"def test_a():\n{made}    return\n    f(0.12)\n"

    (judged,) = judge([TestCase("a", SPENDS, test)], box)

    assert judged.passed is passed
    if passed:
        assert judged == Judged("a", True, Outcome.RETURNED, "")
    else:
        assert judged.outcome is Outcome.TIMED_OUT
