"""How a value that is not plain data looks from outside, found without running any of its code.

Attributes are read through the slots of CPython's own types, because a class can put code of
its own behind `__dict__`, `__class__`, `__name__`, iteration and `repr`.
"""

import array
import builtins
import collections
import datetime
import decimal
import enum
import fractions
import re
import types
from abc import ABCMeta
from collections.abc import Callable, Iterator
from enum import EnumMeta
from typing import Any, NamedTuple

# Functions made below look builtins up here, so a program that patches `len` patches only its own.
globals()["__builtins__"] = dict(vars(builtins))


class Pairs(list[tuple[object, object]]):
    """The items of a mapping, to be shown as a dict; making a dict of them would hash the keys."""


class Bag(list[object]):
    """The elements of a set, to be shown as one; making a set of them would hash them."""


class Shape(NamedTuple):
    """Shown as ``opening + separator.join(label + child) + closing``."""

    opening: str
    children: list[tuple[str, object]]
    separator: str
    closing: str


_type_name = type.__dict__["__name__"].__get__
_type_bases = type.__dict__["__mro__"].__get__
_type_vars = type.__dict__["__dict__"].__get__
error_args = BaseException.__dict__["args"].__get__
_module_vars = vars(types.ModuleType)["__dict__"].__get__
_numerator = fractions.Fraction.__dict__["_numerator"].__get__
_denominator = fractions.Fraction.__dict__["_denominator"].__get__

_C_REPR = frozenset((
    range, bytearray, array.array, decimal.Decimal, datetime.date, datetime.timedelta,
    datetime.timezone, re.Pattern, type(...), type(NotImplemented),
))  # fmt: skip
"""Types whose `repr` is C code that shows the whole value and calls nothing."""

_CLOCKS = (datetime.datetime, datetime.time)
_FIXED_ZONES = (type(None), datetime.timezone)

_NAMED: dict[type, str] = {
    types.FunctionType: "function",
    types.BuiltinFunctionType: "builtin",
    types.GeneratorType: "generator",
    types.CoroutineType: "coroutine",
    types.AsyncGeneratorType: "async_generator",
}

_INTERNAL: dict[type, str] = {
    types.TracebackType: "<traceback>",
    types.FrameType: "<frame>",
    types.CodeType: "<code>",
}
"""Types of the interpreter, whose attributes say how a program was compiled, not what it does."""

_STANDARD: dict[type, Callable[[Any], list[tuple[str, object]]]] = {
    collections.Counter: lambda v: [("", Pairs(dict.items(v)))],
    collections.OrderedDict: lambda v: [("", list(collections.OrderedDict.items(v)))],
    collections.defaultdict: lambda v: [("", v.default_factory), ("", Pairs(dict.items(v)))],
    collections.deque: lambda v: (
        [("", list(v))] + ([] if v.maxlen is None else [("maxlen=", v.maxlen)])
    ),
    fractions.Fraction: lambda v: [("", _numerator(v)), ("", _denominator(v))],
    slice: lambda v: [("", v.start), ("", v.stop), ("", v.step)],
    type({}.keys()): lambda v: [("", list(v))],
    type({}.values()): lambda v: [("", list(v))],
    type({}.items()): lambda v: [("", list(v))],
}

_CONTENT: dict[type, Callable[[Any], object]] = {
    int: int.__int__,
    float: float.__float__,
    complex: complex.__complex__,
    str: str.__str__,
    bytes: lambda v: bytes.__getitem__(v, slice(None)),
    bytearray: lambda v: bytearray.__getitem__(v, slice(None)),
    list: lambda v: list.__getitem__(v, slice(None)),
    tuple: lambda v: tuple.__getitem__(v, slice(None)),
    dict: lambda v: Pairs(dict.items(v)),
    set: lambda v: Bag(set.__iter__(v)),
    frozenset: lambda v: Bag(frozenset.__iter__(v)),
}
"""What a subclass of a builtin type holds, as the exact builtin type."""


def name_of(kind: type) -> str:
    """The class's name, as an exact str."""
    return str.__str__(_type_name(kind))


