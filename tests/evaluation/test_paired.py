"""The interval and the test of a difference, against formulas and enumeration."""

from itertools import product
from math import sqrt
from random import Random
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.paired import bootstrap_interval, mcnemar


def test_the_interval_is_the_normal_one_for_many_programs() -> None:
    """1.96 standard errors on each side, by `statistics`."""
    rng = Random(0)
    gains = [float(rng.choice([-1, 0, 0, 1, 1])) for _ in range(2000)]
    low, high = bootstrap_interval(gains, [str(place) for place in range(2000)])
    error = stdev(gains) / sqrt(2000)
    assert low == pytest.approx(mean(gains) - 1.96 * error, abs=error / 10)
    assert high == pytest.approx(mean(gains) + 1.96 * error, abs=error / 10)


def test_calls_of_one_program_count_once() -> None:
    """Each gain four times over leaves the interval as it was."""
    gains, programs = [1.0, 0.0, -1.0, 1.0, 0.0], list("abcde")
    one = bootstrap_interval(gains, programs)
    assert bootstrap_interval(gains * 4, programs * 4) == pytest.approx(one)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=9))
def test_the_p_value_is_the_share_of_coin_flips_as_uneven(pairs: list[tuple[bool, bool]]) -> None:
    """All ways in which the changes could have gone, counted one by one."""
    changes = [right - left for left, right in pairs if left != right]
    flips = [abs(sum(signs)) for signs in product((-1, 1), repeat=len(changes))]
    share = mean(flip >= abs(sum(changes)) for flip in flips)
    assert mcnemar(*zip(*pairs, strict=True)) == pytest.approx(share)
