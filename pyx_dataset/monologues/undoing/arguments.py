"""The top of a deduction: what its needs make of the parameters."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from pyx_dataset.errors import NotNarratable
from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.literals import Unknown, canonical, parse
from pyx_dataset.monologues.run.story import DELETED, Moment
from pyx_dataset.monologues.telling import changes, phrases
from pyx_dataset.monologues.undoing.conditions import Condition
from pyx_dataset.monologues.undoing.deduce import Reader
from pyx_dataset.monologues.undoing.needs import Needs
from pyx_dataset.monologues.undoing.plain import atoms, constants, plain_values, plainest
from pyx_dataset.schema import Trace

MAX_SHOWN = 4
"""Conditions that are written out at the top."""
MAX_TRIED = 150
"""Combinations of plain values that are held against the conditions of one path."""
MAX_PROPOSALS = 4
MAX_STEPS = 150
"""A longer run is not walked to find another: conditions on it would be too many."""
TRIED = "so this is tried: take"
"""What stands before the value of an argument that is not deduced."""


def supposed_in(text: str) -> int:
    """
    How many arguments a backward text says are tried.

    >>> supposed_in(f"- No way back is worked out further, {TRIED} `x = 1` and `y = 'a'`.")
    2
    """
    lines = [line for line in text.split("\n") if TRIED in line]
    return sum(len(_SPAN.findall(line.partition(TRIED)[2])) for line in lines)


_SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")


@dataclass(frozen=True, slots=True)
class Deduction:
    """The steps from the output to the arguments."""

    steps: tuple[str, ...]
    supposed: int
    """Arguments whose value is tried, not deduced."""


def deduction(trace: Trace, rng: Random, full_passes: int = 2, is_own: bool = False) -> Deduction:
    """
    The steps from the output to the arguments of `trace`.

    Args:
        trace: The run that is deduced.
        rng: For the words.
        full_passes: Of a loop, the last ones and the first are told in full.
        is_own: The arguments were known before: those that do not follow are not a choice.

    Raises:
        NotNarratable: a needed value cannot be stated.
    """
    reader = Reader.of(trace, rng, full_passes, is_proposal=False)
    steps, supposed = _arguments(reader.needs, reader.call, is_own)
    return Deduction((*reader.lines, *steps), supposed)


def _arguments(needs: Needs, call: Moment, is_own: bool) -> tuple[list[str], int]:
    """The last steps: parameters that no value follows for, and how many of them are tried."""
    given = {item.name: item.value for item in call.changed if item.value != DELETED}
    settled = _settle_rest(needs, given)
    state = {**needs.plan.constants, **given}
    names = [name for name in given if name not in needs.values and name not in needs.defaults]
    stated = [item for item in needs.conditions if _is_met(item, state, needs)]
    hidden = [item for item in needs.conditions if item not in stated]
    lines = [f"With all that together, {words}." for words in settled if words]
    if needs.defaults:
        lines.append(f"{phrases.listed([code(name) for name in needs.defaults])} can stay as "
                     "it is where it is not given.")  # fmt: skip
    tried = names if is_own else _reached(needs, hidden, names)
    chosen = [n for n in names if n not in tried and any(n in item.reads for item in stated)]
    free = [name for name in names if name not in tried and name not in chosen]
    told = dict.fromkeys(item.words for item in stated if item.words)
    left = [*told][:MAX_SHOWN]
    others = len(stated) - len(left)
    more = f", and {others} more of the kind" if others and left else ""
    if left and names:
        lines.append(f"Left at the top: {phrases.listed(left)}{more}.")
    if chosen:
        what = phrases.listed([_shown(name, given[name]) for name in chosen])
        lines.append(f"Several values would do; a plain choice that meets this is {what}.")
    if free:
        what = phrases.listed([_shown(name, given[name]) for name in free])
        lines.append(f"Nothing on this path depends on the rest, so take {what}.")
    if tried:
        what = phrases.listed([_shown(name, given[name]) for name in tried])
        why = "This does not settle everything" if left else "No way back is worked out further"
        lines.append(f"{why}, {TRIED} {what}.")
    return lines, len(tried)


def _is_met(item: Condition, state: dict[str, str], needs: Needs) -> bool:
    """Can a reader see that the arguments meet it? A branch that was taken shows its test."""
    holds = item.holds(state, needs.plan.bound)
    if holds is None:
        return item.is_test and bool(item.words)
    return holds


def _reached(needs: Needs, hidden: Sequence[Condition], names: Sequence[str]) -> list[str]:
    """Parameters that conditions are about which cannot be stated, or not be worked out."""
    about = {name for item in hidden for name in needs.open_in(item.node)}
    if about - set(names):  # something between them and the arguments is not followed
        return list(names)
    return [name for name in names if name in about]


def _shown(name: str, value: str) -> str:
    return code(name) if changes.is_told_by_name(value) else phrases.binding(name, value)


def _settle_rest(needs: Needs, given: dict[str, str]) -> list[str]:
    """Try once more to turn conditions around, now that all the path is known; it in words."""
    said = []
    for _ in range(2):
        for item in list(needs.conditions):
            if item.is_test or len(needs.open_in(item.node)) != 1:
                continue
            needs.conditions.remove(item)
            words = needs.settle(item.node, item.want, given)
            said.append(words if len(needs.open_in(item.node)) == 0 else "")
    return said


def proposals(trace: Trace, rng: Random) -> list[dict[str, Any]]:
    """
    Arguments deduced from the value of `trace`, with plain values where they are free.

    Only the path is that of `trace`, and the types of its arguments. They are to be run before
    they are believed. None at all if the path leads nowhere.
    """
    if len(trace.steps) > MAX_STEPS:
        return []
    try:
        reader = Reader.of(trace, rng, 0, is_proposal=True)
        given = {item.name: item.value for item in reader.call.changed if item.value != DELETED}
        _settle_rest(reader.needs, given)
        return list(itertools.islice(_choices(reader.needs, given, trace), MAX_PROPOSALS))
    except (NotNarratable, Unknown):
        return []


def _choices(needs: Needs, given: dict[str, str], trace: Trace) -> Iterator[dict[str, Any]]:
    values = {name: parse(text) for name, text in needs.values.items() if name in given}
    if len(values) < len(needs.values):
        return
    asked = {name for item in needs.conditions for name in needs.open_in(item.node)}
    open_names = [name for name in given if name not in values and name in asked]
    likes = {name: parse(given[name]) for name in given if name not in values}
    likes = {name: like for name, like in likes.items() if name not in needs.defaults}
    free = {name: plainest(like) for name, like in likes.items() if name not in asked}
    extra = [atom for item in needs.conditions
             for value in (*constants(item.node), _parsed(item.want))
             for atom in atoms(value) if not item.is_test]  # fmt: skip
    extra += [value for item in needs.conditions if item.is_test for value in constants(item.node)]
    extra += list(atoms(parse(trace.value or "None")))
    pools = [plain_values(likes[name], extra) for name in open_names]
    conditions = list(needs.conditions)
    for row in itertools.islice(_by_plainness(pools), MAX_TRIED):
        found = dict(zip(open_names, row, strict=True))
        state = {**needs.fixed, **{name: canonical(value) for name, value in found.items()},
                 **{name: canonical(value) for name, value in free.items()}}  # fmt: skip
        held = [(item, item.holds(state, needs.plan.bound)) for item in conditions]
        conditions = [item for item, holds in held if holds is not None]
        if all(holds is not False for _, holds in held):
            yield {**values, **free, **found}


def _by_plainness(pools: list[list[Any]]) -> Iterator[tuple[Any, ...]]:
    """Rows with one value of each pool, by how far back in their pools the values stand in all."""
    most = sum(len(pool) - 1 for pool in pools)
    for total in range(most + 1):
        yield from _rows(pools, total)


def _rows(pools: list[list[Any]], total: int) -> Iterator[tuple[Any, ...]]:
    if not pools:
        if total == 0:
            yield ()
        return
    first, *rest = pools
    for place in range(min(total, len(first) - 1) + 1):
        for row in _rows(rest, total - place):
            yield (first[place], *row)


def _parsed(text: str) -> Any:
    try:
        return parse(text)
    except Unknown:
        return None
