"""What must hold at a place of the run for the output to come out, as a reader walks up."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyx_dataset.errors import NotNarratable
from pyx_dataset.monologues.run.blocks import Outline, source_of
from pyx_dataset.monologues.run.literals import Unknown, canonical, parse
from pyx_dataset.monologues.run.reckon import reckon_text
from pyx_dataset.monologues.telling import phrases
from pyx_dataset.monologues.undoing.conditions import Condition, equation, split_test
from pyx_dataset.monologues.undoing.expressions import is_opaque, opaque, reads
from pyx_dataset.monologues.undoing.freedom import freedom
from pyx_dataset.monologues.undoing.invert import Solution, invert
from pyx_dataset.monologues.undoing.plain import atoms, constants, plain_values
from pyx_dataset.monologues.undoing.sums import NotInvertible

MAX_CONDITIONS = 40
MAX_SHOWN = 60
"""A longer source is not written out once more where it is left as a condition."""


@dataclass(slots=True)
class Needs:
    """
    Variables and the values that they must have, and conditions where no value follows yet.

    A proposal takes the values that follow from the output and, where they are free, plain ones.
    A deduction walks the run of such a proposal, so what it deduces must be what was there.
    """

    plan: Outline
    is_proposal: bool
    values: dict[str, str] = field(default_factory=dict)
    conditions: list[Condition] = field(default_factory=list)
    defaults: Mapping[str, str] = field(default_factory=dict)
    """Parameters that the call leaves out and the function never sets."""

    @property
    def fixed(self) -> dict[str, str]:
        """All that is known here: values, defaults, and constants of the module."""
        return {**self.plan.constants, **self.defaults, **self.values}

    def settle(self, node: ast.expr, want: str, before: Mapping[str, str]) -> str:
        """
        Let `node` be worth `want` in the state before a line; say what that asks of its variables.

        Empty where it asks nothing new. What cannot be turned around stays as a condition.
        """
        if want in ("True", "False") and _is_truth(node):
            return self.require(node, want == "True", before)
        try:
            found = invert(node, want, self.fixed, before, self.plan.bound)
        except NotInvertible:
            found = None
        if found is not None and (self.is_proposal or self._agrees(found, before)):
            self.values.update(found.values)
            for part, value in found.left:
                self.add(Condition(part, value, is_test=False))
            return "; ".join(found.words)
        return self.add(Condition(node, want, is_test=False))

    def require(self, test: ast.expr, truth: bool, before: Mapping[str, str]) -> str:
        """Let `test` be true, or false; say what that asks."""
        said = []
        for part, holds in split_test(test, truth):
            state = self.fixed
            if found := equation(part, holds, state, self.plan.bound):
                node, want = found
                if reckon_text(node, state, self.plan.bound) == want:
                    continue
                if self.is_proposal or reckon_text(node, before, self.plan.bound) in (None, want):
                    said.append(self.settle(node, want, before))
                    continue
            said.append(self.add(Condition(part, str(holds), is_test=True)))
        return "; ".join(filter(None, said))

    def add(self, condition: Condition) -> str:
        """
        Ask for one thing more; it in words, with what it leaves open.

        Raises:
            NotNarratable: a proposal walks a path that contradicts itself, or one with too much
                to keep in mind.
        """
        holds = self.holds(condition)
        if holds is False and self.is_proposal:
            raise NotNarratable("not_invertible", f"{condition.words} cannot be met")
        if holds or any(condition.is_like(other) for other in self.conditions):
            return ""
        if len(self.conditions) == MAX_CONDITIONS:
            raise NotNarratable("not_invertible", "too many conditions")
        self.conditions.append(condition)
        if is_opaque(condition.node) or len(source_of(condition.node)) > MAX_SHOWN:
            return "that fixes nothing yet, and is kept in mind"
        why = None if condition.is_test else freedom(condition.node)
        return f"{condition.words or 'that is kept in mind'}{f', and {why}' if why else ''}"

    def move(self, made: Mapping[str, ast.expr]) -> list[Condition]:
        """Conditions go above a statement that made these values; those that changed by it."""
        moved = []
        kept: list[Condition] = []
        for condition in self.conditions:
            other = condition.on(made)
            if other is not condition:
                holds = self.holds(other)
                if holds is False and self.is_proposal:
                    raise NotNarratable("not_invertible", f"{other.words} cannot be met")
                if holds:
                    continue
                moved.append(other)
            kept.append(other)
        self.conditions = kept
        return moved

    def keep_in_mind(self, node: ast.AST) -> None:
        """What is asked of the variables that `node` reads is not followed."""
        names = tuple(name for name in reads(node) if name in self.plan.variables)
        if names:
            self.add(Condition(opaque(names), "True", is_test=True))

    def lose(self, names: Sequence[str], node: ast.AST) -> None:
        """Variables get values at `node` in a way that is not followed."""
        lost = [name for name in names if name in self.names]
        for name in lost:
            self.values.pop(name, None)
        if lost:
            self.keep_in_mind(node)
            self.move({name: opaque(reads(node)) for name in lost})

    def choose(self, name: str, actual: str | None) -> tuple[str, str] | None:
        """
        The plainest value of `name` that meets the conditions on it, and these in words.

        None if they are about something else that is open too, or cannot be worked out, or if
        the deduction would choose another value than the run had.
        """
        about = [item for item in self.conditions if name in item.reads]
        fixed = self.fixed
        if actual is None or not about or any(self.open_in(item.node) != [name] for item in about):
            return None
        try:
            like = parse(actual)
        except Unknown:
            return None
        extra = [atom for item in about for value in constants(item.node) for atom in atoms(value)]
        for value in plain_values(like, extra):
            text = canonical(value)
            met = [item.holds({**fixed, name: text}, self.plan.bound) for item in about]
            if None in met:
                return None
            if all(met):
                break
        else:
            return None
        if not self.is_proposal and text != actual:
            return None
        self.conditions = [item for item in self.conditions if item not in about]
        return text, phrases.listed([item.words for item in about if item.words][:2])

    @property
    def names(self) -> frozenset[str]:
        """Variables that anything is needed of."""
        return frozenset(self.values).union(*(item.reads for item in self.conditions))

    def open_in(self, node: ast.AST) -> list[str]:
        """Variables in an expression that have no value yet, and calls that are named."""
        return [
            name
            for name in reads(node)
            if name not in self.values
            and (name in self.plan.variables or not name.isidentifier())
            and name not in self.plan.constants
            and name not in self.defaults
        ]

    def holds(self, condition: Condition) -> bool | None:
        """Is it met by what is settled here? None if that cannot be worked out."""
        if self.open_in(condition.node):
            return None
        return condition.holds(self.fixed, self.plan.bound)

    def _agrees(self, found: Solution, before: Mapping[str, str]) -> bool:
        return all(before.get(name) == value for name, value in found.values.items()) and all(
            reckon_text(part, before, self.plan.bound) in (None, value)
            for part, value in found.left
        )


def _is_truth(node: ast.expr) -> bool:
    """Is it ``True`` or ``False`` whatever its parts are?"""
    match node:
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.BoolOp(values=values):
            return all(_is_truth(value) for value in values)
    return False
