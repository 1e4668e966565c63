"""Changes of elements: run as the assignments that they are, they give the new value."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.traces.elements import element_changes, elements
from pyx_dataset.traces.values import canonical, parse

ATOMS = st.sampled_from([0, 1, True, 1.0, -0.0, "a", None, b"x"])
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([1, True, "a", "b'", (1, "x")]), inner, max_size=3)
        | st.tuples(inner, inner)
        | st.sets(ATOMS, max_size=2)
    ),
    max_leaves=9,
)


@given(VALUES, VALUES)
def test_changes_lead_from_the_old_value_to_the_new_one(old: Any, new: Any) -> None:
    """Executed one by one by Python itself, whatever the two values are."""
    before, after = canonical(old, 10_000), canonical(new, 10_000)
    names: dict[str, Any] = {"x": parse(before), "nan": float("nan")}
    for change in elements("x", before, after):
        deletes = change.value == "<deleted>"
        exec(f"del {change.name}" if deletes else f"{change.name} = {change.value}", names)

    assert canonical(names["x"], 10_000) == after


def test_a_table_tells_the_cell(trace_of: Any) -> None:
    """What is small beside the whole value is told; a value that is small itself is not."""
    code = (
        "def f(n):\n"
        "    dp = [[0] * n for _ in range(n)]\n"
        "    dp[2][3] = 7\n"
        "    ys = dp\n"
        "    ys.append([1])\n"
        "    n = [n]\n"
        "    n[0] = 1\n"
        "    del dp\n"
    )
    found = list(element_changes(trace_of(code, "f(4)").steps))

    assert [[(item.name, item.value) for item in each] for each in found] == [
        [], [], [("dp[2][3]", "7")], [], [("dp[4:]", "[[1]]"), ("ys[4:]", "[[1]]")], [], [], [], [],
    ]  # fmt: skip


def test_what_is_not_plain_is_told_whole() -> None:
    """There is no looking into a text that is not data."""
    (change,) = elements("c", "Counter({'a': 1})", "Counter({'a': 2})")
    assert (change.name, change.value) == ("c", "Counter({'a': 2})")
