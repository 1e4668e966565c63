"""A function that gives its items one by one becomes a program that returns them as a list."""

import ast

from pyx_dataset.seeds.tidy import parse

NOTE = "Return all of it as a list."

_GIVERS = frozenset((
    "map", "filter", "zip", "enumerate", "reversed", "iter", "chain", "from_iterable", "islice",
    "takewhile", "dropwhile", "filterfalse", "starmap", "accumulate", "compress", "zip_longest",
    "groupby", "combinations", "permutations", "product", "combinations_with_replacement",
    "pairwise", "concat", "repeat",
))  # fmt: skip
"""Functions whose result is an iterator."""


def gives_iterator(node: ast.FunctionDef, own: list[ast.AST]) -> bool:
    """Whether a call of `node` gives items one by one; `own` are the nodes of its body alone."""
    if any(isinstance(item, ast.Yield | ast.YieldFrom) for item in own):
        return True
    shadowed = {item.arg for item in ast.walk(node.args) if isinstance(item, ast.arg)}
    return any(isinstance(item, ast.Return) and _is_iterator(item.value, shadowed) for item in own)


def _is_iterator(node: ast.expr | None, shadowed: set[str]) -> bool:
    match node:
        case ast.GeneratorExp():
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in _GIVERS and name not in shadowed
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in _GIVERS
    return False


def listed(code: str, name: str) -> tuple[str, str]:
    r"""
    `code` with one more function that calls `name` and returns a list, and that function's name.

    >>> print(listed("def ups(n, *, k=1):\n    yield n + k\n", "ups")[0])
    def ups(n, *, k=1):
        yield n + k
    <BLANKLINE>
    <BLANKLINE>
    def list_ups(n, *, k=1):
        return list(ups(n, k=k))
    <BLANKLINE>
    """
    tree = parse(code)
    node = next(
        item for item in tree.body if isinstance(item, ast.FunctionDef) and item.name == name
    )
    taken = {item.name for item in tree.body if isinstance(item, ast.FunctionDef | ast.ClassDef)}
    outer = f"list_{name.strip('_')}"
    while outer in taken:
        outer = f"{outer}_items"
    given = [item.arg for item in (*node.args.posonlyargs, *node.args.args)]
    given += [f"*{node.args.vararg.arg}"] if node.args.vararg else []
    given += [f"{item.arg}={item.arg}" for item in node.args.kwonlyargs]
    given += [f"**{node.args.kwarg.arg}"] if node.args.kwarg else []
    head = f"def {outer}({ast.unparse(node.args)}):"
    return f"{code}\n\n{head}\n    return list({name}({', '.join(given)}))\n", outer
