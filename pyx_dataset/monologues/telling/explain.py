"""Reasons that need more than a value: which argument of ``max`` wins, where a slice is cut."""

import ast
from collections.abc import Mapping

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.blocks import Outline, source_of
from pyx_dataset.monologues.run.inside import MAX_PART_CHARS, MAX_PARTS
from pyx_dataset.monologues.run.literals import Unknown, canonical, expression
from pyx_dataset.monologues.run.reckon import reckon, reckon_text


def contest(node: ast.expr, state: Mapping[str, str], plan: Outline) -> str | None:
    """
    Of ``max(a, b)`` and ``min(a, b)``: both values, and which of them wins.

    >>> from pyx_dataset.monologues.run.blocks import outline
    >>> contest(expression("max(x, 7)"), {"x": "4"}, outline("x = 1"))
    '`x` is `4`, and `7` is larger'
    """
    match node:
        case ast.Call(func=ast.Name(id="max" | "min" as name), args=[left, right], keywords=[]) if (
            name not in plan.bound
        ):
            pass
        case _:
            return None
    try:
        values = reckon(left, state, plan.bound), reckon(right, state, plan.bound)
        is_left = values[0] >= values[1] if name == "max" else values[0] <= values[1]
        texts = canonical(values[0]), canonical(values[1])
    except (Unknown, TypeError):
        return None
    if max(map(len, texts)) > MAX_PART_CHARS:
        return None
    told = [_worth(part, text) for part, text in zip((left, right), texts, strict=True)]
    word = "larger" if name == "max" else "smaller"
    if texts[0] == texts[1]:
        return f"{told[0]}, and {told[1]} as well" if " is " in told[1] else f"{told[0]} too"
    winner, loser = (told[0], told[1]) if is_left else (told[1], told[0])
    if " is " in winner:
        return (
            f"{loser} and {winner}, which is {word}"
            if " is " in loser
            else f"{winner}, {word} than {loser}"
        )
    return f"{loser}, and {winner} is {word}"


def _worth(part: ast.expr, text: str) -> str:
    source = source_of(part)
    return code(text) if source == text else f"{code(source)} is {code(text)}"


def text_parts(
    node: ast.JoinedStr, state: Mapping[str, str], plan: Outline
) -> list[tuple[str, str]]:
    """What is put into the gaps of an f-string, variables left out."""
    told: list[tuple[str, str]] = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue) and not isinstance(part.value, ast.Name):
            text = reckon_text(part.value, state, plan.bound)
            if text is not None and len(text) <= MAX_PART_CHARS:
                told.append((source_of(part.value), text))
    return told[-MAX_PARTS:]


def with_bounds(
    node: ast.expr,
    parts: list[tuple[str, str]],
    state: Mapping[str, str],
    plan: Outline,
) -> list[tuple[str, str]]:
    """The parts of a line, with the bounds of slices worked out: ``text[:1]``, not ``text[:n]``."""
    whole = reckon_text(node, state, plan.bound) if isinstance(node, ast.Subscript) else None
    if whole is not None and _bounded(node, state, plan) and len(whole) <= MAX_PART_CHARS:
        parts = [*parts, (source_of(node), whole)]
    told: list[tuple[str, str]] = []
    for source, value in parts:
        bounded = _bounded(expression(source), state, plan)
        told.append((bounded or source, value))
    return told


def _bounded(node: ast.expr, state: Mapping[str, str], plan: Outline) -> str | None:
    """A slice with its bounds worked out; None if it is none, or its bounds are plain already."""
    match node:
        case ast.Subscript(value=base, slice=ast.Slice(lower=lower, upper=upper, step=step)):
            ends = [_end(end, state, plan) for end in (lower, upper)]
        case _:
            return None
    if all(end is None or isinstance(end, ast.Constant | ast.UnaryOp) for end in (lower, upper)):
        return None
    if None in [end for end, given in zip(ends, (lower, upper), strict=True) if given]:
        return None
    cut = ast.Slice(lower=ends[0], upper=ends[1], step=step)
    return source_of(ast.Subscript(base, cut, ast.Load()))


def _end(end: ast.expr | None, state: Mapping[str, str], plan: Outline) -> ast.expr | None:
    text = None if end is None else reckon_text(end, state, plan.bound)
    return None if text is None else expression(text)
