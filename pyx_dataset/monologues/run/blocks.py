"""How the code is built: the statement on each line, the span of its block, the names it binds."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from warnings import catch_warnings, simplefilter

Node = ast.stmt | ast.ExceptHandler | ast.match_case


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One statement; of a compound one, its header."""

    node: Node
    line: int
    """First line: the one its label stands for."""
    kind: str
    """``for``, ``while``, ``if``, ``return``, ``assign``, ``break`` ... or ``other``."""
    block: range
    """Lines of the block under the header; empty without one, or when it shares the line."""
    end: int
    """Last line of the statement, its block and its ``else``."""
    targets: frozenset[str]
    """Variables that it may bind, or whose object it may change."""
    test: ast.expr | None
    """What decides, for ``if`` and ``while``; None where nothing has to be decided."""

    @property
    def has_own_block(self) -> bool:
        """The block stands on lines of its own, so a trace shows whether it was entered."""
        return len(self.block) > 0


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The structure of one program."""

    tree: ast.Module
    by_line: Mapping[int, Statement]
    functions: Mapping[str, ast.FunctionDef]
    bound: frozenset[str]
    """Every name bound anywhere, so that a redefined builtin is not mistaken for it."""
    variables: frozenset[str]
    """Parameters, and what is bound inside functions."""
    constants: Mapping[str, str]
    """Module-level names with an immutable literal, bound once."""
    generators: frozenset[str]
    """Functions that yield."""
    stateful: frozenset[str]
    """Classes whose methods set attributes."""


_KINDS: dict[type[ast.AST], str] = {
    ast.For: "for", ast.While: "while", ast.If: "if", ast.Return: "return",
    ast.Assign: "assign", ast.AugAssign: "assign", ast.AnnAssign: "assign",
    ast.Expr: "expression", ast.Break: "break", ast.Continue: "continue", ast.Pass: "pass",
    ast.FunctionDef: "def", ast.ClassDef: "class", ast.Raise: "raise", ast.With: "with",
    ast.Try: "try", ast.ExceptHandler: "except", ast.match_case: "case", ast.Match: "match",
    ast.Import: "import", ast.ImportFrom: "import", ast.Assert: "assert", ast.Delete: "delete",
}  # fmt: skip

_COMPOUND = (
    ast.For, ast.While, ast.If, ast.With, ast.Try, ast.FunctionDef, ast.ClassDef,
    ast.ExceptHandler, ast.match_case,
)  # fmt: skip


def root_name(node: ast.AST) -> str | None:
    """The variable under ``x``, ``x[0].y`` or ``*x``."""
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Starred):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _bound_by(node: ast.AST) -> Iterator[str | None]:
    """Names that one node binds or whose object it may change."""
    match node:
        case ast.Assign(targets=targets) | ast.Delete(targets=targets):
            for target in targets:
                yield from _flat(target)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target) | ast.For(target=target):
            yield from _flat(target)
        case ast.NamedExpr(target=target):
            yield target.id
        case ast.With(items=items):
            for item in items:
                if item.optional_vars:
                    yield from _flat(item.optional_vars)
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.ExceptHandler(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            for alias in names:
                yield (alias.asname or alias.name).partition(".")[0]
        case ast.Call(func=ast.Attribute(value=receiver)):
            yield root_name(receiver)
        case ast.MatchAs(name=name) | ast.MatchStar(name=name):
            yield name


def _flat(target: ast.expr) -> Iterator[str | None]:
    if isinstance(target, ast.Tuple | ast.List):
        for item in target.elts:
            yield from _flat(item)
    else:
        yield root_name(target)


def own_parts(node: Node) -> Iterator[ast.AST]:
    """`node` and what is under it, without the statements of its blocks."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, Node):
            yield from ast.walk(child)


def _test(node: Node) -> ast.expr | None:
    if isinstance(node, ast.If | ast.While) and not isinstance(node.test, ast.Constant):
        return node.test
    return None


def _statement(node: Node) -> Statement:
    if isinstance(node, ast.match_case):
        line, end = node.pattern.lineno, node.body[-1].end_lineno or node.pattern.lineno
    else:
        line, end = node.lineno, node.end_lineno or node.lineno
    block = range(0)
    if isinstance(node, _COMPOUND):
        body = node.body
        first = body[0].lineno
        if isinstance(body[0], ast.FunctionDef | ast.ClassDef):
            first = min([first, *(item.lineno for item in body[0].decorator_list)])
        if first > line:
            block = range(first, (body[-1].end_lineno or first) + 1)
    return Statement(
        node=node,
        line=line,
        kind=_KINDS.get(type(node), "other"),
        block=block,
        end=end,
        targets=frozenset(name for part in own_parts(node) for name in _bound_by(part) if name),
        test=_test(node),
    )


def _by_line(tree: ast.Module) -> dict[int, Statement]:
    """The outermost statement whose own lines, without its block, hold each line."""
    found: dict[int, Statement] = {}
    for node in ast.walk(tree):
        if isinstance(node, Node):
            statement = _statement(node)
            last = statement.block.start - 1 if statement.has_own_block else statement.end
            for line in range(statement.line, last + 1):
                # `walk` goes from the outside in: a one-line `if x: return` keeps its header,
                # while a line inside `try:`, `else:` ... goes to the statement that starts there.
                if line not in found or statement.line > found[line].line:
                    found[line] = statement
    return found


def _constants(tree: ast.Module) -> dict[str, str]:
    texts: dict[str, str] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value)):
                if name in texts:
                    texts.pop(name)
                else:
                    texts[name] = repr(value)
    changed = {
        name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names
    }
    return {name: text for name, text in texts.items() if name not in changed}


def _sets_attributes(node: ast.ClassDef) -> bool:
    return any(
        isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store)
        for part in ast.walk(node)
    )


@lru_cache(maxsize=64)
def outline(code: str) -> Outline:
    """The structure of `code`, which must compile."""
    with catch_warnings():
        simplefilter("ignore")  # about backslashes in the program's strings
        tree = ast.parse(code)
    nodes = list(ast.walk(tree))
    functions = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}
    parameters = {node.arg for node in nodes if isinstance(node, ast.arg)}
    bound = {name for node in nodes for name in _bound_by(node) if name} | parameters
    generators = {
        name
        for name, function in functions.items()
        if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function))
    }
    return Outline(
        tree=tree,
        by_line=MappingProxyType(_by_line(tree)),
        functions=MappingProxyType(functions),
        bound=frozenset(bound),
        variables=frozenset(
            parameters
            | {
                node.id
                for function in functions.values()
                for node in ast.walk(function)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
            | {node.name for node in nodes if isinstance(node, ast.ExceptHandler) and node.name}
        ),
        constants=MappingProxyType(_constants(tree)),
        generators=frozenset(generators),
        stateful=frozenset(
            node.name for node in nodes if isinstance(node, ast.ClassDef) and _sets_attributes(node)
        ),
    )


@lru_cache(maxsize=4096)
def source_of(node: ast.AST) -> str:
    """The source of a node, which must not be changed: a loop asks for it in every pass."""
    return ast.unparse(node)


@lru_cache(maxsize=4096)
def names_in(node: ast.AST) -> tuple[str, ...]:
    """Names that a node, which must not be changed, reads: in order of appearance, each once."""
    return tuple(
        dict.fromkeys(
            part.id
            for part in ast.walk(node)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
        )
    )
