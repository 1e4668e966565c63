"""A prompt gives away everything but the answer, and a right answer is accepted."""

from dataclasses import replace

import pytest

from evaluation.benchmarks import CallTask, ProgramTask, Task
from evaluation.prompts import Style, ask, gold
from evaluation.scoring import grade
from pyx_dataset.errors import ConfigError

OUTPUT = CallTask("a", "p", "output", "def g(x):\n    return [x]\n", "g", "g(4)", "[4]")
INPUT = replace(OUTPUT, mode="input")
PROGRAM = ProgramTask(
    id="h",
    program="h",
    text='def inc(x):\n    """Add one."""\n',
    entry_point="inc",
    setup='def inc(x):\n    """Add one."""\n    pass\n',
    stem='def inc(x):\n    """Add one."""\n',
    test="def check(candidate):\n    assert candidate(1) == 2\n",
    solution='def inc(x):\n    """Add one."""\n    return x + 1\n',
)


@pytest.mark.parametrize("task", [OUTPUT, INPUT, PROGRAM], ids=["output", "input", "program"])
def test_the_own_answer_of_a_task_passes(task: Task) -> None:
    """Perfect answers score 100 %."""
    assert next(grade([task], [gold(task)])).passed


@pytest.mark.parametrize(("task", "rest"), [(OUTPUT, " [4]"), (INPUT, "4) == [4]")])
def test_a_direct_answer_is_the_prefill_and_what_follows(task: Task, rest: str) -> None:
    """A model has to add the unknown and nothing else."""
    prompt = ask(task, "direct")
    assert next(grade([task], [prompt.prefill + rest])).passed
    assert not prompt.prefill.endswith(" ")


@pytest.mark.parametrize("style", ["direct", "monologue"])
def test_the_value_to_predict_is_not_in_the_prompt(style: Style) -> None:
    """Nothing leaks."""
    prompt = ask(replace(OUTPUT, value="[31337]"), style)
    assert "31337" not in str(prompt)


def test_examples_are_earlier_turns_and_the_question_comes_last() -> None:
    """Question and answer of each example, then the question."""
    prompt = ask(OUTPUT, "direct", [replace(OUTPUT, call="g(5)", value="[5]")])
    assert [message["role"] for message in prompt.messages] == ["user", "assistant", "user"]
    assert "[5]" in prompt.messages[1]["content"]
    assert prompt.messages[2] == ask(OUTPUT, "direct").messages[0]


def test_programs_have_no_monologue_to_ask_for() -> None:
    """Asked for one, it says so."""
    with pytest.raises(ConfigError, match="direct"):
        ask(PROGRAM, "monologue")


@pytest.mark.parametrize(
    ("answer", "passed"),
    [("    return x + 1\n", True), ("```python\ndef inc(x):\n    return x + 1\n```", True),
     ("    return x\n", False), ("", False), ("def other(x):\n    return x + 1\n", False)],
)  # fmt: skip
def test_a_program_may_be_whole_or_go_on_from_the_text(answer: str, passed: bool) -> None:
    """Both forms are run, and neither passes for the stub that the tests stand on."""
    assert next(grade([PROGRAM], [answer])).passed is passed
