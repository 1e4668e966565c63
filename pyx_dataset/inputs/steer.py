"""What the calls tried so far say about where to search on, and when to stop."""

from collections import Counter
from collections.abc import Sequence
from math import fsum

from pyx_dataset.inputs.choose import Point, Tried, points_of_all

_QUIET = 120
"""Proposals that may reach nothing new before a search ends that has not reached everything."""

_ENOUGH = 90
"""Proposals made even if all is reached: other values are wanted, and known calls by which to
judge what is said of the program."""

_MOST_PARENTS = 60
"""Calls to breed from at once: more would drown those that reached something rare."""


def parents(valid: Sequence[Tried], raised: Sequence[Tried]) -> dict[str, float]:
    """
    The calls to change into new ones, each with how often to take it.

    A call counts for more the fewer others reach what it reached. One that raised is a parent
    only if it came further than those that returned, or if none did.
    """
    beyond = points_of_all(valid)
    found = [*valid, *(item for item in raised if item.points - beyond)]
    reached = Counter(point for item in found for point in item.points)
    weighed = {
        item.call: fsum(1 / reached[point] for point in item.points) + 1 / len(found)
        for item in found
    }
    best = sorted(weighed, key=weighed.__getitem__, reverse=True)[:_MOST_PARENTS]
    return {call: weighed[call] for call in best}


class Progress:
    """When a search has seen enough."""

    def __init__(self, there: frozenset[Point], most: int) -> None:
        """
        Watch a search.

        Args:
            there: All points of the program.
            most: Proposals after which it ends in any case.
        """
        self.missing = set(there)
        self.most = most
        self.proposals = 0
        self.fruitful = 0
        """Proposals when something new was last reached."""

    def note(self, proposals: int, tried: Sequence[Tried]) -> None:
        """Count a round of `proposals` of which `tried` returned or raised."""
        self.proposals += proposals
        found = points_of_all(tried)
        if not self.missing.isdisjoint(found):
            self.fruitful = self.proposals
            self.missing -= found

    def left(self) -> int:
        """How many more proposals are worth making."""
        if not self.missing:
            return min(self.most, _ENOUGH) - self.proposals
        return min(self.most, max(_ENOUGH, self.fruitful + _QUIET)) - self.proposals
