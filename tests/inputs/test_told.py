"""What the code holds a parameter against."""

import ast

import pytest

from pyx_dataset.inputs.told import types_tested, values_told


def function(code: str) -> ast.FunctionDef:
    node = ast.parse(code).body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ("return p == 'up'", {"up"}),
        ("return 0 <= p < 60", {-1, 0, 1, 59, 60, 61}),
        ("return p.lower() in {'on', 'off'}", {"on", "off"}),
        ("return p != -1.5", {-1.5}),
        ("match p:\n        case 'a' | 'b': return 1\n    return 2", {"a", "b"}),
        ("return {'x': 1, 'y': 2}[p]", {"x", "y"}),
        ("return q == 'up'", set()),
    ],
)
def test_constants_beside_a_parameter_are_found(body: str, values: set[object]) -> None:
    """And numbers next to them, for a boundary has two sides."""
    assert set(values_told(function(f"def f(p, q):\n    {body}\n"), "p", {})) == values


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("return isinstance(p, (int, dict))", {"int", "dict"}),
        ("return isinstance(p, abc.Mapping)", {"dict"}),
        ("return p is None", {"none"}),
        ("return [x for x in p if isinstance(x, str)]", {"list"}),
        ("return isinstance(q, str)", set()),
    ],
)
def test_types_asked_for_are_found(body: str, kinds: set[str]) -> None:
    """Of the parameter, or of its members."""
    found = types_tested(function(f"def f(p, q):\n    {body}\n"), "p", {})

    assert {item.kind for item in found} == kinds
