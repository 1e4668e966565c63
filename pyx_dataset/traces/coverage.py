"""Which lines and branches a program has, and which of them its executions ran.

A line is a statement, or the header of one, named by its first line. A branch is one way to go on
from a line that can go on to more than one other (``if``, ``while``, ``for``, ``case``): to the
line that follows, or out of the function by ``return``. Both are what a line trace can tell: the
two outcomes of ``x = a if b else c`` or of ``if b: x = 1`` inside one line that goes on to one
other are no branches, nor is the way that an exception takes, into ``except`` or out.
"""

import ast
import dis
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile
from types import CodeType

from pyx_dataset.schema import Step
from pyx_dataset.traces.lines import statement_starts

Branch = tuple[int, int]
"""From a line to the next of the same function; to 0 if the function returns there."""

_OUT = 0
_JUMPS = {*dis.hasjrel, *dis.hasjabs}
_ALWAYS = {"JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT"}
_ENDS = ("RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE")
_IS_A_FUNCTION = 0x2  # CO_NEWLOCALS: functions, not class bodies


@dataclass(frozen=True, slots=True)
class Points:
    """Places of a program that an execution can reach."""

    lines: frozenset[int]
    branches: frozenset[Branch]

    def all(self) -> frozenset[int | Branch]:
        """Lines and branches together."""
        return self.lines | self.branches

    def share(self, of: "Points") -> tuple[float, float]:
        """Share of the lines and of the branches `of` a program that are here, 0 to 1 each."""
        return (
            len(self.lines & of.lines) / len(of.lines) if of.lines else 1.0,
            len(self.branches & of.branches) / len(of.branches) if of.branches else 1.0,
        )


@lru_cache(maxsize=8)
def points_of(code: str, entry_point: str) -> Points:
    r"""
    What there is to reach by calls of `entry_point`, by CPython's own line and jump tables.

    Module level does not count: it runs on load. Nor do functions that nothing on the way from
    the entry point mentions by name, the ``def`` lines themselves, and what is inside a lambda
    or comprehension: it belongs to the line it stands in.

    >>> sorted(points_of("def f(x):\n    if x:\n        x = 1\n    return x\n", "f").branches)
    [(2, 3), (2, 4)]
    """
    starts = statement_starts(code)
    lines: set[int] = set()
    branches: set[Branch] = set()
    called = _mentioned(code, entry_point)
    for block in _functions(compile(code, "<program>", "exec", dont_inherit=True)):
        if not _may_enter(block, called):
            continue
        body = dropwhile(lambda item: item.opname != "RESUME", dis.get_instructions(block))
        next(body)
        lines |= {line for item in body if (line := _line(item, starts)) is not None}
        branches |= _branches(block, starts)
    return Points(frozenset(lines), frozenset(branches))


def reached(there: Points, steps: Iterable[Step]) -> Points:
    """Those of the points `there` that a trace reached."""
    lines: set[int] = set()
    ways: set[Branch] = set()
    frames: list[int] = []
    """The line each open function is at, the innermost last."""
    for step in steps:
        lines.add(step.line)
        if step.event == "call":
            frames.append(step.line)
        elif step.event == "line" and frames:
            ways.add((frames[-1], step.line))
            frames[-1] = step.line
        elif frames:
            if step.event == "return":
                ways.add((step.line, _OUT))
            frames.pop()
    return Points(there.lines & lines, there.branches & ways)


def together(found: Iterable[Points]) -> Points:
    """All that is in any of `found`."""
    found = list(found)
    return Points(
        frozenset[int]().union(*(item.lines for item in found)),
        frozenset[Branch]().union(*(item.branches for item in found)),
    )


def _mentioned(code: str, entry_point: str) -> set[str]:
    """
    Names of functions that a call of `entry_point` may enter.

    Those that it mentions, as a name, attribute or string, and those that they mention in turn.
    Classes and module-level values count with all that stands in them; but of a function that
    made such a value by being called, on load, only the functions inside it count.
    """
    mentions: dict[str, set[str]] = {}
    tree = ast.parse(code)
    made_on_load = {node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)}
    for node in ast.walk(tree):
        match node:
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                mentions.setdefault(name, set()).update(_names(node))
            case ast.Assign() | ast.AnnAssign() if node in made_on_load:
                called = {
                    part.func.id
                    for part in ast.walk(node)
                    if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)
                }
                inside = (_names(node) - called) | {f"{name}()" for name in called}
                for name in _names(node):
                    mentions.setdefault(name, set()).update(inside)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            inner = {each.name for each in ast.walk(node) if isinstance(each, ast.FunctionDef)}
            mentions[f"{node.name}()"] = inner - {node.name}
        elif isinstance(node, ast.ClassDef):
            mentions[f"{node.name}()"] = {node.name}
    found: set[str] = set()
    pending = [entry_point]
    while pending:
        if (name := pending.pop()) not in found:
            found.add(name)
            pending += mentions.get(name, ())
    return found


def _names(node: ast.AST) -> set[str]:
    found = set()
    for part in ast.walk(node):
        match part:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str(name)):
                found.add(name)
    return found


def _may_enter(block: CodeType, called: set[str]) -> bool:
    """Whether a function is among those `called`, or a method that Python itself may call."""
    owner, _, name = block.co_qualname.rpartition(".")
    is_implicit = name.startswith("__") and name.endswith("__")
    return name in called or (is_implicit and owner.rpartition(".")[2] in called)


def _functions(block: CodeType) -> Iterator[CodeType]:
    for inner in block.co_consts:
        if isinstance(inner, CodeType):
            yield from _functions(inner)
            if inner.co_flags & _IS_A_FUNCTION and not inner.co_name.startswith("<"):
                yield inner


def _line(item: dis.Instruction, starts: dict[int, int]) -> int | None:
    """The line of the statement that an instruction belongs to."""
    line = item.positions.lineno if item.positions else None
    return starts.get(line, line) if line else None


def _branches(block: CodeType, starts: dict[int, int]) -> set[Branch]:
    """The ways on from each line of `block` whose conditional jumps lead to more than one."""
    code = list(dis.get_instructions(block))
    places = {item.offset: index for index, item in enumerate(code)}
    lines = [_line(item, starts) for item in code]

    def after(index: int) -> list[int]:
        item = code[index]
        if item.opname.startswith(_ENDS):
            return []
        if item.opcode not in _JUMPS:
            return [index + 1]
        there = places[item.argval]
        return [there] if item.opname in _ALWAYS else [index + 1, there]

    ways: dict[int, set[int]] = {}
    for index, line in enumerate(lines):
        is_handler = index and code[index - 1].opname.startswith("CHECK_E")  # ``except``
        if line is None or is_handler or len(after(index)) < 2:
            continue
        pending, seen = after(index), set[int]()
        while pending:
            at = pending.pop()
            there = lines[at]
            if there is not None and there != line:
                ways.setdefault(line, set()).add(there)
            elif code[at].opname.startswith("RETURN_") and code[at].opname != "RETURN_GENERATOR":
                ways.setdefault(line, set()).add(_OUT)
            elif at not in seen:
                seen.add(at)
                pending += after(at)
    return {(line, way) for line, onward in ways.items() if len(onward) > 1 for way in onward}
