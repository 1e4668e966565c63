"""The parameters of a seed's entry point, each with what it probably takes."""

import ast
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pyx_dataset.inputs.calls import Call
from pyx_dataset.inputs.types import ANY, FALLBACK, Type, type_of, types_of_annotation
from pyx_dataset.inputs.structure import types_of_unpacking
from pyx_dataset.inputs.usage import (
    Function,
    member_of,
    named,
    types_of_usage,
    types_tested,
    votes_on,
)
from pyx_dataset.schema import Seed


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the entry point."""

    name: str
    types: tuple[Type, ...]
    """Likely ones, best first; empty if no literal can be passed."""
    style: Literal["plain", "named", "many"]
    """By position, by name only, or ``*args``."""
    is_optional: bool


def parameters(
    seed: Seed, calls: Iterable[Call] = (), wanted: Sequence[Type] = ()
) -> tuple[Parameter, ...]:
    """
    What each parameter takes: seen in `calls`, else annotated, else guessed from the code.

    `calls` are known to be valid, so what they pass outweighs every guess. `wanted` are types
    that exceptions asked for, of some parameter or other.
    """
    functions = {
        node.name: node for node in ast.parse(seed.code).body if isinstance(node, Function)
    }
    function = functions[seed.entry_point]
    args = function.args
    plain = [*args.posonlyargs, *args.args]
    seen = _seen([item.arg for item in plain], args.vararg, calls)
    first_optional = len(plain) - len(args.defaults)
    found = [
        Parameter(
            item.arg,
            _types(item, default, function, functions, seen, wanted),
            "plain",
            default is not None,
        )
        for item, default in zip(plain, [*[None] * first_optional, *args.defaults], strict=True)
    ]
    if args.vararg:
        types = _types(args.vararg, None, function, functions, seen, wanted)
        found.append(Parameter(args.vararg.arg, types, "many", True))
    found += [
        Parameter(
            item.arg,
            _types(item, default, function, functions, seen, wanted),
            "named",
            default is not None,
        )
        for item, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)
    ]
    return tuple(found)


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
    others = [*(annotated or ()), *types_tested(function, item.arg)]
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
