"""Neighbours of values."""

import copy
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.inputs.calls import literal
from pyx_dataset.inputs.ingredients import Ingredients
from pyx_dataset.inputs.mutate import mutate

atoms = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(-1e6, 1e6)
plain = st.recursive(
    atoms | st.sets(st.integers() | st.text(max_size=3)),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)
MIX = Ingredients(ints=(7,), strs=("seven",), chars=("x", "y"))


@given(plain, st.integers())
def test_a_neighbour_has_the_same_type(value: object, number: int) -> None:
    """Outermost types never change, so a valid call mostly stays valid."""
    assert type(mutate(value, Random(number), MIX)) is type(value)


@given(plain, st.integers())
def test_the_original_is_left_alone(value: object, number: int) -> None:
    """Known calls are shared by many mutations."""
    before = copy.deepcopy(value)
    mutate(value, Random(number), MIX)

    assert value == before


@given(st.sets(st.text(max_size=3), min_size=2), st.integers())
def test_the_order_of_a_set_has_no_say(value: set[str], number: int) -> None:
    """Sets that were filled in another order, as under another hash seed, change alike."""
    other: set[str] = set()
    for item in sorted(value, reverse=True):
        other.add(item)

    assert literal(mutate(value, Random(number), MIX)) == literal(
        mutate(other, Random(number), MIX)
    )
