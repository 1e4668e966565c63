"""Does what a row of `programs` says in numbers follow from its executions?"""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyx_dataset.export.audit import Mismatch, rows
from pyx_dataset.export.difficulty import difficulty
from pyx_dataset.export.views import Row, steps_of
from pyx_dataset.layout import signature_of
from pyx_dataset.schema import SPLITS
from pyx_dataset.store import fingerprint
from pyx_dataset.traces.coverage import points_of, reached, together

_COUNTED = ("n_executions", "coverage", "branch_coverage", "difficulty", "signature")
_READ = ["id", "code", "entry_point", "python_version", *_COUNTED]


def recount(folder: Path, python_version: str) -> Iterator[Mismatch]:
    """
    Each program whose counts, coverage, difficulty or signature are others than found.

    Coverage follows CPython's own tables, so it is counted where `python_version` is this one's
    line; the version itself is compared always.
    """
    for split in SPLITS:
        programs = {row["id"]: row for row in rows(folder, "programs", split, _READ)}
        for name, found in _found(folder, split, programs):
            says = programs[name]
            if says["python_version"] != python_version:
                wrong = f"python_version {says['python_version']}", python_version
                yield Mismatch("programs", split, name, *wrong)
            for column, value in found.items():
                if says[column] != value:
                    wrong = f"{column} {says[column]}", f"{value}"
                    yield Mismatch("programs", split, name, *wrong)


def _found(
    folder: Path, split: str, programs: dict[str, Row]
) -> Iterator[tuple[str, dict[str, Any]]]:
    executions = rows(folder, "executions", split, ["program_id", "steps"])
    for name, group in itertools.groupby(executions, key=lambda row: row["program_id"]):
        if name not in programs:
            continue  # the audit says so
        code, entry_point = programs[name]["code"], programs[name]["entry_point"]
        runs = [steps_of(row) for row in group]
        try:
            there = points_of(code, entry_point)
            shares = together(reached(there, steps) for steps in runs).share(there)
            counted = dict(zip(("coverage", "branch_coverage"), shares, strict=True))
            yield (
                name,
                {
                    "n_executions": len(runs),
                    **{column: round(share, 4) for column, share in counted.items()},
                    "difficulty": difficulty(code, runs),
                    "signature": signature_of(code, entry_point),
                },
            )
        except (SyntaxError, ValueError, StopIteration):
            yield name, {"code": "a program that parses and has its entry point"}


def lost_files(folder: Path, files: dict[str, str]) -> Iterator[Mismatch]:
    """Row files that are not those of which the build noted the SHA-256 in its record."""
    for name, expected in files.items():
        config, _, file = name.partition("/")
        if file.endswith(".parquet") and fingerprint(folder / name) != expected:
            split = file.partition("-")[0]
            yield Mismatch(config, split, file, f"SHA-256 {expected[:12]}...", "another, or none")
