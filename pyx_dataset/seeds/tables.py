"""Functions in a column of a table: a file of rows, or any data set that `datasets` reads."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from pyx_dataset.config import BuildConfig
from pyx_dataset.errors import InputError
from pyx_dataset.schema import Rejected, Seed, Source
from pyx_dataset.seeds.functions import seeds_of
from pyx_dataset.seeds.licenses import accepted, license_of_names, license_of_source
from pyx_dataset.seeds.modules import read_module

LICENSE_COLUMNS = ("license", "licenses", "max_stars_repo_licenses", "repo_license")
"""Where rows of code are used to say their licence; ``?license=COLUMN`` names another."""

_READERS = {".jsonl": "json", ".json": "json", ".parquet": "parquet"}
_OPTIONS = ("config", "license", "rows", "split")


@dataclass(frozen=True, slots=True)
class Table:
    """What ``PLACE:COLUMN?config=C&split=S&license=L&rows=N`` asks for."""

    place: str
    column: str
    config: str | None
    split: str
    license: str | None
    """Column with each row's licence; None looks for one of `LICENSE_COLUMNS`."""
    rows: int | None
    """Read this many at most."""


def parse_table(kind: str, name: str) -> Table:
    """
    Read the name of a table.

    Raises:
        InputError: no column is named, or an option is not known.
    """
    named, _, query = name.partition("?")
    place, _, column = named.rpartition(":")
    options = dict(parse_qsl(query))
    unknown = sorted(options.keys() - set(_OPTIONS))
    rows = options.get("rows")
    if not place or not column or unknown or not (rows is None or rows.isdecimal()):
        wrong = f"unknown option {', '.join(unknown)}" if unknown else "no column or a wrong number"
        raise InputError(
            f"{kind}:{name} has {wrong}; write {kind}:PLACE:COLUMN, and behind it, if need be, "
            f"?{'=...&'.join(_OPTIONS)}=..."
        )
    return Table(
        place,
        column,
        options.get("config"),
        options.get("split", "train"),
        options.get("license"),
        int(rows) if rows else None,
    )


def is_table(name: str) -> bool:
    """Whether ``files:NAME`` means a file of rows: ``rows.jsonl:code``."""
    place = name.partition("?")[0].rpartition(":")[0]
    return Path(place).suffix in _READERS or place.endswith(".jsonl.gz")


def file_rows(table: Table) -> Iterator[dict[str, Any]]:
    """
    The rows of a JSONL or Parquet file, one at a time.

    Raises:
        InputError: the file is not there, is not what its name says, or lacks a column.
    """
    path = Path(table.place)
    if not path.is_file():
        raise InputError(f"files:{path} must name a file of rows; there is none")
    reader = _READERS.get(path.suffix, "json")
    yield from checked(streamed(reader, table, data_files=str(path)), table)


def table_seeds(
    rows: Iterator[dict[str, Any]],
    table: Table,
    source: Source,
    config: BuildConfig,
) -> Iterator[Seed | Rejected]:
    """
    The functions of every row, each row taken for a file of its own.

    `source` names the table; its licence holds for rows that do not state theirs.
    """
    for number, row in enumerate(rows):
        where = f"{source.distribution}:{number}"
        text = row[table.column]
        if not isinstance(text, str):
            yield Rejected("seeds", "syntax_error", where, f"a {type(text).__name__}, not a text")
            continue
        spdx = license_of_source(text) or _license_of_row(row, table) or source.license
        if not (allowed := accepted(spdx, config)):
            detail = spdx or "the row states no licence"
            yield Rejected("seeds", "license_not_allowed", where, detail)
            continue
        try:
            module = read_module(f"row_{number}.py", text)
        except (SyntaxError, ValueError, RecursionError) as exc:
            yield Rejected("seeds", "syntax_error", where, str(exc))
            continue
        own = Source(source.distribution, source.version, allowed, "", 0)
        yield from seeds_of(module, {module.name: module}, own, config)


def streamed(path: str, table: Table, **options: Any) -> Iterator[dict[str, Any]]:
    """
    Rows as `datasets` streams them; nothing is downloaded as a whole.

    Raises:
        InputError: there is no such data set, config or split, or it cannot be reached.
    """
    import datasets  # slow to import, and most builds read no table

    try:
        rows = datasets.load_dataset(
            path, table.config, split=table.split, streaming=True, **options
        )
        yield from islice(rows, table.rows)
    except InputError:
        raise
    except Exception as exc:  # `datasets` raises what its readers raise
        said = " ".join(str(exc).split())[:300]
        raise InputError(
            f"cannot read {table.place} (config {table.config or 'default'}, split "
            f"{table.split}): {type(exc).__name__}: {said}"
        ) from exc


def checked(rows: Iterator[dict[str, Any]], table: Table) -> Iterator[dict[str, Any]]:
    """
    The same rows.

    Raises:
        InputError: the first one lacks a column that was named.
    """
    for number, row in enumerate(rows):
        if number == 0:
            for column in filter(None, (table.column, table.license)):
                if column not in row:
                    raise InputError(
                        f"{table.place} has no column {column!r}; it has {', '.join(sorted(row))}"
                    )
        yield row


def file_digest(path: Path) -> str:
    """What a version is to a distribution."""
    digest = hashlib.blake2b(digest_size=8)
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _license_of_row(row: Mapping[str, Any], table: Table) -> str | None:
    """All that a row names, as one expression."""
    columns = [table.license] if table.license else LICENSE_COLUMNS
    found = next((row[name] for name in columns if row.get(name)), None)
    names = found if isinstance(found, list) else [found] if isinstance(found, str) else []
    names = [part.strip() for name in names for part in str(name).split(",")]
    spdx = {license_of_names([name]) or name for name in names}
    return " AND ".join(sorted(spdx)) or None
