"""Let a program say what each of its sub-expressions gives, and do nothing else differently.

Every expression ``E`` worth telling becomes ``note(key, E)``, where ``note`` gives ``E``'s value
back. That is the same program, because

- ``E`` is still evaluated once, in its place, in its own frame, at its own line;
- ``note`` and ``key`` are constants of the code object: no name is looked up, none is added, so
  scopes, `locals`, mangled names and zero-argument ``super()`` stay what they are;
- no truth is asked twice: of ``a and b`` only the operands are noted, and which of them is the
  value follows; a chained comparison that is only tested is noted as
  ``True if a < b < c else False``;
- what must keep its form keeps it: called names, targets, patterns, annotations, docstrings,
  handlers' types, class bodies, tuples that are unpacked at once, displays that are looped over.

Runs inside the sandbox before the program does: standard library only.
"""

import ast
import hashlib
import warnings
from collections.abc import Callable
from types import CodeType
from typing import Any, NamedTuple

from pyx_dataset.traces import nodes
from pyx_dataset.traces.spans import Span, Spans

Note = Callable[[int, Any], Any]

_DISPLAYS = (ast.List, ast.Set, ast.Tuple)


class Closing(NamedTuple):
    """What an operand of ``and`` or ``or`` may be the value of."""

    key: int
    when: bool | None
    """The operand's truth that ends the evaluation there; None: it is the last one."""


class Rewritten(NamedTuple):
    """A program that notes its sub-expressions."""

    body: CodeType
    spans: list[Span | None]
    """By key; None for an operand that is noted only for what it closes."""
    closings: dict[int, Closing]


