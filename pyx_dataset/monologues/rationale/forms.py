"""The sentences of a rationale: each is written from a fact and can be read back as that fact.

A template holds fields: ``{call}`` is code, ``{line:L}`` a label, ``{nth:n}`` an ordinal,
``{names:l}`` several pieces of code.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from pyx_dataset.layout import LABEL_OFFSET
from pyx_dataset.monologues.claims import in_backticks
from pyx_dataset.monologues.telling.phrases import listed

Value = str | int | tuple[str, ...]

FORMS: dict[str, tuple[str, ...]] = {
    "expected": (
        "`{call}` should give `{expected}`, and the run above ends with `{actual}`.",
        "The test wants `{expected}` from `{call}`, but what comes out is `{actual}`.",
        "So `{call}` comes to `{actual}`, where the test asks for `{expected}`.",
        "What came out for `{call}` is `{actual}`; it ought to be `{expected}`.",
    ),
    "expected_raise": (
        "`{call}` should give `{expected}`, and the run above ends in `{actual}`.",
        "The test wants `{expected}` from `{call}`, but the run breaks off with `{actual}`.",
        "There should be a result for `{call}`, namely `{expected}`, and no `{actual}`.",
    ),
    "asked": (
        'The task says: "{text:q}"',
        'What was asked for: "{text:q}"',
    ),
    "where": (
        "The first step that goes wrong is at {line:L}.",
        "Going through the run again, all is well until {line:L}.",
        "Where does it leave the track? At {line:L}.",
        "Nothing is wrong before {line:L}.",
    ),
    "where_nth": (
        "The first step that goes wrong is at {line:L}, the {nth:n} time it runs.",
        "Going through the run again, all is well until {line:L} runs for the {nth:n} time.",
        "Where does it leave the track? At {line:L}, on its {nth:n} run.",
    ),
    "behind": (
        "All is well up to and including {line:L}; it is what comes next that is wrong.",
        "Nothing is wrong before {line:L} has run, but then it goes astray.",
    ),
    "behind_nth": (
        "All is well until {line:L} has run for the {nth:n} time; what comes next is wrong.",
        "The {nth:n} run of {line:L} is still right, and the step after it is not.",
    ),
    "cause": (
        "It only shows there: what leads to it is {line:L}.",
        "That line does what it should with what it gets; the cause is {line:L}.",
    ),
    "state": (
        "At this point {names:l}.",
        "There {names:l}.",
        "What it has to work with: {names:l}.",
    ),
    "pair": (
        "Here `{old}` gives `{value}`, while `{new}` would give `{other}`.",
        "With these values `{old}` comes to `{value}`; `{new}` would come to `{other}`.",
        "As written, `{old}` is `{value}`, and with `{new}` it would be `{other}`.",
    ),
    "pair_range": (
        "As written, `{old}` goes over `{value}`; `{new}` would go over `{other}`.",
        "Here `{old}` takes the values `{value}`, while `{new}` would take `{other}`.",
    ),
    "old": (
        "As written, `{old}` gives `{value}`.",
        "Here `{old}` comes to `{value}`.",
    ),
    "new": (
        "With `{new}` it would be `{value}`.",
        "What is needed there is `{new}`, which would be `{value}`.",
    ),
    "equal_sides": (
        "The two differ only where both sides are equal, and here both are `{value}`.",
        "That matters only when both sides are equal, which is so here: both are `{value}`.",
    ),
    "left_out": ("So `{item}` is left out.", "That leaves out `{item}`."),
    "too_many": ("So `{item}` is taken as well.", "That takes in `{item}` too."),
    "alias": (
        "From then on `{one}` and `{other}` are one object, and a change to one is a change to both.",
        "No copy is made, so `{one}` and `{other}` are the same object and change together.",
    ),
    "missing": (
        "Nothing asks whether `{test}` holds, although it does here.",
        "Here `{test}` is true, and no line deals with that case.",
    ),
    "in_loop": (
        "{line:L} stands inside the loop of {loop:L}, so the first pass that gets there ends it all.",
        "Because {line:L} belongs to the block of {loop:L}, it does not wait for the loop to end.",
    ),
    "no_pass": (
        "{line:L} stands inside the loop of {loop:L}, so nothing is returned when no pass gets there.",
        "{line:L} belongs to the block of {loop:L}, and no pass of that loop reaches it.",
    ),
    "unused": (
        "It is telling that `{name}` is set in {line:L} and never read.",
        "Also, {line:L} sets `{name}`, and nothing makes use of it.",
    ),
    "overwrites": (
        "What `{name}` held before, `{value}`, is thrown away.",
        "The `{value}` that `{name}` had collected so far is lost.",
    ),
    "change": (
        "So `{name}` becomes `{value}` and not `{other}`.",
        "That makes `{name}` `{value}`, where it should be `{other}`.",
        "The effect: `{name}` is `{value}` after this line instead of `{other}`.",
    ),
    "no_change": (
        "So `{name}` stays `{value}`, though it should become `{other}`.",
        "That leaves `{name}` at `{value}`, where it should turn into `{other}`.",
    ),
    "goes_on": (
        "So the run goes on at {line:L} instead of {other:L}.",
        "So {line:L} is next, where {other:L} should be.",
    ),
    "next": ("So the run goes on at {line:L}.", "The next line that runs is {line:L}."),
    "leaves": (
        "So `{function}` returns `{value}` at this point.",
        "With that `{function}` is left, and its value is `{value}`.",
    ),
    "would_leave": (
        "It should be done here and return `{value}`.",
        "What it should do instead is return `{value}`.",
    ),
    "returned": (
        "So `{function}` returns `{value}` and not `{other}`.",
        "`{function}` therefore hands back `{value}`, where `{other}` is due.",
    ),
    "arguments": (
        "So `{function}` is entered with {names:l}, and not with {others:l}.",
        "That calls `{function}` with {names:l}, where {others:l} is meant.",
    ),
    "raised": ("That is what raises `{kind}`.", "And this ends in `{kind}`."),
    "spread": (
        "Nothing later sets that right, and the call ends with `{value}`.",
        "The rest follows from it, down to the result `{value}`.",
        "Every later line builds on that, which is how the result comes to be `{value}`.",
    ),
    "unreached": (
        "`{call}` does not show the mistake, because {line:L} never runs in it.",
        "That `{call}` passes is no surprise: it does not reach {line:L}.",
    ),
    "agree": (
        "`{call}` passes because there `{old}` and `{new}` come to the same.",
        "In `{call}` it makes no difference: `{old}` and `{new}` agree there each time.",
    ),
    "harmless": (
        "`{call}` passes all the same: no step of it comes out differently.",
        "In `{call}` every step is as it should be, so it passes.",
    ),
    "healed": (
        "`{call}` goes wrong on the way too, but its result is not touched by it.",
        "`{call}` passes although one of its steps is wrong as well.",
    ),
    "replace": (
        "In {line:L}, `{old}` has to become `{new}`.",
        "I replace `{old}` with `{new}` in {line:L}.",
        "{line:L} should say `{new}` instead of `{old}`.",
    ),
    "rewrite": (
        "{line:L} should read `{new}`.",
        "I write {line:L} anew: `{new}`.",
    ),
    "insert": (
        "Behind {line:L} I add {names:l}.",
        "What is missing comes right after {line:L}: {names:l}.",
    ),
    "remove": ("{line:L} has to go.", "I take out {line:L}."),
    "indent": (
        "{line:L} moves to the level of {other:L}.",
        "I give {line:L} the indentation of {other:L}.",
    ),
    "alone": (
        "No other line has to change.",
        "The rest of the program stays as it is.",
    ),
    "mended": (
        "Run again, `{call}` now gives `{value}`, as the test asks.",
        "With that, `{call}` comes to `{value}`, which is what the test wants.",
    ),
    "still": (
        "`{call}` still gives `{value}`.",
        "And `{call}` is `{value}` as before.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a rationale says."""

    kind: str
    fields: dict[str, Value]

    def text(self, rng: Random) -> str:
        """It as a sentence, in one of the ways there are."""
        template = rng.choice(FORMS[self.kind])
        return _FIELD.sub(lambda match: _written(self.fields[match[1]], match[2]), template)


