"""Hold a sentence about a stretch of passes, or about a visit, against the run."""

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pyx_dataset.monologues.run.blocks import Outline
from pyx_dataset.monologues.run.literals import Unknown, canonical, expression, parse
from pyx_dataset.monologues.run.reckon import reckon_text
from pyx_dataset.monologues.run.story import Moment
from pyx_dataset.monologues.telling.passes import (
    Stretch,
    changed_in,
    own_names,
    runs,
    tests_in,
    values_of,
)
from pyx_dataset.monologues.telling.stretches import Clause, Sentence, claim_of
from pyx_dataset.monologues.telling.together import gains
from pyx_dataset.monologues.telling.visits import VisitSentence, claims_of_visit, find_visit
from pyx_dataset.schema import Claim

Finding = tuple[bool | None, str | None]


@dataclass(slots=True)
class Verdict:
    """How a sentence fared."""

    end: int
    """Place in the story up to which it has told the run."""
    settled: list[tuple[Claim, Finding, int]] = field(default_factory=list)
    told: dict[int, set[str]] = field(default_factory=dict)
    """Place -> variables whose change there is accounted for."""


def judge(
    sentence: Sentence | VisitSentence, story: Sequence[Moment], plan: Outline, cursor: int
) -> Verdict | None:
    """Hold a sentence against the next such part of the run behind `cursor`; None without one."""
    if isinstance(sentence, VisitSentence):
        return _judge_visit(sentence, story, cursor)
    stretch = _find(sentence, story, cursor)
    if stretch is None:
        return None
    verdict = Verdict(stretch.end - 1)
    covered: set[str] = set()
    for clause in sentence.clauses:
        holds, found = _JUDGES[clause.form](clause, story, stretch, plan)
        verdict.settled.append((claim_of(sentence, clause), (holds, found), stretch.start))
        if holds:
            covered |= set(re.findall(r"[^\W\d]\w*", clause.subject))
    _credit(verdict, story, stretch, covered)
    return verdict


def _judge_visit(sentence: VisitSentence, story: Sequence[Moment], cursor: int) -> Verdict | None:
    visit = find_visit(sentence, story, cursor)
    if visit is None:
        return None
    call, end = story[visit.start], story[visit.end - 1]
    verdict = Verdict(visit.end - 1)
    bound = {change.name: change.value for change in call.changed}
    for claim in claims_of_visit(sentence):
        actual = bound.get(claim.subject) if claim.kind == "binds" else end.value
        place = visit.start if claim.kind == "binds" else visit.end - 1
        holds = _same(claim.value, actual)
        verdict.settled.append((claim, (holds, None if holds else actual), place))
    known = {(item.function, item.line) for item in story[: visit.start]}
    for place in range(visit.start, visit.end):
        moment = story[place]
        if place > visit.start and (moment.function, moment.line) in known:
            verdict.told[place] = {change.name for change in moment.changed}
    verdict.told[visit.start] = {item.partition(" = ")[0] for item in sentence.given}
    return verdict


def _credit(verdict: Verdict, story: Sequence[Moment], stretch: Stretch, covered: set[str]) -> None:
    """Count changes as told: of the loop's frame by name, of helpers if their line ran before."""
    frame = story[stretch.start].frame
    known = {(item.function, item.line) for item in story[: stretch.start]}
    for place in range(stretch.start, stretch.end):
        moment = story[place]
        names = {change.name for change in moment.changed}
        if moment.frame != frame and (moment.function, moment.line) in known:
            verdict.told[place] = names
        elif moment.frame == frame:
            verdict.told[place] = names & covered


