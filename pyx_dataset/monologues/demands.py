"""What a backward text says has to hold further up, held against the states of the run.

A condition that moves up the path is about the variables of some earlier moment; which one, the
words do not say. So it is confirmed where it holds at one, contradicted where it can be worked out
at some and holds at none, and of what is left at the top only the arguments decide.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from pyx_dataset.monologues.run.blocks import Outline
from pyx_dataset.monologues.run.literals import Unknown, canonical, expression
from pyx_dataset.monologues.run.reckon import reckon
from pyx_dataset.monologues.run.story import Moment
from pyx_dataset.monologues.verdicts import UNCHECKED, Finding, same
from pyx_dataset.schema import Claim

TOP = "Left at the top:"
"""Begins the line of what only the arguments can meet."""
_DEMAND = re.compile(
    r"(?<!`)(?P<one>`+)(?!`)(?P<subject>.+?)(?<!`)(?P=one)(?!`) "
    r"(?:has to be (?P<two>`+)(?!`)(?P<value>.+?)(?<!`)(?P=two)(?!`)"
    r"|must be (?P<truth>true|false)\b)"
)


def demands(
    text: str, story: Sequence[Moment], plan: Outline
) -> Iterator[tuple[Claim, Finding, int | None]]:
    """Each condition that `text` states, what the run says of it, and the place that shows it."""
    top = [place for place, moment in enumerate(story) if moment.event == "call"][:1]
    for line in text.split("\n"):
        places = top if TOP in line else range(len(story) - 1, -1, -1)
        for found in _DEMAND.finditer(line):
            value = found["value"] or found["truth"].capitalize()
            claim = Claim("value", found["subject"].strip(), value.strip(), None, found[0])
            yield claim, *_held(claim, bool(found["truth"]), places, story, plan)


def _held(
    claim: Claim,
    is_test: bool,
    places: Sequence[int],
    story: Sequence[Moment],
    plan: Outline,
) -> tuple[Finding, int | None]:
    try:
        node, want = expression(claim.subject), claim.value
    except Unknown:
        return UNCHECKED, None
    other: str | None = None
    for place in places:
        moment = story[place]
        state = moment.after if moment.event == "call" else moment.before
        worth = _worth(node, {**plan.constants, **state}, plan, is_test)
        if worth is not None and same(want, worth):
            return (True, None), place
        other = other or worth
    return (UNCHECKED, None) if other is None else ((False, other), None)


def _worth(node: ast.expr, state: Mapping[str, str], plan: Outline, is_test: bool) -> str | None:
    try:
        value = reckon(node, state, plan.bound)
        return str(bool(value)) if is_test else canonical(value)
    except Unknown:
        return None
