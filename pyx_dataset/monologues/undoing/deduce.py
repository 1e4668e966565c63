"""The Reverse Deduction: from the output up the path that was run, to the arguments.

At each step there is a set of needs: variables that must have a certain value at that point.
A statement that set a needed variable is undone: the need becomes what the statement read; a
condition on the path adds what it tested; a loop over a list collects its items. What is left
at the top are the arguments. A value is named only when a need for it has come up, and where
several values would do, that is said.
"""

import ast
from collections.abc import Sequence
from random import Random

from pyx_dataset.errors import NotNarratable
from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run import inside
from pyx_dataset.monologues.run.blocks import names_in, outline, source_of
from pyx_dataset.monologues.run.story import DELETED, Moment, tell
from pyx_dataset.monologues.telling import changes, phrases
from pyx_dataset.monologues.undoing.freedom import freedom
from pyx_dataset.monologues.undoing.gathered import Gathered, count_reason
from pyx_dataset.monologues.undoing.needs import Needs
from pyx_dataset.monologues.undoing.undo import undo
from pyx_dataset.schema import Trace

MAX_SOURCE_CHARS = 70
MAX_REPEATED = 24
"""A value that was named before is named again only if it is no longer than this."""

_UNTOUCHED = (
    "{source} finds nothing to change in {name} here",
    "{source} leaves {name} as it is",
    "{name} goes through {source} unchanged",
)


def deduction(trace: Trace, rng: Random, full_passes: int = 2) -> tuple[list[str], list[str]]:
    """
    The steps from the output to the arguments, and the parameters that stayed free.

    Of a loop, the last `full_passes` and the first are told in full.

    Raises:
        NotNarratable: a needed value cannot be stated.
    """
    reader = _Reader(Needs(outline(trace.code), is_proposal=False), rng, full_passes)
    start = reader.read(trace)
    return reader.lines, reader.arguments(start)


def proposal(trace: Trace, rng: Random) -> dict[str, str]:
    """
    Arguments deduced from the value of `trace`, with plain values where they are free.

    They are to be run before they are believed. Parameters that are left out do not matter.

    Raises:
        NotNarratable: a needed value cannot be stated.
    """
    reader = _Reader(Needs(outline(trace.code), is_proposal=True), rng)
    start = reader.read(trace)
    reader.arguments(start)
    return reader.needs.values


