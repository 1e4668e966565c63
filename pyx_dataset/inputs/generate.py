"""Propose calls of a program; trial runs say which are valid, and those lead to the next."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from random import Random

from pyx_dataset.inputs.calls import Call, Value, parse_call, render_call
from pyx_dataset.inputs.complaints import types_of_complaints
from pyx_dataset.inputs.ingredients import Ingredients, ingredients_of
from pyx_dataset.inputs.parameters import Parameter, parameters
from pyx_dataset.inputs.relate import argument, neighbour, tie
from pyx_dataset.inputs.values import edges_of
from pyx_dataset.schema import Seed

_PATIENCE = 8
"""Draws per proposal before giving up: a small domain is soon exhausted."""

_EDGES_A_ROUND = 10

_STRANGE: tuple[Value, ...] = (None, 7, "word", [3, 1], {"a": 1}, (2, "b"), 2.5, True, b"ab", {4})
"""One value of each kind, for what the annotations leave open."""


def first_calls(seed: Seed, rng: Random, n: int, max_chars: int = 200) -> list[str]:
    """
    Up to `n` calls to start with: the documented ones, then guesses from types.

    Empty if a parameter can only take a function or an object.
    """
    known = [call for example in seed.examples if (call := parse_call(example.call))]
    found = [text for call in known if len(text := render_call(call)) <= max_chars][:n]
    takes = parameters(seed, known)
    if not _is_open(takes):
        return found
    mix = ingredients_of(seed.code, known)
    made = fresh(seed.entry_point, takes, rng, mix)
    return found + _distinct(made, set(found), n - len(found), max_chars)


def next_calls(
    seed: Seed,
    valid: Sequence[str],
    tried: Container[str],
    rng: Random,
    n: int,
    max_chars: int = 200,
    *,
    parents: Mapping[str, float] | None = None,
    complaints: Iterable[str] = (),
    strange: bool = False,
) -> list[str]:
    """
    Up to `n` new calls: a few at the edges, half of the rest neighbours of `parents`, half fresh.

    Types are those that `valid` calls pass, and those that `complaints`, the exceptions of other
    calls, ask for; a parent is taken as often as its weight says. Without parents the valid
    calls are, each as often. With `strange`, arguments of which the code names no type are edges
    of every kind too: some lines wait for what nobody would pass.
    """
    if parents is None:
        parents = dict.fromkeys(valid, 1.0)
    known = [call for text in valid if (call := _parsed(text))]
    bred = {text: call for text in parents if (call := _parsed(text))}
    takes = parameters(seed, known, types_of_complaints(complaints))
    if not bred and not _is_open(takes):
        return []
    mix = ingredients_of(seed.code, known)
    calls, weights = list(bred.values()), [parents[text] for text in bred]

    def propose() -> Iterator[Call]:
        made = fresh(seed.entry_point, takes, rng, mix)
        while True:
            if calls and (not _is_open(takes) or rng.random() < 0.5):
                (parent,) = rng.choices(calls, weights)
                yield neighbour(parent, calls, takes, rng, mix)
            else:
                yield next(made)

    at_edges = _at_edges(calls, takes, _STRANGE if strange else ())
    edges = _distinct(at_edges, tried, min(n, _EDGES_A_ROUND), max_chars)
    return edges + _distinct(propose(), {*edges}, n - len(edges), max_chars, tried)


_parsed = lru_cache(maxsize=1_000)(parse_call)
"""The same calls are parents round after round; nobody changes what is in one."""


def _is_open(takes: Iterable[Parameter]) -> bool:
    """Whether a value can be made for each parameter that needs one."""
    return all(item.types or item.is_optional for item in takes)


def _distinct(
    proposals: Iterator[Call],
    tried: Container[str],
    n: int,
    max_chars: int,
    tried_too: Container[str] = (),
) -> list[str]:
    found: dict[str, None] = {}
    for _, call in zip(range(_PATIENCE * n), proposals, strict=False):
        if len(found) >= n:
            break
        text = render_call(call)
        if text not in tried and text not in tried_too and len(text) <= max_chars:
            found[text] = None
    return list(found)


def _at_edges(
    parents: Sequence[Call], takes: tuple[Parameter, ...], strange: Sequence[Value]
) -> Iterator[Call]:
    """The best parent with one argument at a time set to an edge of its types, or to a stranger."""
    for parent in parents[:1]:
        for index, item in enumerate(takes):
            for wanted in item.types[:3]:
                for edge in edges_of(wanted):
                    yield from _with(parent, index, item, edge)
        for value in strange:
            for index, item in enumerate(takes):
                if item.is_open:
                    yield from _with(parent, index, item, value)


def _with(parent: Call, index: int, item: Parameter, value: Value) -> Iterator[Call]:
    if index < len(parent.args) and item.style != "named":
        args = (*parent.args[:index], value, *parent.args[index + 1 :])
        yield Call(parent.name, args, parent.named)
    elif item.style != "many":
        yield Call(parent.name, parent.args, {**parent.named, item.name: value})


def fresh(name: str, takes: tuple[Parameter, ...], rng: Random, mix: Ingredients) -> Iterator[Call]:
    """Calls with a value for each parameter that needs one and for some that do not, endlessly."""
    while True:
        args: list[object] = []
        named: dict[str, object] = {}
        in_order = True
        for item in takes:
            if item.is_optional and (not item.types or rng.random() < 0.6):
                in_order = in_order and item.style == "many"
            elif item.style == "many":
                several = range(rng.randint(1, 3) * in_order)
                args += [argument(item, (), rng, mix) for _ in several]
            elif item.style == "plain" and in_order:
                args.append(argument(item, args, rng, mix))
            else:
                named[item.name] = argument(item, args, rng, mix)
        yield tie(Call(name, tuple(args), named), rng, mix)
