"""Functions of a folder of Python files, or of a column in a file of rows."""

import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyx_dataset.config import BuildConfig
from pyx_dataset.errors import InputError
from pyx_dataset.schema import Rejected, Seed, Source
from pyx_dataset.seeds.functions import seeds_of
from pyx_dataset.seeds.licenses import (
    LICENSE_FILE,
    accepted,
    license_of_names,
    license_of_source,
    license_of_text,
)
from pyx_dataset.seeds.modules import Module
from pyx_dataset.seeds.packages import read_all
from pyx_dataset.seeds.tables import file_digest, file_rows, is_table, parse_table, table_seeds


def file_seeds(name: str, config: BuildConfig) -> Iterator[Seed | Rejected]:
    """
    The functions of ``files:FOLDER``, or of ``files:ROWS.jsonl:COLUMN`` (also ``.parquet``).

    Raises:
        InputError: there is no such folder or file, or it holds nothing of the kind.
    """
    if not is_table(name):
        yield from folder_seeds(name, config)
        return
    table = parse_table("files", name)
    path = Path(table.place)
    rows = file_rows(table)
    source = Source(path.name, "", _license_of_folder(path.resolve().parent) or "", "", 0)
    yield from table_seeds(rows, table, source, config)


def file_edition(name: str, config: BuildConfig) -> str:
    """
    A digest of every file that `file_seeds` reads: what a version is to a distribution.

    Raises:
        InputError: there is no such folder or file.
    """
    del config
    if not is_table(name):
        return folder_edition(name)
    table = parse_table("files", name)
    next(file_rows(table), None)  # a column that is not there is said before any work is done
    return file_digest(Path(table.place))


def folder_seeds(folder: str, config: BuildConfig) -> Iterator[Seed | Rejected]:
    """
    The functions of every ``.py`` file below `folder`, in the order of paths and lines.

    A file's licence is its ``SPDX-License-Identifier``, else what the folder's
    ``pyproject.toml`` or ``LICENSE`` says; a file without one gives no seed.

    Raises:
        InputError: there is no such folder, or no Python file in it.
    """
    root = Path(folder)
    paths = _python_files(root)
    license_of_all = _license_of_folder(root)
    library: dict[str, Module] = {}
    for module in read_all((path.relative_to(root).as_posix(), path) for path in paths):
        if isinstance(module, Rejected):
            yield module
        else:
            library[module.name] = module
    for module in library.values():
        spdx = license_of_source(module.text) or license_of_all
        if allowed := accepted(spdx, config):
            source = Source(root.resolve().name, "", allowed, "", 0)
            yield from seeds_of(module, library, source, config)
        else:
            detail = spdx or "neither an SPDX-License-Identifier nor a known LICENSE"
            yield Rejected("seeds", "license_not_allowed", module.path, detail)


def folder_edition(folder: str) -> str:
    """
    A digest of every file that `folder_seeds` reads: what a version is to a distribution.

    Raises:
        InputError: there is no such folder, or no Python file in it.
    """
    root = Path(folder)
    digest = hashlib.blake2b(digest_size=8)
    for path in _python_files(root):
        digest.update(f"{path.relative_to(root).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _python_files(root: Path) -> list[Path]:
    if not root.is_dir():
        found = "a file" if root.is_file() else "nothing"
        raise InputError(f"files:{root} must name a folder of .py files; found {found} there")
    paths = sorted(
        path
        for path in root.rglob("*.py")
        if not any(part.startswith(".") for part in path.relative_to(root).parts)
    )
    if not paths:
        raise InputError(f"files:{root} must name a folder of .py files; found none in it")
    return paths


def _license_of_folder(root: Path) -> str | None:
    for path in sorted(root.iterdir()):
        if LICENSE_FILE.match(path.name) and path.is_file():
            return license_of_text(path.read_text(encoding="utf-8", errors="replace"))
    project = root / "pyproject.toml"
    if not project.is_file():
        return None
    try:
        table: dict[str, Any] = tomllib.loads(project.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise InputError(f"{project} is not TOML: {exc}") from exc
    named = table.get("project", {}).get("license", "")
    name = named.get("text", "") if isinstance(named, dict) else named
    return license_of_names([name]) or name or None
