"""Remember a value so that any change of it shows, and write it out at most once.

Plain data without bytes is remembered by what `marshal` makes of it: exact as to types, the sign
of a zero and the order of a dict, and several times faster than any text. Everything else is
remembered by its text. Runs inside the sandbox: standard library only.
"""

import builtins
from marshal import dumps, loads
from typing import Any, NamedTuple

from pyx_dataset.traces.values import NotPlain, canonical, describe

# Functions made below look builtins up here, so a program that patches `len` patches only its own.
globals()["__builtins__"] = dict(vars(builtins))

WATCHED_CHARS = 100_000
"""Longest value that is watched while it does not change: a table the program only reads."""
_QUICK_BYTES, _QUICK_CHARS, _SHALLOW = 20_000, 4_000, 100
"""Up to here a value can hold no int and no nesting that `canonical` would refuse."""


class Memory(NamedTuple):
    """One state of a value."""

    key: bytes | str
    """Equal if and only if the state is."""
    text: str
    is_plain: bool
    """Nothing in it can run code of the program."""


class Memories:
    """Those of one call."""

    def __init__(self) -> None:
        self._known: dict[bytes, Memory] = {}

    def of(self, value: Any) -> Memory:
        """
        The state that `value` is in.

        Raises:
            TooLarge: its text is longer than `WATCHED_CHARS`, or as in `canonical`.
        """
        try:
            key = dumps(value, 2)
        except ValueError:  # a subclass, an object, a cycle
            return _by_text(value)
        known = self._known.get(key)
        if known is not None:
            return known
        text = _quick_text(value, key)
        memory = Memory(key, text, is_plain=True) if text is not None else _by_text(value)
        # A bytearray makes the same bytes as bytes, so where there are any, they do not tell.
        if not memory.is_plain or "b'" in memory.text or 'b"' in memory.text:
            return Memory(memory.text, memory.text, memory.is_plain)
        self._known[key] = memory = Memory(key, memory.text, is_plain=True)
        return memory


def _by_text(value: object) -> Memory:
    try:
        text = canonical(value, WATCHED_CHARS)
    except NotPlain:
        text = describe(value, WATCHED_CHARS)
        return Memory(text, text, is_plain=False)
    return Memory(text, text, is_plain=True)


def _quick_text(value: object, key: bytes) -> str | None:
    """`canonical`, by `repr` alone, where it is certain that both are the same."""
    # Sets are to be sorted; their tags are these, and so are some bytes of other things.
    if len(key) > _QUICK_BYTES or b"<" in key or b">" in key:
        return None
    try:
        text = repr(value)
    except ValueError:  # an int beyond all digits
        return None
    if len(text) > _QUICK_CHARS or "<" in text:  # what is neither plain nor has a set's tag
        return None
    if len(text) > 2 * _SHALLOW and sum(map(text.count, "[({")) >= _SHALLOW:
        return None
    # What could be bytes could be any other buffer, which would come back as bytes.
    return text if b"s" not in key or repr(loads(key)) == text else None  # noqa: S302  (ours)
