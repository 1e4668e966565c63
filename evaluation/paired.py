"""Two runs on the same tasks: an interval for the difference, and a test of it."""

from collections.abc import Sequence
from math import comb

import numpy as np

RESAMPLES = 10_000
LEVEL = 0.95


def bootstrap_interval(gains: Sequence[float], programs: Sequence[str]) -> tuple[float, float]:
    """
    A 95 % percentile interval for the mean of `gains`.

    Whole programs are drawn, with replacement, since calls of one program are not independent
    (Davison and Hinkley 1997, section 3.8). Always with the same draws.
    """
    place = {program: index for index, program in enumerate(dict.fromkeys(programs))}
    sums, counts = np.zeros(len(place)), np.zeros(len(place))
    for gain, program in zip(gains, programs, strict=True):
        sums[place[program]] += gain
        counts[place[program]] += 1
    drawn = np.random.default_rng(0).integers(len(place), size=(RESAMPLES, len(place)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def mcnemar(left: Sequence[bool], right: Sequence[bool]) -> float:
    """
    The exact p-value of McNemar's test (1947): are changes in both directions equally likely?

    It takes tasks to be independent; with several calls of a program, trust the interval.

    >>> mcnemar([False] * 6, [True] * 6)
    0.03125
    """
    gained = sum(b and not a for a, b in zip(left, right, strict=True))
    lost = sum(a and not b for a, b in zip(left, right, strict=True))
    total = gained + lost
    tail: int = sum(comb(total, count) for count in range(min(gained, lost) + 1))
    return float(min(1.0, 2 * tail / 2**total))
