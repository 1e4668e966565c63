"""What a rationale says is true, and what is not true is found."""

import re
from random import Random
from typing import Any

import pytest

from pyx_dataset.debug_schema import Debugged
from pyx_dataset.faults import explain
from pyx_dataset.layout import DEBUG_HEADINGS, LABEL_OFFSET, SHOWN_PASSING
from pyx_dataset.monologues.rationale.evidence import Evidence
from pyx_dataset.monologues.rationale.forms import Fact, read
from pyx_dataset.monologues.rationale.holds import holds
from pyx_dataset.monologues.rationale.wording import FORMS
from pyx_dataset.monologues.rationale.write import check_rationale
from pyx_dataset.program import Boxes
from pyx_dataset.schema import Execution, Rejected
from tests.debugging.samples import Case, traced, watch
from tests.export.samples import CONFIG


def argued(bug: Debugged) -> str:
    """What stands behind the simulation."""
    return bug.rationale.text.partition(DEBUG_HEADINGS[1])[2]


def evidence(case: Case, bug: Debugged, boxes: Boxes) -> Evidence:
    """Both runs of the told call, and those of passing calls."""
    executions = {item.id: item for item in case.bundle.executions}
    shown = [executions[name].trace for name in bug.passing[:SHOWN_PASSING]]
    fixed = case.told(bug)
    told, *others = traced(bug.code, [fixed.call, *(item.call for item in shown)], boxes)
    passing = {item.call: (run, item) for item, run in zip(shown, others, strict=True)}
    problem = case.bundle.program.seed.instruction
    return Evidence(told, fixed, bug.divergence, passing, problem)


def test_every_rationale_has_its_headings_and_no_claim_that_is_contradicted(
    cases: tuple[Case, ...], boxes: Boxes
) -> None:
    """Three sections in order; counts are those of a second check."""
    for case in cases:
        for bug in case.bugs:
            text = bug.rationale.text
            found = re.findall(r"^###.*$", text, re.MULTILINE)
            report = check_rationale(text, evidence(case, bug, boxes))
            assert tuple(found) == DEBUG_HEADINGS
            assert report.contradicted == ()
            assert len(report.confirmed) == bug.rationale.confirmed
            assert bug.rationale.unchecked == 0


def test_values_of_expressions_are_those_that_cpython_gives(cases: tuple[Case, ...]) -> None:
    """`eval` in the locals of the line, both for what stands there and for what should."""
    seen = 0
    for case in cases:
        for bug in case.bugs:
            facts = [said.fact for said in read(argued(bug)) if said.fact]
            lines = [f.fields["line"] for f in facts if f.kind in ("where", "where_nth")]
            for fact in facts:
                if fact.kind == "pair" and lines:
                    states = [
                        (item.names, item.local)
                        for item in watch(bug.code, case.told(bug).call)
                        if (item.event, item.line) == ("line", lines[0])
                    ]
                    old = [repr(eval(str(fact.fields["old"]), *state)) for state in states]
                    new = [repr(eval(str(fact.fields["new"]), *state)) for state in states]
                    pair = fact.fields["value"], fact.fields["other"]
                    assert pair in zip(old, new, strict=True), (bug.id, fact)
                    seen += 1

    assert seen >= 5


def test_planted_errors_are_found(cases: tuple[Case, ...], boxes: Boxes) -> None:
    """Each value, label and ordinal of the argument in turn becomes another one."""
    planted = 0
    for case in cases:
        for bug in case.bugs:
            held = evidence(case, bug, boxes)
            text = bug.rationale.text
            start = text.index(DEBUG_HEADINGS[1])
            for wrong in spoiled(text, start):
                report = check_rationale(wrong, held)
                says = bug.rationale.confirmed, bug.rationale.unchecked
                found = len(report.confirmed), len(report.unchecked)
                assert report.contradicted or found != says, wrong[start:]
                planted += 1

    assert planted > 150


def spoiled(text: str, start: int) -> list[str]:
    """`text` with one thing behind `start` changed, in every way."""
    found = []
    for match in re.finditer(r"`(-?\d+|True|False|None|\[.*?\])`|\[L(\d+)\]|(\d+)(?=st|nd|rd|th)",
                             text[start:]):  # fmt: skip
        for group in (1, 2, 3):
            if (old := match[group]) is not None:
                new = str(int(old) + 1) if old.lstrip("-").isdigit() else "'other'"
                at, end = start + match.start(group), start + match.end(group)
                found.append(text[:at] + new + text[end:])
    return found


def test_a_planted_error_in_the_simulation_is_found(cases: tuple[Case, ...], boxes: Boxes) -> None:
    """Of the first number that a variable gets."""
    for case in cases:
        for bug in case.bugs:
            text, head = bug.rationale.text, bug.rationale.text.index(DEBUG_HEADINGS[1])
            match = re.search(r"returns `(-?\d+)`", text[:head])
            if match:
                wrong = f"{text[: match.start(1)]}{int(match[1]) + 1}{text[match.end(1) :]}"
                assert check_rationale(wrong, evidence(case, bug, boxes)).contradicted


def test_every_wording_reads_back_as_the_fact_that_it_says() -> None:
    """All templates, with values that hold what separates pieces in prose."""
    samples: dict[str | None, Any] = {
        None: "f('a, b and `c`. d')",
        "L": 7,
        "n": 22,
        "l": ("x = [1, 2]", "y = '. '"),
        "q": "Do it.",
    }
    for kind, templates in FORMS.items():
        for number, template in enumerate(templates):
            names = re.findall(r"\{(\w+)(?::(\w))?\}", template)
            fact = Fact(kind, {name: samples[form or None] for name, form in names})
            rng = Random(0)
            rng.choice = lambda options, number=number: options[number]  # type: ignore[method-assign, misc, assignment]
            said = list(read(f"{fact.text(rng)} {fact.text(rng)}"))
            assert [item.fact for item in said] == [fact, fact], template


