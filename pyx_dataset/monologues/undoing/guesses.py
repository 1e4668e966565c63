"""Inputs that an output suggests: what a person tries first when no way back can be worked out."""

import ast
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from pyx_dataset.monologues.run.literals import Unknown, canonical

MAX_LENGTH = 40
"""Largest number that a guess is made as long as."""
MOST = 24
"""Guesses for one argument."""


def guesses(like: Any, want: Any) -> list[Any]:
    """
    Values of the type of `like` that are close to `want`, the closest first.

    >>> guesses([0], 2)[:3], guesses("a", [1, 2])[:2]
    ([[2], [0, 2], [2, 0]], ['[1, 2]', '12'])
    """
    if not isinstance(like, set):
        want = _ordered(want)
    found: dict[str, Any] = {}
    made = _BY_TYPE.get(type(like))
    errors = (TypeError, ValueError, OverflowError, SyntaxError, MemoryError, UnicodeError)
    for make in made(want, like) if made else ():
        with suppress(*errors, LookupError, ArithmeticError, AttributeError):
            value = make()
            if type(value) is type(like):
                with suppress(Unknown):
                    found.setdefault(canonical(value), value)
        if len(found) == MOST:
            break
    return list(found.values())


def _int(want: Any, like: Any) -> Iterator[Callable[[], Any]]:
    yield from (lambda: want, lambda: int(want))
    yield from (lambda: len(want), lambda: len(want) - 1, lambda: len(want) + 1)
    yield from (lambda: want + 1, lambda: want - 1, lambda: -want, lambda: 2 * want)
    yield from (lambda: want // 2, lambda: want * want, lambda: int(want**0.5))
    yield from (lambda: 2 * want + 1, lambda: want + 2, lambda: 10 * want)
    yield from (lambda: int(want, 2), lambda: int(want, 16), lambda: int(want[::-1], 2))
    yield from (lambda: ord(want), lambda: int.from_bytes(want, "big"), lambda: sum(want))
    yield from (lambda: max(want), lambda: want[0], lambda: want[-1], lambda: ~want)
    yield from (lambda: int("".join(map(_text, want))), lambda: want.bit_length())


def _float(want: Any, like: Any) -> Iterator[Callable[[], Any]]:
    yield from (lambda: float(want), lambda: float(want * want), lambda: float(want**0.5))
    yield from (lambda: float(2 * want), lambda: want / 2, lambda: float(-want), lambda: 1 / want)
    yield from (lambda: float(want[0]), lambda: float(len(want)))


def _str(want: Any, like: Any) -> Iterator[Callable[[], Any]]:
    yield from (lambda: want, lambda: _text(want), lambda: "".join(want), lambda: " ".join(want))
    yield from (lambda: "".join(map(_text, want)), lambda: want[::-1], lambda: want.lower())
    yield from (lambda: want.upper(), lambda: want.title(), lambda: want.swapcase())
    yield from (lambda: want.replace("_", " "), lambda: want.replace("-", " "))
    yield from (lambda: want.replace("_", "-"), lambda: want.decode(), lambda: chr(want))
    if type(want) is int and 0 <= want <= MAX_LENGTH:
        yield from (lambda: "a" * want, lambda: "ab" * want, lambda: "a " * want)
    yield from (lambda: ",".join(want), lambda: "\n".join(want), lambda: want[0])
    yield lambda: want[1:-1]
    yield from (lambda: bin(want)[2:], lambda: hex(want)[2:], lambda: want.strip())
    yield from (lambda: want[1:], lambda: want[:-1], lambda: ",".join(map(_text, want)))
    yield lambda: "".join(sorted(want))


def _list(want: Any, like: Any) -> Iterator[Callable[[], Any]]:
    item = like[0] if like else 0
    yield from (lambda: want, lambda: list(want), lambda: list(want.items()))
    if type(want) is type(item) or not like:
        yield from (lambda: [want], lambda: [_zero(want), want], lambda: [want, _zero(want)])
        yield from (lambda: [want, want], lambda: [_zero(want), want, want])
        yield from (lambda: [want, _zero(want), _zero(want)], lambda: [want + 1, 1])
        yield from (
            lambda: [1, want + 1],
            lambda: [want, 1],
            lambda: [1, want],
            lambda: [want - 1, 1],
        )
        yield lambda: [want] * 3
    if type(want) is int and 0 <= want <= MAX_LENGTH:
        yield from (lambda: [item] * want, lambda: list(range(want)), lambda: [item] * (want + 1))
        yield from (lambda: list(range(want + 1)), lambda: list(range(1, want + 1)))
    if isinstance(item, str) and not isinstance(want, str):
        yield from (lambda: [_text(want)], lambda: list(map(_text, want)))
    if isinstance(item, list | tuple):
        kind = type(item)
        yield from (lambda: [want], lambda: [kind(want)], lambda: list(map(kind, _rows(want))))
        yield from (lambda: list(map(kind, zip(*_rows(want), strict=True))), lambda: [kind([want])])
        yield lambda: [kind([part]) for part in want]
    yield from (lambda: list(want[::-1]), lambda: sorted(want), lambda: want.split())
    yield from (lambda: list(want)[1:], lambda: [*want, item], lambda: [item, *want])
    yield from (lambda: list(want) * 2, lambda: [part for part in want for _ in range(2)])
    yield from (lambda: [part for row in _rows(want) for part in row], lambda: list(want.values()))
    yield lambda: list(want.keys())


def _tuple(want: Any, like: Any) -> Iterator[Callable[[], Any]]:
    yield from (partial(_as_tuple, make) for make in _list(want, list(like)))


def _as_tuple(make: Callable[[], Any]) -> tuple[Any, ...]:
    return tuple(make())


def _dict(want: Any, like: Any) -> Iterator[Callable[[], Any]]:
    key, value = next(iter(like.items()), ("a", 0))
    yield from (lambda: want, lambda: dict(_rows(want)), lambda: {key: want}, lambda: {want: value})
    yield from (
        lambda: {item: name for name, item in want.items()},
        lambda: dict.fromkeys(want, value),
    )
    yield lambda: dict(enumerate(want))


def _set(want: Any, like: Any) -> Iterator[Callable[[], Any]]:
    yield from (lambda: want, lambda: set(want), lambda: {want})


def _bytes(want: Any, like: Any) -> Iterator[Callable[[], Any]]:
    yield from (lambda: want, lambda: want.encode(), lambda: want[::-1])
    if type(want) is not int or 0 <= want <= MAX_LENGTH:  # of a number: as many zero bytes
        yield lambda: bytes(want)
    yield from (lambda: _text(want).encode(), lambda: ast.literal_eval(f"b{want!r}"))


def _text(want: Any) -> str:
    """As `str`, with sets in order."""
    return want if isinstance(want, str) else canonical(want)


def _ordered(want: Any) -> Any:
    """A set as a list: its own order is that of hashes, and would make two builds differ."""
    if isinstance(want, set | frozenset):
        return sorted(want, key=lambda item: (len(canonical(item)), canonical(item)))
    return want


def _rows(want: Any) -> Any:
    """`want` with an order for each part that is gone over."""
    return want if isinstance(want, dict) else [_ordered(row) for row in want]


def _zero(want: Any) -> Any:
    return type(want)()


_BY_TYPE: dict[type, Callable[[Any, Any], Iterator[Callable[[], Any]]]] = {
    int: _int, float: _float, str: _str, list: _list, tuple: _tuple, dict: _dict, set: _set,
    bytes: _bytes,
}  # fmt: skip
