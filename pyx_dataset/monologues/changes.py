"""Say what changed: a small value in full, a growing one by the part that is new."""

import re

from pyx_dataset.errors import NotNarratable
from pyx_dataset.monologues.literals import Unknown, canonical, parse
from pyx_dataset.monologues.story import DELETED
from pyx_dataset.schema import Change

SHORT = 32
"""Values up to this many characters are always said in full."""

_HIDDEN = re.compile(r"<(?!object>)\w+>|<(?:generator|coroutine|cycle)\b")
"""Iterators and the like: what they will give next is not in their text."""
_NAMED = ("<function ", "<class ", "<module ", "<built-in ")


def is_told_by_name(value: str) -> bool:
    """Is there no value to state, because the thing is a function, a module, or gone?"""
    return value == DELETED or value.startswith(_NAMED)


def told(change: Change, old: str | None) -> list[tuple[str, str]]:
    """
    Expressions and their values after the line that say what `change` did.

    Raises:
        NotNarratable: the value is no plain data, so what follows from it cannot be followed.
    """
    try:
        new = parse(change.value)
    except Unknown:
        if _HIDDEN.search(change.value):
            detail = f"{change.name} is {change.value[:60]}"
            raise NotNarratable("hidden_state", detail) from None
        return [(change.name, change.value)]
    if old is None or len(change.value) <= SHORT:
        return [(change.name, change.value)]
    try:
        parts = _difference(parse(old), new)
    except Unknown:
        parts = None
    if not parts:
        return [(change.name, change.value)]
    return [(pattern.format(change.name), canonical(value)) for pattern, value in parts]


def _difference(old: object, new: object) -> list[tuple[str, object]] | None:
    """What tells `new` from `old`, if it is little: patterns of expressions and their values."""
    match old, new:
        case list(), list():
            return _list_difference(old, new)
        case dict(), dict() if list(new)[: len(old)] == list(old) and len(new) - len(old) <= 1:
            keys = [
                key for key in new if key not in old or canonical(old[key]) != canonical(new[key])
            ]
            return (
                [(f"{{}}[{_escaped(key)}]", new[key]) for key in keys] if len(keys) <= 2 else None
            )
        case set(), set() if old < new and len(new - old) == 1:
            return [(f"{_escaped(next(iter(new - old)))} in {{}}", True)]
        case str(), str() if old and new.startswith(old) and len(new) - len(old) <= SHORT:
            return [(f"{{}}[{len(old)}:]", new[len(old) :])]
    return None


def _list_difference(old: list[object], new: list[object]) -> list[tuple[str, object]] | None:
    before, after = [canonical(item) for item in old], [canonical(item) for item in new]
    if len(after) == len(before) + 1 and after[:-1] == before:
        return [("{}[-1]", new[-1])]
    if before[:-1] == after:
        return [("len({})", len(new))]
    if len(before) == len(after):
        places = [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
        return [(f"{{}}[{i}]", new[i]) for i in places] if len(places) <= 2 else None
    return None


def _escaped(key: object) -> str:
    return canonical(key).replace("{", "{{").replace("}", "}}")
