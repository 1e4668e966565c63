"""The verdict on one claim of free prose, at the places that its sentence may be about."""

import ast
import re
from collections.abc import Sequence
from dataclasses import replace

from pyx_dataset.monologues.claims import is_constant, says_change
from pyx_dataset.monologues.listening.agree import claimed_value, compare, is_datum
from pyx_dataset.monologues.listening.evidence import Evidence, evidence, loop_items, put_in
from pyx_dataset.monologues.listening.facts import facts
from pyx_dataset.monologues.listening.loose import split_equation
from pyx_dataset.monologues.listening.prose import CODE, Sentence
from pyx_dataset.monologues.run.blocks import names_in
from pyx_dataset.monologues.run.literals import Unknown, canonical, expression, parse
from pyx_dataset.monologues.run.story import Moment, tell
from pyx_dataset.monologues.verdicts import UNCHECKED, Finding
from pyx_dataset.schema import Claim, Trace

_HEDGED = re.compile(r"\b(?:if|would|skip\w*|not|never|without|remain\w*|still|unchanged)\b|n't\b")
"""What keeps a sentence from saying that its line ran."""
_FUNCTION = re.compile(r"\b[Tt]he\s+function\s+(?:then\s+|finally\s+|will\s+)?returns?\b")
_ENTERS = re.compile(r"\b(?:enter|continue)")
_ENDS = re.compile(r"loop\s+(?:ends|exits|terminates|stops|finishes|is\s+exited)")


