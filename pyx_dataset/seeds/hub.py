"""Functions in a column of any data set on the Hugging Face Hub, or of a local copy of one."""

from collections.abc import Iterator
from pathlib import Path

from pyx_dataset.config import BuildConfig
from pyx_dataset.errors import InputError
from pyx_dataset.schema import Rejected, Seed, Source
from pyx_dataset.seeds.licenses import license_of_names
from pyx_dataset.seeds.tables import (
    Table,
    checked,
    file_digest,
    parse_table,
    streamed,
    table_seeds,
)


def hub_seeds(name: str, config: BuildConfig) -> Iterator[Seed | Rejected]:
    """
    The functions in the rows of ``hub:ORG/NAME:COLUMN``, streamed.

    A row's licence is what it says of itself, else what the data set's card says.

    Raises:
        InputError: there is no such data set, config, split or column, or no connection.
    """
    table = parse_table("hub", name)
    version, spdx = _known_of(table)
    source = Source(_shown(table), version, spdx or "", "", 0)
    yield from table_seeds(checked(streamed(table.place, table), table), table, source, config)


def hub_edition(name: str, config: BuildConfig) -> str:
    """
    The commit of the data set, or a digest of a local folder's files.

    Raises:
        InputError: there is no such data set or no connection.
    """
    del config
    return _known_of(parse_table("hub", name))[0]


def _shown(table: Table) -> str:
    """A local folder by its name: no path of this machine enters a row."""
    place = Path(table.place)
    return place.resolve().name if place.is_dir() else table.place


def _known_of(table: Table) -> tuple[str, str | None]:
    """Version and licence of the whole data set."""
    folder = Path(table.place)
    if folder.is_dir():
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return "-".join(file_digest(path) for path in files)[:64], None
    from huggingface_hub import HfApi  # slow to import, and most builds ask no Hub

    try:
        info = HfApi().dataset_info(table.place, timeout=30)
    except Exception as exc:  # also what its HTTP client raises, which changed once already
        said = " ".join(str(exc).split())[:200]
        raise InputError(
            f"hub:{table.place} cannot be read: no such folder here, and the Hub says: {said}"
        ) from exc
    named = info.card_data.get("license") if info.card_data else None
    names = named if isinstance(named, list) else [named or ""]
    spdx = {license_of_names([each]) or each for each in names if each}
    return info.sha or "", " AND ".join(sorted(spdx)) or None
