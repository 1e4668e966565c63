"""The Reverse Deduction: from the output up the path that was run, to the arguments.

At each step there are needs: variables that must have a certain value at that point, and
conditions where no value follows yet. A statement that set a needed variable is undone: the need
becomes what the statement read; a condition on the path adds what it tested; a loop over a list
collects its items; a call of a helper is gone through from its end. What is left at the top are
the arguments. A value is named only when it follows, or when it is chosen for a reason that is
said, or as one that is tried.
"""

import ast
import re
from collections.abc import Sequence
from random import Random

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run import inside
from pyx_dataset.monologues.run.blocks import names_in, outline, source_of
from pyx_dataset.monologues.run.story import Moment, tell
from pyx_dataset.monologues.undoing.conditions import Condition
from pyx_dataset.monologues.undoing.expressions import opaque
from pyx_dataset.monologues.undoing.gathered import Gathered
from pyx_dataset.monologues.undoing.inner_calls import (
    Helper,
    call_named,
    helpers_of,
    left_out,
    node_of,
)
from pyx_dataset.monologues.undoing.needs import Needs
from pyx_dataset.monologues.undoing.rows import count_reason
from pyx_dataset.monologues.undoing.sources import (
    as_needed,
    came_from,
    only_return,
    right_side,
    short,
)
from pyx_dataset.monologues.undoing.statements import effects
from pyx_dataset.monologues.undoing.undo import undo
from pyx_dataset.schema import Trace

MAX_MOVED = 60
"""A condition is told again where it has moved up only if that is no longer than this."""
MAX_DEPTH = 3
"""Helpers inside helpers that are gone through."""

_INSIDE = "now inside"


