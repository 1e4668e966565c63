"""Conditions on arguments under which a special result or an exception may come."""

from collections.abc import Callable, Mapping
from typing import Any


def _sized(value: Any) -> bool:
    return isinstance(value, str | list | tuple | dict | set | bytes)


def _number(value: Any) -> bool:
    return type(value) in (int, float)


def _inside(one: Any, other: Any) -> bool:
    if isinstance(other, str):
        return isinstance(one, str) and one in other
    return isinstance(other, list | tuple | dict | set) and one in other


SINGLE: dict[str, Callable[[Any], bool]] = {
    "{} is empty": lambda one: _sized(one) and len(one) == 0,
    "{} is zero": lambda one: _number(one) and one == 0,
    "{} is negative": lambda one: _number(one) and one < 0,
    "{} is zero or negative": lambda one: _number(one) and one <= 0,
    "{} is below two": lambda one: _number(one) and one < 2,
    "{} is even": lambda one: type(one) is int and one % 2 == 0,
    "{} is `None`": lambda one: one is None,
    "{} is empty, zero or `None`": lambda one: not one,
    "{} has fewer than two items": lambda one: _sized(one) and len(one) < 2,
}
"""By their words; ``{}`` is the parameter."""

PAIRED: dict[str, Callable[[Any, Any], bool]] = {
    "{} occurs in {}": _inside,
    "{} does not occur in {}": lambda one, other: not _inside(one, other),
    "{} equals {}": lambda one, other: bool(type(one) is type(other) and one == other),
    "{} is above {}": lambda one, other: _number(one) and _number(other) and one > other,
    "{} is longer than {}": lambda one, other: (
        _sized(one) and _sized(other) and len(one) > len(other)
    ),
    "{} is at least the length of {}": lambda one, other: (
        _number(one) and _sized(other) and one >= len(other)
    ),
}


def is_met(words: str, subjects: tuple[str, ...], arguments: Mapping[str, Any]) -> bool:
    """Does the condition hold for these arguments? One that makes no sense does not."""
    if any(name not in arguments for name in subjects):
        return False
    values = [arguments[name] for name in subjects]
    try:
        return bool((SINGLE.get(words) or PAIRED[words])(*values))
    except TypeError:
        return False
