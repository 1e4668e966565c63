"""When are two programs the same, and which programs belong together?

Two functions have one *shape* when they differ only in the names of locals and of the
functions they define, in docstrings, annotations, comments and layout. A name from outside
the function counts as what it stands for: an imported name as its origin, a helper as the
helper's own shape.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

_SKIPPED = {"annotation", "returns", "type_comment", "type_params", "ctx", "kind"}
_IDENTIFIERS = {
    "Name": "id",
    "arg": "arg",
    "FunctionDef": "name",
    "AsyncFunctionDef": "name",
    "ClassDef": "name",
    "ExceptHandler": "name",
    "MatchAs": "name",
    "MatchStar": "name",
    "MatchMapping": "rest",
    "alias": "asname",
}
"""The field of each node that names something a program may name as it likes."""

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class _Module:
    """One program, its names and what they stand for."""

    tree: ast.Module
    imports: Mapping[str, str]
    defined: Mapping[str, ast.AST]
    shapes: dict[str, str] = field(default_factory=dict)
    """Filled as definitions are read; ``^`` while one is being read, so recursion ends."""


def shape(code: str) -> str:
    """
    Hash of all that `code` defines, in any order: equal for duplicates.

    >>> shape("def f(xs): return [x for x in xs]") == shape("def g(a): return [b for b in a]")
    True
    """
    module = _module(code)
    name_of = _global_names(module)
    parts = sorted(
        name_of(node.name) if isinstance(node, _Definition) else _form(node, name_of)
        for node in _body(module.tree)
        if not isinstance(node, ast.Import | ast.ImportFrom)
    )
    return _digest(" ".join(parts))


def function_shapes(code: str) -> tuple[str, ...]:
    """Shapes of the top-level functions of `code`, in order."""
    module = _module(code)
    return tuple(_global_names(module)(node.name) for node in _functions(module.tree.body))


def families(
    codes: Iterable[tuple[str, str]],
    alike: Iterable[tuple[str, str]] = (),
    most: int | None = None,
) -> dict[str, str]:
    """
    Give programs their family, from (id, code).

    Programs that share a function or class, one-liners aside, are of one family, and so are
    pairs that are `alike`, an earlier program and a later one, and programs that share a family
    with a third. So nothing that is shared, or nearly so, stands in two families. But such pairs
    chain, and among tens of thousands of programs one family may come to hold much of the set: a
    program that would make one larger than `most` is left out, and joins nothing. A family is
    named by the smallest shape in it.
    """
    near: dict[str, list[str]] = {}
    for earlier, later in alike:
        near.setdefault(later, []).append(earlier)
    parent: dict[str, str] = {}
    size: dict[str, int] = {}

    def root(key: str) -> str:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    own: dict[str, str] = {}
    for name, code in codes:
        first = shape(code)
        others = (own[other] for other in near.get(name, ()) if other in own)
        joined = {root(key) for key in (first, *_weighty_shapes(code), *others)}
        members = 1 + sum(size.get(key, 0) for key in joined)
        if most is None or members <= most:
            own[name] = first
            low = min(joined)  # so a root is the smallest shape of its family
            parent.update(dict.fromkeys(joined, low))
            size[low] = members
    return {name: root(first) for name, first in own.items()}


def _weighty_shapes(code: str) -> Iterator[str]:
    module = _module(code)
    for node in module.tree.body:
        if isinstance(node, _Definition):
            body = _body(node)
            if len(body) > 1 or any(hasattr(statement, "body") for statement in body):
                yield _global_names(module)(node.name)


def _module(code: str) -> _Module:
    tree = ast.parse(code)
    imports: dict[str, str] = {}
    defined: dict[str, ast.AST] = {}
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            origin = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            for alias in node.names:
                imports[alias.asname or alias.name] = f"import {origin}{alias.name}"
        elif isinstance(node, _Definition):
            defined[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    defined[target.id] = node.value
    return _Module(tree, imports, defined)


def _global_names(module: _Module) -> Callable[[str], str]:
    """What a name means outside every function: its origin, its definition, or itself."""

    def name_of(name: str) -> str:
        if name in module.imports or name not in module.defined:
            return module.imports.get(name, name)
        if name not in module.shapes:
            module.shapes[name] = "^"
            node = module.defined[name]
            inside = _local_names(node, name_of) if isinstance(node, _Definition) else name_of
            module.shapes[name] = _digest(_form(node, inside))
        return module.shapes[name]

    return name_of


def _local_names(node: _Definition, outside: Callable[[str], str]) -> Callable[[str], str]:
    """Names bound in `node` become their order of appearance; others keep their meaning."""
    scopes = [node] if not isinstance(node, ast.ClassDef) else _functions(node.body)
    bound: set[str] = set()
    shared: set[str] = set()
    for inner in (inner for scope in scopes for inner in ast.walk(scope)):
        if isinstance(inner, ast.Global):
            shared.update(inner.names)
        elif isinstance(inner, ast.alias):
            bound.add(inner.asname or inner.name.partition(".")[0])
        elif inner not in scopes and _binds(inner):
            bound.add(getattr(inner, _IDENTIFIERS[type(inner).__name__]))
    bound -= shared
    order: dict[str, str] = {}

    def name_of(name: str) -> str:
        return order.setdefault(name, f"v{len(order)}") if name in bound else outside(name)

    return name_of


def _functions(body: list[ast.stmt]) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _binds(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return not isinstance(node.ctx, ast.Load)
    return type(node).__name__ in _IDENTIFIERS


def _form(node: object, name_of: Callable[[str], str]) -> str:
    """
    Text that is equal for nodes of equal shape, on every Python version.

    `ast.dump` is not: 3.13 leaves empty lists out, and 3.12 adds type parameters and, in the
    width of an f-string, empty constants.
    """
    if isinstance(node, list):
        return "[" + " ".join(_form(item, name_of) for item in node) + "]"
    if not isinstance(node, ast.AST):
        return repr(node)
    if isinstance(node, ast.AnnAssign):
        if node.value is None:
            return ""
        node = ast.Assign(targets=[node.target], value=node.value)
    if isinstance(node, ast.JoinedStr):
        texts = [item for item in node.values if getattr(item, "value", None) != ""]
        node = ast.JoinedStr(values=texts)
    parts = [type(node).__name__]
    for name, value in ast.iter_fields(node):
        if name in _SKIPPED or value is None or value == []:
            continue
        if _IDENTIFIERS.get(type(node).__name__) == name:
            parts.append(name_of(value))
        elif name == "body" and isinstance(value, list):
            parts.append(_form(_body(node), name_of))
        else:
            parts.append(f"{name}={_form(value, name_of)}")
    return "(" + " ".join(parts) + ")"


def _body(node: ast.AST) -> list[ast.stmt]:
    """Statements of `node` without its docstring."""
    body: list[ast.stmt] = node.body  # type: ignore[attr-defined]  # callers pass blocks only
    if (
        isinstance(node, _Definition | ast.Module)
        and ast.get_docstring(node, clean=False) is not None
    ):
        return body[1:]
    return body


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
