"""From evidence to an argument: what fails, where, why, what to change, and that it helps."""

import ast
from collections.abc import Iterator
from random import Random

from pyx_dataset.monologues.rationale.course import bindings, kind_of, leaving, loop_names
from pyx_dataset.monologues.rationale.difference import Pair
from pyx_dataset.monologues.rationale.evidence import Evidence
from pyx_dataset.monologues.rationale.forms import Fact, Value
from pyx_dataset.monologues.rationale.holds import holds, visits
from pyx_dataset.monologues.rationale.mending import MAX_CHARS, mending_of
from pyx_dataset.monologues.rationale.pieces import compared, items, unread
from pyx_dataset.monologues.run.blocks import names_in, outline
from pyx_dataset.monologues.telling.describe import first_sentence
from pyx_dataset.schema import Outcome

MAX_NAMES = 3
MAX_PASSING = 2
ASKED_SHARE = 0.6
"""How often the task is quoted, where its first sentence is short."""


def _fact(kind: str, /, **fields: Value) -> Fact:
    return Fact(kind, fields)


def _fits(*texts: str | None) -> bool:
    return all(text is not None and len(text) <= MAX_CHARS and "\n" not in text for text in texts)


def argument(e: Evidence, rng: Random) -> tuple[list[Fact], list[Fact]]:
    """The facts of the Root Cause Analysis and of the Bug Fixing, all of which hold."""
    effects = [item for item in _effects(e) if holds(item, e)[0]]
    asked = [item for item in _asked(e) if rng.random() < ASKED_SHARE]
    cause = [_failure(e), *asked, _where(e), *_elsewhere(e), *_state(e), *_pieces(e)]
    cause += _statements(e)
    cause = [item for item in cause if holds(item, e)[0]]
    is_said = any(item.kind == "wanted" for item in cause)
    cause += [item for item in effects[:2] if not (is_said and item.kind == "returned")]
    is_end = e.steps[0].event == "return" and e.steps[0].depth == 0
    if effects and not is_end and not {item.kind for item in effects} & {"returned", "raised"}:
        cause.append(_fact("spread", value=e.buggy.value or ""))
    cause += _passing(e, rng)
    edits = mending_of(e)
    mending = [*edits, *([_fact("alone")] if rng.random() < 0.5 else [])]
    mending += [_fact("mended", call=e.fixed.call, value=e.fixed.value or "")]
    told = list(e.passing)[:1]
    mending += [_fact("still", call=call, value=e.passing[call][1].value or "") for call in told]
    kept = [item for item in cause if holds(item, e)[0]]
    return kept if effects and edits else [], [item for item in mending if holds(item, e)[0]]


def _failure(e: Evidence) -> Fact:
    expected = e.fixed.value or ""
    if e.buggy.outcome is Outcome.RETURNED:
        return _fact("expected", call=e.fixed.call, expected=expected, actual=e.buggy.value or "")
    kind = kind_of(e.buggy.exception)
    return _fact("expected_raise", call=e.fixed.call, expected=expected, actual=kind)


def _asked(e: Evidence) -> Iterator[Fact]:
    sentence = first_sentence(e.problem)
    if sentence and '"' not in sentence and "`" not in sentence and len(sentence) <= 2 * MAX_CHARS:
        yield _fact("asked", text=sentence)


def _where(e: Evidence) -> Fact:
    count = visits(e)
    if not e.is_same_place and not (e.change.gaps[0].old and is_on_edited_line(e)):
        if count > 1:
            return _fact("behind_nth", line=e.at.line, nth=count)
        return _fact("behind", line=e.at.line)
    if count > 1:
        return _fact("where_nth", line=e.at.line, nth=count)
    return _fact("where", line=e.at.line)


def is_on_edited_line(e: Evidence) -> bool:
    """Does the statement that goes wrong hold what has to change?"""
    first, last = e.at.line, e.at.statement.end if e.at.statement else e.at.line
    if e.at.statement and e.at.statement.has_own_block:
        last = e.at.statement.block.start - 1
    gap = e.change.gaps[0]
    return first <= gap.start <= last if gap.old else first in (gap.start, gap.start - 1)


