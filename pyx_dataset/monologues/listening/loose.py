r"""The statements of free prose, as language models write it.

A subject is Python source in which ``...`` stands for what the words leave open: "the character at
index 4" is ``...[4]``, "the `split()` call" is ``....split(...)``, "the resulting string" is
``...``. A branch is that of a condition, or of the ``loop`` or the statement named as subject.
"""

import ast
import re
from collections.abc import Iterator, Mapping

from pyx_dataset.monologues.claims import is_constant
from pyx_dataset.monologues.listening.facts import Facts
from pyx_dataset.monologues.listening.prose import CODE, Sentence, readable
from pyx_dataset.monologues.listening.wording import GRAMMAR, ORDERS, ORDINALS
from pyx_dataset.monologues.run.literals import Unknown, expression, is_plain
from pyx_dataset.schema import Claim, ClaimKind

_DOUBT = re.compile(
    r"\b(?:if|whether|would|could|may|might|when|unless|until|should|either|any|each|every"
    r"|neither|nor|checks?\s+that|not|never|no)\b[^.;]*$"
)
_SUPPOSED = re.compile(r"(?:If|Unless|Suppose|Had)\b")
_CLAUSE = re.compile(r"[^,;:]*$")
_OF = re.compile(
    r"\b(?:of|in|from|by|with|at|using|for|to|than|before|after|on|into|between)\s+"
    r"(?:the\s+)?(?:[a-z]+\s+){0,2}$"
)
"""A subject behind these words is only a part of what is spoken of."""
_PART_OF = re.compile(
    r"\b(?!(?:value|result|output|state|copy|[a-z]+s)\b)[a-z]+\s+(?:immediately\s+)?"
    r"(?:of|in|before|after|from)\s+(?:the\s+)?$"
)
"""As `_OF`, for what stands right beside its value: "the element before `m` (which is 7)"."""


def statements(sentence: Sentence, facts: Facts) -> list[Claim]:
    r"""
    The claims that one sentence makes.

    >>> from pyx_dataset.monologues.listening.facts import facts
    >>> from pyx_dataset.monologues.listening.prose import sentences
    >>> known = facts("def f(s, n):\n    return s.split()[n:]")
    >>> for text in (
    ...     "`n` becomes `2`.",
    ...     "The character at index 1 of `s` is `'b'`.",
    ...     "The `split()` call gives ['a', 'b'].",
    ...     "The resulting list is `['b']`.",
    ...     "`'c'` is not in `s`, and `n` is even.",
    ... ):
    ...     for claim in statements(next(sentences(text)), known):
    ...         print(claim.kind, claim.subject, "|", claim.value)
    value n | 2
    value s[1] | 'b'
    value ....split(...) | ['a', 'b']
    value ... | ['b']
    value 'c' in s | False
    value n % 2 == 0 | True
    """
    found: dict[tuple[int, bool], Claim] = {}
    reader = _Reader(sentence, facts)
    for name, pattern in GRAMMAR:
        position = 0
        while match := pattern.search(sentence.text, position):
            position = match.start() + 1
            key = _place(match), name in ("member", "compare") or "{" in name
            if key in found or _is_doubtful(name, match, sentence.text):
                continue
            if claim := reader.claim(name, match):
                found[key] = claim
    return list(dict.fromkeys([*found.values(), *reader.equations()]))


def _place(match: re.Match[str]) -> int:
    """Where the value stands: two rules do not speak of one value."""
    groups = match.groupdict()
    found = [name for name in ("v", "bare", "empty", "o", "s") if groups.get(name)]
    return match.start(found[0]) if found else match.start()


