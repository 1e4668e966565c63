"""Pieces of code to show a language model: whole subtrees, so that every piece parses."""

import ast
from random import Random
from textwrap import dedent

from pyx_dataset.seeds.tidy import parse

MIN_LINES, MAX_LINES = 3, 40
"""A piece is as long as a seed that gives an idea and no more."""


def snippets(source: str, rng: Random, n: int) -> list[str]:
    r"""
    Up to `n` different pieces of `source`, drawn at random; each parses on its own.

    A piece is a statement with all inside it, or several neighbours from one block: a subtree
    of the syntax tree, as in SemCoder (Ding et al., 2024, section 3.1), where lines cut at
    random parse in only half of all cases.

    Raises:
        SyntaxError: `source` is no Python.

    >>> snippets("def f(x):\n    y = x + 1\n    return y\n", Random(1), 5)
    ['def f(x):\n    y = x + 1\n    return y']
    """
    lines = source.splitlines()
    found = dict.fromkeys(
        text
        for body in _blocks(parse(source))
        for start in range(len(body))
        for end in range(start + 1, min(len(body), start + MAX_LINES) + 1)
        if (text := _piece(body[start:end], lines))
    )
    return rng.sample([*found], min(n, len(found)))


def _blocks(tree: ast.AST) -> list[list[ast.stmt]]:
    fields = ("body", "orelse", "finalbody")
    blocks = [getattr(node, name, None) for node in ast.walk(tree) for name in fields]
    return [block for block in blocks if isinstance(block, list) and block]


def _piece(statements: list[ast.stmt], lines: list[str]) -> str | None:
    """The lines of `statements`, moved to the margin; None if they are too few, many or shared."""
    first, last = statements[0], statements[-1]
    decorators = getattr(first, "decorator_list", [])
    start = min([first.lineno, *(item.lineno for item in decorators)])
    end = last.end_lineno or last.lineno
    if not MIN_LINES <= end - start + 1 <= MAX_LINES:
        return None
    text = dedent("\n".join(lines[start - 1 : end]))
    try:
        parse(text)
    except (SyntaxError, ValueError):  # an `elif`, or a line that another statement is on too
        return None
    return text
