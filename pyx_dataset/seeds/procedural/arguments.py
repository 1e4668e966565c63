"""Calls to start from: arguments that somebody might give the program."""

import re
from random import Random

from pyx_dataset.config import Procedural
from pyx_dataset.seeds.procedural.draft import Parameter

_WORDS = (  # noqa: SIM905  (a list would take a screen)
    "apple river Stone cloud level Anna sun tree noon paper lamp Rose ink wolf bridge "
    "civic Oak garden tea moss radar salt barn seed echo plum fern data kayak north oats "
    "Ivy pear maple mint otter sand toad wheel yarn zebra home drum bell coral dune east "
    "fig"
).split()


def call_of(
    entry_point: str, code: str, parameters: tuple[Parameter, ...], rng: Random, knobs: Procedural
) -> str:
    """``"f([3, 1, 2], 4)"``, with characters that `code` itself looks for in the texts."""
    marks = re.findall(r'"([^a-z0-9"\\])"', code)
    arguments = (repr(_argument(item, rng, knobs, marks)) for item in parameters)
    return f"{entry_point}({', '.join(arguments)})"


def _argument(item: Parameter, rng: Random, knobs: Procedural, marks: list[str]) -> object:
    if item.low or item.high:
        return rng.randint(item.low, item.high)
    return _value(item.type, rng, knobs, marks)


def _value(type_: str, rng: Random, knobs: Procedural, marks: list[str]) -> object:
    length = rng.randint(0 if rng.random() < 0.1 else 3, max(3, knobs.loop_trips))
    high = min(knobs.value, rng.choice([9, 9, 20, 60]))
    low = rng.choice([0, 0, 1, -high // 2])
    if type_ == "int":
        return rng.randint(low, max(1, high * rng.choice([1, 1, 5])))
    if type_ == "str":
        return _text(rng, length, marks)
    if type_ == "list[int]":
        return [rng.randint(low, high) for _ in range(length)]
    if type_ == "list[str]":
        return [_word(rng) for _ in range(length)]
    if type_ == "list[list[int]]":
        width = rng.randint(2, 4)
        return [[rng.randint(low, high) for _ in range(width)] for _ in range(rng.randint(2, 4))]
    names = [_word(rng) for _ in range(min(length, 6))]
    if type_ == "dict[str, int]":
        return {name: rng.randint(low, high) for name in names}
    return [(name, rng.randint(low, high)) for name in names + names[:2]]


def _word(rng: Random) -> str:
    word = rng.choice(_WORDS)
    return word.upper() if rng.random() < 0.08 else word


def _text(rng: Random, length: int, marks: list[str]) -> str:
    """A few words, or characters in which some repeat and some are those that matter."""
    if rng.random() < 0.55:
        return " ".join(_word(rng) for _ in range(max(1, length // 2)))
    letters = [*marks * 3, *rng.sample("aabcdeoiuAZ190 -", 5)]
    return "".join(rng.choice(letters) * rng.choice([1, 1, 1, 2, 4]) for _ in range(length))