class Scales:
    """Knows one run, and what was asked of it before."""

    def __init__(self, trace: Trace) -> None:
        self.facts, self.story = facts(trace.code), tell(trace)
        self.all = range(len(self.story))
        self.known: dict[tuple[str, bool, Sequence[int]], Evidence] = {}

    def weigh(self, claim: Claim, sentence: Sentence, scope: range) -> tuple[Finding, int | None]:
        """The verdict, and the place in the story that gave it."""
        statement = self.facts.plan.by_line.get(claim.line or 0)
        is_under = statement and statement.has_own_block and not sentence.is_labelled
        line = None if is_under else claim.line  # under a loop, all of its block may be meant
        here = [place for place in scope if self._is_on(place, line)]
        if line is not None and not here:
            here = [place for place in self.all if self._is_on(place, line)]
            if not here and self._never_ran(claim, sentence):
                return (False, f"line {claim.line} does not run"), None
        place = here[0] if here else None
        match claim.kind:
            case "returns":
                return self._returns(claim), place
            case "binds":
                return self._argument(claim), 0
            case "branch":
                return self._branch(claim, here, scope), place
            case "unchanged":
                return self._unchanged(claim, here or scope, sentence), place
            case "loop":
                return self._passes(claim, self._loop(here, scope)), place
        return self._value(claim, sentence, here, scope), place

    def _is_on(self, place: int, line: int | None) -> bool:
        moment = self.story[place]
        if line is None:
            return False
        statement = moment.statement
        end = (statement.block.start or statement.end + 1) if statement else moment.line + 1
        return moment.line <= line < end

    def _never_ran(self, claim: Claim, sentence: Sentence) -> bool:
        """Does the claim say that a line of code did something which never ran?"""
        statement = self.facts.plan.by_line.get(claim.line or 0)
        if statement is None or statement.line != claim.line or not sentence.is_labelled:
            return False
        if _HEDGED.search(claim.text):
            return False
        if statement.kind == "return":
            return claim.kind == "returns"
        return claim.subject in statement.targets and statement.kind == "assign"

    def _returns(self, claim: Claim) -> Finding:
        claimed = claimed_value(claim.value)
        texts = [m.value for m in self.story if m.event == "return" and m.value is not None]
        finding = compare(claimed, _parsed(texts))
        if finding[0] is not False or _FUNCTION.search(claim.text):
            return finding  # else it may be an expression on the way that "returns"
        everything = compare(claimed, self._evidence("...", self.all))
        return finding if everything[0] is False else UNCHECKED

    def _argument(self, claim: Claim) -> Finding:
        """What the call was given."""
        given = [item.value for item in self.story[0].changed]
        data = [text for text in given if not text.startswith("<function")]
        return compare(claimed_value(claim.value), _parsed(data))

    def _branch(self, claim: Claim, here: list[int], scope: range) -> Finding:
        wanted = claim.value == "True"
        if claim.subject in ("break", "continue"):
            ran = any(
                moment.statement and moment.statement.kind == claim.subject
                for moment in (self.story[place] for place in (here or self.all))
            )
            return (True, None) if ran else (False, f"no `{claim.subject}` runs here")
        if claim.subject == "loop":
            here = self._loop(here, scope)
        moments = [self.story[place] for place in here]
        ends = bool(_ENDS.search(claim.text))
        decided = [m.entered for m in moments if m.entered is not None
                   and (wanted or m.is_first or ends or claim.subject != "loop")]  # fmt: skip
        if wanted in decided:
            return True, None
        is_loose = ends or (wanted and not _ENTERS.search(claim.text))
        if not decided or (claim.subject == "loop" and is_loose):
            return UNCHECKED  # a loop "starts" where it makes no pass, and "ends" in many ways
        return False, str(decided[0])

    def _unchanged(self, claim: Claim, places: Sequence[int], sentence: Sentence) -> Finding:
        """A variable that keeps its value on a line, or through a pass."""
        moments = [self.story[place] for place in places]
        changes = [any(item.name == claim.subject for item in m.changed) for m in moments]
        if len(places) == len(self.story) or not any(claim.subject in m.after for m in moments):
            return UNCHECKED
        if not any(changes):
            return True, None
        is_sure = all(changes) and sentence.is_labelled
        return (False, moments[0].after.get(claim.subject)) if is_sure else UNCHECKED

    def _passes(self, claim: Claim, headers: list[int]) -> Finding:
        """How often a loop runs; one with a way out may have been meant to run longer."""
        counts = {self.story[place].passes for place in headers} - {None}
        nodes = [node for place in headers if (statement := self.story[place].statement)
                 for node in ast.walk(statement.node)]  # fmt: skip
        if claim.value in map(str, counts):
            return True, None
        if not counts or any(isinstance(node, ast.Break | ast.Return) for node in nodes):
            return UNCHECKED
        return False, str(next(iter(counts)))

    def _loop(self, here: list[int], scope: range) -> list[int]:
        """Headers of the loop at `here`, or of the only loop."""
        places = [p for p in (here or scope) if self._is_loop(self.story[p])]
        lines = {self.story[place].line for place in places}
        return places if len(lines) == 1 else []

    @staticmethod
    def _is_loop(moment: Moment) -> bool:
        return bool(moment.statement and moment.statement.kind in ("for", "while"))

    def _value(self, claim: Claim, sentence: Sentence, here: list[int], scope: range) -> Finding:
        claimed = claimed_value(claim.value)
        if item := self._of_item(claim.subject, sentence):
            return compare(claimed, self._evidence(item, here or scope))
        try:
            near = self._evidence(claim.subject, here, sets=_sets(claim))
            wide = self._evidence(claim.subject, self.all if claim.subject == "..." else scope)
        except Unknown:
            return UNCHECKED
        closest = compare(claimed, near)
        if closest[0]:
            return closest
        finding = compare(claimed, wide)
        if finding[0] and here and near.values:
            return closest if self._is_sure(claim, sentence) else UNCHECKED
        if claim.subject == "..." and finding[0] is False and len(claim.value) < 4:
            return UNCHECKED
        return closest if closest[0] is False and finding[0] is False else finding

    def _of_item(self, subject: str, sentence: Sentence) -> str:
        """`subject` with the item put in that the sentence names: "for 'a': `c.isalpha()` is"."""
        try:
            names = set(names_in(expression(subject))) & self.facts.fleeting
        except Unknown:
            return ""
        dump = ast.dump(expression(subject))
        is_inside = any(part.around and part.dump == dump for part in self.facts.parts)
        if len(names) != 1 or not is_inside or not sentence.text.startswith("For "):
            return ""
        [name] = names
        moments = [self.story[place] for place in self.all]
        items = [canonical(v) for v in loop_items(name, moments, self.facts).values if is_datum(v)]
        for number in CODE.findall(sentence.text.partition(":")[0]):
            *_, item = split_equation(sentence.spans[int(number)])
            value = claimed_value(item) if is_constant(item) else None
            if is_datum(value) and canonical(value) in items:
                return put_in(subject, name, canonical(value))
        return ""

    def _is_sure(self, claim: Claim, sentence: Sentence) -> bool:
        """The label stands beside the claim, and its line is about the subject."""
        statement = self.facts.plan.by_line.get(claim.line or 0)
        if statement is None or not sentence.is_labelled or not claim.subject.isidentifier():
            return False
        if statement.kind == "return":
            return claim.subject in {n.id for n in ast.walk(statement.node)
                                     if isinstance(n, ast.Name)}  # fmt: skip
        return claim.subject in statement.targets and statement.kind not in ("for", "while")

    def _evidence(self, name: str, places: Sequence[int], sets: bool = False) -> Evidence:
        key = name, sets, places if isinstance(places, range) else tuple(places)
        if key not in self.known:
            self.known[key] = self._gathered(name, places, sets)
        return self.known[key]

    def _gathered(self, name: str, places: Sequence[int], sets: bool) -> Evidence:
        moments = [self.story[place] for place in places]
        if name in self.facts.fleeting and not any(name in m.before for m in self.story):
            return loop_items(name, moments, self.facts)
        if sets and name.isidentifier():
            return _parsed([m.after[name] for m in moments if name in m.after])
        return evidence(name, moments, self.facts)


def _sets(claim: Claim) -> bool:
    """Do the words between subject and value say that this line gave it the value?"""
    end = claim.text.find(claim.value)
    start = claim.text.rfind(claim.subject, 0, max(end, 0))
    words = claim.text[max(start, 0) : end].replace("`", "")
    return words == f"{claim.subject} = " or says_change(replace(claim, text=words))


def _parsed(texts: Sequence[str]) -> Evidence:
    """Evidence from canonical texts; what stands for an object is no value to compare."""
    found = Evidence()
    for text in texts:
        try:
            found.values.append(parse(text))
        except Unknown:
            found.is_complete = False
    return found
