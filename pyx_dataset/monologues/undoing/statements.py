"""What a statement makes of its variables, as expressions over the state before it.

With them a condition moves up a path: where ``n`` comes from ``len(xs)``, what must hold of ``n``
must hold of ``len(xs)``.
"""

import ast
from collections.abc import Iterator, Mapping

from pyx_dataset.monologues.run.blocks import names_in
from pyx_dataset.monologues.run.literals import Unknown, parse
from pyx_dataset.monologues.run.reckon import reckon
from pyx_dataset.monologues.undoing.expressions import opaque


def effects(node: ast.AST, before: Mapping[str, str], bound: frozenset[str]) -> dict[str, ast.expr]:
    """Variables that the statement sets or changes, each with its new value; some may be opaque."""
    match node:
        case ast.Assign(targets=targets, value=value):
            found: dict[str, ast.expr] = {}
            for target in targets:
                found |= _assigned(target, value, before, bound)
            return found | _popped(value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            return _assigned(target, value, before, bound)
        case ast.AugAssign(target=target, op=op, value=value):
            return _assigned(target, ast.BinOp(_read(target), op, value), before, bound)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method),
                                     args=args, keywords=keywords)):  # fmt: skip
            made = _mutated(ast.Name(name, ast.Load()), method, args, keywords)
            return {} if made is None else {name: made}
    return {}


def _read(target: ast.expr) -> ast.expr:
    match target:
        case ast.Name(id=name):
            return ast.Name(name, ast.Load())
        case ast.Subscript(value=base, slice=index):
            return ast.Subscript(base, index, ast.Load())
    return opaque(names_in(target))


def _assigned(
    target: ast.expr, value: ast.expr, before: Mapping[str, str], bound: frozenset[str]
) -> dict[str, ast.expr]:
    match target:
        case ast.Name(id=name):
            return {name: value}
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            found: dict[str, ast.expr] = {}
            for place, part in enumerate(targets):
                found |= _assigned(part, _part(value, place), before, bound)
            return found
        case ast.Subscript(value=ast.Name(id=name), slice=index):
            return {name: _entered(name, index, value, before, bound)}
    return {}


def _part(value: ast.expr, place: int) -> ast.expr:
    match value:
        case ast.Tuple(elts=items) | ast.List(elts=items) if place < len(items):
            return items[place]
        case ast.Call(func=ast.Name(id="map" | "zip" | "filter" | "reversed")) | ast.GeneratorExp():
            value = ast.Call(ast.Name("list", ast.Load()), [value], [])
    return ast.Subscript(value, ast.Constant(place), ast.Load())


def _entered(
    name: str, index: ast.expr, value: ast.expr, before: Mapping[str, str], bound: frozenset[str]
) -> ast.expr:
    """A container with one entry set, as an expression."""
    base = ast.Name(name, ast.Load())
    kind = before.get(name, "")
    if kind.startswith("{"):
        return ast.BinOp(base, ast.BitOr(), ast.Dict([index], [value]))
    try:
        place = reckon(index, before, bound)
        size = len(parse(kind))
    except (Unknown, TypeError):
        return opaque((name, *names_in(index), *names_in(value)))
    if type(place) is not int or not kind.startswith("["):
        return opaque((name, *names_in(index), *names_in(value)))
    place = place % size
    parts: list[ast.expr] = [_slice(base, None, place), ast.List([value], ast.Load())]
    parts += [_slice(base, place + 1, None)] if place + 1 < size else []
    return _sum(parts if place else parts[1:])


def _sum(parts: list[ast.expr]) -> ast.expr:
    whole = parts[0]
    for part in parts[1:]:
        whole = ast.BinOp(whole, ast.Add(), part)
    return whole


def _slice(base: ast.expr, lower: int | None, upper: int | None) -> ast.expr:
    start, stop = (None if end is None else ast.Constant(end) for end in (lower, upper))
    return ast.Subscript(base, ast.Slice(start, stop, None), ast.Load())


