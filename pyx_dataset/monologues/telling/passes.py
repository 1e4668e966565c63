"""Passes of a long loop that bring nothing new, told together, and the check of such a sentence.

    [L8] Passes 4 to 9 go the same way: `x` is `3`, `-1` and `4` in turn; `best` stays `5`.

Every variable that changes in a stretch is accounted for, and each clause says something about
all of its passes. Which passes are told that way, `pace` decides.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyx_dataset.monologues.run.blocks import Statement, source_of
from pyx_dataset.monologues.run.story import Moment


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring passes of one run of a loop."""

    loop: Statement
    first: int
    """Number of its first pass; the passes of a run count from 1."""
    last: int
    headers: tuple[int, ...]
    """Places in the story where its passes start."""
    end: int
    """Where the pass behind it starts."""

    @property
    def start(self) -> int:
        """Where its first pass starts."""
        return self.headers[0]


def runs(story: Sequence[Moment]) -> Iterator[list[int]]:
    """For each run of each loop, the places where its header was reached, in order of entry."""
    found: list[list[int]] = []
    latest: dict[tuple[int, int], list[int]] = {}
    for place, moment in enumerate(story):
        if moment.statement and moment.passes is not None and moment.event == "line":
            key = moment.frame, moment.line
            if moment.is_first or key not in latest:
                latest[key] = []
                found.append(latest[key])
            latest[key].append(place)
    yield from found


def changed_in(story: Sequence[Moment], stretch: Stretch) -> list[str]:
    """Variables of the loop's frame that change in the stretch, in order."""
    frame = story[stretch.start].frame
    moments = (item for item in story[stretch.start : stretch.end] if item.frame == frame)
    return list(dict.fromkeys(change.name for item in moments for change in item.changed))


def values_of(name: str, story: Sequence[Moment], stretch: Stretch) -> list[str | None]:
    """Values of a variable at the end of each pass; of a loop's own variable, in each pass."""
    if name in own_names(stretch.loop):
        return [story[place].after.get(name) for place in stretch.headers]
    return [story[place].before.get(name) for place in (*stretch.headers[1:], stretch.end)]


def own_names(loop: Statement) -> frozenset[str]:
    """What the header of a ``for`` binds."""
    if not isinstance(loop.node, ast.For):
        return frozenset()
    return frozenset(n.id for n in ast.walk(loop.node.target) if isinstance(n, ast.Name))


def tests_in(story: Sequence[Moment], stretch: Stretch) -> dict[str, list[bool]]:
    """Conditions inside the loop, by their source, and how each came out."""
    frame = story[stretch.start].frame
    found: dict[str, list[bool]] = {}
    for item in story[stretch.start : stretch.end]:
        statement = item.statement
        is_inside = item.frame == frame and statement and statement.line != stretch.loop.line
        if is_inside and statement and statement.test and item.entered is not None:
            found.setdefault(source_of(statement.test), []).append(item.entered)
    return found


def last_passes(story: Sequence[Moment]) -> frozenset[int]:
    """Where the last of several passes starts, of loops that end because nothing is left."""
    return frozenset(
        story[headers[-2]].step
        for headers in runs(story)
        if len(headers) > 3 and story[headers[-1]].entered is False
    )
