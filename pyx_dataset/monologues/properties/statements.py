"""Candidate statements about all known calls of a program, each with a test over them."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.properties.conditions import PAIRED, SINGLE, is_met
from pyx_dataset.monologues.properties.known import Known
from pyx_dataset.monologues.properties.pairs import across
from pyx_dataset.monologues.properties.relations import RELATIONS, Relation, holds
from pyx_dataset.monologues.properties.statement import Found, Statement

MIN_CALLS = 8
"""A statement about fewer calls is not made."""
MAX_SPECIAL = 20
"""Longest text of a result that a statement names."""


def statements(known: Sequence[Known]) -> Iterator[Statement]:
    """Every statement that makes sense for these calls, true or not."""
    names = list(dict.fromkeys(name for item in known for name in item.arguments))
    returned = [item for item in known if item.text is not None]
    for unit, kind in _units(known, returned):
        for relation in RELATIONS.values():
            subjects = [""] if relation.is_alone else names
            for name in subjects:
                yield _related(relation, name, unit, kind)
    yield from _special(known, returned, names)
    for name in names:
        yield from across(name)


_KINDS: dict[type, str] = {
    list: "a list", str: "a text", int: "a whole number", float: "a number", tuple: "a tuple",
    dict: "a dictionary", set: "a set",
}  # fmt: skip


def _units(known: Sequence[Known], returned: Sequence[Known]) -> Iterator[tuple[str, type | None]]:
    """What to speak of: the calls that return, or those that return one type, if there are more."""
    kinds = {type(item.value) for item in returned}
    if len(kinds) == 1:
        yield _of_returned(known, returned), None
    else:
        for kind in kinds & _KINDS.keys():
            yield f"known calls that return {_KINDS[kind]}", kind


def _of_returned(known: Sequence[Known], returned: Sequence[Known]) -> str:
    return "known calls" if len(returned) == len(known) else "known calls that return"


def _related(relation: Relation, name: str, unit: str, kind: type | None) -> Statement:
    def test(known: Sequence[Known]) -> Found:
        calls = [
            item for item in known if item.text is not None and kind in (None, type(item.value))
        ]
        verdicts = [
            holds(relation, item.value, item.value if relation.is_alone else item.arguments[name])
            if relation.is_alone or name in item.arguments
            else None
            for item in calls
        ]
        always = all(verdicts) and len(calls) >= MIN_CALLS
        return Found(always, len(calls), always and _is_telling(relation, name, calls))

    words = relation.words.format(p=code(name))
    return Statement(words, unit, relation.weight, relation.group, name, test)


def _is_telling(relation: Relation, name: str, calls: Sequence[Known]) -> bool:
    full = [item for item in calls if not _is_bare(item.value)]
    if len(full) < 3 or len({item.text for item in full}) < 3:
        return False
    if relation.is_alone:
        given = [
            part for item in full for value in item.arguments.values() for part in _parts(value)
        ]
        if relation.group in ("order", "repeats"):
            full = [item for item in full if len(item.value) >= 3]
        verdicts = [holds(relation, part, part) for part in given] if len(full) >= 3 else []
        if relation.group == "content" and verdicts.count(False) < 3:
            return False
        return False in verdicts or (
            relation.group in ("order", "repeats") and len(full) >= 3 and True not in verdicts
        )
    if relation.group == "content":
        return sum(_occurs_elsewhere(name, item) for item in full) >= 2
    given = [item.arguments[name] for item in full]
    if relation in (RELATIONS["multiple"], RELATIONS["divides"]):
        pairs = zip(given, full, strict=True)
        return sum(bool(abs(g) > 1 and abs(item.value) > 1) for g, item in pairs) >= 3
    texts = [item.texts[name] for item in full]
    differing = sum(text != item.text for text, item in zip(texts, full, strict=True))
    return differing >= 3 and len(set(texts)) >= 3


def _occurs_elsewhere(name: str, item: Known) -> bool:
    """Is the argument inside another one, so that its absence from the result is news?"""
    return any(
        holds(RELATIONS["avoids"], other, item.arguments[name]) is False
        for key, other in item.arguments.items()
        if key != name
    )


def _is_bare(value: Any) -> bool:
    return isinstance(value, str | list | tuple | dict | set) and len(value) == 0


def _parts(value: Any) -> Iterator[Any]:
    """A value and, of a container, its items."""
    yield value
    if isinstance(value, list | tuple | set):
        yield from value


_WRONG_TYPE = ("TypeError", "AttributeError")
"""Raised for arguments that the function was not made for."""


def _special(
    known: Sequence[Known], returned: Sequence[Known], names: Sequence[str]
) -> Iterator[Statement]:
    """A certain result, or an exception, exactly under a condition on the arguments."""
    conditions: list[tuple[str, tuple[str, ...]]] = [
        (one, (name,)) for one in SINGLE for name in names
    ]
    conditions += [(one, pair) for one in PAIRED for pair in itertools.permutations(names, 2)]
    texts = [item.text for item in returned if item.text and len(item.text) <= MAX_SPECIAL]
    often = [text for text in dict.fromkeys(texts) if 2 <= texts.count(text) <= len(returned) - 2]
    unit = _of_returned(known, returned)
    for words, subjects in conditions:
        spoken = words.format(*map(code, subjects))
        for text in often[:4]:
            yield Statement(
                f"the result is {code(text)} exactly when {spoken}", unit, 9, "special", "",
                _exactly(_Event("text", text), words, subjects, 2, False),
            )  # fmt: skip
        for kind in dict.fromkeys(item.exception for item in known if item.exception):
            if kind in _WRONG_TYPE:
                continue
            yield Statement(
                f"{code(kind)} is raised exactly when {spoken}", "known calls", 9, "raises", "",
                _exactly(_Event("exception", kind), words, subjects, 1, True),
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Event:
    """A certain result, or a certain exception."""

    what: str
    """``text`` or ``exception``."""
    value: str

    def __call__(self, item: Known) -> bool:
        return (item.text if self.what == "text" else item.exception) == self.value


def _exactly(
    happens: Callable[[Known], bool],
    words: str,
    subjects: tuple[str, ...],
    least: int,
    with_raising: bool,
) -> Callable[[Sequence[Known]], Found]:
    def test(known: Sequence[Known]) -> Found:
        calls = [item for item in known if with_raising or item.text is not None]
        often = [item for item in calls if happens(item)]
        count = len(often)
        if 2 * sum(item.text in item.texts.values() for item in often) > count:
            return Found(False, len(calls), False)  # it is handed through, which is no news
        # An empty list is one call only; one alone needs many others beside it.
        enough = 20 if count == 1 else MIN_CALLS
        if not (least <= count <= len(calls) - 3) or len(calls) < enough:
            return Found(False, len(calls), False)
        fits = all(happens(item) is is_met(words, subjects, item.arguments) for item in calls)
        return Found(fits, len(calls), fits)

    return test
