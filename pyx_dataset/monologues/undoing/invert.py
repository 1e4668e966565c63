"""Turn an expression around: from the value that it must have to the variables it reads.

Each turn is said in words. Where several values would do, the plainest is taken and the freedom
is named. A solution is only one if the expression, worked out from it, gives the value again.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.literals import Unknown, canonical, parse
from pyx_dataset.monologues.run.reckon import reckon
from pyx_dataset.monologues.telling import phrases
from pyx_dataset.monologues.undoing import sums
from pyx_dataset.monologues.undoing.methods import CALLS, METHODS
from pyx_dataset.monologues.undoing.sums import NotInvertible

MAX_CHARS = 60
"""Longer sources and values of parts are not written out on the way."""


@dataclass(slots=True)
class Solution:
    """Values for variables that give an expression its value."""

    values: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    """Why these, clause by clause, from the outside of the expression to its inside."""
    is_free: bool = False
    """Other values would do as well."""
    owed: int = 0
    """Parts that must come out right without having been turned around."""


def invert(
    node: ast.expr,
    want: str,
    fixed: Mapping[str, str],
    hints: Mapping[str, str],
    bound: frozenset[str] = frozenset(),
) -> Solution:
    """
    Values for what `node` reads beyond `fixed`, such that it is worth `want`.

    `hints` are values of the same variables in some run: they tell types, and choose between
    the arms of a conditional expression. They are never a reason for a value.

    Raises:
        NotInvertible: no solution was found.
    """
    solver = Solver(fixed, hints, bound)
    try:
        solver.solve(node, parse(want))
        state = {**fixed, **solver.found.values}
        if not solver.found.owed and canonical(reckon(node, state, bound)) != want:
            raise NotInvertible
    except (Unknown, TypeError, ValueError, LookupError, ArithmeticError, AttributeError):
        raise NotInvertible from None
    return solver.found


class Solver:
    """Walks an expression from the outside in."""

    def __init__(
        self, fixed: Mapping[str, str], hints: Mapping[str, str], bound: frozenset[str]
    ) -> None:
        self.fixed, self.hints, self.bound = fixed, hints, bound
        self.found = Solution()

    def known(self, node: ast.expr) -> Any:
        """The value of a part that is settled already."""
        return reckon(node, {**self.fixed, **self.found.values}, self.bound)

    def is_known(self, node: ast.expr) -> bool:
        """Is a part settled?"""
        try:
            self.known(node)
        except Unknown:
            return False
        return True

    def hint(self, node: ast.expr) -> Any:
        """What a part was worth in the run that shows the types; None if that is unknown."""
        try:
            return reckon(node, self.hints, self.bound)
        except Unknown:
            return None

    def solve(self, node: ast.expr, want: Any) -> None:
        """Let `node` be worth `want`."""
        if self.is_known(node):
            if canonical(self.known(node)) != canonical(want):
                raise NotInvertible
            return
        match node:
            case ast.Name(id=name):
                self.found.values[name] = canonical(want)
            case ast.BinOp():
                sums.binary(self, node, want)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                self.down(operand, -want, "with its sign turned")
            case ast.Subscript(value=base, slice=ast.Slice() as part):
                self._slice(base, part, want)
            case ast.Subscript(value=base, slice=index):
                self._item(base, index, want)
            case ast.Call():
                self._call(node, want)
            case ast.Tuple(elts=items) | ast.List(elts=items) if len(items) == len(want):
                self._parts(items, want)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.down(body if self.hint(test) else orelse, want, "on this path")
            case ast.ListComp() | ast.GeneratorExp():
                self._comprehension(node, list(want))
            case ast.JoinedStr(values=values):
                sums.formatted(self, values, want)
            case _:
                raise NotInvertible

    def _parts(self, items: list[ast.expr], want: Any) -> None:
        """The parts of a display: variables first; what cannot be turned around is owed."""
        pairs = list(zip(items, want, strict=True))
        pairs.sort(key=lambda pair: not isinstance(pair[0], ast.Name))
        for item, value in pairs:
            start = Solution(dict(self.found.values), list(self.found.words))
            try:
                self.down(item, value, f"the part {code(canonical(value))} is plain"
                          if isinstance(item, ast.Name) else "part by part")  # fmt: skip
            except (NotInvertible, Unknown):
                if not self.found.values:
                    raise NotInvertible from None
                start.owed = self.found.owed + 1
                start.words.append(
                    f"{code(ast.unparse(item))} has to come out as {code(canonical(value))}"
                )
                self.found = start

    def down(self, part: ast.expr, value: Any, why: str, is_free: bool = False) -> None:
        """`part` is worth `value`, for the reason `why`; go on inside it."""
        source, text = ast.unparse(part), canonical(value)
        self.found.is_free |= is_free
        if not self.is_known(part):
            if isinstance(part, ast.Name):
                end = phrases.binding(source, text)
                self.found.words.append(f"{why}, {'so take' if is_free else 'so'} {end}")
            elif len(source) <= MAX_CHARS and len(text) <= MAX_CHARS:
                says = f"let {code(source)} be" if is_free else f"{code(source)} is"
                self.found.words.append(f"{why}, {says} {code(text)}")
            else:
                self.found.words.append(why)
        self.solve(part, value)

    def _slice(self, base: ast.expr, part: ast.Slice, want: Any) -> None:
        lower, upper, step = (
            None if item is None else self.known(item)
            for item in (part.lower, part.upper, part.step)
        )
        if step == -1 and lower is None and upper is None:
            self.down(base, want[::-1], "turned back around")
            return
        if step not in (None, 1) or (lower or 0) < 0:
            raise NotInvertible
        fill = self._filler(base, want)
        front = (lower or 0) * fill
        behind = -upper * fill if upper is not None and upper < 0 else fill[:0]
        why = "the slice keeps all of it"
        if front or behind:
            why = "what the slice leaves out is free"
        elif upper is not None:
            why = "behind the slice anything may follow, or nothing"
        self.down(base, front + want + behind, why, is_free=True)

    def _filler(self, base: ast.expr, want: Any) -> Any:
        """One plain character or item, to stand where anything may stand."""
        if isinstance(want, str):
            return next((letter for letter in "xyzabc" if letter not in want), "x")
        hint = self.hint(base)
        items = list(want) or list(hint if isinstance(hint, list | tuple) else [])
        plain: Any = {str: "x", list: [], tuple: (), float: 0.0}.get(
            type(items[0]) if items else int, 0
        )
        return type(want)([plain])

    def _item(self, base: ast.expr, index: ast.expr, want: Any) -> None:
        hint = self.hint(base)
        place = self.known(index) if self.is_known(index) else self.hint(index)
        if not isinstance(hint, list | tuple | str) or type(place) is not int:
            raise NotInvertible
        size = place + 1 if place >= 0 else -place
        if not self.is_known(index):
            self.down(index, place, "the place is ours to choose", is_free=True)
        items = [want] * size
        value = "".join(items) if isinstance(hint, str) else type(hint)(items)
        why = f"only the item at {code(canonical(place))} matters"
        self.down(base, value, why, is_free=True)

    def _call(self, node: ast.Call, want: Any) -> None:
        if node.keywords or any(isinstance(item, ast.Starred) for item in node.args):
            raise NotInvertible
        match node.func:
            case ast.Name(id=name) if name in CALLS and name not in self.bound:
                [argument] = node.args
                turned = CALLS[name](want, self.hint(argument))
            case ast.Attribute(value=base, attr="join") if self.is_known(base):
                [argument] = node.args
                self._join(argument, self.known(base), want)
                return
            case ast.Attribute(value=ast.Name(id=name), attr="join") if isinstance(want, str):
                [argument] = node.args
                self._join(argument, self._separator(name, want), want)
                return
            case ast.Attribute(value=argument, attr=name) if name in METHODS:
                turned = METHODS[name](want, [self._given(item) for item in node.args])
            case _:
                raise NotInvertible
        if turned is None or turned[0] is None:
            raise NotInvertible
        self.down(argument, *turned)

    def _given(self, node: ast.expr) -> Any:
        """An argument of a method: settled, or taken as it was and so settled."""
        if self.is_known(node):
            return self.known(node)
        if not isinstance(node, ast.Name) or self.hint(node) is None:
            raise NotInvertible
        value = canonical(self.hint(node))
        self.found.is_free = True
        self.found.words.append(f"nothing fixes {code(node.id)} yet, so take "
                                f"{phrases.binding(node.id, value)}")  # fmt: skip
        self.found.values[node.id] = value
        return self.hint(node)

    def _separator(self, name: str, want: str) -> str:
        """What joined the pieces of a text: a mark in it, or else one that it does not hold."""
        mark = next((letter for letter in want if not letter.isalnum()), None)
        chosen = mark if mark is not None else "-"
        count = want.count(chosen)
        seen = f"holds {code(canonical(chosen))} {'once' if count == 1 else f'{count} times'}"
        end = phrases.binding(name, canonical(chosen))
        if count:
            self.found.words.append(f"it {seen}, so take {end}")
        else:
            self.found.words.append(f"nothing in it looks like a separator, so take {end}")
        self.found.values[name] = canonical(chosen)
        self.found.is_free = True
        return chosen

    def _join(self, argument: ast.expr, separator: str, want: str) -> None:
        if separator:
            pieces = want.split(separator)
            self.down(argument, pieces, f"cut at {code(canonical(separator))}")
        else:
            self.down(argument, list(want), "letter by letter")

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp, want: list[Any]) -> None:
        match node.generators:
            case [ast.comprehension(target=ast.Name(id=name), iter=items, ifs=ifs)]:
                pass
            case _:
                raise NotInvertible
        values = []
        for item in want:
            inner = Solver({**self.fixed, **self.found.values}, self._of_item(name, items),
                            self.bound)  # fmt: skip
            inner.solve(node.elt, item)
            values.append(inner.found.values.get(name, canonical(item)))
        state = {**self.fixed, **self.found.values}
        if not all(
            reckon(test, {**state, name: value}, self.bound) for value in values for test in ifs
        ):
            raise NotInvertible
        given = [parse(value) for value in values]
        turned = "".join(given) if isinstance(self.hint(items), str) else given
        lead = (
            "item by item"
            if isinstance(node.elt, ast.Name)
            else f"solved for {code(name)} each time"
        )
        free = ", and what the condition throws out is free" if ifs else ""
        self.down(items, turned, f"{lead}{free}", is_free=bool(ifs))

    def _of_item(self, name: str, items: ast.expr) -> dict[str, str]:
        """Hints for one pass of a comprehension: the first item of the run that shows types."""
        hint = self.hint(items)
        if isinstance(hint, list | tuple | str) and hint:
            return {**self.hints, name: canonical(hint[0])}
        return dict(self.hints)
