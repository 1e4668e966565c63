"""Passes and calls that are told in one sentence, each clause of it checked."""

import textwrap
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyx_dataset.monologues.check import check, untold
from pyx_dataset.monologues.forward import forward
from pyx_dataset.monologues.telling.pace import PACES
from pyx_dataset.monologues.telling.simulate import simulation
from pyx_dataset.monologues.telling.stretches import take_out
from pyx_dataset.schema import Trace
from tests.monologues.conftest import Case, run

LOOP = textwrap.dedent(
    """
    def f(xs, k):
        total = 0
        seen = []
        for i, x in enumerate(xs):
            if x > k:
                seen.append(x)
            elif x == k:
                total -= 1
            total += x
        return total, seen, k
    """
).lstrip()
FIB = "def fib(n):\n    if n < 2:\n        return n\n    return fib(n - 1) + fib(n - 2)\n"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-9, 9), min_size=7, max_size=25),
    st.integers(-9, 9),
    st.sampled_from(PACES),
    st.integers(0, 99),
)
def test_every_pace_tells_the_truth_and_all_of_it(
    xs: list[int], k: int, pace: object, seed: int
) -> None:
    """At each pace no claim is contradicted and no change is missing."""
    trace = run(Case(LOOP, f"f({xs}, {k})"))
    text = simulation(trace, Random(seed), pace)  # type: ignore[arg-type]  # sampled
    report = check(text, trace)
    assert report.contradicted == ()
    assert untold(text, trace) == ()


def test_a_pass_that_runs_a_new_line_is_told_alone(
    trace_of: Callable[[str, str], Trace],
) -> None:
    """The only pass with `x == k` does not disappear in a stretch."""
    text = forward(LOOP, "f", trace_of(LOOP, "f([5, 6, 7, 5, 6, 7, 1, 5, 6, 7], 1)"), "",
                   Random(0)).text  # fmt: skip
    told = [line for line in text.split("\n") if "[L12]" in line]
    assert len(told) == 1
    assert "`i = 6`" in told[0]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("in turn", "in turn"),
        ("`x` is `5`", "`x` is `4`"),
        ("every time", "every time"),
    ],
)
def test_a_wrong_clause_is_contradicted(
    trace_of: Callable[[str, str], Trace], right: str, wrong: str
) -> None:
    """A changed value, a turned truth, a shifted number of passes."""
    trace = trace_of(LOOP, "f([5, 6, 7, 5, 6, 7, 8, 5, 6, 7], 1)")
    text = forward(LOOP, "f", trace, "", Random(0)).text
    start = text.index("asses 4 to 9")
    sentence = text[start : text.index("\n", start)]
    changed = {
        "in turn": sentence.replace("asses 4 to 9", "asses 4 to 8"),
        "`x` is `5`": sentence.replace("is `5`", "is `4`", 1),
        "every time": sentence.replace("is true every time", "is false every time"),
    }[right]
    assert changed != sentence
    assert check(text, trace).contradicted == ()
    assert check(text.replace(sentence, changed), trace).contradicted


def test_calls_that_go_as_before_take_one_sentence(
    trace_of: Callable[[str, str], Trace],
) -> None:
    """`fib(2)` is told in full once; later its argument and its value are enough, and checked."""
    trace = trace_of(FIB, "fib(6)")
    text = simulation(trace, Random(0), PACES[2])
    assert len(text.split()) < 0.6 * len(simulation(trace, Random(0)).split())
    assert check(text, trace).contradicted == ()
    assert untold(text, trace) == ()
    _, sentences = take_out(text)
    assert sentences
    wrong = text.replace("`n = 1` and returns `1`", "`n = 1` and returns `2`", 1)
    assert wrong == text or check(wrong, trace).contradicted


def test_other_text_is_left_alone() -> None:
    """Prose that only speaks of passes is no such sentence."""
    text = "[L7] It passes 4 to 9 by. [L8] `x` is `3`."
    assert take_out(text) == (text, ())
