"""Canonical texts and the values they stand for."""

import ast
from functools import lru_cache
from typing import Any
from warnings import catch_warnings, simplefilter

MAX_CHARS = 20_000
"""Longer texts are not parsed."""


class Unknown(Exception):  # noqa: N818  (an answer, not a fault)
    """The value is not known: its text is no literal, or it cannot be worked out."""


@lru_cache(maxsize=4096)
def parse(text: str) -> Any:
    """
    The value of a canonical text. Shared between callers: never change it.

    Raises:
        Unknown: it is not a literal, e.g. ``<function f>``.
    """
    try:
        return ast.literal_eval(expression(text))
    except (TypeError, ValueError, MemoryError, RecursionError):
        raise Unknown(text[:80]) from None


@lru_cache(maxsize=4096)
def expression(text: str) -> ast.expr:
    """
    The syntax tree of an expression. Shared between callers: never change it.

    Raises:
        Unknown: it is not an expression.
    """
    if len(text) > MAX_CHARS:
        raise Unknown(text[:20])
    try:
        with catch_warnings():
            simplefilter("ignore")  # about backslashes in somebody else's strings
            return ast.parse(text.strip(), mode="eval").body
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise Unknown(text[:80]) from None


@lru_cache(maxsize=4096)
def tree(text: str) -> str:
    """
    `ast.dump` of an expression: equal for two ways of writing one.

    Raises:
        Unknown: it is not an expression.
    """
    return ast.dump(expression(text))


def canonical(value: object) -> str:
    """The ``repr`` of plain data with sets sorted, the text that traces hold."""
    kind = type(value)
    if value is None or kind in (bool, int, float, complex, str, bytes):
        return repr(value)
    match value:
        case list():
            return f"[{', '.join(map(canonical, value))}]"
        case tuple():
            return f"({', '.join(map(canonical, value))}{',' if len(value) == 1 else ''})"
        case dict():
            items = (f"{canonical(key)}: {canonical(item)}" for key, item in value.items())
            return f"{{{', '.join(items)}}}"
        case set() if value:
            return f"{{{', '.join(sorted(map(canonical, value)))}}}"
        case set():
            return "set()"
    raise Unknown(kind.__name__)


def is_plain(text: str) -> bool:
    """Is the value data that a claim can state, and not e.g. ``<function f>``?"""
    if text in ("inf", "-inf", "nan"):
        return True
    try:
        parse(text)
    except Unknown:
        return False
    return True
