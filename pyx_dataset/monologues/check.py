"""Hold every claim of a monologue against the trace, in order.

A cursor walks the story of the run: each mention of a label is matched with the next time that
line was completed, so that "`x` becomes `3`" in the fourth pass is checked in the fourth pass.
Backward text walks from the end, and what it says without a label is looked for from there up.
"""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from pyx_dataset.layout import LABEL_OFFSET
from pyx_dataset.monologues.blocks import Outline, names_in, outline
from pyx_dataset.monologues.claims import Mention, mentions, says_change
from pyx_dataset.monologues.inside import known, matches
from pyx_dataset.monologues.reckon import State, Unknown, expression, parse, reckon, reckon_text
from pyx_dataset.monologues.story import Moment, tell
from pyx_dataset.schema import CheckedClaim, CheckReport, Claim, Direction, Trace

Finding = tuple[bool | None, str | None]
"""Confirmed, contradicted (with what was found) or, None, not checkable."""
UNCHECKED: Finding = (None, None)


@dataclass(slots=True)
class _Walk:
    """Where the reader is, and what has been settled so far."""

    trace: Trace
    plan: Outline
    story: tuple[Moment, ...]
    cursor: int
    report: dict[bool | None, list[CheckedClaim]] = field(
        default_factory=lambda: {True: [], False: [], None: []}
    )
    told: dict[int, set[str]] = field(default_factory=dict)
    """Place in the story -> variables whose change there is told."""

    def settle(self, claim: Claim, finding: Finding, place: int | None = None) -> None:
        verdict, found = finding
        step = None if place is None else self.story[place].step
        self.report[verdict].append(CheckedClaim(claim, step, found))
        if verdict and place is not None:
            self.told.setdefault(place, set()).update(re.findall(r"[^\W\d]\w*", claim.subject))


def check(
    text: str,
    trace: Trace,
    answer: str | None = None,
    offset: int = LABEL_OFFSET,
    direction: Direction = "forward",
) -> CheckReport:
    """Sort the claims of `text`, and `answer` with them, by what `trace` says."""
    walk = _walk(text, trace, offset, direction)
    if answer is not None:
        for mention in mentions(answer, trace.code, offset):
            for claim in mention.claims:
                walk.settle(claim, _whole(claim, trace))
    return CheckReport(
        confirmed=tuple(walk.report[True]),
        contradicted=tuple(walk.report[False]),
        unchecked=tuple(walk.report[None]),
    )


def untold(text: str, trace: Trace, offset: int = LABEL_OFFSET) -> tuple[int, ...]:
    """Lines of the program that changed something in the run where `text` does not say so."""
    walk = _walk(text, trace, offset, "forward")
    missing = {
        moment.line
        for place, moment in enumerate(walk.story)
        if not {change.name for change in moment.changed} <= walk.told.get(place, set())
    }
    return tuple(sorted(missing))


def _walk(text: str, trace: Trace, offset: int, direction: Direction) -> _Walk:
    story = tell(trace)
    start = -1 if direction == "forward" else len(story)
    walk = _Walk(trace, outline(trace.code), story, start)
    for mention in mentions(text, trace.code, offset):
        if direction == "backward":
            _look_back(walk, mention)
        elif mention.line is None:
            for claim in mention.claims:
                walk.settle(claim, _whole(claim, trace))
        else:
            _visit(walk, mention)
    return walk


def _visit(walk: _Walk, mention: Mention) -> None:
    """Match a mention with the next completion of its line and check what it says there."""
    place = next(
        (
            place
            for place in range(walk.cursor + 1, len(walk.story))
            if _fits(walk.story[place], mention)
        ),
        None,
    )
    if place is None:
        for claim in mention.claims:
            walk.settle(claim, (False, "the line does not run at this point"))
        return
    if any(claim.kind == "returns" for claim in mention.claims):
        place = _end_of_frame(walk.story, place)
    moment = walk.story[place]
    for name in mention.names & {
        change.name for change in moment.changed if not is_plain(change.value)
    }:
        walk.told.setdefault(place, set()).add(name)
    for claim in mention.claims:
        walk.settle(claim, _CHECKS[claim.kind](claim, place, walk), place)
    if mention.claims:
        walk.cursor = place


