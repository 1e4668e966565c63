"""What a variable is for, where the way it is updated proves it: a running total, a counter."""

import ast
from collections.abc import Mapping
from functools import lru_cache

from pyx_dataset.monologues.run.blocks import root_name

_LOOPS = (ast.For, ast.While)
_SHRINKS = frozenset({"pop", "popitem", "popleft", "remove", "clear", "sort", "insert", "update"})
"""Methods by which a container is more than something that is built up."""


@lru_cache(maxsize=64)
def roles(function: ast.FunctionDef) -> Mapping[str, str]:
    r"""
    Variables of a function with their roles, each proved by all that is ever done to it.

    >>> code = "def f(xs):\n    n = 0\n    for x in xs:\n        n += x\n    return n\n"
    >>> roles(ast.parse(code).body[0])
    {'n': 'the running total'}
    """
    inside = {id(part) for loop in ast.walk(function) if isinstance(loop, _LOOPS)
              for item in loop.body for part in ast.walk(item)}  # fmt: skip
    starts: dict[str, list[ast.expr]] = {}
    updates: dict[str, list[ast.AST]] = {}
    for node in ast.walk(function):
        if name := _target(node):
            start = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if start is not None and id(node) not in inside:
                starts.setdefault(name, []).append(start)
            else:
                updates.setdefault(name, []).append(node if id(node) in inside else function)
    others = {name for node in ast.walk(function) for name in _bound_otherwise(node)}
    return {
        name: role
        for name, nodes in updates.items()
        if name not in others and len(starts.get(name, [])) == 1
        and (role := _role(name, starts[name][0], nodes))
    }  # fmt: skip


def _target(node: ast.AST) -> str | None:
    """The variable that a statement sets or changes."""
    match node:
        case (
            ast.Assign(targets=[ast.Name(id=name)])
            | ast.AnnAssign(target=ast.Name(id=name))
            | ast.AugAssign(target=ast.Name(id=name))
            | ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name))))
            | ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name))])
            | ast.AugAssign(target=ast.Subscript(value=ast.Name(id=name)))
        ):
            return name
    return None


def _bound_otherwise(node: ast.AST) -> list[str]:
    """Names that are set in a way that no role knows: by a loop, in a tuple, as a parameter."""
    match node:
        case ast.arg(arg=name):
            return [name]
        case ast.For(target=target) | ast.comprehension(target=target):
            return [part.id for part in ast.walk(target) if isinstance(part, ast.Name)]
        case ast.Tuple(ctx=ast.Store(), elts=items):
            return [item.id for item in items if isinstance(item, ast.Name)]
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if (
            method in _SHRINKS
        ):
            return [name]
        case ast.Delete(targets=targets):
            return [found for target in targets if (found := root_name(target))]
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return list(names)
    return []


def _role(name: str, start: ast.expr, updates: list[ast.AST]) -> str | None:
    kinds = {_kind(name, node) for node in updates}
    match start, kinds:
        case ast.Constant(value=0 | 0.0), _ if kinds == {"one more"}:
            return "the counter"
        case ast.Constant(value=0 | 0.0), _ if kinds == {"added"}:
            return "the running total"
        case ast.Constant(value=1 | 1.0), _ if kinds == {"multiplied"}:
            return "the running product"
        case ast.Constant(value=""), _ if kinds == {"added"}:
            return "the text built so far"
        case ast.List(elts=[]), _ if kinds == {"append"}:
            return "the list being built"
        case ast.Dict(keys=[]), _ if kinds == {"entry"}:
            return "the table being built"
        case _, _ if kinds == {"max"}:
            return "the largest so far"
        case _, _ if kinds == {"min"}:
            return "the smallest so far"
    return None


def _kind(name: str, node: ast.AST) -> str:
    match node:
        case ast.AugAssign(op=ast.Add(), target=ast.Name(), value=ast.Constant(value=1)):
            return "one more"
        case ast.AugAssign(op=ast.Add(), target=ast.Name()):
            return "added"
        case ast.AugAssign(op=ast.Mult(), target=ast.Name()):
            return "multiplied"
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="append"))):
            return "append"
        case ast.Assign(targets=[ast.Subscript()]) | ast.AugAssign(target=ast.Subscript()):
            return "entry"
        case ast.Assign(value=ast.Call(func=ast.Name(id="max" | "min" as which), args=args)) if any(
            isinstance(item, ast.Name) and item.id == name for item in args
        ):
            return which
    return "other"