_FIELD = re.compile(r"`?\{(\w+)(?::(\w))?\}`?")
_MASK = "\x00(\\d+)\x00"
_PATTERNS = {
    "L": r"\[L(\d+)\]",
    "n": r"(\d+)(?:st|nd|rd|th)",
    "q": r"([^\"\n]+)",
    "l": "(\x00\\d+\x00(?:(?:, | and )\x00\\d+\x00)*)",
    None: _MASK,
}
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


def ordinal(number: int) -> str:
    """
    A place in a row.

    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 21)]
    ['1st', '2nd', '3rd', '4th', '11th', '21st']
    """
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


def _written(value: Value, kind: str | None) -> str:
    if kind == "L":
        return f"[L{int(str(value)) + LABEL_OFFSET}]"
    if kind == "q":
        return str(value)
    if kind == "n":
        return ordinal(int(str(value)))
    if isinstance(value, tuple):
        return listed([in_backticks(item) for item in value])
    return in_backticks(str(value))


def _pattern(template: str) -> re.Pattern[str]:
    parts, last = [], 0
    for match in _FIELD.finditer(template):
        parts += [re.escape(template[last : match.start()]), _PATTERNS[match[2]]]
        last = match.end()
    return re.compile("".join(parts) + re.escape(template[last:]))


_READERS = [
    (kind, [(match[1], match[2]) for match in _FIELD.finditer(template)], _pattern(template))
    for kind, templates in FORMS.items()
    for template in templates
]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that was read."""

    fact: Fact | None
    """None: not one of ours."""
    text: str


def read(text: str) -> Iterator[Said]:
    """What the sentences of `text` say; pieces that are none of ours come as they are."""
    spans: list[str] = []

    def number(match: re.Match[str]) -> str:
        spans.append(match[2].strip() if len(match[1]) > 1 else match[2])
        return f"\x00{len(spans) - 1}\x00"

    def shown(piece: str) -> str:
        return re.sub(_MASK, lambda match: in_backticks(spans[int(match[1])]), piece).strip()

    masked, position, unread = _SPAN.sub(number, text.replace("\x00", "")), 0, ""
    while position < len(masked):
        for kind, fields, pattern in _READERS:
            if match := pattern.match(masked, position):
                if unread.strip():
                    yield Said(None, shown(unread))
                values = {
                    name: _value(match[place], form, spans)
                    for place, (name, form) in enumerate(fields, start=1)
                }
                yield Said(Fact(kind, values), shown(match[0]))
                position, unread = match.end(), ""
                break
        else:
            unread += masked[position]
            position += 1
    if unread.strip():
        yield Said(None, shown(unread))


def _value(text: str, form: str | None, spans: list[str]) -> Value:
    if form == "L":
        return int(text) - LABEL_OFFSET
    if form == "n":
        return int(text)
    if form == "l":
        return tuple(spans[int(number)] for number in re.findall(_MASK, text))
    if form == "q":
        return re.sub(_MASK, lambda match: in_backticks(spans[int(match[1])]), text)
    return spans[int(text)]
