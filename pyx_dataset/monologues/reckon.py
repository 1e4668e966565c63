"""What a small expression is worth, worked out from known values with no program code run.

Only exact builtin types, pure operations and bounded sizes; anything else is `Unknown`.
So a monologue can say what a line does inside (``text[::-1]`` is ``"olleh"``), and a check
can hold such a statement against the state that the trace shows.
"""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pyx_dataset.monologues.literals import Unknown, canonical, parse

MAX_SIZE = 2_000
"""Longest text or container, and most passes of a comprehension."""
MAX_BITS = 256

State = Mapping[str, str]
"""Variables and their canonical values; also calls of the program's functions, by their source."""


_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
    ast.Pow: operator.pow, ast.BitAnd: operator.and_, ast.BitOr: operator.or_,
    ast.BitXor: operator.xor, ast.LShift: operator.lshift, ast.RShift: operator.rshift,
}  # fmt: skip
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.Not: operator.not_, ast.USub: operator.neg, ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip
_TYPES: dict[str, type] = {
    item.__name__: item
    for item in (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset)
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    item.__name__: item
    for item in (abs, all, any, bin, chr, divmod, hex, len, max, min, ord, round, sorted, sum)
} | {name: _TYPES[name] for name in ("bool", "float", "int", "list", "set", "str", "tuple")}
_ORDERLESS = (len, sorted, min, max, any, all, set)
_METHODS: dict[type, frozenset[str]] = {
    str: frozenset({
        "capitalize", "casefold", "count", "endswith", "find", "index", "isalnum", "isalpha",
        "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric", "isspace",
        "istitle", "isupper", "join", "lower", "lstrip", "partition", "removeprefix",
        "removesuffix", "replace", "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split",
        "splitlines", "startswith", "strip", "swapcase", "title", "upper",
    }),
    list: frozenset({"count", "index"}),
    tuple: frozenset({"count", "index"}),
    dict: frozenset({"get"}),
    set: frozenset({"union", "intersection", "difference", "issubset", "issuperset"}),
}  # fmt: skip


def reckon(node: ast.expr, state: State, bound: frozenset[str] = frozenset()) -> Any:
    """
    The value of `node` in `state`; names in `bound` are not taken for builtins.

    Raises:
        Unknown: it reads something unknown, is not pure, is too large, or would raise.
    """
    try:
        return _Reckoner(state, bound, {}).value(node)
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as exc:
        raise Unknown(ast.unparse(node)) from exc
    except RecursionError:
        raise Unknown("too deep") from None


def reckon_text(node: ast.expr, state: State, bound: frozenset[str] = frozenset()) -> str | None:
    """The canonical value of `node` in `state`, or None if it is unknown."""
    try:
        return canonical(reckon(node, state, bound))
    except Unknown:
        return None


def _sized(value: Any) -> Any:
    if type(value) is int and value.bit_length() > MAX_BITS:
        raise Unknown("large integer")
    if isinstance(value, str | bytes | list | tuple | dict | set) and len(value) > MAX_SIZE:
        raise Unknown("long value")
    return value


