"""Planted errors in true monologues are found; the trace, made by CPython, is the oracle."""

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from pyx_dataset.monologues.check import check, is_full_account, untold
from pyx_dataset.monologues.forward import forward
from pyx_dataset.schema import Trace

CODE = """
def f(xs):
    n = 0
    for x in xs:
        if x > 2:
            n += x
    return n
"""
TRUE = (
    "[L5] `xs = [1, 3]`. [L6] `n` starts at `0`. [L7] `x = 1`. [L8] `x > 2` is `1 > 2`, which is "
    "false. [L7] `x = 3`. [L8] `x > 2` is true. [L9] `n` becomes `3`. "
    "[L7] The loop ends after 2 passes. [L10] `f` returns `3`."
)


def planted(text: str, rng: Random) -> Iterator[tuple[str, str]]:
    """Texts with one error each in the Execution Simulation: its kind and the text."""
    head, body, tail = re.split(r"(?s)(?<=Simulation\n)(.*)(?=\n\n### Conclusion)", text)
    numbers = list(re.finditer(r"(?<=`)-?\d+(?=`)|(?<= = )-?\d+(?=`)", body))
    labels = list(re.finditer(r"\[L\d+\]", body))
    truths = list(re.finditer(r"(?<=is )(true|false)\b", body))
    counts = list(re.finditer(r"\d+(?= pass)", body))
    others = sorted({label[0] for label in labels})
    changes: dict[str, tuple[list[re.Match[str]], Callable[[str], str]]] = {
        "value": (numbers, lambda old: str(int(old) + rng.choice([-2, -1, 1, 2]))),
        "line": (labels, lambda old: rng.choice([one for one in others if one != old])),
        "branch": (truths, lambda old: "false" if old == "true" else "true"),
        "count": (counts, lambda old: str(int(old) + rng.choice([-1, 1]))),
    }
    for kind, (places, change) in changes.items():
        for place in rng.sample(places, min(4, len(places))):
            new = body[: place.start()] + change(place[0]) + body[place.end() :]
            yield kind, head + new + tail
    pieces = [piece for piece in re.split(r"(?=\[L\d+\])", body) if piece]
    for at in rng.sample(range(len(pieces) - 1), min(4, len(pieces) - 1)):
        if pieces[at].strip() != pieces[at + 1].strip():
            swapped = [*pieces[:at], pieces[at + 1], pieces[at], *pieces[at + 2 :]]
            yield "order", head + "".join(swapped) + tail


def test_planted_errors_are_found(case: Any, trace: Trace) -> None:
    """A changed value, label, branch word, count or order does not pass; one in a hundred may."""
    missed, tried = [], 0
    for seed in range(4):
        text = forward(case.code, case.name, trace, "", Random(seed)).text
        for kind, wrong in planted(text, Random(seed)):
            tried += 1
            if not check(wrong, trace).contradicted and not untold(wrong, trace):
                missed.append((kind, wrong))
    assert len(missed) <= 0.01 * tried, missed


@pytest.mark.parametrize(
    ("text", "is_full"),
    [
        (TRUE, True),
        (
            "### Execution Simulation\n[L6] `n` is `0`.\n[L7] It ends.\n\n### Conclusion\nDone.",
            True,
        ),
        ("### Execution Simulation\n- [L6]: `n` is `0`.\n- [L7]: It ends.", False),
        ("First `n` is `0`.\n[L7] Then it ends.", False),
    ],
)
def test_only_a_full_account_is_read_strictly(text: str, is_full: bool) -> None:
    """It goes label by label; a model's list of steps is prose."""
    assert is_full_account(text) is is_full


def test_prose_may_come_back_to_what_it_said(trace_of: Callable[[str, str], Trace]) -> None:
    """The same words are wrong in a full account, which has an order."""
    trace = trace_of(CODE, "f([3, 5])")
    told = "[L9] `n` becomes `8`. [L9] `n` becomes `3`."
    assert check(told, trace).contradicted
    assert not check(f"- {told}", trace).contradicted


def test_a_true_account_is_confirmed(trace_of: Callable[[str, str], Trace]) -> None:
    """Every claim of a hand-written account holds, and nothing is left out."""
    trace = trace_of(CODE, "f([1, 3])")
    report = check(TRUE, trace, "assert f([1, 3]) == 3")
    assert len(report.confirmed) == 11
    assert report.contradicted == report.unchecked == untold(TRUE, trace) == ()


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("`n` becomes `3`", "`n` becomes `4`", 5),
        ("`1 > 2`", "`0 > 2`", 4),
        ("which is false", "which is true", 4),
        ("2 passes", "3 passes", 3),
        ("`f` returns `3`", "`f` returns `2`", 6),
        ("[L9] `n`", "[L8] `n`", 4),
        ("`xs = [1, 3]`", "`xs = [1, 4]`", 1),
    ],
)
def test_a_wrong_word_is_contradicted_at_its_line(
    trace_of: Callable[[str, str], Trace], right: str, wrong: str, line: int
) -> None:
    """The first contradiction names the line that is told wrongly."""
    report = check(TRUE.replace(right, wrong, 1), trace_of(CODE, "f([1, 3])"))
    assert report.contradicted[0].claim.line == line


def test_a_condition_belongs_to_its_line(trace_of: Callable[[str, str], Trace]) -> None:
    """True or not, line 5 does not ask it."""
    trace = trace_of(CODE, "f([3])")
    assert not check("[L8] `x > 2` is true.", trace).contradicted
    assert check("[L9] `x > 2` is true.", trace).contradicted


def test_a_thing_without_a_value_is_told_by_its_kind(
    trace_of: Callable[[str, str], Trace],
) -> None:
    """An iterator cannot be compared, but it is no number."""
    trace = trace_of("def f(xs):\n    it = iter(xs)\n    n = 1\n    return n\n", "f([3])")
    assert check("[L6] `it` is now an iterator.", trace).confirmed
    assert check("[L7] `n` is now an iterator.", trace).contradicted
    assert check("[L7] `it` is now an iterator.", trace).contradicted


def test_a_value_is_checked_in_the_pass_that_is_told(
    trace_of: Callable[[str, str], Trace],
) -> None:
    """`n` is 3 and then 8: told the other way round, both are wrong."""
    trace = trace_of(CODE, "f([3, 5])")
    told = "[L9] `n` becomes `{}`. [L9] `n` becomes `{}`."
    assert not check(told.format(3, 8), trace).contradicted
    assert len(check(told.format(8, 3), trace).contradicted) == 2


def test_a_line_left_out_is_reported(trace_of: Callable[[str, str], Trace]) -> None:
    """Without its sentence, line 5 changes `n` and nobody says so."""
    trace = trace_of(CODE, "f([1, 3])")
    assert untold(TRUE.replace("[L9] `n` becomes `3`. ", ""), trace) == (5,)


def test_a_wrong_answer_is_contradicted(trace_of: Callable[[str, str], Trace]) -> None:
    """The found value stands beside it."""
    report = check("", trace_of(CODE, "f([1, 3])"), "assert f([1, 3]) == 4")
    assert [item.found for item in report.contradicted] == ["3"]


def test_backward_claims_may_not_jump_down(trace_of: Callable[[str, str], Trace]) -> None:
    """From the end up, `n` is 8, 3, 0; 8 after 0 would be a step in the wrong direction."""
    trace = trace_of(CODE, "f([3, 5])")
    up, jump = "`n = 8`, `n = 3`, `n = 0`", "`n = 0`, `n = 8`"
    assert not check(up, trace, direction="backward").contradicted
    assert check(jump, trace, direction="backward").contradicted
