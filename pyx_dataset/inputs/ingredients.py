"""What a program itself mentions: most branches wait for one of those values."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pyx_dataset.inputs.calls import Call, Value
from pyx_dataset.inputs.patterns import Parsed, patterns_of

_MOST_SIZE = 12
_MOST_INT = 10**7


@dataclass(frozen=True, slots=True)
class Ingredients:
    """Values to build arguments from, each kind sorted."""

    ints: tuple[int, ...] = ()
    strs: tuple[str, ...] = ()
    chars: tuple[str, ...] = ()
    """Single characters that it tells apart, e.g. brackets or Roman digits."""
    sizes: tuple[int, ...] = ()
    """Lengths at or next to one that it compares with: 2, 3 and 4 for ``len(x) > 3``."""
    keys: tuple[str, ...] = ()
    """Strings by which it looks something up in a dict."""
    patterns: tuple[Parsed, ...] = ()
    """Regular expressions that it matches with."""


def ingredients_of(code: str, calls: Iterable[Call] = ()) -> Ingredients:
    """Collect the constants of `code` and the atoms of `calls`."""
    constants, members, sizes, keys = _mentioned(code)
    found: list[Value] = [*constants]
    found += [
        atom
        for call in calls
        for value in (*call.args, *call.named.values())
        for atom in atoms(value)
    ]
    ints = {item for item in found if type(item) is int and abs(item) < _MOST_INT}
    strs = {item for item in found if isinstance(item, str) and 0 < len(item) <= 30}
    strs |= {item.decode("latin-1") for item in found if isinstance(item, bytes) and item}
    chars = {item for item in strs if len(item) == 1} | members
    return Ingredients(
        tuple(sorted(ints)),
        tuple(sorted(strs)),
        tuple(sorted(chars)),
        sizes,
        keys,
        patterns_of(code),
    )


def atoms(value: Value) -> list[Value]:
    """What `value` is made of, containers taken apart, in an order that no hash seed changes."""
    if isinstance(value, dict):
        return [atom for pair in value.items() for item in pair for atom in atoms(item)]
    if isinstance(value, set):
        return sorted(value, key=repr)
    if isinstance(value, list | tuple):
        return [atom for item in value for atom in atoms(item)]
    return [value]


@lru_cache(maxsize=8)
def _mentioned(
    code: str,
) -> tuple[list[Value], frozenset[str], tuple[int, ...], tuple[str, ...]]:
    """The constants of `code`, the characters it looks for, lengths it compares with, and keys."""
    tree = ast.parse(code)
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    members = frozenset(
        char
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn)
        for text in node.comparators
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
        for char in text.value
    )
    sizes = {near for size in _sizes(tree) for near in (size - 1, size, size + 1)}
    near = tuple(sorted(size for size in sizes if 0 <= size <= _MOST_SIZE))
    return constants, members, near, tuple(dict.fromkeys(_keys(tree)))


def _keys(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(slice=ast.Constant(value=str(key)), ctx=ast.Load()):
                yield key
            case ast.Call(
                func=ast.Attribute(attr="get" | "pop" | "setdefault"),
                args=[ast.Constant(value=str(key)), *_],
            ):
                yield key
            case ast.Compare(left=ast.Constant(value=str(key)), ops=[ast.In() | ast.NotIn()]):
                yield key


def _sizes(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(_is_len(side) for side in sides):
                yield from (
                    side.value
                    for side in sides
                    if isinstance(side, ast.Constant) and type(side.value) is int
                )


def _is_len(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len"
