"""Values and types that the code holds a parameter against: branches wait for exactly those."""

import ast
from collections.abc import Iterator

from pyx_dataset.inputs.calls import Value
from pyx_dataset.inputs.types import BOOL, COUNTS, FLOAT, INT, INTS, NONE, STR, Type
from pyx_dataset.inputs.usage import Function, Matches, member_of, named

_OF_TEST: dict[str, Type] = {
    "int": INT, "float": FLOAT, "bool": BOOL, "str": STR, "bytes": Type("bytes"), "list": INTS,
    "tuple": Type("tuple", (INT,)), "dict": COUNTS, "set": Type("set", (INT,)), "Mapping": COUNTS,
    "Sequence": INTS, "Iterable": INTS, "Number": INT,
}  # fmt: skip


def values_told(
    function: Function, name: str, functions: dict[str, Function], depth: int = 1
) -> tuple[Value, ...]:
    r"""
    Constants that `name` is compared with, in `function` or in one that it is passed on to.

    >>> tree = ast.parse("def f(x, n):\n    return x in ('up', 'down') or n < 7")
    >>> function = tree.body[0]
    >>> assert isinstance(function, ast.FunctionDef)
    >>> values_told(function, "x", {}), values_told(function, "n", {})
    (('up', 'down'), (7, 6, 8))
    """
    found = list(_told(function, name))
    for helper, taken in _passed_on(function, name, functions) if depth else ():
        found += values_told(helper, taken, functions, depth - 1)
    distinct = {repr(value): value for value in found}
    return tuple(distinct.values())


def types_tested(
    function: Function, name: str, functions: dict[str, Function], depth: int = 1
) -> list[Type]:
    """
    Types that the code asks for, there too: ``isinstance(name, dict)``, ``name is None``.

    If it asks for the type of the members of `name`, lists of those.
    """
    found = list(_tested(function, named(name)))
    found += [Type("list", (item,)) for item in _tested(function, member_of(function, name))]
    for helper, taken in _passed_on(function, name, functions) if depth else ():
        found += types_tested(helper, taken, functions, depth - 1)
    return list(dict.fromkeys(found))


def _passed_on(
    function: Function, name: str, functions: dict[str, Function]
) -> Iterator[tuple[Function, str]]:
    """The other functions that `name` is an argument of, and what it is called there."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            helper = functions.get(node.func.id)
            if helper and helper is not function:
                for argument, taken in zip(node.args, helper.args.args, strict=False):
                    if _is(argument, name):
                        yield helper, taken.arg


def _tested(function: Function, matches: Matches) -> Iterator[Type]:
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Name(id="isinstance"), args=[value, tested]) if matches(value):
                names = {item.id for item in ast.walk(tested) if isinstance(item, ast.Name)}
                names |= {item.attr for item in ast.walk(tested) if isinstance(item, ast.Attribute)}
                yield from (_OF_TEST[kind] for kind in sorted(names & _OF_TEST.keys()))
            case ast.Compare(
                left=value, ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]
            ) if matches(value):
                yield NONE


def _told(function: Function, name: str) -> Iterator[Value]:
    for node in ast.walk(function):
        match node:
            case ast.Compare(left=left, comparators=others):
                sides = [left, *others]
                if any(_is(side, name) for side in sides):
                    for side in sides:
                        yield from _constants(side)
            case ast.Match(subject=subject, cases=cases) if _is(subject, name):
                for case in cases:
                    for part in ast.walk(case.pattern):
                        if isinstance(part, ast.MatchValue):
                            yield from _constants(part.value)
            case ast.Subscript(value=ast.Dict(keys=keys), slice=index) if _is(index, name):
                for key in keys:
                    if key is not None:
                        yield from _constants(key)


def _constants(node: ast.expr) -> Iterator[Value]:
    match node:
        case ast.Constant(value=bool() | None | str() | float() | bytes()):
            yield node.value
        case ast.Constant(value=int(number)):
            yield from (number, number - 1, number + 1)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            yield -number
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            for item in items:
                if isinstance(item, ast.Constant):
                    yield item.value


def _is(node: ast.AST, name: str) -> bool:
    """Whether `node` is the variable `name`, as it is or made lower or upper case."""
    match node:
        case ast.Name(id=each):
            return each == name
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=each), attr="lower" | "upper" | "strip")
        ):
            return each == name
    return False
