"""Say what changed: a small value in full, a growing one by the part that is new."""

import re
from collections.abc import Sequence

from pyx_dataset.errors import NotNarratable
from pyx_dataset.monologues.claims import in_backticks
from pyx_dataset.monologues.run.blocks import outline
from pyx_dataset.monologues.run.literals import Unknown, canonical, parse
from pyx_dataset.monologues.run.story import DELETED, Moment
from pyx_dataset.monologues.telling import phrases
from pyx_dataset.schema import Change, Trace

SHORT = 32
"""Values up to this many characters are always said in full."""

_OPAQUE = re.compile(r"<(\w+)>")
"""Functions, iterators, objects: named by their kind, as a trace does not look into them."""
_OPEN = re.compile(r"<\w+ \w+=")
"""Objects whose attributes a trace shows."""


def is_told_by_name(value: str) -> bool:
    """Is there no value to state, because the thing is a function, an iterator, or gone?"""
    if value == DELETED:
        return True
    return value.startswith("<") and value != "<object>" and not _OPEN.match(value)


def require_visible(trace: Trace) -> None:
    """
    A run can be told only if no object changes where its steps do not show it.

    Raises:
        NotNarratable: a variable holds an instance of a class of the program that sets
            attributes, and the trace shows it as a name.
    """
    stateful = outline(trace.code).stateful
    if not stateful:
        return
    for step in trace.steps:
        for change in step.changed:
            if not stateful.isdisjoint(_OPAQUE.findall(change.value)):
                detail = f"{change.name} is {change.value[:60]}"
                raise NotNarratable("hidden_state", detail)


def told(change: Change, old: str | None) -> list[tuple[str, str]]:
    """Expressions and their values after the line that say what `change` did."""
    try:
        new = parse(change.value)
    except Unknown:
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


def becoming(changed: Sequence[Change], moment: Moment) -> list[str]:
    """Changes on a line where ``x = 3`` would say that a loop binds `x`."""
    return [
        f"{in_backticks(source)} becomes {in_backticks(value)}"
        for item in changed
        for source, value in told(item, moment.before.get(item.name))
    ]


def opaque(change: Change) -> str:
    """A change to something that has no value to state."""
    if change.value == DELETED:
        return f"{in_backticks(change.name)} is gone"
    return f"{in_backticks(change.name)} is now {phrases.thing(change.value)}"
