"""What has to change in a broken program, as small as it can be said."""

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from warnings import catch_warnings, simplefilter


@dataclass(frozen=True, slots=True)
class Gap:
    """Neighbouring lines that differ."""

    start: int
    """1-based first line of the broken program that is replaced; the line behind, if none is."""
    old: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def is_indentation(self) -> bool:
        """Do the lines only stand at another level?"""
        return [line.strip() for line in self.old] == [line.strip() for line in self.new]


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """A piece of the broken program and what should stand there."""

    old: ast.AST
    new: ast.AST

    @property
    def texts(self) -> tuple[str, str]:
        """Both as source."""
        return written(self.old), written(self.new)


def written(node: ast.AST) -> str:
    """
    The source of a node; a generator that is the only argument has no parentheses of its own.

    >>> written(ast.parse("all(len(s) > 1 for s in (t for t in x))", mode="eval"))
    'all(len(s) > 1 for s in (t for t in x))'
    """
    text = ast.unparse(node)
    for part in ast.walk(node):
        match part:
            case ast.Call(args=[ast.GeneratorExp() as only], keywords=[]):
                inner = ast.unparse(only)
                text = text.replace(f"({inner})", inner)
    return text


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """All that two programs differ in."""

    gaps: tuple[Gap, ...]
    pairs: tuple[Pair, ...]
    """Expressions that differ, the smallest first, each inside the next; then their statement."""


@lru_cache(maxsize=8)
def difference(buggy: str, fixed: str) -> Difference:
    """Compare two programs by their lines and by their syntax trees."""
    left, right = buggy.splitlines(), fixed.splitlines()
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    gaps = tuple(
        Gap(a + 1, tuple(left[a:b]), tuple(right[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    )
    with catch_warnings():
        simplefilter("ignore")  # about backslashes in the program's strings
        chain = _narrow(ast.parse(buggy), ast.parse(fixed))
    pairs = [item for item in chain if isinstance(item.old, ast.expr | ast.stmt)]
    inner: list[Pair] = []
    for pair in reversed(pairs):
        inner.append(pair)
        if isinstance(pair.old, ast.stmt):
            break
    return Difference(gaps, tuple(inner))


def _narrow(old: ast.AST, new: ast.AST) -> Iterator[Pair]:
    """From the whole to the smallest part that holds all that differs."""
    yield Pair(old, new)
    if type(old) is not type(new):
        return
    unlike = list(_unlike(old, new))
    match unlike:
        case [(ast.AST() as one, ast.AST() as other)]:
            yield from _narrow(one, other)


def _unlike(old: ast.AST, new: ast.AST) -> Iterator[tuple[object, object]]:
    for name in old._fields:
        one, other = getattr(old, name, None), getattr(new, name, None)
        if isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                yield None, None
                continue
            sides = list(zip_longest(one, other))
        else:
            sides = [(one, other)]
        yield from (side for side in sides if not _alike(*side))


def _alike(one: object, other: object) -> bool:
    if isinstance(one, ast.AST) and isinstance(other, ast.AST):
        return ast.dump(one) == ast.dump(other)
    return type(one) is type(other) and one == other
