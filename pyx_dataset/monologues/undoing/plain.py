"""The plainest values of a type, in the order in which a person would try them."""

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from pyx_dataset.monologues.run.literals import Unknown, canonical
from pyx_dataset.monologues.run.reckon import reckon

MOST = 40
"""Values offered for one variable."""
_NUMBERS = (0, 1, 2, 3, -1, 4, 5, 10, -2, 7, 100)
_TEXTS = ("", "a", "b", "A", "1", " ", "ab", "aa", "a b", "abc", "Ab", "a1", "12")
_FLOATS = (0.0, 1.0, 0.5, 2.0, -1.0, 10.0)


def plain_values(like: Any, extra: Iterable[Any] = ()) -> list[Any]:
    """
    Values of the type of `like`, plain ones first, then those made of `extra`.

    >>> plain_values(9)[:4], plain_values(["x"])[:3]
    ([0, 1, 2, 3], [[], ['a'], ['b']])
    """
    found: dict[str, Any] = {}
    for value in _values(like, list(extra)):
        try:
            found.setdefault(canonical(value), value)
        except Unknown:
            continue
        if len(found) == MOST:
            break
    return list(found.values())


def plainest(like: Any) -> Any:
    """The first of `plain_values`."""
    return next(iter(plain_values(like)), like)


def filler(like: Any, want: Any) -> Any:
    """One plain character or item, to stand beside `want` where anything may stand."""
    if isinstance(want, str):
        return next((letter for letter in "xyzabc" if letter not in want), "x")
    items = list(want) or list(like if isinstance(like, list | tuple) else [])
    plain: Any = {str: "x", list: [], tuple: (), float: 0.0}.get(type(items[0] if items else 0), 0)
    return type(want)([plain])


def _values(like: Any, extra: list[Any]) -> Iterator[Any]:
    match like:
        case bool():
            yield from (False, True)
        case int():
            numbers = [item for item in extra if type(item) is int]
            yield from _NUMBERS[:5]
            yield from (other for item in numbers for other in (item, item + 1, item - 1))
            yield from _NUMBERS[5:]
        case float():
            yield from _FLOATS[:4]
            yield from (item for item in extra if type(item) is float)
            yield from (float(item) for item in extra if type(item) is int)
            yield from _FLOATS[4:]
        case str():
            texts = [item for item in extra if isinstance(item, str)]
            yield from _TEXTS[:4]
            yield from texts
            yield from _TEXTS[4:]
            yield from (other for item in texts for other in (f"{item}a", f"a{item}", f"a{item}b"))
        case list() | tuple():
            yield from _rows(like, extra)
        case dict():
            yield from _tables(like, extra)
        case set():
            yield from (set(row) for row in _rows(list(like), extra) if _hashable(row))
        case bytes():
            yield from (b"", b"a", b"ab")
            yield from (item for item in extra if isinstance(item, bytes))
        case _:
            yield like


def _rows(like: Any, extra: list[Any]) -> Iterator[Any]:
    kind = type(like)
    item = like[0] if like else next((x for x in extra if isinstance(x, int | float | str)), 0)
    items = plain_values(item, extra)
    items = [*items[1:], *items[:1]] if isinstance(item, str) else items
    first, *rest = items
    second = rest[0] if rest else first
    third = rest[1] if len(rest) > 1 else second
    yield kind()
    yield from (kind([value]) for value in items[:4])
    yield from (other for other in extra if type(other) is kind)
    for row in ([first] * 2, [first, second], [second, first], [first, second, third],
                [third, first, second], [first] * 3, [second, first, second]):  # fmt: skip
        yield kind(row)
    yield from (kind([value]) for value in items[4:12])
    yield from (kind([first, value]) for value in items[2:8])


def _tables(like: dict[Any, Any], extra: list[Any]) -> Iterator[Any]:
    key, value = next(iter(like.items()), ("a", 0))
    keys = [item for item in plain_values(key, extra) if item != "" and _hashable([item])]
    values = plain_values(value, extra)
    yield {}
    yield from (other for other in extra if isinstance(other, dict))
    yield from ({name: item} for name in keys[:4] for item in values[:3])
    yield from ({keys[0]: item, keys[1]: other} for item in values[:2] for other in values[:2])
    yield from ({name: item} for name in keys[4:10] for item in values[:2])


def _hashable(row: Iterable[Any]) -> bool:
    return not any(isinstance(item, list | dict | set) for item in row)


def atoms(value: Any) -> Iterator[Any]:
    """A value, and what it is made of."""
    yield value
    match value:
        case dict():
            for pair in value.items():
                for item in pair:
                    yield from atoms(item)
        case list() | tuple():
            for item in value:
                yield from atoms(item)


def constants(node: ast.AST) -> list[Any]:
    """The literals in the code, each once, in the order in which it holds them."""
    found: dict[str, Any] = {}
    for part in ast.walk(node):
        if isinstance(part, ast.Constant | ast.BinOp | ast.UnaryOp):
            try:
                value = reckon(part, {})
            except Unknown:
                continue
            if not isinstance(value, str) or len(value) <= 30:
                found.setdefault(repr(value), value)
    return list(found.values())
