"""One error in a true monologue: a worse answer whose fault is known.

A value in one step is exchanged for another, or what is said to be decided for its opposite. The
error is planted; whether it is one, the checker says.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

_SECTION = re.compile(r"(?s)(### (?:Execution Simulation|Reverse Deduction)\n)(.*?)(\n\n###|\Z)")
_PLACE = re.compile(
    r"(?P<value>(?<=`)(?:-?\d+(?:\.\d+)?|'[^'`\\]*'|True|False|None|[\[({][^`]*[\])}])(?=`)"
    r"|(?<= = )(?:-?\d+(?:\.\d+)?|'[^'`\\]*'|True|False|None)(?=`))"
    r"|(?P<truth>(?<=\bis )(?:true|false)\b)"
)


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A monologue with one error."""

    text: str
    change: str
    """What stood there and what stands there now."""


def spoiled(text: str, rng: Random) -> Iterator[Spoiled]:
    r"""
    `text` with one error in its simulation or deduction, each time another one.

    >>> text = "### Execution Simulation\n[L6] `total` becomes `3`.\n\n### Conclusion\nIt is `3`."
    >>> [item.change for item in spoiled(text, Random(1))]
    ['3 -> 2']
    """
    section = _SECTION.search(text)
    if section is None:
        return
    body, start = section[2], section.start(2)
    places = list(_PLACE.finditer(body))
    stock = sorted({place["value"] for place in places if place["value"]})
    for place in rng.sample(places, len(places)):
        old = place[0]
        new = {"true": "false", "false": "true"}.get(old) or _other(old, stock, rng)
        if new is not None and new != old:
            at, end = start + place.start(), start + place.end()
            yield Spoiled(text[:at] + new + text[end:], f"{old} -> {new}")


def _other(old: str, stock: list[str], rng: Random) -> str | None:
    """
    Another value of the type of `old`: one step off, or one that occurs elsewhere in the text.

    Those are the mistakes of somebody who loses count, or forgets that a variable has changed.
    """
    value = _read(old)
    kind = type(value)
    alike = [item for item in stock if item != old and type(_read(item)) is kind]
    match value:
        case bool():
            return str(not value)
        case _ if alike and rng.random() < 0.5:
            return rng.choice(alike)
        case int():
            return str(value + rng.choice([-1, 1]))
        case float():
            return repr(value + rng.choice([-1.0, 1.0]))
        case str() if value:
            return repr(value[:-1] if rng.random() < 0.5 else value + value[-1])
        case list() | tuple() if value:
            gone = rng.randrange(len(value))
            return repr(kind(item for at, item in enumerate(value) if at != gone))
        case None:
            return "0"
    return rng.choice(alike) if alike else None


def _read(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return ...
