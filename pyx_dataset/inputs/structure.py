"""What the members of a parameter are, where the code takes them apart."""

import ast
from collections.abc import Iterator

from pyx_dataset.inputs.types import FLOAT, INT, INTS, STR, Type
from pyx_dataset.inputs.usage import Function, named, votes_on

_OF_VOTE = {"int": INT, "str": STR, "float": FLOAT, "list": INTS, "char": STR}


def types_of_unpacking(function: Function, name: str) -> list[Type]:
    r"""
    Types of parameter `name` that unpacking tells: ``for a, b in pairs``, ``x, y = point``.

    >>> body = ast.parse("def f(p):\n    return [a + 1 for a, b in p]").body[0]
    >>> assert isinstance(body, ast.FunctionDef)
    >>> [item.items[0].items[0].kind for item in types_of_unpacking(body, "p")]
    ['int']
    """
    found: list[Type] = []
    for node in ast.walk(function):
        match node:
            case ast.For(target=target, iter=over) | ast.comprehension(target=target, iter=over):
                for places in _places(target, over, name):
                    found.append(Type("list", (_tuple_of(function, places),)))
            case ast.Assign(targets=[ast.Tuple(elts=places)], value=ast.Name(id=each)):
                if each == name and not any(isinstance(item, ast.Starred) for item in places):
                    found.append(_tuple_of(function, places))
    return list(dict.fromkeys(found))


def _places(target: ast.expr, over: ast.expr, name: str) -> Iterator[list[ast.expr]]:
    """What each member of `name` is unpacked into by ``for target in over``."""
    match target, over:
        case ast.Tuple(elts=places), ast.Name(id=each) if each == name:
            yield places
        case (
            ast.Tuple(elts=[_, ast.Tuple(elts=places)]),
            ast.Call(func=ast.Name(id="enumerate"), args=[ast.Name(id=each), *_]),
        ) if each == name:
            yield places
        case (
            ast.Tuple(elts=places),
            ast.Call(
                func=ast.Name(id="sorted" | "reversed" | "list"), args=[ast.Name(id=each), *_]
            ),
        ) if each == name:
            yield places


def _tuple_of(function: Function, places: list[ast.expr]) -> Type:
    return Type("tuple", tuple(_type_at(function, place) for place in places))


def _type_at(function: Function, place: ast.expr) -> Type:
    if isinstance(place, ast.Tuple):
        return _tuple_of(function, place.elts)
    if not isinstance(place, ast.Name):
        return INT
    likely = votes_on(function, named(place.id), {}).most_common(1)
    return _OF_VOTE.get(likely[0][0], INT) if likely else INT
