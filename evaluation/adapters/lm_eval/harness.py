"""What the task files of this folder call."""

from typing import Any

from datasets import Dataset

from evaluation.adapters.calls import Row, passed, rows
from evaluation.prompts import Style


def dataset(benchmark: str, style: Style, **metadata: Any) -> dict[str, Dataset]:
    """
    The tasks, from where ``--metadata '{"cruxeval": FILE, "pyx": FOLDER}'`` says they are.

    The harness hands over all it knows about a run, so what is not ours is passed by.
    """
    data = metadata.get(benchmark.partition("-")[0])
    return {"test": Dataset.from_list(rows(benchmark, style, data))}


def process_results(row: Row, completions: list[str]) -> dict[str, float]:
    """The grade of one row."""
    [completion] = completions
    return {"pass@1": float(passed(row, completion))}
