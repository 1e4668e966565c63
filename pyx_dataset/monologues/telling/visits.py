"""Calls of a helper that bring nothing new, each told in one sentence, and the check of it.

[L5] `fib` goes as before: it starts with `n = 2` and returns `1`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.story import Moment
from pyx_dataset.monologues.telling import phrases
from pyx_dataset.monologues.telling.changes import is_told_by_name
from pyx_dataset.monologues.telling.pace import Visit
from pyx_dataset.schema import Claim

ITEM = r"\x00\d+\x00"
"""A piece of code whose text was taken out."""
_LEADS = ("goes as before", "runs the same way", "takes the known way")


def visit_words(story: Sequence[Moment], visit: Visit, rng: Random) -> str:
    """The sentence, without its label and full stop."""
    call, end = story[visit.start], story[visit.end - 1]
    name = code(call.function.rpartition(".")[2])
    given = [
        code(item.name) if is_told_by_name(item.value) else phrases.binding(item.name, item.value)
        for item in call.changed
    ]
    value = end.value or "None"
    result = phrases.thing(value) if is_told_by_name(value) else code(value)
    start = f"it starts with {phrases.listed(given)} and " if given else "it "
    return f"{name} {rng.choice(_LEADS)}: {start}returns {result}"


_SENTENCE = re.compile(
    rf"\[L(?P<line>\d+)\] {ITEM} (?:{'|'.join(_LEADS)}): "
    rf"it (?:starts with (?P<given>{ITEM}(?:(?:,| and) {ITEM})*) and )?"
    rf"returns (?:(?P<value>{ITEM})|an? [a-z ]+)\.(?=\s|$)"
)


@dataclass(frozen=True, slots=True)
class VisitSentence:
    """What a text says about one call of a helper."""

    line: int
    given: tuple[str, ...]
    """``"n = 2"``, or the bare name of a parameter without a value to state."""
    value: str | None


def take_out_visits(
    masked: str, spans: Sequence[str], offset: int, mark: Callable[[VisitSentence], str]
) -> str:
    """`masked` with each such sentence replaced by its label and what `mark` makes of it."""

    def replace(match: re.Match[str]) -> str:
        numbers = re.findall(r"\x00(\d+)\x00", match["given"] or "")
        given = [spans[int(number)] for number in numbers]
        value = spans[int(match["value"][1:-1])] if match["value"] else None
        sentence = VisitSentence(int(match["line"]) - offset, tuple(given), value)
        return f"[L{match['line']}] {mark(sentence)}."

    return _SENTENCE.sub(replace, masked)


def claims_of_visit(sentence: VisitSentence) -> tuple[Claim, ...]:
    """What it starts with and what it returns."""
    given = (item.partition(" = ") for item in sentence.given if " = " in item)
    claims = [
        Claim("binds", name, value, sentence.line, code(f"{name} = {value}"))
        for name, _, value in given
    ]
    if sentence.value is not None:
        text = f"returns {code(sentence.value)}"
        claims.append(Claim("returns", "", sentence.value, sentence.line, text))
    return tuple(claims)


def find_visit(sentence: VisitSentence, story: Sequence[Moment], cursor: int) -> Visit | None:
    """The next call behind `cursor` of the function on the sentence's line."""
    for place in range(cursor + 1, len(story)):
        if story[place].event == "call" and story[place].line == sentence.line:
            frame = story[place].frame
            for end in range(place + 1, len(story)):
                if story[end].frame == frame and story[end].event == "return":
                    return Visit(place, end + 1)
            return None
    return None