class Reader:
    """Walks up one frame; holds the needs of the place it has reached."""

    def __init__(
        self, needs: Needs, story: Sequence[Moment], rng: Random, full_passes: int, depth: int = 0
    ) -> None:
        self.needs, self.plan, self.story, self.rng = needs, needs.plan, story, rng
        self.full_passes, self.depth = full_passes, depth
        self.lines: list[str] = []
        self.must_fail = False
        """The statement above must end in an exception, because its handler runs."""
        self.loops: dict[int, Gathered] = {}
        """Loops that the reader is in, by line."""
        self.call = story[0]
        """Where the reader ends."""

    @classmethod
    def of(cls, trace: Trace, rng: Random, full_passes: int, is_proposal: bool) -> "Reader":
        """A reader that has gone from the end of `trace` to its call."""
        story = tell(trace)
        needs = Needs(outline(trace.code), is_proposal)
        needs.defaults = left_out(trace.call, needs.plan)
        reader = cls(needs, story, rng, full_passes)
        reader.read(0)
        return reader

    def read(self, frame: int, wanted: str | None = None, result: str = "") -> None:
        """
        Go from the end of a frame to its call.

        Args:
            frame: Which one.
            wanted: What it must return; None if only conditions are about that.
            result: How these conditions call it.
        """
        _, *middle, end = (moment for moment in self.story if moment.frame == frame)
        self.end(end, wanted if frame else end.value, result)
        for moment in reversed(middle):
            self.step(moment)

    def say(self, text: str) -> None:
        """One more sentence, or in a loop one more clause about the pass."""
        if not text:
            return
        loop = next(reversed(self.loops.values()), None)
        if loop is not None:
            loop.clauses.append(text)
        else:
            self.lines.append(f"{text[0].upper()}{text[1:]}.")

    def end(self, moment: Moment, wanted: str | None, result: str) -> None:
        """The output, and what the ``return`` needs for it."""
        node = node_of(moment)
        state = {**moment.before, **dict(self._results(moment))}
        test = None
        if isinstance(node, ast.If) and moment.value != "None":
            test, node = node.test, node.body[0]
        value = node.value if isinstance(node, ast.Return) else None
        if value is None:
            self.say(f"the run reaches its end and gives {code(moment.value or 'None')}")
            self.needs.move({result: ast.Constant(None)})
            if node is not None and moment.value != "None":
                self.needs.keep_in_mind(node)
            if moment.statement and moment.changed:
                self.step(moment)
        else:
            named = call_named(value, moment, self.plan)
            if result:
                self.needs.move({result: named})
            self.returned(value, named, wanted, state)
        if test is not None:
            self._require(test, True, moment)
        self._into_helpers(moment)

    def returned(
        self, value: ast.expr, named: ast.expr, wanted: str | None, state: dict[str, str]
    ) -> None:
        """What a ``return`` has to give, in words."""
        source = source_of(value)
        only = "" if self.depth else only_return(value, self.plan)
        if wanted is None:
            self.say(f"it ends with {code(short(f'return {source}'))}{only}")
        elif isinstance(value, ast.Constant):
            self.say(f"the output {code(wanted)} comes from {code(f'return {source}')}, "
                     "so what matters is to get there")  # fmt: skip
        elif isinstance(value, ast.Name):
            self.needs.settle(named, wanted, state)
            self.say(f"the run ends with {code(f'return {source}')}{only}, "
                     f"so {code(source)} is {code(wanted)} there")  # fmt: skip
        else:
            words = self.needs.settle(named, wanted, state)
            lead = f"the output is {code(wanted)} and comes from {code(short(source))}{only}"
            self.say(f"{lead}; {words}" if words else lead)

    def step(self, moment: Moment) -> None:
        """One statement further up."""
        if moment.statement is None:
            return
        kind = moment.statement.kind
        if self.must_fail and kind != "except":
            self.must_fail = False
            self._failed(moment)
        elif kind == "except":
            self.must_fail = self.must_fail or moment.entered is True
            self.needs.lose([item.name for item in moment.changed], moment.statement.node)
        elif kind in ("for", "while") and moment.passes is not None:
            self._loop(moment)
        elif kind in ("if", "while") and not moment.changed:
            self._condition(moment)
        elif kind == "assert" and isinstance(moment.statement.node, ast.Assert):
            self._require(moment.statement.node.test, True, moment)
        elif kind == "match" and isinstance(moment.statement.node, ast.Match):
            self.needs.keep_in_mind(moment.statement.node.subject)
        else:
            self._statement(moment)
        self._into_helpers(moment)

    def _failed(self, moment: Moment) -> None:
        if moment.statement:
            source = code(short(source_of(moment.statement.node)))
            self.say(f"the handler runs only when {source} fails")
            self.needs.keep_in_mind(moment.statement.node)

    def _statement(self, moment: Moment) -> None:
        assert moment.statement is not None
        before = {**moment.before, **dict(self._results(moment))}
        node = call_named(moment.statement.node, moment, self.plan)
        made = effects(node, before, self.plan.bound)
        changed = [item.name for item in moment.changed]
        for name in changed:
            made.setdefault(name, opaque(tuple(dict.fromkeys([name, *names_in(node)]))))
        touched = [name for name in made if name in self.needs.names]
        if not touched:
            return
        values = self.needs.values
        known = as_needed(touched, values)
        is_fixed = isinstance(node, ast.Assign) and not names_in(node.value)
        names = [name for name in touched if name in values]
        moved = [text for item in self.needs.move(made)
                 if not self.loops and (text := item.words) and len(text) <= MAX_MOVED]  # fmt: skip
        if is_fixed and len(made) == len(names) == 1 and not moved:
            values.pop(names[0])
            self.say(f"{code(names[0])} starts like that, whatever the input is")
            return
        said = [*undo(node, made, self.needs, before)]
        said += [f"so {moved[0]}"] if moved else []
        right = right_side(moment.statement.node)
        if not any(said) and not names:
            if self.loops or self.depth:
                return
            said = ["what is asked of it is asked of that"]
        lead = came_from(known, right, right is not moment.statement.node, self.rng)
        end = "; ".join(filter(None, said))
        self.say(f"{lead}: {end}" if end else f"{lead}, which fits what is known")

    def _condition(self, moment: Moment) -> None:
        assert moment.statement is not None
        test = moment.statement.test
        if test is None:
            return
        if moment.entered is None:
            body = getattr(moment.statement.node, "body", [])
            if body and isinstance(body[0], ast.Return | ast.Raise):
                self._require(test, False, moment)
            return
        if isinstance(moment.statement.node, ast.If | ast.While):
            self._require(test, moment.entered, moment)

    def _require(self, test: ast.expr, truth: bool, moment: Moment) -> None:
        state = {**self.plan.constants, **moment.before, **dict(self._results(moment))}
        named = inside.decisive(call_named(test, moment, self.plan), state, self.plan)
        test = named
        is_settled = not self.needs.open_in(named)
        said = self.needs.require(named, truth, state)
        word, source = "true" if truth else "false", code(short(source_of(test)))
        if re.match(r"`[^`]+` must be", said):
            self.say(f"on this path {said}")
        elif said:
            self.say(f"on this path {source} must be {word}; {said}")
        elif is_settled and not self.loops and not self.depth and names_in(named):
            self.say(f"{source} must be {word} on this path, and with what is known it is")

    def _loop(self, moment: Moment) -> None:
        assert moment.statement is not None
        line = moment.line
        if line not in self.loops:
            passes = moment.passes or 0
            why = count_reason(moment.statement, passes, self.needs.values)
            ends = moment.entered is False
            self.loops[line] = Gathered(moment.statement, passes, self.full_passes, ends, why)
        loop = self.loops[line]
        if isinstance(moment.statement.node, ast.While):
            self._condition(moment)
        if moment.entered:
            loop.enter(moment, self.needs)
        if not moment.is_first:
            return
        # Passes are told where the loop has been walked through, from its last pass to its first.
        del self.loops[line]
        for text in loop.told(moment, self.needs, self.rng):
            self.say(text)

    def _results(self, moment: Moment) -> list[tuple[str, str]]:
        """Calls of the program's functions in a statement, by source, and what they returned."""
        return [(item.source, item.value) for item in helpers_of(moment, self.story, self.plan)]

    def _into_helpers(self, moment: Moment) -> None:
        if not moment.results:
            return
        for helper in reversed(helpers_of(moment, self.story, self.plan)):
            if helper.source in self.needs.names:
                self._into(helper, moment)

    def _into(self, helper: Helper, moment: Moment) -> None:
        """Go through a helper from its end: what it must return becomes what it must be given."""
        needs = self.needs
        about = [item for item in needs.conditions if helper.source in item.reads]
        want = needs.values.pop(helper.source, None)
        others = {name for item in about for name in item.reads if name in self.plan.variables}
        if self.depth == MAX_DEPTH or helper.frame is None or others & set(helper.locals):
            needs.move({helper.source: opaque(helper.reads)})
            if want is not None:
                needs.add(Condition(opaque(helper.reads), want, is_test=False))
            return
        inner = Needs(self.plan, needs.is_proposal)
        inner.values = {name: needs.values[name] for name in others if name in needs.values}
        inner.conditions, outer = about, set(inner.values)
        needs.conditions = [item for item in needs.conditions if item not in about]
        reader = Reader(inner, self.story, self.rng, self.full_passes, self.depth + 1)
        reader.read(helper.frame, want, helper.source)
        said = [
            f"{line[0].lower()}{line[1:-1]}".removeprefix("in there, ") for line in reader.lines
        ]
        if said and not self.loops:
            self.say(f"{_INSIDE} {code(helper.source)}: {said[0]}")
            for text in said[1:]:
                self.say(text if text.startswith(_INSIDE) else f"in there, {text}")
        for name, value in inner.values.items():
            if name in helper.given:
                words = needs.settle(helper.given[name], value, moment.before)
                self.say(f"as {code(name)} is given {code(source_of(helper.given[name]))}, {words}"
                         if words and source_of(helper.given[name]) != name else "")  # fmt: skip
            elif name not in outer:
                needs.add(Condition(opaque(helper.reads), value, is_test=False))
        for item in inner.conditions:
            needs.add(item.on(helper.given))
