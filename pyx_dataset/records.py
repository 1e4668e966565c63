"""Dataclasses to JSON and back, by their annotations."""

import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

T = TypeVar("T")


def from_json(kind: type[T], data: Any) -> T:
    """
    Rebuild what ``json.dumps(asdict(record))`` wrote.

    Knows dataclasses, enums, ``tuple[X, ...]``, ``X | None`` and JSON's own types, which is
    all that `pyx_dataset.schema` is made of.
    """
    return typing.cast(T, _reader(typing.cast(Any, kind))(data))


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    if is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        readers = [(item.name, _reader(hints[item.name])) for item in fields(kind)]
        return lambda data: kind(**{name: read(data[name]) for name, read in readers})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    origin = get_origin(kind)
    if origin is tuple:
        each = _reader(get_args(kind)[0])
        return lambda data: tuple([each(item) for item in data])
    if origin is types.UnionType:
        (inner,) = [_reader(arm) for arm in get_args(kind) if arm is not types.NoneType]
        return lambda data: None if data is None else inner(data)
    return lambda data: data
