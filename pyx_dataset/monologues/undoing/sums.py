"""Sums, products and texts put together, turned around: the operators of `invert`."""

import ast
import re
from typing import Any, Protocol

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.literals import canonical, parse


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


def binary(solver: Solver, node: ast.BinOp, want: Any) -> None:
    """An operator of two sides, of which one is settled."""
    left, right = node.left, node.right
    match node.op:
        case ast.Add() if isinstance(want, str | list | tuple):
            _concatenated(solver, left, right, want)
        case ast.Add() if solver.is_known(right):
            value = solver.known(right)
            solver.down(left, want - value, f"without the {code(canonical(value))}")
        case ast.Add() if solver.is_known(left):
            value = solver.known(left)
            solver.down(right, want - value, f"without the {code(canonical(value))}")
        case ast.Sub() if solver.is_known(right):
            value = solver.known(right)
            solver.down(left, want + value, f"{code(canonical(value))} was taken away")
        case ast.Sub() if solver.is_known(left):
            value = solver.known(left) - want
            solver.down(right, value, f"{code(canonical(solver.known(left)))} minus it is left")
        case ast.Mult():
            _product(solver, left, right, want)
        case ast.FloorDiv() if solver.is_known(right):
            step = solver.known(right)
            why = f"anything from {code(canonical(want * step))} up to the next multiple does"
            solver.down(left, want * step, why, is_free=True)
        case ast.Mod() if solver.is_known(right) and not isinstance(want, str):
            step = code(canonical(solver.known(right)))
            solver.down(left, want, f"any number with that remainder by {step} does", is_free=True)
        case ast.Pow() if solver.is_known(right) and type(want) is int:
            value = round(want ** (1 / solver.known(right)))
            solver.down(left, value, "as the root of that")
        case _:
            raise NotInvertible


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
    if match is None or len(gaps) == len(terms):
        raise NotInvertible
    for term, text in zip(gaps, match.groups(), strict=True):
        solver.down(term, text, "cut at the parts that are fixed", is_free=True)


def _product(solver: Solver, left: ast.expr, right: ast.expr, want: Any) -> None:
    if solver.is_known(left):
        left, right = right, left
    if not solver.is_known(right):
        raise NotInvertible
    times = solver.known(right)
    if isinstance(want, str | list | tuple) and type(times) is int and times > 0:
        solver.down(left, want[: len(want) // times], f"{times} times over")
    elif type(want) is int and type(times) is int and times and want % times == 0:
        solver.down(left, want // times, f"{code(canonical(times))} times that is wanted")
    elif isinstance(want, float) and times:
        solver.down(left, want / times, f"{code(canonical(times))} times that is wanted")
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
