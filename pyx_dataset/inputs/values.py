"""Values that a person might write into an example: small, plain and a little varied."""

from collections.abc import Callable, Sequence
from random import Random

from pyx_dataset.inputs.calls import Value
from pyx_dataset.inputs.ingredients import Ingredients
from pyx_dataset.inputs.patterns import matching
from pyx_dataset.inputs.types import ANY, FLOAT, INT, INTS, NONE, STR, Kind, Type

_WORDS = (
    "apple", "banana", "cherry", "code", "data", "dog", "cat", "python", "hello", "world", "level",
    "radar", "stats", "noon", "river", "stone", "green", "light", "seven", "eight", "train",
    "table", "music", "paper", "abc", "aab", "xyz", "abba", "listen", "silent", "a", "b", "zz",
)  # fmt: skip
_PHRASES = (
    "hello world", "Hello, World!", "the quick brown fox", "a man a plan", "one two  three",
    "snake_case_name", "camelCaseName", "Some Title Here", "12345", "3.14", "1010", "-7", "a1b2c3",
    "(a + b) * c", "key=value", "a,b,c", "x-y-z", "AAABBC", "ABCDEF", " padded ",
)  # fmt: skip


_RARE = "éßΛ中\n\t\x00!#%"
_RANGES = ((0, 9), (1, 20), (10, 99), (-9, -1), (100, 999), (1000, 20_000))
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789 .,-_"


def value_of(wanted: Type, rng: Random, mix: Ingredients, depth: int = 0) -> Value:
    """A fresh value of type `wanted`; nesting ends at three levels."""
    if wanted.kind == "any" or depth > 3:
        wanted = rng.choice([INT, STR] if depth else [INT, STR, INTS])
    return _MAKERS[wanted.kind](wanted, rng, mix, depth)


_OTHER_MEMBERS = (INT, STR, INTS, INTS, NONE, FLOAT, Type("tuple", (INT, STR)))
"""What a list of anything now and then holds beside the rest."""


def edges_of(wanted: Type) -> tuple[Value, ...]:
    """Values at the edges of a type, which functions often treat apart."""
    return _EDGES.get(wanted.kind, ())


def _int(_: Type, rng: Random, mix: Ingredients, depth: int) -> int:
    if mix.ints and rng.random() < (0.1 if depth else 0.25):
        return rng.choice(mix.ints) + rng.choice([-1, 0, 0, 0, 1])
    (bounds,) = rng.choices(_RANGES, [100, 50, 24, 18, 8, 0 if depth else 4])
    return rng.randint(*bounds)


def _float(wanted: Type, rng: Random, mix: Ingredients, depth: int) -> float:
    whole = 0 if rng.random() < 0.25 else _int(wanted, rng, mix, depth)
    return round(whole + rng.choice([0.0, 0.5, 0.25, 0.1, rng.random()]), 2)


def _bool(_: Type, rng: Random, _mix: Ingredients, _depth: int) -> bool:
    return rng.random() < 0.5


def _none(_: Type, _rng: Random, _mix: Ingredients, _depth: int) -> None:
    return None


def _str(_: Type, rng: Random, mix: Ingredients, depth: int) -> str:
    draw = rng.random()
    if draw < 0.03:
        return ""
    if mix.patterns and rng.random() < 0.3:
        told = matching(rng.choice(mix.patterns), rng)
        return rng.choice([told, told, f"{rng.choice(_WORDS)}{told}", f"{told} {told}"])
    if mix.sizes and draw < 0.15:
        pool = [*mix.chars, *_LETTERS[: rng.choice([2, 10, len(_LETTERS)])]]
        return "".join(rng.choices(pool, k=rng.choice(mix.sizes)))
    if mix.strs and draw > 0.9:
        return _phrase(rng, mix)
    if len(mix.chars) > 1 and draw < (0.3 if len(mix.chars) == 2 else 0.45):
        return "".join(rng.choices(mix.chars, k=rng.randint(1, 6)))
    if mix.strs and draw < 0.55:
        told, word = rng.choice(mix.strs), rng.choice(_WORDS)
        other = rng.choice(mix.strs)
        return rng.choice(
            [told, told, told + word, word + told, told + word + told, told + word + other]
        )
    if draw < 0.6:
        return str(rng.choice([rng.randint(0, 999), -rng.randint(1, 9), rng.randint(1, 99) / 4]))
    if depth or draw < 0.75:
        return rng.choice(_WORDS)
    if draw < 0.9:
        return rng.choice(_PHRASES)
    letters = rng.choice(["ab", "abc", "01", "0123456789", "abcdefgh", "xyz"])
    return "".join(rng.choices(letters, k=rng.randint(1, 8)))


def _phrase(rng: Random, mix: Ingredients) -> str:
    """Several of the program's own strings in a row, mixed with others."""
    pieces = [*mix.strs, *mix.chars, *rng.sample(_WORDS, 2), str(rng.randint(0, 99)), " "]
    return "".join(rng.choices(pieces, k=rng.randint(2, 5)))[:40]


