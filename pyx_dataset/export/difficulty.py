"""How hard a program is to follow, in four numbers; what "hard" is, is left to the reader."""

import ast
from collections.abc import Sequence
from statistics import median_low

from pyx_dataset.schema import Step

_LOOPS = ast.For | ast.AsyncFor | ast.While | ast.comprehension
_BLOCKS = _LOOPS | ast.If | ast.With | ast.AsyncWith | ast.Try | ast.Match


def difficulty(code: str, runs: Sequence[Sequence[Step]]) -> dict[str, int]:
    """
    Median steps of `runs`, loops, deepest nesting, and characters of the longest value in them.

    >>> difficulty("def f(xs): return [x for x in xs if x]", [])["loops"]
    1
    """
    tree = ast.parse(code)
    return {
        "steps": median_low([len(steps) for steps in runs] or [0]),
        "loops": sum(isinstance(node, _LOOPS) for node in ast.walk(tree)),
        "nesting": _nesting(tree),
        "value_chars": max(map(_longest, runs), default=0),
    }


def _longest(steps: Sequence[Step]) -> int:
    """Characters of the longest value that a reader of the trace must keep in mind."""
    changed = (change.value for step in steps for change in step.changed)
    returned = (step.value for step in steps if step.event == "return")
    return max((len(value) for value in (*changed, *returned) if value), default=0)


def _nesting(node: ast.AST) -> int:
    deepest = 0
    for child in ast.iter_child_nodes(node):
        # To the parser `elif` is an `if` inside `else`; to a reader it is no deeper.
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and [child] == node.orelse
        deepest = max(deepest, _nesting(child) - is_elif)
    return deepest + isinstance(node, _BLOCKS)
