"""What a parameter probably takes, as a small description that values can be made from."""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from pyx_dataset.inputs.calls import Value

Kind = Literal[
    "int", "float", "bool", "str", "char", "bytes", "none", "list", "tuple", "set", "dict", "any"
]
"""``char``: a string of one character."""


@dataclass(frozen=True, slots=True)
class Type:
    """`items` are the member types of a list, set or tuple, or a dict's key and value."""

    kind: Kind
    items: tuple["Type", ...] = ()

    def item(self, index: int = 0) -> "Type":
        """The member type at `index`; a tuple of one type is as long as one likes."""
        return self.items[index] if index < len(self.items) else ANY


ANY = Type("any")
INT, FLOAT, BOOL, STR, NONE = Type("int"), Type("float"), Type("bool"), Type("str"), Type("none")
INTS, WORDS = Type("list", (INT,)), Type("list", (STR,))
GRID = Type("list", (INTS,))
COUNTS, TEXTS = Type("dict", (STR, INT)), Type("dict", (STR, STR))
CHAR = Type("char")

FALLBACK = (INT, STR, INTS, WORDS)
"""What to try where nothing is known."""

_NAMED: dict[str, Type] = {
    **dict.fromkeys(("int", "Number", "Integral", "Hashable", "SupportsIndex"), INT),
    **dict.fromkeys(("float", "Real", "complex", "Decimal"), FLOAT),
    **dict.fromkeys(("str", "AnyStr", "LiteralString", "Text"), STR),
    "bool": BOOL,
    "bytes": Type("bytes"),
    "None": NONE,
}
_CONTAINERS: dict[str, Kind] = {
    **dict.fromkeys(
        ("list", "List", "Sequence", "MutableSequence", "Iterable", "Collection", "Iterator",
         "Reversible", "Sized", "Container", "deque", "Deque"),
        "list",
    ),
    **dict.fromkeys(("set", "Set", "frozenset", "FrozenSet", "AbstractSet", "MutableSet"), "set"),
    **dict.fromkeys(
        ("dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "Counter"), "dict"
    ),
    **dict.fromkeys(("tuple", "Tuple"), "tuple"),
}  # fmt: skip
_ALSO_OF_TEXT = {"Sequence", "Iterable", "Collection", "Container", "Reversible"}
"""Containers of ``str`` that a string is one of."""


def types_of_annotation(node: ast.expr) -> tuple[Type, ...] | None:
    """
    The types an annotation allows; empty if no literal can be one, None if it says nothing.

    >>> types_of_annotation(ast.parse("list[int] | None", mode="eval").body) == (INTS, NONE)
    True
    """
    match node:
        case ast.Constant(value=None):
            return (NONE,)
        case ast.Constant(value=str(text)):
            return types_of_annotation(ast.parse(text, mode="eval").body)
        case ast.Attribute(attr=name):
            return types_of_annotation(ast.Name(name))
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _union([left, right])
        case ast.Name(id=name):
            if name in _CONTAINERS:
                return (Type(_CONTAINERS[name]),)
            if name in _NAMED:
                return (_NAMED[name],)
            return () if name == "Callable" else None
        case ast.Subscript(value=value, slice=inner):
            members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return _generic(ast.unparse(value).rpartition(".")[2], members)
    return None


def _union(nodes: Iterable[ast.expr]) -> tuple[Type, ...] | None:
    found = [types_of_annotation(node) for node in nodes]
    known = [item for types in found if types for item in types]
    return tuple(dict.fromkeys(known)) if known else (None if None in found else ())


def _generic(name: str, members: list[ast.expr]) -> tuple[Type, ...] | None:
    if name in {"Optional", "Union", "Final", "ClassVar", "Annotated"}:
        extra = [ast.Constant(None)] if name == "Optional" else []
        return _union([*members[: 1 if name == "Annotated" else None], *extra])
    if name == "Literal":
        values = (item.value for item in members if isinstance(item, ast.Constant))
        return tuple(dict.fromkeys(type_of(value) for value in values))
    if name not in _CONTAINERS:
        return () if name in {"Callable", "type", "Type"} else None
    inner = tuple(
        types_of_annotation(item) or ()
        for item in members
        if not (isinstance(item, ast.Constant) and item.value is ...)
    )
    found = Type(_CONTAINERS[name], tuple(types[0] if types else ANY for types in inner))
    return (found, STR) if found == WORDS and name in _ALSO_OF_TEXT else (found,)


def type_of(value: Value) -> Type:
    """
    The type of one value.

    >>> type_of([1, 2.5]).item().kind, type_of([]).items
    ('float', ())
    """
    match value:
        case None:
            return NONE
        case bool():
            return BOOL
        case list():
            return Type("list", merge(map(type_of, value)))
        case set():
            return Type("set", merge(map(type_of, sorted(value, key=repr))))
        case tuple():
            return Type("tuple", tuple(map(type_of, value)))
        case dict():
            return Type(
                "dict",
                (
                    *(merge(map(type_of, value)) or (ANY,)),
                    *(merge(map(type_of, value.values())) or (ANY,)),
                ),
            )
        case int() | float() | str() | bytes():
            return Type(type(value).__name__)  # type: ignore[arg-type]  # the four are kinds
    return ANY


def merge(types: Iterable[Type]) -> tuple[Type, ...]:
    """One type for all members of a container; none if it has no member."""
    found = [*dict.fromkeys(types)]
    if not found:
        return ()
    kinds = {item.kind for item in found}
    if len(found) == 1:
        return (found[0],)
    if kinds == {"int", "float"}:
        return (FLOAT,)
    if len(kinds) > 1:
        return (ANY,)
    width = max(len(item.items) for item in found)
    if found[0].kind == "tuple" and len({len(item.items) for item in found}) > 1:
        return (Type("tuple", merge(each for item in found for each in item.items)),)
    columns = ([item.items[i] for item in found if i < len(item.items)] for i in range(width))
    return (Type(found[0].kind, tuple(merge(column)[0] for column in columns)),)


def pick(types: Sequence[Type], rng: Random) -> Type:
    """One of `types`, the likely ones, which come first, more often."""
    return rng.choices(types, [(rank + 1) ** -1.5 for rank in range(len(types))])[0]
