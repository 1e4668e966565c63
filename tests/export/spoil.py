"""Plant changes in the rows of a built folder."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pyx_dataset.export.audit import Mismatch, rows
from pyx_dataset.export.features import FEATURES
from pyx_dataset.schema import SPLITS, Split

Row = dict[str, Any]
Change = Callable[[Row], bool | None]
"""Changes a row in place; False leaves it to another row."""


def spoil(folder: Path, config: str, changes: Iterable[Change]) -> dict[str, str]:
    """Apply each change to the first row that accepts it and is as it was; its row id."""
    held = read(folder, config)
    done: dict[str, str] = {}
    for change in changes:
        fresh = (row for found in held.values() for row in found if row["id"] not in done.values())
        done[change.__name__] = next(row["id"] for row in fresh if change(row) is not False)
    write(folder, config, held)
    return done


def read(folder: Path, config: str) -> dict[Split, list[Row]]:
    """The rows of a config by split."""
    return {split: list(rows(folder, config, split)) for split in SPLITS}


def write(folder: Path, config: str, held: dict[Split, list[Row]]) -> None:
    """Replace the rows of a config."""
    for split, found in held.items():
        (file,) = (folder / config).glob(f"{split}-*.parquet")
        pq.write_table(pa.Table.from_pylist(found, FEATURES[config].arrow_schema), file)


def named(mismatches: Iterable[Mismatch], config: str) -> set[str]:
    """Ids of the rows of `config` that were found wrong; that its file changed is no news."""
    return {
        item.row_id
        for item in mismatches
        if item.config == config and not item.says.startswith("SHA-256")
    }


def change_prompt(row: Row) -> None:
    """A word more in the prompt."""
    row["prompt"][0]["content"] += " Please."


def change_family(row: Row) -> None:
    """Another family."""
    row["family"] = "0" * 16
