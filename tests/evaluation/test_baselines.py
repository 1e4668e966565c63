"""Trivial answers are what they say, with CPython as the judge."""

import ast

import pytest

from evaluation.baselines import commonest_answer, trivial_answers, trivial_verdicts
from evaluation.benchmarks import CallTask

CODE = """def f(a, b=[2], *, c='z'):
    def inner():
        return a
    if a == 1:
        return b
    if a == 2:
        return 'none' + ''
    if a == 3:
        return c
    return -1
"""


def task(call: str, code: str = CODE) -> CallTask:
    """A task whose truth CPython computes."""
    space: dict[str, object] = {}
    exec(code, space)
    return CallTask(call, "p", "output", code, "f", call, repr(eval(call, space)))


@pytest.mark.parametrize(
    ("name", "call", "answer"),
    [
        ("first argument", "f([1, 2], 3)", "[1, 2]"),
        ("first argument", "f(a='x')", "'x'"),
        ("argument in `return`", "f(1)", "[2]"),
        ("argument in `return`", "f(1, 9)", "9"),
        ("argument in `return`", "f(1, b=(3, 4))", "(3, 4)"),
        ("literal in `return`", "f(0)", "-1"),
        ("commonest output", "f(0)", "42"),
    ],
)
def test_a_trivial_answer_is_what_its_name_says(name: str, call: str, answer: str) -> None:
    """Read off the code and the call, without running anything."""
    [given] = trivial_answers([task(call)], "42")[name]
    assert ast.literal_eval(given) == ast.literal_eval(answer)


def test_a_function_without_a_literal_has_no_such_answer() -> None:
    """And having none is wrong."""
    identity = task("f(3)", "def f(x): return x")
    verdicts = trivial_verdicts([identity], [identity])
    assert verdicts["literal in `return`"] == [False]
    assert verdicts["argument in `return`"] == [True]


def test_the_commonest_answer_does_not_depend_on_the_order() -> None:
    """Ties are decided by the text."""
    tasks = [task(call, "def f(x): return x") for call in ("f(2)", "f(1)", "f(2)", "f(1)")]
    assert commonest_answer(tasks) == commonest_answer(tasks[::-1]) == "1"
