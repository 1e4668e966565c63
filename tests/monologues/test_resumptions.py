"""Where a text says that a generator waits or goes on, it does so there."""

from typing import Any

import pytest

from pyx_dataset.calls import narrate, trace_call
from pyx_dataset.monologues.check import check

CODE = """def pairs(items):
    last = None
    for item in items:
        yield item
        last = item
    yield last


def listed(items):
    return list(pairs(items))
"""


@pytest.mark.parametrize("label", ["L8", "L7", "L10"])
def test_a_resumption_at_another_line_is_contradicted(label: str) -> None:
    """CPython resumes a generator at its `yield`, and nowhere else."""
    told = narrate(CODE, "listed([1, 2])")
    trace = trace_call(CODE, "listed([1, 2])")
    text = told.text.replace("[L8] `pairs` goes on", f"[{label}] `pairs` goes on", 1)

    assert "[L8] `pairs` goes on" in told.text
    assert bool(check(text, trace, told.answer).contradicted) is (label != "L8")


def test_a_generator_that_is_done_waits_no_more() -> None:
    """It waits as often as CPython's list of it is long, and then ends, at a `yield` as well."""
    space: dict[str, Any] = {}
    exec(CODE, space)
    told = narrate(CODE, "listed([1, 2])").text

    assert told.count("`pairs` waits here") == len(space["listed"]([1, 2]))
    assert told.count("`pairs` ends and returns `None`") == 1
    assert told.rindex("`pairs` waits here") < told.index("`pairs` ends and returns `None`")
