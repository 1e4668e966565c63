"""Facts about the piece of code that has to change, and the values that it works with."""

import ast
from collections.abc import Callable
from typing import Any

from pyx_dataset.monologues.rationale.evidence import Evidence
from pyx_dataset.monologues.rationale.found import Found, equal
from pyx_dataset.monologues.run.blocks import outline
from pyx_dataset.monologues.run.literals import Unknown, parse


def _state(e: Evidence, names: tuple[str, ...]) -> Found:
    for item in names:
        name, _, value = item.partition(" = ")
        if e.at.before.get(name) != value:
            return False, f"{name} is {e.at.before.get(name)}"
    return True, ""


def is_pair(e: Evidence, old: str, new: str) -> bool:
    """Is `new` what should stand for `old`?"""
    return any(pair.texts == (old, new) for pair in e.change.pairs)


def _pair(e: Evidence, old: str, new: str, value: str, other: str) -> Found:
    found = e.value(old), e.value(new, fixed=True)
    return found == (value, other) and is_pair(e, old, new), str(found)


def _new(e: Evidence, new: str, value: str) -> Found:
    is_there = any(pair.texts[1] == new for pair in e.change.pairs)
    return is_there and e.value(new, fixed=True) == value, str(e.value(new, fixed=True))


def compared(e: Evidence) -> ast.Compare | None:
    """The comparison that differs only in whether its bound is included."""
    match e.change.pairs[0].old, e.change.pairs[0].new:
        case ast.Compare(ops=[one]) as old, ast.Compare(ops=[other]):
            if {type(one), type(other)} in ({ast.Lt, ast.LtE}, {ast.Gt, ast.GtE}):
                return old
    return None


def _equal_sides(e: Evidence, value: str) -> Found:
    node = compared(e)
    if node is None:
        return False, "no such comparison"
    return equal([e.value(ast.unparse(n)) for n in (node.left, node.comparators[0])], [value] * 2)


def items(e: Evidence) -> tuple[list[Any], list[Any]]:
    """What the piece that differs goes over, as written and as it should be."""
    for pair in e.change.pairs:
        old, new = pair.texts
        values = e.value(old), e.value(new, fixed=True)
        try:
            left, right = (parse(value or "") for value in values)
        except Unknown:
            continue
        if isinstance(left, list | str) and isinstance(right, list | str):
            return list(left), list(right)
    return [], []


def _left_out(e: Evidence, item: str) -> Found:
    old, new = items(e)
    return item in map(repr, new) and item not in map(repr, old), f"{old} and {new}"


def _too_many(e: Evidence, item: str) -> Found:
    old, new = items(e)
    return item in map(repr, old) and item not in map(repr, new), f"{old} and {new}"


def _alias(e: Evidence, one: str, other: str) -> Found:
    together = any(
        {one, other} <= {change.name for change in step.changed} for step in e.buggy.steps
    ) and not any({one, other} <= {c.name for c in step.changed} for step in e.fixed.steps)
    return together, "they change together" if together else "they do not change together"


def _missing(e: Evidence, test: str) -> Found:
    node = e.guard.statement.test if e.guard and e.guard.statement else None
    found = ast.unparse(node) if node else ""
    return bool(node) and found == test, found


def _no_else(e: Evidence, test: str) -> Found:
    node = e.at.statement.test if e.at.statement else None
    lacks = [line.strip() for gap in e.change.gaps for line in gap.new]
    is_so = node is not None and ast.unparse(node) == test and e.at.entered is False
    return is_so and any(line.startswith("else") for line in lacks), str(e.at.entered)


def _in_loop(e: Evidence, line: int, loop: int) -> Found:
    header = outline(e.buggy.code).by_line.get(loop)
    is_in = header is not None and header.kind in ("for", "while") and line in header.block
    return is_in, str(header and header.block)


def _no_pass(e: Evidence, line: int, loop: int) -> Found:
    ran = any(step.line == line for step in e.buggy.steps)
    return not ran and _in_loop(e, line, loop)[0], "it runs" if ran else "it is no part of it"


def unread(e: Evidence) -> dict[str, int]:
    """Variables that the broken program sets and never reads, with the line that does."""
    nodes = [node for node in ast.walk(ast.parse(e.buggy.code)) if isinstance(node, ast.Name)]
    read = {node.id for node in nodes if isinstance(node.ctx, ast.Load)}
    return {
        node.id: node.lineno
        for node in reversed(nodes)
        if isinstance(node.ctx, ast.Store) and node.id not in read
    }


def _unused(e: Evidence, name: str, line: int) -> Found:
    return equal(unread(e).get(name), line)


def _overwrites(e: Evidence, name: str, value: str) -> Found:
    old, new = e.change.pairs[-1].old, e.change.pairs[-1].new
    match old, new:
        case ast.Assign(targets=[ast.Name(target)]), ast.AugAssign():
            is_lost = target == name
        case _:
            is_lost = False
    return is_lost and e.at.before.get(name) == value, str(e.at.before.get(name))


PIECES: dict[str, Callable[..., Found]] = {
    "state": _state,
    "pair": _pair,
    "pair_range": _pair,
    "pair_whole": _pair,
    "new": _new,
    "equal_sides": _equal_sides,
    "left_out": _left_out,
    "too_many": _too_many,
    "alias": _alias,
    "missing": _missing,
    "no_else": _no_else,
    "in_loop": _in_loop,
    "no_pass": _no_pass,
    "unused": _unused,
    "overwrites": _overwrites,
}
