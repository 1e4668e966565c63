"""The sentences of a rationale: each is written from a fact and can be read back as that fact."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from pyx_dataset.layout import LABEL_OFFSET
from pyx_dataset.monologues.claims import in_backticks
from pyx_dataset.monologues.rationale.wording import FORMS
from pyx_dataset.monologues.telling.phrases import listed

Value = str | int | tuple[str, ...]


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
