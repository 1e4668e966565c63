"""A trace as a reader follows it: moments in the order in which they are completed.

A moment is one statement that ran, a function that was entered, or one that was left, with the
variables of its frame before and after. A line that calls a helper is complete when the helper
has returned, so its moment stands behind those of the helper.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pyx_dataset.monologues.run.blocks import Outline, Statement, outline, own_parts
from pyx_dataset.schema import Change, Event, Part, Step, Trace


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that was completed."""

    step: int
    """Index into `Trace.steps`."""
    line: int
    """First line of the statement; for ``call``, the ``def``."""
    event: Event
    depth: int
    function: str
    frame: int
    """Number of the frame, in order of entry."""
    before: Mapping[str, str]
    changed: tuple[Change, ...]
    value: str | None = None
    """What was returned, or the exception that left."""
    results: tuple[tuple[str, str], ...] = ()
    """Functions of the program that the statement called itself, and what they returned."""
    statement: Statement | None = None
    entered: bool | None = None
    """Of ``if``, ``while``, ``for``: was the block entered? None where the trace cannot tell."""
    passes: int | None = None
    """Of a loop header: how many passes this run of the loop made in all."""
    is_first: bool = False
    """Of a loop header: it is reached from outside."""
    parts: tuple[Part, ...] = ()
    """What its sub-expressions gave, where the trace noted that."""
    waits: bool = False
    """Is it a generator that returns for now and goes on from there when it is asked again?"""

    @property
    def after(self) -> dict[str, str]:
        """Variables of the frame once the moment is complete."""
        state = dict(self.before)
        _apply(self.changed, state)
        return state


DELETED = "<deleted>"


def _apply(changes: tuple[Change, ...], state: dict[str, str]) -> None:
    for change in changes:
        if change.value == DELETED:
            state.pop(change.name, None)
        else:
            state[change.name] = change.value


@dataclass(slots=True)
class _Frame:
    number: int
    state: dict[str, str]
    open: Moment | None = None
    results: list[tuple[str, str]] = field(default_factory=list)
    """What calls made by the open statement have returned so far."""
    lines: set[int] = field(default_factory=set)
    """Physical lines that the open moment has seen."""
    moments: list[int] = field(default_factory=list)
    """Places in the story of the moments of this frame."""
    has_run: bool = False
    """Has a line run since it was entered or resumed? A generator that has not is at its end."""


class _Teller:
    """Reads steps one by one and writes the story."""

    def __init__(self, plan: Outline, parts: tuple[Part, ...] | None) -> None:
        self.plan = plan
        self.parts: dict[int, tuple[Part, ...]] = {}
        for part in parts or ():
            self.parts[part.step] = (*self.parts.get(part.step, ()), part)
        self.story: list[Moment] = []
        self.frames: list[_Frame] = []
        self.count = 0
        self.done: list[list[int]] = []
        self.waiting: dict[tuple[str, int], _Frame] = {}
        """Generators that wait at a ``yield``, by function and depth: one inside another waits
        deeper than that."""

    def read(self, index: int, step: Step) -> None:
        if step.event == "call":
            self._call(index, step)
        elif step.event == "line":
            self._line(index, step)
        else:
            self._leave(index, step)

    def _call(self, index: int, step: Step) -> None:
        frame = self.waiting.pop((step.function, step.depth), None)
        if frame is None or step.line == self._start(step.function):
            frame = _Frame(self.count, {})
            self.count += 1
        frame.has_run = False
        self.frames.append(frame)
        before = dict(frame.state)
        _apply(step.changed, frame.state)
        self._tell(
            frame,
            Moment(
                index, step.line, "call", step.depth, step.function, frame.number, before,
                step.changed,
            ),
        )  # fmt: skip

    def _start(self, function: str) -> int | None:
        node = self.plan.functions.get(function.rpartition(".")[2])
        return node.lineno if node else None

    def _line(self, index: int, step: Step) -> None:
        frame = self.frames[-1]
        statement = self.plan.by_line.get(step.line)
        line = statement.line if statement else step.line
        last, parts = frame.open, self.parts.get(index, ())
        if last and last.line == line and statement and self._goes_on(frame, statement, step.line):
            merged = {change.name: change for change in (*last.changed, *step.changed)}
            frame.open = replace(last, changed=tuple(merged.values()), parts=(*last.parts, *parts))
        else:
            if last:
                self._tell(frame, last)
            frame.open = Moment(
                index, line, "line", step.depth, step.function, frame.number,
                dict(frame.state), step.changed, statement=statement, parts=parts,
            )  # fmt: skip
            frame.lines = set()
        frame.has_run = True
        frame.lines.add(step.line)
        _apply(step.changed, frame.state)

    @staticmethod
    def _goes_on(frame: _Frame, statement: Statement, line: int) -> bool:
        """
        Is `line` the open statement going on, and not its next run?

        CPython can report a line again within one run, e.g. behind a conditional expression.
        """
        if line not in frame.lines or (line == statement.line and len(frame.lines) > 1):
            return True
        return not statement.block and not (frame.open and frame.open.changed)

    def _leave(self, index: int, step: Step) -> None:
        frame = self.frames.pop()
        statement = self.plan.by_line.get(step.line)
        last, frame.open = frame.open, None
        is_generator = step.function.rpartition(".")[2] in self.plan.generators
        is_yield = is_generator and step.event == "return" and yields(statement)
        moment = Moment(
            index, statement.line if statement else step.line, step.event, step.depth,
            step.function, frame.number, dict(frame.state), step.changed, step.value,
            statement=statement, waits=is_yield and frame.has_run,
        )  # fmt: skip
        if last and last.line == moment.line and last.statement and last.statement.kind == "return":
            changed = *last.changed, *step.changed
            moment = replace(moment, before=last.before, changed=changed, parts=last.parts)
        elif last:
            self._tell(frame, last)
        self._tell(frame, moment)
        if moment.waits:
            self.waiting[step.function, step.depth] = frame
        if frame.moments not in self.done:
            self.done.append(frame.moments)
        if self.frames and step.value is not None and step.event == "return" and not is_generator:
            self.frames[-1].results.append((step.function.rpartition(".")[2], step.value))

    def _tell(self, frame: _Frame, moment: Moment) -> None:
        frame.moments.append(len(self.story))
        if frame.results:
            moment = replace(moment, results=tuple(frame.results))
        self.story.append(moment)
        if moment.event != "call":
            frame.results.clear()

    def decide(self) -> None:
        """Fill in, frame by frame, which blocks were entered and how many passes loops made."""
        for places in self.done:
            following: Moment | None = None
            for place in reversed(places):
                moment = self.story[place]
                if (entered := _entered(moment, following)) is not None:
                    self.story[place] = replace(moment, entered=entered)
                following = moment
            _count_passes(self.story, places)


