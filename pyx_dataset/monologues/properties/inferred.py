"""Properties of a function, found in its known calls and stated only if they held every time.

In the manner of Daikon (Ernst et al., The Daikon system for dynamic detection of likely
invariants, 2007): a catalogue of statements is held against every known call, and one exception
is enough to drop a statement. What is left is ranked by how much it says.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from pyx_dataset.monologues.properties.known import Known
from pyx_dataset.monologues.properties.statement import Statement
from pyx_dataset.monologues.properties.statements import statements

MAX_PROPERTIES = 3
"""How many are stated of one function."""

_PAIRS = "pairs of "
_FRAMES = ("In all {n} {unit}, {words}.", "{words}, in all {n} {unit}.")
_COUNT = re.compile(r"\ball (\d+) (?=(?:pairs of )?known calls)")
_IMPLIED_BY_ITEMS = ("length", "value")


@dataclass(frozen=True, slots=True)
class Property:
    """A statement that held in all known calls."""

    statement: Statement
    count: int

    def sentence(self, rng: Random) -> str:
        """The property in words, with the number of calls that it was seen in."""
        frames = _FRAMES[1:] if self.statement.unit.startswith(_PAIRS) else _FRAMES
        text = rng.choice(frames).format(
            n=self.count, unit=self.statement.unit, words=self.statement.words
        )
        return text[0].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class CheckedProperty:
    """A sentence about known calls, and what they say."""

    text: str
    holds: bool | None
    """None: it speaks of known calls, but is no statement that can be tested."""
    found: str | None


def infer(known: Sequence[Known]) -> Sequence[Property]:
    """What held in all known calls and says something, the most telling first, one of a group."""
    return _inferred(tuple(known))


@lru_cache(maxsize=2)  # the forward and the backward monologues of a program ask for the same
def _inferred(known: tuple[Known, ...]) -> tuple[Property, ...]:
    found: list[Property] = []
    for statement in sorted(statements(known), key=lambda item: -item.weight):
        taken = {item.statement.group for item in found}
        subjects = {item.statement.subject for item in found if item.statement.group == "items"}
        if statement.group in taken:
            continue
        if statement.group in _IMPLIED_BY_ITEMS and statement.subject in subjects - {""}:
            continue
        idle = {item.statement.subject for item in found if item.statement.group == "effect"}
        if statement.group == "feeding" and statement.subject in idle:
            continue
        result = statement.test(known)
        if result.holds and result.is_telling:
            found.append(Property(statement, result.count))
    return tuple(found)


def property_sentences(properties: Sequence[Property], rng: Random) -> list[str]:
    """Some of the properties in words: the most telling ones, and not for each call the same."""
    best = list(properties[: MAX_PROPERTIES + 1])
    if len(best) > MAX_PROPERTIES:
        best.pop(rng.randrange(1, len(best)))
    return [item.sentence(rng) for item in best]


def check_properties(
    text: str, known: Sequence[Known], *, is_complete: bool = True
) -> list[CheckedProperty]:
    """
    Hold each sentence of `text` about all known calls against those calls.

    With ``is_complete=False`` the calls are only some of those that were known when the text was
    written: then the number of calls is not held against it.
    """
    sentences = [line.removeprefix("- ") for line in text.split("\n") if _COUNT.search(line)]
    if not sentences:
        return []
    forms = _forms(tuple(known))
    return [_checked(sentence, forms, known, is_complete) for sentence in sentences]


@lru_cache(maxsize=2)  # all monologues of a program are held against the same calls
def _forms(known: tuple[Known, ...]) -> Mapping[str, Statement]:
    """The sentences that can be tested, without their number of calls."""
    forms: dict[str, Statement] = {}
    for statement in statements(known):
        for frame in _FRAMES:
            form = frame.format(n="#", unit=statement.unit, words=statement.words)
            forms.setdefault(form[0].upper() + form[1:], statement)
    return forms


def _checked(
    sentence: str, forms: Mapping[str, Statement], known: Sequence[Known], is_complete: bool
) -> CheckedProperty:
    match = _COUNT.search(sentence)
    statement = forms.get(_COUNT.sub("all # ", sentence))
    if match is None or statement is None:
        return CheckedProperty(sentence, None, None)
    found = statement.test(known)
    if not found.holds:
        few = found.count == 0 or not is_complete
        return CheckedProperty(sentence, None if few else False, "it does not always hold")
    if is_complete and found.count != int(match[1]):
        return CheckedProperty(sentence, False, f"{found.count} {statement.unit}")
    return CheckedProperty(sentence, True, None)
