"""The sentence about a stretch of passes: what its variables did, each in one clause."""

import itertools
from collections.abc import Sequence
from random import Random

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.run.literals import Unknown, canonical, parse
from pyx_dataset.monologues.run.story import Moment
from pyx_dataset.monologues.telling import changes, phrases
from pyx_dataset.monologues.telling.passes import (
    Stretch,
    changed_in,
    own_names,
    tests_in,
    values_of,
)

MAX_LISTED = 14
"""Most values that are told one by one."""
MAX_LISTED_CHARS = 110
MAX_TEST_CHARS = 50
MAX_PLACES = 4
"""Most items of a long list that are told one by one."""

_LEADS = (
    "passes {} to {} go the same way: ",
    "passes {} to {} run the lines that are known by now: ",
    "nothing new happens in passes {} to {}: ",
    "passes {} to {} in short: ",
)


def together(story: Sequence[Moment], stretch: Stretch, rng: Random) -> str:
    """
    One sentence, without its label and full stop.

    Raises:
        NotNarratable: a variable that changes holds something that cannot be stated.
    """
    names = changed_in(story, stretch)
    own = own_names(stretch.loop)
    names = [name for name in names if name in own] + [name for name in names if name not in own]
    clauses = [clause for name in names for clause in _clauses(name, story, stretch, rng)]
    clauses += _kept(story, stretch, rng)
    clauses += [
        _test(source, found)
        for source, found in tests_in(story, stretch).items()
        if len(source) <= MAX_TEST_CHARS
    ]
    lead = rng.choice(_LEADS).format(stretch.first, stretch.last)
    return lead + "; ".join(clauses)


def _clauses(name: str, story: Sequence[Moment], stretch: Stretch, rng: Random) -> list[str]:
    values = values_of(name, story, stretch)
    end = values[-1]
    if end is None or changes.is_told_by_name(end):
        return [f"{code(name)} is set anew"]
    is_own = name in own_names(stretch.loop)
    before = values[0] if is_own else story[stretch.start].before.get(name)
    told = [value for value in values if value is not None]
    if len(told) < len(values):
        return _ending(name, end, before)
    if len(set(told)) == 1 and not is_own:
        return [f"{code(name)} is {code(end)} at the end of each"]
    if before is not None and (new := gains(before, told)) and _listable(new):
        return [f"{code(name)} gains {phrases.listed([code(item) for item in new])} in turn"]
    if is_own and (items := _through(told)) and items.startswith(("'", '"')):
        return [f"{code(name)} {rng.choice(['goes', 'runs'])} through {code(items)}"]
    if _listable(told):
        verb = "is" if is_own else rng.choice(["is", "becomes"])
        return [f"{code(name)} {verb} {phrases.listed([code(item) for item in told])} in turn"]
    if is_own and (items := _through(told)):
        return [f"{code(name)} {rng.choice(['goes', 'runs'])} through {code(items)}"]
    if before is not None and (trend := _trend([before, *told[is_own:]], rng)):
        return [f"{code(name)} {trend[0]} from {code(before)} to {code(end)}{trend[1]}"]
    return _ending(name, end, before)


def _through(values: Sequence[str]) -> str | None:
    """The characters of a text, or the items of a list, that a loop's variable takes on."""
    try:
        items = [parse(value) for value in values]
    except Unknown:
        return None
    is_text = all(isinstance(item, str) and len(item) == 1 for item in items)
    text = canonical("".join(items)) if is_text else f"[{', '.join(values)}]"
    return text if len(text) <= MAX_LISTED_CHARS else None


def _listable(values: Sequence[str]) -> bool:
    return len(values) <= MAX_LISTED and sum(map(len, values)) <= MAX_LISTED_CHARS


def gains(before: str, values: Sequence[str]) -> list[str] | None:
    """What each pass puts at the end of a list or a text; None if it is not that."""
    found: list[str] = []
    try:
        old = parse(before)
        for text in values:
            new = parse(text)
            match old, new:
                case list(), list() if len(new) == len(old) + 1 and new[:-1] == old:
                    found.append(canonical(new[-1]))
                case str(), str() if new.startswith(old) and len(new) > len(old):
                    found.append(canonical(new[len(old) :]))
                case _:
                    return None
            old = new
    except Unknown:
        return None
    return found


def _trend(values: Sequence[str], rng: Random) -> tuple[str, str] | None:
    """The verb for a number that moves, and what can be said of all its steps."""
    try:
        numbers = [parse(value) for value in values]
    except Unknown:
        return None
    if any(type(number) not in (int, float) for number in numbers):
        return None
    steps = [right - left for left, right in itertools.pairwise(numbers)]
    if all(step >= 0 for step in steps):
        return rng.choice(["climbs", "goes"]), ", never falling" if 0 in steps else ""
    if all(step <= 0 for step in steps):
        return rng.choice(["falls", "goes"]), ", never rising" if 0 in steps else ""
    return "goes", ""


def _ending(name: str, end: str, before: str | None) -> list[str]:
    """What a variable holds behind the stretch: in full, or what is new, or its length and end."""
    try:
        value = parse(end)
    except Unknown:
        return [f"{code(name)} is {code(end)} after them"]
    if len(end) <= MAX_LISTED_CHARS or not isinstance(value, list | str | dict | set | tuple):
        return [f"{code(name)} is {code(end)} after them"]
    if before is not None and (items := _changed_items(before, value)):
        return [f"{code(f'{name}[{i}]')} is {code(item)} after them" for i, item in items]
    found = [f"{code(f'len({name})')} is {code(str(len(value)))} after them"]
    if isinstance(value, list | tuple):
        found.append(f"{code(f'{name}[-1]')} is {code(canonical(value[-1]))} after them")
    if isinstance(value, str):
        found.append(f"{code(f'{name}[-8:]')} is {code(canonical(value[-8:]))} after them")
    return found


def _changed_items(before: str, value: object) -> list[tuple[int, str]]:
    """Where a list of the same length differs now, if that is in few places."""
    try:
        old = parse(before)
    except Unknown:
        return []
    if not isinstance(old, list) or not isinstance(value, list) or len(old) != len(value):
        return []
    places = [
        (place, canonical(right))
        for place, (left, right) in enumerate(zip(old, value, strict=True))
        if canonical(left) != canonical(right)
    ]
    return places if len(places) <= MAX_PLACES else []


def _kept(story: Sequence[Moment], stretch: Stretch, rng: Random) -> list[str]:
    """Variables that the loop could change and that keep their value through all passes."""
    changed = set(changed_in(story, stretch))
    first = story[stretch.start]
    bound = {
        name
        for place in range(stretch.start, stretch.end)
        if story[place].frame == first.frame and (statement := story[place].statement)
        for name in statement.targets
    }
    kept = [
        (name, value)
        for name, value in first.before.items()
        if name in bound - changed and len(value) <= changes.SHORT
        if not changes.is_told_by_name(value)
    ]
    return [f"{code(name)} {rng.choice(['stays', 'keeps'])} {code(value)}" for name, value in kept]


def _test(source: str, found: Sequence[bool]) -> str:
    if len(set(found)) == 1:
        return f"{code(source)} is {'true' if found[0] else 'false'} every time"
    yes, no = sum(found), len(found) - sum(found)
    return f"{code(source)} is true {_times(yes)} and false {_times(no)}"


def _times(count: int) -> str:
    return f"{count} time{'' if count == 1 else 's'}"
