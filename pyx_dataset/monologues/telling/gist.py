"""What a function does, in a sentence or two: verbs for its operations, roles for its variables."""

import ast
from collections.abc import Iterator, Mapping

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.blocks import Outline, source_of
from pyx_dataset.monologues.telling.roles import roles
from pyx_dataset.monologues.telling.verbs import FUNCTIONS, METHODS, MUTATORS

MAX_SOURCE_CHARS = 48
"""Longer expressions are not quoted in a sentence about the whole function."""
MAX_PHRASES = 4
MAX_CLAUSES = 3


def gist(function: ast.FunctionDef, plan: Outline) -> list[str]:
    """
    Clauses in the order of the code, each to become a sentence.

    One that starts with a verb lacks its subject; a loop has a clause of its own.
    """
    teller = _Teller(plan, roles(function))
    told: list[str] = []
    open_phrases: list[str] = []
    for node in function.body:
        phrases = teller.statement(node)
        if teller.apart:
            told += [_listed(open_phrases), *teller.apart]
            teller.apart, open_phrases = [], []
        open_phrases += phrases
    told = [clause for clause in (*told, _listed(open_phrases)) if clause]
    return told if len(told) <= MAX_CLAUSES else [*told[: MAX_CLAUSES - 1], told[-1]]


def _listed(phrases: list[str]) -> str:
    """Phrases as one sentence; of many, the first ones and the last."""
    phrases = list(dict.fromkeys(phrases))
    if len(phrases) > MAX_PHRASES:
        phrases = [*phrases[: MAX_PHRASES - 1], f"in the end {phrases[-1]}"]
    return " and ".join([", ".join(phrases[:-1]), phrases[-1]] if len(phrases) > 1 else phrases)


def _fits(*nodes: ast.expr) -> bool:
    return all(len(source_of(node)) <= MAX_SOURCE_CHARS for node in nodes)


def _quoted(node: ast.expr) -> str:
    return code(source_of(node))