def _end_of_frame(story: tuple[Moment, ...], place: int) -> int:
    """Where the frame returns, if that is on the line of `place` and the next thing it does."""
    here = story[place]
    for later in range(place + 1, len(story)):
        if story[later].frame == here.frame:
            ends = story[later].event == "return" and story[later].line == here.line
            return _end_of_frame(story, later) if ends else place
    return place


def _fits(moment: Moment, mention: Mention) -> bool:
    if mention.line is None or moment.statement is None:
        return moment.line == mention.line
    if moment.line != mention.line and mention.line not in range(
        moment.line, (moment.statement.block.start or moment.statement.end + 1)
    ):
        return False
    kinds = {claim.kind for claim in mention.claims}
    return not (moment.statement.kind == "def" and moment.event == "line" and "binds" in kinds)


def is_plain(text: str) -> bool:
    """Is the value data that a claim can state, and not e.g. ``<function f>``?"""
    if text in ("inf", "-inf", "nan"):
        return True
    try:
        parse(text)
    except Unknown:
        return False
    return True


def same(claimed: str, actual: str) -> bool:
    """Do two texts stand for one value? `claimed` may be any constant expression."""
    if claimed == actual:
        return True
    try:
        return reckon_text(expression(claimed), {}) == actual
    except Unknown:
        return False


def _compare(claimed: str, actual: str | None) -> Finding:
    if actual is None:
        return UNCHECKED
    if same(claimed, actual):
        return True, None
    return False, actual


def _whole(claim: Claim, trace: Trace) -> Finding:
    """A claim about the call as a whole: what it returns or raises, or the answer line."""
    if claim.kind == "raises":
        kind = (trace.exception or "").partition(":")[0]
        return (kind == claim.value, trace.exception or trace.value)
    is_call = claim.kind == "answer" or _same_source(claim.subject, trace.call)
    if not is_call and claim.kind != "returns":
        return UNCHECKED
    if claim.kind == "answer" and not _same_source(claim.subject, trace.call):
        return (None, None) if _compare(claim.value, trace.value)[0] else (False, trace.value)
    if trace.value is None:
        return (False, trace.exception)
    return _compare(claim.value, trace.value)


def _same_source(left: str, right: str) -> bool:
    try:
        return left == right or ast.dump(expression(left)) == ast.dump(expression(right))
    except Unknown:
        return False


def _value(claim: Claim, place: int, walk: _Walk) -> Finding:
    moment = walk.story[place]
    sets = says_change(claim)
    states: list[State] = [moment.after] if sets else [moment.after, moment.before]
    if _same_source(claim.subject, walk.trace.call):
        return _whole(claim, walk.trace)
    set_here = {change.name for change in moment.changed}
    set_here |= moment.statement.targets if moment.statement else {claim.subject}
    if sets and claim.subject.isidentifier() and claim.subject not in set_here:
        return False, f"line {moment.line} does not set {claim.subject}"
    return _in_states(claim, states, place, walk)


def _in_states(claim: Claim, states: list[State], place: int, walk: _Walk) -> Finding:
    """Is the subject, a variable or an expression, worth what is claimed in one of `states`?"""
    finding = UNCHECKED
    for state in states:
        actual = state.get(claim.subject)
        if actual is None:
            here = _worked_out(claim, known(walk.story[place], walk.plan, state), walk)
        else:
            here = _compare(claim.value, actual)
        if here[0]:
            return here
        finding = here if finding == UNCHECKED else finding
    return finding


def _worked_out(claim: Claim, state: State, walk: _Walk) -> Finding:
    try:
        node, claimed = expression(claim.subject), expression(claim.value)
    except Unknown:
        return UNCHECKED
    verdict = matches(node, claimed, state, walk.plan)
    if verdict is None:
        return UNCHECKED
    return verdict, None if verdict else reckon_text(node, state, walk.plan.bound)


