"""Play the recorded changes back, and find what is wrong with a trace."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pyx_dataset.schema import Outcome, Step, Trace

DELETED = "<deleted>"


@dataclass(frozen=True, slots=True)
class Frame:
    """One stay in a function: from a ``call`` step to the ``return`` or ``exception`` that ends it.

    Each resumption of a generator is a stay of its own, which shows only what changed in it.
    """

    function: str
    first: int
    """Index of its ``call`` step."""
    last: int
    variables: dict[str, str]
    """What the changes add up to when it ends."""


def replay(steps: tuple[Step, ...]) -> tuple[Frame, ...]:
    """
    The stays in order of their end, so the called function comes last.

    Raises:
        ValueError: the steps are not well nested; the message names the first bad one.
    """
    ended: list[Frame] = []
    running: list[tuple[int, dict[str, str]]] = []
    for index, step in enumerate(steps):
        if step.event == "call":
            running.append((index, {}))
        if step.depth != len(running) - 1:
            raise ValueError(f"step {index} is at depth {step.depth}, expected {len(running) - 1}")
        first, variables = running[-1]
        if step.function != steps[first].function:
            raise ValueError(f"step {index} is in {step.function}, not {steps[first].function}")
        for change in step.changed:
            if change.value == DELETED:
                variables.pop(change.name, None)
            else:
                variables[change.name] = change.value
        if step.event in ("return", "exception"):
            running.pop()
            ended.append(Frame(step.function, first, index, variables))
    if running:
        raise ValueError(f"{steps[running[-1][0]].function}() never ends")
    return tuple(ended)


def replay_errors(trace: Trace) -> list[str]:
    """What contradicts what inside `trace`, in words; nothing if it fits together."""
    if not trace.steps:
        return ["the trace has no steps"]
    try:
        replay(trace.steps)
    except ValueError as error:
        return [str(error)]
    return [*_wrong_lines(trace), *_wrong_ends(trace), *_wrong_returns(trace)]


def _wrong_lines(trace: Trace) -> list[str]:
    texts = trace.code.split("\n")
    written = {number for number, text in enumerate(texts, start=1) if text.strip()}
    return [
        f"step {index} is at line {step.line}, which the program does not have"
        for index, step in enumerate(trace.steps)
        if step.line not in written
    ]


def _wrong_returns(trace: Trace) -> list[str]:
    """What a ``return`` gives is the variable it names, and the part that it ends with."""
    returns = _plain_returns(trace.code)
    parts = {(part.step, part.text): part.value for part in trace.parts or ()}
    errors = []
    for frame in replay(trace.steps):
        last, node = trace.steps[frame.last], returns.get(trace.steps[frame.last].line)
        if last.event != "return" or node is None:
            continue
        text = ast.get_source_segment(trace.code, node) or ""
        before = [i for i in range(frame.first, frame.last) if trace.steps[i].depth == last.depth][
            -1
        ]
        known = frame.variables if isinstance(node, ast.Name) else {}
        for found in (known.get(text), parts.get((before, text))):
            if found is not None and found != last.value:
                errors.append(f"step {frame.last} returns {last.value}, but {text} is {found}")
    return errors


@lru_cache(maxsize=8)
def _plain_returns(code: str) -> Mapping[int, ast.expr]:
    """By line, what stands after ``return``, where nothing can run after it."""
    found: dict[int, ast.expr] = {}
    held: set[ast.AST] = set()
    module = ast.parse(code)
    for node in ast.walk(module):
        is_tried = isinstance(node, ast.Try | ast.TryStar) and node.finalbody
        if is_tried or isinstance(node, ast.With | ast.AsyncWith) or node in held:
            held.update(ast.iter_child_nodes(node))
    for node in ast.walk(module):
        if isinstance(node, ast.Return) and node.value is not None and node not in held:
            found[node.lineno] = node.value
    return found


def _wrong_ends(trace: Trace) -> list[str]:
    errors = []
    first, last = trace.steps[0], trace.steps[-1]
    called = ast.parse(trace.call.strip(), mode="eval").body
    if isinstance(called, ast.Call) and isinstance(called.func, ast.Name):
        name = called.func.id
        if first.function not in (name, "__init__"):
            errors.append(f"the first step calls {first.function}(), but the call is of {name}()")
    if trace.outcome is Outcome.RETURNED and (last.event, last.value) != ("return", trace.value):
        errors.append(f"the last step is {last.event} {last.value}, but it returned {trace.value}")
    if trace.outcome is Outcome.RAISED and not (
        last.event == "exception" and (trace.exception or "").startswith(last.value or "")
    ):
        errors.append(f"the last step is {last.event} {last.value}, but raised {trace.exception}")
    return errors