def _is_doubtful(name: str, match: re.Match[str], text: str) -> bool:
    """Is it asked, supposed or denied rather than said?"""
    if name in ("loop_not", "which") or match[0].startswith("which"):
        return False  # "check whether `x > 2`, which is true" says something
    before = text[: match.start()]
    if _SUPPOSED.match(text):
        return True
    has_subject = "s" in match.groupdict() and match["s"] is not None
    if has_subject and re.search(r"\(\s*$", text[: match.start("s") - 1]):
        return False
    clause = _CLAUSE.search(before)
    inside = match[0] if name in ("value", "leads", "result", "returns") else ""
    return bool(
        (clause and _DOUBT.search(clause[0])) or re.search(r"\b(?:not|never)\b|n't\b", inside)
    )


class _Reader:
    """Turns what the rules find in one sentence into claims."""

    def __init__(self, sentence: Sentence, facts: Facts) -> None:
        self.sentence, self.facts, self.said = sentence, facts, readable(sentence)

    def claim(self, name: str, match: re.Match[str]) -> Claim | None:
        """The claim that `match` of rule `name` makes, or None."""
        part = {key: item for key, item in match.groupdict().items() if item}
        before = self.sentence.text[: match.start("s") - 1] if "s" in part else ""
        source = self._subject(part["s"]) if "s" in part else ""
        if name in ("which", "value") and _PART_OF.search(before):
            return None
        if name == "colon" and _OF.search(before):
            return None
        if name == "leads" and (source.isidentifier() or _OF.search(before)):
            name, source = "result", "..."
        if name in ("value", "which", "colon", "leads") and is_plain(source):
            return None
        if name == "result" and len(split_equation(self._code(part.get("v", "")))) > 1:
            return None  # `x = 3` speaks for itself
        kind, subject, value = self._meant(name, part, source, match[0])
        if name in ("value", "equation", "called") and subject in self.facts.functions:
            kind, subject = "returns", ""
        if kind == "unchanged":
            return Claim(kind, subject, value, self.sentence.label, self.said)
        is_named = kind == "branch" or not subject or _is_source(subject)
        if not value or not is_constant(value) or not is_named:
            return None
        holds = name == "value" and re.search(r"\b(?:contains?|has)\s", match[0])
        if holds and value[0] not in "[({":
            return None  # "`xs` contains `3`" is not about the value of `xs`
        return Claim(kind, subject, value, self.sentence.label, self.said)

    def _meant(
        self, name: str, part: Mapping[str, str], source: str, words: str
    ) -> tuple[ClaimKind, str, str]:
        """Kind, subject and value."""
        other = self._code(part["o"]) if "o" in part else ""
        index = self._code(part["n"]) if "n" in part else part.get("index", "")
        value = self._value(part)
        truth = str("not" not in part)
        match name:
            case "at":
                return "value", f"{source or '...'}[{index}]", value
            case "from":
                return "value", f"...[{index}:]", value
            case "between":
                return "value", f"{source}[{index}:{other or part['end']}]", value
            case "nth":
                word = part["nth"].lower()
                nth = "-1" if word == "last" else str(ORDINALS.index(word))
                return "value", f"{source or '...'}[{nth}]", value
            case "stands":
                return "value", f"{source}[{index}]", value
            case "length":
                return "value", f"len({source or '...'})", value
            case "index":
                how = "rindex" if part.get("which") == "last" else "index"
                return "value", f"{source}.{how}({other})", value
            case "member":
                return "value", f"{other} in {source}", truth
            case "compare":
                return "value", f"{other} {ORDERS[part['op']]} {source or index}", truth
            case "append":
                return "value", f"{source}[-1]", value
            case "truth":
                is_truth = value.capitalize() in ("True", "False")
                kind: ClaimKind = "value" if source else "branch"
                return kind, source, value.capitalize() if is_truth else ""
            case "unchanged":
                return "unchanged", source, ""
            case "times" | "passes":
                value = {"once": "1", "twice": "2"}.get(part.get("times", ""), value)
                return (
                    ("loop", "", value)
                    if name == "passes"
                    else ("value", f"{source}.count({other})", value)
                )
            case _ if "{" in name:
                return "value", name.format(_grouped(other), source), truth
            case "loop_not" | "loop_ends" | "loop_runs":
                return "branch", "loop", str(name == "loop_runs")
            case "reached":
                return "branch", source, "True" if source in ("break", "continue") else ""
            case "returns":
                return "returns", "", value
            case "input":
                return "binds", "...", value
            case "noun":
                call = "....count(...)" if part["noun"] == "count" else "sum(...)"
                return "value", call if part["noun"] in self.facts.called else "...", value
            case "result":
                return "value", source or _made(words), value
        return "value", source, value

    def equations(self) -> Iterator[Claim]:
        """What code in the sentence says by itself: ``x = 3``."""
        for number in CODE.findall(self.sentence.text):
            *sides, value = split_equation(self._code(number))
            if sides and is_constant(value):
                for side in sides:
                    if _is_source(side) and not (is_plain(side) and side == value):
                        yield Claim("value", side, value, self.sentence.label, self.said)

    def _code(self, number: str) -> str:
        return self.sentence.spans[int(number)] if number else ""

    def _value(self, part: Mapping[str, str]) -> str:
        if "empty" in part:
            return {"string": "''", "list": "[]", "dictionary": "{}", "tuple": "()"}[part["empty"]]
        if "v" in part:
            return split_equation(self._code(part["v"]))[-1]
        return part.get("bare", "")

    def _subject(self, number: str) -> str:
        """The source that code means: ``if x:`` is ``x``, ``split()`` any call of it."""
        code = bare_condition(self._code(number))
        code = re.sub(r"^\w+ [-+*/|&]= ", "", split_equation(code)[0])
        if code.startswith("[") and ":" in code and _is_slice(f"_{code}"):
            return f"...{code}"
        call = re.fullmatch(r"\.?([A-Za-z_]\w*)\s*(\(.*\))?", code, re.DOTALL)
        if not call or call[1] in self.facts.functions or call[1] not in self.facts.called:
            return code
        if call[2] and not _is_call(f"_{call[2]}"):
            return code
        if not code.startswith(".") and call[1] in self.facts.bound:
            return code
        has_arguments = call[2] and call[2] != "()" and call[1] not in self.facts.methods
        return (
            code
            if has_arguments
            else (f"{'....' if call[1] in self.facts.methods else ''}{call[1]}(...)")
        )


