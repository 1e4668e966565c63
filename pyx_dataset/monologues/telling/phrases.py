"""The words: small sentences with a seeded choice of shape. Each is one that `claims` can read."""

import re
from collections.abc import Sequence
from random import Random

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.literals import Unknown, parse


def binding(name: str, value: str) -> str:
    """`name = value` as code."""
    return code(f"{name} = {value}")


def listed(items: Sequence[str]) -> str:
    """
    A list in words.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def becomes(name: str, old: str | None, new: str, rng: Random) -> str:
    """`name` got another value; the verb follows the direction of a number."""
    if old is None:
        verbs = (
            ["starts at", "becomes", "is set to"] if _is_number(new) else ["becomes", "is set to"]
        )
        if rng.random() < 0.3:
            return binding(name, new)
    else:
        verbs = ["becomes", "is now", "changes to"]
        if _is_number(old) and _is_number(new):
            verbs.append("rises to" if parse(new) > parse(old) else "drops to")
    return f"{code(name)} {rng.choice(verbs)} {code(new)}"


def stays(name: str, value: str, rng: Random) -> str:
    """`name` was set to the value it had."""
    return f"{code(name)} {rng.choice(['stays', 'keeps', 'is still'])} {code(value)}"


def worth(source: str, value: str, rng: Random) -> str:
    """A part of a line and its value."""
    verb = "is" if source.isidentifier() else rng.choice(["is", "is", "gives"])
    return f"{code(source)} {verb} {code(value)}"


def verdict(is_true: bool, rng: Random) -> str:
    """The end of a sentence about a condition."""
    word = "true" if is_true else "false"
    return rng.choice(
        [
            f"which is {word}",
            f"so the condition is {word}",
            f"and that is {word}",
            f"so it is {word}",
        ]
    )


def passes(count: int) -> str:
    """
    A number of loop passes.

    >>> passes(1), passes(2)
    ('1 pass', '2 passes')
    """
    return f"{count} pass{'' if count == 1 else 'es'}"


_THINGS = {
    "function": "a function", "builtin_method": "a function", "class": "a class",
    "module": "a module", "generator": "a generator", "itemgetter": "a function",
    "_lru_cache_wrapper": "a function that remembers its results", "Match": "a match",
}  # fmt: skip
_LAZY = (
    "iterator", "enumerate", "zip", "map", "filter", "chain", "islice", "groupby", "product", "tee",
)  # fmt: skip


def thing(value: str) -> str:
    """
    What an object is that a trace names only by its kind.

    >>> thing("<list_iterator>"), thing("<function f>"), thing("<Unset>")
    ('an iterator', 'a function', 'an object')
    """
    kind = re.match(r"<([\w-]*)", value)
    name = kind[1] if kind else ""
    if name in _THINGS:
        return _THINGS[name]
    return "an iterator" if name.endswith(_LAZY) else "an object"


def _is_number(text: str) -> bool:
    try:
        value = parse(text)
    except Unknown:
        return False
    return type(value) in (int, float)
