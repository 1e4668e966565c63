"""What happens inside one line: the values of its parts, in the order they are worked out."""

import ast
from collections.abc import Iterator
from contextlib import suppress

from pyx_dataset.monologues.run.blocks import Outline, source_of
from pyx_dataset.monologues.run.literals import Unknown, canonical, tree
from pyx_dataset.monologues.run.reckon import State, reckon, reckon_text
from pyx_dataset.monologues.run.story import Moment

MAX_PART_CHARS = 60
"""A longer value of a part is not told: it would drown the line."""
MAX_PARTS = 3


def parts(node: ast.expr, state: State, plan: Outline) -> list[tuple[str, str]]:
    """
    Source and value of the telling parts of `node`, innermost first, without `node` itself.

    A part that cannot be worked out from `state` is left out.
    """
    found: dict[str, str] = {}
    for part in _evaluated(node, state, plan.bound):
        if part is node or not isinstance(
            part, ast.Call | ast.Subscript | ast.BinOp | ast.ListComp
        ):
            continue
        value = reckon_text(part, state, plan.bound)
        if value is not None and len(value) <= MAX_PART_CHARS:
            found.setdefault(source_of(part), value)
    return [(source, value) for source, value in found.items() if source != value][-MAX_PARTS:]


def _evaluated(node: ast.AST, state: State, bound: frozenset[str]) -> Iterator[ast.expr]:
    """Sub-expressions that run in the state of the line itself, children before parents."""
    children: list[ast.AST]
    match node:
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            children = [node.generators[0].iter]
        case ast.Lambda() | ast.JoinedStr():
            children = []
        case ast.IfExp(test=test):
            children = [test]
            with suppress(Unknown):
                children.append(node.body if reckon(test, state, bound) else node.orelse)
        case ast.BoolOp(values=values):
            children = list(_reached(values, isinstance(node.op, ast.And), state, bound))
        case _:
            children = list(ast.iter_child_nodes(node))
    for child in children:
        yield from _evaluated(child, state, bound)
    if isinstance(node, ast.expr):
        yield node


def _reached(
    values: list[ast.expr], is_and: bool, state: State, bound: frozenset[str]
) -> Iterator[ast.expr]:
    for value in values:
        yield value
        try:
            if bool(reckon(value, state, bound)) is not is_and:
                return
        except Unknown:
            return


def known(moment: Moment, plan: Outline, state: State | None = None) -> dict[str, str]:
    """
    What an expression on the line of `moment` can be worked out from.

    Variables (of `state`, or as they were before the line ran), constants of the module, and
    what the program's own functions returned to this line, under the source of their call.
    """
    variables = moment.before if state is None else state
    if not moment.results:  # the usual case, and walking a statement takes its time
        return {**plan.constants, **variables}
    returned: dict[str, str] = {}
    calls = list(_own_calls(moment.statement.node, plan)) if moment.statement else []
    if [name for name, _ in calls] == [name for name, _ in moment.results]:
        for (_, source), (_, value) in zip(calls, moment.results, strict=True):
            if returned.setdefault(source, value) != value:
                returned[source] = "<several values>"
    return {**plan.constants, **variables, **returned}


def noted(dump: str, moment: Moment) -> tuple[str, ...]:
    """What the trace noted that an expression, by its `ast.dump`, gave during `moment`."""
    found = [part.value for part in moment.parts if _tree(part.text) == dump]
    return () if None in found else tuple(value for value in found if value is not None)


def _tree(source: str) -> str:
    try:
        return tree(source)
    except Unknown:  # the variables of a pass, `k, v`
        return ""


def _own_calls(node: ast.AST, plan: Outline) -> Iterator[tuple[str, str]]:
    """Calls of the program's functions, in the order in which they run: name and source."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt):
            yield from _own_calls(child, plan)
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in plan.functions:
            yield name, source_of(node)


def decisive(test: ast.expr, state: State, plan: Outline) -> ast.expr:
    """The operand that settles an ``and`` or ``or`` before its end; otherwise `test` itself."""
    match test:
        case ast.BoolOp(op=op, values=values):
            *_, last = _reached(values, isinstance(op, ast.And), state, plan.bound)
            with suppress(Unknown):
                if bool(reckon(last, state, plan.bound)) is isinstance(op, ast.Or):
                    return decisive(last, state, plan)
    return test


def with_values(node: ast.expr, state: State, plan: Outline, max_chars: int = 16) -> str | None:
    """
    `node` with values put in for its operands: ``x > best`` becomes ``4 > 2``.

    None where a value is unknown or longer than `max_chars`, or where nothing would change.
    """
    if not isinstance(node, ast.Compare | ast.BinOp | ast.BoolOp | ast.UnaryOp):
        return None
    try:
        text = ast.unparse(_put_in(node, state, plan.bound, max_chars))
    except Unknown:
        return None
    return text if text != source_of(node) else None


def _put_in(node: ast.expr, state: State, bound: frozenset[str], max_chars: int) -> ast.expr:
    def put(part: ast.expr) -> ast.expr:
        return _put_in(part, state, bound, max_chars)

    match node:
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            return ast.Compare(put(left), ops, [put(part) for part in comparators])
        case ast.BinOp(left=left, op=op, right=right):
            return ast.BinOp(put(left), op, put(right))
        case ast.BoolOp(op=op, values=values):
            reached = list(_reached(values, isinstance(op, ast.And), state, bound))
            if len(reached) < len(values):
                raise Unknown("the rest is not worked out")
            return ast.BoolOp(op, [put(part) for part in values])
        case ast.UnaryOp(op=ast.Not() as op, operand=operand):
            return ast.UnaryOp(op, put(operand))
    text = canonical(reckon(node, state, bound))
    if len(text) > max_chars:
        raise Unknown(text)
    return ast.parse(text, mode="eval").body


def matches(node: ast.expr, claimed: ast.expr, state: State, plan: Outline) -> bool | None:
    """
    Is `claimed` a true account of `node` in `state`, operand by operand where the shapes agree?

    None where the value of `node` is unknown.
    """
    pairs: list[tuple[ast.expr, ast.expr]] = []
    match node, claimed:
        case ast.Compare(), ast.Compare() if _same_ops(node.ops, claimed.ops):
            pairs = [(node.left, claimed.left)]
            pairs += zip(node.comparators, claimed.comparators, strict=True)
        case ast.BinOp(), ast.BinOp() if _same_ops([node.op], [claimed.op]):
            pairs = [(node.left, claimed.left), (node.right, claimed.right)]
        case ast.BoolOp(), ast.BoolOp() if _same_ops([node.op], [claimed.op]):
            if len(node.values) == len(claimed.values):
                pairs = list(zip(node.values, claimed.values, strict=True))
        case ast.UnaryOp(op=ast.Not()), ast.UnaryOp(op=ast.Not()):
            pairs = [(node.operand, claimed.operand)]
    if pairs:
        verdicts = [matches(*pair, state, plan) for pair in pairs]
        return None if None in verdicts else all(verdicts)
    actual = reckon_text(node, state, plan.bound)
    if actual is None:
        return None
    return actual in (reckon_text(claimed, {}), ast.unparse(claimed))


def _same_ops(left: list[ast.cmpop] | list[ast.operator] | list[ast.boolop], right: object) -> bool:
    return isinstance(right, list) and [type(op) for op in left] == [type(op) for op in right]