GUARD = "    if size == 0:\n        return None\n"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("size // 2", "size // 2 - 1", None),
        ("sorted(values)", "list(values)", None),
        ("return ordered", "return values", None),
        (GUARD, "", None),
        ("size // 2", "size // 2 + 0", "no_bug_found"),
        ("sorted(values)", "sorted(values) + [size]", "no_bug_found"),
        ("import", "import", "no_bug_found"),
    ],
)
def test_a_solution_from_elsewhere_gets_a_rationale_or_a_reason(
    old: str, new: str, reason: str | None, cases: tuple[Case, ...], boxes: Boxes
) -> None:
    """As a language model might write it; a kept one is checked like ours."""
    case = next(item for item in cases if item.bundle.program.id == "middle")
    candidate = case.code.replace(old, new)
    found = explain("x", candidate, case.bundle.executions, CONFIG, (boxes.first, *boxes.others))
    if reason is None:
        assert isinstance(found, Debugged), found
        assert (
            check_rationale(found.rationale.text, evidence(case, found, boxes)).contradicted == ()
        )
        assert f"[L{found.line + LABEL_OFFSET}]" in found.rationale.text
    else:
        assert isinstance(found, Rejected)
        assert found.reason == reason


def test_a_solution_of_another_kind_is_told_to_be_too_different(
    cases: tuple[Case, ...], boxes: Boxes
) -> None:
    """Nothing is made up where the two programs have no step in common."""
    case = next(item for item in cases if item.bundle.program.id == "middle")
    candidate = """def middle(values):
    if not values:
        return None
    best = values[0]
    for size in range(len(values)):
        ordered = values[size]
    return ordered
"""
    found = explain("x", candidate, case.bundle.executions, CONFIG, (boxes.first, *boxes.others))

    assert isinstance(found, Rejected), found.rationale.text
    assert found.reason in ("too_different", "cause_not_told")


def test_two_mistakes_are_both_mended(cases: tuple[Case, ...], boxes: Boxes) -> None:
    """Neither change alone is enough; no single line is called the cause."""
    case = next(item for item in cases if item.bundle.program.id == "middle")
    candidate = case.code.replace("sorted(values)", "list(values)").replace("// 2", "// 2 - 1")
    candidate = candidate.replace("size == 0", "not size")
    found = explain(
        "x", candidate, case.bundle.executions, CONFIG, (boxes.first, *boxes.others)
    )  # fmt: skip

    assert isinstance(found, Debugged), found
    assert found.refined == case.code.replace("size == 0", "not size")
    assert found.lines == (2, 6)
    mending = found.rationale.text.partition(DEBUG_HEADINGS[2])[2]
    assert "sorted(values)" in mending
    assert "size // 2" in mending
    assert "the cause is" not in found.rationale.text


def test_a_missing_guard_is_named_and_the_line_before_it_is_not_wrong(boxes: Boxes) -> None:
    """Also where its block does more than return: all of it is told as inside the guard."""
    code = """def half(n):
    low = 0
    if n < low:
        back = half(-n)
        return -back
    return n // 2
"""
    guard = "    if n < low:\n        back = half(-n)\n        return -back\n"
    calls = ["half(-3)", "half(4)", "half(5)", "half(-4)"]
    executions = [
        Execution(f"half_{number}", "half", trace, True)
        for number, trace in enumerate(traced(code, calls, boxes))
    ]
    found = explain(
        "x", code.replace(guard, ""), executions, CONFIG, (boxes.first, *boxes.others)
    )  # fmt: skip

    assert isinstance(found, Debugged), found
    cause = found.rationale.text.partition(DEBUG_HEADINGS[1])[2]
    assert "`n < low`" in cause
    assert not re.search(r"wrong is at|leave the track|until \[L6\]\.|before \[L6\]\.", cause)
    mending = found.rationale.text.partition(DEBUG_HEADINGS[2])[2]
    inside = "inside it `back = half(-n)` and `return -back`"
    assert re.search(rf"`if n < low:`,? and {re.escape(inside)}\.", mending)
    (fact,) = (said.fact for said in read(mending) if said.fact and said.fact.kind[:6] == "insert")
    told = next(item.trace for item in executions if item.id == found.failing[0])
    held = Evidence(traced(found.code, [told.call], boxes)[0], told, found.divergence)
    assert holds(fact, held)[0]
    for field in ("head", "names"):
        assert not holds(Fact(fact.kind, {**fact.fields, field: ("return 0",)}), held)[0]


def test_nothing_follows_from_a_step_that_ends_the_call(boxes: Boxes) -> None:
    """Where the wrong step is the last, no later line is said to build on it."""
    code = """def joined(words):
    text = ""
    for word in words:
        text += word
    return text
"""
    calls = ["joined(['a', 'b'])", "joined(['c'])", "joined(['d', 'e', 'f'])", "joined(['g'])"]
    executions = [
        Execution(f"joined_{number}", "joined", trace, True)
        for number, trace in enumerate(traced(code, calls, boxes))
    ]
    found = explain(
        "x", code.replace("    return", "        return"), executions, CONFIG,
        (boxes.first, *boxes.others),
    )  # fmt: skip

    assert isinstance(found, Debugged), found
    said = {item.fact.kind for item in read(argued(found)) if item.fact}
    assert found.divergence.step == len(traced(found.code, calls[:1], boxes)[0].steps) - 1
    assert "leaves" in said
    assert "spread" not in said
