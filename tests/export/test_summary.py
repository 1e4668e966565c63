"""Numbers of a build, worked out by hand or by the standard library."""

from collections import Counter
from dataclasses import replace
from statistics import median_low

from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.export.summary import Summary, _spread
from tests.export.samples import bundle


def test_means_are_over_programs() -> None:
    """Each program counts once, however many calls it has."""
    summary = Summary()
    one = bundle(1)
    summary.add(one)
    summary.add(replace(one, coverage=0.5, executions=one.executions[:1]))
    numbers = summary.numbers()

    assert numbers["reach"] == {
        "lines reached, share": 0.75,
        "branches taken, share": 0.5,
        "calls": 1.5,
        "different values returned": 1.0,
        "calls that raise": 0.5,
    }
    assert numbers["outcomes"] == {"raised": 1, "returned": 2}


def test_an_empty_build_has_numbers_too() -> None:
    """Nothing to take a mean of."""
    numbers = Summary().numbers()

    assert numbers["reach"] == {}
    assert {spread["n"] for spread in numbers["spreads"].values()} == {0}


@given(st.lists(st.integers(0, 500), min_size=1), st.integers(1, 40))
def test_a_spread_agrees_with_the_standard_library(sizes: list[int], width: int) -> None:
    """Median, ends and the sum of the bins."""
    spread = _spread(Counter(sizes), width)

    assert spread["median"] == median_low(sizes)
    assert (spread["min"], spread["max"]) == (min(sizes), max(sizes))
    assert sum(spread["bins"].values()) == spread["n"] == len(sizes)
    assert all(int(start) % width == 0 for start in spread["bins"])
