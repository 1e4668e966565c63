"""Read sentences about stretches of passes, and about visits of helpers, out of a text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pyx_dataset.layout import LABEL_OFFSET
from pyx_dataset.monologues.claims import claims, in_backticks
from pyx_dataset.monologues.telling.visits import (
    ITEM,
    VisitSentence,
    claims_of_visit,
    take_out_visits,
)
from pyx_dataset.schema import Claim, ClaimKind

Finding = tuple[bool | None, str | None]

_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_SENTENCE = re.compile(
    r"\[L(?P<line>\d+)\]\s+[^.\x00:\n]*?\b[Pp]asses (?P<first>\d+) to (?P<last>\d+)\b"
    r"(?P<lead>[^:\x00\n]*):(?P<clauses>[^\n]*?)\.(?=\s|$)"
)
_PLACEHOLDER = re.compile(r"§(\d+)")
_ITEMS = rf"{ITEM}(?:(?:,| and) {ITEM})*"
_FORMS: dict[str, str] = {
    "through": rf"(?:goes|runs) through (?P<values>{ITEM})",
    "gains": rf"gains (?P<values>{_ITEMS}) in turn",
    "turn": rf"(?:is|becomes) (?P<values>{_ITEMS}) in turn",
    "each": rf"is (?P<values>{ITEM}) at the end of each",
    "moves": rf"(?:goes|climbs|falls) from (?P<values>{ITEM} to {ITEM})"
    r"(?:, (?P<trend>never falling|never rising))?",
    "after": rf"is (?P<values>{ITEM}) after them",
    "kept": rf"(?:stays|keeps) (?P<values>{ITEM})",
    "always": r"is (?P<truth>true|false) every time",
    "mixed": r"is true (?P<yes>\d+) times? and false (?P<no>\d+) times?",
    "anew": r"is set anew",
}
_CLAUSES = {name: re.compile(rf"\s*(?P<subject>{ITEM}) {form}\s*") for name, form in _FORMS.items()}


@dataclass(frozen=True, slots=True)
class Clause:
    """One statement about all passes of a stretch."""

    form: str
    """A key of the grammar: ``turn``, ``kept``, ``always`` ..."""
    subject: str
    values: tuple[str, ...]
    trend: str
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a text says about passes `first` to `last` of the loop on `line`."""

    line: int
    first: int
    last: int
    clauses: tuple[Clause, ...]
    unread: tuple[str, ...]
    """Clauses that are no statement this grammar knows."""


def take_out(
    text: str, offset: int = LABEL_OFFSET
) -> tuple[str, tuple[Sentence | VisitSentence, ...]]:
    r"""
    `text` with each sentence about a stretch or a visit replaced by its label and a numbered mark.

    >>> text, [sentence] = take_out("[L7] Passes 4 to 6 go on: `x` stays `1`. [L9] End.")
    >>> text, sentence.clauses[0].form
    ('[L7] `§0`. [L9] End.', 'kept')
    """
    spans: list[str] = []
    found: list[Sentence | VisitSentence] = []

    def keep(sentence: Sentence | VisitSentence) -> str:
        found.append(sentence)
        return f"`§{len(found) - 1}`"

    def hide(match: re.Match[str]) -> str:
        spans.append(match[2].strip() if len(match[1]) > 1 else match[2])
        return f"\x00{len(spans) - 1}\x00"

    def mark(match: re.Match[str]) -> str:
        clauses = [_clause(part, spans) for part in match["clauses"].split(";")]
        sentence = Sentence(
            int(match["line"]) - offset,
            int(match["first"]),
            int(match["last"]),
            tuple(item for item in clauses if isinstance(item, Clause)),
            tuple(item for item in clauses if isinstance(item, str)),
        )
        return f"[L{match['line']}] {keep(sentence)}."

    masked = _SENTENCE.sub(mark, _SPAN.sub(hide, text.replace("\x00", "")))
    masked = take_out_visits(masked, spans, offset, keep)
    shown = re.sub(r"\x00(\d+)\x00", lambda number: in_backticks(spans[int(number[1])]), masked)
    return (shown, tuple(found)) if found else (text, ())


def number_of(names: frozenset[str]) -> int | None:
    """The number of the sentence that a mark stands for, given the code of its mention."""
    marks = [match for name in names if (match := _PLACEHOLDER.fullmatch(name))]
    return int(marks[0][1]) if marks else None


def _clause(masked: str, spans: Sequence[str]) -> Clause | str:
    def code(text: str) -> list[str]:
        return [spans[int(number)] for number in re.findall(r"\x00(\d+)\x00", text)]

    shown = re.sub(r"\x00(\d+)\x00", lambda n: in_backticks(spans[int(n[1])]), masked).strip()
    for form, pattern in _CLAUSES.items():
        if match := pattern.fullmatch(masked):
            parts = match.groupdict()
            values = code(parts.get("values") or "")
            values += [part for key in ("truth", "yes", "no") if (part := parts.get(key))]
            [subject] = code(parts["subject"])
            return Clause(form, subject, tuple(values), parts.get("trend") or "", shown)
    return shown


def claims_of(sentence: Sentence | VisitSentence) -> tuple[Claim, ...]:
    """What a sentence says, as claims."""
    if isinstance(sentence, VisitSentence):
        return claims_of_visit(sentence)
    return tuple(claim_of(sentence, clause) for clause in sentence.clauses)


def claim_of(sentence: Sentence, clause: Clause) -> Claim:
    """One clause as a claim."""
    kinds: dict[str, ClaimKind] = {"kept": "unchanged", "always": "branch", "mixed": "branch"}
    value = ", ".join(clause.values)
    kind = kinds.get(clause.form, "value")
    return Claim(kind, clause.subject, value, sentence.line, clause.text)


def all_claims(text: str, code: str, offset: int = LABEL_OFFSET) -> tuple[Claim, ...]:
    """Claims of `text`, those about stretches of passes behind the others."""
    rest, sentences = take_out(text, offset)
    return (
        *claims(rest, code, offset),
        *(claim for item in sentences for claim in claims_of(item)),
    )
