"""What a loop went over, put together from what its passes had."""

import ast
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.blocks import Statement
from pyx_dataset.monologues.run.literals import Unknown, canonical, parse
from pyx_dataset.monologues.run.reckon import reckon_text
from pyx_dataset.monologues.run.story import Moment
from pyx_dataset.monologues.telling import changes
from pyx_dataset.monologues.undoing.invert import invert
from pyx_dataset.monologues.undoing.needs import Needs
from pyx_dataset.monologues.undoing.plain import plainest
from pyx_dataset.monologues.undoing.sums import NotInvertible


def item_of(target: ast.expr, bound: Mapping[str, str], moment: Moment) -> Any:
    """
    What one pass had; what nothing is needed of is plain, of the type that it has in the run.

    Raises:
        NotInvertible: the type is not known.
    """
    match target:
        case ast.Name(id=name) if name in bound:
            return parse(bound[name])
        case ast.Name(id=name):
            like = moment.after.get(name, "<unknown>")
            if not changes.is_told_by_name(like):
                return plainest(parse(like))
        case ast.Tuple(elts=targets):
            return tuple(item_of(part, bound, moment) for part in targets)
    raise NotInvertible


def went_over(node: ast.expr, items: list[Any], moment: Moment, needs: Needs) -> dict[str, str]:
    """
    Variables for which `node` gives exactly these items.

    Raises:
        NotInvertible: none are known.
    """
    before = moment.before
    match node:
        case ast.Name(id=name):
            return {name: _row(items, before.get(name, ""))}
        case ast.Call(func=ast.Name(id="range"), args=[stop]) if items == list(range(len(items))):
            return _inverted(stop, len(items), moment, needs)
        case ast.Call(func=ast.Name(id="enumerate"), args=[inner]):
            return went_over(inner, [item for _, item in _pairs(items)], moment, needs)
        case ast.Call(func=ast.Name(id="zip"), args=[ast.Name(id=one), ast.Name(id=two)]):
            left, right = zip(*_pairs(items), strict=True) if items else ((), ())
            return {
                one: _row(list(left), before.get(one, "")),
                two: _row(list(right), before.get(two, "")),
            }
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="items"), args=[]):
            try:
                return {name: canonical(dict(_pairs(items)))}
            except TypeError:  # a list as a key
                raise NotInvertible from None
    kind = reckon_text(node, before, needs.plan.bound) or ""
    is_text = kind.startswith(("'", '"')) and all(isinstance(item, str) for item in items)
    return _inverted(node, "".join(items) if is_text else items, moment, needs)


def _inverted(node: ast.expr, want: Any, moment: Moment, needs: Needs) -> dict[str, str]:
    found = invert(node, canonical(want), needs.fixed, moment.before, needs.plan.bound)
    if found.left:
        raise NotInvertible
    return found.values


def _row(items: list[Any], kind: str) -> str:
    """Items put together again as the kind of thing they came from."""
    if kind.startswith(("'", '"')) and all(isinstance(item, str) for item in items):
        return canonical("".join(items))
    if kind.startswith("["):
        return canonical(items)
    if kind.startswith("("):
        return canonical(tuple(items))
    raise NotInvertible


def _pairs(items: list[Any]) -> list[tuple[Any, Any]]:
    pairs = [item for item in items if isinstance(item, tuple) and len(item) == 2]
    if len(pairs) < len(items):
        raise NotInvertible
    return pairs


@lru_cache(maxsize=256)
def _may_stop(loop: ast.AST) -> bool:
    """Is there a way around the rest of a pass, or of the loop? The node must not be changed."""
    return any(isinstance(part, ast.Break | ast.Continue | ast.Return) for part in ast.walk(loop))


def count_reason(loop: Statement, passes: int, values: Mapping[str, str]) -> str:
    """Why a loop makes so many passes: each adds one item to something whose length is needed."""
    node = loop.node
    if not isinstance(node, ast.For | ast.While) or _may_stop(node):
        return ""
    for statement in node.body:
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name),
                                                            attr="append"))):  # fmt: skip
                pass
            case _:
                continue
        try:
            whole = parse(values.get(name, "<>"))
        except Unknown:
            continue
        if isinstance(whole, list) and len(whole) == passes:
            return f"each pass puts one item into {code(name)}, which has {len(whole)}"
    return ""
