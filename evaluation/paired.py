"""Two runs on the same tasks: an interval for the difference, and a test of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, isnan

import numpy as np

from evaluation.results import Row, pass_rates
from pyx_dataset.grading import mean_and_stderr

RESAMPLES = 10_000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Gain:
    """What one run has over another on the same tasks; differences of rates between -1 and 1."""

    mean: float
    stderr: float
    """Clustered by program; NaN where a single program leaves it unknown."""
    low: float
    high: float
    p: float | None
    """None where rates of several samples are neither right nor wrong."""

    def cells(self) -> tuple[str, str, str]:
        """
        Difference, 95 % interval and p, in percent, for a table.

        >>> Gain(0.25, 0.125, -0.125, 0.5, 0.5).cells()
        ('+25.0 ± 12.5', '-12.5 to +50.0', '0.5')
        """
        p = "" if self.p is None else "<0.001" if self.p < 0.001 else f"{self.p:.2g}"
        if isnan(self.stderr):
            return f"{100 * self.mean:+.1f}", "", p
        difference = f"{100 * self.mean:+.1f} ± {100 * self.stderr:.1f}"
        return difference, f"{100 * self.low:+.1f} to {100 * self.high:+.1f}", p


def compare_rates(others: Sequence[Row], own: Sequence[Row]) -> Gain:
    """Hold `own` verdicts against `others` on the same tasks, in the same order."""
    left, programs = pass_rates(others)
    right, _ = pass_rates(own)
    gains = [mine - other for mine, other in zip(right, left, strict=True)]
    mean, stderr = mean_and_stderr(gains, programs)
    is_binary = len(others) == len(own) == len(gains)
    p = mcnemar([*map(bool, left)], [*map(bool, right)]) if is_binary else None
    return Gain(mean, stderr, *bootstrap_interval(gains, programs), p)


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
