"""Calls of the program's own functions that a statement makes, and where their runs are told."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar, cast

from pyx_dataset.monologues.run.blocks import Outline, source_of
from pyx_dataset.monologues.run.literals import expression, is_plain
from pyx_dataset.monologues.run.story import Moment
from pyx_dataset.monologues.undoing.expressions import reads

Tree = TypeVar("Tree", bound=ast.AST)


@dataclass(frozen=True, slots=True)
class Helper:
    """One call in a statement."""

    source: str
    value: str
    frame: int | None
    """Its run, by the number of the frame; None if that is not told from start to end."""
    given: dict[str, ast.expr]
    """What its parameters are given, in terms of the caller."""
    locals: frozenset[str]
    """Names that mean something else inside it."""
    reads: tuple[str, ...]
    """Variables of the caller that the call reads."""


def helpers_of(moment: Moment, story: Sequence[Moment], plan: Outline) -> list[Helper]:
    """
    The calls that the statement of `moment` made itself, in the order in which they ran.

    Empty if they cannot be told apart, e.g. because one stands in a comprehension.
    """
    if not moment.results or moment.statement is None:
        return []
    calls = _made(moment, plan)
    frames = _frames(moment, story)
    found: dict[str, Helper] = {}
    for number, (node, (name, value)) in enumerate(zip(calls, moment.results, strict=False)):
        frame = frames[number] if len(frames) == len(calls) else None
        function = plan.functions[name]
        given = _given(node, function)
        source = source_of(node)
        found[source] = Helper(
            source, value, frame if given is not None else None, given or {},
            _locals(function), reads(node),
        )  # fmt: skip
    return list(found.values())


def call_named(node: Tree, moment: Moment, plan: Outline) -> Tree:
    """`node` with each call of the program's functions as a name: what it gave is a value."""
    if not moment.results or moment.statement is None:
        return node
    calls = _made(moment, plan)
    if not calls:
        return node
    return cast(Tree, _named(node, tuple(calls)))


@lru_cache(maxsize=1024)
def _named(node: ast.AST, calls: tuple[ast.Call, ...]) -> ast.AST:
    """In a loop, the same nodes are asked for in every pass; none of them may be changed."""
    renamed: ast.AST = _Namer({ast.dump(call) for call in calls}).visit(_copy(node))
    return renamed


def _made(moment: Moment, plan: Outline) -> list[ast.Call]:
    """The calls behind the results of a statement; none where they cannot be told apart."""
    node = node_of(moment)
    calls = list(_own_calls(node, plan)) if node else []
    ran = [name for name, _ in moment.results]
    names = [call.func.id for call in calls if isinstance(call.func, ast.Name)]
    if names == ran:
        return calls
    # Of `a() and b()` the first may be all that runs.
    is_short = node is not None and not any(isinstance(p, ast.IfExp) for p in ast.walk(node))
    return calls[: len(ran)] if is_short and names[: len(ran)] == ran else []


def node_of(moment: Moment) -> ast.AST | None:
    """The statement of a moment; of ``def f(x): return x`` on one line, what it does."""
    node = moment.statement.node if moment.statement else None
    if isinstance(node, ast.FunctionDef) and moment.event != "line":
        return node.body[-1]
    return node


def _copy(node: Tree) -> Tree:
    source = ast.unparse(node)
    is_value = isinstance(node, ast.expr)
    module: ast.Module | ast.Expression = (
        ast.parse(source, mode="eval") if is_value else ast.parse(source)
    )
    found = module.body if isinstance(module, ast.Expression) else module.body[0]
    assert isinstance(found, type(node))
    return found


class _Namer(ast.NodeTransformer):
    def __init__(self, calls: set[str]) -> None:
        self.calls = calls

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if ast.dump(node) in self.calls:
            return ast.Name(ast.unparse(node), ast.Load())
        return self.generic_visit(node)


def _own_calls(node: ast.AST, plan: Outline) -> Iterator[ast.Call]:
    """In the order in which they run; those in comprehensions and lambdas run at other times."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp
                          | ast.GeneratorExp):  # fmt: skip
            yield from _own_calls(child, plan)
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in plan.functions:
            yield node


def _frames(moment: Moment, story: Sequence[Moment]) -> list[int]:
    """Frames that were entered by the statement of `moment` itself, in order."""
    place = next(index for index, item in enumerate(story) if item is moment)
    found: list[int] = []
    for earlier in range(place - 1, -1, -1):
        item = story[earlier]
        if item.frame == moment.frame:
            break
        if item.depth == moment.depth + 1 and item.event == "call":
            found.append(item.frame)
    return found[::-1] if len(set(found)) == len(found) else []


def _given(node: ast.Call, function: ast.FunctionDef) -> dict[str, ast.expr] | None:
    """Parameters and what the call gives them; None where that needs more than names."""
    args = function.args
    names = [item.arg for item in (*args.posonlyargs, *args.args)]
    stars = any(isinstance(item, ast.Starred) for item in node.args)
    if args.vararg or args.kwarg or stars or len(node.args) > len(names):
        return None
    given = dict(zip(names[len(names) - len(args.defaults) :], args.defaults, strict=True))
    given |= {
        item.arg: value
        for item, value in zip(args.kwonlyargs, args.kw_defaults, strict=True)
        if value is not None
    }
    given |= dict(zip(names, node.args, strict=False))
    for item in node.keywords:
        if item.arg is None:
            return None
        given[item.arg] = item.value
    return given


@lru_cache(maxsize=256)
def _stored(function: ast.FunctionDef) -> frozenset[str]:
    return frozenset(
        part.id
        for part in ast.walk(function)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    )


@lru_cache(maxsize=256)
def _locals(function: ast.FunctionDef) -> frozenset[str]:
    parameters = {part.arg for part in ast.walk(function) if isinstance(part, ast.arg)}
    return _stored(function) | parameters


def left_out(call: str, plan: Outline) -> dict[str, str]:
    """Parameters that a call leaves at their defaults, where the function never sets them."""
    node = expression(call)
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in plan.functions:
            function = plan.functions[name]
        case _:
            return {}
    given = _given(node, function) or {}
    asked = {id(value) for value in (*node.args, *(item.value for item in node.keywords))}
    return {
        name: ast.unparse(value)
        for name, value in given.items()
        if id(value) not in asked and name not in _stored(function) and is_plain(ast.unparse(value))
    }
