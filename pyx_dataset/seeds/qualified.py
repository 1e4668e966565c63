"""``module.name`` becomes ``name`` where the module is a neighbour that comes along."""

import ast
from collections.abc import Mapping

from pyx_dataset.seeds.modules import Library, Module
from pyx_dataset.seeds.tidy import parse


class Ambiguous(Exception):  # noqa: N818  (a finding, not a failure)
    """The short name would mean two things; the message says which."""


def neighbours(module: Module, library: Library) -> dict[str, Module]:
    """The names in `module` that stand for whole modules of `library`."""
    found = {}
    for name, item in module.imports.items():
        full = f"{item.module}.{item.attribute}" if item.attribute else item.module
        if full in library and name not in module.definitions:
            found[name] = library[full]
    return found


def unqualify(text: str, modules: Mapping[str, Module]) -> tuple[str, dict[str, Module]]:
    """
    `text` with ``name`` for each ``module.name``, and where each of those names is defined.

    Raises:
        Ambiguous: the text uses such a name for something else too.
    """
    tree = parse(text)
    cuts: list[tuple[int, int, bytes]] = []
    needs: dict[str, Module] = {}
    data = text.encode()
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=alias), attr=name) if alias in modules:
                start = starts[node.lineno - 1] + node.col_offset
                end = start + len(f"{alias}.{name}".encode())
                # Up to 3.11 nodes inside an f-string stand at wrong places.
                if data[start:end] != f"{alias}.{name}".encode():
                    raise Ambiguous(f"{alias}.{name}")
                cuts.append((start, end, name.encode()))
                needs[name] = modules[alias]
    if needs and (twice := needs.keys() & _other_names(tree, modules)):
        raise Ambiguous(", ".join(sorted(twice)))
    for start, end, name_bytes in sorted(cuts, reverse=True):
        data = data[:start] + name_bytes + data[end:]
    return data.decode(), needs


def _other_names(tree: ast.AST, modules: Mapping[str, Module]) -> set[str]:
    names = set(modules)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
    return names
