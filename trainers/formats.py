"""What a completion is for one row: a monologue, its steps alone, a trace or only the answer.

So the ablation of the paper (SemCoder, NeurIPS 2024, section 6) is one setting. A trace is that
of the row's own execution, as published; for input prediction it is the trace of the call that
the execution made, which is one of the right answers.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from datasets import Dataset

from pyx_dataset import layout
from pyx_dataset.errors import InputError
from pyx_dataset.published import trace_of
from pyx_dataset.traces.render import render

Row = dict[str, Any]
Messages = list[layout.Message]
Turns = tuple[Messages, Messages]
"""Prompt and completion."""

TRACED: tuple[layout.TraceStyle, ...] = ("scratchpad", "next", "concise")
"""The formats that need the row's execution beside it."""
STYLES = ("monologue", "direct", "simulation", *TRACED)

_EXAMPLE = ("program_id", "prompt", "completion")
_CALL = (*_EXAMPLE, "execution_id", "code", "entry_point", "call", "value", "answer")
COLUMNS = {
    "forward": _CALL,
    "backward": _CALL,
    "nl2code": _EXAMPLE,
    "debug": (*_EXAMPLE, "code"),
    "executions": ("id", "code", "call", "outcome", "value", "exception", "steps"),
}
"""What a completion is made of, for each config."""


def published(row: Row) -> Turns:
    """The row's own prompt and completion: a monologue, then the answer."""
    return row["prompt"], row["completion"]


def without_preface(heading: str, row: Row) -> Turns:
    """
    The row's monologue from `heading` on, if it has that: its steps, no word on the function.

    Properties found in many calls cannot be read off a prompt that shows one.
    """
    text = row["completion"][0]["content"]
    return row["prompt"], layout.assistant(text[max(text.find(heading), 0) :])


def direct_output(row: Row) -> Turns:
    """Ask for the value of the row's call with no reasoning."""
    return layout.output_prompt(row["code"], row["call"]), layout.direct_completion(row["answer"])


def direct_input(row: Row) -> Turns:
    """Ask for an input that gives the row's value with no reasoning."""
    prompt = layout.input_prompt(row["code"], row["entry_point"], row["value"])
    return prompt, layout.direct_completion(row["answer"])


def direct_refinement(row: Row) -> Turns:
    """Ask for the mended program with no rationale."""
    fault = layout.fault_of(row["prompt"])
    return layout.refine_prompt(fault), layout.refine_completion(row["code"])


def traced_output(style: layout.TraceStyle, row: Row) -> Turns:
    """Ask for the trace of the row's call, then its value."""
    return layout.trace_prompt(style, row["code"], row["call"]), _trace(style, row)


def traced_input(style: layout.TraceStyle, row: Row) -> Turns:
    """Ask for the trace of a call that gives the row's value, then that call."""
    prompt = layout.trace_input_prompt(style, row["code"], row["entry_point"], row["value"])
    return prompt, _trace(style, row)


def _trace(style: layout.TraceStyle, row: Row) -> Messages:
    answer = layout.assertion(row["call"], row["value"])
    return layout.trace_completion(render(trace_of(row["execution"]), style), answer)


FORMATS: dict[str, dict[str, Callable[[Row], Turns]]] = {
    "forward": {
        "monologue": published,
        "simulation": partial(without_preface, layout.FORWARD_HEADINGS[2]),
        "direct": direct_output,
        **{style: partial(traced_output, style) for style in TRACED},
    },
    "backward": {
        "monologue": published,
        "simulation": partial(without_preface, layout.BACKWARD_HEADINGS[2]),
        "direct": direct_input,
        **{style: partial(traced_input, style) for style in TRACED},
    },
    "nl2code": dict.fromkeys(STYLES, published),
    "debug": {"monologue": published, "direct": direct_refinement},
}
"""What a completion is, for each config and format. A program is its own and only answer."""


def put(row: Row, config: str, style: str) -> Turns | None:
    """`row` in one format; None if the format cannot show a value of its trace."""
    try:
        return FORMATS[config][style](row)
    except InputError:
        return None


def beside(rows: Iterable[Row], executions: Dataset) -> Iterator[Row]:
    """Each row with its `execution`."""
    places = {name: place for place, name in enumerate(executions["id"][:])}
    for row in rows:
        yield row | {"execution": executions[places[row["execution_id"]]]}
