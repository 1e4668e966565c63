"""Tests of a program one by one, as an assertion to show and as source for the judge."""

import ast
import builtins
import doctest
from dataclasses import dataclass
from typing import Literal

from evaluation.tasks import ProgramTask
from pyx_dataset.layout import SHOWN_PASSING

Shown = Literal["public", "oracle"]


@dataclass(frozen=True, slots=True)
class ShownTest:
    """One test that a model may be told about."""

    text: str
    test: str


def shown_tests(task: ProgramTask, which: Shown) -> list[ShownTest]:
    """
    The tests of `task` that feedback may come from.

    ``public`` are those that a user would have: the examples in HumanEval's docstrings, MBPP's
    assertions, which its text shows, and the first three of a program of PYX. ``oracle`` are all
    tests that are scored.
    """
    if "def check(" in task.test:
        return _examples(task) if which == "public" else _statements(task)
    lines = [ShownTest(ast.unparse(node), ast.unparse(node)) for node in ast.parse(task.test).body]
    is_pyx = not task.stem and task.entry_point is not None
    return lines[:SHOWN_PASSING] if which == "public" and is_pyx else lines


def called_name(task: ProgramTask) -> str:
    """The function that the tests are about."""
    if task.entry_point:
        return task.entry_point
    names = (
        node.func.id
        for node in ast.walk(ast.parse(task.test))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    return next((name for name in names if not hasattr(builtins, name)), "solution")


def _examples(task: ProgramTask) -> list[ShownTest]:
    """Examples of the docstring whose value is a literal."""
    found = []
    functions = [n for n in ast.parse(task.setup).body if isinstance(n, ast.FunctionDef)]
    texts = [ast.get_docstring(node) for node in functions if node.name == task.entry_point]
    try:
        examples = doctest.DocTestParser().get_examples(texts[-1] or "")
    except ValueError:  # examples that are indented like nothing else
        return []
    for example in examples:
        try:
            call = ast.unparse(ast.parse(example.source.strip(), mode="eval"))
            value = repr(ast.literal_eval(example.want.strip()))
        except (ValueError, SyntaxError):
            continue
        text = f"assert {call} == {value}"
        found.append(ShownTest(text, text))
    return found


def _statements(task: ProgramTask) -> list[ShownTest]:
    """Each assertion of HumanEval's ``check``, behind what it stands on."""
    module = ast.parse(task.test)
    check = next(n for n in module.body if isinstance(n, ast.FunctionDef) and n.name == "check")
    around = "\n".join(ast.unparse(node) for node in module.body if node is not check)
    parameter = check.args.args[0].arg
    found: list[ShownTest] = []
    before: list[ast.stmt] = []
    for node in check.body:
        mentions = any(isinstance(n, ast.Name) and n.id == parameter for n in ast.walk(node))
        if not any(isinstance(inner, ast.Assert) for inner in ast.walk(node)):
            before.append(node)
        elif mentions or before:
            body = "\n".join(ast.unparse(item) for item in [*before, node])
            inside = "\n".join(f"    {line}" for line in body.splitlines())
            test = f"{around}\ndef check({parameter}):\n{inside}\n"
            found.append(ShownTest(_renamed(node, parameter, called_name(task)), test))
    return found


def _renamed(node: ast.stmt, parameter: str, name: str) -> str:
    """Source of `node` as a reader of the program would write it."""
    copy = ast.parse(ast.unparse(node))
    for part in ast.walk(copy):
        if isinstance(part, ast.Name) and part.id == parameter:
            part.id = name
        if isinstance(part, ast.Assert):
            part.msg = None
    return ast.unparse(copy)
