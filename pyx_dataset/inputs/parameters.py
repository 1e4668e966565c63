"""The parameters of a seed's entry point, each with what it probably takes."""

import ast
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pyx_dataset.inputs.calls import Call, Value
from pyx_dataset.inputs.structure import types_of_unpacking
from pyx_dataset.inputs.told import types_tested, values_told
from pyx_dataset.inputs.types import ANY, FALLBACK, Type, type_of, types_of_annotation
from pyx_dataset.inputs.usage import (
    Function,
    member_of,
    named,
    types_of_usage,
    votes_on,
)
from pyx_dataset.schema import Seed

Style = Literal["plain", "named", "many"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the entry point."""

    name: str
    types: tuple[Type, ...]
    """Likely ones, best first; empty if no literal can be passed."""
    style: Style
    """By position, by name only, or ``*args``."""
    is_optional: bool
    told: tuple[Value, ...] = ()
    """Values that the code holds it against."""


def parameters(
    seed: Seed, calls: Iterable[Call] = (), wanted: Sequence[Type] = ()
) -> tuple[Parameter, ...]:
    """
    What each parameter takes: seen in `calls`, else annotated, else guessed from the code.

    `calls` are known to be valid, so what they pass outweighs every guess. `wanted` are types
    that exceptions asked for, of some parameter or other.
    """
    functions = _functions(seed.code)
    function = functions[seed.entry_point]
    args = function.args
    plain = [*args.posonlyargs, *args.args]
    seen = _seen([item.arg for item in plain], args.vararg, calls)
    by_place = [*[None] * (len(plain) - len(args.defaults)), *args.defaults]

    def parameter(item: ast.arg, default: ast.expr | None, style: Style) -> Parameter:
        types = _types(item, default, function, functions, seen, wanted)
        told = values_told(function, item.arg, functions) if types else ()
        return Parameter(item.arg, types, style, default is not None or style == "many", told)

    return (
        *(parameter(*each, "plain") for each in zip(plain, by_place, strict=True)),
        *([parameter(args.vararg, None, "many")] if args.vararg else []),
        *(
            parameter(*each, "named")
            for each in zip(args.kwonlyargs, args.kw_defaults, strict=True)
        ),
    )


@lru_cache(maxsize=8)
def _functions(code: str) -> dict[str, Function]:
    return {node.name: node for node in ast.parse(code).body if isinstance(node, Function)}


def _seen(names: list[str], rest: ast.arg | None, calls: Iterable[Call]) -> dict[str, list[Type]]:
    seen: dict[str, list[Type]] = {}
    for call in calls:
        for index, value in enumerate(call.args):
            if index < len(names):
                seen.setdefault(names[index], []).append(type_of(value))
            elif rest:
                seen.setdefault(rest.arg, []).append(type_of(value))
        for name, value in call.named.items():
            seen.setdefault(name, []).append(type_of(value))
    return seen


def _types(
    item: ast.arg,
    default: ast.expr | None,
    function: Function,
    functions: dict[str, Function],
    seen: dict[str, list[Type]],
    wanted: Sequence[Type],
) -> tuple[Type, ...]:
    annotated = types_of_annotation(item.annotation) if item.annotation else None
    if annotated == ():
        return ()
    others = [*(annotated or ()), *types_tested(function, item.arg, functions)]
    if item.arg in seen:
        observed = [each for each in seen[item.arg] if ANY not in each.items] or seen[item.arg]
        likely = [each for each, _ in Counter(observed).most_common()]
        unsure = wanted[:1] if annotated is None else ()
        return tuple(dict.fromkeys([*likely, *others, *unsure]))
    if annotated is not None and not any(each.kind == "any" for each in annotated):
        return tuple(dict.fromkeys([*annotated, *others]))
    is_rest = item is function.args.vararg
    votes = votes_on(
        function, member_of(function, item.arg) if is_rest else named(item.arg), functions
    )
    if votes["callable"] or votes["object"] > sum(votes.values()) / 2:
        return ()
    of_default: list[Type] = []
    if isinstance(default, ast.Constant | ast.List | ast.Dict | ast.Tuple | ast.UnaryOp):
        try:
            of_default = [type_of(ast.literal_eval(default))]
        except ValueError:
            of_default = []
    of_default = [each for each in of_default if each.kind not in {"none", "any"}]
    guesses = [
        *of_default,
        *wanted[:2],
        *types_of_unpacking(function, item.arg),
        *types_of_usage(function, item.arg, votes),
        *others,
        *FALLBACK,
    ]
    return tuple(dict.fromkeys(guesses))