def _elsewhere(e: Evidence) -> Iterator[Fact]:
    is_here = is_on_edited_line(e) or not e.is_same_place
    if len(e.change.gaps) > 1:
        return  # which of them it is nobody has shown
    if e.change.gaps[0].old and not is_here and not e.change.gaps[0].is_indentation:
        yield _fact("cause", line=e.edited_line)


def _state(e: Evidence) -> Iterator[Fact]:
    """The variables that the piece reads, as they are before it."""
    if not e.change.pairs or e.change.gaps[0].is_indentation or not e.change.gaps[0].old:
        return
    pair = e.change.pairs[0]
    if isinstance(pair.old, ast.Name) and pair.texts[0] not in e.at.before and told_pairs(e):
        pair = told_pairs(e)[0][0]  # a function that is mistaken says nothing by itself
    names = dict.fromkeys([*names_in(pair.old), *names_in(pair.new)])
    if len(e.change.pairs) > 1 and len(names) < 2:
        names |= dict.fromkeys(names_in(e.change.pairs[1].old))
    known = [(name, e.at.before[name]) for name in names if name in e.at.before]
    told = [f"{name} = {value}" for name, value in known if _fits(value) and value[0] != "<"]
    if told and pair.texts[0] not in names:
        yield _fact("state", names=tuple(told[:MAX_NAMES]))


def told_pairs(e: Evidence) -> list[tuple[Pair, str, str]]:
    """The smallest and the largest piece that say something and have known, unequal values."""
    found: list[tuple[Pair, str, str]] = []
    for pair in e.change.pairs:
        if isinstance(pair.old, ast.Constant) or isinstance(pair.new, ast.Constant):
            continue
        if isinstance(getattr(pair.old, "ctx", None), ast.Store):
            continue
        old, new = pair.texts
        value, other = e.value(old), e.value(new, fixed=True)
        if value != other and value and other and _fits(old, new, value, other):
            found.append((pair, value, other))
    return found if len(found) < 2 else [found[0], found[-1]]


def _pieces(e: Evidence) -> Iterator[Fact]:
    """What the expression gives, and what it would give."""
    found = told_pairs(e)
    for pair, value, other in found:
        old, new = pair.texts
        is_range = old.startswith("range(") and new.startswith("range(")
        is_first = pair is found[0][0]
        kind = "pair_range" if is_range else "pair" if is_first else "pair_whole"
        yield _fact(kind, old=old, new=new, value=value, other=other)
        if is_first:
            yield from _significance(e, is_range)
    if found:
        if found[-1][2] == e.fixed.value:
            yield _fact("wanted", value=found[-1][2])
        return
    for pair in e.change.pairs:
        old, new = pair.texts
        if isinstance(pair.new, ast.expr) and not isinstance(pair.new, ast.Constant):
            only = e.value(new, fixed=True)
            if only and _fits(new, only) and e.value(old) is None:
                yield _fact("new", new=new, value=only)
                yield _fact("wanted", value=only)
                return


def _significance(e: Evidence, is_range: bool) -> Iterator[Fact]:
    if compare := compared(e):
        value = e.value(ast.unparse(compare.left))
        if _fits(value):
            yield _fact("equal_sides", value=value or "")
    elif is_range:
        old, new = items(e)
        lost = [item for item in new if item not in old]
        gained = [item for item in old if item not in new]
        if len(lost) == 1 and not gained:
            yield _fact("left_out", item=repr(lost[0]))
        elif len(gained) == 1 and not lost:
            yield _fact("too_many", item=repr(gained[0]))


