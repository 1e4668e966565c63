"""Small changes to a value that keep its type (the rules of EvalPlus, Liu et al. 2023)."""

from collections.abc import Callable
from random import Random

from pyx_dataset.inputs.calls import Value
from pyx_dataset.inputs.ingredients import Ingredients
from pyx_dataset.inputs.types import Type, type_of
from pyx_dataset.inputs.values import value_of

_OTHERS = " a0-_.,:;/!?é\n"


def mutate(value: Value, rng: Random, mix: Ingredients) -> Value:
    """A neighbour of `value`, of the same type; a new object, and sometimes an equal one."""
    changers: dict[type, Callable[[Value, Random, Ingredients], Value]] = {
        bool: lambda old, rng, _: not old,
        int: _int,
        float: _float,
        str: _str,
        bytes: lambda old, rng, mix: _str(old.decode("latin-1"), rng, mix).encode(
            "latin-1", "replace"
        ),
        list: _list,
        tuple: lambda old, rng, mix: _tuple(old, rng, mix),
        set: lambda old, rng, mix: set(_list(sorted(old, key=repr), rng, mix)),
        dict: _dict,
    }
    change = changers.get(type(value))
    return change(value, rng, mix) if change else value


def _int(old: int, rng: Random, mix: Ingredients) -> int:
    if mix.ints and rng.random() < 0.25:
        return rng.choice(mix.ints)
    return rng.choice(
        [old + 1, old - 1, old + rng.randint(2, 9), old * 2, old // 2, old * 10 + 1, -old]
    )


def _float(old: float, rng: Random, _: Ingredients) -> float:
    return round(rng.choice([old + 1, old - 1, old * 2, old / 2, old + 0.5, -old]), 3)


def _str(old: str, rng: Random, mix: Ingredients) -> str:
    at = rng.randint(0, len(old))
    letters: list[str] = [*old, *mix.chars, rng.choice(_OTHERS)]
    match rng.randint(0, 7):
        case 0 if mix.strs:
            return rng.choice(mix.strs)
        case 1:
            return old[:at] + old[at + 1 :]
        case 2:
            return old[:at] + rng.choice(letters) + old[at:]
        case 3:
            return old[:at] + old[at : at + 1] * 2 + old[at + 1 :]
        case 4:
            return old[::-1]
        case 5:
            return rng.choice([old.upper(), old.lower(), old.title()])
        case 6:
            return old[:at] + rng.choice(letters) + old[at + 1 :]
    words = old.split(" ")
    rng.shuffle(words)
    return " ".join(words)


def _list(old: list[Value], rng: Random, mix: Ingredients) -> list[Value]:
    if not old:
        return [value_of(Type("int"), rng, mix, 1)] if rng.random() < 0.3 else []
    at = rng.randrange(len(old))
    match rng.randint(0, 6):
        case 0:
            return old[:at] + old[at + 1 :]
        case 1:
            return [*old[:at], old[at], *old[at:]]
        case 2:
            return [*old[:at], mutate(old[at], rng, mix), *old[at:]]
        case 3:
            return old[::-1]
        case 4:
            return [*old[:at], value_of(type_of(old[at]), rng, mix, 1), *old[at + 1 :]]
    return [*old[:at], mutate(old[at], rng, mix), *old[at + 1 :]]


def _tuple(old: tuple[Value, ...], rng: Random, mix: Ingredients) -> tuple[Value, ...]:
    """Keeps the length, for a tuple's places mostly have meanings."""
    if not old:
        return old
    at = rng.randrange(len(old))
    return (*old[:at], mutate(old[at], rng, mix), *old[at + 1 :])


def _dict(old: dict[Value, Value], rng: Random, mix: Ingredients) -> dict[Value, Value]:
    if not old:
        return {}
    key = rng.choice(list(old))
    match rng.randint(0, 3):
        case 0:
            return {each: value for each, value in old.items() if each != key}
        case 1 if isinstance(key, int | str):
            return {**old, mutate(key, rng, mix): mutate(old[key], rng, mix)}
    return {**old, key: mutate(old[key], rng, mix)}
