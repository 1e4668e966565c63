"""Which of the valid calls of a program to keep."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

_ALIKE = 2
"""Calls kept of those that run the same lines in as many steps to the same value."""

_COPIES = 2
"""Calls kept whose value is one of their arguments: answering them takes no understanding."""

_LONG = 150
"""Steps beyond which a shorter call that shows as much is preferred."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A call that returned, and what its run showed."""

    call: str
    value: str
    lines: frozenset[int]
    """Lines of the program that ran."""
    steps: int
    is_example: bool = False
    """Documented by the author."""
    exception: str = ""
    """Type and message, of a call that raised."""


def choose(calls: Sequence[Tried], most: int) -> list[Tried]:
    """
    At most `most` calls: documented ones first, then each that adds most to those chosen.

    New lines count first, then a new value, then a run that is not long, then a new number
    of steps; ties go to the earlier call, so the same calls give the same choice. Few calls are
    kept that give back one of their arguments, and few that run alike.
    """
    kept = [item for item in calls if item.is_example][:most]
    left = [item for item in calls if not item.is_example]
    copying = frozenset(filter(is_copy, calls))
    while left and len(kept) < most:
        covered = frozenset[int]().union(*(item.lines for item in kept))
        values = {item.value for item in kept}
        steps = {item.steps for item in kept}
        best = max(
            left,
            key=lambda item: (
                len(item.lines - covered),
                item.value not in values,
                item.steps <= _LONG,
                item.steps not in steps,
            ),
        )
        left.remove(best)
        alike = sum(_same_run(best, item) for item in kept)
        copies = sum(item in copying for item in kept)
        if alike < _ALIKE and not (best in copying and copies >= _COPIES):
            kept.append(best)
    return kept


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
    return (one.lines, one.value, one.steps) == (other.lines, other.value, other.steps)
