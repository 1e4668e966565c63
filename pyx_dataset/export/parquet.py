"""Rows to Parquet: written columns, bounded files, the same bytes every time."""

import os
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import pyarrow as pa
import pyarrow.parquet as pq
from datasets import Features

GROUP_ROWS = 256
"""Rows of one row group: what is held in memory for one split of one config."""
SHARD_BYTES = 128 * 2**20
"""A file that has reached this size is the last of its rows; the next row begins another."""


class SplitWriter:
    """
    The rows of one split of one config, as ``SPLIT-00000-of-0000N.parquet`` in `folder`.

    The number of files is known at the end, so they get their names when the writer is left
    without an error; until then they are called ``.part``. No rows still make one file.
    """

    def __init__(
        self, folder: Path, split: str, features: Features, shard_bytes: int = SHARD_BYTES
    ) -> None:
        self.rows = 0
        self._folder, self._split, self._columns = folder, split, set(features)
        # The schema's metadata names the features, so `load_dataset` gets them back as they are.
        self._schema: pa.Schema = features.arrow_schema
        self._shard_bytes = shard_bytes
        self._pending: list[dict[str, Any]] = []
        self._parts: list[Path] = []
        self._file: BinaryIO | None = None
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            if self._pending:
                self._write_group()
            elif not self._parts:
                # A file without row groups: `datasets` cannot read an empty row group.
                self._open_shard()
            self._close_shard()
            for number, part in enumerate(self._parts):
                name = f"{self._split}-{number:05}-of-{len(self._parts):05}.parquet"
                part.rename(self._folder / name)
        elif self._file is not None:
            self._file.close()

    def write(self, row: dict[str, Any]) -> None:
        """
        Add one row.

        Raises:
            KeyError: its columns are not exactly those of the features.
        """
        if row.keys() != self._columns:
            extra, missing = sorted(row.keys() - self._columns), sorted(self._columns - row.keys())
            raise KeyError(
                f"row {row.get('id')} of {self._folder.name} does not fit the schema: "
                f"columns outside it {extra}, columns missing {missing}"
            )
        self._pending.append(row)
        self.rows += 1
        if len(self._pending) == GROUP_ROWS:
            self._write_group()

    def _open_shard(self) -> None:
        part = self._folder / f".{self._split}-{len(self._parts):05}.part"
        self._parts.append(part)
        self._file = part.open("wb")
        self._writer = pq.ParquetWriter(self._file, self._schema, compression="zstd")

    def _write_group(self) -> None:
        if self._writer is None:
            self._open_shard()
        assert self._file is not None
        assert self._writer is not None
        self._writer.write_table(pa.Table.from_pylist(self._pending, schema=self._schema))
        self._pending.clear()
        if self._file.tell() >= self._shard_bytes:
            self._close_shard()

    def _close_shard(self) -> None:
        if self._writer is not None and self._file is not None:
            self._writer.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        self._writer = self._file = None
