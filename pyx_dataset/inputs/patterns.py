"""Strings that a regular expression of the program matches.

The expression is read by CPython's own parser. Boundaries, lookarounds and flags are not obeyed:
a proposal may miss, and the run says whether it did.
"""

import ast
import re
from collections.abc import Callable
from functools import lru_cache
from random import Random
from re import _parser  # type: ignore[attr-defined]  # the parser has no public name
from typing import Any

_MOST_REPEATS = 3
"""Beyond what a repetition asks for at least."""

_CATEGORIES = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_NOT_DIGIT": "ab-. ",
    "CATEGORY_SPACE": " \t",
    "CATEGORY_NOT_SPACE": "abc123-.",
    "CATEGORY_WORD": "abcXYZ019_",
    "CATEGORY_NOT_WORD": " -.,!",
}
_ANYTHING = "abc XYZ 012.,-_/:"

Parsed = list[tuple[Any, Any]]
Groups = dict[int, str]
"""What each group of an expression was given, by its number."""


@lru_cache(maxsize=8)
def patterns_of(code: str) -> tuple[Parsed, ...]:
    """The strings of `code`, if it imports `re`, that read like expressions."""
    tree = ast.parse(code)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    if not any(
        "re" in (getattr(node, "module", None), *(each.name for each in node.names))
        for node in imports
    ):
        return ()
    texts = dict.fromkeys(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if any(char in node.value for char in "\\[(*+?|")
    )
    found = []
    for text in texts:
        try:
            found.append(list(_parser.parse(text)))
        except (re.error, OverflowError, RecursionError):
            continue
    return tuple(found)


def matching(parsed: Parsed, rng: Random) -> str:
    r"""
    A string that `parsed` probably matches.

    >>> text = matching(patterns_of("import re\nP = r'[a-c]+=\\d{2}'")[0], Random(1))
    >>> bool(re.fullmatch(r"[a-c]+=\d{2}", text))
    True
    """
    return _write(parsed, rng, {})


def _write(parsed: Parsed, rng: Random, groups: Groups) -> str:
    return "".join(_WRITERS.get(str(op), _nothing)(value, rng, groups) for op, value in parsed)


def _nothing(_: Any, _rng: Random, _groups: Groups) -> str:
    return ""


def _literal(value: int, _rng: Random, _groups: Groups) -> str:
    return chr(value)


def _not_literal(value: int, rng: Random, _groups: Groups) -> str:
    return rng.choice([char for char in _ANYTHING if ord(char) != value])


def _any(_: None, rng: Random, _groups: Groups) -> str:
    return rng.choice(_ANYTHING)


def _in(items: Parsed, rng: Random, _groups: Groups) -> str:
    inside = [char for op, value in items for char in _members(str(op), value)]
    if str(items[0][0]) == "NEGATE":
        inside = [char for char in _ANYTHING if char not in inside] or ["~"]
    return rng.choice(inside or [""])


def _members(op: str, value: Any) -> list[str]:
    match op:
        case "LITERAL":
            return [chr(value)]
        case "RANGE":
            low, high = value
            return [chr(code) for code in range(low, min(high, low + 255) + 1)]
        case "CATEGORY":
            return list(_CATEGORIES[str(value)])
    return []


def _branch(value: Any, rng: Random, groups: Groups) -> str:
    return _write(rng.choice(value[1]), rng, groups)


def _group(value: Any, rng: Random, groups: Groups) -> str:
    number, *_, inner = value
    text = _write(inner, rng, groups)
    if number is not None:
        groups[number] = text
    return text


def _reference(number: int, _rng: Random, groups: Groups) -> str:
    return groups.get(number, "")


def _repeat(value: Any, rng: Random, groups: Groups) -> str:
    least, most, inner = value
    times = rng.randint(int(least), min(int(most), int(least) + _MOST_REPEATS))
    return "".join(_write(inner, rng, groups) for _ in range(times))


_WRITERS: dict[str, Callable[[Any, Random, Groups], str]] = {
    "LITERAL": _literal,
    "NOT_LITERAL": _not_literal,
    "ANY": _any,
    "IN": _in,
    "BRANCH": _branch,
    "SUBPATTERN": _group,
    "GROUPREF": _reference,
    "MAX_REPEAT": _repeat,
    "MIN_REPEAT": _repeat,
    "POSSESSIVE_REPEAT": _repeat,
}
