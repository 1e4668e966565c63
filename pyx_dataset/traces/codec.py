"""Steps on the wire between the sandbox and us: lists of plain JSON, checked when they arrive."""

from functools import lru_cache
from typing import Any

from pyx_dataset.schema import EVENTS, Change, Event, Part, Step

_LISTS = (list, tuple)


def encode_steps(steps: tuple[Step, ...]) -> list[list[Any]]:
    """What `pyx_dataset.traces.tracer.Tracer.steps` holds, from the records."""
    return [
        [
            step.event,
            step.line,
            step.depth,
            step.function,
            [[change.name, change.value] for change in step.changed],
            step.value,
        ]
        for step in steps
    ]


def decode_steps(wire: object) -> tuple[Step, ...]:
    """
    The records, from what a sandboxed process sent.

    That process ran untrusted code, so nothing about `wire` is taken for granted.

    Raises:
        ValueError: it is not a list of steps; the message names the first bad one.
    """
    if type(wire) is not list:
        raise ValueError(f"steps must be a list, got {type(wire).__name__}")
    return tuple(_step(item, index) for index, item in enumerate(wire))


def decode_parts(wire: object, steps: int) -> tuple[Part, ...]:
    """
    The records of sub-expressions, from what a sandboxed process sent beside so many `steps`.

    Raises:
        ValueError: as `decode_steps`.
    """
    if type(wire) is not list:
        raise ValueError(f"parts must be a list, got {type(wire).__name__}")
    return tuple(_part(item, index, steps) for index, item in enumerate(wire))


def _part(item: object, index: int, steps: int) -> Part:
    match item:
        case [int(step), int(line), int(column), str(text), str() | None as value]:
            places = step, line, column
            if all(type(n) is int for n in places) and 0 <= step < steps and line > 0 <= column:
                return Part(step, line, column, text, value)
    raise ValueError(f"part {index} is not [step, line, column, text, value]")


def _step(item: object, index: int) -> Step:
    # Plain type tests: a `match` with class patterns takes five times as long, for every step.
    if isinstance(item, _LISTS) and len(item) == 6:
        event, line, depth, function, changed, value = item
        if (
            type(line) is type(depth) is int
            and line > 0 <= depth
            and type(event) is type(function) is str
            and event in EVENTS
            and isinstance(changed, _LISTS)
            and (value is None or type(value) is str)
        ):
            return _record(line, event, depth, function, tuple(map(_change, changed)), value)
    raise ValueError(f"step {index} is not [event, line, depth, function, changes, value]")


def _change(item: object) -> tuple[str, str]:
    if isinstance(item, _LISTS) and len(item) == 2:
        name, value = item
        if type(name) is type(value) is str:
            return name, value
    raise ValueError("a change is not [name, value]")


@lru_cache(maxsize=4096)
def _record(
    line: int,
    event: Event,
    depth: int,
    function: str,
    changed: tuple[tuple[str, str], ...],
    value: str | None,
) -> Step:
    """One record for equal steps: loops and further runs of a program repeat most of theirs."""
    return Step(line, event, depth, function, tuple(Change(*pair) for pair in changed), value)
