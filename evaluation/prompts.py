"""How a task is put to a model, and what a right answer looks like.

``direct`` on calls starts the assistant's turn with ``[ANSWER]`` and the assertion up to
where the unknown begins. A model that never saw the layout then has to give only the
value, so that a base model is not marked down for not knowing the tags.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from evaluation.tasks import CallTask, Task
from pyx_dataset.errors import ConfigError
from pyx_dataset.layout import (
    ANSWER_CLOSE,
    ANSWER_OPEN,
    CODE_ASK,
    INPUT_ASK,
    OUTPUT_ASK,
    REFINED_CLOSE,
    Message,
    answer_block,
    assertion,
    assistant,
    backward_body,
    backward_prompt,
    debug_prompt,
    forward_prompt,
    input_prompt,
    output_body,
    output_prompt,
    trace_input_prompt,
    trace_prompt,
    user,
)

Style = Literal["direct", "cot", "monologue", "scratchpad", "next", "concise"]
STYLES: tuple[Style, ...] = get_args(Style)

MAX_DIRECT_TOKENS = 160
"""Room for a published value of 200 characters."""
MAX_REASONED_TOKENS = 1024
"""In tokens of SmolLM2, 15 % of a built set's own forward monologues and 7 % of its backward ones
are longer, and 0.3 % longer than twice that; what is cut is counted in the results."""
MAX_PROGRAM_TOKENS = 512

REASON_ASK = (
    f"Think step by step first. End with the whole assertion between {ANSWER_OPEN} and "
    f"{ANSWER_CLOSE}."
)
"""How free reasoning (`cot`) is asked for."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is given."""

    messages: list[Message]
    prefill: str
    """Start of the assistant's turn. The answer that is graded begins with it."""
    stops: tuple[str, ...]
    """Generation ends before the first of these."""


def ask(task: Task, style: Style, shots: Sequence[Task] = ()) -> Prompt:
    """
    Put `task` to a model, behind solved examples (`shots`) as earlier turns.

    Raises:
        ConfigError: programs have no monologue to ask for, and examples have none to show.
    """
    if shots and style != "direct":
        raise ConfigError(f"examples show answers without reasoning: no shots with {style!r}")
    prompt = _ask(task, style)
    earlier = [
        message
        for shot in shots
        for message in [*_ask(shot, style).messages, *assistant(gold(shot))]
    ]
    return replace(prompt, messages=[*earlier, *prompt.messages])


def _ask(task: Task, style: Style) -> Prompt:
    if not isinstance(task, CallTask):
        if style != "direct":
            raise ConfigError(f"{task.id} asks for a program; its only prompt is 'direct'")
        if task.fault:
            return mend(task.fault)
        return Prompt(user(f"{CODE_ASK}\n\n{task.text}"), "", ())
    code, name, call, value = task.code, task.entry_point, task.call, task.value
    if style == "cot":
        forward = task.mode == "output"
        body = output_body(code, call) if forward else backward_body(code, name, value)
        text = f"{OUTPUT_ASK if forward else INPUT_ASK} {REASON_ASK}\n\n{body}"
        return Prompt(user(text), "", (ANSWER_CLOSE,))
    if style == "monologue":
        backward = task.mode == "input"
        messages = backward_prompt(code, name, value) if backward else forward_prompt(code, call)
        return Prompt(messages, "", (ANSWER_CLOSE,))
    if style != "direct":
        if task.mode == "input":
            return Prompt(trace_input_prompt(style, code, name, value), "", (ANSWER_CLOSE,))
        return Prompt(trace_prompt(style, code, call), "", (ANSWER_CLOSE,))
    stops = ("\n", ANSWER_CLOSE)
    # The prefill ends where a token ends: behind a space, the next token would be another one.
    if task.mode == "input":
        prefill = f"{ANSWER_OPEN}\nassert {name}("
        return Prompt(input_prompt(code, name, value), prefill, stops)
    return Prompt(output_prompt(code, call), f"{ANSWER_OPEN}\nassert {call} ==", stops)


def mend(fault: str) -> Prompt:
    """Ask for a right program in place of a broken one."""
    return Prompt(debug_prompt(fault), "", (REFINED_CLOSE,))


def without_prefill(prompt: Prompt) -> Prompt:
    """
    `prompt` for a chat server, which starts the assistant's turn itself.

    Behind a prefill one line is the answer; a whole answer has several.
    """
    stops = tuple(stop for stop in prompt.stops if stop != "\n")
    return replace(prompt, prefill="", stops=stops) if prompt.prefill else prompt


def max_new_tokens(task: Task, style: Style) -> int:
    """Room for an answer to `task` where the user set none."""
    if not isinstance(task, CallTask):
        return MAX_REASONED_TOKENS if task.fault else MAX_PROGRAM_TOKENS
    return MAX_DIRECT_TOKENS if style == "direct" else MAX_REASONED_TOKENS


def gold(task: Task) -> str:
    """The benchmark's own answer, as a model would write it: a scorer must accept every one."""
    if isinstance(task, CallTask):
        return answer_block(assertion(task.call, task.value))
    return f"```python\n{task.solution}\n```"
