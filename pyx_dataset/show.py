"""Real rows of a built folder, laid out to be read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from rich.console import RenderableType
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from pyx_dataset.errors import InputError
from pyx_dataset.schema import SPLITS

CONFIGS = ("forward", "backward", "nl2code")
"""What is shown: the three kinds of training example."""
TYPICAL_WORDS = 160
"""The row shown of each kind is the one whose completion comes closest to this length."""


def rows_shown(folder: Path, split: str = "test") -> Iterator[RenderableType]:
    """
    One typical row of each kind of training example, prompt above completion.

    Raises:
        InputError: `folder` is no built data set, or there is no such split.
    """
    if split not in SPLITS:
        raise InputError(f"unknown split {split!r}; there are {', '.join(SPLITS)}")
    if not (folder / "build.json").is_file():
        raise InputError(f"{folder} is no finished PYX build: it holds no build.json")
    for config in CONFIGS:
        row = _typical(folder, config, split)
        if row is not None:
            yield _laid_out(config, split, row)


def counts_shown(record: dict[str, Any]) -> Iterator[RenderableType]:
    """What a build kept and what it dropped, by reason."""
    counts: dict[str, dict[str, int]] = record["counts"]
    kept = Table("config", *SPLITS, title="rows kept", title_justify="left")
    for config, splits in counts.items():
        kept.add_row(config, *(str(splits.get(split, 0)) for split in SPLITS))
    yield kept
    dropped = Table("stage", "reason", "records", title="dropped", title_justify="left")
    for stage, reasons in record["rejected"].items():
        for reason, count in sorted(reasons.items(), key=lambda item: -item[1]):
            dropped.add_row(stage, reason, str(count))
    yield dropped


def record_of(folder: Path) -> dict[str, Any]:
    """What ``build.json`` says."""
    record: dict[str, Any] = json.loads((folder / "build.json").read_text(encoding="utf-8"))
    return record


def _typical(folder: Path, config: str, split: str) -> dict[str, Any] | None:
    best: dict[str, Any] | None = None
    for file in sorted((folder / config).glob(f"{split}-*.parquet")):
        for row in pq.read_table(file).to_pylist():
            if best is None or _distance(row) < _distance(best):
                best = row
    return best


def _distance(row: dict[str, Any]) -> int:
    return abs(len(row["completion"][0]["content"].split()) - TYPICAL_WORDS)


def _laid_out(config: str, split: str, row: dict[str, Any]) -> RenderableType:
    source = row["source"]
    origin = f"{source['distribution']} {source['version']}, {source['license']}, {source['path']}"
    grid = Table.grid(padding=(0, 0, 1, 0))
    grid.add_row(Text(f"{config}/{split}  {row['id']}  from {origin}", style="bold"))
    grid.add_row(
        Panel(Syntax(row["prompt"][0]["content"], "python", word_wrap=True), title="prompt")
    )
    grid.add_row(Panel(Text(row["completion"][0]["content"]), title="completion"))
    return grid
