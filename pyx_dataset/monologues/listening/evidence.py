"""What a run shows an expression to be worth, at the moments that a sentence may mean."""

import ast
from collections.abc import Iterable, Iterator
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from pyx_dataset.monologues.listening.facts import TAKING_NAMES, Comprehension, Facts, Part
from pyx_dataset.monologues.run.blocks import names_in
from pyx_dataset.monologues.run.inside import known, noted
from pyx_dataset.monologues.run.literals import Unknown, canonical, expression, parse
from pyx_dataset.monologues.run.pure import listed
from pyx_dataset.monologues.run.reckon import State, reckon
from pyx_dataset.monologues.run.story import DELETED, Moment

_IT = "it_"
"""The name that ``...`` gets while it stands for one value after the other."""


@dataclass(slots=True)
class Evidence:
    """The values that an expression had, and whether these are all it may have had."""

    values: list[Any] = field(default_factory=list)
    is_complete: bool = True
    """False where some value could not be worked out: then nothing can be denied."""

    def add(self, node: ast.expr, state: State, bound: frozenset[str]) -> None:
        """Work out `node` in `state`."""
        try:
            self.values.append(reckon(node, state, bound))
        except Unknown as unknown:
            if unknown.__cause__ is None:  # else it would raise there, so it is not meant there
                self.is_complete = False


def recorded(dump: str, moment: Moment) -> list[Any]:
    """What the trace itself noted for an expression at `moment`; it comes before working it out."""
    try:
        return [parse(text) for text in noted(dump, moment)]
    except Unknown:  # an iterator, say: what it would give is worked out
        return []


def evidence(source: str, moments: Iterable[Moment], facts: Facts) -> Evidence:
    """
    What `source`, in which ``...`` stands for anything, was worth at `moments`.

    Raises:
        Unknown: `source` is no expression.
    """
    node = expression(source)
    found = Evidence()
    if source == "...":
        _anything(moments, facts, found)
    elif any(isinstance(part, ast.Constant) and part.value is ... for part in ast.walk(node)):
        matching = [part for part in facts.parts if _matches(node, part.node)]
        _at_parts(matching, moments, found, facts)
        if not matching:
            _of_any_variable(source, moments, facts, found)
    else:
        fleeting = set(names_in(node)) & facts.fleeting
        if not fleeting - _lasting(moments):
            _in_states(node, moments, facts, found)
        if fleeting:  # `[s.lower() for s in s.split()]`: either `s` may be meant
            matching = [part for part in facts.parts if part.dump == ast.dump(node)]
            _at_parts(matching, moments, found, facts)
            found.is_complete &= bool(matching)
    return found


def _lasting(moments: Iterable[Moment]) -> set[str]:
    return {name for moment in moments for name in moment.before}


def _states(moment: Moment) -> Iterator[State]:
    """The state before and after; where a pass begins, before it is the pass before."""
    begins = moment.entered and moment.statement and moment.statement.kind == "for"
    if not begins:
        yield moment.before
    if moment.changed or begins:
        yield moment.after


def _in_states(node: ast.expr, moments: Iterable[Moment], facts: Facts, found: Evidence) -> None:
    """An expression over variables: before and after each moment at which they all exist."""
    names = [name for name in names_in(node) if name in facts.bound and name not in facts.functions]
    dump = ast.dump(node)
    seen: set[tuple[str, ...]] = set()

    def held(state: State) -> tuple[str, ...]:
        everything = {**facts.plan.constants, **state}
        return tuple(everything.get(name, DELETED) for name in names)

    # Moments with a note come first: with the same variables others need not be worked out.
    for moment, values in sorted(
        ((moment, recorded(dump, moment)) for moment in moments), key=lambda pair: not pair[1]
    ):
        statement = moment.statement
        is_test = statement and statement.test and ast.dump(statement.test) == dump
        if is_test and moment.entered is not None:
            found.values.append(moment.entered)
        if values:
            found.values += values
            seen.add(held(moment.before))
            continue
        for state in _states(moment):
            here = held(state)
            if DELETED in here or (here in seen and not moment.results):
                continue
            seen.add(here)
            found.add(node, known(moment, facts.plan, state), facts.bound)


def _at_parts(parts: list[Part], moments: Iterable[Moment], found: Evidence, facts: Facts) -> None:
    """Expressions of the program: before each run of their statement, pass by pass inside."""
    for moment in moments:
        for part in parts:
            if part.statement is not moment.statement or moment.event not in ("line", "return"):
                continue
            is_header = isinstance(part.statement.node, ast.For)
            if is_header and not moment.is_first:
                continue  # what a loop goes over is worked out once
            if values := recorded(part.dump, moment):
                found.values += values
                continue
            node = _spread(part.node, part.around)
            one = Evidence()
            one.add(node, known(moment, facts.plan), facts.bound)
            found.is_complete &= one.is_complete
            for value in one.values:
                found.values += value.items if part.around else [value]


