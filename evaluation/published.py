"""Public benchmarks, read from the Hub or from their own files, in the form they were published."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasets import load_dataset

from evaluation.plus_tests import published_test, written_test
from evaluation.tasks import CallTask, Mode, ProgramTask, Task
from pyx_dataset.errors import InputError


def read_rows(data: str, columns: Sequence[str], config: str | None = None) -> list[dict[str, Any]]:
    """
    Rows of a JSON-lines file, or split ``test`` of a Hub data set, each checked for `columns`.

    Raises:
        InputError: `data` is neither, or a row lacks a column.
    """
    if Path(data).is_file() or data.endswith((".jsonl", ".gz", ".json")) or "/" not in data:
        return read_jsonl(data, columns)
    try:
        rows: list[dict[str, Any]] = load_dataset(data, config, split="test").to_list()
    except (OSError, ValueError, RuntimeError) as exc:
        said = str(exc).partition("\n")[0].rstrip(".")
        raise InputError(
            f"no benchmark {data!r}: not a file, nor found on the Hub ({said}); "
            f"give --data its file, or the Hub name of a copy"
        ) from exc
    return checked(data, rows, columns)


def read_jsonl(path: str, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of a ``.jsonl`` or ``.jsonl.gz`` file, each checked to hold `columns`."""
    try:
        raw = Path(path).read_bytes()
        text = (gzip.decompress(raw) if path.endswith(".gz") else raw).decode()
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    except OSError as exc:
        raise InputError(f"cannot read benchmark file {path!r}: {exc.strerror or exc}") from exc
    except (ValueError, EOFError) as exc:
        raise InputError(f"benchmark file {path!r} is not JSON lines: {exc}") from exc
    return checked(path, rows, columns)


def checked(name: str, rows: list[Any], columns: Sequence[str]) -> list[dict[str, Any]]:
    """`rows`, if there are any and each of them holds `columns`."""
    for number, row in enumerate(rows, start=1):
        if missing := set(columns) - (row.keys() if isinstance(row, dict) else set()):
            raise InputError(f"row {number} of {name!r} lacks {', '.join(sorted(missing))}")
    if not rows:
        raise InputError(f"benchmark file {name!r} has no rows")
    return rows


def read_cruxeval(data: str, mode: Mode) -> list[Task]:
    """CRUXEval in its published form (Gu et al. 2024, https://arxiv.org/abs/2401.03065)."""
    return [
        CallTask(row["id"], row["id"], mode, row["code"], "f", f"f({row['input']})", row["output"])
        for row in read_rows(data, ("id", "code", "input", "output"))
    ]


def read_livecodebench(data: str) -> list[Task]:
    """
    LiveCodeBench's execution scenario (Jain et al. 2024, https://arxiv.org/abs/2403.07974).

    Its ``input`` is the whole call. Several rows share a problem, which makes them a cluster.
    """
    columns = ("id", "question_id", "code", "function_name", "input", "output")
    return [
        CallTask(
            id=str(row["id"]),
            program=str(row["question_id"]),
            mode="output",
            code=row["code"],
            entry_point=row["function_name"],
            call=row["input"],
            value=row["output"],
        )
        for row in read_rows(data, columns)
    ]


def read_humaneval(data: str) -> list[Task]:
    """HumanEval in its published form (Chen et al. 2021, https://arxiv.org/abs/2107.03374)."""
    columns = ("task_id", "prompt", "entry_point", "test", "canonical_solution")
    return [_humaneval_task(row, row["test"]) for row in read_rows(data, columns)]


def read_humaneval_plus(data: str) -> list[Task]:
    """
    HumanEval+ (Liu et al. 2023, https://arxiv.org/abs/2305.01210), in either published form.

    EvalPlus's own files give inputs and a solution; the copy on the Hub gives finished tests.
    """
    rows = read_rows(data, ("task_id", "prompt", "entry_point", "canonical_solution"))
    return [_humaneval_task(row, _plus_test(row, number, data)) for number, row in _numbered(rows)]


def _humaneval_task(row: dict[str, Any], test: str) -> ProgramTask:
    return ProgramTask(
        id=row["task_id"],
        program=row["task_id"],
        text=row["prompt"],
        entry_point=row["entry_point"],
        # Some tests use a helper that the prompt defines above the function.
        setup=f"{row['prompt']}    pass\n",
        stem=row["prompt"],
        test=test,
        solution=row["prompt"] + row["canonical_solution"],
    )


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
        for row in read_rows(data, columns, "sanitized")
    ]


def read_mbpp_plus(data: str) -> list[Task]:
    """
    MBPP+ (Liu et al. 2023, https://arxiv.org/abs/2305.01210), in either published form.

    EvalPlus's own files name the function and give inputs; the copy on the Hub gives tests.
    """
    rows = read_rows(data, ("task_id", "prompt"))
    tasks: list[Task] = []
    for number, row in _numbered(rows):
        if "base_input" in row:
            checked(f"{data}, row {number},", [row], ("entry_point", "canonical_solution"))
            text, name, solution = row["prompt"], row["entry_point"], row["canonical_solution"]
        else:
            checked(f"{data}, row {number},", [row], ("test_list", "test", "code"))
            text = "\n".join([row["prompt"], "It has to pass:", *row["test_list"]])
            name, solution = None, row["code"]
        known = str(row["task_id"]).rpartition("/")[2]
        tasks.append(
            ProgramTask(
                id=f"MBPP/{known}",
                program=f"MBPP/{known}",
                text=text,
                entry_point=name,
                setup="\n".join(row.get("test_imports") or []),
                stem="",
                test=_plus_test(row, number, data),
                solution=solution,
            )
        )
    return tasks


def _plus_test(row: dict[str, Any], number: int, data: str) -> str:
    """The tests of one row, whichever form it has."""
    if "base_input" in row:
        return written_test(checked(f"{data}, row {number},", [row], ("plus_input", "atol"))[0])
    return published_test(checked(f"{data}, row {number},", [row], ("test",))[0]["test"])


def _numbered(rows: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    return list(enumerate(rows, start=1))