def _statements(e: Evidence) -> Iterator[Fact]:
    """What follows from a statement that is missing or stands in a wrong place."""
    gap = e.change.gaps[0]
    if not gap.old and e.guard and e.guard.statement and e.guard.statement.test:
        test = ast.unparse(e.guard.statement.test)
        if _fits(test):
            yield _fact("missing", test=test)
    if not gap.old and e.fixed_at.statement and e.fixed_at.statement.test is not None:
        test = ast.unparse(e.fixed_at.statement.test)
        if _fits(test):
            yield _fact("no_else", test=test)
            yield from (
                _fact("would_set", name=item.name, value=item.value)
                for item in e.steps[1].changed[:1]
                if _fits(item.value)
            )
    if gap.is_indentation:
        loops = [
            item
            for item in outline(e.buggy.code).by_line.values()
            if item.kind in ("for", "while") and gap.start in item.block
        ]
        if loops:
            inner = max(loops, key=lambda item: item.line)
            ran = any(step.line == gap.start for step in e.buggy.steps)
            kind = "in_loop" if ran else "no_pass"
            yield _fact(kind, line=gap.start, loop=inner.line)
    if len(e.change.pairs) and isinstance(e.change.pairs[-1].old, ast.Assign):
        for name, value in e.at.before.items():
            if e.at.statement and name in e.at.statement.targets and _fits(value):
                yield _fact("overwrites", name=name, value=value)
    wanted = {name for pair in e.change.pairs[:1] for name in names_in(pair.new)}
    for name, line in unread(e).items():
        if name in wanted:
            yield _fact("unused", name=name, line=line)
    if e.at.statement:
        match e.at.statement.node:
            case ast.Assign(targets=[ast.Name(one)], value=ast.Name(other)):
                yield _fact("alias", one=one, other=other)


def _effects(e: Evidence) -> Iterator[Fact]:
    """What the wrong step does, and what the right one does in its place."""
    one, other = e.steps
    wrong, right = leaving(e.buggy, e.split.step), leaving(e.fixed, e.split.fixed_step)
    function = one.function.rpartition(".")[2]
    if e.buggy.exception:
        raised = _fact("raised", kind=kind_of(e.buggy.exception))
        if holds(raised, e)[0]:
            yield raised
            return
    if one.event == "call" and other.event == "call":
        names, others = bindings(one), bindings(other)
        if _fits(*names, *others) and names and others:
            yield _fact("arguments", function=function, names=names, others=others)
        return
    if wrong and right and one.event == other.event == "return":
        values = wrong.value or "None", right.value or "None"
        yield _fact("returned", function=function, value=values[0], other=values[1])
        return
    yield from _changes(e)
    for kind, moment in (("no_pass_more", e.fixed_at), ("pass_more", e.at)):
        if (names := loop_names(moment)) and _fits(*names):
            yield _fact(kind, names=names)
    if one.event == "line" and one.line != e.at.line:
        back = e.lines.get(other.line)
        if back is not None and back != one.line and other.event in ("line", "return"):
            yield _fact("goes_on", line=one.line, other=back)
        elif back != one.line:
            yield _fact("next", line=one.line)
    elif wrong and one.event == "return":
        yield _fact("leaves", function=function, value=wrong.value or "None")
    if right and e.lines.get(other.line) is None:
        yield _fact("would_leave", value=right.value or "None")


def _changes(e: Evidence) -> Iterator[Fact]:
    before, after, right = e.at.before, e.at.after, e.fixed_at.after
    for name in dict.fromkeys([*after, *right]):
        value, other = after.get(name), right.get(name)
        if value is None or other is None or value == other:
            continue
        if not _fits(value, other):
            untold = "lost_change" if before.get(name) == value else "other_change"
            yield _fact(untold, name=name)
            continue
        kind = "no_change" if before.get(name) == value else "change"
        yield _fact(kind, name=name, value=value, other=other)


def _passing(e: Evidence, rng: Random) -> Iterator[Fact]:
    """Why tests pass although the program is wrong."""
    told: set[str] = set()
    found = told_pairs(e)
    for call in e.passing:
        options = [_fact("unreached", call=call, line=e.at.line)]
        if found:
            old, new = found[0][0].texts
            options.append(_fact("agree", call=call, old=old, new=new))
        options += [_fact("harmless", call=call), _fact("healed", call=call)]
        fact = next((item for item in options if holds(item, e)[0]), None)
        if fact and fact.kind not in told and len(told) < MAX_PASSING:
            told.add(fact.kind)
            yield fact
