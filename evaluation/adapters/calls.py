"""Tasks about calls as rows of plain data, and the grade of what a model wrote about one."""

import atexit
from dataclasses import asdict
from functools import cache
from typing import Any

from evaluation.benchmarks import BENCHMARKS, DATA
from evaluation.prompts import Prompt, Style, ask, gold
from evaluation.tasks import CallTask
from pyx_dataset import Sandbox
from pyx_dataset.grading import grade_input, grade_output

Row = dict[str, Any]


def rows(benchmark: str, style: Style, data: str | None = None) -> list[Row]:
    """
    Every task of a benchmark as it is put to a model.

    Args:
        benchmark: Such as ``cruxeval-output``.
        style: How the answer is asked for.
        data: File, folder or Hub name; None: where the benchmark is published.

    Raises:
        InputError: `data` does not hold the benchmark.
    """
    tasks = BENCHMARKS[benchmark](data or DATA[benchmark])
    return [as_row(task, ask(task, style)) for task in tasks if isinstance(task, CallTask)]


def as_row(task: CallTask, prompt: Prompt) -> Row:
    """The task, and beside it what a model is given and what it should write."""
    return asdict(task) | {
        "prompt": prompt.messages[-1]["content"],
        "prefill": prompt.prefill,
        "gold": gold(task),
    }


def passed(row: Row, completion: str) -> bool:
    """
    Whether `completion`, behind the row's prefill, is right.

    Raises:
        SandboxError: the sandbox failed, which says nothing about the answer.
    """
    task = CallTask(**{name: row[name] for name in CallTask.__slots__})
    answer = row["prefill"] + completion
    if task.mode == "output":
        return grade_output(task.code, task.call, task.value, answer).passed
    return grade_input(task.code, task.value, answer, _sandbox(), task.entry_point).passed


@cache
def _sandbox() -> Sandbox:
    """One for all rows: harnesses grade row by row, and a worker is slower to start than to run."""
    sandbox = Sandbox()
    sandbox.__enter__()
    atexit.register(sandbox.__exit__, None, None, None)
    return sandbox
