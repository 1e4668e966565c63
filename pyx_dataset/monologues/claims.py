"""Read the checkable statements out of prose: ours, or a language model's.

The grammar knows code in backticks, the verbs that people use for "has the value", and the
labels ``[Ln]`` that say which line a statement is about. What it does not understand is not a
claim; it never guesses.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pyx_dataset.layout import FORWARD_HEADINGS, LABEL_OFFSET
from pyx_dataset.monologues.run.blocks import Outline, outline
from pyx_dataset.monologues.run.literals import Unknown, expression, is_plain
from pyx_dataset.schema import Claim, ClaimKind


@dataclass(frozen=True, slots=True)
class Mention:
    """What is said about one visit of one line: the text from its label to the next."""

    line: int | None
    claims: tuple[Claim, ...]
    section: int
    names: frozenset[str]
    """Code in backticks, for changes that have no value to state."""


_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_LABEL = re.compile(r"\[L(\d+)\]")
_BARE = (
    r"-?\d+(?:\.\d+)?(?![\w%/]|\.\d)(?!\s*(?:or|times|pass|iterations?|elements?|items?)\b)"
    r"|True\b|False\b|None\b|\"[^\"\n]*\"|'[^'\n]*'"
)
_SUBJECT = r"\x00(?P<subject>\d+)\x00"
_VALUE = rf"(?:\x00(?P<value>\d+)\x00|(?P<bare>{_BARE}))"
_TRUTH = r"(?P<truth>[Tt]rue|[Ff]alse)\b"
_BECOMES = (
    r"(?:now\s+)?(?:becomes|is\s+now|is\s+set\s+to|is\s+updated\s+to|is\s+assigned(?:\s+to)?"
    r"|is\s+initialized\s+(?:to|as|with)|changes\s+to|turns\s+into|rises\s+to|grows\s+to|goes\s+to"
    r"|drops\s+to|falls\s+to|starts\s+(?:at|as|with)|gets)(?:\s+the\s+value)?"
)
_STAYS = r"(?:stays|keeps|remains|is\s+still|still\s+is)(?:\s+at)?"
_IS = r"(?:is|equals|gives|yields|evaluates\s+to|comes\s+to|has\s+the\s+value)"
_THING = r"an?\s+(?:iterator|function|class|module|generator|object|match)\b"
"""What a value is called that has no text to compare."""
_RULES = {
    "answer": r"^assert\s+(?P<assertion>.+)$",
    "becomes": rf"{_SUBJECT}\s+{_BECOMES}\s+{_VALUE}",
    "stays": rf"{_SUBJECT}\s+{_STAYS}\s+{_VALUE}",
    "returns": rf"(?:{_SUBJECT}\s+)?\b[Rr]eturns?\s+(?:the\s+value\s+)?{_VALUE}",
    "raises": rf"(?:{_SUBJECT}\s+)?\b[Rr]aises\s+(?:an?\s+)?\x00(?P<error>\d+)\x00",
    "truth": rf"(?:{_SUBJECT}|[Cc]ondition|which|so\s+it|that)\s+(?:is|evaluates\s+to)\s+{_TRUTH}",
    "thing": rf"{_SUBJECT}\s+(?:is\s+now|is|becomes|returns)\s+(?P<thing>{_THING})",
    "is": rf"{_SUBJECT}\s+{_IS}\s+{_VALUE}",
    "caught": r"\b[Ee]xception\s+is\s+(?:caught|handled)",
    "loop": r"(?P<count>\d+)\s+(?:pass|passes|times|iterations?)\b",
    "code": _SUBJECT,
}
"""What a statement looks like once code is replaced by its number; the first that fits counts."""
_GROUPS = ("subject", "value", "bare", "truth", "error", "count", "assertion", "thing")


def _grammar() -> re.Pattern[str]:
    """All rules as one pattern; a group is named after its rule, as names must differ."""
    rules = (
        f"(?P<{rule}>{pattern.replace('(?P<', f'(?P<{rule}_')})" for rule, pattern in _RULES.items()
    )
    return re.compile("|".join(rules), re.MULTILINE)


_GRAMMAR = _grammar()
_CHANGES = re.compile(_BECOMES)
_NUMBER = re.compile(r"\x00(\d+)\x00")
_BINDING = re.compile(r"([A-Za-z_][\w.]*(?:\[.+?\])*)\s*=\s*([^=].*)")
_DESCRIBED = re.compile(r"<\w|\w+\(.*<\w")
"""Values that are no expressions, as traces show them: ``<object>``."""
_MAKERS = re.compile(r"set|frozenset|deque|defaultdict|range|array|dict_\w+|[A-Z]\w*")
"""Names that the text of a value may hold: ``deque([1])``, ``Color.RED``."""
_SECTION = re.compile(r"^#{1,4}\s+.*$", re.MULTILINE)
_FREE_SECTIONS = FORWARD_HEADINGS[:2]
"""What is said there holds for the function or under a condition, not at a point of this run."""


def says_change(claim: Claim) -> bool:
    """Does the claim say that the line gave its subject this value, not only that it has it?"""
    span = _SPAN.fullmatch(claim.text)
    return bool(
        (span and _BINDING.fullmatch(span[2].strip())) or _CHANGES.search(_SPAN.sub("", claim.text))
    )


def is_thing(value: str) -> bool:
    """
    Does a claim say what kind of object it is, and no value?

    >>> is_thing("an iterator"), is_thing("3")
    (True, False)
    """
    return re.match(_THING, value) is not None


def in_backticks(code: str) -> str:
    """
    `code` as Markdown code, also when it holds backticks itself.

    >>> in_backticks("a"), in_backticks("'`'")
    ('`a`', "`` '`' ``")
    """
    if "`" not in code:
        return f"`{code}`"
    fence = "`" * (max(len(run) for run in re.findall(r"`+", code)) + 1)
    return f"{fence} {code} {fence}"


def claims(text: str, code: str, offset: int = LABEL_OFFSET) -> tuple[Claim, ...]:
    r"""
    The checkable statements of `text` about a run of `code`, in the order of the text.

    >>> [claim] = claims("[L6] `x` becomes `3`.", "def f(x):\n    x = x + 1\n    return x")
    >>> claim.kind, claim.subject, claim.value, claim.line
    ('value', 'x', '3', 2)
    """
    return tuple(claim for mention in mentions(text, code, offset) for claim in mention.claims)


@lru_cache(maxsize=8)
def mentions(text: str, code: str, offset: int = LABEL_OFFSET) -> tuple[Mention, ...]:
    """The statements of `text`, gathered by the label they stand behind."""
    plan = outline(code)
    found: list[Mention] = []
    for number, section in enumerate(_told_sections(text)):
        masked, spans = _mask(section)
        start, line = 0, None
        for label in [*_LABEL.finditer(masked), None]:
            end = label.start() if label else len(masked)
            found.append(_mention(masked[start:end], spans, line, number, plan))
            if label:
                start, line = label.end(), int(label[1]) - offset
    return tuple(mention for mention in found if mention.claims or mention.names)


def _told_sections(text: str) -> Iterator[str]:
    """The sections that speak about this run; the whole text where there are no headings."""
    headings = list(_SECTION.finditer(text))
    if not headings:
        yield text
    for index, heading in enumerate(headings):
        if heading[0].strip() not in _FREE_SECTIONS:
            end = headings[index + 1].start() if index + 1 < len(headings) else len(text)
            yield text[heading.end() : end]


def _mask(text: str) -> tuple[str, list[str]]:
    """`text` with each piece of code replaced by its number, so that prose rules see prose."""
    spans: list[str] = []

    def number(match: re.Match[str]) -> str:
        spans.append(match[2].strip() if len(match[1]) > 1 else match[2])
        return f"\x00{len(spans) - 1}\x00"

    return _SPAN.sub(number, text.replace("\x00", "")), spans


def _mention(text: str, spans: list[str], line: int | None, section: int, plan: Outline) -> Mention:
    found: list[Claim] = []
    position = 0
    while match := _GRAMMAR.search(text, position):
        claim = _claim(match, spans, line, plan)
        if claim:
            found.append(claim)
            position = match.end()
        else:  # the words do not amount to a claim, but what follows the first code of them may
            first = _NUMBER.search(text, match.start())
            position = first.end() if first and first.start() < match.end() else match.end()
    names = frozenset(spans[int(n)].partition(" = ")[0] for n in _NUMBER.findall(text))
    return Mention(line, tuple(found), section, names)


def _claim(match: re.Match[str], spans: list[str], line: int | None, plan: Outline) -> Claim | None:
    """The claim that the words of `match` make, or None."""
    rule = match.lastgroup or ""
    parts = {
        name: match[f"{rule}_{name}"] for name in _GROUPS if f"{rule}_{name}" in _GRAMMAR.groupindex
    }
    text = _NUMBER.sub(lambda number: in_backticks(spans[int(number[1])]), match[0])
    subject = spans[int(parts["subject"])] if parts.get("subject") else ""
    value = spans[int(parts["value"])] if parts.get("value") else parts.get("bare") or ""
    kind: ClaimKind
    match rule:
        case "answer":
            return _answer(
                _NUMBER.sub(lambda number: spans[int(number[1])], parts["assertion"]), text
            )
        case "truth":
            kind, subject, value = "branch", "", parts["truth"].capitalize()
        case "caught":
            kind, value = "branch", "True"
        case "loop":
            kind, value = "loop", parts["count"]
        case "thing":
            kind, value = "returns" if "returns" in match[0] else "value", parts["thing"]
        case "raises":
            kind, value = "raises", spans[int(parts["error"])]
        case "code":
            return _binding(subject, text, line, plan)
        case _:
            kind = "unchanged" if rule == "stays" else "value"
            if rule == "returns" and (subject.isidentifier() or not subject):
                kind = "returns"
            if not is_constant(value) or is_plain(subject):
                return None
    return Claim(kind, subject, value, line, text)


def _binding(code: str, text: str, line: int | None, plan: Outline) -> Claim | None:
    """`x = 3` in backticks says that `x` is 3 once the line has run."""
    match = _BINDING.fullmatch(code)
    if not match or not is_constant(match[2]):
        return None
    statement = plan.by_line.get(line or 0)
    binds = statement is not None and statement.kind in ("def", "for")
    return Claim("binds" if binds else "value", match[1], match[2], line, text)


@lru_cache(maxsize=1024)
def is_constant(text: str) -> bool:
    """An expression without variables; source such as ``total + x`` states no value."""
    if _DESCRIBED.match(text):
        return True
    try:
        tree = expression(text)
    except Unknown:
        return False
    makers = {
        id(part)
        for node in ast.walk(tree)
        for part in ast.iter_child_nodes(node)
        if isinstance(part, ast.Name)
        and (isinstance(node, ast.Attribute) or (isinstance(node, ast.Call) and part is node.func))
        and _MAKERS.fullmatch(part.id)
    }
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return all(node.id in ("inf", "nan") or id(node) in makers for node in names)


def _answer(assertion: str, text: str) -> Claim | None:
    try:
        node = expression(assertion)
    except Unknown:
        return None
    match node:
        case ast.Compare(left=ast.Call() as call, ops=[ast.Eq()], comparators=[value]):
            call_text = ast.get_source_segment(assertion, call) or ""
            return Claim(
                "answer", call_text, ast.get_source_segment(assertion, value) or "", None, text
            )
    return None
