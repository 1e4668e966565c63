"""Sums, products and texts put together, turned around: the operators of `invert`."""

import ast
import re
from typing import Any, Protocol

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.blocks import names_in
from pyx_dataset.monologues.run.literals import canonical, parse

Expression = ast.expr


class Solver(Protocol):
    """Who walks the expression, and hands an operator of it over to these functions."""

    def known(self, node: ast.expr) -> Any:
        """The value of a part that is settled already."""

    def is_known(self, node: ast.expr) -> bool:
        """Is a part settled?"""

    def hint(self, node: ast.expr) -> Any:
        """What a part was worth in the run that shows the types; None if that is unknown."""

    def down(self, part: ast.expr, value: Any, why: str, is_free: bool = False) -> None:
        """`part` is worth `value`, for the reason `why`; go on inside it."""


class NotInvertible(Exception):  # noqa: N818  (an answer, not a fault)
    """No way is known from the value back to the variables."""


class Contradicted(NotInvertible):
    """A part is settled, and is worth something else."""


def binary(solver: Solver, node: ast.BinOp, want: Any) -> None:
    """An operator of two sides; where both are open, a neutral value is chosen for one of them."""
    left, right = node.left, node.right
    if isinstance(node.op, ast.Add) and isinstance(want, str | list | tuple):
        _concatenated(solver, left, right, want)
        return
    if not solver.is_known(left) and not solver.is_known(right):
        _neutral(solver, node, want)
    if solver.is_known(right):
        _left_open(solver, node, want, solver.known(right))
    else:
        _right_open(solver, node, want, solver.known(left))


def _left_open(solver: Solver, node: ast.BinOp, want: Any, value: Any) -> None:
    left, shown = node.left, code(canonical(value))
    is_whole = type(want) is int and type(value) is int
    match node.op:
        case ast.Add():
            solver.down(left, want - value, f"without the {shown}")
        case ast.Sub():
            solver.down(left, want + value, f"{shown} was taken away")
        case ast.Mult():
            _product(solver, left, want, value)
        case ast.Div():
            found = want * value
            is_int = type(solver.hint(left)) is int and found == int(found)
            solver.down(left, int(found) if is_int else found, f"{shown} times that")
        case ast.FloorDiv():
            why = f"anything from {code(canonical(want * value))} up to the next multiple does"
            solver.down(left, want * value, why, is_free=True)
        case ast.Mod() if not isinstance(want, str):
            solver.down(left, want, f"any number with that remainder by {shown} does", is_free=True)
        case ast.Pow() if is_whole and value:
            solver.down(left, round(abs(want) ** (1 / value)), "as the root of that")
        case ast.LShift() if is_whole:
            solver.down(left, want >> value, f"moved back by {shown} bits")
        case ast.RShift() if is_whole:
            solver.down(left, want << value, "the bits that fell out are free", is_free=True)
        case ast.BitXor():
            solver.down(left, want ^ value, f"with {shown} taken out again")
        case ast.BitAnd() | ast.BitOr() if is_whole:
            solver.down(left, want, f"bits that {shown} hides are free", is_free=True)
        case _:
            raise NotInvertible


def _right_open(solver: Solver, node: ast.BinOp, want: Any, value: Any) -> None:
    right, shown = node.right, code(canonical(value))
    match node.op:
        case ast.Add():
            solver.down(right, want - value, f"without the {shown}")
        case ast.Sub():
            solver.down(right, value - want, f"{shown} minus it is left")
        case ast.Mult():
            _product(solver, right, want, value)
        case ast.BitXor():
            solver.down(right, want ^ value, f"with {shown} taken out again")
        case _:
            raise NotInvertible


_NEUTRAL: dict[type[ast.operator], int] = {
    ast.Add: 0, ast.Sub: 0, ast.Mult: 1, ast.Div: 1, ast.FloorDiv: 1, ast.Pow: 1,
    ast.LShift: 0, ast.RShift: 0, ast.BitXor: 0, ast.BitOr: 0,
}  # fmt: skip


