"""Propose calls of a program; trial runs say which are valid, and those lead to the next."""

from collections.abc import Callable, Container, Mapping, Sequence
from random import Random

from pyx_dataset.inputs.calls import Call, Value, parse_call, render_call
from pyx_dataset.inputs.mutate import mutate
from pyx_dataset.inputs.parameters import Parameter, parameters
from pyx_dataset.inputs.types import Type, type_of
from pyx_dataset.inputs.ingredients import Ingredients, atoms, ingredients_of
from pyx_dataset.inputs.values import value_of
from pyx_dataset.schema import Seed

_PATIENCE = 8
"""Draws per proposal before giving up: a small domain is soon exhausted."""


def first_calls(seed: Seed, rng: Random, n: int, max_chars: int = 200) -> list[str]:
    """
    Up to `n` calls to start with: the documented ones, then guesses from types.

    Empty if a parameter can only take a function or an object.
    """
    known = [call for example in seed.examples if (call := parse_call(example.call))]
    found = [text for call in known if len(text := render_call(call)) <= max_chars][:n]
    takes = parameters(seed, known)
    if not all(item.types or item.is_optional for item in takes):
        return found
    mix = ingredients_of(seed.code, known)
    fresh = _distinct(
        lambda: _fresh(seed.entry_point, takes, rng, mix), set(found), n - len(found), max_chars
    )
    return found + fresh


def next_calls(
    seed: Seed,
    valid: Sequence[str],
    parents: Mapping[str, float],
    tried: Container[str],
    rng: Random,
    n: int,
    max_chars: int = 200,
) -> list[str]:
    """
    Up to `n` new calls, half of them neighbours of `parents` and half fresh of their types.

    Types are those that `valid` calls pass; a parent is taken as often as its weight says.
    """
    known = [call for text in valid if (call := parse_call(text))]
    bred = {text: call for text in parents if (call := parse_call(text))}
    takes = parameters(seed, known)
    is_open = all(item.types or item.is_optional for item in takes)
    mix = ingredients_of(seed.code, known)
    texts, weights = list(bred), [parents[text] for text in bred]

    def propose() -> Call:
        if texts and (not is_open or rng.random() < 0.5):
            (parent,) = rng.choices(texts, weights)
            return _neighbour(bred[parent], rng, mix)
        return _fresh(seed.entry_point, takes, rng, mix)

    return _distinct(propose, tried, n, max_chars) if texts or is_open else []


def _distinct(
    propose: Callable[[], Call], tried: Container[str], n: int, max_chars: int
) -> list[str]:
    found: dict[str, None] = {}
    for _ in range(_PATIENCE * n):
        if len(found) >= n:
            break
        text = render_call(propose())
        if text not in tried and len(text) <= max_chars:
            found[text] = None
    return list(found)


def _neighbour(call: Call, rng: Random, mix: Ingredients) -> Call:
    """`call` after one to three changes, each of one argument."""
    args, named = list(call.args), dict(call.named)
    for _ in range(rng.choice([1, 1, 2, 3])):
        places: list[int | str] = [*range(len(args)), *named]
        match rng.choice(places) if places else None:
            case int(index):
                args[index] = mutate(args[index], rng, mix)
            case str(name):
                named[name] = mutate(named[name], rng, mix)
    return Call(call.name, tuple(args), named)


def _fresh(name: str, takes: tuple[Parameter, ...], rng: Random, mix: Ingredients) -> Call:
    """A call with a value for each parameter that needs one and for some that do not."""
    args: list[Value] = []
    named: dict[str, Value] = {}
    in_order = True
    for item in takes:
        if item.is_optional and (not item.types or rng.random() < 0.6):
            in_order = in_order and item.style == "many"
        elif item.style == "many":
            wanted = _pick(item.types, rng)
            args += [value_of(wanted, rng, mix) for _ in range(rng.randint(1, 3) * in_order)]
        elif item.style == "plain" and in_order:
            args.append(_related(_pick(item.types, rng), args, rng, mix))
        else:
            named[item.name] = _related(_pick(item.types, rng), args, rng, mix)
    return Call(name, tuple(args), named)


def _related(wanted: Type, earlier: list[Value], rng: Random, mix: Ingredients) -> Value:
    """Now and then a value that an earlier argument contains: what is searched for is found."""
    if rng.random() < 0.35:
        inside = [atom for value in earlier for atom in atoms(value)]
        if fitting := [atom for atom in inside if wanted.kind in ("any", type_of(atom).kind)]:
            return rng.choice(fitting)
    return value_of(wanted, rng, mix)


def _pick(types: tuple[Type, ...], rng: Random) -> Type:
    """The likely types more often."""
    return rng.choices(types, [(rank + 1) ** -1.5 for rank in range(len(types))])[0]
