"""The figures of the metric, on texts whose claims can be counted by hand."""

from collections.abc import Callable

import pytest

from pyx_dataset.faithfulness import hold
from pyx_dataset.schema import Outcome, Trace

CODE = "def f(s):\n    n = len(s)\n    return n * 2\n"


@pytest.fixture
def trace(trace_of: Callable[[str, str], Trace]) -> Trace:
    return trace_of(CODE, "f('abc')")


def test_claims_and_sentences_are_counted(trace: Trace) -> None:
    """Two claims, one of them wrong, in three sentences."""
    found = hold("- [L6]: `n` is `3`.\n- Nothing else changes.\n- [L7]: It returns `7`.", trace)
    assert (found.confirmed, found.contradicted, found.unchecked) == (1, 1, 0)
    assert (found.checked_sentences, found.sentences) == (2, 3)
    assert not found.is_faithful
    assert "6" in found.reason


def test_a_full_account_is_counted_too(trace: Trace) -> None:
    """Ours go label by label."""
    found = hold("[L5] `s = 'abc'`. [L6] `n` is set to `3`. [L7] `f` returns `6`.", trace)
    assert (found.confirmed_share, found.checked_share, found.is_faithful) == (1, 1, True)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_not_faithful(trace: Trace, text: str) -> None:
    """An empty answer must not score."""
    assert not hold(text, trace).is_faithful


def test_a_call_without_a_trace_has_no_faithful_text() -> None:
    """The outcome says why."""
    found = hold("It returns `1`.", Trace("def f(): ...", "g()", Outcome.INVALID, None, None, ()))
    assert (found.is_faithful, found.outcome) == (False, Outcome.INVALID)
