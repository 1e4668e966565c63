"""What a trace says about one claim at one place of the run: confirmed, contradicted, unknown."""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass

from pyx_dataset.monologues.claims import is_thing, says_change
from pyx_dataset.monologues.run.blocks import Outline, Statement, names_in
from pyx_dataset.monologues.run.inside import known, matches, noted
from pyx_dataset.monologues.run.literals import Unknown, expression, is_plain, tree
from pyx_dataset.monologues.run.reckon import State, reckon, reckon_text
from pyx_dataset.monologues.run.story import Moment
from pyx_dataset.schema import Claim, Trace

Finding = tuple[bool | None, str | None]
"""Confirmed, contradicted (with what was found) or, None, not checkable."""
UNCHECKED: Finding = (None, None)


@dataclass(frozen=True, slots=True)
class Scene:
    """What claims are held against."""

    trace: Trace
    plan: Outline
    story: tuple[Moment, ...]


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
    if is_thing(claimed):
        return (False, actual) if is_plain(actual) else (True, None)
    if same(claimed, actual):
        return True, None
    if not is_plain(claimed) and claimed.partition("(")[0] != actual.partition("(")[0]:
        return UNCHECKED  # e.g. a call that was not worked out
    return False, actual


def whole(claim: Claim, trace: Trace) -> Finding:
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
        return left == right or tree(left) == tree(right)
    except Unknown:
        return False


def _value(claim: Claim, place: int, scene: Scene) -> Finding:
    moment = scene.story[place]
    sets = says_change(claim)
    states: list[State] = [moment.after]
    if not sets and claim.subject.isidentifier():
        states = [moment.after, moment.before]
    elif not sets:
        states = [moment.before, moment.after]
    if claim.subject.endswith(")") and _same_source(claim.subject, scene.trace.call):
        return whole(claim, scene.trace)
    set_here = {change.name for change in moment.changed}
    set_here |= moment.statement.targets if moment.statement else {claim.subject}
    if sets and claim.subject.isidentifier() and claim.subject not in set_here:
        return False, f"line {moment.line} does not set {claim.subject}"
    return _in_states(claim, states, place, scene)


def _in_states(claim: Claim, states: list[State], place: int, scene: Scene) -> Finding:
    """Is the subject, a variable or an expression, worth what is claimed in one of `states`?"""
    finding = UNCHECKED
    for state in states:
        if claim.subject.isidentifier() and claim.subject in state:
            here = _compare(claim.value, state[claim.subject])
        elif finding != UNCHECKED:
            break  # a part of a line has its value before the line runs, if that can be worked out
        else:
            here = _worked_out(claim, known(scene.story[place], scene.plan, state), scene)
            here = _noted(claim, scene.story[place]) if here == UNCHECKED else here
        if here[0]:
            return here
        finding = here if finding == UNCHECKED else finding
    return finding


def _worked_out(claim: Claim, state: State, scene: Scene) -> Finding:
    try:
        node, claimed = expression(claim.subject), expression(claim.value)
    except Unknown:
        return UNCHECKED
    verdict = matches(node, claimed, state, scene.plan)
    if verdict is None:
        return UNCHECKED
    return verdict, None if verdict else reckon_text(node, state, scene.plan.bound)


def _noted(claim: Claim, moment: Moment) -> Finding:
    """What no reckoning finds, a trace may have noted: one value for each evaluation."""
    if not moment.parts:
        return UNCHECKED
    try:
        values = noted(tree(claim.subject), moment)
    except Unknown:
        return UNCHECKED
    findings = [_compare(claim.value, value) for value in values if is_plain(value)]
    return next((item for item in findings if item[0]), findings[0] if findings else UNCHECKED)


def _binds(claim: Claim, place: int, scene: Scene) -> Finding:
    moment = scene.story[place]
    changed = {change.name for change in moment.changed}
    targets = moment.statement.targets if moment.statement else frozenset()
    names = changed if moment.event == "call" else changed | targets
    if moment.entered is False and claim.subject in names - changed:
        return False, f"the loop at line {moment.line} makes no pass here"
    if claim.subject not in names:
        return False, f"line {moment.line} does not bind {claim.subject}"
    return _compare(claim.value, moment.after.get(claim.subject))


