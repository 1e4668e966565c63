"""From a wrong program to a right one by as few changes as it takes."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice

from pyx_dataset.debugging.bugs import parses

MAX_CHANGES = 3
"""Changes made at once before the right program is taken as a whole."""
MAX_REPAIRS = 41
"""Programs between the two that are worth a run: all choices of up to three of six changes."""


@dataclass(frozen=True, slots=True)
class _Change:
    """Lines of the wrong program and what stands in the right one in their place."""

    start: int
    """Index of the first line."""
    end: int
    new: tuple[str, ...]


def repairs(wrong: str, right: str) -> Iterator[str]:
    r"""
    Programs that take over more and more of what `right` has otherwise; at last, `right` itself.

    The first of them that does all that is asked shows which of the differences matter: without
    any of its changes it would not.

    >>> for code in repairs("a = 2\nx = 1\nb = 3\n", "a = 1\nx = 1\nb = 1\n"):
    ...     print(code.split("\n"))
    ['a = 1', 'x = 1', 'b = 3', '']
    ['a = 2', 'x = 1', 'b = 1', '']
    ['a = 1', 'x = 1', 'b = 1', '']
    """
    lines = wrong.splitlines(keepends=True)
    changes = list(_changes(lines, right.splitlines(keepends=True)))
    most = min(MAX_CHANGES, len(changes) - 1)
    chosen = (some for size in range(1, most + 1) for some in combinations(changes, size))
    for some in islice(chosen, MAX_REPAIRS):
        if parses(mended := _made(lines, some)):
            yield mended
    yield right


def _changes(left: list[str], right: list[str]) -> Iterator[_Change]:
    """Line by line where as many stand against each other, else all that stand together."""
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "replace" and b - a == d - c:
            yield from (_Change(a + k, a + k + 1, (right[c + k],)) for k in range(b - a))
        elif tag != "equal":
            yield _Change(a, b, tuple(right[c:d]))


def _made(lines: list[str], changes: tuple[_Change, ...]) -> str:
    found, at = list[str](), 0
    for change in changes:
        found += [*lines[at : change.start], *change.new]
        at = change.end
    return "".join([*found, *lines[at:]])
