"""Hold every claim of a monologue against the trace, in order.

A text that gives each step its label, as ours do, is a full account and is read strictly; free
prose goes to `listen`. In a full account a cursor walks the story of the run: each mention of a
label is matched with the next time that line was completed, so that "`x` becomes `3`" in the
fourth pass is checked in the fourth pass. Backward text walks from the end, and what it says
without a label is looked for from there up.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from pyx_dataset.layout import LABEL_OFFSET
from pyx_dataset.monologues.claims import Mention, mentions
from pyx_dataset.monologues.demands import demands
from pyx_dataset.monologues.listening.listen import listen
from pyx_dataset.monologues.listening.prose import told_sections
from pyx_dataset.monologues.resumptions import resumptions
from pyx_dataset.monologues.run.blocks import outline
from pyx_dataset.monologues.run.literals import is_plain
from pyx_dataset.monologues.run.story import Moment, tell
from pyx_dataset.monologues.telling.forth import take_out_confirmation
from pyx_dataset.monologues.telling.judging import judge
from pyx_dataset.monologues.telling.stretches import Sentence, claims_of, number_of, take_out
from pyx_dataset.monologues.telling.visits import VisitSentence
from pyx_dataset.monologues.verdicts import (
    UNCHECKED,
    VERDICTS,
    Finding,
    Scene,
    held,
    whole,
)
from pyx_dataset.schema import CheckedClaim, CheckReport, Claim, Direction, Trace

FULL_SHARE = 0.8
"""Share of the lines of a full account that begin with a label."""
_STEP = re.compile(r"\[L\d+\] ")


@dataclass(slots=True)
class _Walk:
    """Where the reader is, and what has been settled so far."""

    scene: Scene
    cursor: int
    section: int = 0
    report: dict[bool | None, list[CheckedClaim]] = field(
        default_factory=lambda: {True: [], False: [], None: []}
    )
    told: dict[int, set[str]] = field(default_factory=dict)
    """Place in the story -> variables whose change there is told."""

    def settle(self, claim: Claim, finding: Finding, place: int | None = None) -> None:
        verdict, found = finding
        step = None if place is None else self.scene.story[place].step
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
    if direction == "forward" and not is_full_account(text):
        sorted_claims = _heard(text, trace, offset)
    else:
        report = _walk(text, trace, offset, direction).report
        sorted_claims = {verdict: list(claims) for verdict, claims in report.items()}
        if direction == "forward":
            for claim, (verdict, found), step in resumptions(text, trace, offset):
                sorted_claims[verdict].append(CheckedClaim(claim, step, found))
    for mention in mentions(answer or "", trace.code, offset):
        for claim in mention.claims:
            verdict, found = whole(claim, trace)
            sorted_claims[verdict].append(CheckedClaim(claim, None, found))
    return CheckReport(*(tuple(sorted_claims[verdict]) for verdict in (True, False, None)))


def is_full_account(text: str) -> bool:
    """
    Does the text go label by label, so that what it leaves out is left out wrongly?

    >>> is_full_account("[L6] `x` is `1`. [L7] `y` is `2`."), is_full_account("1. [L6]: x is 1.")
    (True, False)
    """
    for _, section in told_sections(text):
        lines = [line for line in section.splitlines() if line.strip()]
        return sum(bool(_STEP.match(line)) for line in lines) >= FULL_SHARE * len(lines)
    return True


def _heard(text: str, trace: Trace, offset: int) -> dict[bool | None, list[CheckedClaim]]:
    story = tell(trace)
    found: dict[bool | None, list[CheckedClaim]] = {True: [], False: [], None: []}
    for heard in listen(text, trace, offset):
        verdict, what = heard.finding
        step = None if heard.place is None else story[heard.place].step
        found[verdict].append(CheckedClaim(heard.claim, step, what))
    return found


def untold(text: str, trace: Trace, offset: int = LABEL_OFFSET) -> tuple[int, ...]:
    """Lines of the program that changed something in the run where `text` does not say so."""
    walk = _walk(text, trace, offset, "forward")
    missing = {
        moment.line
        for place, moment in enumerate(walk.scene.story)
        if not {change.name for change in moment.changed} <= walk.told.get(place, set())
    }
    return tuple(sorted(missing))


@lru_cache(maxsize=4)  # `check` and `untold` ask one after the other; neither changes it
def _walk(text: str, trace: Trace, offset: int, direction: Direction) -> _Walk:
    story = tell(trace)
    start = -1 if direction == "forward" else len(story)
    walk = _Walk(Scene(trace, outline(trace.code), story), start)
    text, sentences = take_out(text, offset)
    forth = ""
    if direction == "backward":
        text, forth = take_out_confirmation(text)
    for mention in mentions(text, trace.code, offset):
        number = number_of(mention.names)
        if number is not None:
            _pass_over(walk, sentences[number])
        elif direction == "backward":
            _look_back(walk, mention)
        elif mention.line is None:
            for claim in mention.claims:
                walk.settle(claim, whole(claim, trace))
        else:
            _visit(walk, mention)
    if direction == "backward":
        for claim, finding, place in demands(text, story, walk.scene.plan):
            walk.settle(claim, finding, place)
    for mention in mentions(forth, trace.code, offset):
        _look_ahead(walk, mention)
    return walk


def _pass_over(walk: _Walk, sentence: Sentence | VisitSentence) -> None:
    """Check what is said about passes or a call that are told in one sentence, and go behind."""
    found = judge(sentence, walk.scene.story, walk.scene.plan, walk.cursor)
    if found is None:
        for claim in claims_of(sentence):
            walk.settle(claim, (False, "nothing of the kind runs at this point"))
        return
    for claim, finding, place in found.settled:
        walk.settle(claim, finding, place)
    for place, names in found.told.items():
        walk.told.setdefault(place, set()).update(names)
    walk.cursor = found.end


def _visit(walk: _Walk, mention: Mention) -> None:
    """Match a mention with the next completion of its line and check what it says there."""
    place = next(
        (
            place
            for place in range(walk.cursor + 1, len(walk.scene.story))
            if _fits(walk.scene.story[place], mention)
        ),
        None,
    )
    if place is None:
        for claim in mention.claims:
            walk.settle(claim, (False, "the line does not run at this point"))
        return
    if any(claim.kind == "returns" for claim in mention.claims):
        place = _end_of_frame(walk.scene.story, place)
    moment = walk.scene.story[place]
    unstated = {change.name for change in moment.changed if not is_plain(change.value)}
    named = mention.names & unstated
    walk.told.setdefault(place, set()).update(named)
    for claim in mention.claims:
        walk.settle(claim, VERDICTS[claim.kind](claim, place, walk.scene), place)
    if mention.claims or named:
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


def _look_ahead(walk: _Walk, mention: Mention) -> None:
    """Check claims of a backward text that go forward: each at the next place where it fits."""
    place = 0
    for claim in mention.claims:
        finding = whole(claim, walk.scene.trace)
        if finding == UNCHECKED:
            for later in range(place, len(walk.scene.story)):
                here = held(claim, later, walk.scene)
                if here[0]:
                    finding, place = here, later
                    break
                finding = here if finding == UNCHECKED else finding
        walk.settle(claim, finding, place if finding[0] else None)


def _look_back(walk: _Walk, mention: Mention) -> None:
    """Check claims of backward text: each at the latest place, not behind the cursor, that fits."""
    if mention.section != walk.section:
        walk.section, walk.cursor = mention.section, len(walk.scene.story)
    for claim in mention.claims:
        finding = whole(claim, walk.scene.trace)
        if finding != UNCHECKED or claim.kind in ("answer", "returns", "raises"):
            walk.settle(claim, finding)
            continue
        for place in range(min(walk.cursor, len(walk.scene.story) - 1), -1, -1):
            here = held(claim, place, walk.scene)
            if here[0]:
                finding, walk.cursor = here, place
                break
            finding = here if finding == UNCHECKED else finding
        walk.settle(claim, finding, walk.cursor if finding[0] else None)
