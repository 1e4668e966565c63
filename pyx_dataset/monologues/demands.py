"""What a backward text says has to hold further up, held against the states of the run.

A condition that moves up the path is about the variables of some earlier moment; which one, the
words do not say. So it is confirmed where it holds at one, contradicted where it can be worked out
at some and holds at none, and of what is left at the top only the arguments decide.
"""

import ast
import itertools
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
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_TRUTH = re.compile(r" must be (true|false)\b")


def demands(
    text: str, story: Sequence[Moment], plan: Outline
) -> Iterator[tuple[Claim, Finding, int | None]]:
    """Each condition that `text` states, what the run says of it, and the place that shows it."""
    top = [place for place, moment in enumerate(story) if moment.event == "call"][:1]
    for line in text.split("\n"):
        places = top if TOP in line else range(len(story) - 1, -1, -1)
        for claim, is_test in _said(line):
            yield claim, *_held(claim, is_test, places, story, plan)


def _said(line: str) -> Iterator[tuple[Claim, bool]]:
    """Conditions in a line, and of each whether only its truth is asked."""
    spans = list(_SPAN.finditer(line))
    for span, following in itertools.zip_longest(spans, spans[1:]):
        subject = span[2].strip()
        if truth := _TRUTH.match(line, span.end()):
            text = line[span.start() : truth.end()]
            yield Claim("value", subject, truth[1].capitalize(), None, text), True
        elif following and line[span.end() : following.start()] in (" has to be ", " gave "):
            text = line[span.start() : following.end()]
            yield Claim("value", subject, following[2].strip(), None, text), False


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
        for worth in _worth(node, {**plan.constants, **state}, plan, is_test):
            if same(want, worth):
                return (True, None), place
            other = other or worth
    return (UNCHECKED, None) if other is None else ((False, other), None)


def _worth(node: ast.expr, state: Mapping[str, str], plan: Outline, is_test: bool) -> Iterator[str]:
    """What `node` is in a state, and of text and the like also what a loop gets from it."""
    try:
        value = reckon(node, state, plan.bound)
        yield str(bool(value)) if is_test else canonical(value)
        if isinstance(value, str | tuple | dict | range) and not is_test:
            yield canonical(list(value))
    except Unknown:
        return
