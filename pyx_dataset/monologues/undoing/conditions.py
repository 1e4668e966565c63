"""What must hold at a place of the run, where no value follows from it yet."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.blocks import source_of
from pyx_dataset.monologues.run.literals import Unknown, canonical
from pyx_dataset.monologues.run.reckon import reckon
from pyx_dataset.monologues.undoing.expressions import is_opaque, reads, replaced

MAX_CHARS = 76
"""A longer condition is not written out."""


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression over the variables of a place, and what it must be worth there."""

    node: ast.expr
    want: str
    is_test: bool
    """Only its truth counts; `want` is ``True`` or ``False``."""

    def is_like(self, other: "Condition") -> bool:
        """Do both ask the same?"""
        return self.want == other.want and source_of(self.node) == source_of(other.node)

    def on(self, values: Mapping[str, ast.expr]) -> "Condition":
        """The same condition further up, where `values` stand for variables."""
        node = replaced(self.node, values)
        return self if node is self.node else Condition(node, self.want, self.is_test)

    def holds(self, state: Mapping[str, str], bound: frozenset[str]) -> bool | None:
        """Is it met in `state`? None if that cannot be worked out."""
        try:
            value = reckon(self.node, state, bound)
            return str(bool(value)) == self.want if self.is_test else canonical(value) == self.want
        except Unknown:
            return None

    @property
    def reads(self) -> tuple[str, ...]:
        """The names in it: variables, and also functions and modules."""
        return reads(self.node)

    @property
    def words(self) -> str:
        """What is asked; empty where it would be too long to read or is not followed."""
        if is_opaque(self.node):
            return ""
        source = source_of(self.node)
        if len(source) + (0 if self.is_test else len(self.want)) > MAX_CHARS:
            return ""
        if self.is_test:
            return f"{code(source)} must be {self.want.lower()}"
        return f"{code(source)} has to be {code(self.want)}"


def split_test(test: ast.expr, truth: bool) -> Iterator[tuple[ast.expr, bool]]:
    """A condition as several that must all hold: ``a and b`` is both, ``not a`` is `a` turned."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from split_test(operand, not truth)
        case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And) is truth:
            for value in values:
                yield from split_test(value, truth)
        case _:
            yield test, truth


def equation(
    test: ast.expr, truth: bool, state: Mapping[str, str], bound: frozenset[str]
) -> tuple[ast.expr, str] | None:
    """The side of ``a == b`` that is open, and its value; None if the test fixes no value."""
    match test:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            equal = (ast.Eq, ast.Is) if truth else (ast.NotEq, ast.IsNot)
            if not isinstance(op, equal):
                return None
            for known, other in ((right, left), (left, right)):
                try:
                    return other, canonical(reckon(known, state, bound))
                except Unknown:
                    continue
    return None
