"""Guess what a parameter takes from what the code does with it."""

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Literal, TypeVar

from pyx_dataset.inputs.types import (
    CHAR,
    COUNTS,
    FLOAT,
    GRID,
    INT,
    INTS,
    STR,
    TEXTS,
    WORDS,
    Kind,
    Type,
)

T = TypeVar("T")


def _by_word(*rows: tuple[T, str]) -> dict[str, T]:
    return {word: meaning for meaning, words in rows for word in words.split()}


_METHODS: dict[str, Kind] = _by_word(
    ("str", "capitalize casefold center encode endswith expandtabs find format isalnum isalpha"),
    ("str", "isascii isdigit isidentifier islower isnumeric isspace istitle isupper join ljust"),
    ("str", "lower lstrip partition removeprefix removesuffix replace rfind rindex rjust rstrip"),
    ("str", "rpartition rsplit split splitlines startswith strip swapcase title translate upper"),
    ("str", "zfill"),
    ("list", "append extend insert sort reverse pop"),
    ("dict", "items keys values get setdefault popitem"),
    ("set", "add union intersection difference issubset discard"),
    ("int", "bit_length"),
    ("float", "is_integer"),
)
_SHARED_METHODS = {"count", "index", "copy", "update", "remove", "clear"}
_FUNCTIONS: dict[str, Kind] = _by_word(
    ("int", "range abs chr bin divmod pow gcd isqrt factorial"),
    ("float", "round sqrt log exp sin cos floor ceil isnan"),
    ("list", "sum sorted max min enumerate zip iter reversed all any list tuple set len map"),
    ("list", "filter chain heapify deque Counter"),
    ("char", "ord category bidirectional combining decomposition mirrored east_asian_width"),
    ("dict", "dict"),
    ("bytes", "b2a_base64 hexlify crc32 adler32 b64encode b64decode unpack from_bytes"),
)
_TESTED: dict[str, Kind] = {
    "int": "int", "str": "str", "bytes": "bytes", "float": "float", "list": "list",
    "tuple": "tuple", "dict": "dict", "set": "set", "Mapping": "dict", "Sequence": "list",
}  # fmt: skip
_NAMES: dict[str, Type] = _by_word(
    (INT, "n m k i j num number count size length limit width height index start stop end step"),
    (INT, "x y a b low high base depth max_len year month day target"),
    (STR, "s t string text word sentence line name pattern prefix suffix sep delimiter char ch"),
    (STR, "s1 s2 str1 str2 source message expression url path title"),
    (INTS, "arr array nums numbers lst list seq sequence iterable items values data xs elements"),
    (INTS, "collection heights prices weights it iterator"),
    (WORDS, "words strings lines names strs tokens parts"),
    (GRID, "matrix grid board mat image maze"),
    (COUNTS, "d dct mapping dictionary obj counts"),
    (FLOAT, "ratio factor rate epsilon tolerance"),
)

Function = ast.FunctionDef | ast.AsyncFunctionDef

Matches = Callable[[ast.AST], bool]
"""Whether an expression is the value that is asked about."""

Hint = tuple[Kind | Literal["callable", "object"], int]
"""What the value is treated as, and how telling that is, from 1 to 10."""


def types_of_usage(function: Function, name: str, votes: Counter[str]) -> list[Type]:
    """Likely types of parameter `name` after `votes` on it, best first; maybe none."""
    votes = Counter(votes)
    hint = _NAMES.get(name.lower())
    if hint:
        votes[hint.kind] += 3
    return [
        item
        for kind, count in votes.most_common()
        if count > 0
        for item in _with_members(kind, function, name, hint)
    ]


def _with_members(kind: str, function: Function, name: str, hint: Type | None) -> list[Type]:
    if kind in {"int", "str", "char", "float", "bytes"}:
        return [Type(kind)]  # type: ignore[arg-type]  # they are kinds
    if kind == "dict":
        return [COUNTS, TEXTS, Type("dict", (STR, WORDS)), Type("dict", (INT, INTS))]
    if kind not in {"list", "tuple", "set"}:
        return []
    votes = votes_on(function, member_of(function, name), {})
    members = {"int": INT, "str": STR, "char": CHAR, "float": FLOAT, "list": INTS}
    found = [members[each] for each, _ in votes.most_common(2) if each in members]
    if hint and hint.kind == kind and hint.items[0] not in found:
        found.insert(0 if not votes else len(found), hint.items[0])
    return [Type(kind, (item,)) for item in found or [INT, STR, INTS]]  # type: ignore[arg-type]  # as above