def rewrite(source: str, filename: str, note: Note) -> Rewritten:
    """
    `source`, which compiles, with every expression inside its functions noted.

    Raises:
        RecursionError: it is nested too deep.
    """
    # No program has a constant with the hash of its own text in it.
    mark = f"note {hashlib.sha256(source.encode()).hexdigest()}"
    rewriter = _Rewriter(Spans(source), mark)
    tree = ast.fix_missing_locations(rewriter.visit(ast.parse(source)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks as if a text were called
        body = compile(tree, filename, "exec", dont_inherit=True)
    return Rewritten(_planted(body, mark, note), rewriter.found, rewriter.closings)


def _planted(code: CodeType, mark: str, note: Note) -> CodeType:
    """`code` with `note` in the place of `mark`, at all depths."""

    def planted(constant: object) -> object:
        if type(constant) is CodeType:
            return _planted(constant, mark, note)
        return note if type(constant) is str and constant == mark else constant

    return code.replace(co_consts=tuple(map(planted, code.co_consts)))


class _Rewriter(ast.NodeTransformer):
    """Goes through a module; every ``visit`` gives the node to put in the place of the old one."""

    def __init__(self, spans: Spans, mark: str) -> None:
        self.spans = spans
        self.mark = mark
        self.found: list[Span | None] = []
        self.closings: dict[int, Closing] = {}
        self.is_on = False
        """Inside a function: what a module or class body does is no step."""

    def visit(self, node: ast.AST) -> Any:
        """The node with its parts noted, and noted itself if it is worth telling."""
        if not isinstance(node, ast.expr):
            return super().visit(node)
        if nodes.is_literal(node):
            return node
        is_told = self.is_on and nodes.is_told_kind(node)
        span = self.spans.of(node) if is_told and not nodes.is_super(node) else None
        new = self.inside(node)
        return self.noted(span, new) if span else new

    def inside(self, node: ast.expr) -> Any:
        """The node with its parts noted, itself as it is."""
        return super().visit(node)

    def noted(self, span: Span | None, new: ast.expr) -> ast.expr:
        """``note(key, new)``."""
        self.found.append(span)
        call = ast.Call(ast.Constant(self.mark), [ast.Constant(len(self.found) - 1), new], [])
        for made in (call, call.func, call.args[0]):
            ast.copy_location(made, new)
        return call

    # Where the truth of an expression is asked, and nothing else of it.

    def test(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.BoolOp():
                return self.operation(node, None, is_test=True)
            case ast.Compare(ops=[_, _, *_]) if self.is_on:
                yes, no = ast.Constant(True), ast.Constant(False)
                span = self.spans.of(node)
                return self.noted(span, nodes.at(node, ast.IfExp(self.inside(node), yes, no)))
        visited: ast.expr = self.visit(node)
        return visited

    def operation(self, node: ast.BoolOp, outer: Closing | None, *, is_test: bool) -> ast.expr:
        """``and`` or ``or`` with its operands noted; `outer` is what its value closes in turn."""
        if not self.is_on:
            return self.generic_visit(node)  # type: ignore[return-value]  # the same node
        key = len(self.found)
        self.found.append(self.spans.of(node))
        if outer is not None:
            self.closings[key] = outer
        for index, operand in enumerate(node.values):
            is_last = index == len(node.values) - 1
            closing = Closing(key, None if is_last else isinstance(node.op, ast.Or))
            if isinstance(operand, ast.BoolOp):
                node.values[index] = self.operation(operand, closing, is_test=is_test)
                continue
            new = self.test(operand) if is_test else self.visit(operand)
            if self.key_of(new) is None:
                new = self.noted(None, new)
            self.closings[self.key_of(new) or 0] = closing
            node.values[index] = new
        return node

    def key_of(self, node: ast.expr) -> int | None:
        """The key under which `node` is noted, if it is."""
        match node:
            case ast.Call(func=ast.Constant(value=self.mark), args=[ast.Constant(value=key), _]):
                return int(key)  # type: ignore[arg-type]  # `call` made it
        return None

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        return self.operation(node, None, is_test=False)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        is_not = isinstance(node.op, ast.Not)
        node.operand = self.test(node.operand) if is_not else self.visit(node.operand)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        node.test, node.body = self.test(node.test), self.visit(node.body)
        node.orelse = self.visit(node.orelse)
        return node

    def tested(self, node: ast.If | ast.While | ast.Assert) -> ast.stmt:
        test, node.test = self.test(node.test), ast.Constant(True)
        self.generic_visit(node)
        node.test = test
        return node

    visit_If = visit_While = visit_Assert = tested  # noqa: N815  (what `NodeVisitor` looks for)

    def visit_match_case(self, node: ast.match_case) -> ast.match_case:
        node.guard = node.guard and self.test(node.guard)
        node.body = [self.visit(item) for item in node.body]
        return node

    # Where a new scope begins.

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
        node.decorator_list = [self.visit(item) for item in node.decorator_list]
        self.defaults(node.args)
        node.body = self.scope(node.body, is_on=True)
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = function  # noqa: N815

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        node.decorator_list = [self.visit(item) for item in node.decorator_list]
        node.body = self.scope(node.body, is_on=False)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        self.defaults(node.args)
        (node.body,) = self.scope([node.body], is_on=True)
        names = [item.arg for item in nodes.parameters(node.args)]
        if names and (span := self.spans.of(nodes.parameters(node.args)[0])):
            loads = [nodes.at(node.body, ast.Name(name, ast.Load())) for name in names]
            value = (
                loads[0] if len(loads) == 1 else nodes.at(node.body, ast.Tuple(loads, ast.Load()))
            )
            bound = self.bound(span._replace(text=", ".join(names)), value)
            node.body = nodes.at(node.body, ast.BoolOp(ast.And(), [bound, node.body]))
        return node

    def scope(self, body: list[Any], *, is_on: bool) -> list[Any]:
        outer, self.is_on = self.is_on, is_on
        body = [self.visit(item) for item in body]
        self.is_on = outer
        return body

    def defaults(self, args: ast.arguments) -> None:
        args.defaults = [self.visit(item) for item in args.defaults]
        args.kw_defaults = [item and self.visit(item) for item in args.kw_defaults]

    def bound(self, span: Span, value: ast.expr) -> ast.expr:
        """A list of one, so it counts as true, that notes what names were bound to."""
        return nodes.at(value, ast.List([self.noted(span, value)], ast.Load()))

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        node.iter = self.looped_over(node.iter)
        node.target = self.visit(node.target)
        node.ifs = [self.test(item) for item in node.ifs]
        span = self.spans.of(node.target)
        if self.is_on and span and (value := nodes.as_value(node.target)):
            node.ifs.insert(0, self.bound(span, value))
        return node

    # What keeps its form.

    def visit_Call(self, node: ast.Call) -> ast.expr:
        match node.func:
            case ast.Name():
                pass
            case ast.Attribute():
                node.func = self.inside(node.func)
            case _:
                node.func = self.visit(node.func)
        node.args = [self.visit(item) for item in node.args]
        node.keywords = [self.visit(item) for item in node.keywords]
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        is_unpacked = any(isinstance(target, ast.Tuple | ast.List) for target in node.targets)
        keeps = is_unpacked and isinstance(node.value, ast.Tuple | ast.List)
        node.value = self.inside(node.value) if keeps else self.visit(node.value)
        node.targets = [self.visit(target) for target in node.targets]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        node.value = node.value and self.visit(node.value)
        return node

    def loop(self, node: ast.For | ast.AsyncFor) -> ast.stmt:
        seen, node.iter = self.looped_over(node.iter), ast.Constant(None)
        self.generic_visit(node)
        node.iter = seen
        return node

    visit_For = visit_AsyncFor = loop  # noqa: N815

    def looped_over(self, node: ast.expr) -> ast.expr:
        visited: ast.expr = self.inside(node) if isinstance(node, _DISPLAYS) else self.visit(node)
        return visited

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        node.left = self.visit(node.left)
        for index, (op, item) in enumerate(zip(node.ops, node.comparators, strict=True)):
            is_searched = isinstance(op, ast.In | ast.NotIn)
            node.comparators[index] = self.looped_over(item) if is_searched else self.visit(item)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        node.value = self.visit(node.value)
        keeps = isinstance(node.slice, ast.Slice | ast.Tuple)
        node.slice = self.inside(node.slice) if keeps else self.visit(node.slice)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        outer, self.spans.is_quoted = self.spans.is_quoted, True
        for item in node.values:
            if isinstance(item, ast.FormattedValue):
                item.value = self.visit(item.value)
                item.format_spec = item.format_spec and self.inside(item.format_spec)
        self.spans.is_quoted = outer
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        node.value = (
            self.inside(node.value) if nodes.is_wait(node.value) else self.visit(node.value)
        )
        return node

    def visit_TypeAlias(self, node: ast.AST) -> ast.AST:
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.ExceptHandler:
        node.body = [self.visit(item) for item in node.body]
        return node
