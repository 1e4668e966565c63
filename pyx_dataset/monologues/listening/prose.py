r"""Prose cut into sentences, each with its code taken out, its label and its place in the outline.

Language models write numbered steps, bullets under them, bold headings, fences; people write
paragraphs. What a label or a heading such as "Second iteration" says holds for the items under it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyx_dataset.layout import FORWARD_HEADINGS, LABEL_OFFSET
from pyx_dataset.monologues.run.literals import is_plain


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement of a text, or the heading of some."""

    section: str
    indent: int
    """Column of its item; what it says about place holds for items further right."""
    is_lead: bool
    """It opens its item."""
    label: int | None
    """The line it is about, if it or an item above it says so."""
    is_labelled: bool
    """The label stands in its own item, before it."""
    is_heading: bool
    """It names what follows and says nothing: ``**Second iteration**``."""
    text: str
    """The words, with each piece of code replaced by ``\\x00number\\x00``."""
    spans: tuple[str, ...]
    """All code of the text, by number."""


CODE = re.compile(r"\x00(\d+)\x00")
LABEL = re.compile(r"\[L(\d+)\]|\bLine (\d+)\b")
_FENCE = re.compile(r"\s*^[ \t]*```\w*\n(.*?)\n[ \t]*```[ \t]*$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(
    r"(?<!`)(?P<fence>`+)(?!`)(?P<code>.+?)(?<!`)(?P=fence)(?!`)"
    r"|(?<![\w'\"])(?P<quoted>\"[^\"\n]*\"|'(?:\\.|[^'\\\n])+')(?![\w'\"])"
)
_BARE = re.compile(
    r"(?<!\w)(?:\[(?!L\d+\])(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]|\{(?:[^{}\n]|\{[^{}\n]*\})*\})"
)
"""A list or a dictionary without backticks."""
_EQUATION = re.compile(
    r"(?<![\w.`=\]+*/%-])(?<![+*/%-] )[A-Za-z_]\w* = "
    r"(?:-?\d+(?:\.\d+)?|\x00\d+\x00|True|False|None)"
    r"(?![\w%]|\.\d|\s*[-+*/%=]|\x00)"
)
"""``i = 2`` without backticks."""
_SECTION = re.compile(r"^#{1,4}\s+.*$", re.MULTILINE)
_FREE_SECTIONS = FORWARD_HEADINGS[:2]
"""What is said there holds for the function or under a condition, not at a point of this run."""
_ITEM = re.compile(r"([ \t]*)((?:[-*•]|\d+[.)])\s+)?(.*)")
_LEFT = re.compile(r"^(?:(?:At\s+)?[Ll]ine\s*(?:[:,]|$)|At\s*(?:[:,]|$)|[:,])\s*")
"""What a label leaves behind."""
_HEADING = re.compile(r"\*\*[^*]+\*\*[\s:]*(?:\([^)]*\))?[\s:]*")
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\x00\[(])|(?<=[.!?]\*\*)\s+(?=[A-Z\x00])")


def told_sections(text: str) -> Iterator[tuple[str, str]]:
    """Heading and text of the sections about this run; everything where there are no headings."""
    headings = list(_SECTION.finditer(text))
    if not headings:
        yield "", text
    for index, heading in enumerate(headings):
        if heading[0].strip() not in _FREE_SECTIONS:
            end = headings[index + 1].start() if index + 1 < len(headings) else len(text)
            yield heading[0].strip(), text[heading.end() : end]


def mask(text: str) -> tuple[str, list[str]]:
    r"""
    `text` with each piece of code replaced by its number, so that prose rules see prose.

    >>> mask("`x` is 'a b'.")
    ('\x000\x00 is \x001\x00.', ['x', "'a b'"])
    """
    spans: list[str] = []

    def number(match: re.Match[str]) -> str:
        code = match["code"] or match["quoted"]
        spans.append(code.strip() if len(match["fence"] or "") > 1 else code)
        return f"\x00{len(spans) - 1}\x00"

    def inline(fence: re.Match[str]) -> str:
        lines = [line.strip() for line in fence[1].splitlines() if line.strip()]
        return " " + " ".join(number_code(line) for line in lines)

    def number_code(code: str) -> str:
        spans.append(code)
        return f"\x00{len(spans) - 1}\x00"

    def bare(match: re.Match[str]) -> str:
        code = CODE.sub(lambda part: spans[int(part[1])], match[0])
        return number_code(code) if is_plain(code.partition("=")[2] or code) else match[0]

    masked = _FENCE.sub(inline, text.replace("\x00", ""))
    return _EQUATION.sub(bare, _BARE.sub(bare, _SPAN.sub(number, masked))), spans


def sentences(text: str, offset: int = LABEL_OFFSET) -> Iterator[Sentence]:
    r"""
    The sentences of the sections that tell a run, in order.

    >>> [s.label for s in sentences("1. [L7]: First.\n   - Under it.\n2. Beside it. [L8] Last.")]
    [3, 3, None, 4]
    """
    for section, body in told_sections(text):
        masked, spans = mask(body)
        code = tuple(spans)
        labels: list[tuple[int, int]] = []
        for line in masked.splitlines():
            match = _ITEM.fullmatch(line)
            if not match or not match[3].strip() or match[3].startswith(("[/", "[ANSWER")):
                continue
            indent = len(match[1].expandtabs(4))
            while labels and labels[-1][0] >= indent:
                labels.pop()
            for number, part in enumerate(_parts(match[3])):
                found = LABEL.search(part)
                if found:
                    labels = [label for label in labels if label[0] < indent]
                    labels.append((indent, int(found[1] or found[2]) - offset))
                words = LABEL.sub("", part).replace("**", "").strip(" :*")
                words = _LEFT.sub("", words).strip(" :*")
                if words:
                    label = labels[-1][1] if labels else None
                    is_own = bool(labels and labels[-1][0] == indent)
                    is_heading = bool(_HEADING.fullmatch(match[3].strip()))
                    yield Sentence(
                        section, indent, number == 0, label, is_own, is_heading, words, code
                    )


def readable(sentence: Sentence) -> str:
    """The sentence as it was written, but for its label."""
    return CODE.sub(lambda match: f"`{sentence.spans[int(match[1])]}`", sentence.text)


def _parts(text: str) -> Iterator[str]:
    """Sentences of one line; a new label starts a new one."""
    for sentence in _END.split(text):
        starts = [label.start() for label in LABEL.finditer(sentence)][1:]
        for start, end in zip([0, *starts], [*starts, len(sentence)], strict=True):
            yield sentence[start:end]
