"""Remember a value so that any change of it shows, and write it out at most once.

Plain data without bytes is remembered by what `marshal` makes of it: exact as to types, the sign
of a zero and the order of a dict, and several times faster than any text. Everything else is
remembered by its text. Runs inside the sandbox: standard library only.
"""

import builtins
from marshal import dumps, loads
from types import FunctionType, ModuleType
from typing import Any

from pyx_dataset.traces.values import NotPlain, canonical, describe

# Functions made below look builtins up here, so a program that patches `len` patches only its own.
globals()["__builtins__"] = dict(vars(builtins))

WATCHED_CHARS = 100_000
"""Longest value that is watched while it does not change: a table the program only reads."""
_WAYS_TO_BUFFERS = ("import", "array", "buffer", "memoryview", "__", "eval", "exec", "getattr")
"""
Without any of these a program has no buffer but bytes. `marshal` takes the others for bytes too,
so with them, what it made is read back.
"""
_MOST_KNOWN = 64
"""States whose texts are kept; old ones seldom come back, and memory costs time."""
_QUICK_BYTES, _QUICK_CHARS, _SHALLOW = 20_000, 4_000, 100
"""Up to here a value can hold no int and no nesting that `canonical` would refuse."""


SHORT_INT, SHORT_TEXT = 1 << 64, 1_000
"""Below, `repr` is quick and cannot fail."""

FIXED = frozenset(
    (int, float, str, bytes, bool, complex, type(None), FunctionType, ModuleType, type)
)
"""Types whose text cannot change while the object stays the same."""

Memory = tuple[bytes | str, str, bool]
"""
One state of a value: a key that is equal if and only if the state is, its text, and whether it is
plain, so that nothing in it can run code of the program.
"""


class Memories:
    """Those of one call of a program."""

    def __init__(self, source: str) -> None:
        self._known: dict[bytes, Memory] = {}
        # Since 3.12 a class can hand out buffers itself, and `marshal` would ask it.
        self._may_dump = "__buffer__" not in source
        self._has_buffers = any(word in source for word in _WAYS_TO_BUFFERS)

    def of(self, value: Any) -> Memory:
        """
        The state that `value` is in.

        Raises:
            TooLarge: its text is longer than `WATCHED_CHARS`, or as in `canonical`.
        """
        if not self._may_dump:
            return _by_text(value)
        try:
            key = dumps(value, 2)
        except ValueError:  # a subclass, an object, a cycle
            return _by_text(value)
        known = self._known.get(key)
        if known is not None:
            return known
        text = _quick_text(value, key)
        if text is None or (self._has_buffers and repr(loads(key)) != text):  # noqa: S302  (ours)
            memory = _by_text(value)
            if not memory[2]:
                return memory
            text = memory[1]
        # A bytearray makes the same bytes as bytes, so where there are any, they do not tell.
        if "b'" in text or 'b"' in text:
            return text, text, True
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[key] = memory = key, text, True
        return memory


def _by_text(value: object) -> Memory:
    try:
        text = canonical(value, WATCHED_CHARS)
    except NotPlain:
        text = describe(value, WATCHED_CHARS)
        return text, text, False
    return text, text, True


def _quick_text(value: object, key: bytes) -> str | None:
    """`canonical`, by `repr` alone, where it is certain that both are the same."""
    if len(key) > _QUICK_BYTES:
        return None
    try:
        text = repr(value)
    except ValueError:  # an int beyond all digits
        return None
    if len(text) > _QUICK_CHARS or "<" in text:  # what is not plain has no other text
        return None
    # Sets are to be sorted; their tags are these, and so are some bytes of other things.
    if ("{" in text or "set(" in text) and (b"<" in key or b">" in key):
        return None
    if len(text) > 2 * _SHALLOW and sum(map(text.count, "[({")) >= _SHALLOW:
        return None
    return text


def atom_text(value: Any) -> str:
    """`describe` of what cannot change, mostly by `repr` alone."""
    kind = type(value)
    if kind is int:
        is_short = -SHORT_INT < value < SHORT_INT
    elif kind is str:
        is_short = len(value) < SHORT_TEXT
    else:
        is_short = kind is float or kind is bool or value is None
    return repr(value) if is_short else describe(value, WATCHED_CHARS)
