"""A built folder, opened to be looked at: which rows there are, and any one of them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pyx_dataset.errors import InputError
from pyx_dataset.published import Row
from pyx_dataset.schema import SCHEMA_VERSION, SPLITS
from pyx_dataset.store import load

_NOT_LISTED = {"code", "family", "schema_version", "python_version"}
"""Short columns that say nothing in a list of rows."""
_LISTED_CHARS = 120


@dataclass(slots=True)
class Folder:
    """Rows by config and split; files are read when they are asked for."""

    path: Path
    record: dict[str, Any]
    """What ``build.json`` says."""
    _places: dict[tuple[str, str], dict[str, tuple[Path, int, int]]] = field(default_factory=dict)
    """By config and split, for each row id its file, row group and place in that."""

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Rows by config and split."""
        counts: dict[str, dict[str, int]] = self.record["counts"]
        return counts

    def listed(self, config: str, split: str) -> list[dict[str, Any]]:
        """
        Every row in short: its columns that hold one value, long ones cut with an ellipsis.

        Raises:
            InputError: this build has no such config, or there is no such split.
        """
        rows: list[dict[str, Any]] = []
        for file in self._files(config, split):
            schema = pq.read_schema(file)
            names = [item.name for item in schema if _is_listed(item)]
            with_source = [*names, "source.distribution"] if "source" in schema.names else names
            for row in pq.read_table(file, columns=with_source).to_pylist():
                source = row.pop("source", None)
                short = {name: _short(value) for name, value in row.items() if value is not None}
                rows.append({**short, **(source or {})})
        return rows

    def row(self, config: str, split: str, row_id: str) -> Row:
        """
        One whole row.

        Raises:
            InputError: there is none of that id; the message says in which split to look.
        """
        places = self._index(config, split)
        if row_id not in places:
            raise InputError(f"{self.path} has no row {row_id!r} in {config}/{split}")
        file, group, place = places[row_id]
        with pq.ParquetFile(file) as parquet:
            row: Row = parquet.read_row_group(group).slice(place, 1).to_pylist()[0]
        return row

    def _index(self, config: str, split: str) -> dict[str, tuple[Path, int, int]]:
        if (config, split) not in self._places:
            found: dict[str, tuple[Path, int, int]] = {}
            for file in self._files(config, split):
                with pq.ParquetFile(file) as parquet:
                    for group in range(parquet.num_row_groups):
                        ids = parquet.read_row_group(group, columns=["id"])["id"].to_pylist()
                        found |= {name: (file, group, place) for place, name in enumerate(ids)}
            self._places[config, split] = found
        return self._places[config, split]

    def _files(self, config: str, split: str) -> list[Path]:
        if config not in self.counts:
            raise InputError(
                f"{self.path} has no config {config!r}; it was built with {', '.join(self.counts)}"
            )
        if split not in SPLITS:
            raise InputError(f"unknown split {split!r}; there are {', '.join(SPLITS)}")
        return sorted((self.path / config).glob(f"{split}-*.parquet"))


def open_folder(path: Path) -> Folder:
    """
    Open what ``pyx build`` made.

    Raises:
        InputError: `path` holds no finished build, or one of another schema version.
    """
    if not (path / "build.json").is_file():
        raise InputError(
            f"{path} is not a finished PYX data set: it has no build.json; `pyx build` makes one"
        )
    record = load(path / "build.json")
    if record.get("schema_version") != SCHEMA_VERSION:
        raise InputError(
            f"{path} has schema version {record.get('schema_version')}; "
            f"this pyx-dataset shows {SCHEMA_VERSION}"
        )
    return Folder(path, record)


def _is_listed(item: pa.Field) -> bool:
    return not pa.types.is_nested(item.type) and item.name not in _NOT_LISTED


def _short(value: object) -> object:
    if isinstance(value, str) and len(value) > _LISTED_CHARS:
        return value[: _LISTED_CHARS - 1] + "…"
    return value