def _grouped(source: str) -> str:
    """`source` as an operand: in brackets, unless it is a name, a call or a literal."""
    return source if re.fullmatch(r"[\w.]+|'[^']*'|\"[^\"]*\"", source) else f"({source})"


def bare_condition(code: str) -> str:
    """
    The expression of a header.

    >>> bare_condition("while x > 2:")
    'x > 2'
    """
    return re.sub(r"^(?:el)?if\s+|^while\s+|^return\s+|:$", "", code.strip()).strip()


def _made(words: str) -> str:
    """What "the reversed string" and "the sorted list" stand for."""
    if re.match(r"[Rr]eversed", words):
        return "...[::-1]"
    if re.match(r"[Ss]orted", words):
        return "sorted(...)"
    return "..."


def split_equation(code: str) -> list[str]:
    """
    The sides of ``a = b = c``.

    >>> split_equation("n = f(x=1) = 3"), split_equation("a == b")
    (['n', 'f(x=1)', '3'], ['a == b'])
    """
    sides, depth, start, quote = [], 0, 0, ""
    for place, char in enumerate(code):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "=" and not depth:
            near = code[place - 1 : place] + code[place + 1 : place + 2]
            if not set(near) & set("=<>!+-*/%&|^:"):
                sides.append(code[start:place].strip())
                start = place + 1
    return [*sides, code[start:].strip()]


def _is_source(code: str) -> bool:
    try:
        expression(code)
    except Unknown:
        return False
    return True


def _is_slice(code: str) -> bool:
    return _is_source(code) and isinstance(expression(code), ast.Subscript)


def _is_call(code: str) -> bool:
    return _is_source(code) and isinstance(expression(code), ast.Call)
