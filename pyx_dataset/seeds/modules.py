"""What a module's top level defines and imports, read from its text; nothing is ever imported."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyx_dataset.seeds.tidy import parse


@dataclass(frozen=True, slots=True)
class Import:
    """A name that an import binds: a module, or with `attribute` a thing inside one."""

    module: str
    attribute: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """One source file, with what its names mean to the definitions in it."""

    name: str
    """Dotted."""
    path: str
    """Inside the distribution or folder."""
    text: str
    tree: ast.Module
    definitions: Mapping[str, ast.stmt]
    imports: Mapping[str, Import]


Library = Mapping[str, Module]
"""The modules of one distribution by dotted name, so that helpers are found next door."""


def module_name(path: str) -> str:
    """
    Dotted name of a file inside its distribution.

    >>> module_name("boltons/strutils.py"), module_name("toolz/__init__.py")
    ('boltons.strutils', 'toolz')
    """
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def read_module(path: str, text: str) -> Module:
    """
    Sort the top level of a file into definitions and imports.

    A name whose value depends on more than one plain statement (bound twice, bound under a
    condition, changed by a loop) is left out: no program rather than a different one.

    Raises:
        SyntaxError: `text` is not Python of this version.
        ValueError: it holds a null byte.
    """
    tree = parse(text)
    definitions: dict[str, ast.stmt] = {}
    imports: dict[str, Import] = {}
    bound_twice: set[str] = set()
    touched: set[str] = set()
    rebound: set[str] = set()
    name = module_name(path)
    package = name if path.endswith("__init__.py") else name.rpartition(".")[0]
    for node in _top_level(tree.body):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.update(_imported(node, package))
        elif names := list(_bound(node)):
            bound_twice |= {each for each in names if each in definitions}
            definitions.update(dict.fromkeys(names, node))
        else:
            touched |= {item.id for item in ast.walk(node) if isinstance(item, ast.Name)}
            rebound |= _rebound(node)
    unsure = bound_twice | {
        each
        for each in touched
        if not isinstance(definitions.get(each), ast.FunctionDef | ast.ClassDef)
    }
    return Module(
        name=name,
        path=path,
        text=text,
        tree=tree,
        definitions={key: node for key, node in definitions.items() if key not in unsure},
        imports={key: item for key, item in imports.items() if key not in rebound | {*definitions}},
    )


def _rebound(node: ast.stmt) -> set[str]:
    names = {
        item.id
        for item in ast.walk(node)
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
    }
    return names | {
        item.asname or item.name for item in ast.walk(node) if isinstance(item, ast.alias)
    }


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from (item for item in node.body if isinstance(item, ast.Import | ast.ImportFrom))
        elif isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
            continue
        elif not (isinstance(node, ast.FunctionDef) and is_overload(node)):
            yield node


def is_overload(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a definition only declares types for the one that follows."""
    return any(ast.unparse(item).endswith("overload") for item in node.decorator_list)


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.AnnAssign) and node.value and isinstance(node.target, ast.Name):
        yield node.target.id
    elif isinstance(node, ast.Assign):
        targets = [
            item
            for target in node.targets
            for item in (target.elts if isinstance(target, ast.Tuple) else [target])
        ]
        if all(isinstance(target, ast.Name) for target in targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def _imported(node: ast.Import | ast.ImportFrom, package: str) -> Iterator[tuple[str, Import]]:
    if isinstance(node, ast.Import):
        for item in node.names:
            if item.asname:
                yield item.asname, Import(item.name, None)
            elif "." not in item.name:
                yield item.name, Import(item.name, None)
        return
    module = node.module or ""
    if node.level:
        parents = package.split(".")[: len(package.split(".")) - node.level + 1]
        module = ".".join([*parents, module] if module else parents)
    for item in node.names:
        yield item.asname or item.name, Import(module, item.name)
