"""A prompt gives away everything but the answer, and a right answer is accepted."""

from dataclasses import replace

import pytest

from evaluation.prompts import STYLES, Style, ask, gold
from evaluation.scoring import grade
from evaluation.tasks import CallTask, ProgramTask, Task
from pyx_dataset import narrate, trace_call
from pyx_dataset.errors import ConfigError
from pyx_dataset.layout import backward_prompt, forward_prompt, monologue_completion
from pyx_dataset.published import step_row
from trainers.formats import FORMATS

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


@pytest.mark.parametrize("style", STYLES)
def test_the_value_to_predict_is_not_in_the_prompt(style: Style) -> None:
    """Nothing leaks."""
    prompt = ask(replace(OUTPUT, value="[31337]"), style)
    assert "31337" not in str(prompt)


@pytest.mark.parametrize("style", sorted({*STYLES} & {*FORMATS["forward"]}))
@pytest.mark.parametrize(("config", "task"), [("forward", OUTPUT), ("backward", INPUT)])
def test_a_model_is_asked_as_it_was_taught(style: Style, config: str, task: CallTask) -> None:
    """The words of a training example and of a question are the same."""
    trace = trace_call(task.code, task.call)
    execution = {
        "code": task.code, "call": task.call, "value": task.value, "exception": None,
        "outcome": trace.outcome.value, "steps": [step_row(step) for step in trace.steps],
    }  # fmt: skip
    told = narrate(task.code, task.call, direction=config)
    prompt = {
        "forward": forward_prompt(task.code, task.call),
        "backward": backward_prompt(task.code, task.entry_point, task.value),
    }[config]
    row = {
        "entry_point": task.entry_point, "prompt": prompt, "answer": gold(task),
        "completion": monologue_completion(told.text, gold(task)), "execution": execution,
        **execution,
    }  # fmt: skip

    taught, completion = FORMATS[config][style](row)
    assert ask(task, style).messages == taught
    assert next(grade([task], [completion[0]["content"]])).passed


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
