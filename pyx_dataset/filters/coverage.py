"""Which lines a program has, and which of them its executions ran."""

from collections.abc import Iterable
from types import CodeType

from pyx_dataset.schema import Execution


def executable_lines(code: str) -> frozenset[int]:
    """
    Lines inside function bodies that can run, as CPython's own line table names them.

    Module level does not count: it runs on load. Nor do the ``def`` lines themselves.
    """
    lines: set[int] = set()
    pending = _inner(compile(code, "<program>", "exec"))
    while pending:
        block = pending.pop()
        pending += _inner(block)
        is_function = block.co_flags & 0x2  # CO_NEWLOCALS: functions, not class bodies
        if is_function and not block.co_name.startswith("<"):
            own = {line for _, _, line in block.co_lines() if line}
            lines |= own - {block.co_firstlineno}
    return frozenset(lines)


def coverage(code: str, executions: Iterable[Execution]) -> float:
    """Share of `executable_lines` that `executions` ran together, 0 to 1."""
    lines = executable_lines(code)
    ran = {step.line for execution in executions for step in execution.trace.steps}
    return len(lines & ran) / len(lines) if lines else 1.0


def _inner(block: CodeType) -> list[CodeType]:
    return [constant for constant in block.co_consts if isinstance(constant, CodeType)]
