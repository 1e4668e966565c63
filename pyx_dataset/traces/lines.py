"""What the text and the bytecode of a program say about the lines that CPython reports."""

import ast
import builtins
import dis
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType
from typing import NamedTuple

from pyx_dataset.traces.effects import Effects, effects

# Functions made below look builtins up here, so a program that patches `len` patches only its own.
globals()["__builtins__"] = dict(vars(builtins))

CO_OPTIMIZED, CO_VARARGS, CO_VARKEYWORDS = 0x01, 0x04, 0x08  # of `inspect`, too large to import


class Facts(NamedTuple):
    """What a frame of one code object can show, each name where the code first sets it."""

    parameters: tuple[str, ...]
    local: tuple[str, ...]
    """Parameters, other locals and closure variables."""
    cells: tuple[str, ...]
    """Those of them that other functions can set as well."""
    shared: tuple[str, ...]
    """Globals that the code names."""
    stores: dict[int, frozenset[str]]
    """Names that the instructions of a line set or delete; 0 stands for those of no line."""
    hidden: tuple[range, ...]
    """
    Offsets inside comprehensions that CPython inlined (PEP 709, since 3.12). There, the
    comprehension's variables show among the locals and each pass makes line events.
    """


@lru_cache(maxsize=1)
def parsed(source: str) -> ast.Module:
    """The tree of a program, read once."""
    return ast.parse(source)


@lru_cache(maxsize=1)
def nodes_of(source: str) -> tuple[ast.AST, ...]:
    """All nodes of its tree, outer ones first; a walk through it costs as much as a call."""
    return tuple(ast.walk(parsed(source)))


@lru_cache(maxsize=1)
def effects_of(source: str) -> Effects:
    """What the statements of a program can change."""
    return effects(nodes_of(source))


@lru_cache(maxsize=1)
def statement_starts(source: str) -> dict[int, int]:
    r"""
    For each line, the first line of the innermost statement (or block header) that holds it.

    >>> statement_starts("x = [\n  1,\n]\nif x:\n    del x")
    {1: 1, 2: 1, 3: 1, 4: 4, 5: 5}
    """
    starts: dict[int, int] = {}
    for node in nodes_of(source):  # outer statements before the inner ones
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
                last = node.end_lineno
            case ast.match_case():
                first, last = node.pattern.lineno, node.body[-1].end_lineno
            case ast.stmt() | ast.ExceptHandler():
                first, last = node.lineno, node.end_lineno
            case _:
                continue
        start = first if isinstance(node, ast.match_case) else node.lineno
        starts.update(dict.fromkeys(range(first, (last or first) + 1), start))
    return starts


@lru_cache(maxsize=1)
def one_line_loops(source: str) -> frozenset[int]:
    r"""
    Lines that can run again without another line between, because a loop begins its body there.

    Elsewhere, a second event of one line is CPython's (3.11 makes some for ``a or b if c else d``).

    >>> sorted(one_line_loops("while x: x -= 1\nfor y in z:\n    del y"))
    [1]
    """
    found: set[int] = set()
    for node in nodes_of(source):
        match node:
            case ast.For(iter=last) | ast.AsyncFor(iter=last) | ast.While(test=last):
                if node.body[0].lineno == last.end_lineno:
                    found.update(range(node.lineno, node.body[0].lineno + 1))
    return frozenset(found)


Plan = tuple[int, tuple[str, ...], bool, tuple[str, ...], bool]
"""
What the tracer needs to know of a line of one code object: the first line of its statement; names
that the statement stores, in the order of `Facts.local`; whether it changes nothing else, as long
as all variables are plain data; names in ``x += ...``; whether it can run twice in a row.
"""


class Plans:
    """The plans of a code object's lines, made when they are first asked for."""

    def __init__(self, code: CodeType, source: str) -> None:
        self.code = code
        self.facts = facts(code)
        self.order = {name: i for i, name in enumerate((*self.facts.local, *self.facts.shared))}
        self.source = source
        self.known: dict[int, Plan] = {}

    def of(self, line: int) -> Plan:
        """The plan of `line`."""
        if line in self.known:
            return self.known[line]
        starts, known = statement_starts(self.source), effects_of(self.source)
        start = starts.get(line, line)
        stored = set(self.facts.stores.get(0, ()))
        for at, names in self.facts.stores.items():
            if starts.get(at, at) == start:
                stored |= names
        self.known[line] = plan = (
            start,
            tuple(sorted(stored, key=self.order.__getitem__)),
            start in known.stores_only and stored.isdisjoint(self.facts.shared),
            known.augmented.get(start, ()),
            line in one_line_loops(self.source),
        )
        return plan


@lru_cache(maxsize=1_000)
def facts(code: CodeType) -> Facts:
    """Read the bytecode of `code`, on any supported version."""
    varargs = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + varargs]
    known = list(dict.fromkeys((*code.co_varnames, *code.co_cellvars, *code.co_freevars)))
    instructions = list(dis.get_instructions(code))
    order = {name: (0, 0, index) for index, name in enumerate(parameters)}
    shared: dict[str, None] = {}
    stores: dict[int, set[str]] = {}
    for item in instructions:
        if item.opname.startswith(("STORE_FAST", "STORE_DEREF", "STORE_GLOBAL", "DELETE_")):
            names = item.argval if type(item.argval) is tuple else (item.argval,)
            line = item.positions.lineno if item.positions else None
            stores.setdefault(line or 0, set()).update(names)
        if item.opname.endswith("_GLOBAL"):
            shared[item.argval] = None
        elif item.opname.startswith("STORE_"):
            # The place in the source, because CPython may swap the stores of ``a, b = c, d``;
            # 3.13 also joins two into one instruction, whose argument is a pair of names.
            place = item.positions and (item.positions.lineno or 0, item.positions.col_offset or 0)
            for name in item.argval if type(item.argval) is tuple else (item.argval,):
                if name in known:
                    order.setdefault(name, (*(place or (0, 0)), known.index(name)))
    never = (1 << 30, 0)
    local = sorted(known, key=lambda name: order.get(name, (*never, known.index(name))))
    hidden = tuple(_comprehensions(instructions))
    named = {
        line: frozenset(name for name in names if name in shared or name in known)
        for line, names in stores.items()
    }
    cells = (*code.co_cellvars, *code.co_freevars)
    return Facts(parameters, tuple(local), cells, tuple(shared), named, hidden)


def _comprehensions(instructions: list[dis.Instruction]) -> Iterator[range]:
    """From where the variables of an inlined comprehension are put aside to where they return."""
    first = last = None
    for index, item in enumerate(instructions):
        if item.opname == "LOAD_FAST_AND_CLEAR" and first is None:
            first = item.offset
        elif item.opname == "FOR_ITER" and first is not None and last is None:
            last = item.argval
        elif first is not None and last is not None and item.offset >= last:
            if item.opname.startswith("STORE_FAST"):
                yield range(first, item.offset + 1)
                first = last = None
        elif item.opname == "RERAISE":  # an exception leaves the comprehension: they return too
            start = index
            while instructions[start - 1].opname.startswith(("STORE_FAST", "SWAP", "POP_TOP")):
                start -= 1
            yield range(instructions[start].offset, item.offset)
