"""Operators that change one statement: lost guards, early returns, breaks, accumulators."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import libcst as cst

from pyx_dataset.debugging.expressions import Kinds
from pyx_dataset.debugging.source import Edit, Place, Source

MAX_LINES = 3
"""A longer statement is not taken out: the edit would not be small."""


def loop_control(place: Place, source: Source, kinds: Kinds) -> Iterator[Edit]:
    """``break`` for ``continue``, and neither."""
    node = place.node
    if isinstance(node, cst.Break | cst.Continue):
        other = "continue" if isinstance(node, cst.Break) else "break"
        yield source.replace("break_continue", node, other)
        yield source.replace("break_continue", node, "pass")


def accumulation(place: Place, source: Source, kinds: Kinds) -> Iterator[Edit]:
    """``x = y`` where ``x += y`` is meant."""
    node = place.node
    if isinstance(node, cst.AugAssign):
        yield source.replace("lost_accumulation", node.operator, "=")


def returned(place: Place, source: Source, kinds: Kinds) -> Iterator[Edit]:
    """A return that gives nothing, though it should."""
    match place.node:
        case cst.Return(value=cst.BaseExpression() as value):
            if not (isinstance(value, cst.Name) and value.value == "None"):
                yield source.replace("wrong_return", place.node, "return")


def branches(place: Place, source: Source, kinds: Kinds) -> Iterator[Edit]:
    """A guard or base case that is missing, an ``else`` that was forgotten."""
    node = place.node
    if not isinstance(node, cst.If):
        return
    is_elif = isinstance(place.parent, cst.If)
    if node.orelse is None and not is_elif and _leaves(node):
        if edit := _taken_out("missing_guard", place, node, source):
            yield edit
    elif isinstance(node.orelse, cst.Else):
        start, end = source.span(node.orelse)
        start = source.span(node.body)[1]
        if source.raw.count(b"\n", start, end) <= MAX_LINES:
            yield source.edit("dropped_else", start, end, "")


def premature_return(place: Place, source: Source, kinds: Kinds) -> Iterator[Edit]:
    """The ``return`` behind a loop slips into the loop."""
    match place.node:
        case cst.IndentedBlock(body=statements):
            for before, statement in pairwise(statements):
                match before, statement:
                    case (
                        cst.For(orelse=None) | cst.While(orelse=None),
                        cst.SimpleStatementLine(body=[cst.Return()]),
                    ):
                        inside = _indent(before.body, source)
                        start, end = source.span(statement)
                        own = source.raw.rfind(b"\n", 0, start) + 1
                        if inside and source.line(start) == source.line(end):
                            text = f"{inside}{source.text(statement)}"
                            yield source.edit("premature_return", own, end, text)


def _indent(body: cst.BaseSuite, source: Source) -> str:
    if not isinstance(body, cst.IndentedBlock):
        return ""
    start = source.span(body.body[0])[0]
    return source.raw[source.raw.rfind(b"\n", 0, start) + 1 : start].decode()


def _leaves(node: cst.If) -> bool:
    """Does its block end the function or the pass?"""
    body = node.body.body[-1]
    if isinstance(body, cst.SimpleStatementLine):
        body = body.body[-1]
    return isinstance(body, cst.Return | cst.Continue | cst.Raise | cst.Break)


def _taken_out(operator: str, place: Place, node: cst.If, source: Source) -> Edit | None:
    """The edit that takes the lines of a statement out of a block that holds others."""
    block = place.parent
    start, end = source.span(node)
    is_alone = not isinstance(block, cst.IndentedBlock) or len(block.body) < 2
    if is_alone or source.raw.count(b"\n", start, end) + 1 > MAX_LINES:
        return None
    first = source.raw.rfind(b"\n", 0, start) + 1
    last = source.raw.find(b"\n", end) + 1 or len(source.raw)
    if source.raw[first:start].strip():
        return None
    return source.edit(operator, first, last, "")


STATEMENTS: tuple[Callable[[Place, Source, Kinds], Iterator[Edit]], ...] = (
    loop_control, accumulation, returned, branches, premature_return,
)  # fmt: skip
