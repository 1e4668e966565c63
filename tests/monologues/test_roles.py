"""Roles of variables are stated only where every update proves them."""

import ast

import pytest

from pyx_dataset.monologues.telling.roles import roles

LOOP = "def f(xs):\n    {start}\n    for x in xs:\n        {update}\n    return v\n"


def _roles(code: str) -> dict[str, str]:
    function = ast.parse(code).body[0]
    assert isinstance(function, ast.FunctionDef)
    return dict(roles(function))


@pytest.mark.parametrize(
    ("start", "update", "role"),
    [
        ("v = 0", "v += x", "the running total"),
        ("v = 0", "v += 1", "the counter"),
        ("v = 1", "v *= x", "the running product"),
        ("v = ''", "v += x", "the text built so far"),
        ("v = []", "v.append(x)", "the list being built"),
        ("v = {}", "v[x] = 1", "the table being built"),
        ("v = xs[0]", "v = max(v, x)", "the largest so far"),
        ("v = xs[0]", "v = min(x, v)", "the smallest so far"),
    ],
)
def test_each_role_is_found(start: str, update: str, role: str) -> None:
    """One way of being updated, one role."""
    assert _roles(LOOP.format(start=start, update=update)) == {"v": role}


@pytest.mark.parametrize(
    ("start", "update"),
    [
        ("v = 0", "v += x; v = 3"),
        ("v = 5", "v += x"),
        ("v = []", "v.append(x); v.pop()"),
        ("v = []", "v.append(x); del v[0]"),
        ("v = 0; v = 0", "v += x"),
        ("v = 0", "v, x = x, v"),
        ("v = 0", "pass"),
    ],
)
def test_a_role_that_one_update_breaks_is_not_stated(start: str, update: str) -> None:
    """A second start, another update, or none in the loop."""
    assert _roles(LOOP.format(start=start, update=update)) == {}
