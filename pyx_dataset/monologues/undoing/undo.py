"""One statement undone: from what it left to what it found."""

import ast
from collections.abc import Mapping
from typing import Any

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.blocks import Outline
from pyx_dataset.monologues.run.literals import Unknown, canonical, parse
from pyx_dataset.monologues.run.reckon import reckon, reckon_text
from pyx_dataset.monologues.telling import phrases
from pyx_dataset.monologues.undoing.needs import Needs
from pyx_dataset.monologues.undoing.sums import NotInvertible

_NOTHING = object()


def undo(
    node: ast.AST, made: Mapping[str, ast.expr], needs: Needs, before: Mapping[str, str]
) -> list[str]:
    """
    Replace the needs that a statement met by what it needs itself, in words.

    Args:
        node: The statement.
        made: What it makes of each variable, as expressions over the state before it.
        needs: What is needed after it.
        before: That state.
    """
    wanted = {name: needs.values[name] for name in made if name in needs.values}
    if len(wanted) == 1:
        [name] = wanted
        said = _special(node, name, needs, before)
        if said is not None:
            return said
    for name in wanted:
        needs.values.pop(name)
    return [needs.settle(made[name], want, before) for name, want in wanted.items()]


def _special(node: ast.AST, name: str, needs: Needs, before: Mapping[str, str]) -> list[str] | None:
    match node:
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(), slice=key)], value=value):
            return _entered(name, key, value, needs, before)
        case ast.AugAssign(target=ast.Name(), op=ast.Add(), value=value):
            return _added(name, value, needs, before)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(), attr=method),
                                     args=args, keywords=keywords)):  # fmt: skip
            return _method(name, method, args, keywords, needs, before)
    return None


def _added(name: str, value: ast.expr, needs: Needs, before: Mapping[str, str]) -> list[str] | None:
    last = _last_piece(value, needs.values[name], needs.plan, {**before, **needs.values})
    if last is None or (not needs.is_proposal and last[1] != before.get(name)):
        return None
    piece, rest = last
    needs.values[name] = rest
    words = f"the piece it adds is {code(piece)}, so before it {phrases.binding(name, rest)}"
    return [words, needs.settle(value, piece, before)]


def _last_piece(
    value: ast.expr, want: str, plan: Outline, before: Mapping[str, str]
) -> tuple[str, str] | None:
    """Of a text or a list that grew at its end: what was added last, and what was there before."""
    try:
        whole, added = parse(want), parse(reckon_text(value, before, plan.bound) or "<>")
    except Unknown:
        return None
    if type(whole) is not type(added) or not isinstance(whole, str | list) or not added:
        return None
    cut = len(whole) - len(added)
    return (canonical(whole[cut:]), canonical(whole[:cut])) if cut >= 0 else None


def _method(
    name: str,
    method: str,
    args: list[ast.expr],
    keywords: list[ast.keyword],
    needs: Needs,
    before: Mapping[str, str],
) -> list[str] | None:
    """A method that changes its object; None where it cannot be undone."""
    try:
        now = parse(needs.values[name])
        turned = _turned(name, method, now, args, keywords, needs)
    except (Unknown, NotInvertible):
        return None
    if turned is None or (not needs.is_proposal and canonical(turned[0]) != before.get(name)):
        return None
    old, item, why = turned
    needs.values[name] = canonical(old)
    said = [f"{why}, so before it {phrases.binding(name, canonical(old))}"]
    if args and item is not _NOTHING:
        said.append(needs.settle(args[-1], canonical(item), before))
    return said


def _turned(
    name: str,
    method: str,
    now: Any,
    args: list[ast.expr],
    keywords: list[ast.keyword],
    needs: Needs,
) -> tuple[Any, Any, str] | None:
    """What the object was, the argument that made the difference, and how one sees it."""
    match method, now, args:
        case "append", list(), [_] if now:
            return now[:-1], now[-1], f"the item it adds is {code(canonical(now[-1]))}"
        case "insert", list(), [place, _] if now:
            spot = reckon(place, needs.fixed, needs.plan.bound)
            spot = min(spot, len(now) - 1) if spot >= 0 else max(len(now) - 1 + spot, 0)
            item = canonical(now[spot])
            return (
                [*now[:spot], *now[spot + 1 :]],
                now[spot],
                f"the item it puts in is {code(item)}",
            )
        case "sort", list(), []:
            base = ast.Name(name, ast.Load())
            call = ast.Call(ast.Name("sorted", ast.Load()), [base], keywords)
            if reckon_text(call, {name: canonical(now)}, needs.plan.bound) != canonical(now):
                return None
            return now, _NOTHING, "any order that sorts to this one would do, this one too"
        case "reverse", list(), []:
            return now[::-1], _NOTHING, "turned back around"
    return None


def _entered(
    name: str, key: ast.expr, value: ast.expr, needs: Needs, before: Mapping[str, str]
) -> list[str] | None:
    """``d[key] = value`` that made the last entry of a dictionary; None if it did not."""
    try:
        now = parse(needs.values[name])
    except Unknown:
        return None
    if not isinstance(now, dict) or not now:
        return None
    last = list(now)[-1]
    old = canonical({entry: item for entry, item in now.items() if entry != last})
    if not needs.is_proposal and old != before.get(name):
        return None
    needs.values[name] = old
    entry = code(f"{canonical(last)}: {canonical(now[last])}")
    return [
        f"the entry it made is {entry}, so before it {phrases.binding(name, old)}",
        needs.settle(key, canonical(last), before),
        needs.settle(value, canonical(now[last]), before),
    ]
