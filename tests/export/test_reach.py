"""Means over programs, worked out by hand."""

from dataclasses import replace

from pyx_dataset.export.reach import Reach
from tests.export.samples import bundle


def test_means_are_over_programs() -> None:
    """Each program counts once, however many calls it has."""
    reach = Reach()
    one = bundle(1)
    reach.add(one)
    reach.add(replace(one, coverage=0.5, executions=one.executions[:1]))

    assert reach.means() == {
        "lines reached, share": 0.75,
        "branches taken, share": 0.5,
        "calls": 1.5,
        "different values returned": 1.0,
        "calls that raise": 0.5,
    }
    assert Reach().means() == {}
