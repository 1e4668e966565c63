"""Rows for training by preference and by reward: two answers to a prompt, or none at all.

`preference` pairs an answer that failed a check with one to the same prompt that is a row of
`forward`, `backward`, `nl2code` or `debug`. `rl` has prompts alone, with what a reward needs to
grade.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from pyx_dataset import layout
from pyx_dataset.lessons import Refused
from pyx_dataset.schema import Bundle

Row = dict[str, Any]

_SHORT = {"forward": "fwd", "backward": "bwd", "nl2code": "nl", "debug": "bug"}


def preference_rows(bundle: Bundle, examples: Mapping[str, Iterable[Row]]) -> Iterator[Row]:
    """
    Each refused answer whose prompt has a better one; of two, that of the same teacher.

    `examples` are the rows of `bundle` by task.
    """
    better: dict[tuple[str, str], list[Row]] = {}
    for task, rows in examples.items():
        for row in rows:
            about = bug_of(row["id"]) if task == "debug" else row.get("execution_id", "")
            better.setdefault((task, about), []).append(row)
    for number, worse in enumerate([*bundle.refused, *_failed_programs(bundle)]):
        chosen = better.get((worse.task, worse.bug_id or worse.execution_id), [])
        for row in sorted(chosen, key=lambda row: row["teacher"] != worse.teacher)[:1]:
            yield {
                "id": f"prf_{_SHORT[worse.task]}_{bundle.program.id}_{number}",
                "program_id": bundle.program.id,
                "execution_id": worse.execution_id,
                "chosen_id": row["id"],
                "family": bundle.program.family,
                "task": worse.task,
                "prompt": row["prompt"],
                "chosen": row["completion"],
                "rejected": layout.assistant(worse.completion),
                "reason": worse.reason,
                "detail": worse.detail,
                "code": row["code"],
                "entry_point": row["entry_point"],
                "call": row.get("call"),
                "value": row.get("expected", row.get("value")),
                "teacher": worse.teacher,
                "prompt_hash": worse.prompt_hash,
                "source": asdict(bundle.program.seed.source),
            }


def bug_of(name: str) -> str:
    """
    The bug that a row of `debug` tells.

    >>> bug_of("5f_bug0"), bug_of("5f_bug0_t1")
    ('5f_bug0', '5f_bug0')
    """
    return re.sub(r"_t\d+$", "", name)


def _failed_programs(bundle: Bundle) -> Iterator[Refused]:
    """What a model wrote for the task before it wrote the program."""
    seed = bundle.program.seed
    for item in seed.failed:
        (message,) = layout.code_completion(item.code)
        yield Refused(
            "nl2code", "", message["content"], item.reason, item.detail, seed.teacher,
            seed.prompt_hash,
        )  # fmt: skip


def rl_rows(executions: Iterable[Row]) -> Iterator[Row]:
    """The prompts about each row of `executions`."""
    for row in executions:
        for task, style, prompt in rl_prompts(row):
            yield {
                "id": f"rl_{task}_{style}_{row['id']}",
                "program_id": row["program_id"],
                "execution_id": row["id"],
                "family": row["family"],
                "prompt": prompt,
                "task": task,
                "style": style,
                "code": row["code"],
                "entry_point": row["entry_point"],
                "call": row["call"],
                "value": row["value"],
                "source": row["source"],
            }


def rl_prompts(row: Row) -> Iterator[tuple[str, str, list[layout.Message]]]:
    """Task, style and prompt of each row of `rl` for a row that has code, call and value."""
    code, call, value, name = row["code"], row["call"], row["value"], row["entry_point"]
    yield "output", "direct", layout.output_prompt(code, call)
    yield "output", "monologue", layout.forward_prompt(code, call)
    yield "input", "direct", layout.input_prompt(code, name, value)
    yield "input", "monologue", layout.backward_prompt(code, name, value)
