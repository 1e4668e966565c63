"""Files that are complete or absent, and the folder that only one build may write."""

import fcntl
import gzip
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pyx_dataset.errors import StoreError


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """
    Give a scratch path; on success move it to `path` in one step.

    So "the file exists" means "the shard is done", and a killed build resumes by skipping
    what is there.

    Raises:
        StoreError: the folder cannot be written or is full. Nothing is left behind.
    """
    scratch = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield scratch
        with scratch.open("rb") as file:
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as exc:
        raise StoreError(f"cannot write {path}: {exc.strerror or exc}") from exc
    finally:
        with suppress(FileNotFoundError, NotADirectoryError):
            scratch.unlink()


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path`, all of it or nothing."""
    with atomic_path(path) as scratch:
        scratch.write_text(text, encoding="utf-8")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """
    Hold `folder` for one build; the kernel lets go when the process ends, however it ends.

    Raises:
        StoreError: another build holds it, or it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    except OSError as exc:
        raise StoreError(f"cannot write to {folder}: {exc.strerror or exc}") from exc
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise StoreError(
                f"another build is writing to {folder}; wait for it, or give another --out"
            ) from exc
        yield


def sweep(folder: Path) -> None:
    """Remove what killed writers left in `folder`; only for who holds it alone."""
    for path in [*folder.rglob(".*.part")]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def load_intact(path: Path) -> Any:
    """What `dump` wrote, None where the file is missing or damaged."""
    try:
        return load(path)
    except StoreError:
        return None


def fingerprint(path: Path) -> str:
    """SHA-256 of a file's bytes; empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def dump(path: Path, data: Any) -> None:
    """Write `data` as JSON, gzipped where the name ends in ``.gz``; all of it or nothing."""
    text = json.dumps(data, indent=None if path.suffix == ".gz" else 1, ensure_ascii=True)
    with atomic_path(path) as scratch:
        if path.suffix == ".gz":
            # No time and no name in the header: the same data gives the same bytes.
            scratch.write_bytes(gzip.compress(text.encode(), compresslevel=6, mtime=0))
        else:
            scratch.write_text(text + "\n", encoding="utf-8")


def load(path: Path) -> Any:
    """
    Read what `dump` wrote.

    Raises:
        StoreError: the file is damaged; it says which one to remove.
    """
    try:
        raw = path.read_bytes()
        return json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    except (OSError, EOFError, ValueError, zlib.error) as exc:
        raise StoreError(f"{path} is damaged ({exc}); remove it and build again") from exc
