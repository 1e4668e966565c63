"""What a small expression is worth, worked out from known values with no program code run.

Only exact builtin types, pure operations and bounded sizes; anything else is `Unknown`.
So a monologue can say what a line does inside (``text[::-1]`` is ``"olleh"``), and a check
can hold such a statement against the state that the trace shows.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pyx_dataset.monologues.run.blocks import root_name, source_of
from pyx_dataset.monologues.run.literals import Unknown, canonical, parse
from pyx_dataset.monologues.run.pure import (
    COMPARE,
    FUNCTIONS,
    MAX_BITS,
    MAX_SIZE,
    METHODS,
    OPTIONS,
    ORDERLESS,
    TAKING,
    TYPES,
    UNARY,
    Stream,
    binary,
    method,
    shown,
)

State = Mapping[str, str]
"""Variables and their canonical values; also calls of the program's functions, by their source."""


def reckon(node: ast.expr, state: State, bound: frozenset[str] = frozenset()) -> Any:
    """
    The value of `node` in `state`; names in `bound` are not taken for builtins.

    Raises:
        Unknown: it reads something unknown, is not pure, is too large, or would raise.
    """
    try:
        return _Reckoner(node, state, bound).value(node)
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

    def __init__(self, root: ast.expr, state: State, bound: frozenset[str]) -> None:
        self.root, self.state, self.bound = root, state, bound
        self.local: dict[str, Any] = {}
        self.passes = 0

    def value(self, node: ast.expr) -> Any:
        return _sized(self._value(node))

    def _value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=value) if value is not ...:
                return value
            case ast.Name(id=name):
                return self._name(name)
            case ast.List(elts=items):
                return self._listed(items)
            case ast.Tuple(elts=items):
                return tuple(self._listed(items))
            case ast.Set(elts=items):
                return set(self._listed(items))
            case ast.Dict(keys=keys, values=values) if None not in keys:
                return {
                    self.value(key): self.value(value)
                    for key, value in zip(keys, values, strict=True)
                    if key is not None
                }
            case ast.BinOp(left=left, op=op, right=right):
                return binary(op, self.value(left), self.value(right))
            case ast.UnaryOp(op=op, operand=operand):
                return UNARY[type(op)](self.value(operand))
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
        return self._comprehension(node)

    def _comprehension(self, node: ast.expr) -> Any:
        match node:
            case ast.ListComp(elt=element, generators=clauses):
                return [self.value(element) for _ in self._each(clauses)]
            case ast.SetComp(elt=element, generators=clauses):
                return {self.value(element) for _ in self._each(clauses)}
            case ast.DictComp(key=key, value=value, generators=clauses):
                return {self.value(key): self.value(value) for _ in self._each(clauses)}
            case ast.GeneratorExp(elt=element, generators=clauses):
                return Stream([self.value(element) for _ in self._each(clauses)])
        raise Unknown(type(node).__name__)

    def _listed(self, nodes: list[ast.expr]) -> list[Any]:
        """Values of `nodes`, those with a star spread out."""
        found: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                found.extend(_ordered(self.value(node.value)))
            else:
                found.append(self.value(node))
        return found

    def _name(self, name: str) -> Any:
        if name in self.local:
            return self.local[name]
        if name in self.state:
            return parse(self.state[name])
        raise Unknown(name)

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
                holds = COMPARE[type(op)](left, right)
            if not holds:
                return False
            left = right
        return True

    def _call(self, node: ast.Call) -> Any:
        match node.func:
            case ast.Name(id="isinstance") if "isinstance" not in self.bound:
                return isinstance(self.value(node.args[0]), self._types(node.args[1]))
            case ast.Name(id=name) if name in FUNCTIONS and name not in self.bound:
                function = FUNCTIONS[name]
            case ast.Attribute(attr=name):
                function = self._method(node.func)
            case _:
                return parse(self.state.get(source_of(node), "<call>"))
        named = {item.arg: self._argument(item.value) for item in node.keywords}
        allowed = named.keys() <= OPTIONS.get(name, frozenset()) or name in ("dict", "format")
        spread = [item for item in node.args if isinstance(item, ast.Starred)]
        if not allowed or None in named or (spread and node.args[-1:] != spread):
            raise Unknown("arguments")
        arguments = [self._argument(item) for item in node.args if item not in spread]
        for item in spread:
            arguments += _ordered(self.value(item.value))
        if function not in ORDERLESS and name not in METHODS[set]:
            arguments = [_ordered(item) for item in arguments]
        if function is str and type(arguments[0]) not in (str, int, float, bool):
            raise Unknown("text of a container")
        return function(*arguments, **{str(key): item for key, item in named.items()})

    def _argument(self, node: ast.expr) -> Any:
        """The value of an argument, which may be a function: ``key=len``, ``map(int, xs)``."""
        match node:
            case ast.Lambda(args=ast.arguments(args=parameters, defaults=[]), body=body):
                return self._function([item.arg for item in parameters], body)
            case ast.Name(id=name) if name in FUNCTIONS and not self._is_variable(name):
                return FUNCTIONS[name]
            case ast.Attribute(value=ast.Name(id=kind), attr=name) if self._is_type(kind):
                return lambda item, *rest: method(_of_type(item, TYPES[kind]), name)(*rest)
        return self.value(node)

    def _method(self, node: ast.Attribute) -> Callable[..., Any]:
        match node.value:
            case ast.Name(id="str" | "dict" as kind) if self._is_type(kind):
                if node.attr in ("maketrans", "fromkeys"):
                    return method(TYPES[kind](), node.attr)
                return lambda item, *rest: method(_of_type(item, TYPES[kind]), node.attr)(*rest)
        receiver = self.value(node.value)
        if node.attr in TAKING.get(type(receiver), ()):
            names = [part.id for part in ast.walk(self.root) if isinstance(part, ast.Name)]
            if names.count(root_name(node.value) or "") != 1 or self.local:
                raise Unknown("what is left is read as well")
        return method(receiver, node.attr)

    def _is_variable(self, name: str) -> bool:
        return name in self.local or name in self.state or name in self.bound

    def _is_type(self, name: str) -> bool:
        return name in TYPES and not self._is_variable(name)

    def _function(self, names: list[str], body: ast.expr) -> Callable[..., Any]:
        outer = self.local

        def call(*arguments: Any) -> Any:
            self.passes += 1
            if self.passes > MAX_SIZE:
                raise Unknown("many calls")
            before, self.local = self.local, {**outer, **dict(zip(names, arguments, strict=True))}
            result = self.value(body)
            self.local = before
            return result

        return call

    def _types(self, node: ast.expr) -> tuple[type, ...]:
        items = node.elts if isinstance(node, ast.Tuple) else [node]
        names = [item.id if isinstance(item, ast.Name) else "" for item in items]
        if any(name not in TYPES or name in self.bound for name in names):
            raise Unknown("type")
        return tuple(TYPES[name] for name in names)

    def _formatted(self, part: ast.expr) -> str:
        match part:
            case ast.Constant(value=str(text)):
                return text
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                return shown(self.value(value))
            case ast.FormattedValue(
                value=value,
                conversion=-1,
                format_spec=ast.JoinedStr(values=[ast.Constant(value=str(spec))]),
            ):
                return shown(self.value(value), spec)
        raise Unknown("format")

    def _each(self, clauses: list[ast.comprehension]) -> Iterator[None]:
        """Run through the passes of a comprehension, its variables bound in `local`."""
        clause, *rest = clauses
        outer, self.local = self.local, dict(self.local)
        for item in _ordered(self.value(clause.iter)):
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

    def _bind(self, target: ast.expr, item: Any) -> None:
        match target:
            case ast.Name(id=name):
                self.local[name] = item
            case ast.Tuple(elts=targets):
                for part, value in zip(targets, item, strict=True):
                    self._bind(part, value)
            case _:
                raise Unknown("target")


def _ordered(items: Any) -> Any:
    if isinstance(items, set | frozenset):
        raise Unknown("order of a set")
    return items


def _of_type(item: Any, kind: type) -> Any:
    if type(item) is not kind:
        raise Unknown("another type")
    return item
