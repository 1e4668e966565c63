"""What the text of a statement says about the variables that it can change.

Most statements change at most the names that they store. Knowing which ones saves looking at
everything after every line. In doubt a statement counts as one that may change anything.
"""

import ast
import builtins
from collections.abc import Sequence
from typing import NamedTuple

# Functions made below look builtins up here, so a program that patches `len` patches only its own.
globals()["__builtins__"] = dict(vars(builtins))

PURE = frozenset((
    "abs", "all", "any", "bin", "bool", "bytes", "chr", "complex", "dict", "divmod", "enumerate",
    "filter", "float", "format", "frozenset", "hex", "int", "isinstance", "issubclass", "len",
    "list", "map", "max", "min", "oct", "ord", "pow", "print", "range", "repr", "reversed",
    "round", "set", "slice", "sorted", "str", "sum", "tuple", "type", "zip",
))  # fmt: skip
"""Builtins that change none of their arguments, if these are plain data."""
PURE_METHODS = frozenset((
    "bit_length", "capitalize", "casefold", "center", "copy", "count", "decode", "difference",
    "encode", "endswith", "expandtabs", "find", "format", "get", "hex", "index", "intersection",
    "is_integer", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isdisjoint",
    "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "issubset", "issuperset",
    "istitle", "isupper", "items", "join", "keys", "ljust", "lower", "lstrip", "partition",
    "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rjust", "rpartition", "rsplit",
    "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "translate",
    "union", "upper", "values", "zfill",
))  # fmt: skip
"""Methods that change nothing on any builtin type that has them."""

_SIMPLE = (
    ast.Assert, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Break, ast.Continue, ast.Expr,
    ast.Global, ast.Nonlocal, ast.Pass, ast.Raise, ast.Return,
)  # fmt: skip
_RUNS_OTHERS = (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await)
"""Changes names where their scope does not show it, or lets other code run meanwhile."""


class Effects(NamedTuple):
    """For the first line of each statement or clause."""

    stores_only: frozenset[int]
    """Those that, on plain data, change at most the names they store."""
    augmented: dict[int, tuple[str, ...]]
    """Names in ``x += ...``: if that is a list, whatever else holds it changes too."""


def effects(nodes: Sequence[ast.AST]) -> Effects:
    r"""
    The statements of a module, given all its nodes, of which only their own names are to be feared.

    >>> effects([*ast.walk(ast.parse("x = len(y)\ny.append(x)\nfor i in range(3): x += i"))])
    Effects(stores_only=frozenset({1, 3}), augmented={3: ('x',)})
    """
    own = {
        name
        for node in nodes
        for name in (
            [node.id] if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) else
            [node.arg] if isinstance(node, ast.arg) else
            [node.name] if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            else [node.asname or node.name.split(".")[0]] if isinstance(node, ast.alias) else []
        )
    }  # fmt: skip
    pure = PURE - own
    tame: set[int] = set()
    wild: set[int] = set()
    augmented: dict[int, tuple[str, ...]] = {}
    for node in nodes:
        if isinstance(node, ast.stmt):
            parts = _own_parts(node)
            is_tame = parts is not None and all(_is_tame(part, pure) for part in parts)
            (tame if is_tame else wild).add(node.lineno)
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                augmented[node.lineno] = (*augmented.get(node.lineno, ()), node.target.id)
        elif isinstance(node, ast.ExceptHandler):
            wild.add(node.lineno)
        elif isinstance(node, ast.match_case):
            wild.add(node.pattern.lineno)
    return Effects(frozenset(tame - wild), augmented)


def _own_parts(node: ast.stmt) -> list[ast.expr] | None:
    """The expressions that a statement itself evaluates, None if it does something else too."""
    match node:
        case ast.If() | ast.While():
            return [node.test]
        case ast.For():
            return [node.iter, node.target]
        case ast.FunctionDef(decorator_list=[], args=args):
            return [*args.defaults, *(item for item in args.kw_defaults if item)]
        case ast.Try():
            return []
    if isinstance(node, _SIMPLE):
        return [item for item in ast.iter_child_nodes(node) if isinstance(item, ast.expr)]
    return None


def _is_tame(expression: ast.expr, pure: frozenset[str]) -> bool:
    """Whether it changes nothing but names, given that all it finds is plain data."""
    called: set[ast.expr] = set()
    for node in ast.walk(expression):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in pure:
                pass
            case ast.Call(func=ast.Attribute(attr=name)) if name in PURE_METHODS:
                called.add(node.func)
            case ast.Call():
                return False
            case ast.Attribute() if node not in called:
                return False
            case ast.Subscript(ctx=ast.Store() | ast.Del()):
                return False
        if isinstance(node, _RUNS_OTHERS):
            return False
    return True