def member_of(function: Function, name: str) -> Matches:
    """Whether an expression is a member of `name`: indexed, or the variable of a loop over it."""
    loops = [
        (node.target, node.iter)
        for node in ast.walk(function)
        if isinstance(node, ast.For | ast.comprehension)
    ]
    variables = {
        target.id for target, over in loops if isinstance(target, ast.Name) and _is_name(over, name)
    }
    for target, over in loops:
        match target, over:
            case (
                ast.Tuple(elts=[_, ast.Name(id=variable)]),
                ast.Call(func=ast.Name(id="enumerate"), args=[ast.Name(id=listed), *_]),
            ) if listed == name:
                variables.add(variable)

    def matches(node: ast.AST) -> bool:
        match node:
            case ast.Subscript(value=ast.Name(id=each), slice=index):
                return each == name and not isinstance(index, ast.Slice)
            case ast.Name(id=each):
                return each in variables
        return False

    return matches


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def votes_on(
    function: Function, matches: Matches, functions: dict[str, Function], depth: int = 2
) -> Counter[str]:
    """
    How often the code treats the value as each kind, weighed by how telling the use is.

    Besides kinds it counts ``"callable"`` and ``"object"``, which no literal can be.
    """
    votes: Counter[str] = Counter()
    for node in ast.walk(function):
        for kind, weight in _hints(node, matches):
            votes[kind] += weight
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and depth:
            helper = functions.get(node.func.id)
            for index, argument in enumerate(node.args):
                if helper and helper is not function and matches(argument):
                    names = [item.arg for item in helper.args.args]
                    if index < len(names):
                        inner = named(names[index])
                        votes += votes_on(helper, inner, functions, depth - 1)
    return votes


def named(name: str) -> Matches:
    """Whether an expression is the variable `name`."""
    return lambda node: _is_name(node, name)


def _hints(node: ast.AST, matches: Matches) -> Iterator[Hint]:
    match node:
        case ast.Call(func=func) if matches(func):
            yield "callable", 10
        case ast.Call(func=ast.Attribute(value=value, attr=name), args=args) if matches(value):
            if name in _METHODS:
                of_bytes = any(_constant(item, bytes) for item in args)
                yield ("bytes" if of_bytes else _METHODS[name]), 6
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args):
            if any(matches(item) for item in args):
                yield from _call_hints(name, args)
        case ast.Attribute(value=value, attr=name) if matches(value):
            if name not in _METHODS and name not in _SHARED_METHODS:
                yield "object", 4
        case ast.BinOp(left=left, op=op, right=right) if matches(left) or matches(right):
            yield from _operator_hints(op, right if matches(left) else left)
        case ast.AugAssign(target=target, op=op, value=value) if matches(target) or matches(value):
            yield from _operator_hints(op, value if matches(target) else target)
        case ast.UnaryOp(operand=operand, op=ast.USub() | ast.Invert()) if matches(operand):
            yield "int", 2
        case ast.Compare(left=left, comparators=others) if any(
            isinstance(side, ast.Subscript) and matches(side.value) for side in (left, *others)
        ):
            yield from _part_hints([left, *others])
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            if matches(left):
                yield from _compare_hints(op, right)
            elif matches(right):
                if isinstance(op, ast.In | ast.NotIn):
                    yield from (("list", 2), ("str", 1), ("dict", 1))
                else:
                    yield from _compare_hints(op, left)
        case ast.Subscript(value=value, slice=index) if matches(value):
            if isinstance(index, ast.Constant) and isinstance(index.value, str):
                yield "dict", 4
            else:
                yield from (("list", 2), ("str", 1))
        case ast.For(iter=over) | ast.comprehension(iter=over) if matches(over):
            yield from (("list", 3), ("str", 1))
        case ast.Starred(value=value) if matches(value):
            yield "list", 2


def _call_hints(name: str, args: list[ast.expr]) -> Iterator[Hint]:
    if name == "isinstance" and len(args) == 2:
        tested = {item.id for item in ast.walk(args[1]) if isinstance(item, ast.Name)}
        yield from ((_TESTED[each], 3) for each in sorted(tested & _TESTED.keys()))
    elif name in _FUNCTIONS:
        yield _FUNCTIONS[name], 3
        if _FUNCTIONS[name] == "list" and len(args) == 1:
            yield "str", 2
    elif name == "join" and len(args) == 1:
        yield "list", 3
    elif name == "int" and len(args) == 2:
        yield "str", 3
    elif name in {"match", "search", "findall", "sub", "fullmatch", "finditer"}:
        yield "str", 4


def _operator_hints(op: ast.operator, other: ast.expr) -> Iterator[Hint]:
    if _constant(other, str) or isinstance(other, ast.JoinedStr):
        yield "str", 4
    elif _constant(other, bytes):
        yield "bytes", 4
    elif isinstance(op, ast.Add | ast.Mult | ast.Div):
        is_float = _constant(other, float)
        yield "float" if is_float else "int", 3 if _is_number(other) else 2
    else:
        yield "int", 4


def _compare_hints(op: ast.cmpop, other: ast.expr) -> Iterator[Hint]:
    if _is_number(other):
        yield "float" if _constant(other, float) else "int", 4
    elif _constant(other, str):
        yield "str", 4
    elif _constant(other, bytes):
        yield "bytes", 4
    elif isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
        yield "int", 2


def _part_hints(sides: list[ast.expr]) -> Iterator[Hint]:
    """``x[:2] == "ab"``: what a part of the value is compared with."""
    if any(_constant(side, str) for side in sides):
        yield "str", 4
    if any(_constant(side, bytes) for side in sides):
        yield "bytes", 6


def _constant(node: ast.expr, kind: type) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, kind)


def _is_number(node: ast.expr) -> bool:
    return _constant(node, int) or _constant(node, float)
