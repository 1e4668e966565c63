"""Steps on the wire: what is sent arrives, and what a hostile child sends does not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.schema import EVENTS, Change, Step
from pyx_dataset.traces.codec import decode_steps, encode_steps

TEXT = st.text(max_size=5)
STEPS = st.lists(
    st.builds(
        Step,
        line=st.integers(1, 99),
        event=st.sampled_from(EVENTS),
        depth=st.integers(0, 9),
        function=TEXT,
        changed=st.lists(st.builds(Change, TEXT, TEXT), max_size=2).map(tuple),
        value=st.none() | TEXT,
    ),
    max_size=4,
).map(tuple)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.sampled_from(EVENTS),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(TEXT, inner, max_size=2),
)


@given(STEPS)
def test_steps_survive_the_wire(steps: tuple[Step, ...]) -> None:
    """Encoding, JSON and decoding give the same records, lone surrogates too."""
    assert decode_steps(json.loads(json.dumps(encode_steps(steps)))) == steps


@given(JSON)
def test_foreign_data_is_a_value_error(wire: Any) -> None:
    """Whatever JSON arrives, it is steps or a ValueError."""
    try:
        steps = decode_steps(wire)
    except ValueError:
        return
    assert encode_steps(steps) == wire


@pytest.mark.parametrize(
    "step",
    [
        ["jump", 1, 0, "f", [], None],
        ["line", 0, 0, "f", [], None],
        ["line", True, 0, "f", [], None],
        ["line", 1, -1, "f", [], None],
        ["line", 1, 0, None, [], None],
        ["line", 1, 0, "f", [["x"]], None],
        ["line", 1, 0, "f", [["x", 1]], None],
        ["line", 1, 0, "f", [], 1],
        ["line", 1, 0, "f", []],
        {},
    ],
)
def test_each_part_of_a_step_is_checked(step: object) -> None:
    """One wrong part is enough."""
    with pytest.raises(ValueError, match="is not"):
        decode_steps([step])
