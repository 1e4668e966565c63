"""The first step at which the run of a broken program parts from that of the right one."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from pyx_dataset.debug_schema import Divergence
from pyx_dataset.debugging.statements import MAX_LINES
from pyx_dataset.schema import Step, Trace


@dataclass(frozen=True, slots=True)
class _Point:
    """A step as it is reached, or as it is complete: behind the calls that it makes."""

    index: int
    step: Step
    is_done: bool


def divergence(buggy: Trace, fixed: Trace) -> Divergence | None:
    """
    Where two runs of one call part; None if they do not, or one of them was not traced.

    Lines are aligned by the text of the two programs. A line that only one of them has, or that
    differs, is passed over as long as it changes nothing that the other does not change.
    Where more than half of the program differs, no such walk means anything, and what parts is
    how the call ends.
    """
    lines = Lines.of(buggy.code, fixed.code)
    if not lines.is_aligned:
        if not (buggy.steps and fixed.steps):
            return None
        return Divergence(len(buggy.steps) - 1, len(fixed.steps) - 1, is_aligned=False)
    left, right = list(_points(buggy)), list(_points(fixed))
    i = j = 0
    while i < len(left) and j < len(right):
        one, other = left[i], right[j]
        if lines.meet(one.step.line, other.step.line):
            if _differ(one, other):
                return Divergence(one.index, other.index)
            i, j = i + 1, j + 1
        elif lines.is_new(one.step.line) and _does_nothing(one):
            i += 1
        elif lines.is_lost(other.step.line) and _does_nothing(other):
            j += 1
        else:
            return Divergence(one.index, other.index)
    if (i, j) == (len(left), len(right)) or not (left and right):
        return None
    last = left[min(i, len(left) - 1)], right[min(j, len(right) - 1)]
    return Divergence(last[0].index, last[1].index)


@dataclass(frozen=True, slots=True)
class Lines:
    """Which lines of two programs are the same; those between stand in numbered gaps."""

    kept: dict[int, int]
    """Line of the first -> the same line of the second."""
    new: dict[int, int]
    """Line that only the first has -> number of its gap."""
    lost: dict[int, int]
    """Line that only the second has -> number of its gap."""

    @classmethod
    def of(cls, first: str, second: str) -> "Lines":
        """Align two programs by their text."""
        left, right = first.splitlines(), second.splitlines()
        kept: dict[int, int] = {}
        new: dict[int, int] = {}
        lost: dict[int, int] = {}
        matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
        for gap, (tag, a, b, c, d) in enumerate(matcher.get_opcodes()):
            if tag == "equal":
                kept |= {a + k + 1: c + k + 1 for k in range(b - a)}
            else:
                new |= {line + 1: gap for line in range(a, b)}
                lost |= {line + 1: gap for line in range(c, d)}
        return cls(kept, new, lost)

    @property
    def is_aligned(self) -> bool:
        """Is it one program with some lines changed, rather than two?"""
        total = len(self.kept) + max(len(self.new), len(self.lost))
        return total - len(self.kept) <= max(MAX_LINES, total // 2)

    def meet(self, first: int, second: int) -> bool:
        """Are they one line, or lines that replace each other?"""
        if first in self.kept:
            return self.kept[first] == second
        return self.new.get(first) == self.lost.get(second, -1)

    def is_new(self, first: int) -> bool:
        """Has only the first program this line?"""
        return first in self.new

    def is_lost(self, second: int) -> bool:
        """Has only the second program this line?"""
        return second in self.lost


def _points(trace: Trace) -> Iterator[_Point]:
    """Steps in the order in which they are complete; one that calls is reached before that."""
    steps = trace.steps
    waiting: list[tuple[int, Step]] = []
    for index, step in enumerate(steps):
        while waiting and waiting[-1][1].depth >= step.depth:
            yield _Point(*waiting.pop(), is_done=True)
        calls = index + 1 < len(steps) and steps[index + 1].depth > step.depth
        if step.event == "line" and calls:
            yield _Point(index, step, is_done=False)
            waiting.append((index, step))
        else:
            yield _Point(index, step, is_done=True)
    while waiting:
        yield _Point(*waiting.pop(), is_done=True)


def _differ(one: _Point, other: _Point) -> bool:
    left, right = one.step, other.step
    if (left.event, left.depth, left.function) != (right.event, right.depth, right.function):
        return True
    if one.is_done and other.is_done:
        return (left.changed, left.value) != (right.changed, right.value)
    # One of them calls something first, and what it changes is not known yet.
    return any(point.is_done and bool(point.step.changed) for point in (one, other))


def _does_nothing(point: _Point) -> bool:
    return point.step.event == "line" and not (point.is_done and point.step.changed)
