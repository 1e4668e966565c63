"""The tasks that are scored, read from a built data set or from a benchmark's own file."""

import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

from datasets import load_dataset

from pyx_dataset.errors import InputError
from pyx_dataset.schema import Outcome

Mode = Literal["output", "input"]


@dataclass(frozen=True, slots=True)
class CallTask:
    """One call of a program: predict its value, or an input that gives the value."""

    id: str
    program: str
    """Calls of one program are not independent, so they form one cluster."""
    mode: Mode
    code: str
    entry_point: str
    call: str
    value: str


@dataclass(frozen=True, slots=True)
class ProgramTask:
    """A program to write, and the tests it has to pass."""

    id: str
    program: str
    text: str
    """What the model is told."""
    entry_point: str | None
    """None: the tests say which function they call."""
    setup: str
    """Trusted source that the tests stand on: imports and helpers."""
    stem: str
    """Start of the program that the text gives away; an answer may go on from it."""
    test: str
    solution: str


Task = CallTask | ProgramTask


def read_jsonl(path: str, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of a ``.jsonl`` or ``.jsonl.gz`` file, each checked to hold `columns`."""
    try:
        raw = Path(path).read_bytes()
        text = (gzip.decompress(raw) if path.endswith(".gz") else raw).decode()
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    except OSError as exc:
        raise InputError(f"cannot read benchmark file {path!r}: {exc.strerror or exc}") from exc
    except ValueError as exc:
        raise InputError(f"benchmark file {path!r} is not JSON lines: {exc}") from exc
    for number, row in enumerate(rows, start=1):
        if missing := set(columns) - (row.keys() if isinstance(row, dict) else set()):
            raise InputError(f"row {number} of {path!r} lacks {', '.join(sorted(missing))}")
    if not rows:
        raise InputError(f"benchmark file {path!r} has no rows")
    return rows


def pyx_split(data: str, split: str, columns: Sequence[str]) -> Iterable[dict[str, Any]]:
    """
    Rows of config ``executions`` of a built folder or a Hub data set whose call returned.

    Raises:
        InputError: `data` is neither, or has not this config, split or these columns.
    """
    folder = Path(data)
    # A bare name that is no folder would be taken for PYX itself, and built.
    if not folder.is_dir() and "/" not in data:
        raise InputError(f"no data set {data!r}: not a folder, and a Hub name is ORG/NAME")
    try:
        source = str(folder.resolve()) if folder.is_dir() else data
        rows = load_dataset(source, "executions", split=split)
        rows = rows.select_columns([*columns, "outcome"])
    except (OSError, ValueError, RuntimeError) as exc:
        said = str(exc).partition("\n")[0].rstrip(".")
        raise InputError(
            f"cannot read config 'executions', split {split!r}, of data set {data!r} ({said}); "
            f"give a folder that `pyx build` wrote, or a Hub name"
        ) from exc
    return (row for row in rows if row["outcome"] == Outcome.RETURNED)


def read_pyx(data: str, mode: Mode, split: str = "test") -> list[Task]:
    """Every call that returned, of one split of a built PYX."""
    columns = ("id", "program_id", "code", "entry_point", "call", "value")
    return [
        CallTask(row["id"], row["program_id"], mode, *(row[name] for name in columns[2:]))
        for row in pyx_split(data, split, columns)
    ]


def read_cruxeval(data: str, mode: Mode) -> list[Task]:
    """CRUXEval in its published form (Gu et al. 2024, https://arxiv.org/abs/2401.03065)."""
    return [
        CallTask(row["id"], row["id"], mode, row["code"], "f", f"f({row['input']})", row["output"])
        for row in read_jsonl(data, ("id", "code", "input", "output"))
    ]


def read_humaneval(data: str) -> list[Task]:
    """HumanEval in its published form (Chen et al. 2021, https://arxiv.org/abs/2107.03374)."""
    columns = ("task_id", "prompt", "entry_point", "test", "canonical_solution")
    return [
        ProgramTask(
            id=row["task_id"],
            program=row["task_id"],
            text=row["prompt"],
            entry_point=row["entry_point"],
            # Some tests use a helper that the prompt defines above the function.
            setup=f"{row['prompt']}    pass\n",
            stem=row["prompt"],
            test=row["test"],
            solution=row["prompt"] + row["canonical_solution"],
        )
        for row in read_jsonl(data, columns)
    ]


def read_mbpp(data: str) -> list[Task]:
    """Sanitized MBPP in its published form (Austin et al. 2021, https://arxiv.org/abs/2108.07732)."""
    columns = ("task_id", "prompt", "test_imports", "test_list", "code")
    return [
        ProgramTask(
            id=f"MBPP/{row['task_id']}",
            program=f"MBPP/{row['task_id']}",
            text="\n".join([row["prompt"], "It has to pass:", *row["test_list"]]),
            entry_point=None,
            setup="\n".join(row["test_imports"]),
            stem="",
            test="\n".join(row["test_list"]),
            solution=row["code"],
        )
        for row in read_jsonl(data, columns)
    ]


BENCHMARKS: dict[str, Callable[[str], list[Task]]] = {
    "pyx-output": partial(read_pyx, mode="output"),
    "pyx-input": partial(read_pyx, mode="input"),
    "cruxeval-output": partial(read_cruxeval, mode="output"),
    "cruxeval-input": partial(read_cruxeval, mode="input"),
    "humaneval": read_humaneval,
    "mbpp": read_mbpp,
}

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
