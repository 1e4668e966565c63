"""What kind of expression a node is, for those who rewrite it."""

import ast

_TOLD = (
    ast.Attribute, ast.Await, ast.BinOp, ast.Call, ast.Compare, ast.Dict, ast.DictComp, ast.IfExp,
    ast.JoinedStr, ast.List, ast.ListComp, ast.NamedExpr, ast.Set, ast.SetComp, ast.Subscript,
    ast.Tuple, ast.UnaryOp, ast.Yield, ast.YieldFrom,
)  # fmt: skip


def is_literal(node: ast.expr) -> bool:
    """Constants, and displays of nothing else: what they give stands there already."""
    match node:
        case ast.Constant():
            return True
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            return True
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return all(map(is_literal, items))
        case ast.Dict(keys=keys, values=values):
            return all(key is not None and is_literal(key) for key in keys) and all(
                map(is_literal, values)
            )
    return False


def is_told_kind(node: ast.expr) -> bool:
    """Whether what it gives is worth telling: it works something out, and is no target."""
    kinds = ast.Attribute | ast.Subscript | ast.List | ast.Tuple
    is_target = isinstance(node, kinds) and not isinstance(node.ctx, ast.Load)
    return isinstance(node, _TOLD) and not is_target


def is_super(node: ast.expr) -> bool:
    """``super(...)``: CPython compiles its attributes in a way of their own."""
    match node:
        case ast.Call(func=ast.Name(id="super")):
            return True
    return False


def is_wait(node: ast.expr) -> bool:
    """``yield`` and ``await``."""
    return isinstance(node, ast.Yield | ast.YieldFrom | ast.Await)


def parameters(args: ast.arguments) -> list[ast.arg]:
    """All of them, in order."""
    found = [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg]
    return [item for item in found if item is not None]


def as_value(target: ast.expr) -> ast.expr | None:
    """What a target of nothing but names was just bound to, as an expression."""
    match target:
        case ast.Name():
            return at(target, ast.Name(target.id, ast.Load()))
        case ast.Tuple(elts=items) | ast.List(elts=items):
            values = [as_value(item) for item in items]
            if None not in values:
                return at(target, ast.Tuple(values, ast.Load()))  # type: ignore[arg-type]
        case ast.Starred(value=ast.Name() as name):
            return at(target, ast.Starred(as_value(name), ast.Load()))  # type: ignore[arg-type]
    return None


def at(place: ast.expr, node: ast.expr) -> ast.expr:
    """`node`, standing where `place` does."""
    return ast.copy_location(node, place)
