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
from pyx_dataset.monologues.undoing import joined, sums
from pyx_dataset.monologues.undoing.methods import CALLS, METHODS
from pyx_dataset.monologues.undoing.plain import filler, plain_values, plainest
from pyx_dataset.monologues.undoing.sums import Contradicted, NotInvertible
from pyx_dataset.monologues.undoing.targets import as_value, first_item

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
    left: list[tuple[ast.expr, str]] = field(default_factory=list)
    """Parts that have not been turned around, and what each must be worth."""


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
    the arms of a conditional expression. They are never a reason for a value. What cannot be
    turned around further is left in the solution, unless it is `node` as a whole.

    Raises:
        NotInvertible: no solution was found.
    """
    solver = Solver(fixed, hints, bound)
    try:
        solver.solve(node, parse(want))
        state = {**fixed, **solver.found.values}
        if not solver.found.left and canonical(reckon(node, state, bound)) != want:
            raise NotInvertible
    except _NO_WAY:
        raise NotInvertible from None
    return solver.found


_NO_WAY = (
    Unknown, TypeError, ValueError, LookupError, ArithmeticError, AttributeError, NotInvertible,
)  # fmt: skip


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
                raise Contradicted
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
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp() | ast.DictComp():
                self._comprehension(node, want)
            case ast.JoinedStr(values=values):
                sums.formatted(self, values, want)
            case _:
                raise NotInvertible

    def _parts(self, items: list[ast.expr], want: Any) -> None:
        """The parts of a display, variables first."""
        pairs = list(zip(items, want, strict=True))
        pairs.sort(key=lambda pair: not isinstance(pair[0], ast.Name))
        for item, value in pairs:
            self.down(item, value, f"the part {code(canonical(value))} is plain"
                      if isinstance(item, ast.Name) else "part by part")  # fmt: skip

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
        found = self.found
        start = Solution(dict(found.values), list(found.words), found.is_free, list(found.left))
        try:
            self.solve(part, value)
        except Contradicted:
            raise
        except _NO_WAY:
            start.left.append((part, text))
            self.found = start

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
        fill = filler(self.hint(base), want)
        front = (lower or 0) * fill
        behind = -upper * fill if upper is not None and upper < 0 else fill[:0]
        why = "the slice keeps all of it"
        if front or behind:
            why = "what the slice leaves out is free"
        elif upper is not None:
            why = "behind the slice anything may follow, or nothing"
        self.down(base, front + want + behind, why, is_free=True)

    def _item(self, base: ast.expr, index: ast.expr, want: Any) -> None:
        hint = self.hint(base)
        if self.is_known(index):
            place = self.known(index)
        else:
            place = "a" if isinstance(self.hint(index), str) else 0
            self.down(index, place, "the place is ours to choose", is_free=True)
        if isinstance(hint, dict):
            self.down(base, {place: want}, "only this entry matters", is_free=True)
            return
        if not isinstance(hint, list | tuple | str) or type(place) is not int:
            raise NotInvertible
        size = place + 1 if place >= 0 else -place
        items = [want] * size
        value = "".join(items) if isinstance(hint, str) else type(hint)(items)
        why = f"only the item at {code(canonical(place))} matters"
        self.down(base, value, why, is_free=True)

    def _call(self, node: ast.Call, want: Any) -> None:
        if node.keywords or any(isinstance(item, ast.Starred) for item in node.args):
            raise NotInvertible
        match node.func:
            case ast.Name(id=name) if name in CALLS and name not in self.bound:
                if len(node.args) > 1 and name in ("max", "min"):
                    self._largest(node.args, want)
                    return
                [argument] = node.args
                turned = CALLS[name](want, self.hint(argument))
            case ast.Attribute(value=base, attr="join") if self.is_known(base):
                [argument] = node.args
                joined.cut(self, argument, self.known(base), want)
                return
            case ast.Attribute(value=ast.Name(id=name), attr="join") if isinstance(want, str):
                [argument] = node.args
                separator, why = joined.separator(name, want)
                self.found.words.append(why)
                self.found.values[name] = canonical(separator)
                self.found.is_free = True
                joined.cut(self, argument, separator, want)
                return
            case ast.Attribute(value=argument, attr=name) if name in METHODS:
                turned = METHODS[name](want, [self._given(item, want) for item in node.args])
            case _:
                raise NotInvertible
        if turned is None or turned[0] is None:
            raise NotInvertible
        self.down(argument, *turned)

    def _given(self, node: ast.expr, want: Any) -> Any:
        """An argument of a method: settled, or chosen and so settled."""
        if self.is_known(node):
            return self.known(node)
        if not isinstance(node, ast.Name) or self.hint(node) is None:
            raise NotInvertible
        value = next(
            item
            for item in plain_values(self.hint(node), ["-", ","])
            if item != "" and (not isinstance(want, str) or str(item) not in want)
        )
        self.found.is_free = True
        self.found.words.append(f"nothing fixes {code(node.id)} yet, so take "
                                f"{phrases.binding(node.id, canonical(value))}")  # fmt: skip
        self.found.values[node.id] = canonical(value)
        return value

    def _largest(self, items: list[ast.expr], want: Any) -> None:
        """``max`` or ``min`` of several: the first that is open is it, others no more than that."""
        is_found = any(
            self.is_known(item) and canonical(self.known(item)) == canonical(want) for item in items
        )
        for item in items:
            if not self.is_known(item):
                why = "the other may be as large" if is_found else "let this one be it"
                self.down(item, want, why, is_free=True)
                is_found = True

    def _comprehension(
        self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp, want: Any
    ) -> None:
        """Each item is solved by itself; together they are what the comprehension went over."""
        [clause] = node.generators
        if isinstance(node, ast.DictComp):
            wanted = [[(node.key, key), (node.value, value)] for key, value in want.items()]
        else:
            items = sorted(want) if isinstance(node, ast.SetComp) else list(want)
            wanted = [[(node.elt, item)] for item in items]
        names = [part.id for part in ast.walk(clause.target) if isinstance(part, ast.Name)]
        given = [self._pass(clause, names, pairs) for pairs in wanted]
        hint = self.hint(clause.iter)
        turned: Any = "".join(given) if isinstance(hint, str) else given
        if isinstance(hint, dict | tuple | set):
            turned = dict.fromkeys(given, 0) if isinstance(hint, dict) else type(hint)(given)
        is_same = not isinstance(node, ast.DictComp) and isinstance(node.elt, ast.Name)
        lead = f"solved for {code(ast.unparse(clause.target))} each time"
        free = ", and what the condition throws out is free" if clause.ifs else ""
        why = f"{'item by item' if is_same else lead}{free}"
        self.down(clause.iter, turned, why, is_free=bool(clause.ifs))

    def _pass(
        self, clause: ast.comprehension, names: list[str], wanted: list[tuple[ast.expr, Any]]
    ) -> Any:
        """What the comprehension had in the pass that gave these values."""
        hints = {**self.hints, **first_item(clause, self.hint(clause.iter))}
        inner = Solver({**self.fixed, **self.found.values}, hints, self.bound)
        for node, value in wanted:
            inner.solve(node, value)
        found = inner.found.values
        if inner.found.left:
            raise NotInvertible
        for name in names:
            found.setdefault(name, canonical(plainest(parse(hints[name]))))
        self.found.values |= {name: text for name, text in found.items() if name not in names}
        state = {**inner.fixed, **found}
        if not all(reckon(test, state, self.bound) for test in clause.ifs):
            raise NotInvertible
        return reckon(as_value(clause.target), state, self.bound)
