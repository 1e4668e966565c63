"""The benchmarks by name, and which of their tasks are scored."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

from datasets import load_dataset

from evaluation.published import (
    read_cruxeval,
    read_humaneval,
    read_humaneval_plus,
    read_jsonl,
    read_livecodebench,
    read_mbpp,
    read_mbpp_plus,
)
from evaluation.tasks import CallTask, Mode, ProgramTask, Task
from pyx_dataset.errors import InputError
from pyx_dataset.layout import fault_of
from pyx_dataset.schema import Outcome

__all__ = [
    "BENCHMARKS", "DATA", "TRAIN", "CallTask", "Mode", "ProgramTask", "Task", "digest",
    "pyx_split", "read_cruxeval", "read_humaneval", "read_jsonl", "read_mbpp", "read_pyx",
    "subsample",
]  # fmt: skip


def pyx_split(data: str, split: str, columns: Sequence[str]) -> Iterable[dict[str, Any]]:
    """Rows of config ``executions`` whose call returned; `pyx_rows` says what it raises."""
    rows = pyx_rows(data, "executions", split, [*columns, "outcome"])
    return (row for row in rows if row["outcome"] == Outcome.RETURNED)


def pyx_rows(
    data: str, config: str, split: str, columns: Sequence[str]
) -> Iterable[dict[str, Any]]:
    """
    Rows of one config of a built folder or a Hub data set.

    Raises:
        InputError: `data` is neither, or has not this config, split or these columns.
    """
    folder = Path(data)
    # A bare name that is no folder would be taken for PYX itself, and built.
    if not folder.is_dir() and "/" not in data:
        raise InputError(f"no data set {data!r}: not a folder, and a Hub name is ORG/NAME")
    try:
        source = str(folder.resolve()) if folder.is_dir() else data
        rows: Iterable[dict[str, Any]] = load_dataset(source, config, split=split).select_columns(
            list(columns)
        )
    except (OSError, ValueError, RuntimeError) as exc:
        said = str(exc).partition("\n")[0].rstrip(".")
        raise InputError(
            f"cannot read config {config!r}, split {split!r}, of data set {data!r} ({said}); "
            f"give a folder that `pyx build` wrote, or a Hub name"
        ) from exc
    return rows


def read_pyx(data: str, mode: Mode, split: str = "test") -> list[Task]:
    """Every call that returned, of one split of a built PYX."""
    columns = ("id", "program_id", "code", "entry_point", "call", "value")
    return [
        CallTask(row["id"], row["program_id"], mode, *(row[name] for name in columns[2:]))
        for row in pyx_split(data, split, columns)
    ]


def read_pyx_code(data: str) -> list[Task]:
    """Every program of the test split of a built PYX that has an instruction and tests."""
    columns = ("id", "instruction", "signature", "code", "entry_point", "tests")
    return [
        ProgramTask(
            id=row["id"],
            program=row["id"],
            text=f"{row['instruction'].strip()}\n\ndef {row['signature']}:",
            entry_point=row["entry_point"],
            setup="",
            stem="",
            test="\n".join(row["tests"]),
            solution=row["code"],
        )
        for row in pyx_rows(data, "programs", "test", columns)
        if row["instruction"] and row["tests"]
    ]


def read_pyx_debug(data: str) -> list[Task]:
    """Every broken program of the test split of a built PYX, asked as the rows of PYX-R ask."""
    programs = pyx_rows(data, "programs", "test", ("id", "instruction"))
    instructions = {row["id"]: row["instruction"] for row in programs}
    columns = ("id", "program_id", "prompt", "code", "entry_point", "failing", "passing")
    return [
        ProgramTask(
            id=row["id"],
            program=row["program_id"],
            text=instructions[row["program_id"]],
            entry_point=row["entry_point"],
            setup="",
            stem="",
            # What the question shows comes first.
            test="\n".join([row["failing"][0], *row["passing"], *row["failing"][1:]]),
            solution=row["code"],
            fault=fault_of(row["prompt"]),
        )
        for row in pyx_rows(data, "debug", "test", columns)
    ]


BENCHMARKS: dict[str, Callable[[str], list[Task]]] = {
    "pyx-output": partial(read_pyx, mode="output"),
    "pyx-input": partial(read_pyx, mode="input"),
    "pyx-code": read_pyx_code,
    "pyx-debug": read_pyx_debug,
    "cruxeval-output": partial(read_cruxeval, mode="output"),
    "cruxeval-input": partial(read_cruxeval, mode="input"),
    "livecodebench-output": read_livecodebench,
    "humaneval": read_humaneval,
    "humaneval+": read_humaneval_plus,
    "mbpp": read_mbpp,
    "mbpp+": read_mbpp_plus,
}

DATA = {
    "pyx-output": "pyx",
    "pyx-input": "pyx",
    "pyx-code": "pyx",
    "pyx-debug": "pyx",
    "cruxeval-output": "cruxeval-org/cruxeval",
    "cruxeval-input": "cruxeval-org/cruxeval",
    "livecodebench-output": "livecodebench/execution-v2",
    "humaneval": "openai/openai_humaneval",
    "humaneval+": "evalplus/humanevalplus",
    "mbpp": "google-research-datasets/mbpp",
    "mbpp+": "evalplus/mbppplus",
}
"""Where each benchmark is read from if the user names nothing else: a folder, or a Hub name."""

TRAIN: dict[str, Callable[[str], list[Task]]] = {
    "pyx-output": partial(read_pyx, mode="output", split="train"),
    "pyx-input": partial(read_pyx, mode="input", split="train"),
}
"""Where a benchmark has rows that are not scored, from which examples and habits may be taken."""


def subsample(tasks: Iterable[Task], limit: int | None) -> list[Task]:
    """
    `limit` tasks that cover as many programs as possible; the same ones every time.

    One call of each program is taken, then a second one, and so on, both programs and
    calls in the order of their hashes: so a smaller limit gives a subset of a larger one.
    """
    calls: dict[str, list[Task]] = defaultdict(list)
    for task in sorted(tasks, key=lambda task: _hash(task.id)):
        calls[task.program].append(task)
    rounds = zip_longest(*(calls[program] for program in sorted(calls, key=_hash)))
    chosen = [task for one_round in rounds for task in one_round if task is not None]
    return chosen[:limit]


def digest(tasks: Iterable[Task]) -> str:
    """A fingerprint of exactly what is asked and what counts as right: the data's revision."""
    return _hash("\n".join(repr(task) for task in tasks))


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
