"""Why a text is not good enough."""

import re

import pytest

from pyx_dataset.calls import trace_call
from pyx_dataset.judging import Judgement, judge_backward, judge_forward, left_out, written
from pyx_dataset.schema import Execution
from pyx_dataset.teacher.parse import Written
from pyx_dataset.teacher.prompts import load_prompts
from pyx_dataset.teacher.protocol import Answer

CODE = "def f(x):\n    y = x * 2\n    z = y + 1\n    return z\n"
EXECUTION = Execution("p_0", "p", trace_call(CODE, "f(3)"), is_deterministic=True)
STRICT = """[L5] It starts with `x = 3`. [L6] `y` becomes `6`.
[L7] `z` becomes `7`.
[L8] `f` returns `7`."""
PROSE = """1. **[L5]**: The function is called with `x` as `3`.
2. **[L6]**: `y` is set to `6`.
3. **[L7]**: `z` becomes `7`.
4. **[L8]**: The function returns `7`."""


def text(simulation: str, answer: str = "assert f(3) == 7") -> Written:
    return Written(
        "### Understanding the Function\nIt doubles.\n\n### Key Properties and Constraints\n"
        f"- None.\n\n### Execution Simulation\n{simulation}\n\n### Conclusion\nIt is done.",
        answer,
    )


def judge(simulation: str, answer: str = "assert f(3) == 7", words: int = 700) -> Judgement:
    return judge_forward(text(simulation, answer), EXECUTION, (), words)


@pytest.mark.parametrize("simulation", [STRICT, PROSE])
@pytest.mark.parametrize("answer", ["assert f(3) == 7", "f(3) == 7", "7", "assert f( 3 )==7  # ok"])
def test_true_texts_are_kept_in_either_manner(simulation: str, answer: str) -> None:
    """Label by label, or prose; the answer becomes the assertion of the field."""
    found = judge(simulation, answer)

    assert found.reason == ""
    assert found.monologue is not None
    assert found.monologue.answer == "assert f(3) == 7"
    assert found.confirmed >= 3


@pytest.mark.parametrize(
    ("simulation", "answer", "reason"),
    [
        (STRICT, "assert f(3) == 8", "wrong_answer"),
        (STRICT, "assert f(3) == 7 or True", "wrong_answer"),
        (STRICT, "seven", "wrong_answer"),
        (STRICT.replace("`6`", "`5`"), "7", "claim_contradicted"),
        (PROSE.replace("`6`", "`5`"), "7", "claim_contradicted"),
        (STRICT.replace("[L7] `z` becomes `7`.\n", ""), "7", "line_not_told"),
        (PROSE.replace("3. **[L7]**: `z` becomes `7`.\n", ""), "7", "line_not_told"),
        ("1. [L5], [L6], [L7] and [L8] run, one after the other.", "7", "nothing_confirmed"),
    ],
)
def test_each_fault_has_its_reason(simulation: str, answer: str, reason: str) -> None:
    """One fault each; nothing of the answer is executed."""
    assert judge(simulation, answer).reason == reason


def test_a_text_longer_than_wanted_is_dropped() -> None:
    """However true."""
    assert judge(STRICT, words=20).reason == "monologue_too_long"


def test_an_input_is_judged_by_its_own_run() -> None:
    """Deduced backward, held against the trace of the call that was deduced."""
    good = Written(
        "### Understanding the Function\nIt doubles.\n\n### Key Properties and Constraints\n- None."
        "\n\n### Reverse Deduction\n- The output is `7`, the value of `z`.\n- So `y` is `6`.\n"
        "- That takes `x = 3`.\n\n### Conclusion\n`f(3)` gives `7`.",
        "assert f(3) == 7",
    )

    assert judge_backward(good, EXECUTION.trace, "7", (), 700).reason == ""
    assert judge_backward(good, EXECUTION.trace, "8", (), 700).reason == "input_not_confirmed"
    assert judge_backward(good, None, "7", (), 700).reason == "input_not_confirmed"
    wrong = Written(good.text.replace("`y` is `6`", "`y` is `9`"), good.answer)
    assert judge_backward(wrong, EXECUTION.trace, "7", (), 700).reason == "claim_contradicted"
    vague = Written(good.text.replace("`y` is `6`", "so on").replace("`x = 3`", "x"), good.answer)
    assert judge_backward(vague, EXECUTION.trace, "7", (), 700).reason == "nothing_confirmed"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer("", 1, 1), "no_answer"),
        (Answer(" \n", 1, 1), "no_answer"),
        (Answer("", 0, 0, error="status 400"), "no_answer"),
        (Answer("### Understanding the Function\nIt", 1, 9, is_cut=True), "answer_cut"),
        (Answer("I refuse.", 1, 9), "not_in_layout"),
    ],
)
def test_what_is_no_monologue_says_why(answer: Answer, reason: str) -> None:
    """Empty, refused, cut or something else."""
    found = written(answer, "forward")

    assert isinstance(found, Judgement)
    assert found.reason == reason


def test_of_prose_each_line_that_changes_something_is_asked() -> None:
    """Lines are those of the program, labels those of the layout."""
    assert left_out(text(PROSE).text, EXECUTION.trace) == ()
    assert left_out(text("1. [L7] is all.").text, EXECUTION.trace) == (2,)


def test_texts_written_as_the_prompts_show_are_kept() -> None:
    """The examples in the shipped prompts, about programs that they fit, in the checker's words."""
    prompts = load_prompts()
    shown = re.search(r"(?s)Write like this:\n(\[L5\].*?)\n\n", prompts["forward"].text)
    assert shown is not None
    loop = ["def f(n):", "    total = 0", "    for i in range(n):", "        total += i + 1"]
    trace = trace_call("\n".join([*loop, "    return total\n"]), "f(2)")
    execution = Execution("p_1", "p", trace, is_deterministic=True)
    found = judge_forward(text(shown[1], "assert f(2) == 3"), execution, (), 700)

    assert (found.reason, found.detail) == ("", "")
    assert found.confirmed >= 8

    undone = re.search(r"(?s)Write like this:\n(- .*?)\n\n", prompts["backward"].text)
    assert undone is not None
    body = (
        "### Understanding the Function\nIt doubles.\n\n### Key Properties and Constraints\n- None."
    )
    deduced = Written(
        f"{body}\n\n### Reverse Deduction\n{undone[1]}\n\n### Conclusion\n`f(3)` gives `7`.",
        "assert f(3) == 7",
    )
    found = judge_backward(deduced, EXECUTION.trace, "7", (), 700)

    assert (found.reason, found.detail) == ("", "")
    assert found.confirmed >= 3
