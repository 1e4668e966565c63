"""Which part of a run a sentence is about, where a heading names a pass of a loop."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pyx_dataset.monologues.listening.loose import split_equation
from pyx_dataset.monologues.listening.prose import CODE, Sentence
from pyx_dataset.monologues.listening.wording import ORDINALS
from pyx_dataset.monologues.run.blocks import Outline
from pyx_dataset.monologues.run.literals import is_plain
from pyx_dataset.monologues.run.story import Moment
from pyx_dataset.monologues.verdicts import same

_NTH = rf"(?P<word>{'|'.join(ORDINALS)})"
_CUE = re.compile(
    rf"\b(?:{_NTH}\s+(?:iteration|pass)|(?:iteration|pass)\s+(?P<number>\d+)\b"
    rf"|(?P<nth>\d+)(?:st|nd|rd|th)\s+(?:iteration|pass))",
    re.IGNORECASE,
)
_SUMMARY = re.compile(r"\b(?:after|all|both|each|every)\b[^.]*\biteration", re.IGNORECASE)
"""Speaks of passes, but not of one."""
_LATER = re.compile(
    r"(?:After|Once)\b(?=[^,]*\b(?:loops?|iterations|iterating|processing)\b)"
    r"(?![^,]*\b(?:first|second|third|fourth|each|every)\b)"
)
_FINAL = re.compile(r"\bfinal\s+(?:value|state)\s+of\b")

_SAID = r"\x00(\d+)\x00\s+(?:=|is|as)\s+\x00(\d+)\x00(?!\s*(?:,|and|or|to)\s+\x00)"
"""A variable in code, its value in code, and no more values behind it."""


@dataclass(slots=True)
class Scopes:
    """Follows the headings of a text through the passes of a run."""

    story: Sequence[Moment]
    plan: Outline
    starts_at_zero: bool
    """The text counts its passes from 0."""
    open: list[tuple[int, range]] = field(default_factory=list)
    """Column of a heading and the places of its pass, from the outside in."""
    last: int = -1
    """Where the pass named last begins."""

    def follow(self, sentence: Sentence) -> range:
        """The places that `sentence` may be about."""
        if sentence.is_lead:
            while self.open and self.open[-1][0] >= sentence.indent:
                self.open.pop()
        parent = self.open[-1][1] if self.open else range(len(self.story))
        found = self._named(sentence, parent)
        if found is not None:
            self.open.append((sentence.indent, found))
            self.last = found.start
        elif not self.open and _LATER.match(sentence.text):
            return self._behind_the_loop() or range(len(self.story))
        elif _FINAL.search(sentence.text):
            return range(len(self.story) - 1, len(self.story))
        return self.open[-1][1] if self.open else range(len(self.story))

    def _behind_the_loop(self) -> range | None:
        """From where the only outer loop is left."""
        spans = [item.block for item in self.plan.by_line.values() if item.kind in ("for", "while")]
        outer = {span for span in spans if not any(_within(span, other) for other in spans)}
        if len(outer) != 1 or any(moment.depth for moment in self.story):
            return None
        [block] = outer
        inside = [place for place, moment in enumerate(self.story) if moment.line in block]
        return range(inside[-1] + 1, len(self.story)) if inside else None

    def _named(self, sentence: Sentence, parent: range) -> range | None:
        cue = _CUE.search(sentence.text)
        if _SUMMARY.search(sentence.text):
            return None
        number = self._number(cue) if cue else None
        headers = [place for place in parent if _is_pass(self.story[place])]
        bound = self._bound(sentence, headers)
        if bound is not None:
            places = bound
        elif number is not None:
            places = self._nth(headers, number, sentence)
        else:
            return None
        if len({self._run_of(place) for place in places}) > 1:
            return None  # in which call, or in which pass around it, is not said
        if bound and number is not None:  # the number tells equal items apart
            places = [p for p in self._nth(headers, number, sentence) if p in bound] or places
        later = [place for place in places if place > self.last] or places
        if not later:
            return None
        # Equal items: the text may have skipped some, so the pass is any of those ahead.
        last = later[0] if number is not None else later[-1]
        return range(later[0], self._until_next(last).stop)

    def _run_of(self, place: int) -> int:
        """Where the run of the loop begins whose header is at `place`."""
        here = self.story[place]
        return next(
            p for p in range(place, -1, -1)
            if self.story[p].line == here.line and self.story[p].frame == here.frame
            and self.story[p].is_first
        )  # fmt: skip

    def _number(self, cue: re.Match[str]) -> int:
        if cue["word"]:
            return ORDINALS.index(cue["word"].lower())
        if cue["nth"]:
            return int(cue["nth"]) - 1
        return int(cue["number"]) - (0 if self.starts_at_zero else 1)

    def _bound(self, sentence: Sentence, headers: list[int]) -> list[int] | None:
        """Passes whose loop variables have the values that the sentence gives them."""
        places: list[int] | None = None
        bindings = _bindings(sentence)
        if len({name for name, _ in bindings}) < len(set(bindings)):
            return None  # "for `i = 0` to `i = 2`"
        for name, value in bindings:
            own = [p for p in headers if name in _targets(self.story[p])]
            if own or name in _all_targets(self.plan):
                own = [p for p in own if same(value, self.story[p].after.get(name, ""))]
                places = own if places is None else [p for p in places if p in own]
        return places

    def _nth(self, headers: list[int], number: int, sentence: Sentence) -> list[int]:
        lines = sorted({self.story[place].line for place in headers})
        line = next((line for line in lines if line == sentence.label), None)
        if line is None and lines:
            statement = self.plan.by_line[lines[0]]
            line = lines[0] if all(other in statement.block for other in lines[1:]) else None
        runs: list[list[int]] = []
        for place in headers:
            if self.story[place].line == line:
                if self.story[place].is_first or not runs:
                    runs.append([])
                runs[-1].append(place)
        return [run[number] for run in runs if 0 <= number < len(run)]

    def _until_next(self, place: int) -> range:
        """The places of a pass; with where its loop decides again, if that reads what it did."""
        here = self.story[place]
        block = here.statement.block if here.statement else range(0)
        for later in range(place + 1, len(self.story)):
            moment = self.story[later]
            if moment.frame != here.frame:
                continue
            if moment.line == here.line or moment.line not in block:
                is_while = here.statement is not None and here.statement.kind == "while"
                return range(place, later + is_while)
        return range(place, len(self.story))


def _within(inner: range, outer: range) -> bool:
    return inner != outer and inner.start in outer


def _is_pass(moment: Moment) -> bool:
    return bool(moment.entered and moment.statement and moment.statement.kind in ("for", "while"))


def _targets(moment: Moment) -> set[str]:
    node = moment.statement.node if moment.statement else None
    if not isinstance(node, ast.For):
        return set()
    return {part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)}


def _all_targets(plan: Outline) -> set[str]:
    return {
        part.id
        for statement in plan.by_line.values()
        if isinstance(statement.node, ast.For)
        for part in ast.walk(statement.node.target)
        if isinstance(part, ast.Name)
    }


def _bindings(sentence: Sentence) -> list[tuple[str, str]]:
    """``i = 2``, in code or in brackets, as a heading gives it."""
    found = [split_equation(sentence.spans[int(n)]) for n in CODE.findall(sentence.text)]
    pairs = [(side[0], side[-1]) for side in found if len(side) == 2]
    for match in re.finditer(r"\b([A-Za-z_]\w*)\s*=\s*(?:\x00(\d+)\x00|(-?\d+)\b)", sentence.text):
        pairs.append((match[1], sentence.spans[int(match[2])] if match[2] else match[3]))
    for match in re.finditer(_SAID, sentence.text):
        pairs.append((sentence.spans[int(match[1])], sentence.spans[int(match[2])]))
    return [(name, value) for name, value in pairs if name.isidentifier() and is_plain(value)]
