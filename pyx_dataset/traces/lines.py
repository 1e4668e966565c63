"""What the text and the bytecode of a program say about the lines that CPython reports."""

import ast
import builtins
import dis
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType
from typing import NamedTuple

# Functions made below look builtins up here, so a program that patches `len` patches only its own.
globals()["__builtins__"] = dict(vars(builtins))

CO_OPTIMIZED, CO_VARARGS, CO_VARKEYWORDS = 0x01, 0x04, 0x08  # of `inspect`, too large to import


class Facts(NamedTuple):
    """What a frame of one code object can show, each name where the code first sets it."""

    parameters: tuple[str, ...]
    local: tuple[str, ...]
    """Parameters, other locals and closure variables."""
    shared: tuple[str, ...]
    """Globals that the code names."""
    hidden: tuple[range, ...]
    """
    Offsets inside comprehensions that CPython inlined (PEP 709, since 3.12). There, the
    comprehension's variables show among the locals and each pass makes line events.
    """


@lru_cache(maxsize=1)
def statement_starts(source: str) -> dict[int, int]:
    r"""
    For each line, the first line of the innermost statement (or block header) that holds it.

    >>> statement_starts("x = [\n  1,\n]\nif x:\n    del x")
    {1: 1, 2: 1, 3: 1, 4: 4, 5: 5}
    """
    starts: dict[int, int] = {}
    for node in ast.walk(ast.parse(source)):  # outer statements before the inner ones
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


@lru_cache(maxsize=1_000)
def facts(code: CodeType) -> Facts:
    """Read the bytecode of `code`, on any supported version."""
    varargs = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + varargs]
    instructions = list(dis.get_instructions(code))
    stored: list[str] = []
    shared: dict[str, None] = {}
    for item in instructions:
        if item.opname.endswith("_GLOBAL"):
            shared[item.argval] = None
        elif item.opname.startswith("STORE_"):
            # 3.13 joins two stores into one instruction, whose argument is a pair of names.
            stored += item.argval if type(item.argval) is tuple else (item.argval,)
    known = dict.fromkeys((*code.co_varnames, *code.co_cellvars, *code.co_freevars))
    local = dict.fromkeys((*parameters, *(name for name in stored if name in known), *known))
    hidden = tuple(_comprehensions(instructions))
    return Facts(parameters, tuple(local), tuple(shared), hidden)


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
