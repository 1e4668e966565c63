"""Where a text says that a generator goes on, it went on there."""

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