class _Teller:
    """Finds verbs; loops get a sentence of their own."""

    def __init__(self, plan: Outline, roles: Mapping[str, str]) -> None:
        self.plan, self.roles = plan, roles
        self.apart: list[str] = []
        """Sentences about what happens in loops."""

    def block(self, body: list[ast.stmt]) -> list[str]:
        return [phrase for node in body for phrase in self.statement(node)]

    def statement(self, node: ast.stmt) -> list[str]:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                return self._named(name, value)
            case ast.Assign(value=value):
                return self.steps(value)
            case ast.Return(value=ast.expr() as value):
                return self._return(value)
            case ast.For(target=target, iter=items, body=body):
                return self._loop(target, items, body)
            case ast.While(test=test, body=body):
                place = len(self.apart)
                inner = _listed(self.block(body))
                if inner and _fits(test) and not isinstance(test, ast.Constant):
                    self.apart.insert(place, f"as long as {_quoted(test)} holds, it {inner}")
                return []
            case ast.If(test=test, body=body):
                return self._choice(test, body, node.orelse)
            case ast.AugAssign(target=target, op=ast.Add(), value=value) if _fits(value, target):
                if isinstance(value, ast.Constant) and value.value == 1:
                    return [f"counts in {self._by_role(target)}"]
                return [f"adds {_quoted(value)} to {self._by_role(target)}"]
            case ast.AugAssign(target=target) if _fits(target):
                return [f"updates {self._by_role(target)}"]
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=base, attr=name), args=args)):
                if name in MUTATORS and _fits(base, *args):
                    return [MUTATORS[name].format(r=self._by_role(base), a=self._given(args))]
            case ast.Try(body=body):
                return self.block(body)
            case ast.With(body=body):
                return self.block(body)
        return []

    def _named(self, name: str, value: ast.expr) -> list[str]:
        """What a variable is made of."""
        match value, self.roles.get(name):
            case ast.Call(args=[left, right]), "the largest so far" | "the smallest so far" as role:
                other = right if isinstance(left, ast.Name) and left.id == name else left
                if _fits(other):
                    return [f"keeps in {code(name)} {role}, {_quoted(other)} included"]
        steps = self.steps(value)
        if not steps and isinstance(value, ast.BinOp) and _fits(value):
            steps = [f"works out {_quoted(value)}"]
        return [*steps[:-1], f"{steps[-1]} as {code(name)}"] if steps else []

    def _by_role(self, target: ast.expr) -> str:
        """A variable with what it is for, where that is known."""
        role = self.roles.get(target.id) if isinstance(target, ast.Name) else None
        return f"{role} {_quoted(target)}" if role else _quoted(target)

    @staticmethod
    def _given(args: list[ast.expr]) -> str:
        return " and ".join(map(_quoted, args)) or "nothing"

    def _loop(self, target: ast.expr, items: ast.expr, body: list[ast.stmt]) -> list[str]:
        place = len(self.apart)
        inner = _listed(self.block(body))
        if not _fits(target, items):
            return [f"goes through a row of items and {inner}"] if inner else []
        each = f"for each {_quoted(target)} in {_quoted(items)}"
        if inner:
            self.apart.insert(place, f"{each}, it {inner}")
        elif len(self.apart) > place:
            self.apart.insert(place, f"{each}, another loop runs")
        else:
            return [f"goes through {_quoted(items)}"]
        return []

    def _choice(self, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt]) -> list[str]:
        if not _fits(test):
            return self.block(body)[:1]
        match body:
            case [ast.Raise()]:
                return []  # said among the properties
            case [ast.Return(value=ast.expr() as value)] if _fits(value):
                here = [f"gives {_quoted(value)} at once where {_quoted(test)}"]
            case [ast.Continue()]:
                return [f"skips what has {_quoted(test)}"]
            case [ast.Break()]:
                return [f"stops at {_quoted(test)}"]
            case _:
                inner = self.block(body)
                here = [f"{' and '.join(inner[:2])} where {_quoted(test)}"] if inner else []
        other = self.block(orelse)
        if other and here and not isinstance(orelse[0], ast.If):
            here[-1] += f", else {other[0]}"
            return here
        return here + other

    def _return(self, value: ast.expr) -> list[str]:
        steps = self.steps(value)
        if steps and isinstance(value, ast.Compare | ast.BinOp | ast.BoolOp) and _fits(value):
            return [*steps, f"returns {_quoted(value)}"]
        if steps:
            return steps
        if isinstance(value, ast.Constant) or not _fits(value):
            return []
        return [f"returns {_quoted(value)}"]

    def steps(self, node: ast.expr) -> list[str]:
        """Verbs for the operations inside an expression, innermost first."""
        return [phrase for part in _inside_out(node) for phrase in self._step(part)]

    def _step(self, node: ast.expr) -> Iterator[str]:
        match node:
            case ast.Call(func=ast.Name(id="max" | "min" as name), args=[left, right]):
                word = "larger" if name == "max" else "smaller"
                yield f"takes the {word} of {self._what(left)} and {self._what(right)}"
            case ast.Call(func=ast.Name(id="zip"), args=[ast.Starred(value=rows)]):
                yield f"turns the rows of {self._what(rows)} into columns"
            case ast.Call(func=ast.Name(id="zip"), args=[_]):
                pass
            case ast.Call(func=ast.Name(id=name), args=[_, *_] as args) if (
                name in FUNCTIONS and name not in self.plan.bound
            ):
                yield FUNCTIONS[name].format(a=self._what(args[0]), b=self._what(args[-1]))
            case ast.Call(func=ast.Name(id=name)) if name in self.plan.functions:
                yield f"calls {code(name)}"
            case ast.Call(func=ast.Attribute(value=base, attr=name), args=args) if name in METHODS:
                first = self._what(args[0]) if args else "white space"
                last = self._what(args[min(1, len(args) - 1)]) if args else ""
                yield METHODS[name].format(r=self._what(base), a=first, b=last)
            case ast.Subscript(value=base, slice=ast.Slice() as part):
                yield _slice(self._what(base), part)
            case ast.Subscript(value=base, slice=index) if _fits(base, index):
                yield f"picks item {_quoted(index)} of {self._what(base)}"
            case (
                ast.ListComp(elt=elt, generators=[clause])
                | ast.GeneratorExp(elt=elt, generators=[clause])
                | ast.SetComp(elt=elt, generators=[clause])
            ) if _fits(elt, clause.iter, *clause.ifs):
                where = f" where {' and '.join(map(_quoted, clause.ifs))}" if clause.ifs else ""
                each = f"each {_quoted(clause.target)} of {self._what(clause.iter)}{where}"
                same = ast.unparse(elt) == ast.unparse(clause.target)
                yield f"takes {each}" if same else f"makes {_quoted(elt)} of {each}"
            case ast.IfExp(test=test, body=body, orelse=orelse) if _fits(test, body, orelse):
                yield f"takes {_quoted(body)} if {_quoted(test)} and {_quoted(orelse)} if not"

    def _what(self, node: ast.expr) -> str:
        """A part in a phrase: by its source if it is simple, else as what was just made."""
        if isinstance(node, ast.Name | ast.Constant | ast.Attribute):
            return _quoted(node)
        if any(True for part in _inside_out(node) for _ in self._step(part)):
            return "the result"
        return _quoted(node) if _fits(node) else "the result"


def _inside_out(node: ast.expr) -> Iterator[ast.expr]:
    """Parts of an expression in the order in which they are worked out."""
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        yield from _inside_out(node.generators[0].iter)
    elif not isinstance(node, ast.Lambda | ast.IfExp):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from _inside_out(child)
            elif isinstance(child, ast.keyword):
                yield from _inside_out(child.value)
            elif isinstance(child, ast.Slice):
                yield from (
                    part
                    for end in (child.lower, child.upper) if end
                    for part in _inside_out(end)
                )  # fmt: skip
    yield node


def _slice(what: str, part: ast.Slice) -> str:
    lower, upper, step = (
        ast.unparse(end) if end else "" for end in (part.lower, part.upper, part.step)
    )
    if step == "-1" and not lower and not upper:
        return f"turns {what} around"
    if step.startswith("-"):
        return f"takes {what} backwards, by {code(step)}"
    if step:
        return f"takes every {code(step)}th of {what}"
    if lower == "1" and not upper:
        return f"drops the first of {what}"
    if upper == "-1" and not lower:
        return f"drops the last of {what}"
    if len(lower) > 24 or len(upper) > 24:
        return f"keeps a part of {what}"
    if not lower and upper:
        return f"keeps {what} up to {code(upper)}"
    if lower and not upper:
        return f"keeps {what} from {code(lower)} on"
    return f"keeps {what} from {code(lower or '0')} to {code(upper)}" if upper else f"copies {what}"