def yields(statement: Statement | None) -> bool:
    """Does the statement itself, its block aside, hold a ``yield``?"""
    return statement is not None and any(
        isinstance(part, ast.Yield | ast.YieldFrom) for part in own_parts(statement.node)
    )


def waits_twice(trace: Trace) -> str | None:
    """A generator function of which two runs wait at once, so that a resumption is ambiguous."""
    plan = outline(trace.code)
    waiting: dict[tuple[str, int], int] = {}
    has_run: list[bool] = []
    for step in trace.steps if plan.generators else ():
        name = step.function.rpartition(".")[2]
        key = name, step.depth
        if step.event == "call":
            node = plan.functions.get(name)
            if node and step.line != node.lineno:
                waiting[key] = waiting.get(key, 0) - 1
            has_run.append(False)
        elif step.event == "line":
            has_run[-1] = True
        else:
            waits = has_run.pop() and step.event == "return" and name in plan.generators
            if waits and yields(plan.by_line.get(step.line)):
                waiting[key] = waiting.get(key, 0) + 1
                if waiting[key] > 1:
                    return step.function
    return None


def _entered(moment: Moment, following: Moment | None) -> bool | None:
    statement = moment.statement
    if moment.event != "line" or statement is None or following is None:
        return None
    if statement.kind not in ("if", "while", "for", "except") or not statement.has_own_block:
        return None
    if statement.kind == "while" and statement.test is None:
        return None
    if following.event == "exception" and following.line == moment.line:
        return None
    return following.line in statement.block


def _count_passes(story: list[Moment], places: list[int]) -> None:
    """Number the runs of each loop of one frame: a run starts where its header is reached anew."""
    runs: dict[int, list[int]] = {}
    previous: Moment | None = None
    for place in places:
        moment = story[place]
        statement = moment.statement
        if moment.entered is not None and statement and statement.kind in ("for", "while"):
            inside = previous is not None and (
                previous.line in statement.block
                or (previous.line == moment.line and previous.entered is True)
            )
            if not inside or moment.line not in runs:
                _set_passes(story, runs.pop(moment.line, []))
                runs[moment.line] = []
                story[place] = replace(moment, is_first=True)
            runs[moment.line].append(place)
        previous = moment
    for run in runs.values():
        _set_passes(story, run)


def _set_passes(story: list[Moment], run: list[int]) -> None:
    passes = sum(story[place].entered is True for place in run)
    for place in run:
        story[place] = replace(story[place], passes=passes)


@lru_cache(maxsize=32)
def tell(trace: Trace) -> tuple[Moment, ...]:
    """The story of `trace`, which starts with the call and ends where it returned or raised."""
    teller = _Teller(outline(trace.code), trace.parts)
    for index, step in enumerate(trace.steps):
        teller.read(index, step)
    teller.decide()
    return tuple(teller.story)