def _neutral(solver: Solver, node: ast.BinOp, want: Any) -> None:
    """Both sides are open: settle the right one so that the left one has to give the value."""
    if set(names_in(node.left)) & set(names_in(node.right)):
        raise NotInvertible
    kind = type(solver.hint(node.right))
    if isinstance(node.op, ast.Mod) and type(want) is int and want >= 0:
        solver.down(node.right, want + 1, "any divisor above the remainder will do", is_free=True)
        return
    if type(node.op) not in _NEUTRAL or kind not in (int, float):
        raise NotInvertible
    neutral = kind(_NEUTRAL[type(node.op)])
    solver.down(node.right, neutral, "one of the two is ours to choose", is_free=True)


def _concatenated(solver: Solver, left: ast.expr, right: ast.expr, want: Any) -> None:
    if solver.is_known(left):
        start = solver.known(left)
        if want[: len(start)] != start:
            raise NotInvertible
        solver.down(right, want[len(start) :], f"behind {code(canonical(start))}")
    elif solver.is_known(right):
        end = solver.known(right)
        if want[len(want) - len(end) :] != end:
            raise NotInvertible
        solver.down(left, want[: len(want) - len(end)], f"in front of {code(canonical(end))}")
    elif isinstance(right, ast.List | ast.Tuple) and not isinstance(want, str):
        cut = len(want) - len(right.elts)
        if cut < 0:
            raise NotInvertible
        solver.down(right, want[cut:], "the end of it")
        solver.down(left, want[:cut], "the rest of it")
    else:
        _chain(solver, [*_terms(left), *_terms(right)], want)


def _chain(solver: Solver, terms: list[ast.expr], want: Any) -> None:
    """A text put together from several open parts: cut it at the parts that are settled."""
    if not isinstance(want, str) or not all(
        solver.is_known(term) or isinstance(solver.hint(term), str) for term in terms
    ):
        raise NotInvertible
    gaps = [term for term in terms if not solver.is_known(term)]
    match = re.fullmatch(
        "".join(
            re.escape(solver.known(term)) if solver.is_known(term) else "(.*?)" for term in terms
        ),
        want,
        re.DOTALL,
    )
    if match is None:
        raise NotInvertible
    if len(gaps) == len(terms):
        # Nothing says where one part ends: all of it is the first, and the others are empty.
        for number, term in enumerate(gaps):
            solver.down(term, "" if number else want, "where to cut is ours to choose", True)
        return
    for term, text in zip(gaps, match.groups(), strict=True):
        solver.down(term, text, "cut at the parts that are fixed", is_free=True)


def _product(solver: Solver, open_side: ast.expr, want: Any, times: Any) -> None:
    if isinstance(want, str | list | tuple) and type(times) is int and times > 0:
        solver.down(open_side, want[: len(want) // times], f"{times} times over")
    elif type(want) is int and type(times) is int and times and want % times == 0:
        why = f"{code(canonical(times))} times that is wanted"
        solver.down(open_side, want // times, why)
    elif isinstance(want, float) and times:
        value = want / times
        is_int = type(solver.hint(open_side)) is int and value == int(value)
        why = f"{code(canonical(times))} times that is wanted"
        solver.down(open_side, int(value) if is_int else value, why)
    else:
        raise NotInvertible


def formatted(solver: Solver, parts: list[ast.expr], want: str) -> None:
    """A text with one gap that is open: what stands between its fixed parts."""
    texts: list[str | ast.expr] = []
    for part in parts:
        match part:
            case ast.Constant(value=str(text)):
                texts.append(text)
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                texts.append(format(solver.known(value)) if solver.is_known(value) else value)
            case _:
                raise NotInvertible
    gaps = [index for index, item in enumerate(texts) if isinstance(item, ast.expr)]
    if len(gaps) != 1:
        raise NotInvertible
    start = "".join(str(item) for item in texts[: gaps[0]])
    end = "".join(str(item) for item in texts[gaps[0] + 1 :])
    gap = texts[gaps[0]]
    if not want.startswith(start) or not want.endswith(end) or not isinstance(gap, ast.expr):
        raise NotInvertible
    middle = want[len(start) : len(want) - len(end)]
    hint = solver.hint(gap)
    inside: Any = middle if isinstance(hint, str) else parse(middle)
    solver.down(gap, inside, "between the fixed parts")


def _terms(node: ast.expr) -> list[ast.expr]:
    """What is added up in ``a + b + c``."""
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [*_terms(left), *_terms(right)]
    return [node]
