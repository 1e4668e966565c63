"""What the text of a program offers to speak of: its expressions, calls, loops and variables."""

import ast
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pyx_dataset.monologues.run.blocks import Outline, Statement, outline, root_name

_CHANGING = frozenset({
    "add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "reverse",
    "setdefault", "sort", "update",
})  # fmt: skip
TAKING_NAMES = frozenset({"pop", "popitem"})
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One sub-expression of the program."""

    node: ast.expr
    statement: Statement
    around: tuple[Comprehension, ...]
    """Comprehensions whose variables it may read, from the outside in."""
    dump: str


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The parts of one program, and names by their role."""

    plan: Outline
    parts: tuple[Part, ...]
    functions: frozenset[str]
    bound: frozenset[str]
    called: frozenset[str]
    """Functions and methods that are called, by their last name."""
    methods: frozenset[str]
    """Those of `called` that follow a dot."""
    churning: frozenset[int]
    """Lines that change a thing so often that no step shows, or lets work out, what is between."""
    fleeting: frozenset[str]
    """Variables of comprehensions and lambdas, which no state of a trace shows."""


@lru_cache(maxsize=64)
def facts(code: str) -> Facts:
    """The facts of `code`, which must compile."""
    plan = outline(code)
    statements = list({id(item): item for item in plan.by_line.values()}.values())
    parts = tuple(part for item in statements for part in _parts_of(item))
    nodes = [part.node for part in parts]
    functions = {node.func for node in nodes if isinstance(node, ast.Call)}
    methods = {node.attr for node in functions if isinstance(node, ast.Attribute)}
    # `str.lower` handed to `map` is spoken of as a call, too.
    methods |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    called = {node.id for node in functions if isinstance(node, ast.Name)} | methods
    return Facts(
        plan=plan,
        parts=parts,
        functions=frozenset(plan.functions),
        bound=plan.bound,
        called=frozenset(called),
        methods=frozenset(methods),
        churning=frozenset(item.line for item in statements if _churns(item)),
        fleeting=frozenset(_fleeting(nodes)),
    )


def _parts_of(statement: Statement) -> Iterator[Part]:
    for child in ast.iter_child_nodes(statement.node):
        if isinstance(child, ast.expr | ast.withitem):
            # What `xs.append(x)` gives is of no interest: such a line is run for what it does.
            is_bare = isinstance(statement.node, ast.Expr) and isinstance(child, ast.Call)
            yield from itertools.islice(_inside(child, statement, ()), int(is_bare), None)


def _churns(statement: Statement) -> bool:
    """Does the line change one thing three times, or twice and not by taking something out?"""
    changed: list[str | None] = []
    for part in ast.iter_child_nodes(statement.node):
        for node in ast.walk(part) if not isinstance(part, ast.stmt) else ():
            match node:
                case ast.Call(func=ast.Attribute(value=receiver, attr=name)) if name in _CHANGING:
                    changed += [root_name(receiver)] * (1 if name in TAKING_NAMES else 2)
    return any(changed.count(name) > 3 for name in changed)


def _inside(
    node: ast.AST, statement: Statement, around: tuple[Comprehension, ...]
) -> Iterator[Part]:
    """`node` and its parts; what a comprehension goes over first is worked out outside of it."""
    if isinstance(node, ast.expr):
        yield Part(node, statement, around, ast.dump(node))
    first: ast.expr | None = None
    inner = around
    match node:
        case ast.Lambda():
            return
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            first, inner = node.generators[0].iter, (*around, node)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.comprehension):
            yield from _inside(child.iter, statement, around if child.iter is first else inner)
            for test in child.ifs:
                yield from _inside(test, statement, inner)
        else:
            yield from _inside(child, statement, inner)


def _fleeting(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.Lambda(args=arguments):
                yield from (item.arg for item in arguments.args)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                for clause in node.generators:
                    for part in ast.walk(clause.target):
                        if isinstance(part, ast.Name):
                            yield part.id
