"""What a line belongs to: `ast` over the standard library, and CPython's own line events."""

import ast
import inspect
import json.decoder
import textwrap
import types

import pytest

from pyx_dataset.traces.lines import facts, statement_starts

MODULES = [textwrap, json.decoder, ast, types]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.__name__))
def test_each_simple_statement_is_one_unit(module: types.ModuleType) -> None:
    """All lines of a statement without a block go to its first line."""
    source = inspect.getsource(module)
    starts = statement_starts(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign | ast.Return | ast.Expr | ast.Raise | ast.AugAssign):
            lines = range(node.lineno, (node.end_lineno or 0) + 1)
            assert {starts[line] for line in lines} == {node.lineno}


def test_header_of_a_block_ends_where_its_body_begins() -> None:
    """A condition over several lines is one unit, its body another."""
    assert statement_starts("if (a\n    and b):\n    c\nelse:\n    d\n") == {
        1: 1, 2: 1, 3: 3, 4: 1, 5: 5,
    }  # fmt: skip


def test_decorator_belongs_to_its_def() -> None:
    """The line of a decorated function is its ``def``."""
    assert statement_starts("@a\n@b(\n  1)\ndef f():\n    pass\n")[1] == 4


def test_names_stand_in_the_order_in_which_the_code_sets_them() -> None:
    """Parameters first, then by first assignment, whatever CPython's own order is."""

    def example(p, *args, q=1, **kwargs):  # type: ignore[no-untyped-def]
        z = a = lambda: z
        b, m = 1, 2
        return z, a, b, m, p, args, q, kwargs, json

    found = facts(example.__code__)
    assert found.parameters == ("p", "q", "args", "kwargs")
    assert found.local == ("p", "q", "args", "kwargs", "z", "a", "b", "m")
    assert found.shared == ("json",)
