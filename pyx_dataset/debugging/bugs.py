"""All the ways to break one program by a single small edit, the likelier slips first."""

import ast
import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from warnings import catch_warnings, simplefilter

from libcst import ParserSyntaxError

from pyx_dataset.debugging.expressions import EXPRESSIONS
from pyx_dataset.debugging.source import Edit, Source
from pyx_dataset.debugging.statements import MAX_LINES, STATEMENTS
from pyx_dataset.schema import Trace

FIELD = frozenset((
    "arithmetic", "comparison", "boolean", "constant", "break_continue", "lost_slice_bound",
    "wrong_return", "negated_condition",
))  # fmt: skip
"""Operators of mutation testing; all others are slips as people and models make them."""
_LATER = 0.4
"""How far back an operator of `FIELD` is put in an order drawn from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A program with one edit."""

    operator: str
    code: str
    line: int
    """First line that differs, in the lines of the broken code."""


def mutants(code: str, traces: Sequence[Trace], rng: Random) -> Iterator[Mutant]:
    """
    The program broken in every known way, operator after operator, in a seeded order.

    Only lines that ran in `traces` are edited, and variables are confused only where these
    show them with the same type. Each differs from `code` in `MAX_LINES` lines at most.
    """
    try:
        source = Source.parse(code)
    except ParserSyntaxError:  # newer syntax than the parser's
        return
    seen = {code}
    for edit in _in_order(edits(source, traces), rng):
        broken = source.apply(edit)
        if broken not in seen and parses(broken) and 0 < _lines_apart(code, broken) <= MAX_LINES:
            seen.add(broken)
            yield Mutant(edit.operator, broken, first_line(code, broken))


def edits(source: Source, traces: Sequence[Trace]) -> Iterator[Edit]:
    """Every edit of every operator on the lines that ran."""
    kinds = observed(traces)
    for place in source.places():
        for operator in (*EXPRESSIONS, *STATEMENTS):
            for edit in operator(place, source, kinds):
                last = source.line(max(edit.start, edit.end - 1))
                if any(line in kinds for line in range(edit.line, last + 1)):
                    yield edit


def _in_order(found: Iterable[Edit], rng: Random) -> Iterator[Edit]:
    """One edit of each operator, then the next of each, operators in a seeded order."""
    by_operator: dict[str, list[Edit]] = {}
    for edit in found:
        by_operator.setdefault(edit.operator, []).append(edit)
    rank = {name: rng.random() + _LATER * (name in FIELD) for name in sorted(by_operator)}
    for group in by_operator.values():
        rng.shuffle(group)
    for number in range(max(map(len, by_operator.values()), default=0)):
        for name in sorted(by_operator, key=rank.__getitem__):
            yield from by_operator[name][number : number + 1]


def observed(traces: Iterable[Trace]) -> Mapping[int, Mapping[str, str]]:
    """By line that ran, the variables that had a value before it ran, each with its one type."""
    found: dict[int, dict[str, set[str]]] = {}
    for trace in traces:
        frames: list[dict[str, str]] = []
        for step in trace.steps:
            if step.event == "call":
                frames.append({})
            elif step.event == "line":
                here = found.setdefault(step.line, {})
                for name, kind in frames[-1].items():
                    here.setdefault(name, set()).add(kind)
            frames[-1].update((item.name, kind_of(item.value)) for item in step.changed)
            if step.event in ("return", "exception"):
                frames.pop()
    return {
        line: {name: min(kinds) for name, kinds in names.items() if len(kinds) == 1}
        for line, names in found.items()
    }


@lru_cache(maxsize=4096)
def kind_of(value: str) -> str:
    """
    The type of a canonical value.

    >>> kind_of("[1]"), kind_of("-2"), kind_of("<function f>")
    ('list', 'int', '<function f>')
    """
    try:
        return type(ast.literal_eval(value)).__name__
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return "set" if value == "set()" else value


def parses(code: str) -> bool:
    """Is it Python that compiles?"""
    try:
        with catch_warnings():
            simplefilter("ignore")  # ``is`` with a literal is a bug to our mind
            compile(code, "<mutant>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def first_line(code: str, broken: str) -> int:
    """The first line of `broken` that differs from `code`; the last one if only its end does."""
    left, right = code.splitlines(), broken.splitlines()
    pairs = enumerate(zip(left, right, strict=False), start=1)
    same = min(len(left), len(right))
    return min(next((number for number, (a, b) in pairs if a != b), same + 1), len(right))


def _lines_apart(code: str, broken: str) -> int:
    """Lines taken out or put in, whichever are more."""
    left, right = code.splitlines(), broken.splitlines()
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return max(len(left), len(right)) - same