def _spread(node: ast.expr, around: tuple[Comprehension, ...]) -> ast.expr:
    """`node` in every pass of the comprehensions `around` it."""
    if not around:
        return node
    clauses = [
        ast.comprehension(clause.target, clause.iter, [], 0)
        for outer in around
        for clause in outer.generators
    ]
    return ast.GeneratorExp(node, clauses)


def _matches(pattern: ast.AST, node: ast.AST) -> bool:
    """Is `node` what `pattern` leaves open? ``f(...)`` is any call of ``f``."""
    match pattern, node:
        case ast.Constant(value=value), _ if value is ...:
            return True
        case ast.Call(func=left, args=[ast.Constant(value=value)]), ast.Call(func=right) if (
            value is ...
        ):
            return _matches(left, right)
        case ast.Attribute(), ast.Attribute():
            return pattern.attr == node.attr and _matches(pattern.value, node.value)
        case ast.Subscript(), ast.Subscript():
            return ast.dump(pattern.slice) == ast.dump(node.slice) and _matches(
                pattern.value, node.value
            )
    return ast.dump(pattern) == ast.dump(node)


def _of_any_variable(source: str, moments: Iterable[Moment], facts: Facts, found: Evidence) -> None:
    """``...[4]``, ``len(...)``: of whatever has such a part."""
    everything = Evidence()
    _anything(moments, facts, everything)
    node = expression(source.replace("...", _IT, 1))
    for text in dict.fromkeys(map(_text, everything.values)):
        one = Evidence()
        one.add(node, {_IT: text}, facts.bound)
        found.values += one.values
    found.is_complete &= everything.is_complete and bool(found.values)


def _text(value: Any) -> str:
    try:
        return canonical(listed(value))
    except Unknown:
        return "<hidden>"


def _anything(moments: Iterable[Moment], facts: Facts, found: Evidence) -> None:
    """Every value that the moments show: variables, parts of their lines, returns, items of all."""
    texts = [text for moment in moments for state in _states(moment) for text in state.values()]
    texts += [m.value for m in moments if m.value is not None and m.event == "return"]
    for text in dict.fromkeys(texts):
        try:
            found.values.append(parse(text))
        except Unknown:  # a function is no value that a sentence may mean; `Counter(...)` may be
            found.is_complete &= text.startswith("<")
    useful = [
        part
        for part in facts.parts
        if not isinstance(
            part.node, ast.Constant | ast.Name | ast.Attribute | ast.Lambda | ast.Slice
        )
        and not isinstance(getattr(part.node, "ctx", None), ast.Store)
    ]
    _at_parts(useful, moments, found, facts)
    for part in useful:
        _left_by(part, moments, found, facts)
    found.is_complete &= not any(moment.line in facts.churning for moment in moments)
    for value in list(found.values):
        whole = listed(value)
        if isinstance(whole, list | tuple | dict):
            found.values += [*whole, *(whole.values() if isinstance(whole, dict) else ())]
    found.values = list({(type(value), repr(value)): value for value in found.values}.values())


class _Put(ast.NodeTransformer):
    """Puts an expression in the place of a variable."""

    def __init__(self, name: str, value: str) -> None:
        self.name, self.value = name, value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Replace the variable."""
        return expression(self.value) if node.id == self.name else node


def put_in(source: str, name: str, value: str) -> str:
    """
    `source` with `value` in the place of the variable `name`.

    >>> put_in("x.find('x')", "x", "'ab'")
    "'ab'.find('x')"
    """
    return ast.unparse(_Put(name, value).visit(ast.parse(source, mode="eval")))


def _left_by(part: Part, moments: Iterable[Moment], found: Evidence, facts: Facts) -> None:
    """What ``xs.pop(0)`` inside a line leaves, which no step shows if the line goes on with it."""
    match part.node:
        case ast.Call(func=ast.Attribute(value=ast.Name() as owner, attr=name), args=args) if (
            name in TAKING_NAMES
        ):
            for moment in moments:
                if part.statement is moment.statement and moment.event == "line":
                    state = known(moment, facts.plan)
                    with suppress(Unknown, LookupError, TypeError):
                        left = copy(reckon(owner, state, facts.bound))
                        if isinstance(left, list | dict):
                            given = [reckon(item, state, facts.bound) for item in args]
                            getattr(left, name)(*given)
                            found.values.append(left)


def loop_items(name: str, moments: Iterable[Moment], facts: Facts) -> Evidence:
    """The values that a variable of a comprehension takes."""
    found = Evidence()
    for part in facts.parts:
        if isinstance(part.node, Comprehension) and name in {
            item.id
            for clause in part.node.generators
            for item in ast.walk(clause.target)
            if isinstance(item, ast.Name)
        }:
            target = ast.Name(name, ast.Load())
            inner = Part(target, part.statement, (*part.around, part.node), "")
            _at_parts([inner], moments, found, facts)
    found.is_complete &= bool(found.values)
    return found
