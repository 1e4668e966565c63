"""What a backward text asks of earlier moments is held against them."""

import pytest

from pyx_dataset.calls import trace_call
from pyx_dataset.monologues.check import check

CODE = """def total(numbers, start):
    result = start
    for number in numbers:
        if number > 2:
            result += number
    return result
"""
HEAD = "### Reverse Deduction\n- "


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        # What CPython makes of these expressions in the states of the run decides.
        ("`result + number` has to be `18`", "confirmed"),
        ("`result + number` has to be `19`", "contradicted"),
        ("on this path `number > 2` must be true", "confirmed"),
        ("`start > 10` must be false", "confirmed"),
        ("`start > 10` must be true", "contradicted"),
        ("so `0 + numbers[0]` has to be `1`", "confirmed"),
        ("`len(numbers)` gave `3`", "confirmed"),
        ("`len(numbers)` gave `4`", "contradicted"),
        ("`frobnicate(numbers)` has to be `4`", "unchecked"),
        ("Left at the top: `start + 1` has to be `11`", "confirmed"),
        ("Left at the top: `len(numbers)` has to be `2`", "contradicted"),
        ("Left at the top: `number > 2` must be true", "unchecked"),
    ],
)
def test_a_condition_is_held_against_the_states_of_the_run(line: str, verdict: str) -> None:
    """One that holds nowhere is contradicted; at the top only the arguments count."""
    report = check(f"{HEAD}{line}.", trace_call(CODE, "total([1, 3, 5], 10)"), direction="backward")
    found = {
        name: [item.claim.text for item in getattr(report, name)]
        for name in ("confirmed", "contradicted", "unchecked")
    }
    words = line[line.index("`") :]

    assert found[verdict] == [words]
    assert not [text for name, texts in found.items() if name != verdict for text in texts]