class _Reader:
    """Walks up; holds the needs of the place it has reached."""

    def __init__(self, needs: Needs, rng: Random, full_passes: int = 0) -> None:
        self.needs, self.plan, self.rng = needs, needs.plan, rng
        self.full_passes = full_passes
        self.lines: list[str] = []
        self.must_fail = False
        """The statement above must end in an exception, because its handler runs."""
        self.loops: dict[int, Gathered] = {}
        """Loops that the reader is in, by line."""

    def read(self, trace: Trace) -> Moment:
        """Go from the end to the call, which is given back."""
        start, *middle, end = (moment for moment in tell(trace) if moment.frame == 0)
        self.end(end)
        for moment in reversed(middle):
            self.step(moment)
        return start

    def say(self, text: str) -> None:
        if not text:
            return
        loop = next(reversed(self.loops.values()), None)
        if loop is not None:
            loop.clauses.append(text)
        else:
            self.lines.append(f"{text[0].upper()}{text[1:]}.")

    def end(self, moment: Moment) -> None:
        """The output, and what the ``return`` needs for it."""
        value = code(moment.value or "None")
        node = moment.statement.node if moment.statement else None
        if not isinstance(node, ast.Return) or node.value is None:
            self.say(f"the output is {value}, so the run reaches the end without a value")
            if moment.statement and moment.changed:
                self.step(moment)
            return
        source = source_of(node.value)
        if isinstance(node.value, ast.Constant):
            self.say(f"the output {value} comes from {code(f'return {source}')}, "
                     "so what matters is to get there")  # fmt: skip
            return
        only = self._only_return(node.value)
        if isinstance(node.value, ast.Name):
            self.needs.take([source], moment.before)
            self.say(f"the run ends with {code(f'return {source}')}{only}, "
                     f"so {code(source)} is {value} there")  # fmt: skip
            return
        words = self.needs.settle(node.value, moment.value or "None", moment.before)
        lead = f"the output is {value} and comes from {code(_short(source))}{only}"
        self.say(f"{lead}; {words}" if words else lead)

    def _only_return(self, value: ast.expr) -> str:
        """Why it must be this ``return``, where the others give constants."""
        function = next(
            item for item in self.plan.functions.values()
            if any(part is value for part in ast.walk(item))
        )  # fmt: skip
        others = [
            part.value
            for part in ast.walk(function)
            if isinstance(part, ast.Return) and part.value and part.value is not value
        ]
        if others and all(isinstance(other, ast.Constant) for other in others):
            texts = dict.fromkeys(code(source_of(other)) for other in others)
            return f" (the other way out gives {phrases.listed(list(texts))})"
        return ""

    def step(self, moment: Moment) -> None:
        """One statement further up."""
        kind = moment.statement.kind if moment.statement else "other"
        if moment.statement is None:
            return
        if self.must_fail and kind != "except":
            self.must_fail = False
            self._failed(moment)
        elif kind == "except":
            self.must_fail = self.must_fail or moment.entered is True
            for item in moment.changed:
                self.needs.values.pop(item.name, None)
        elif kind in ("for", "while") and moment.passes is not None:
            self._loop(moment)
        elif kind in ("if", "while") and not moment.changed:
            self._condition(moment)
        elif kind in ("assert", "match"):
            self._reads(moment)
        elif any(item.name in self.needs.values for item in moment.changed):
            self._assignment(moment)
        elif kind in ("assign", "expression"):
            self._passed(moment)

    def _failed(self, moment: Moment) -> None:
        assert moment.statement is not None
        told = self.needs.take(names_in(moment.statement.node), moment.before)
        source = _short(source_of(moment.statement.node))
        if told:
            self.say(f"the handler runs only when {code(source)} fails; {_takes(told)}")

    def _reads(self, moment: Moment) -> None:
        assert moment.statement is not None
        match moment.statement.node:
            case ast.Assert(test=test) | ast.Match(subject=test):
                if told := self.needs.take(names_in(test), moment.before):
                    self.say(f"to pass {code(_short(source_of(test)))}, {_takes(told)}")

    def _assignment(self, moment: Moment) -> None:
        assert moment.statement is not None
        node = moment.statement.node
        values = self.needs.values
        known = [
            phrases.binding(item.name, text)
            if len(text) <= MAX_REPEATED and not changes.is_told_by_name(text)
            else code(item.name)
            for item in moment.changed
            if (text := values.get(item.name)) is not None
        ]
        is_fixed = isinstance(node, ast.Assign) and not names_in(node.value)
        said = "; ".join(filter(None, undo(moment, self.needs)))
        source = code(_short(source_of(_right_side(node))))
        if is_fixed:
            names = [code(item.name) for item in moment.changed if item.name not in values]
            self.say(f"{phrases.listed(names)} starts like that, whatever the input is")
            return
        forms = ["{1} leaves {0}"]
        if _right_side(node) is not node:
            forms = ["{0} comes from {1}", "{0} is what {1} gives"]
        elif len(known) == 1:
            forms.append("{0} is what {1} leaves")
        lead = self.rng.choice(forms).format(phrases.listed(known), source)
        self.say(f"{lead}: {said}" if said else f"{lead}, which fits what is known")

    def _passed(self, moment: Moment) -> None:
        """A statement that left what is needed as it was."""
        assert moment.statement is not None
        node = moment.statement.node
        names = [name for name in sorted(moment.statement.targets) if name in self.needs.values]
        if names and names[0] in names_in(node) and moment.event == "line":
            source, name = code(_short(source_of(_right_side(node)))), code(names[0])
            told = self.needs.take(names_in(node), moment.before)
            end = f"; {_takes(told)}" if told else ""
            self.say(self.rng.choice(_UNTOUCHED).format(source=source, name=name) + end)

    def _condition(self, moment: Moment) -> None:
        assert moment.statement is not None
        test = moment.statement.test
        if test is None or moment.entered is None:
            return
        test = inside.decisive(test, inside.known(moment, self.plan), self.plan)
        told = self.needs.take(names_in(test), moment.before)
        truth = "true" if moment.entered else "false"
        source = code(_short(source_of(test)))
        if told:
            why = freedom(test)
            self.say(f"on this path {source} must be {truth}; {f'{why}, so ' if why else ''}"
                     f"{_takes(told)}")  # fmt: skip
        elif not self.loops:
            self.say(f"{source} must be {truth} on this path, and with what is known it is")

    def _loop(self, moment: Moment) -> None:
        assert moment.statement is not None
        line = moment.line
        if line not in self.loops:
            passes = moment.passes or 0
            why = count_reason(moment.statement, passes, self.needs.values)
            self.loops[line] = Gathered(moment.statement, passes, self.full_passes, why)
        loop = self.loops[line]
        if moment.entered:
            loop.enter(moment, self.needs)
        if not moment.is_first:
            return
        # Passes are told where the loop has been walked through, from its last pass to its first.
        del self.loops[line]
        for text in loop.told(moment, self.needs, self.rng):
            self.say(text)

    def arguments(self, call: Moment) -> list[str]:
        """At the top: parameters that no need was found for."""
        values = self.needs.values
        given = {item.name: item.value for item in call.changed}
        if stray := [name for name in values if name not in given]:
            raise NotNarratable("not_invertible", f"{stray[0]} does not come from an argument")
        return [
            code(name) if changes.is_told_by_name(value) else phrases.binding(name, value)
            for name, value in given.items()
            if name not in values and value != DELETED
        ]


def _right_side(node: ast.AST) -> ast.AST:
    """Of ``x = value`` the value: in backticks, the whole of it would state what `x` is."""
    match node:
        case ast.Assign(targets=[ast.Name()], value=value):
            return value
    return node


def _short(source: str) -> str:
    line = source.split("\n")[0]
    return line if len(line) <= MAX_SOURCE_CHARS else f"{line[: MAX_SOURCE_CHARS - 4]} ..."


def _takes(told: Sequence[str]) -> str:
    return f"take {phrases.listed(told)}"