def _char(_: Type, rng: Random, mix: Ingredients, _depth: int) -> str:
    return rng.choice(mix.chars if mix.chars and rng.random() < 0.4 else _LETTERS + _RARE)


def _bytes(wanted: Type, rng: Random, mix: Ingredients, depth: int) -> bytes:
    return _str(wanted, rng, mix, depth).encode("latin-1", "replace")


def _list(wanted: Type, rng: Random, mix: Ingredients, depth: int) -> list[Value]:
    inner = wanted.item()
    if inner == ANY:
        inner = rng.choice([INT, STR])
    size = rng.choices([0, 1, 2, 3, 4, 5, 6, 8], [3, 8, 14, 25, 20, 18, 8, 4])[0]
    if mix.sizes and not depth and rng.random() < 0.2:
        size = rng.choice(mix.sizes)
    if inner.kind == "list" and not depth and rng.random() < 0.7:
        rows, columns = max(size // 2, 1), rng.randint(1, 3)
        columns = rows if rng.random() < 0.6 else columns
        cell = inner.item()
        return [[value_of(cell, rng, mix, 2) for _ in range(columns)] for _ in range(rows)]
    items = [value_of(inner, rng, mix, depth + 1) for _ in range(min(size, 8 >> depth))]
    if inner.kind in {"int", "str", "float"} and rng.random() < 0.3:
        items.sort()
    if len(items) > 1 and rng.random() < 0.06:
        return [items[0]] * len(items)
    if wanted.item() == ANY and len(items) > 1 and not depth and rng.random() < 0.25:
        items[rng.randrange(len(items))] = value_of(rng.choice(_OTHER_MEMBERS), rng, mix, 2)
        return items
    if inner.kind == "int" and items and rng.random() < 0.08:
        step = rng.choice([1, 1, -1, 2])
        return list(range(items[0], items[0] + step * len(items), step))
    return items


def _tuple(wanted: Type, rng: Random, mix: Ingredients, depth: int) -> tuple[Value, ...]:
    if len(wanted.items) > 1:
        return tuple(value_of(item, rng, mix, depth + 1) for item in wanted.items)
    return tuple(_list(Type("list", wanted.items), rng, mix, depth))


def _set(wanted: Type, rng: Random, mix: Ingredients, depth: int) -> set[Value]:
    inner = wanted.item()
    if inner.kind in {"list", "dict", "set", "any"}:
        inner = INT
    return set(_list(Type("list", (inner,)), rng, mix, depth))


def _dict(wanted: Type, rng: Random, mix: Ingredients, depth: int) -> dict[Value, Value]:
    key, value = wanted.item(0), wanted.item(1)
    size = rng.choices([0, 1, 2, 3, 4, 5], [3, 15, 30, 30, 15, 7])[0]
    pools: list[Sequence[Value]] = ["ABCDE", _WORDS, mix.strs if len(mix.strs) >= size else _WORDS]
    if key.kind not in {"str", "any"}:
        pools = [range(size)]
    elif mix.keys and rng.random() < 0.6:
        size = rng.randint(1, min(len(mix.keys), 5))
        pools = [mix.keys]
    keys = rng.sample(rng.choice(pools), size)
    if value.kind in {"list", "set", "dict", "tuple"} and keys and rng.random() < 0.6:
        return {each: _edges(value.kind, keys, value, rng) for each in keys}
    return {each: value_of(value, rng, mix, depth + 1) for each in keys}


def _edges(kind: Kind, keys: list[Value], value: Type, rng: Random) -> Value:
    """Members that are keys themselves, for such a dict is mostly a graph."""
    chosen = rng.sample(keys, rng.randint(0, min(3, len(keys))))
    match kind:
        case "dict":
            return {each: rng.randint(1, 9) for each in chosen}
        case "set":
            return set(chosen)
        case "tuple":
            return tuple(chosen)
    inner = value.item()
    return [(each, rng.randint(1, 9)) for each in chosen] if inner.kind == "tuple" else chosen


_MAKERS: dict[Kind, Callable[[Type, Random, Ingredients, int], Value]] = {
    "int": _int,
    "float": _float,
    "bool": _bool,
    "none": _none,
    "str": _str,
    "char": _char,
    "bytes": _bytes,
    "list": _list,
    "tuple": _tuple,
    "set": _set,
    "dict": _dict,
}
_EDGES: dict[Kind, tuple[Value, ...]] = {
    "int": (0, 1, -1, 2),
    "float": (0.0, 1.0, -1.0, 0.5),
    "bool": (False, True),
    "none": (None,),
    "str": ("", "a", " ", "0"),
    "char": (" ", "0"),
    "bytes": (b"", b"a"),
    "list": ([],),
    "tuple": ((),),
    "set": (set(),),
    "dict": ({},),
}
