"""Executions that no model could predict."""

from dataclasses import replace

import pytest

from pyx_dataset.filters.checks import has_address
from pyx_dataset.reasons import REASONS
from pyx_dataset.schema import Change, Execution, Outcome, Step, Trace

FINE = Trace("def f(): ...", "f()", Outcome.RETURNED, "'look at 0x1f'", None, ())


def execution(trace: Trace) -> Execution:
    return Execution("p_0", "p", trace, is_deterministic=True)


@pytest.mark.parametrize(
    "trace",
    [
        replace(FINE, value=repr(repr(object()))),
        replace(FINE, exception=f"ValueError: {object()}"),
        replace(FINE, steps=(Step(1, "line", 0, "f", (Change("x", f"[{object()}]"),)),)),
        replace(FINE, steps=(Step(1, "return", 0, "f", (), repr(object)),  # a class has none
                             Step(1, "return", 0, "f", (), repr(object())))),
    ],
)  # fmt: skip
def test_an_address_anywhere_is_hidden_state(trace: Trace) -> None:
    """CPython's own `repr` of an object, in the value, the exception, a variable or a return."""
    assert has_address(execution(trace)) in REASONS


def test_a_small_number_in_words_is_no_address() -> None:
    """``at 0x1f`` is text that a program may well make."""
    assert has_address(execution(FINE)) is None
