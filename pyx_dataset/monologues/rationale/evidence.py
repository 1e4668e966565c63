"""What a rationale is held against: two runs of the failing call, and where they part."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyx_dataset.debug_schema import Divergence
from pyx_dataset.monologues.rationale.difference import Difference, difference
from pyx_dataset.monologues.run.blocks import Outline, outline
from pyx_dataset.monologues.run.inside import known
from pyx_dataset.monologues.run.literals import Unknown, expression
from pyx_dataset.monologues.run.reckon import reckon_text
from pyx_dataset.monologues.run.story import Moment, tell
from pyx_dataset.schema import Step, Trace


@dataclass(frozen=True)
class Evidence:
    """Runs of a broken program and of the right one."""

    buggy: Trace
    fixed: Trace
    """Of the same call."""
    split: Divergence
    passing: Mapping[str, tuple[Trace, Trace]] = field(default_factory=dict)
    """Calls that come out right, with both runs."""

    problem: str = ""
    """The description that the reader has."""

    @cached_property
    def change(self) -> Difference:
        """What has to change in the code."""
        return difference(self.buggy.code, self.fixed.code)

    @cached_property
    def lines(self) -> dict[int, int]:
        """Lines of the right program that the broken one has too, as numbered there."""
        back: dict[int, int] = {}
        old, new = 1, 1
        for gap in self.change.gaps:
            back |= {new + k: old + k for k in range(gap.start - old)}
            new += gap.start - old + len(gap.new)
            old = gap.start + len(gap.old)
        rest = len(self.buggy.code.splitlines()) + 1 - old
        return back | {new + k: old + k for k in range(rest)}

    @property
    def steps(self) -> tuple[Step, Step]:
        """The first steps that differ, of the broken and of the right run."""
        return self.buggy.steps[self.split.step], self.fixed.steps[self.split.fixed_step]

    @cached_property
    def at(self) -> Moment:
        """The statement of the broken run that goes wrong, or that leads to a wrong line."""
        return _moment(self.buggy, self.split.step, self.is_same_place)

    @cached_property
    def fixed_at(self) -> Moment:
        """The statement of the right run in its place."""
        return _moment(self.fixed, self.split.fixed_step, self.is_same_place)

    @cached_property
    def is_same_place(self) -> bool:
        """Do both stand on one line, or on two that replace each other?"""
        one, other = self.steps
        if other.line in self.lines:
            return self.lines[other.line] == one.line
        return one.line not in self.lines.values()

    @cached_property
    def guard(self) -> Moment | None:
        """The ``if`` that only the right program has and that it enters before the runs part."""
        found = [
            item
            for item in tell(self.fixed)
            if item.step <= self.fixed_at.step
            and item.frame == self.fixed_at.frame
            and item.line not in self.lines
            and item.statement is not None
            and item.statement.kind == "if"
            and item.entered is True
        ]
        return found[-1] if found else None

    @property
    def edited_line(self) -> int:
        """The line of the broken program that has to change; for lines that lack, the one before.

        Of several, the first.
        """
        gap = self.change.gaps[0]
        return gap.start if gap.old else max(gap.start - 1, 1)

    def value(self, source: str, *, fixed: bool = False) -> str | None:
        """What an expression gives where the runs part, None if that is not known."""
        trace, moment = (self.fixed, self.fixed_at) if fixed else (self.buggy, self.at)
        try:
            node = expression(source)
        except Unknown:
            return None
        if moment.statement and moment.statement.kind == "for":  # it was worked out on entry
            runs = [
                item
                for item in tell(trace)
                if (item.line, item.frame) == (moment.line, moment.frame)
                and item.is_first
                and item.step <= moment.step
            ]
            moment = runs[-1] if runs else moment
        return value_at(node, moment, outline(trace.code))


def value_at(node: ast.expr, moment: Moment, plan: Outline) -> str | None:
    """What an expression gives before the statement of `moment` runs; of a range, its list."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        node = ast.Call(ast.Name("list", ast.Load()), [node], [])
    return reckon_text(node, known(moment, plan), plan.bound)


def _moment(trace: Trace, index: int, is_same_place: bool) -> Moment:
    """The moment that holds a step, or, where the runs took other ways, the one before it."""
    story, step = tell(trace), trace.steps[index]
    if step.event == "call" and step.depth:
        caller = [
            number
            for number, item in enumerate(trace.steps[:index])
            if item.event == "line" and item.depth == step.depth - 1
        ]
        if caller:
            index, step, is_same_place = caller[-1], trace.steps[caller[-1]], True
    here = [
        item
        for item in story
        if (item.depth, item.function) == (step.depth, step.function)
        and (item.step <= index if is_same_place else item.step < index)
    ]
    if is_same_place and step.event in ("return", "exception", "call"):
        here = [item for item in here if item.step == index] or here
    elif is_same_place and index not in {item.step for item in here}:
        # A `return` and what leaves the function by it are one moment, named after the leaving.
        place = step.line, step.depth, step.function
        merged = (i for i in story if i.step > index and (i.line, i.depth, i.function) == place)
        here = [item for item in merged if item.event != "line"][:1] or here
    return max(here, key=lambda item: item.step, default=story[0])
