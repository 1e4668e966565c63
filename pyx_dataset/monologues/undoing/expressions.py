"""Expressions that move up a path, with other expressions in the place of their variables."""

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

MAX_NODES = 60
"""A condition that grows beyond this is no longer followed."""
_UNKNOWN = "some_function_of"


def opaque(names: Mapping[str, Any] | tuple[str, ...]) -> ast.expr:
    """A value that depends on `names` in a way that is not followed."""
    return ast.Call(
        ast.Name(_UNKNOWN, ast.Load()), [ast.Name(name, ast.Load()) for name in names], []
    )


class _Facts(NamedTuple):
    """What is asked of an expression again and again as it moves up a path."""

    names: tuple[str, ...]
    """Variables that it reads, in order of appearance; those that it binds itself among them."""
    bound: frozenset[str]
    """What its comprehensions and lambdas bind."""
    size: int
    is_opaque: bool


@lru_cache(maxsize=32_768)
def _facts(node: ast.AST) -> _Facts:
    """The node must not be changed; one part of it is shared by many conditions."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            return _Facts((name,) if name != _UNKNOWN else (), frozenset(), 1, name == _UNKNOWN)
        case ast.Name(id=name) | ast.arg(arg=name):
            return _Facts((), frozenset({name}), 1, False)
    names: dict[str, None] = {}
    bound, size, is_opaque = _NONE, 1, False
    for part in _children(node):
        inside = _facts(part)
        names |= dict.fromkeys(inside.names)
        bound = bound | inside.bound if inside.bound else bound
        size += inside.size
        is_opaque = is_opaque or inside.is_opaque
    return _Facts(tuple(names), bound, size, is_opaque)


_NONE: frozenset[str] = frozenset()


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """As `ast.iter_child_nodes`, in half of its time; most that moves up a path is asked it."""
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            yield value
        elif type(value) is list:
            yield from (item for item in value if isinstance(item, ast.AST))


def is_opaque(node: ast.AST) -> bool:
    """Is some part of `node` not followed?"""
    return _facts(node).is_opaque


def reads(node: ast.AST) -> tuple[str, ...]:
    """The variables that an expression reads, the ones its comprehensions bind left out."""
    facts = _facts(node)
    if not facts.bound:
        return facts.names
    return tuple(name for name in facts.names if name not in facts.bound)


def replaced(node: ast.expr, values: Mapping[str, ast.expr]) -> ast.expr:
    """
    `node` with expressions in the place of variables.

    >>> ast.unparse(replaced(ast.parse("n > 2", mode="eval").body, {"n": ast.Constant(5)}))
    '5 > 2'
    """
    facts = _facts(node)
    if values.keys().isdisjoint(facts.names):
        return node
    used = [name for name in reads(node) if name in values]
    if not used:
        return node
    inner = dict.fromkeys(name for item in used for name in reads(values[item]))
    if facts.bound & (inner.keys() | used):
        return opaque((*inner, *(name for name in reads(node) if name not in values)))
    found: ast.expr = _rebuilt(node, values)
    if _facts(found).size > MAX_NODES:
        return opaque(reads(found))
    return found


def _rebuilt(node: Any, values: Mapping[str, ast.expr]) -> Any:
    if isinstance(node, ast.Name):
        return values.get(node.id, node) if isinstance(node.ctx, ast.Load) else node
    if isinstance(node, ast.expr) and values.keys().isdisjoint(_facts(node).names):
        return node
    if not isinstance(node, ast.AST):
        return [_rebuilt(item, values) for item in node] if type(node) is list else node
    is_same = True
    new = []
    for name in node._fields:
        old = getattr(node, name, None)
        part = _rebuilt(old, values) if isinstance(old, ast.AST | list) else old
        is_same = is_same and (part is old or part == old)
        new.append(part)
    return node if is_same else _folded(type(node)(*new))


def _folded(node: ast.AST) -> ast.AST:
    """``n + 1 + 1`` as ``n + 2``, and a sum of two numbers as one number."""
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=ast.Constant(value=int(b))):
            added = b if isinstance(op, ast.Add) else -b
        case _:
            return node
    match left:
        case ast.Constant(value=int(a)):
            return ast.Constant(a + added)
        case ast.BinOp(
            left=inner, op=ast.Add() | ast.Sub() as one, right=ast.Constant(value=int(a))
        ):
            total = added + (a if isinstance(one, ast.Add) else -a)
            sign: ast.operator = ast.Add() if total >= 0 else ast.Sub()
            return ast.BinOp(inner, sign, ast.Constant(abs(total)))
    return node
