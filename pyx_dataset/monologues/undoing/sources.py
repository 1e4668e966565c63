"""How a backward step names the code that it undoes."""

import ast
from collections.abc import Mapping, Sequence
from functools import lru_cache
from random import Random

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.blocks import Outline, source_of
from pyx_dataset.monologues.telling import changes, phrases

MAX_SOURCE_CHARS = 70
MAX_REPEATED = 24
"""A value that was named before is named again only if it is no longer than this."""


def right_side(node: ast.AST) -> ast.AST:
    """Of ``x = value`` the value: in backticks, the whole of it would state what `x` is."""
    match node:
        case ast.Assign(targets=[ast.Name()], value=value):
            return value
    return node


def short(source: str) -> str:
    """The first line of some code, and no more of it than a sentence can hold."""
    line = source.split("\n")[0]
    return line if len(line) <= MAX_SOURCE_CHARS else f"{line[: MAX_SOURCE_CHARS - 4]} ..."


def came_from(known: Sequence[str], node: ast.AST, is_value: bool, rng: Random) -> str:
    """What is known behind a statement, and the statement; of an assignment, its value."""
    forms = ["{1} leaves {0}"]
    if is_value:
        forms = ["{0} comes from {1}", "{0} is what {1} gives"]
    elif len(known) == 1:
        forms.append("{0} is what {1} leaves")
    return rng.choice(forms).format(phrases.listed(known), code(short(source_of(node))))


@lru_cache(maxsize=64)
def only_return(value: ast.expr, plan: Outline) -> str:
    """Why it must be this ``return``, where the others give constants."""
    function = next(
        (item for item in plan.functions.values() if any(p is value for p in ast.walk(item))), None
    )
    others = [
        part.value
        for part in (ast.walk(function) if function else ())
        if isinstance(part, ast.Return) and part.value and part.value is not value
    ]
    if others and all(isinstance(other, ast.Constant) for other in others):
        texts = dict.fromkeys(code(source_of(other)) for other in others)
        return f" (the other way out gives {phrases.listed(list(texts))})"
    return ""


def as_needed(names: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """Variables with the values that they must have, or the ones that have none yet by name."""
    known = [
        phrases.binding(name, text)
        if len(text) <= MAX_REPEATED and not changes.is_told_by_name(text)
        else code(name)
        for name in names
        if (text := values.get(name)) is not None
    ]
    return known or [code(name) for name in names]