def _mutated(
    base: ast.expr, method: str, args: list[ast.expr], keywords: list[ast.keyword]
) -> ast.expr | None:
    """What a method makes of its object; None if that is not known."""
    match method, args:
        case "append", [item]:
            return ast.BinOp(base, ast.Add(), ast.List([item], ast.Load()))
        case "extend", [items]:
            added = ast.Call(ast.Name("list", ast.Load()), [items], [])
            return ast.BinOp(base, ast.Add(), added)
        case "insert", [ast.Constant(value=0), item]:
            return ast.BinOp(ast.List([item], ast.Load()), ast.Add(), base)
        case "add", [item]:
            return ast.BinOp(base, ast.BitOr(), ast.Set([item]))
        case "discard" | "remove", [item] if method == "discard":
            return ast.BinOp(base, ast.Sub(), ast.Set([item]))
        case "update", [items] if not keywords:
            return ast.BinOp(base, ast.BitOr(), items)
        case "sort", []:
            return ast.Call(ast.Name("sorted", ast.Load()), [base], keywords)
        case "reverse", []:
            return ast.Subscript(
                base, ast.Slice(None, None, ast.UnaryOp(ast.USub(), ast.Constant(1))), ast.Load()
            )
        case "pop", []:
            return ast.Subscript(
                base, ast.Slice(None, ast.UnaryOp(ast.USub(), ast.Constant(1)), None), ast.Load()
            )
    return None


def _popped(value: ast.expr) -> dict[str, ast.expr]:
    """In ``x = xs.pop()`` the list changes too."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="pop"), args=[]):
            made = _mutated(ast.Name(name, ast.Load()), "pop", [], [])
            return {name: made} if made else {}
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="pop"),
                      args=[ast.Constant(value=0)]):  # fmt: skip
            return {name: _slice(ast.Name(name, ast.Load()), 1, None)}
    return {}


_LISTS = ("split", "splitlines", "rsplit")


def items_at(target: ast.expr, source: ast.expr, place: int) -> dict[str, ast.expr]:
    """What a loop over `source` binds in the pass that has the number `place`, from 0."""
    match target, source:
        case ast.Tuple(elts=[first, second]), ast.Call(
            func=ast.Name(id="enumerate"), args=[inner, *start], keywords=[]
        ):
            number: ast.expr = ast.Constant(place)
            if start:
                number = ast.BinOp(start[0], ast.Add(), number)
            return {**_bind(first, number), **items_at(second, inner, place)}
        case ast.Tuple(elts=targets), ast.Call(func=ast.Name(id="zip"), args=sources) if len(
            targets
        ) == len(sources):
            return {
                name: item
                for part, inner in zip(targets, sources, strict=True)
                for name, item in items_at(part, inner, place).items()
            }
    return _bind(target, _item(source, place))


def _item(source: ast.expr, place: int) -> ast.expr:
    match source:
        case ast.Call(func=ast.Name(id="range"), args=[_]):
            return ast.Constant(place)
        case ast.Call(func=ast.Name(id="reversed"), args=[inner]):
            back = ast.UnaryOp(ast.USub(), ast.Constant(place + 1))
            return ast.Subscript(inner, back, ast.Load())
        case ast.Call(func=ast.Name(id="range" | "sorted" | "list")) | ast.Name() | ast.Subscript():
            base: ast.expr = source
        case ast.Call(func=ast.Attribute(attr=name)) if name in _LISTS:
            base = source
        case _:
            base = ast.Call(ast.Name("list", ast.Load()), [source], [])
    return ast.Subscript(base, ast.Constant(place), ast.Load())


def _bind(target: ast.expr, item: ast.expr) -> dict[str, ast.expr]:
    return dict(_bound_parts(target, item))


def _bound_parts(target: ast.expr, item: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match target:
        case ast.Name(id=name):
            yield name, item
        case ast.Tuple(elts=targets):
            for place, part in enumerate(targets):
                yield from _bound_parts(part, _part(item, place))
        case _:
            for name in names_in(target):
                yield name, opaque(names_in(item))
