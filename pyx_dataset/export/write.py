"""Write the data set: every config, every split, then the card."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from pyx_dataset.errors import StoreError
from pyx_dataset.export.card import card
from pyx_dataset.export.features import FEATURES
from pyx_dataset.export.parquet import SplitWriter
from pyx_dataset.export.plots import draw
from pyx_dataset.export.summary import Summary
from pyx_dataset.export.views import views
from pyx_dataset.schema import SPLITS, Bundle
from pyx_dataset.store import fingerprint, write_text

Record = dict[str, Any]


def export(bundles: Callable[[], Iterator[Bundle]], out: Path, record: Record) -> Record:
    """
    Write `bundles` to `out` as a folder that ``load_dataset`` reads.

    The bundles are read once, and what is held of them is at most a row group for each split
    of each config. A config's folder appears when it is complete; the card comes last.

    Args:
        bundles: Gives the kept programs, in the order in which their rows shall stand.
        out: The folder; configs of an earlier export are replaced.
        record: The build's record so far, from which the card is made.

    Returns:
        What `record` is to hold as well: rows by config and split as ``counts``, the numbers of
        `Summary`, and the SHA-256 of each file that was made as ``files``.

    Raises:
        StoreError: `out` cannot be written or is full.
    """
    try:
        with _scratch(out) as scratch:
            numbers = _write_rows(bundles(), scratch, record["python_version"])
            draw({**record, **numbers}, scratch / "plots")
            for name in (*FEATURES, "plots"):
                shutil.rmtree(out / name, ignore_errors=True)
                (scratch / name).rename(out / name)
    except OSError as exc:
        raise StoreError(f"cannot write {out}: {exc.strerror or exc}") from exc
    made = (file for name in (*FEATURES, "plots") for file in sorted((out / name).iterdir()))
    numbers["files"] = {str(file.relative_to(out)): fingerprint(file) for file in made}
    write_text(out / "README.md", card({**record, **numbers}))
    return numbers


def _write_rows(bundles: Iterator[Bundle], folder: Path, python_version: str) -> Record:
    summary = Summary()
    with ExitStack() as stack:
        writers = {
            (config, split): stack.enter_context(SplitWriter(folder / config, split, features))
            for config, features in FEATURES.items()
            for split in SPLITS
        }
        for bundle in bundles:
            summary.add(bundle)
            for config, view in views(python_version).items():
                for row in view(bundle):
                    writers[config, bundle.program.split].write(row)
    counts: dict[str, dict[str, int]] = {config: {} for config in FEATURES}
    for (config, split), writer in writers.items():
        counts[config][split] = writer.rows
    return {"counts": counts, **summary.numbers()}


@contextmanager
def _scratch(out: Path) -> Iterator[Path]:
    folder = out / f".export.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