def exact_type(value: object) -> type:
    """
    The type of `value` for looking up in a table, `object` where that lookup would be a lie.

    Membership asks the type's own metaclass for `__hash__` and `__eq__`, and a program can
    write one that calls itself ``int``.
    """
    kind = type(value)
    metaclass = type(kind)
    return kind if metaclass is type or metaclass is ABCMeta or metaclass is EnumMeta else object


def definer(kind: type, attribute: str) -> type | None:
    """The class that `kind` takes `attribute` from."""
    return next((base for base in _type_bases(kind) if attribute in _type_vars(base)), None)


def shape(value: Any) -> Shape:
    """How to show `value`, which is not plain data."""
    kind = exact_type(value)
    if kind is object:
        return _bare(f"<{name_of(type(value))}>")
    if kind is types.MethodType and exact_type(value.__func__) in _NAMED:
        return _bare(f"<method {str.__str__(value.__func__.__name__)}>")
    if kind in _NAMED:
        return _bare(f"<{_NAMED[kind]} {str.__str__(value.__name__)}>")
    if kind in _INTERNAL:
        return _bare(_INTERNAL[kind])
    if kind is types.ModuleType:
        name = _module_vars(value).get("__name__")
        return _bare(f"<module {name if type(name) is str else '?'}>")
    if kind in _C_REPR or (kind in _CLOCKS and exact_type(value.tzinfo) in _FIXED_ZONES):
        return _bare(repr(value))
    if kind in _STANDARD:
        return _call(kind, _STANDARD[kind](value))
    bases = _type_bases(kind)
    if type in bases:
        return _bare(f"<class {name_of(value)}>")
    if BaseException in bases:
        return _call(kind, [("", argument) for argument in error_args(value)])
    return _instance(value, kind, bases)


def _instance(value: Any, kind: type, bases: tuple[type, ...]) -> Shape:
    attributes = [(label, item) for base in bases for label, item in _slots(value, base)]
    attributes += [
        (key if type(key) is str else name_of(type(key)), item)
        for key, item in _instance_vars(value)
    ]
    if enum.Enum in bases:
        name = dict(attributes).get("_name_")
        return _bare(f"{name_of(kind)}.{name if type(name) is str else '?'}")
    labelled = [(f"{label}=", item) for label, item in attributes]
    if fields := _field_names(value, kind, bases):
        return _call(kind, list(zip(fields, tuple.__iter__(value), strict=True)))
    if "__dataclass_fields__" in _type_vars(kind):
        return _call(kind, labelled)
    content = [("", _CONTENT[base](value)) for base in bases if base in _CONTENT]
    children = [*content, *labelled]
    return Shape(f"<{name_of(kind)}{' ' if children else ''}", children, " ", ">")


def _slots(value: object, base: type) -> Iterator[tuple[str, object]]:
    for name, member in _type_vars(base).items():
        if type(member) is types.MemberDescriptorType and not name.startswith("__"):
            try:
                yield name, member.__get__(value)
            except AttributeError:
                continue


def _instance_vars(value: object) -> list[tuple[object, object]]:
    owner = definer(type(value), "__dict__")
    getter: Any = _type_vars(owner)["__dict__"] if owner else None
    # A class may define `__dict__` itself; only CPython's own slot is read.
    known = type(getter) is types.GetSetDescriptorType
    return list(dict.items(getter.__get__(value))) if known else []


def _field_names(value: Any, kind: type, bases: tuple[type, ...]) -> list[str]:
    """``["x=", "y="]`` of a named tuple, else nothing."""
    fields = _type_vars(kind).get("_fields")
    if tuple not in bases or type(fields) is not tuple or len(fields) != tuple.__len__(value):
        return []
    return [f"{field}=" for field in fields] if all(type(f) is str for f in fields) else []


def _bare(text: str) -> Shape:
    return Shape(text, [], "", "")


def _call(kind: type, children: list[tuple[str, object]]) -> Shape:
    return Shape(f"{name_of(kind)}(", children, ", ", ")")
