"""The Reverse Deduction: from the output up the path that was run, to the arguments.

At each step there is a set of needs: variables that must have a certain value at that point.
A statement that set a needed variable replaces the need by what the statement read; a condition
on the path adds what it tested; a loop over a list collects its items. What is left at the top
are the arguments. The path is known from an execution, but a value is named only when a need
for it has come up, and where several values would do, that is said.
"""

import ast
from collections.abc import Sequence
from random import Random

from pyx_dataset.errors import NotNarratable
from pyx_dataset.monologues import changes, inside, phrases
from pyx_dataset.monologues.blocks import Outline, names_in, outline
from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.freedom import freedom
from pyx_dataset.monologues.pace import brief
from pyx_dataset.monologues.story import DELETED, Moment, tell
from pyx_dataset.schema import Change, Trace

MAX_SOURCE_CHARS = 70


def deduction(trace: Trace, rng: Random) -> tuple[list[str], list[str]]:
    """
    The steps from the output to the arguments, and the parameters that stayed free.

    Raises:
        NotNarratable: a needed value cannot be stated.
    """
    story = tell(trace)
    short = brief(story)
    path = [(moment, place in short) for place, moment in enumerate(story) if moment.frame == 0]
    reader = _Reader(outline(trace.code), rng)
    (start, _), *middle, (end, _) = path
    reader.end(end)
    for moment, is_brief in reversed(middle):
        reader.step(moment, is_brief)
    return reader.lines, reader.arguments(start)


