"""From answers to verdicts to one number with its standard error."""

import re
from collections.abc import Iterator, Sequence

from evaluation.tasks import CallTask, ProgramTask, Task
from pyx_dataset import Sandbox
from pyx_dataset.answers import read_code
from pyx_dataset.grading import (
    InputTask,
    Verdict,
    grade_inputs,
    grade_output,
    grade_programs,
)
from pyx_dataset.layout import REFINED_OPEN
from pyx_dataset.sandbox.judge import TestCase


def grade(tasks: Sequence[Task], answers: Sequence[str], workers: int = 1) -> Iterator[Verdict]:
    """
    One verdict for each task and its answer, in order. All tasks are of one benchmark.

    Raises:
        SandboxError: the sandbox failed, which says nothing about the answer.
    """
    pairs = list(zip(tasks, answers, strict=True))
    first = tasks[0]
    if isinstance(first, CallTask) and first.mode == "output":
        for task, answer in pairs:
            assert isinstance(task, CallTask)
            yield grade_output(task.code, task.call, task.value, answer)
        return
    with Sandbox(workers=workers) as sandbox:
        if isinstance(first, CallTask):
            yield from grade_inputs((_input(*pair) for pair in pairs), sandbox)
        else:
            yield from grade_programs((_program(*pair) for pair in pairs), sandbox)


def _input(task: Task, answer: str) -> InputTask:
    assert isinstance(task, CallTask)
    return InputTask(task.code, task.value, answer, task.entry_point)


def _program(task: Task, answer: str) -> TestCase:
    assert isinstance(task, ProgramTask)
    return TestCase(task.id, candidate(task, answer), task.test, task.entry_point, task.setup)


def candidate(task: ProgramTask, answer: str) -> str:
    """The whole program that an answer stands for."""
    code = read_code(answer.rpartition(REFINED_OPEN)[2])
    # A whole function may lean on imports and helpers of the text; anything else goes on
    # from where the text stopped.
    name = task.entry_point
    is_whole = name and re.search(rf"^def {re.escape(name)}\(", code, re.MULTILINE)
    return f"{task.setup}\n{code}" if is_whole else task.stem + code
