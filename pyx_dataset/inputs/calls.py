"""Calls as text and as values: ``f([1, 2], k='a')``, literal arguments only."""

import ast
from dataclasses import dataclass, field
from typing import Any

Value = Any
"""Plain data: what `ast.literal_eval` can give."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its arguments as values."""

    name: str
    args: tuple[Value, ...]
    named: dict[str, Value] = field(default_factory=dict)


def parse_call(text: str) -> Call | None:
    """The call that `text` is; None if it is not a plain call with literal arguments."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
        match node:
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
                named = {item.arg: ast.literal_eval(item.value) for item in keywords if item.arg}
                if len(named) == len(keywords) and not ("..." in text and _has_ellipsis(node)):
                    return Call(name, tuple(ast.literal_eval(item) for item in args), named)
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return None
    return None


def render_call(call: Call) -> str:
    """
    The one way to write `call`.

    >>> render_call(Call("f", ([1, {"b", "a"}],), {"k": None}))
    "f([1, {'a', 'b'}], k=None)"
    """
    named = (f"{name}={literal(value)}" for name, value in call.named.items())
    return f"{call.name}({', '.join([*map(literal, call.args), *named])})"


def normal_call(text: str) -> str | None:
    """
    `text` in its one way of writing; None if it is not a plain call with literal arguments.

    >>> normal_call('f( [1,2], k = "a" )'), normal_call("f(x)")
    ("f([1, 2], k='a')", None)
    """
    call = parse_call(text)
    return render_call(call) if call else None


def literal(value: Value) -> str:
    """`repr`, with the members of sets in an order that no hash seed changes."""
    match value:
        case set() if value:
            return "{" + ", ".join(sorted(map(literal, value))) + "}"
        case list():
            return "[" + ", ".join(map(literal, value)) + "]"
        case tuple():
            inside = ", ".join(map(literal, value))
            return f"({inside},)" if len(value) == 1 else f"({inside})"
        case dict():
            items = (f"{literal(key)}: {literal(item)}" for key, item in value.items())
            return "{" + ", ".join(items) + "}"
        case _:
            return repr(value)


def _has_ellipsis(node: ast.AST) -> bool:
    return any(isinstance(item, ast.Constant) and item.value is ... for item in ast.walk(node))
