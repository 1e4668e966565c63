"""Which moments of a long loop are told in few words."""

from collections.abc import Sequence

from pyx_dataset.monologues.blocks import Statement
from pyx_dataset.monologues.story import Moment

LONG_LOOP = 6
"""A loop of more passes is told in full for its first `FULL_PASSES` and its last."""
FULL_PASSES = 3


def brief(story: Sequence[Moment]) -> frozenset[int]:
    """Places in `story` that lie in a middle pass of a long loop, helpers called there included."""
    found: set[int] = set()
    passes: dict[tuple[int, int], int] = {}
    loops: dict[int, set[Statement]] = {}
    is_brief = False
    for place, moment in enumerate(story):
        if moment.event == "call":
            loops[moment.frame] = set()  # told as its caller is: `is_brief` stays
        else:
            open_loops = loops[moment.frame]
            if moment.statement and moment.passes is not None:
                key = moment.frame, moment.line
                passes[key] = 1 if moment.is_first else passes[key] + 1
                open_loops.discard(moment.statement)
                if moment.passes > LONG_LOOP and FULL_PASSES < passes[key] < moment.passes:
                    open_loops.add(moment.statement)
            is_brief = any(moment.line in (loop.line, *loop.block) for loop in open_loops)
        if is_brief:
            found.add(place)
    return frozenset(found)
