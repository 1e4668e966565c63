"""Does what a rationale says hold? Each kind of fact against the runs and the two codes."""

import ast
from collections.abc import Callable
from typing import Any

from pyx_dataset.monologues.rationale.evidence import Evidence, value_at
from pyx_dataset.monologues.rationale.forms import Fact
from pyx_dataset.monologues.run.blocks import outline
from pyx_dataset.monologues.run.literals import Unknown, expression, parse
from pyx_dataset.monologues.run.story import Moment, tell
from pyx_dataset.schema import Step, Trace

Found = tuple[bool, str]
"""Whether it holds, and what was found."""


def holds(fact: Fact, evidence: Evidence) -> Found:
    """Hold one fact against the evidence."""
    return _CHECKS[fact.kind](evidence, **fact.fields)


def _is(found: object, said: object) -> Found:
    return found == said, str(found)


def _kind(exception: str | None) -> str:
    return (exception or "").partition(":")[0]


def _expected(e: Evidence, call: str, expected: str, actual: str) -> Found:
    return _is((e.fixed.call, e.fixed.value, e.buggy.value), (call, expected, actual))


def _expected_raise(e: Evidence, call: str, expected: str, actual: str) -> Found:
    found = e.fixed.call, e.fixed.value, _kind(e.buggy.exception)
    return _is(found, (call, expected, actual))


def visits(e: Evidence) -> int:
    """How often the statement that goes wrong has run by then, this time included."""
    return sum(
        (item.line, item.function, item.event) == (e.at.line, e.at.function, e.at.event)
        and item.step <= e.at.step
        for item in tell(e.buggy)
    )


def _where(e: Evidence, line: int) -> Found:
    return _is(e.at.line, line)


def _where_nth(e: Evidence, line: int, nth: int) -> Found:
    return _is((e.at.line, visits(e)), (line, nth))


def _asked(e: Evidence, text: str) -> Found:
    return text in " ".join(e.problem.split()), "another task"


def _behind(e: Evidence, line: int) -> Found:
    return _is((e.at.line, e.is_same_place), (line, False))


def _behind_nth(e: Evidence, line: int, nth: int) -> Found:
    return _is((e.at.line, visits(e), e.is_same_place), (line, nth, False))


def _cause(e: Evidence, line: int) -> Found:
    return _is(e.edited_line, line)


def _state(e: Evidence, names: tuple[str, ...]) -> Found:
    for item in names:
        name, _, value = item.partition(" = ")
        if e.at.before.get(name) != value:
            return False, f"{name} is {e.at.before.get(name)}"
    return True, ""


def _is_pair(e: Evidence, old: str, new: str) -> bool:
    return any(pair.texts == (old, new) for pair in e.change.pairs)


def _pair(e: Evidence, old: str, new: str, value: str, other: str) -> Found:
    found = e.value(old), e.value(new, fixed=True)
    return found == (value, other) and _is_pair(e, old, new), str(found)


def _old(e: Evidence, old: str, value: str) -> Found:
    is_there = any(pair.texts[0] == old for pair in e.change.pairs)
    return is_there and e.value(old) == value, str(e.value(old))


def _new(e: Evidence, new: str, value: str) -> Found:
    is_there = any(pair.texts[1] == new for pair in e.change.pairs)
    return is_there and e.value(new, fixed=True) == value, str(e.value(new, fixed=True))


def compared(e: Evidence) -> ast.Compare | None:
    """The comparison that differs only in whether its bound is included."""
    match e.change.pairs[0].old, e.change.pairs[0].new:
        case ast.Compare(ops=[one]) as old, ast.Compare(ops=[other]):
            if {type(one), type(other)} in ({ast.Lt, ast.LtE}, {ast.Gt, ast.GtE}):
                return old
    return None


def _equal_sides(e: Evidence, value: str) -> Found:
    node = compared(e)
    if node is None:
        return False, "no such comparison"
    return _is([e.value(ast.unparse(n)) for n in (node.left, node.comparators[0])], [value] * 2)


def items(e: Evidence) -> tuple[list[Any], list[Any]]:
    """What the piece that differs goes over, as written and as it should be."""
    for pair in e.change.pairs:
        old, new = pair.texts
        values = e.value(old), e.value(new, fixed=True)
        try:
            left, right = (parse(value or "") for value in values)
        except Unknown:
            continue
        if isinstance(left, list | str) and isinstance(right, list | str):
            return list(left), list(right)
    return [], []


