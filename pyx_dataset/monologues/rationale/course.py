"""Facts about what the wrong step does to the run, and what the right one would do."""

from collections.abc import Callable

from pyx_dataset.monologues.rationale.evidence import Evidence
from pyx_dataset.monologues.rationale.found import Found, equal
from pyx_dataset.monologues.run.story import Moment
from pyx_dataset.schema import Step, Trace


def _would_set(e: Evidence, name: str, value: str) -> Found:
    found = {change.name: change.value for change in e.steps[1].changed}
    is_lost = e.steps[1].line not in e.lines
    return is_lost and found.get(name) == value, str(found)


def _change(e: Evidence, name: str, value: str, other: str) -> Found:
    return equal((e.at.after.get(name), e.fixed_at.after.get(name)), (value, other))


def _no_change(e: Evidence, name: str, value: str, other: str) -> Found:
    found = e.at.before.get(name), e.at.after.get(name), e.fixed_at.after.get(name)
    return equal(found, (value, value, other))


def _other_change(e: Evidence, name: str) -> Found:
    found = e.at.after.get(name), e.fixed_at.after.get(name)
    is_other = found[0] != found[1] and None not in found
    return is_other and found[0] != e.at.before.get(name), str(found)


def _lost_change(e: Evidence, name: str) -> Found:
    found = e.at.before.get(name), e.at.after.get(name), e.fixed_at.after.get(name)
    return found[0] == found[1] != found[2] and None not in found, str(found)


def _goes_on(e: Evidence, line: int, other: int) -> Found:
    return equal((e.steps[0].line, e.lines.get(e.steps[1].line)), (line, other))


def loop_names(moment: Moment) -> tuple[str, ...]:
    """What a loop header binds, as ``name = value``."""
    targets = moment.statement.targets if moment.statement else frozenset()
    return tuple(f"{k} = {v}" for k, v in sorted(moment.after.items()) if k in targets)


def _is_loop(e: Evidence) -> bool:
    kinds = {item.statement.kind for item in (e.at, e.fixed_at) if item.statement}
    return kinds == {"for"}


def _no_pass_more(e: Evidence, names: tuple[str, ...]) -> Found:
    found = _is_loop(e), e.at.entered, e.fixed_at.entered, loop_names(e.fixed_at)
    return equal(found, (True, False, True, names))


def _pass_more(e: Evidence, names: tuple[str, ...]) -> Found:
    found = _is_loop(e), e.at.entered, e.fixed_at.entered, loop_names(e.at)
    return equal(found, (True, True, False, names))


def _next(e: Evidence, line: int) -> Found:
    return equal((e.steps[0].event, e.steps[0].line), ("line", line))


def leaving(trace: Trace, index: int) -> Step | None:
    """The return that a step is, or leads to at once on its line."""
    for step in trace.steps[index : index + 2]:
        if step.event == "return" and step.line == trace.steps[index].line:
            return step
        if step.event != "line":
            break
    return None


def _left_with(trace: Trace, index: int) -> tuple[str, str | None] | None:
    step = leaving(trace, index)
    return (step.function.rpartition(".")[2], step.value) if step else None


def _leaves(e: Evidence, function: str, value: str) -> Found:
    return equal(_left_with(e.buggy, e.split.step), (function, value))


def _would_leave(e: Evidence, value: str) -> Found:
    step = leaving(e.fixed, e.split.fixed_step)
    return equal(step and step.value, value)


def _returned(e: Evidence, function: str, value: str, other: str) -> Found:
    found = _left_with(e.buggy, e.split.step), _left_with(e.fixed, e.split.fixed_step)
    return equal(found, ((function, value), (function, other)))


def bindings(step: Step) -> tuple[str, ...]:
    """The arguments of a call as ``name = value``."""
    return tuple(f"{change.name} = {change.value}" for change in step.changed)


def _arguments(
    e: Evidence, function: str, names: tuple[str, ...], others: tuple[str, ...]
) -> Found:
    one, other = e.steps
    if one.event != "call" or other.event != "call":
        return False, "no call"
    found = one.function.rpartition(".")[2], bindings(one), bindings(other)
    return equal(found, (function, names, others))


def _raised(e: Evidence, kind: str) -> Found:
    first = e.steps[0]
    soon = e.buggy.steps[e.split.step : e.split.step + 2]
    ends = [step for step in soon if step.event == "exception" and step.line == first.line]
    return equal(ends and kind_of(ends[0].value), kind)


def _spread(e: Evidence, value: str) -> Found:
    return equal(e.buggy.value, value)


def _wanted(e: Evidence, value: str) -> Found:
    return equal(e.fixed.value, value)


def kind_of(exception: str | None) -> str:
    """The type of an exception that is written as ``"Type: message"``."""
    return (exception or "").partition(":")[0]


COURSE: dict[str, Callable[..., Found]] = {
    "would_set": _would_set,
    "change": _change,
    "no_change": _no_change,
    "other_change": _other_change,
    "lost_change": _lost_change,
    "goes_on": _goes_on,
    "no_pass_more": _no_pass_more,
    "pass_more": _pass_more,
    "next": _next,
    "leaves": _leaves,
    "would_leave": _would_leave,
    "returned": _returned,
    "arguments": _arguments,
    "raised": _raised,
    "spread": _spread,
    "wanted": _wanted,
}
