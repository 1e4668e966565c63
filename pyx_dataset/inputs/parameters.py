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
    is_open: bool = False
    """No annotation says what it takes."""


@dataclass(frozen=True, slots=True)
class _Sketch:
    """What the code alone says of one parameter."""

    name: str
    style: Style
    is_optional: bool
    told: tuple[Value, ...]
    annotated: tuple[Type, ...] | None
    """None if there is no annotation or it says nothing; empty if no literal fits it."""
    tested: tuple[Type, ...]
    by_default: tuple[Type, ...]
    used: tuple[Type, ...]
    """What it is used as, best first."""
    is_closed: bool
    """It is used as no literal can be."""


def parameters(
    seed: Seed, calls: Iterable[Call] = (), wanted: Sequence[Type] = ()
) -> tuple[Parameter, ...]:
    """
    What each parameter takes: seen in `calls`, else annotated, else guessed from the code.

    `calls` are known to be valid, so what they pass outweighs every guess. `wanted` are types
    that exceptions asked for, of some parameter or other.
    """
    sketches = _sketches(seed.code, seed.entry_point)
    seen = _seen(sketches, calls)
    return tuple(
        Parameter(
            item.name,
            types := _types(item, seen.get(item.name, ()), wanted),
            item.style,
            item.is_optional,
            item.told if types else (),
            item.annotated is None,
        )
        for item in sketches
    )


@lru_cache(maxsize=4)
def _sketches(code: str, entry_point: str) -> tuple[_Sketch, ...]:
    functions = {node.name: node for node in ast.parse(code).body if isinstance(node, Function)}
    function = functions[entry_point]
    args = function.args
    plain = [*args.posonlyargs, *args.args]
    by_place = [*[None] * (len(plain) - len(args.defaults)), *args.defaults]

    def sketch(item: ast.arg, default: ast.expr | None, style: Style) -> _Sketch:
        matches = member_of(function, item.arg) if style == "many" else named(item.arg)
        votes = votes_on(function, matches, functions)
        is_closed = votes["callable"] or votes["object"] > sum(votes.values()) / 2
        used = [
            *types_of_unpacking(function, item.arg),
            *types_of_usage(function, item.arg, votes),
        ]
        return _Sketch(
            item.arg,
            style,
            default is not None or style == "many",
            values_told(function, item.arg, functions),
            types_of_annotation(item.annotation) if item.annotation else None,
            tuple(types_tested(function, item.arg, functions)),
            _types_of_default(default),
            tuple(used),
            bool(is_closed),
        )

    return (
        *(sketch(*each, "plain") for each in zip(plain, by_place, strict=True)),
        *([sketch(args.vararg, None, "many")] if args.vararg else []),
        *(sketch(*each, "named") for each in zip(args.kwonlyargs, args.kw_defaults, strict=True)),
    )


def _types_of_default(default: ast.expr | None) -> tuple[Type, ...]:
    if not isinstance(default, ast.Constant | ast.List | ast.Dict | ast.Tuple | ast.UnaryOp):
        return ()
    try:
        found = type_of(ast.literal_eval(default))
    except ValueError:
        return ()
    return () if found.kind in {"none", "any"} else (found,)


def _seen(sketches: Iterable[_Sketch], calls: Iterable[Call]) -> dict[str, list[Type]]:
    names = [item.name for item in sketches if item.style == "plain"]
    rest = [item.name for item in sketches if item.style == "many"]
    seen: dict[str, list[Type]] = {}
    for call in calls:
        for index, value in enumerate(call.args):
            for name in names[index : index + 1] or rest:
                seen.setdefault(name, []).append(type_of(value))
        for name, value in call.named.items():
            seen.setdefault(name, []).append(type_of(value))
    return seen


def _types(item: _Sketch, seen: Sequence[Type], wanted: Sequence[Type]) -> tuple[Type, ...]:
    annotated = item.annotated
    if annotated == ():
        return ()
    others = [*(annotated or ()), *item.tested]
    if seen:
        observed = [each for each in seen if ANY not in each.items] or seen
        likely = [each for each, _ in Counter(observed).most_common()]
        unsure = wanted[:1] if annotated is None else ()
        return tuple(dict.fromkeys([*likely, *others, *unsure]))
    if annotated is not None and not any(each.kind == "any" for each in annotated):
        return tuple(dict.fromkeys(others))
    if item.is_closed:
        return ()
    return tuple(dict.fromkeys([*item.by_default, *wanted[:2], *item.used, *others, *FALLBACK]))