def _left_out(e: Evidence, item: str) -> Found:
    old, new = items(e)
    return item in map(repr, new) and item not in map(repr, old), f"{old} and {new}"


def _too_many(e: Evidence, item: str) -> Found:
    old, new = items(e)
    return item in map(repr, old) and item not in map(repr, new), f"{old} and {new}"


def _alias(e: Evidence, one: str, other: str) -> Found:
    together = any(
        {one, other} <= {change.name for change in step.changed} for step in e.buggy.steps
    ) and not any({one, other} <= {c.name for c in step.changed} for step in e.fixed.steps)
    return together, "they change together" if together else "they do not change together"


def _missing(e: Evidence, test: str) -> Found:
    lacks = [line.strip() for gap in e.change.gaps for line in gap.new]
    node = e.fixed_at.statement.test if e.fixed_at.statement else None
    found = ast.unparse(node) if node else ""
    is_lost = any(line.startswith(("if ", "elif ")) for line in lacks)
    return is_lost and found == test and e.fixed_at.entered is True, found


def _in_loop(e: Evidence, line: int, loop: int) -> Found:
    header = outline(e.buggy.code).by_line.get(loop)
    is_in = header is not None and header.kind in ("for", "while") and line in header.block
    return is_in, str(header and header.block)


def _no_pass(e: Evidence, line: int, loop: int) -> Found:
    ran = any(step.line == line for step in e.buggy.steps)
    return not ran and _in_loop(e, line, loop)[0], "it runs" if ran else "it is no part of it"


def unread(e: Evidence) -> dict[str, int]:
    """Variables that the broken program sets and never reads, with the line that does."""
    nodes = [node for node in ast.walk(ast.parse(e.buggy.code)) if isinstance(node, ast.Name)]
    read = {node.id for node in nodes if isinstance(node.ctx, ast.Load)}
    return {
        node.id: node.lineno
        for node in reversed(nodes)
        if isinstance(node.ctx, ast.Store) and node.id not in read
    }


def _unused(e: Evidence, name: str, line: int) -> Found:
    return _is(unread(e).get(name), line)


def _overwrites(e: Evidence, name: str, value: str) -> Found:
    old, new = e.change.pairs[-1].old, e.change.pairs[-1].new
    is_lost = isinstance(old, ast.Assign) and isinstance(new, ast.AugAssign)
    return is_lost and e.at.before.get(name) == value, str(e.at.before.get(name))


def _change(e: Evidence, name: str, value: str, other: str) -> Found:
    return _is((e.at.after.get(name), e.fixed_at.after.get(name)), (value, other))


def _no_change(e: Evidence, name: str, value: str, other: str) -> Found:
    found = e.at.before.get(name), e.at.after.get(name), e.fixed_at.after.get(name)
    return _is(found, (value, value, other))


def _goes_on(e: Evidence, line: int, other: int) -> Found:
    return _is((e.steps[0].line, e.lines.get(e.steps[1].line)), (line, other))


def _next(e: Evidence, line: int) -> Found:
    return _is((e.steps[0].event, e.steps[0].line), ("line", line))


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
    return _is(_left_with(e.buggy, e.split.step), (function, value))


def _would_leave(e: Evidence, value: str) -> Found:
    step = leaving(e.fixed, e.split.fixed_step)
    return _is(step and step.value, value)


def _returned(e: Evidence, function: str, value: str, other: str) -> Found:
    found = _left_with(e.buggy, e.split.step), _left_with(e.fixed, e.split.fixed_step)
    return _is(found, ((function, value), (function, other)))


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
    return _is(found, (function, names, others))


def _raised(e: Evidence, kind: str) -> Found:
    step = e.steps[0]
    return _is((step.event, _kind(step.value)), ("exception", kind))


def _spread(e: Evidence, value: str) -> Found:
    return _is(e.buggy.value, value)


def _passed(e: Evidence, call: str) -> bool:
    runs = e.passing.get(call)
    return runs is not None and runs[0].value == runs[1].value is not None


def _unreached(e: Evidence, call: str, line: int) -> Found:
    ran = _passed(e, call) and any(step.line == line for step in e.passing[call][0].steps)
    return _passed(e, call) and not ran, "it runs" if ran else "no such test passes"


