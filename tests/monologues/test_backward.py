"""Backward monologues walk from the output to arguments that give it."""

from collections.abc import Callable
from random import Random
from typing import Any

from pyx_dataset.layout import BACKWARD_HEADINGS
from pyx_dataset.monologues.backward import backward
from pyx_dataset.monologues.check import check
from pyx_dataset.schema import Trace


def test_every_claim_holds_walking_up(case: Any, trace: Trace) -> None:
    """Nothing in the deduction is contradicted by the run it deduces."""
    monologue = backward(case.code, case.name, trace, "", Random(0))
    report = check(monologue.text, trace, monologue.answer, direction="backward")
    assert report.contradicted == ()


def test_the_proposed_call_gives_the_output(case: Any, trace: Trace) -> None:
    """CPython executes the answer line."""
    scope: dict[str, object] = {}
    exec(case.code, scope)
    exec(backward(case.code, case.name, trace, "", Random(0)).answer, scope)


def test_the_sections_stand_in_the_public_order(case: Any, trace: Trace) -> None:
    """Four headings, and no line label, as the backward prompt has none."""
    text = backward(case.code, case.name, trace, "", Random(0)).text
    assert [line for line in text.split("\n") if line.startswith("#")] == list(BACKWARD_HEADINGS)
    assert "[L" not in text


def test_an_argument_is_named_only_when_it_is_deduced(
    trace_of: Callable[[str, str], Trace],
) -> None:
    """The output comes first, then what it needs, step by step, up to the argument."""
    code = "def f(n):\n    x = n + 3\n    y = x * 2\n    return y - 1\n"
    text = backward(code, "f", trace_of(code, "f(4)"), "", Random(0)).text
    places = [text.index(part) for part in ("`13`", "`y = 14`", "`x = 7`", "`n = 4`", "`f(4)`")]
    assert places == sorted(places)


def test_an_argument_that_does_not_matter_is_said_to_be_free(
    trace_of: Callable[[str, str], Trace],
) -> None:
    """`k` is not read on the way to this output."""
    code = "def f(xs, k):\n    if not xs:\n        return -1\n    return xs[0] + k\n"
    text = backward(code, "f", trace_of(code, "f([], 7)"), "", Random(0)).text
    assert "Nothing on this path depends on the rest, so take `k = 7`." in text


def test_lost_values_are_named_as_freedom(trace_of: Callable[[str, str], Trace]) -> None:
    """`len` keeps only the length."""
    code = "def f(xs):\n    n = len(xs)\n    return n\n"
    text = backward(code, "f", trace_of(code, "f([5, 6])"), "", Random(0)).text
    assert "any value of that length would do, so take `xs = [5, 6]`" in text
