"""Which of the tried calls of a program to keep."""

import ast
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Point = int | tuple[int, int]
"""A line of the program, or a branch from one line to another."""

_ALIKE = 2
"""Calls kept of those that reach the same points in as many steps to the same value."""

_MOST_ALIKE = 4
"""The same where there would be too few calls: a function of one branch runs alike always."""

_COPIES = 2
"""Calls kept whose value is one of their arguments: answering them takes no understanding."""

_LONG = 150
"""Steps beyond which a shorter call that shows as much is preferred."""

_ACCIDENTS = ("TypeError", "AttributeError", "RecursionError")
"""Exceptions that mostly mean an argument of the wrong type, not a case the author foresaw."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A call that returned or raised, and what its run showed."""

    call: str
    value: str
    points: frozenset[Point]
    """What it reached of the program."""
    steps: int
    is_example: bool = False
    """Documented by the author."""
    exception: str = ""
    """Type and message, of a call that raised."""


def choose(calls: Sequence[Tried], most: int, least: int = 0) -> list[Tried]:
    """
    At most `most` calls: half of them documented ones first, then each that adds most.

    New points count first, then that it is documented, then a value that few others have, then
    a run that is not long, then a new number of steps; ties go to the earlier call, so the same
    calls give the same choice. Few calls are kept that give back one of their arguments, and
    few that run alike, unless there would be less than `least`.
    """
    kept = [item for item in calls if item.is_example][: (most + 1) // 2]
    left = [item for item in calls if item not in kept]
    spare: list[Tried] = []
    copying = frozenset(filter(is_copy, calls))
    while left and len(kept) < most:
        reached = points_of_all(kept)
        values = Counter(item.value for item in kept)
        steps = {item.steps for item in kept}
        best = max(
            left,
            key=lambda item: (
                len(item.points - reached),
                item.is_example,
                -values[item.value],
                item.steps <= _LONG,
                item.steps not in steps,
            ),
        )
        left.remove(best)
        alike = sum(_same_run(best, item) for item in kept)
        copies = sum(item in copying for item in kept)
        if best in copying and copies >= _COPIES and not best.is_example:
            continue
        (kept if best.is_example or alike < _ALIKE else spare).append(best)
    for item in spare:
        if len(kept) < least and sum(_same_run(item, other) for other in kept) < _MOST_ALIKE:
            kept.append(item)
    return kept


def choose_raising(raised: Sequence[Tried], kept: Sequence[Tried], most: int) -> list[Tried]:
    """
    At most `most` calls that raised, to stand beside the `kept` ones that returned.

    The first shows how the program fails, rather by an exception that it foresees; each further
    one reaches points that no other does.
    """
    chosen: list[Tried] = []
    left = list(raised)
    while left and len(chosen) < most:
        reached = points_of_all([*kept, *chosen])
        best = max(
            left,
            key=lambda item: (
                len(item.points - reached),
                not item.exception.startswith(_ACCIDENTS),
            ),
        )
        if chosen and not best.points - reached:
            break
        left.remove(best)
        chosen.append(best)
    return chosen


def points_of_all(calls: Iterable[Tried]) -> frozenset[Point]:
    """All that any of `calls` reached."""
    return frozenset[Point]().union(*(item.points for item in calls))


def is_copy(item: Tried) -> bool:
    """
    Whether the value is, to the letter, one of the call's arguments.

    >>> is_copy(Tried("clamp(5, 0, 10)", "5", frozenset(), 3))
    True
    """
    call = ast.parse(item.call, mode="eval").body
    if not isinstance(call, ast.Call):
        return False
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    return item.value in map(ast.unparse, arguments)


def _same_run(one: Tried, other: Tried) -> bool:
    return (one.points, one.value, one.steps) == (other.points, other.value, other.steps)
