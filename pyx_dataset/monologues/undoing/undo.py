"""One statement undone: from what it left to what it found."""

import ast
from collections.abc import Mapping
from typing import Any

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.blocks import Outline, names_in
from pyx_dataset.monologues.run.literals import Unknown, canonical, parse
from pyx_dataset.monologues.run.reckon import reckon_text
from pyx_dataset.monologues.run.story import Moment
from pyx_dataset.monologues.telling import phrases
from pyx_dataset.monologues.undoing.freedom import freedom
from pyx_dataset.monologues.undoing.needs import Needs
from pyx_dataset.monologues.undoing.sums import NotInvertible


def undo(moment: Moment, needs: Needs) -> list[str]:
    """
    Replace the needs that the statement of `moment` met by what it needs itself, in words.

    Empty if it met none.
    """
    assert moment.statement is not None
    node = moment.statement.node
    changed = [item.name for item in moment.changed if item.name in needs.values]
    match node:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=ast.expr() as value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ) if name in needs.values and set(changed) <= {name}:
            return [needs.settle(value, needs.values.pop(name), moment.before)]
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if (
            len(targets) == len(values)
            and changed
            and all(isinstance(target, ast.Name) for target in targets)
        ):
            return _apart(targets, values, needs, moment.before)
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=key)],
                        value=value) if changed == [name]:  # fmt: skip
            said = _entered(name, key, value, needs, moment.before)
            if said is not None:
                return said
        case ast.AugAssign(target=ast.Name(id=name), op=op, value=value) if changed == [name]:
            return _added(name, op, value, needs, moment.before)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method),
                                     args=args)) if changed == [name]:  # fmt: skip
            said = _method(name, method, args, needs, moment.before)
            if said is not None:
                return said
    return _taken(node, changed, needs, moment.before) if changed else []


def _apart(
    targets: list[ast.expr], values: list[ast.expr], needs: Needs, before: Mapping[str, str]
) -> list[str]:
    """``a, b = b, a``: each value on its own, all in the state before."""
    wanted = [
        (value, needs.values.pop(target.id))
        for target, value in zip(targets, values, strict=True)
        if isinstance(target, ast.Name) and target.id in needs.values
    ]
    return [needs.settle(value, want, before) for value, want in wanted]


def _added(
    name: str, op: ast.operator, value: ast.expr, needs: Needs, before: Mapping[str, str]
) -> list[str]:
    want = needs.values.pop(name)
    read = ast.Name(name, ast.Load())
    last = _last_piece(value, want, needs.plan, {**before, **needs.values})
    if isinstance(op, ast.Add) and last is not None:
        piece, rest = last
        words = f"the piece it adds is {code(piece)}, so before it {phrases.binding(name, rest)}"
        needs.values[name] = rest
        return [words, needs.settle(value, piece, before)]
    return [needs.settle(ast.BinOp(read, op, value), want, before)]


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
    name: str, method: str, args: list[ast.expr], needs: Needs, before: Mapping[str, str]
) -> list[str] | None:
    """A method that changes its object; None where it cannot be undone."""
    try:
        now = parse(needs.values[name])
        turned = _turned(method, now, len(args))
    except (Unknown, NotInvertible):
        return None
    if turned is None or (not needs.is_proposal and canonical(turned[0]) != before.get(name)):
        return None
    old, item, why = turned
    needs.values[name] = canonical(old)
    said = [f"{why}, so before it {phrases.binding(name, canonical(old))}"]
    if args and item is not _NOTHING:
        said.append(needs.settle(args[0], canonical(item), before))
    return said


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


_NOTHING = object()


def _turned(method: str, now: Any, count: int) -> tuple[Any, Any, str] | None:
    """What the object was, the argument that made the difference, and how one sees it."""
    match method, now:
        case "append", list() if now and count == 1:
            return now[:-1], now[-1], f"the item it adds is {code(canonical(now[-1]))}"
        case "sort", list() if count == 0:
            return now, _NOTHING, "any order before sorting would do, this one too"
        case "reverse", list():
            return now[::-1], _NOTHING, "turned back around"
    return None


def _taken(node: ast.AST, changed: list[str], needs: Needs, before: Mapping[str, str]) -> list[str]:
    """No way back is known: need what was there."""
    for name in changed:
        needs.values.pop(name)
    reads = [name for name in names_in(node) if name in before]
    told = needs.take([*(name for name in changed if name in before and not _sets(node, name)),
                       *reads], before)  # fmt: skip
    why = freedom(node)
    if not told:
        return [""]
    return [
        f"{why}, so take {phrases.listed(told)}" if why else f"that takes {phrases.listed(told)}"
    ]


def _sets(node: ast.AST, name: str) -> bool:
    """Does the statement give the variable a value that does not depend on the one it had?"""
    match node:
        case ast.Assign(targets=targets):
            return any(
                isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Store)
                for target in targets
                for part in ast.walk(target)
            )
    return False