def _find(sentence: Sentence, story: Sequence[Moment], cursor: int) -> Stretch | None:
    """The passes that a sentence is about: they must start at the next visit of its line."""
    for headers in runs(story):
        start = next((place for place in headers if place > cursor), None)
        if start is None or story[start].line != sentence.line:
            continue
        between = story[cursor + 1 : start]
        if any(item.line == sentence.line and item.passes is not None for item in between):
            continue
        first, last = sentence.first - 1, sentence.last - 1
        loop = story[start].statement
        if headers.index(start) != first or not first <= last < len(headers) - 1 or loop is None:
            return None
        places = tuple(headers[first : last + 1])
        if not all(story[place].entered for place in places):
            return None
        return Stretch(loop, first + 1, last + 1, places, headers[last + 1])
    return None


def _same(claimed: str, actual: str | None) -> bool:
    if actual is None:
        return False
    if claimed == actual:
        return True
    try:
        return reckon_text(expression(claimed), {}) == actual
    except Unknown:
        return False


_Judge = Callable[[Clause, Sequence[Moment], Stretch, Outline], Finding]


def _turn(clause: Clause, story: Sequence[Moment], stretch: Stretch, plan: Outline) -> Finding:
    values = values_of(clause.subject, story, stretch)
    if clause.form == "gains":
        before = story[stretch.start].before.get(clause.subject)
        told = [value for value in values if value is not None]
        values = list((before and gains(before, told)) or [])
    if clause.form == "through":
        try:
            holds = [canonical(item) for item in parse(clause.values[0])] == values
        except (Unknown, TypeError):
            return None, None
        return holds, None if holds else ", ".join(map(str, values))
    claimed = clause.values * len(values) if clause.form == "each" else clause.values
    holds = len(claimed) == len(values) and all(map(_same, claimed, values))
    return holds, None if holds else ", ".join(map(str, values))


def _moves(clause: Clause, story: Sequence[Moment], stretch: Stretch, plan: Outline) -> Finding:
    values = values_of(clause.subject, story, stretch)
    if clause.subject not in own_names(stretch.loop):
        values = [story[stretch.start].before.get(clause.subject), *values]
    ends = _same(clause.values[0], values[0]) and _same(clause.values[1], values[-1])
    if not ends or not clause.trend:
        return ends, None if ends else f"{values[0]} to {values[-1]}"
    try:
        numbers = [parse(value or "") for value in values]
        pairs = itertools.pairwise(numbers)
        down = clause.trend == "never rising"
        holds = all((left >= right) if down else (left <= right) for left, right in pairs)
    except (Unknown, TypeError):
        return None, None
    return holds, None if holds else ", ".join(map(str, values))


def _after(clause: Clause, story: Sequence[Moment], stretch: Stretch, plan: Outline) -> Finding:
    state = story[stretch.end].before
    actual = state.get(clause.subject)
    if actual is None:
        try:
            actual = reckon_text(expression(clause.subject), state, plan.bound)
        except Unknown:
            return None, None
    if actual is None:
        return None, None
    holds = _same(clause.values[0], actual)
    return holds, None if holds else actual


def _kept(clause: Clause, story: Sequence[Moment], stretch: Stretch, plan: Outline) -> Finding:
    if clause.subject in changed_in(story, stretch):
        return False, f"{clause.subject} changes in these passes"
    return _after(clause, story, stretch, plan)


def _tests(clause: Clause, story: Sequence[Moment], stretch: Stretch, plan: Outline) -> Finding:
    found = tests_in(story, stretch).get(clause.subject)
    if found is None:
        return None, None
    yes, no = sum(found), len(found) - sum(found)
    if clause.form == "mixed":
        holds = clause.values == (str(yes), str(no))
    else:
        holds = (no if clause.values[0] == "true" else yes) == 0
    return holds, None if holds else f"true {yes} times and false {no} times"


def _anew(clause: Clause, story: Sequence[Moment], stretch: Stretch, plan: Outline) -> Finding:
    return clause.subject in changed_in(story, stretch), None


_JUDGES: dict[str, _Judge] = {
    "turn": _turn, "gains": _turn, "each": _turn, "through": _turn, "moves": _moves,
    "after": _after, "kept": _kept, "always": _tests, "mixed": _tests, "anew": _anew,
}  # fmt: skip
