"""What a comprehension binds in a pass."""

import ast
from collections.abc import Iterator
from typing import Any

from pyx_dataset.monologues.run.literals import canonical
from pyx_dataset.monologues.undoing.sums import NotInvertible


def as_value(target: ast.expr) -> ast.expr:
    """The target of a comprehension as an expression."""
    match target:
        case ast.Tuple(elts=parts):
            return ast.Tuple([as_value(part) for part in parts], ast.Load())
        case ast.Name(id=name):
            return ast.Name(name, ast.Load())
    raise NotInvertible


def first_item(clause: ast.comprehension, items: Any) -> dict[str, str]:
    """What is bound in the first pass over `items`, to show types; empty if there is none."""
    if isinstance(items, list | tuple | str | dict) and items:
        return dict(_bound(clause.target, next(iter(items))))
    return {}


def _bound(target: ast.expr, item: Any) -> Iterator[tuple[str, str]]:
    match target:
        case ast.Name(id=name):
            yield name, canonical(item)
        case ast.Tuple(elts=parts) if isinstance(item, tuple | list) and len(item) == len(parts):
            for part, value in zip(parts, item, strict=True):
                yield from _bound(part, value)
