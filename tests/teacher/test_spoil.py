"""Planted errors are errors, and few."""

from random import Random

import pytest

from pyx_dataset.calls import narrate, trace_call
from pyx_dataset.monologues.check import check
from pyx_dataset.schema import Direction
from pyx_dataset.teacher.spoil import spoiled

PROGRAMS = {
    "total([3, 4, 5])": """def total(xs):
    sum_ = 0
    for x in xs:
        sum_ += x
    return sum_
""",
    "clamp(12, 0, 10)": """def clamp(v, lo, hi):
    if v < lo:
        return lo
    if v > hi:
        return hi
    return v
""",
    "initials('ada lovelace')": """def initials(name):
    out = ''
    for word in name.split():
        out += word[0]
    return out
""",
}


@pytest.mark.parametrize("call", PROGRAMS)
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_a_spoiled_monologue_differs_in_one_line_and_the_run_contradicts_it(
    call: str, direction: Direction
) -> None:
    """The true text stands; of the spoiled ones nearly all fall forward, and many backward."""
    code = PROGRAMS[call]
    told = narrate(code, call, direction=direction)
    true_call = told.answer.removeprefix("assert ").partition(" == ")[0]
    trace = trace_call(code, true_call)
    worse = list(spoiled(told.text, Random(7)))
    found = [
        bool(check(item.text, trace, told.answer, direction=direction).contradicted)
        for item in worse
    ]

    assert not check(told.text, trace, told.answer, direction=direction).contradicted
    assert len(worse) >= 3
    for item in worse:
        lines = zip(told.text.split("\n"), item.text.split("\n"), strict=True)
        assert sum(left != right for left, right in lines) == 1
    assert sum(found) >= (0.9 if direction == "forward" else 0.4) * len(found)


def test_what_has_no_simulation_is_not_spoiled() -> None:
    """An introduction states nothing that a run could contradict."""
    assert not list(spoiled("### Understanding the Function\nIt returns `3`.", Random(1)))
