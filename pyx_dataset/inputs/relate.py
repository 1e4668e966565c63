"""Calls made from others, and arguments made from each other."""

from collections.abc import Sequence
from random import Random

from pyx_dataset.inputs.calls import Call, Value
from pyx_dataset.inputs.ingredients import Ingredients, atoms
from pyx_dataset.inputs.mutate import mutate
from pyx_dataset.inputs.parameters import Parameter
from pyx_dataset.inputs.types import pick, type_of
from pyx_dataset.inputs.values import value_of

Place = int | str
"""Of an argument: its position or its name."""


def neighbour(
    call: Call,
    others: Sequence[Call],
    takes: Sequence[Parameter],
    rng: Random,
    mix: Ingredients,
) -> Call:
    """
    `call` after one to three changes, each of one argument.

    Mostly to a neighbour of its value; else to a fresh value, or to what one of `others` has there.
    """
    places = [*range(len(call.args)), *call.named]
    for _ in range(rng.choice([1, 1, 2, 3]) if places else 0):
        place = rng.choice(places)
        old, draw = _at(call, place), rng.random()
        if draw < 0.7:
            new = mutate(old, rng, mix)
        elif draw < 0.85:
            item = _taker(takes, place)
            new = argument(item, (), rng, mix) if item and item.types else mutate(old, rng, mix)
        else:
            other = rng.choice(others)
            new = _at(other, place) if _has(other, place) else mutate(old, rng, mix)
        call = _with(call, place, new)
    return tie(call, rng, mix)


def argument(item: Parameter, earlier: Sequence[Value], rng: Random, mix: Ingredients) -> Value:
    """
    A fresh value for the parameter `item`.

    Now and then one that the code holds it against, or one that an earlier argument contains:
    what is searched for is found.
    """
    if item.told and rng.random() < 0.25:
        return rng.choice(item.told)
    wanted = pick(item.types, rng)
    if rng.random() < 0.35:
        inside = [atom for value in earlier for atom in atoms(value)]
        if fitting := [atom for atom in inside if wanted.kind in ("any", type_of(atom).kind)]:
            return rng.choice(fitting)
    return value_of(wanted, rng, mix)


def tie(call: Call, rng: Random, mix: Ingredients) -> Call:
    """`call`, now and then with one argument made to fit another: as long, alike, inside it."""
    places = [*range(len(call.args)), *call.named]
    if len(places) < 2 or rng.random() > 0.2:
        return call
    one, other = rng.sample(places, 2)
    return _with(call, one, _tied(_at(call, one), _at(call, other), rng, mix))


def _tied(value: Value, other: Value, rng: Random, mix: Ingredients) -> Value:
    if type(value) is type(other) and rng.random() < 0.5:
        return mutate(other, rng, mix)
    match value, other:
        case str(), str():
            at = rng.randint(0, len(value))
            alike = "".join(rng.choices(other or "a", k=len(other)))
            return rng.choice([value[:at] + other + value[at:], alike])
        case list(), list():
            return (value * len(other))[: len(other)]
        case list(), int() | str() if {type(item) for item in value} <= {type(other)}:
            at = rng.randint(0, len(value))
            return [*value[:at], other, *value[at:]]
        case dict(), int() | str() if value and {type(key) for key in value} <= {type(other)}:
            return {**value, other: rng.choice(list(value.values()))}
        case int(), str() | list() | tuple() | dict() if not isinstance(value, bool):
            return len(other) + rng.choice([-1, 0, 0, 1])
    return value


def _taker(takes: Sequence[Parameter], place: Place) -> Parameter | None:
    """The parameter that takes the argument at `place`."""
    if isinstance(place, int):
        by_position = [item for item in takes if item.style != "named"]
        return by_position[min(place, len(by_position) - 1)] if by_position else None
    return next((item for item in takes if item.name == place), None)


def _has(call: Call, place: Place) -> bool:
    return place < len(call.args) if isinstance(place, int) else place in call.named


def _at(call: Call, place: Place) -> Value:
    return call.args[place] if isinstance(place, int) else call.named[place]


def _with(call: Call, place: Place, value: Value) -> Call:
    if isinstance(place, int):
        return Call(call.name, (*call.args[:place], value, *call.args[place + 1 :]), call.named)
    return Call(call.name, call.args, {**call.named, place: value})
