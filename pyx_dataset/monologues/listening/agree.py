"""When two values are one: exactly, loosely, or not at all."""

from difflib import SequenceMatcher
from typing import Any

from pyx_dataset.monologues.listening.evidence import Evidence
from pyx_dataset.monologues.run.literals import Unknown, canonical, expression
from pyx_dataset.monologues.run.pure import listed
from pyx_dataset.monologues.run.reckon import reckon
from pyx_dataset.monologues.verdicts import UNCHECKED, Finding

_NONE: Any = object()
"""No value: the text states none that could be worked out."""
_COMPARED = 100
"""Most values that are looked at, and characters of each, to name what was found instead."""
_GROUPS = (list, tuple, str, set, frozenset)


def claimed_value(text: str) -> Any:
    """The value that a constant expression states."""
    try:
        return reckon(expression(text), {})
    except Unknown:
        return _NONE


def is_datum(value: Any) -> bool:
    """Is it text, a number or the like: what an item of a loop is named by?"""
    return isinstance(value, str | int | float | bool | tuple)


def compare(claimed: Any, found: Evidence) -> Finding:
    """Confirmed by one value; contradicted by all of them, if one at least is of its type."""
    if claimed is _NONE:
        return UNCHECKED
    verdicts = [agrees(claimed, value) for value in found.values]
    if True in verdicts:
        return True, None
    if not verdicts or None in verdicts or not found.is_complete:
        return UNCHECKED
    alike = [value for value in found.values if _kind(value) is _kind(claimed)]
    return (False, _nearest(claimed, alike)) if alike else UNCHECKED


def _nearest(claimed: Any, values: list[Any]) -> str:
    """Of the values that were found, the one that the text most likely meant."""
    said = _shown(claimed)[:_COMPARED]

    def likeness(text: str) -> float:
        return SequenceMatcher(None, said, text[:_COMPARED]).ratio()

    return max((_shown(value) for value in values[-_COMPARED:]), key=likeness)


def agrees(claimed: Any, actual: Any) -> bool | None:
    """
    True for the same value of the same type; None for one told loosely, e.g. a tuple as a list.

    >>> agrees([1], [1]), agrees([1], (1,)), agrees(1, True), agrees("a", "b")
    (True, None, None, False)
    """
    actual = listed(actual)
    if type(claimed) is type(actual) and claimed == actual:
        return True
    if isinstance(claimed, bool) and not isinstance(actual, str):
        return True if bool(actual) is claimed else (False if type(actual) is bool else None)
    if claimed == actual or _is_alike(claimed, actual):
        return None
    if isinstance(claimed, _GROUPS) and isinstance(actual, _GROUPS):
        return None if list(claimed) == list(actual) else False
    return False


def _is_alike(claimed: Any, actual: Any) -> bool:
    """The same but for quotes or backslashes."""
    sized = isinstance(claimed, list | tuple | dict) and isinstance(actual, list | tuple | dict)
    if (
        isinstance(claimed, str)
        or isinstance(actual, str)
        or (sized and len(claimed) == len(actual))
    ):
        return _plainly(claimed) == _plainly(actual)
    return False


def _plainly(value: Any) -> str:
    """The text of a value with what people drop or double: quotes, backslashes."""
    return str(value).replace("\\\\", "\\")


def _kind(value: Any) -> type:
    return type(listed(value))


def _shown(value: Any) -> str:
    try:
        return canonical(listed(value))
    except Unknown:
        return repr(value)