def _unchanged(claim: Claim, place: int, scene: Scene) -> Finding:
    moment = scene.story[place]
    if not claim.subject.isidentifier():
        return _in_states(claim, [moment.after], place, scene)
    finding = _compare(claim.value, moment.after.get(claim.subject))
    if finding[0] and moment.before.get(claim.subject) != moment.after.get(claim.subject):
        return False, f"it was {moment.before.get(claim.subject)} before"
    return finding


def _branch(claim: Claim, place: int, scene: Scene) -> Finding:
    moment = scene.story[place]
    statement = moment.statement
    if statement is None:
        return UNCHECKED
    condition = re.match(r"`(.+?)`", claim.text)
    if condition and (
        statement.test is None or not _same_source(condition[1], ast.unparse(statement.test))
    ):
        if _is_asked_elsewhere(condition[1], statement, scene.plan):
            return False, f"line {moment.line} does not decide that"
        return _truth(claim, condition[1], moment, scene)
    if moment.entered is not None and statement.kind != "for":
        return moment.entered is (claim.value == "True"), str(moment.entered)
    if any(isinstance(n, ast.IfExp | ast.BoolOp | ast.Compare) for n in ast.walk(statement.node)):
        return UNCHECKED
    return False, f"line {moment.line} decides nothing"


def _is_asked_elsewhere(condition: str, here: Statement, plan: Outline) -> bool:
    """Is it the condition of another line, and no part of this one?"""
    try:
        dump = tree(condition)
    except Unknown:
        return False
    if any(ast.dump(part) == dump for part in ast.walk(here.node) if isinstance(part, ast.expr)):
        return False
    return any(item.test and ast.dump(item.test) == dump for item in plan.by_line.values())


def _truth(claim: Claim, condition: str, moment: Moment, scene: Scene) -> Finding:
    """A part of a condition, or one with its values put in: is it true before the line runs?"""
    state = known(moment, scene.plan)
    try:
        node = expression(condition)
        holds = bool(reckon(node, state, scene.plan.bound))
    except Unknown:
        return UNCHECKED
    test = moment.statement.test if moment.statement else None
    if test and not names_in(node) and matches(test, node, state, scene.plan) is False:
        return False, ast.unparse(test)
    return holds is (claim.value == "True"), str(holds)


def _loop(claim: Claim, place: int, scene: Scene) -> Finding:
    passes = scene.story[place].passes
    return UNCHECKED if passes is None else _compare(claim.value, str(passes))


def _returns(claim: Claim, place: int, scene: Scene) -> Finding:
    moment = scene.story[place]
    if moment.event == "return":
        if claim.subject and claim.subject != moment.function.rpartition(".")[2]:
            return UNCHECKED
        return _compare(claim.value, moment.value)
    if moment.statement and any(isinstance(n, ast.Call) for n in ast.walk(moment.statement.node)):
        return UNCHECKED
    return False, f"line {moment.line} returns nothing"


def _raises(claim: Claim, place: int, scene: Scene) -> Finding:
    moment = scene.story[place]
    if moment.event != "exception" or moment.value is None:
        return UNCHECKED
    kind = moment.value.partition(":")[0]
    return kind == claim.value, kind


def _answer(claim: Claim, place: int, scene: Scene) -> Finding:
    return whole(claim, scene.trace)


VERDICTS: dict[str, Callable[[Claim, int, Scene], Finding]] = {
    "binds": _binds, "value": _value, "unchanged": _unchanged, "branch": _branch,
    "loop": _loop, "returns": _returns, "raises": _raises, "answer": _answer,
}  # fmt: skip


def held(claim: Claim, place: int, scene: Scene) -> Finding:
    """Does a claim without a label hold around the moment at `place`?"""
    moment = scene.story[place]
    if claim.kind in ("value", "binds"):
        states: list[State] = [moment.after, moment.before]
        findings = [_in_states(claim, [state], place, scene) for state in states]
        return next((finding for finding in findings if finding[0]), findings[0])
    if claim.kind == "loop" and moment.passes is None:
        return UNCHECKED
    if claim.kind == "branch" and (moment.statement is None or moment.statement.test is None):
        return UNCHECKED
    return VERDICTS[claim.kind](claim, place, scene)
