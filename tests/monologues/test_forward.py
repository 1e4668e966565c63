"""Forward monologues say what happened, all of it, and end in the value."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from pyx_dataset.errors import NotNarratable
from pyx_dataset.layout import FORWARD_HEADINGS
from pyx_dataset.monologues.check import check, untold
from pyx_dataset.monologues.forward import forward
from pyx_dataset.schema import Outcome, Trace


@pytest.mark.parametrize("seed", range(3))
def test_every_claim_holds_and_every_change_is_told(case: Any, trace: Trace, seed: int) -> None:
    """Whatever words the seed chooses."""
    monologue = forward(case.code, case.name, trace, "", Random(seed))
    report = check(monologue.text, trace, monologue.answer)
    assert report.contradicted == report.unchecked == ()
    assert untold(monologue.text, trace) == ()


def test_the_answer_is_what_cpython_returns(case: Any, trace: Trace) -> None:
    """Executing the answer line with the program passes."""
    scope: dict[str, object] = {}
    exec(case.code, scope)
    exec(forward(case.code, case.name, trace, "", Random(0)).answer, scope)


def test_the_sections_stand_in_the_public_order(case: Any, trace: Trace) -> None:
    """Four headings, each followed by text."""
    text = forward(case.code, case.name, trace, "Do it. Well.", Random(0)).text
    lines = text.split("\n")
    assert [line for line in lines if line.startswith("#")] == list(FORWARD_HEADINGS)
    assert all(lines[lines.index(heading) + 1] for heading in FORWARD_HEADINGS)


def test_the_same_seed_gives_the_same_words(case: Any, trace: Trace) -> None:
    """And the call of another generator does not matter."""
    first, second = (forward(case.code, case.name, trace, "", Random(5)).text for _ in range(2))
    assert first == second


def test_a_long_loop_takes_few_words(trace_of: Callable[[str, str], Trace]) -> None:
    """Twice the passes, hardly more words: what brings nothing new is told in one sentence."""
    code = "def f(n):\n    r = []\n    for i in range(n):\n        r.append(i * i)\n    return r\n"
    sizes = [
        len(forward(code, "f", trace_of(code, f"f({n})"), "", Random(0)).text.split())
        for n in (20, 40)
    ]
    assert sizes[1] - sizes[0] < 60


def test_the_result_is_not_given_away(trace_of: Callable[[str, str], Trace]) -> None:
    """Before the simulation reaches it, the value is not in the text."""
    code = "def f(x):\n    y = x * 1000 + 7\n    return y * 3\n"
    text = forward(code, "f", trace_of(code, "f(41)"), "", Random(0)).text
    assert "123021" in text
    assert "123021" not in text[: text.index("[L6]")]


@pytest.mark.parametrize(
    ("code", "call"),
    [
        (
            "def g(n):\n    yield n\n    yield n + 1\n\n"
            "def f(k):\n    return list(zip(g(k), g(9)))\n",
            "f(2)",
        ),
        (
            "class C:\n    def __init__(self):\n        self.n = 0\n\n"
            "def f(k):\n    c = C()\n    c.n += k\n    return c.n\n",
            "f(2)",
        ),
    ],
)
def test_hidden_state_is_not_narrated(
    trace_of: Callable[[str, str], Trace], code: str, call: str
) -> None:
    """Which of two generators goes on, and the attributes of an object that is only named."""
    trace = trace_of(code, call)
    with pytest.raises(NotNarratable) as caught:
        forward(code, "f", trace, "", Random(0))
    assert caught.value.reason == "hidden_state"


def test_a_generator_is_told_pause_by_pause(trace_of: Callable[[str, str], Trace]) -> None:
    """What it holds survives its pauses, and its loop counts its passes across them."""
    code = (
        "def g(xs, k):\n    n = 0\n    for x in xs:\n        n += x\n        if x > k:\n"
        "            yield n\n\n"
        "def f(xs, k=1):\n    total = 0\n    for y in g(xs, k):\n        total += y\n"
        "    return total\n"
    )
    trace = trace_of(code, "f([1, 2, 0, 5])")
    monologue = forward(code, "f", trace, "", Random(0))
    report = check(monologue.text, trace, monologue.answer)
    assert monologue.text.count("`g` goes on") == 2
    assert "after 4 passes" in monologue.text
    assert untold(monologue.text, trace) == ()
    assert report.contradicted == report.unchecked == ()


def test_an_iterator_is_told_by_its_kind(trace_of: Callable[[str, str], Trace]) -> None:
    """What it yields shows in the variables that get it, so the run can be followed."""
    code = "def f(xs):\n    it = iter(xs)\n    a = next(it)\n    return a + next(it)\n"
    trace = trace_of(code, "f([4, 5])")
    monologue = forward(code, "f", trace, "", Random(0))
    assert "`it` is now an iterator" in monologue.text
    assert untold(monologue.text, trace) == ()
    assert check(monologue.text, trace, monologue.answer).contradicted == ()


def test_a_call_that_raised_is_not_narrated() -> None:
    """There is no value to end in."""
    code = "def f(x):\n    return 1 / x\n"
    trace = Trace(code, "f(0)", Outcome.RAISED, None, "ZeroDivisionError: division by zero", ())
    with pytest.raises(NotNarratable) as caught:
        forward(code, "f", trace, "", Random(0))
    assert caught.value.reason == "raised"
