"""What `benchmarks/trace_oracle.py` holds a trace against."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pyx_dataset.schema import Part, Step, Trace
from pyx_dataset.traces.replay import DELETED
from pyx_dataset.traces.values import is_plain

HIDDEN = "?"
PURE = frozenset((
    "abs", "all", "any", "bin", "bool", "bytes", "chr", "dict", "divmod", "enumerate", "filter",
    "float", "format", "frozenset", "hex", "int", "isinstance", "len", "list", "map", "max", "min",
    "oct", "ord", "pow", "range", "repr", "reversed", "round", "set", "slice", "sorted", "str",
    "sum", "tuple", "zip",
))  # fmt: skip
"""Builtins that do nothing but give a value."""
Stay = tuple[str, list[tuple[int, dict[str, str]]]]
"""A function and its line events, each with what it changed."""


def differences(trace: Trace, slow: list[Any]) -> tuple[int, list[str]]:
    """How many changes of plain variables there are, and where the two tracers disagree."""
    ours = [_plain(stay) for stay in _stays(trace.steps)]
    starts = _starts(trace.code)
    theirs = [_plain(_by_statement(name, events, starts)) for name, events in slow]
    # A generator that is closed where it waits makes a stay in which nothing happens.
    ours, theirs = [_told(stays) for stays in (ours, theirs)]
    found = []
    if [name for name, _ in ours] != [name for name, _ in theirs]:
        found.append(f"functions {[n for n, _ in ours]} against {[n for n, _ in theirs]}")
    for (name, mine), (_, other) in zip(ours, theirs, strict=False):
        if mine != other:
            first = next(
                (pair for pair in zip(mine, other, strict=False) if pair[0] != pair[1]),
                (mine[len(other) :], other[len(mine) :]),
            )
            found.append(f"{name}(): {first[0]} against {first[1]}")
    return sum(len(changed) for _, events in ours for _, changed in events), found


def _stays(steps: tuple[Step, ...]) -> list[Stay]:
    stays: list[Stay] = []
    running: list[Stay] = []
    for step in steps:
        if step.event == "call":
            stays.append((step.function, []))
            running.append(stays[-1])
        if step.event in ("call", "line"):
            changed = {change.name: change.value for change in step.changed}
            running[-1][1].append((step.line, changed))
        else:
            running.pop()
    return stays


def _by_statement(name: str, events: list[Any], starts: dict[int, int]) -> Stay:
    """Events of one statement in a row as one, with all that they changed."""
    merged: list[tuple[int, dict[str, str]]] = []
    for line, changed in events:
        start = starts.get(line, line)
        if len(merged) > 1 and merged[-1][0] == start:
            merged[-1][1].update(changed)
        else:
            merged.append((start, dict(changed)))
    return name, merged


def _plain(stay: Stay) -> Stay:
    """Without the values that only one of the two can show; events of one line in a row as one."""
    events: list[tuple[int, dict[str, str]]] = []
    for line, changed in stay[1]:
        kept = {
            name: value
            for name, value in changed.items()
            if value == DELETED or (value != HIDDEN and _is_plain(value))
        }
        if len(events) > 1 and events[-1][0] == line:
            events[-1][1].update(kept)
        else:
            events.append((line, kept))
    return stay[0], events


@lru_cache(maxsize=10_000)
def _is_plain(value: str) -> bool:
    return is_plain(value)


def _told(stays: list[Stay]) -> list[Stay]:
    return [stay for stay in stays if len(stay[1]) > 1 or stay[1][0][1]]


def _starts(code: str) -> dict[int, int]:
    """First line of the innermost statement, clause or case that holds a line."""
    starts: dict[int, int] = {}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.stmt | ast.excepthandler):
            first, last = node.lineno, node.end_lineno
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                first = min([first, *(item.lineno for item in node.decorator_list)])
            starts.update(dict.fromkeys(range(first, (last or first) + 1), node.lineno))
        elif isinstance(node, ast.match_case):
            last = node.body[-1].end_lineno or 0
            starts.update(dict.fromkeys(range(node.pattern.lineno, last + 1), node.pattern.lineno))
    return starts


def questions(trace: Trace) -> Iterator[tuple[str, str, Part]]:
    """
    Parts that plain variables alone decide: the text, the variables as a dict's items, the part.

    Left out are parts of statements that change one of their variables, those that name anything
    else than variables and pure builtins, and those that give no plain data.
    """
    if trace.parts is None:
        return
    module = ast.parse(trace.code)
    own = {name for node in ast.walk(module) for name in _bound_by(node)}
    scopes = [node for node in ast.walk(module) if isinstance(node, _SCOPES)]
    lines = trace.code.encode().split(b"\n")
    states = list(_states(trace.steps))
    passes: dict[tuple[int, int, int], dict[str, str]] = {}
    for part in trace.parts:
        tree = ast.parse(f"({part.text}\n)", mode="eval").body
        column = len(lines[part.line - 1].decode()[: part.column].encode())
        if names := _targets(tree):
            if part.value is not None:
                passes[part.step, part.line, column] = dict(_unpacked(names, part.value))
            continue
        state = dict(states[part.step])
        for scope in scopes:
            if _is_inside(scope, part.line, column):
                for name in _bound_by(scope):
                    state.pop(name, None)
                for item in getattr(scope, "generators", ()):
                    place = part.step, item.target.lineno, item.target.col_offset
                    state |= passes.get(place, {})
        changed = {change.name for change in trace.steps[part.step].changed}
        inner = {name for node in ast.walk(tree) for name in _bound_by(node)}
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        free = {name for name in used - inner if name not in PURE or name in own}
        if inner & state.keys():
            continue  # one name for two things
        known = all(_is_written_out(state.get(name, HIDDEN)) for name in free)
        if known and not free & changed and _is_plain_and_pure(part, tree):
            yield part.text, ", ".join(f"{name!r}: {state[name]}" for name in sorted(free)), part


_SCOPES = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)


def _bound_by(node: ast.AST) -> list[str]:
    """Names that a node gives a value, itself or, if it is a scope, inside."""
    match node:
        case ast.Name(ctx=ast.Store()):
            return [node.id]
        case ast.arg():
            return [node.arg]
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            targets = [item.target for item in node.generators]
            return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
        case ast.Lambda():
            return [item.arg for item in ast.walk(node.args) if isinstance(item, ast.arg)]
    return []


def _is_inside(scope: ast.AST, line: int, column: int) -> bool:
    """Whether a place is inside a scope and not in its first iterable, which is outside."""

    def holds(node: ast.expr) -> bool:
        first, last = (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
        return first < (line, column) < last

    assert isinstance(scope, ast.expr)
    generators = getattr(scope, "generators", ())
    outside = [item.iter for item in generators[:1]]
    outside_starts = [(item.lineno, item.col_offset) for item in outside]
    return holds(scope) and not any(map(holds, outside)) and (line, column) not in outside_starts


def _targets(tree: ast.expr) -> list[str]:
    """Names, if `tree` is nothing else: the variables of a pass, or parameters."""
    match tree:
        case ast.Name():
            return [tree.id]
        case ast.Tuple(elts=items) if items and all(isinstance(item, ast.Name) for item in items):
            return [item.id for item in items if isinstance(item, ast.Name)]
    return []


def _unpacked(names: list[str], value: str) -> Iterator[tuple[str, str]]:
    """What each name was bound to."""
    tree = ast.parse(value, mode="eval").body if is_plain(value) else None
    if len(names) == 1:
        yield names[0], value
    elif isinstance(tree, ast.Tuple):
        for name, item in zip(names, tree.elts, strict=True):
            yield name, ast.get_source_segment(value, item) or HIDDEN


@lru_cache(maxsize=10_000)
def _is_written_out(value: str) -> bool:
    """Plain data, and no set: in which order one is looped over depends on its past."""
    return is_plain(value) and not any(
        isinstance(node, ast.Set | ast.Call) for node in ast.walk(ast.parse(value, mode="eval"))
    )


def _is_plain_and_pure(part: Part, tree: ast.expr) -> bool:
    waits = ast.Yield | ast.YieldFrom | ast.Await | ast.NamedExpr
    is_pure = not any(isinstance(node, waits) for node in ast.walk(tree))
    return is_pure and part.value is not None and is_plain(part.value)


def _states(steps: tuple[Step, ...]) -> Iterator[dict[str, str]]:
    """For each step, the variables of its frame before it."""
    running: list[dict[str, str]] = []
    for step in steps:
        if step.event == "call":
            running.append({})
        yield dict(running[-1])
        for change in step.changed:
            running[-1][change.name] = change.value
            if change.value == DELETED:
                del running[-1][change.name]
        if step.event in ("return", "exception"):
            running.pop()
