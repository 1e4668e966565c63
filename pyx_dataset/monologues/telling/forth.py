"""The end of a backward monologue: the deduced call run forward in short, to confirm it.

- Check forward: `parts = ['x', 'bb']`, then `f('x-bb', '-')` gives `'bb'`.
"""

import re
from collections.abc import Sequence
from random import Random

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.properties.known import Known
from pyx_dataset.monologues.run.literals import tree
from pyx_dataset.monologues.run.story import Moment, tell
from pyx_dataset.monologues.telling import changes, phrases
from pyx_dataset.schema import Trace

MAX_STATES = 5
MAX_CHARS = 80
LEAD = "Check forward: "
_CHECK = re.compile(rf"^- {LEAD}.*$", re.MULTILINE)


def confirmation(trace: Trace) -> str:
    """What the variables come to, one after the other, and the value of the call."""
    story = tell(trace)
    last: dict[str, tuple[int, str]] = {}
    for place, moment in enumerate(story):
        if moment.frame == 0 and moment.event != "call":
            for change in moment.changed:
                last[change.name] = place, change.value
    told = [
        phrases.binding(name, value)
        for name, (place, value) in sorted(last.items(), key=lambda item: item[1][0])
        if len(value) <= MAX_CHARS and not changes.is_told_by_name(value)
        and not _is_loop_variable(story, place, name)
    ][-MAX_STATES:]  # fmt: skip
    value = code(trace.value or "None")
    if not told:
        return f"{LEAD}{code(trace.call)} gives {value}."
    states = ", then ".join(told)
    return f"{LEAD}first {states}, and at the end {code(trace.call)} gives {value}."


def _is_loop_variable(story: Sequence[Moment], place: int, name: str) -> bool:
    statement = story[place].statement
    return bool(statement and statement.kind == "for" and name in statement.targets)


def uniqueness(trace: Trace, known: Sequence[Known], rng: Random) -> str:
    """That other known calls give the same value, with the shortest of them; empty if none do."""
    others = [
        item.call
        for item in known
        if item.text == trace.value and not _is_same_call(item.call, trace.call)
    ]
    if not others:
        return ""
    call = code(min(others, key=lambda text: (len(text), text)))
    return rng.choice(_OTHERS).format(call)


_OTHERS = (
    "The answer is not the only one: {} would do as well.",
    "Other inputs lead there too, for instance {}.",
    "This is one of several answers; {} is another.",
)


def other_answer(text: str) -> str | None:
    r"""
    The call of which a backward monologue says at its end that it gives the value too.

    >>> other_answer("`f(1)` gives `2`. Other inputs lead there too, for instance `f(-1)`.")
    'f(-1)'
    """
    for form in _OTHERS:
        start, end = form.split("{}")
        _, found, rest = text.rpartition(start)
        if found and rest.endswith(end):
            span = rest[: -len(end)]
            return span.strip("`").strip() if span.startswith("``") else span[1:-1]
    return None


def _is_same_call(left: str, right: str) -> bool:
    """Do two texts stand for one call, however their strings are quoted?"""
    return left == right or tree(left) == tree(right)


def take_out_confirmation(text: str) -> tuple[str, str]:
    """A backward text without its forward check, and that check."""
    match = _CHECK.search(text)
    return (text[: match.start()] + text[match.end() :], match[0]) if match else (text, "")
