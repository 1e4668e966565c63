"""Errors planted in true monologues, one each, every one false by what was executed.

A changed value, truth word or count is false because the true one stood there. A changed label or
order counts only where the recorded steps prove it wrong: the labels no longer occur in that order
among the executed lines, or the line now named never changes the variable that it is said to set.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from pyx_dataset.layout import LABEL_OFFSET
from pyx_dataset.schema import Trace

KINDS = ("value", "line", "branch", "count", "order")
_BODY = re.compile(r"(?s)(.*### Execution Simulation\n)(.*)(\n\n### Conclusion.*)")
_LABEL = re.compile(r"\[L(\d+)\]")
_LITERAL = r"-?\d+(?:\.\d+)?|'[^'`\\]*'|True|False|None"
_VALUE = re.compile(
    rf"(?:(?<= is `)|(?<= to `)|(?<= at `)|(?<=becomes `)|(?<=stays `)|(?<=keeps `)|(?<=still `)"
    rf"|(?<=gives `)|(?<=now `)|(?<=returns `)|(?<=\w = ))(?:{_LITERAL})(?=`)"
)
_TRUTH = re.compile(r"(?<=is )(?:true|false)\b")
_COUNT = re.compile(r"\d+(?= pass(?:es)?\b)")
_SETS = re.compile(
    r"`(\w+)(?:` (?:becomes|is set to|is now|starts at|changes to|rises to|drops to)| = )"
)


@dataclass(frozen=True, slots=True)
class Planted:
    """A text with one error."""

    kind: str
    text: str
    change: str
    """What stood there and what stands there now."""


def planted(text: str, trace: Trace, rng: Random, of_each: int) -> Iterator[Planted]:
    """Up to `of_each` errors of each kind in the Execution Simulation of `text`."""
    match = _BODY.fullmatch(text)
    if match is None:
        return
    head, body, tail = match.groups()
    for kind, pattern, change in (
        ("value", _VALUE, _other_value),
        ("branch", _TRUTH, lambda old, _: "false" if old == "true" else "true"),
        ("count", _COUNT, lambda old, rng: str(int(old) + rng.choice([1, 2]))),
    ):
        places = list(pattern.finditer(body))
        for place in rng.sample(places, min(of_each, len(places))):
            new = change(place[0], rng)
            wrong = body[: place.start()] + new + body[place.end() :]
            yield Planted(kind, head + wrong + tail, f"{place[0]} -> {new}")
    for kind, wrongs in (("line", _other_lines), ("order", _swapped)):
        false = list(wrongs(body, trace))
        for wrong, change_words in rng.sample(false, min(of_each, len(false))):
            yield Planted(kind, head + wrong + tail, change_words)


def _other_value(old: str, rng: Random) -> str:
    if old in ("True", "False", "None"):
        return rng.choice([word for word in ("True", "False", "None") if word != old])
    if old.startswith("'"):
        return f"'{old[1:-1]}{rng.choice('xyz')}'"
    return str(float(old) + 1.5) if "." in old else str(int(old) + rng.choice([-2, -1, 1, 2]))


def _other_lines(body: str, trace: Trace) -> Iterator[tuple[str, str]]:
    lines = sorted({step.line for step in trace.steps})
    for label in _LABEL.finditer(body):
        sentence = re.split(r" (?=\[L)|\n", body[label.start() :])[0]
        sets = _SETS.search(sentence)
        for line in lines:
            new = f"[L{line + LABEL_OFFSET}]"
            wrong = body[: label.start()] + new + body[label.end() :]
            is_false = not _can_happen(wrong, trace) or (
                sets is not None and not _ever_sets(trace, line, sets[1])
            )
            if new != label[0] and is_false:
                yield wrong, f"{label[0]} -> {new}: {sentence[:60]}"


def _swapped(body: str, trace: Trace) -> Iterator[tuple[str, str]]:
    pieces = re.split(r"(?=\[L\d+\])", body)
    for at in range(1, len(pieces) - 1):
        swapped = [*pieces[:at], pieces[at + 1], pieces[at], *pieces[at + 2 :]]
        wrong = "".join(swapped)
        if not _can_happen(wrong, trace):
            yield wrong, f"{pieces[at].strip()[:50]} <-> {pieces[at + 1].strip()[:50]}"


def _can_happen(body: str, trace: Trace) -> bool:
    """Do the labels of `body` occur in this order among the executed lines?"""
    told = [int(label[1]) - LABEL_OFFSET for label in _LABEL.finditer(body)]
    return _is_subsequence(told, [step.line for step in trace.steps])


def _is_subsequence(short: Sequence[int], long: Sequence[int]) -> bool:
    items = iter(long)
    return all(item in items for item in short)


def _ever_sets(trace: Trace, line: int, name: str) -> bool:
    return any(
        step.line == line and any(change.name == name for change in step.changed)
        for step in trace.steps
    )
