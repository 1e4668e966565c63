"""Builtins and methods turned around: from a result to an argument, the reason, the freedom."""

from collections.abc import Callable
from typing import Any

from pyx_dataset.monologues.run.literals import parse

Turned = tuple[Any, str, bool] | None
"""A value that gives the result, why it does, and whether others would; None if none is known."""


def _length(want: Any, hint: Any) -> Turned:
    plain: dict[type, Any] = {str: "a", list: [0], tuple: (0,)}
    if type(hint) in (list, tuple) and hint and isinstance(hint[0], str):
        plain = {list: ["a"], tuple: ("a",)}
    unit = plain.get(type(hint))
    if unit is None or want < 0:
        return None
    return unit * want, "only the length matters", True


def _listed(want: Any, hint: Any) -> Turned:
    if isinstance(hint, str):
        return "".join(want), "put together", False
    if isinstance(hint, tuple | list):
        return type(hint)(want), "item by item", False
    return None


def _number_text(want: Any, hint: Any) -> Turned:
    if isinstance(hint, str):
        return str(want), "as a text", True
    return want, "the plainest number that gives it", True


def _text(want: Any, hint: Any) -> Turned:
    if isinstance(hint, str):
        return want, "as it is a text already", False
    return parse(want), "read as a value", False


CALLS: dict[str, Callable[[Any, Any], Turned]] = {
    "len": _length,
    "list": _listed,
    "tuple": _listed,
    "str": _text,
    "int": _number_text,
    "float": _number_text,
    "abs": lambda want, _: (want, "the sign is lost here", True),
    "chr": lambda want, _: (ord(want), "by the code of the character", False),
    "ord": lambda want, _: (chr(want), "by the character with that code", False),
    "sum": lambda want, hint: ([want] if isinstance(hint, list) else None,
                               "a single number with that sum is the plainest", True),
    "max": lambda want, hint: ([want] if isinstance(hint, list) else None,
                               "nothing larger may be in it, and it alone is the plainest", True),
    "min": lambda want, hint: ([want] if isinstance(hint, list) else None,
                               "nothing smaller may be in it, and it alone is the plainest", True),
    "sorted": lambda want, hint: ("".join(want) if isinstance(hint, str) else want,
                                  "any order before sorting would do, this one too", True),
    "set": lambda want, hint: (sorted(want) if isinstance(hint, list) else want,
                               "order and repetitions are lost here", True),
    "bool": lambda want, hint: (None if not isinstance(hint, bool) else want, "as it is", False),
    "reversed": lambda want, hint: (want[::-1], "turned back around", False),
    "dict": lambda want, hint: (list(want.items()) if isinstance(hint, list) else want,
                                "entry by entry", False),
    "hex": lambda want, _: (int(want, 16), "read as a number", False),
    "oct": lambda want, _: (int(want, 8), "read as a number", False),
    "bin": lambda want, _: (int(want, 2), "read as a number", False),
    "round": lambda want, hint: (float(want) if isinstance(hint, float) else want,
                                 "nothing needs to be rounded", True),
    "enumerate": lambda want, hint: _listed([item for _, item in want], hint),
}  # fmt: skip
"""By name; each gets the result and what the argument was in a run that shows the types."""


def _cased(change: Callable[[str], str]) -> Callable[[Any, list[Any]], Turned]:
    return lambda want, _: (change(want), "upper and lower case are lost here", True)


def _stripped(want: Any, given: list[Any]) -> Turned:
    return want, "nothing needs to be stripped", True


def _replaced(want: Any, given: list[Any]) -> Turned:
    old, new, *rest = given
    if rest or old in want:
        return None
    if new and new in want:
        return want.replace(new, old), "with the replacement undone", True
    return want, "nothing needs to be replaced", True


def _split(want: Any, given: list[Any]) -> Turned:
    separator = given[0] if given and given[0] is not None else " "
    return separator.join(want), "joined again", not given


def _padded(want: Any, given: list[Any]) -> Turned:
    return want, "nothing needs to be filled in", True


def _lines(want: Any, given: list[Any]) -> Turned:
    return ("" if given and given[0] else "\n").join(want), "joined again", True


METHODS: dict[str, Callable[[Any, list[Any]], Turned]] = {
    "upper": _cased(str.lower),
    "lower": _cased(str.lower),
    "title": _cased(str.lower),
    "capitalize": _cased(str.lower),
    "casefold": _cased(str.lower),
    "swapcase": lambda want, _: (want.swapcase(), "with each case swapped back", False),
    "strip": _stripped,
    "lstrip": _stripped,
    "rstrip": _stripped,
    "removeprefix": _stripped,
    "removesuffix": _stripped,
    "replace": _replaced,
    "split": _split,
    "rsplit": _split,
    "splitlines": _lines,
    "partition": lambda want, _: ("".join(want), "put together again", False),
    "rpartition": lambda want, _: ("".join(want), "put together again", False),
    "encode": lambda want, _: (want.decode(), "read as text", False),
    "decode": lambda want, _: (want.encode(), "as bytes", False),
    "center": _padded,
    "ljust": _padded,
    "rjust": _padded,
    "zfill": _padded,
    "items": lambda want, _: (dict(want), "as a dictionary", False),
    "keys": lambda want, _: (dict.fromkeys(want, 0), "what the keys stand for is free", True),
    "values": lambda want, _: (dict(enumerate(want)), "the keys are free", True),
    "copy": lambda want, _: (want, "as a copy is the same", False),
}  # fmt: skip
"""By name; each gets the result and the arguments of the method."""
