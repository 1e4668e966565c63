"""Calls as text and as values."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.inputs.calls import literal, normal_call, parse_call

atoms = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
keys = st.integers() | st.text(max_size=5)
plain = st.recursive(
    atoms | st.text(max_size=5) | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(keys, inner, max_size=3)
        | st.sets(keys, max_size=3)
    ),
    max_leaves=8,
)


@given(plain)
def test_a_literal_reads_back_as_the_value(value: object) -> None:
    """`ast.literal_eval` undoes `literal`, types included."""
    again = ast.literal_eval(literal(value))

    assert again == value
    assert type(again) is type(value)


@given(plain, plain)
def test_the_normal_form_of_a_call_is_a_fixed_point(one: object, other: object) -> None:
    """Writing it once more changes nothing, and the arguments survive."""
    text = normal_call(f"f( {one!r} , key = {other!r})")
    call = parse_call(text or "")

    assert text == normal_call(text or "")
    assert call
    assert (call.args, call.named) == ((one,), {"key": other})


@pytest.mark.parametrize(
    "text", ["f(x)", "f(*[1])", "f(**{})", "a.f(1)", "f(1)(2)", "f(...)", "f(", "1"]
)
def test_what_is_not_a_plain_call_has_no_normal_form(text: str) -> None:
    """Only one function, by name, with literals."""
    assert normal_call(text) is None
