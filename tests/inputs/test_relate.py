"""Calls made from others."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.inputs.calls import Call, parse_call, render_call
from pyx_dataset.inputs.ingredients import Ingredients
from pyx_dataset.inputs.relate import neighbour, tie

MIX = Ingredients(ints=(7,), strs=("seven",), chars=("x",))
atoms = st.integers(-99, 99) | st.text("abc ", max_size=4) | st.booleans() | st.none()
plain = st.recursive(
    atoms,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=5,
)
calls = st.builds(
    Call,
    st.just("f"),
    st.lists(plain, min_size=1, max_size=3).map(tuple),
    st.dictionaries(st.sampled_from(["k", "m"]), plain),
)


@given(calls, calls, st.integers())
def test_neighbours_keep_the_form_of_a_call(one: Call, other: Call, number: int) -> None:
    """As many arguments, the same names, and it still reads back as a call."""
    made = neighbour(one, [one, other], (), Random(number), MIX)

    assert len(made.args) == len(one.args)
    assert made.named.keys() == one.named.keys()
    assert parse_call(render_call(made)) is not None


@given(calls, st.integers())
def test_the_call_itself_is_left_alone(one: Call, number: int) -> None:
    """Known calls are the parents of many."""
    before = render_call(one)
    neighbour(one, [one], (), Random(number), MIX)
    tie(one, Random(number), MIX)

    assert render_call(one) == before


def test_arguments_are_sometimes_made_to_fit() -> None:
    """One string ends up inside the other, one number becomes a length."""
    texts = [tie(Call("f", ("spam", "xyz")), Random(n), MIX).args for n in range(300)]
    sizes = [tie(Call("f", ([5, 5, 5], 900)), Random(n), MIX).args for n in range(300)]

    assert any("xyz" in str(one) for one, _ in texts)
    assert any(size == len(items) == 3 for items, size in sizes)
    assert sum(pair == ("spam", "xyz") for pair in texts) > 200
