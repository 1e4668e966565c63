"""What may be worked out: operators, builtins and methods that are pure and stay small.

Everything here works on exact builtin types, whose behaviour no program can change.
"""

import ast
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pyx_dataset.monologues.run.literals import Unknown

MAX_SIZE = 2_000
"""Longest text or container, and most passes of a comprehension."""
MAX_BITS = 256


@dataclass(frozen=True, slots=True)
class Stream:
    """What ``map``, ``zip`` and their like give: items to go over, and no value to state."""

    items: list[Any]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)


_EMPTY: dict[str, str] = {}
_VIEWS = (
    Stream, range, type(_EMPTY.keys()), type(_EMPTY.values()), type(_EMPTY.items()),
)  # fmt: skip


def listed(value: Any) -> Any:
    """`value`, or a list of its items where people take it for a list, though it is none."""
    return list(value) if isinstance(value, _VIEWS) else value


BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
    ast.Pow: operator.pow, ast.BitAnd: operator.and_, ast.BitOr: operator.or_,
    ast.BitXor: operator.xor, ast.LShift: operator.lshift, ast.RShift: operator.rshift,
}  # fmt: skip
UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.Not: operator.not_, ast.USub: operator.neg, ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}  # fmt: skip
COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip
TYPES: dict[str, type] = {
    item.__name__: item
    for item in (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset)
}


def _range(*arguments: Any) -> range:
    items = range(*arguments)
    if len(items) > MAX_SIZE:
        raise Unknown("long range")
    return items


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{item.__name__: item for item in (
        abs, all, any, bin, chr, divmod, hex, len, max, min, oct, ord, round, sorted, sum,
    )},
    **{name: TYPES[name] for name in ("bool", "dict", "float", "int", "list", "set", "str",
                                      "tuple")},
    "range": _range,
    "reversed": lambda items: Stream(list(reversed(items))),
    "enumerate": lambda items, start=0: Stream(list(enumerate(items, start))),
    "zip": lambda *items: Stream(list(zip(*items, strict=False))),
    "map": lambda function, *items: Stream(list(map(function, *items))),
    "filter": lambda function, items: Stream(list(filter(function, items))),
}  # fmt: skip
ORDERLESS = (len, sorted, min, max, any, all, set)
"""What may be given a set, for whose order no claim can stand."""
OPTIONS: dict[str, frozenset[str]] = {
    "sorted": frozenset({"key", "reverse"}), "min": frozenset({"key", "default"}),
    "max": frozenset({"key", "default"}), "enumerate": frozenset({"start"}),
    "split": frozenset({"sep", "maxsplit"}), "rsplit": frozenset({"sep", "maxsplit"}),
    "splitlines": frozenset({"keepends"}), "int": frozenset({"base"}),
}  # fmt: skip
"""Keyword arguments that are understood."""
_SETS = frozenset({
    "copy", "difference", "intersection", "isdisjoint", "issubset", "issuperset",
    "symmetric_difference", "union",
})  # fmt: skip
METHODS: dict[type, frozenset[str]] = {
    str: frozenset({
        "capitalize", "casefold", "center", "count", "endswith", "expandtabs", "find", "format",
        "index", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier",
        "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper", "join", "ljust",
        "lower", "lstrip", "maketrans", "partition", "removeprefix", "removesuffix", "replace",
        "rfind", "rindex", "rjust", "rpartition", "rsplit", "rstrip", "split", "splitlines",
        "startswith", "strip", "swapcase", "title", "translate", "upper", "zfill",
    }),
    list: frozenset({"copy", "count", "index"}),
    tuple: frozenset({"count", "index"}),
    dict: frozenset({"copy", "fromkeys", "get", "items", "keys", "values"}),
    set: _SETS,
    frozenset: _SETS,
}  # fmt: skip
TAKING: dict[type, frozenset[str]] = {
    list: frozenset({"pop"}), dict: frozenset({"pop", "popitem"}),
}  # fmt: skip
"""Methods that take something out and give it: worked out on a copy."""
_WIDE = frozenset({"center", "expandtabs", "ljust", "rjust", "zfill"})


def binary(op: ast.operator, left: Any, right: Any) -> Any:
    """``left op right``, unless that may be large or costly."""
    if isinstance(op, ast.Mult):
        for size, times in ((left, right), (right, left)):
            if isinstance(size, str | bytes | list | tuple) and len(size) * times > MAX_SIZE:
                raise Unknown("long value")
    if isinstance(op, ast.Pow | ast.LShift) and not abs(right) <= MAX_BITS:
        raise Unknown("large power")
    if isinstance(op, ast.Mod) and isinstance(left, str | bytes):
        values = right if isinstance(right, tuple) else (right,)
        plain = all(type(value) in (str, int, float, bool) for value in values)
        if not plain or isinstance(left, bytes) or re.search(r"\d{4}|\*|\(", left):
            raise Unknown("format")  # a width in it could ask for any amount of memory
    return BINARY[type(op)](left, right)


def method(receiver: Any, name: str) -> Callable[..., Any]:
    """
    The method `name` of a value, one that changes nothing.

    Raises:
        Unknown: it is not in the table.
    """
    if name in TAKING.get(type(receiver), ()):
        return getattr(receiver.copy(), name)  # type: ignore[no-any-return]  # of builtin types
    if name not in METHODS.get(type(receiver), ()):
        raise Unknown(name) if hasattr(receiver, name) else AttributeError(name)
    function: Callable[..., Any] = getattr(receiver, name)
    if name in _WIDE:
        return lambda width, *fill: function(_small(width), *fill)
    if name == "format":
        return lambda *items, **named: _format(receiver, items, named)
    return function


def _small(width: Any) -> Any:
    if isinstance(width, int) and width > MAX_SIZE:
        raise Unknown("wide text")
    return width


def _format(template: str, items: tuple[Any, ...], named: dict[str, Any]) -> str:
    values = [*items, *named.values()]
    if re.search(r"\d{4}|[.[!]", template) or any(not isinstance(v, str | int) for v in values):
        raise Unknown("format")
    if any(len(str(v)) > 3 for v in values) and re.search(r"\{[^{}]*\{", template):
        raise Unknown("a width that is not in the text")
    return template.format(*items, **named)


def shown(value: Any, spec: str = "") -> str:
    """`value` as a replacement field shows it."""
    if type(value) not in (str, int, float, bool) or re.search(r"\d{4}", spec):
        raise Unknown("format")
    return format(value, spec)
