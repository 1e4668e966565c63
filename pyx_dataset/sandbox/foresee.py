"""Which calls a test will make first, read off its source.

Most tests are a list of asserts whose calls have literal arguments. The candidate can answer all
of those in one go, and the tests then find the answers at hand instead of asking one by one. A
guess that is wrong costs time and no more: the tests' process compares each call it really makes
with the one that was foreseen, and at the first difference the case is judged again without.
"""

import ast
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pyx_dataset.sandbox.exchange import MAX_CHARS
from pyx_dataset.traces.values import NotPlain, TooLarge, canonical

Question = dict[str, Any]
"""A call as it travels: ``name``, ``args`` and ``kwargs`` as canonical texts."""

_OUT_OF_ORDER = (
    ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.BoolOp, ast.IfExp,
    ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom,
)  # fmt: skip
"""Expressions that run their parts never, often or later."""


@lru_cache(maxsize=256)
def parsed(source: str) -> ast.Module:
    """The tree of a test's source, made once for all its candidates."""
    return ast.parse(source)


@lru_cache(maxsize=256)
def foreseen(test: str, entry_point: str | None, names: tuple[str, ...]) -> tuple[Question, ...]:
    r"""
    The calls of the candidate's `names` up to the first that cannot be told in advance.

    >>> foreseen("assert f(1, k=[2]) == 3\nassert f(x) == 4", None, ("f",))
    ({'name': 'f', 'args': ['1'], 'kwargs': {'k': '[2]'}},)
    """
    tree = parsed(test)
    called = {name: name for name in names}
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    statements = [node for node in tree.body if node not in functions]
    check = next((node for node in functions if node.name == "check" and node.args.args), None)
    if entry_point and check:
        called[check.args.args[0].arg] = entry_point
        statements += check.body
    else:
        for node in functions:
            statements += node.body if node.name.startswith("test_") else ()
    questions: list[Question] = []
    for statement in statements:
        found = _questions(statement, called)
        if found is None:
            break
        questions += found
    return tuple(questions)


def _questions(statement: ast.stmt, called: Mapping[str, str]) -> list[Question] | None:
    """The calls that one statement makes, in order; None if that cannot be told."""
    nodes = list(ast.walk(statement))
    mentions = sum(isinstance(node, ast.Name) and node.id in called for node in nodes)
    if not mentions:
        return []
    calls = [
        node
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in called
    ]
    is_plain = isinstance(statement, ast.Assert | ast.Expr | ast.Assign)
    if not is_plain or len(calls) != mentions or any(isinstance(n, _OUT_OF_ORDER) for n in nodes):
        return None
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    try:
        return [_question(call, called) for call in calls]
    except (ValueError, TypeError, MemoryError, RecursionError, NotPlain, TooLarge):
        return None


def _question(call: ast.Call, called: Mapping[str, str]) -> Question:
    assert isinstance(call.func, ast.Name)
    kwargs = {}
    for item in call.keywords:
        if item.arg is None:
            raise ValueError("**")
        kwargs[item.arg] = _text(item.value)
    return {"name": called[call.func.id], "args": [*map(_text, call.args)], "kwargs": kwargs}


def _text(node: ast.expr) -> str:
    return canonical(ast.literal_eval(node), MAX_CHARS)