def _agree(e: Evidence, call: str, old: str, new: str) -> Found:
    if not (_passed(e, call) and _is_pair(e, old, new)):
        return False, "no such test passes, or nothing of the kind has to change"
    buggy, plan = e.passing[call][0], outline(e.buggy.code)
    here: list[Moment] = [m for m in tell(buggy) if m.line == e.at.line and m.event == e.at.event]
    for moment in here:
        one, other = (value_at(expression(text), moment, plan) for text in (old, new))
        if one is None or one != other:
            return False, f"{one} and {other}"
    return bool(here), "it never runs"


def _is_harmless(e: Evidence, call: str) -> bool:
    told = [
        [(step.changed, step.value) for step in trace.steps if step.changed or step.value]
        for trace in e.passing[call]
    ]
    return told[0] == told[1]


def _harmless(e: Evidence, call: str) -> Found:
    return _passed(e, call) and _is_harmless(e, call), "a step differs"


def _healed(e: Evidence, call: str) -> Found:
    return _passed(e, call) and not _is_harmless(e, call), "no step differs, or the result does"


def _spliced(e: Evidence, line: int, replacement: list[str]) -> str:
    lines = e.buggy.code.splitlines()
    return "\n".join([*lines[: line - 1], *replacement, *lines[line:]])


def _replace(e: Evidence, line: int, old: str, new: str) -> Found:
    lines, wanted = e.buggy.code.splitlines(), e.fixed.code.rstrip("\n")
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    places = [place for place in range(len(text)) if text.startswith(old, place)]
    mended = [text[:place] + new + text[place + len(old) :] for place in places]
    return any(_spliced(e, line, [item]) == wanted for item in mended), "another program"


def _rewrite(e: Evidence, line: int, new: str) -> Found:
    lines = e.buggy.code.splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    indent = text[: len(text) - len(text.lstrip())]
    return _spliced(e, line, [indent + new]) == e.fixed.code.rstrip("\n"), "another program"


def _insert(e: Evidence, line: int, names: tuple[str, ...]) -> Found:
    for gap in e.change.gaps:
        if not gap.old and gap.start == line + 1:
            return _is(tuple(item.strip() for item in gap.new if item.strip()), names)
    return False, "nothing is missing there"


def _remove(e: Evidence, line: int) -> Found:
    for gap in e.change.gaps:
        if not gap.new and line in range(gap.start, gap.start + len(gap.old)):
            return True, ""
    return False, "it stays"


def depth(text: str) -> int:
    """Characters that a line is indented by."""
    return len(text) - len(text.lstrip())


def _indent(e: Evidence, line: int, other: int) -> Found:
    lines = e.buggy.code.splitlines()
    for gap in e.change.gaps:
        if gap.is_indentation and gap.start == line and 0 < other <= len(lines):
            return _is(depth(lines[other - 1]), depth(gap.new[0]))
    return False, "it stays where it is"


def _alone(e: Evidence) -> Found:
    return _is(len(e.change.gaps), 1)


def _mended(e: Evidence, call: str, value: str) -> Found:
    return _is((e.fixed.call, e.fixed.value), (call, value))


def _still(e: Evidence, call: str, value: str) -> Found:
    return _passed(e, call) and e.passing[call][1].value == value, "another value"


_CHECKS: dict[str, Callable[..., Found]] = {
    "expected": _expected, "expected_raise": _expected_raise, "where": _where,
    "asked": _asked, "behind": _behind, "behind_nth": _behind_nth, "no_pass": _no_pass,
    "unused": _unused, "overwrites": _overwrites, "where_nth": _where_nth, "cause": _cause, "state": _state, "pair": _pair,
    "pair_range": _pair, "old": _old, "new": _new, "equal_sides": _equal_sides,
    "left_out": _left_out, "too_many": _too_many, "alias": _alias, "missing": _missing,
    "in_loop": _in_loop, "change": _change, "no_change": _no_change, "goes_on": _goes_on,
    "next": _next, "leaves": _leaves, "would_leave": _would_leave, "returned": _returned,
    "arguments": _arguments, "raised": _raised, "spread": _spread, "unreached": _unreached,
    "agree": _agree, "harmless": _harmless, "healed": _healed, "replace": _replace,
    "rewrite": _rewrite, "insert": _insert, "remove": _remove, "indent": _indent,
    "alone": _alone, "mended": _mended, "still": _still,
}  # fmt: skip