class _Reckoner:
    """One evaluation: the state, and the variables of the comprehensions it is in."""

    def __init__(self, state: State, bound: frozenset[str], local: dict[str, Any]) -> None:
        self.state, self.bound, self.local = state, bound, local
        self.passes = 0

    def value(self, node: ast.expr) -> Any:
        return _sized(self._value(node))

    def _value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return self._name(name)
            case ast.List(elts=items):
                return [self.value(item) for item in items]
            case ast.Tuple(elts=items):
                return tuple(self.value(item) for item in items)
            case ast.Set(elts=items):
                return {self.value(item) for item in items}
            case ast.Dict(keys=keys, values=values) if None not in keys:
                return {
                    self.value(key): self.value(value)
                    for key, value in zip(keys, values, strict=True)
                    if key is not None
                }
            case ast.BinOp(left=left, op=op, right=right):
                return self._binary(op, self.value(left), self.value(right))
            case ast.UnaryOp(op=op, operand=operand):
                return _UNARY[type(op)](self.value(operand))
            case ast.BoolOp(op=op, values=values):
                return self._bool(isinstance(op, ast.And), values)
            case ast.Compare():
                return self._compare(node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.value(body if self.value(test) else orelse)
            case ast.Subscript(value=base, slice=ast.Slice(lower=lower, upper=upper, step=step)):
                parts = (
                    None if part is None else self.value(part) for part in (lower, upper, step)
                )
                return self.value(base)[slice(*parts)]
            case ast.Subscript(value=base, slice=index):
                return self.value(base)[self.value(index)]
            case ast.Call():
                return self._call(node)
            case ast.JoinedStr(values=values):
                return "".join(self._formatted(part) for part in values)
            case ast.ListComp(elt=element, generators=clauses):
                return [self.value(element) for _ in self._each(clauses)]
            case ast.SetComp(elt=element, generators=clauses):
                return {self.value(element) for _ in self._each(clauses)}
            case ast.DictComp(key=key, value=value, generators=clauses):
                return {self.value(key): self.value(value) for _ in self._each(clauses)}
        raise Unknown(type(node).__name__)

    def _name(self, name: str) -> Any:
        if name in self.local:
            return self.local[name]
        if name in self.state:
            return parse(self.state[name])
        raise Unknown(name)

    def _binary(self, op: ast.operator, left: Any, right: Any) -> Any:
        if isinstance(op, ast.Mult):
            for size, times in ((left, right), (right, left)):
                if isinstance(size, str | bytes | list | tuple) and len(size) * times > MAX_SIZE:
                    raise Unknown("long value")
        if isinstance(op, ast.Pow | ast.LShift) and not abs(right) <= MAX_BITS:
            raise Unknown("large power")
        if isinstance(op, ast.Mod) and isinstance(left, str | bytes):
            raise Unknown("format")  # a width in it could ask for any amount of memory
        return _BINARY[type(op)](left, right)

    def _bool(self, is_and: bool, values: list[ast.expr]) -> Any:
        result: Any = None
        for value in values:
            result = self.value(value)
            if bool(result) is not is_and:
                break
        return result

    def _compare(self, node: ast.Compare) -> Any:
        left = self.value(node.left)
        for op, comparator in zip(node.ops, node.comparators, strict=True):
            right = self.value(comparator)
            if isinstance(op, ast.Is | ast.IsNot):
                if not any(side is one for side in (left, right) for one in (None, True, False)):
                    raise Unknown("identity")
                holds = (left is right) is isinstance(op, ast.Is)
            else:
                holds = _COMPARE[type(op)](left, right)
            if not holds:
                return False
            left = right
        return True

    def _call(self, node: ast.Call) -> Any:
        if any(isinstance(item, ast.Starred) for item in node.args):
            raise Unknown("starred")
        match node.func:
            case ast.Name(id="isinstance") if "isinstance" not in self.bound:
                return isinstance(self.value(node.args[0]), self._types(node.args[1]))
            case ast.Name(id=name) if name in _FUNCTIONS and name not in self.bound:
                function = _FUNCTIONS[name]
                options = {"reverse"} if name == "sorted" else set()
            case ast.Attribute(value=base, attr=method):
                receiver = self.value(base)
                if method not in _METHODS.get(type(receiver), ()):
                    raise Unknown(method)
                function, options = getattr(receiver, method), set()
            case _:
                return parse(self.state.get(ast.unparse(node), "<call>"))
        named = {item.arg: self.value(item.value) for item in node.keywords if item.arg in options}
        if len(named) < len(node.keywords):
            raise Unknown("keyword")
        arguments = [self._argument(item) for item in node.args]
        if function not in _ORDERLESS and any(isinstance(item, set) for item in arguments):
            raise Unknown("order of a set")
        if function is str and not isinstance(arguments[0], str | int | float):
            raise Unknown("text of a container")
        return function(*arguments, **named)

    def _argument(self, node: ast.expr) -> Any:
        if isinstance(node, ast.GeneratorExp):
            return [self.value(node.elt) for _ in self._each(node.generators)]
        return self.value(node)

    def _types(self, node: ast.expr) -> tuple[type, ...]:
        items = node.elts if isinstance(node, ast.Tuple) else [node]
        names = [item.id if isinstance(item, ast.Name) else "" for item in items]
        if any(name not in _TYPES or name in self.bound for name in names):
            raise Unknown("type")
        return tuple(_TYPES[name] for name in names)

    def _formatted(self, part: ast.expr) -> str:
        match part:
            case ast.Constant(value=str(text)):
                return text
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                shown = self.value(value)
                if isinstance(shown, str | int | float):
                    return format(shown)
        raise Unknown("format")

    def _each(self, clauses: list[ast.comprehension]) -> Iterator[None]:
        """Run through the passes of a comprehension, its variables bound in `local`."""
        clause, *rest = clauses
        outer, self.local = self.local, dict(self.local)
        for item in self._items(clause.iter):
            self.passes += 1
            if self.passes > MAX_SIZE:
                raise Unknown("long comprehension")
            self._bind(clause.target, item)
            if all(self.value(test) for test in clause.ifs):
                if rest:
                    yield from self._each(rest)
                else:
                    yield None
        self.local = outer

    def _items(self, node: ast.expr) -> Any:
        match node:
            case ast.Call(func=ast.Name(id="range"), args=args, keywords=[]) if (
                "range" not in self.bound
            ):
                return range(*(self.value(item) for item in args))
            case ast.Call(func=ast.Name(id="enumerate"), args=[items], keywords=[]) if (
                "enumerate" not in self.bound
            ):
                return enumerate(self._items(items))
            case ast.Call(func=ast.Name(id="zip"), args=args, keywords=[]) if (
                "zip" not in self.bound
            ):
                return zip(*(self._items(item) for item in args), strict=False)
        items = self.value(node)
        if isinstance(items, set):
            raise Unknown("order of a set")
        return items

    def _bind(self, target: ast.expr, item: Any) -> None:
        match target:
            case ast.Name(id=name):
                self.local[name] = item
            case ast.Tuple(elts=targets):
                for part, value in zip(targets, item, strict=True):
                    self._bind(part, value)
            case _:
                raise Unknown("target")