def _binds(claim: Claim, place: int, walk: _Walk) -> Finding:
    moment = walk.story[place]
    if moment.event == "call":
        names = {change.name for change in moment.changed}
    else:
        names = set(moment.statement.targets) if moment.statement else set()
        if moment.entered is False and claim.subject in names:
            return False, f"the loop at line {moment.line} makes no pass here"
    if claim.subject not in names:
        return False, f"line {moment.line} does not bind {claim.subject}"
    return _compare(claim.value, moment.after.get(claim.subject))


def _unchanged(claim: Claim, place: int, walk: _Walk) -> Finding:
    moment = walk.story[place]
    if not claim.subject.isidentifier():
        return _in_states(claim, [moment.after], place, walk)
    finding = _compare(claim.value, moment.after.get(claim.subject))
    if finding[0] and moment.before.get(claim.subject) != moment.after.get(claim.subject):
        return False, f"it was {moment.before.get(claim.subject)} before"
    return finding


def _branch(claim: Claim, place: int, walk: _Walk) -> Finding:
    moment = walk.story[place]
    statement = moment.statement
    if statement is None:
        return UNCHECKED
    condition = re.match(r"`(.+?)`", claim.text)
    if condition and (
        statement.test is None or not _same_source(condition[1], ast.unparse(statement.test))
    ):
        return _truth(claim, condition[1], moment, walk)
    if moment.entered is not None and statement.test is not None:
        return moment.entered is (claim.value == "True"), str(moment.entered)
    if any(isinstance(n, ast.IfExp | ast.BoolOp | ast.Compare) for n in ast.walk(statement.node)):
        return UNCHECKED
    return False, f"line {moment.line} decides nothing"


def _truth(claim: Claim, condition: str, moment: Moment, walk: _Walk) -> Finding:
    """A part of a condition, or one with its values put in: is it true before the line runs?"""
    state = known(moment, walk.plan)
    try:
        node = expression(condition)
        holds = bool(reckon(node, state, walk.plan.bound))
    except Unknown:
        return UNCHECKED
    test = moment.statement.test if moment.statement else None
    if test and not names_in(node) and matches(test, node, state, walk.plan) is False:
        return False, ast.unparse(test)
    return holds is (claim.value == "True"), str(holds)


def _loop(claim: Claim, place: int, walk: _Walk) -> Finding:
    passes = walk.story[place].passes
    return UNCHECKED if passes is None else _compare(claim.value, str(passes))


def _returns(claim: Claim, place: int, walk: _Walk) -> Finding:
    moment = walk.story[place]
    if moment.event == "return":
        if claim.subject and claim.subject != moment.function.rpartition(".")[2]:
            return UNCHECKED
        return _compare(claim.value, moment.value)
    if moment.statement and any(isinstance(n, ast.Call) for n in ast.walk(moment.statement.node)):
        return UNCHECKED
    return False, f"line {moment.line} returns nothing"


def _raises(claim: Claim, place: int, walk: _Walk) -> Finding:
    moment = walk.story[place]
    if moment.event != "exception" or moment.value is None:
        return UNCHECKED
    kind = moment.value.partition(":")[0]
    return kind == claim.value, kind


def _answer(claim: Claim, place: int, walk: _Walk) -> Finding:
    return _whole(claim, walk.trace)


_CHECKS: dict[str, Callable[[Claim, int, _Walk], Finding]] = {
    "binds": _binds, "value": _value, "unchanged": _unchanged, "branch": _branch,
    "loop": _loop, "returns": _returns, "raises": _raises, "answer": _answer,
}  # fmt: skip


def _look_back(walk: _Walk, mention: Mention) -> None:
    """Check claims of backward text: each at the latest place, not behind the cursor, that fits."""
    for claim in mention.claims:
        whole = _whole(claim, walk.trace)
        if whole != UNCHECKED or claim.kind in ("answer", "returns"):
            walk.settle(claim, whole)
            continue
        finding: Finding = UNCHECKED
        for place in range(min(walk.cursor, len(walk.story) - 1), -1, -1):
            here = _CHECKS[claim.kind](claim, place, walk)
            if here[0]:
                finding, walk.cursor = here, place
                break
            finding = finding if finding != UNCHECKED else here
        walk.settle(claim, finding, walk.cursor if finding[0] else None)
