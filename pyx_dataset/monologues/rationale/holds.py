"""Does what a rationale says hold? Each kind of fact against the runs and the two codes."""

from collections.abc import Callable, Sequence

from pyx_dataset.monologues.rationale.course import COURSE, kind_of
from pyx_dataset.monologues.rationale.evidence import Evidence, value_at
from pyx_dataset.monologues.rationale.forms import Fact
from pyx_dataset.monologues.rationale.found import Found, equal
from pyx_dataset.monologues.rationale.pieces import PIECES, is_pair
from pyx_dataset.monologues.run.blocks import outline
from pyx_dataset.monologues.run.literals import expression
from pyx_dataset.monologues.run.story import Moment, tell


def holds(fact: Fact, evidence: Evidence) -> Found:
    """Hold one fact against the evidence."""
    return _CHECKS[fact.kind](evidence, **fact.fields)


def _expected(e: Evidence, call: str, expected: str, actual: str) -> Found:
    return equal((e.fixed.call, e.fixed.value, e.buggy.value), (call, expected, actual))


def _expected_raise(e: Evidence, call: str, expected: str, actual: str) -> Found:
    found = e.fixed.call, e.fixed.value, kind_of(e.buggy.exception)
    return equal(found, (call, expected, actual))


def visits(e: Evidence) -> int:
    """How often the statement that goes wrong has run by then, this time included."""
    return sum(
        (item.line, item.function, item.event) == (e.at.line, e.at.function, e.at.event)
        and item.step <= e.at.step
        for item in tell(e.buggy)
    )


def _where(e: Evidence, line: int) -> Found:
    return equal(e.at.line, line)


def _where_nth(e: Evidence, line: int, nth: int) -> Found:
    return equal((e.at.line, visits(e)), (line, nth))


def _asked(e: Evidence, text: str) -> Found:
    return text in " ".join(e.problem.split()), "another task"


def _behind(e: Evidence, line: int) -> Found:
    return equal((e.at.line, e.is_same_place), (line, False))


def _behind_nth(e: Evidence, line: int, nth: int) -> Found:
    return equal((e.at.line, visits(e), e.is_same_place), (line, nth, False))


def _cause(e: Evidence, line: int) -> Found:
    return equal(e.edited_line, line)


def _passed(e: Evidence, call: str) -> bool:
    runs = e.passing.get(call)
    return runs is not None and runs[0].value == runs[1].value is not None


def _unreached(e: Evidence, call: str, line: int) -> Found:
    ran = _passed(e, call) and any(step.line == line for step in e.passing[call][0].steps)
    is_so = _passed(e, call) and not ran and line == e.at.line
    return is_so, "it runs" if ran else "no such test passes"


def _agree(e: Evidence, call: str, old: str, new: str) -> Found:
    if not (_passed(e, call) and is_pair(e, old, new)):
        return False, "no such test passes, or nothing of the kind has to change"
    buggy, plan = e.passing[call][0], outline(e.buggy.code)
    here: list[Moment] = [m for m in tell(buggy) if m.line == e.at.line and m.event == e.at.event]
    for moment in here:
        one, other = (value_at(expression(text), moment, plan) for text in (old, new))
        if one is None or one != other:
            return False, f"{one} and {other}"
    return bool(here), "it never runs"


def _is_harmless(e: Evidence, call: str) -> bool:
    told = [
        [(step.changed, step.value) for step in trace.steps if step.changed or step.value]
        for trace in e.passing[call]
    ]
    return told[0] == told[1]


def _harmless(e: Evidence, call: str) -> Found:
    return _passed(e, call) and _is_harmless(e, call), "a step differs"


def _healed(e: Evidence, call: str) -> Found:
    return _passed(e, call) and not _is_harmless(e, call), "no step differs, or the result does"


def _in_place_of(e: Evidence, line: int, last: int) -> tuple[str, ...]:
    """What stands in the right program in place of some lines, if it is just those that go."""
    for gap in e.change.gaps:
        if (gap.start, gap.start + len(gap.old) - 1) == (line, last):
            return gap.new
    return ()


def _replace(e: Evidence, line: int, old: str, new: str) -> Found:
    lines, wanted = e.buggy.code.splitlines(), _in_place_of(e, line, line)
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    places = [place for place in range(len(text)) if text.startswith(old, place)]
    mended = [text[:place] + new + text[place + len(old) :] for place in places]
    return any((item,) == wanted for item in mended), "another program"


def _rewrite(e: Evidence, line: int, new: str) -> Found:
    lines = e.buggy.code.splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    indent = text[: len(text) - len(text.lstrip())]
    return (indent + new,) == _in_place_of(e, line, line), "another program"


def _instead(e: Evidence, line: int, names: tuple[str, ...]) -> Found:
    return _instead_of_all(e, line, line, names)


def _instead_of_all(e: Evidence, line: int, last: int, names: tuple[str, ...]) -> Found:
    return equal(_bare(_in_place_of(e, line, last)), names)


def _inserted(e: Evidence, line: int) -> tuple[str, ...]:
    """The lines that are missing right behind `line`, blank ones aside."""
    for gap in e.change.gaps:
        if not gap.old and gap.start == line + 1:
            return tuple(item for item in gap.new if item.strip())
    return ()


def _bare(lines: Sequence[str]) -> tuple[str, ...]:
    """`lines` without their indentation, blank ones aside."""
    return tuple(item.strip() for item in lines if item.strip())


def _insert(e: Evidence, line: int, names: tuple[str, ...]) -> Found:
    return equal(_bare(_inserted(e, line)), names)


def _insert_block(e: Evidence, line: int, head: str, names: tuple[str, ...]) -> Found:
    first, *others = [*_inserted(e, line), ""]
    is_block = all(depth(item) > depth(first) for item in others[:-1])
    is_found, found = equal((first.strip(), _bare(others)), (head, names))
    return is_found and is_block, found


def _remove(e: Evidence, line: int) -> Found:
    for gap in e.change.gaps:
        if not gap.new and line in range(gap.start, gap.start + len(gap.old)):
            return True, ""
    return False, "it stays"


def depth(text: str) -> int:
    """Characters that a line is indented by."""
    return len(text) - len(text.lstrip())


def _indent(e: Evidence, line: int, other: int) -> Found:
    lines = e.buggy.code.splitlines()
    for gap in e.change.gaps:
        if gap.is_indentation and gap.start == line and 0 < other <= len(lines):
            return equal(depth(lines[other - 1]), depth(gap.new[0]))
    return False, "it stays where it is"


def _alone(e: Evidence) -> Found:
    return equal(len(e.change.gaps), 1)


def _mended(e: Evidence, call: str, value: str) -> Found:
    return equal((e.fixed.call, e.fixed.value), (call, value))


def _still(e: Evidence, call: str, value: str) -> Found:
    return _passed(e, call) and e.passing[call][1].value == value, "another value"


_CHECKS: dict[str, Callable[..., Found]] = {
    "expected": _expected,
    "expected_raise": _expected_raise,
    "asked": _asked,
    "where": _where,
    "where_nth": _where_nth,
    "behind": _behind,
    "behind_nth": _behind_nth,
    "cause": _cause,
    "unreached": _unreached,
    "agree": _agree,
    "harmless": _harmless,
    "healed": _healed,
    "replace": _replace,
    "rewrite": _rewrite,
    "insert": _insert,
    "insert_block": _insert_block,
    "instead": _instead,
    "instead_of_all": _instead_of_all,
    "remove": _remove,
    "indent": _indent,
    "alone": _alone,
    "mended": _mended,
    "still": _still,
    **PIECES,
    **COURSE,
}