class _Reader:
    """Walks up; holds the needs of the place it has reached."""

    def __init__(self, plan: Outline, rng: Random) -> None:
        self.plan, self.rng = plan, rng
        self.needs: dict[str, str] = {}
        self.lines: list[str] = []
        self.must_fail = False
        """The statement above must end in an exception, because its handler runs."""

    def say(self, text: str) -> None:
        self.lines.append(f"{text[0].upper()}{text[1:]}.")

    def need(self, names: Sequence[str], moment: Moment) -> list[str]:
        """Add needs for what `names` held before `moment`; tell the new ones as bindings."""
        told = []
        for name in names:
            value = moment.before.get(name)
            if value is None or self.needs.get(name) == value:
                continue
            if changes.is_told_by_name(value):
                continue
            changes.told(Change(name, value), None)
            self.needs[name] = value
            told.append(phrases.binding(name, value))
        return told

    def end(self, moment: Moment) -> None:
        """The output, and what the ``return`` needs for it."""
        value = code(moment.value or "None")
        changes.told(Change("the result", moment.value or "None"), None)
        node = moment.statement.node if moment.statement else None
        if not isinstance(node, ast.Return) or node.value is None:
            self.say(f"the output is {value}, so the run reaches the end without a value")
            if moment.statement and moment.changed:
                self.step(moment, False)
            return
        source = ast.unparse(node.value)
        if isinstance(node.value, ast.Constant):
            self.say(f"the output {value} comes from {code(f'return {source}')}, "
                     "so what matters is to get there")  # fmt: skip
            return
        if isinstance(node.value, ast.Name):
            self.need([source], moment)
            self.say(
                f"the run ends with {code(f'return {source}')}, where {code(source)} is {value}"
            )
            return
        told = self.need(names_in(node.value), moment)
        self.say(
            f"the output is {value} and comes from {code(_short(source))}"
            + self._with(told, node.value)
        )

    def _with(self, told: list[str], node: ast.AST) -> str:
        """The end of a sentence that names new needs, with the freedom there was."""
        if not told:
            return ", which fits what is known" if names_in(node) else ""
        free = freedom(node)
        if free:
            return f"; {free}, so take {phrases.listed(told)}"
        return f"; {self.rng.choice(['for that', 'this needs'])} {phrases.listed(told)}"

    def step(self, moment: Moment, is_brief: bool) -> None:
        """One statement further up."""
        kind = moment.statement.kind if moment.statement else "other"
        if self.must_fail and kind != "except":
            self.must_fail = False
            self._failed(moment)
        elif kind == "except":
            self.must_fail = self.must_fail or moment.entered is True
            self._forget(moment)
        elif kind == "for":
            self._loop(moment, is_brief)
        elif kind in ("if", "while"):
            self._condition(moment, is_brief)
        elif kind in ("assert", "match"):
            self._reads(moment)
        elif self._changed(moment):
            self._assignment(moment, is_brief)

    def _changed(self, moment: Moment) -> list[Change]:
        return [item for item in moment.changed if item.name in self.needs]

    def _forget(self, moment: Moment) -> None:
        for item in moment.changed:
            self.needs.pop(item.name, None)

    def _failed(self, moment: Moment) -> None:
        assert moment.statement is not None
        told = self.need(names_in(moment.statement.node), moment)
        source = _short(ast.unparse(moment.statement.node))
        if told:
            self.say(f"the handler runs only when {code(source)} fails; {_takes(told)}")

    def _reads(self, moment: Moment) -> None:
        assert moment.statement is not None
        match moment.statement.node:
            case ast.Assert(test=test) | ast.Match(subject=test):
                if told := self.need(names_in(test), moment):
                    self.say(f"to pass {code(_short(ast.unparse(test)))}, {_takes(told)}")

    def _assignment(self, moment: Moment, is_brief: bool) -> None:
        assert moment.statement is not None
        node = moment.statement.node
        known = [phrases.binding(item.name, item.value) for item in self._changed(moment)]
        fresh = _freshly_bound(node)
        for item in self._changed(moment):
            if item.name in fresh or item.name not in moment.before:
                self.needs.pop(item.name)
        kept = [item.name for item in self._changed(moment)]
        reads = [name for name in names_in(node) if name in moment.before]
        told = self.need([*kept, *reads], moment)
        source = code(_short(ast.unparse(node)))
        if is_brief:
            if told:
                self.say(f"before {source}, {phrases.listed(told)}")
            return
        if not told and not reads:
            self.say(f"{source} sets {phrases.listed([code(i.name) for i in moment.changed])} "
                     "whatever the input is")  # fmt: skip
            return
        forms = ["{1} leaves {0}"]
        if len(known) == 1:
            forms += ["{0} comes from {1}", "{0} is left by {1}"]
        lead = self.rng.choice(forms)
        self.say(lead.format(phrases.listed(known), source) + self._with(told, node))

    def _condition(self, moment: Moment, is_brief: bool) -> None:
        assert moment.statement is not None
        test = moment.statement.test
        if test is None or moment.entered is None:
            return
        state = inside.known(moment, self.plan)
        test = inside.decisive(test, state, self.plan)
        told = self.need(names_in(test), moment)
        truth = "true" if moment.entered else "false"
        source = code(_short(ast.unparse(test)))
        if told:
            self.say(f"this path needs {source} to be {truth}" + self._with(told, test))
            return
        shown = inside.with_values(test, state, self.plan)
        if shown and not is_brief:
            self.say(f"{source} is {code(shown)}, which is {truth}, as this path needs")

    def _loop(self, moment: Moment, is_brief: bool) -> None:
        assert moment.statement is not None
        node = moment.statement.node
        assert isinstance(node, ast.For)
        if moment.entered is False and not moment.is_first:
            self.say(f"above it is the loop over {code(_short(ast.unparse(node.iter)))}, "
                     f"which makes {phrases.passes(moment.passes or 0)}")  # fmt: skip
            return
        names = {part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)}
        if moment.entered:
            after = moment.after
            items = [phrases.binding(name, after[name]) for name in sorted(names) if name in after]
            is_needed = bool(names & self.needs.keys())
            for name in names:
                self.needs.pop(name, None)
            if items and not is_needed:
                self.say(f"the item of one more pass is not fixed by this; {_takes(items)}")
            elif items and not is_brief:
                lead = "so the first pass had" if moment.is_first else "so that pass had"
                self.say(f"{lead} {phrases.listed(items)}")
        if moment.is_first:
            told = self.need(names_in(node.iter), moment)
            if told:
                self.say(f"all passes together fix what the loop goes over: {phrases.listed(told)}")

    def arguments(self, call: Moment) -> list[str]:
        """At the top: parameters that no need was found for."""
        if stray := [name for name in self.needs if name not in {i.name for i in call.changed}]:
            raise NotNarratable("not_invertible", f"{stray[0]} does not come from an argument")
        return [
            phrases.binding(item.name, item.value)
            for item in call.changed
            if item.name not in self.needs and item.value != DELETED
        ]


def _short(source: str) -> str:
    line = source.split("\n")[0]
    return line if len(line) <= MAX_SOURCE_CHARS else f"{line[: MAX_SOURCE_CHARS - 4]} ..."


def _takes(told: list[str]) -> str:
    return f"take {phrases.listed(told)}"


def _freshly_bound(node: ast.AST) -> set[str]:
    """Names that get a value which does not depend on the one they had."""
    match node:
        case ast.Assign(targets=targets):
            return {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)
                    and isinstance(n.ctx, ast.Store)}  # fmt: skip
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
    return set()
