"""What has to change, gap by gap, in sentences that together give the right program."""

import ast
from collections.abc import Iterator

from pyx_dataset.monologues.rationale.difference import Gap
from pyx_dataset.monologues.rationale.evidence import Evidence
from pyx_dataset.monologues.rationale.forms import Fact
from pyx_dataset.monologues.rationale.holds import depth, holds

MAX_CHARS = 80
"""Longer values and expressions are not told."""
MAX_NEW_LINES = 4
"""Of one gap; more are not quoted."""


def mending_of(e: Evidence) -> list[Fact]:
    """The edits that lead from the broken to the right program; none if one cannot be told."""
    told: list[Fact] = []
    for gap in e.change.gaps:
        edits = [item for item in _of_gap(e, gap) if holds(item, e)[0]]
        if not edits:
            return []
        told += edits
    return told


def _of_gap(e: Evidence, gap: Gap) -> Iterator[Fact]:
    if gap.is_indentation:
        level = depth(gap.new[0])
        others = [
            number
            for number, text in enumerate(e.buggy.code.splitlines(), start=1)
            if text.strip() and depth(text) == level and number < gap.start
        ]
        if others:
            yield Fact("indent", {"line": gap.start, "other": others[-1]})
        return
    code = tuple(item.strip() for item in gap.new if item.strip())
    last = gap.start + len(gap.old) - 1
    if not gap.new:
        yield from (Fact("remove", {"line": line}) for line in range(gap.start, last + 1))
    elif len(gap.old) == len(gap.new) == 1:
        yield _edit(e, gap)
    elif len(code) > MAX_NEW_LINES:
        return
    elif not gap.old:
        block = Fact("insert_block", {"line": gap.start - 1, "head": code[0], "names": code[1:]})
        is_block = len(code) > 1 and holds(block, e)[0]
        yield block if is_block else Fact("insert", {"line": gap.start - 1, "names": code})
    elif len(gap.old) == 1:
        yield Fact("instead", {"line": gap.start, "names": code})
    else:
        yield Fact("instead_of_all", {"line": gap.start, "last": last, "names": code})


def _edit(e: Evidence, gap: Gap) -> Fact:
    """The smallest readable replacement inside one line, or the whole line."""
    for pair in e.change.pairs:
        if isinstance(pair.old, ast.Constant | ast.Name | ast.Slice):
            continue
        sources = [
            ast.get_source_segment(trace.code, node) or ""
            for trace, node in ((e.buggy, pair.old), (e.fixed, pair.new))
        ]
        fact = Fact("replace", {"line": gap.start, "old": sources[0], "new": sources[1]})
        is_short = all(0 < len(text) <= MAX_CHARS and "\n" not in text for text in sources)
        if is_short and holds(fact, e)[0]:
            return fact
    return Fact("rewrite", {"line": gap.start, "new": gap.new[0].strip()})
