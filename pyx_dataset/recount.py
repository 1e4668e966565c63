"""Does what programs say in numbers, and of their families and files, follow from the rows?"""

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyx_dataset.export.audit import Mismatch, rows
from pyx_dataset.export.difficulty import difficulty
from pyx_dataset.filters.dedup import families
from pyx_dataset.filters.near import near_pairs
from pyx_dataset.layout import signature_of
from pyx_dataset.published import Row, steps_of
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


def lost_families(folder: Path) -> Iterator[Mismatch]:
    """Programs that share code but not their family."""
    columns = ["id", "family", "code"]
    programs = [
        (split, row)
        for split in SPLITS
        for row in rows(folder, "programs", split, columns)
        if _parses(row["code"])  # if not, the recount names it
    ]
    codes = [(row["id"], row["code"]) for _, row in programs]
    found = families(codes, near_pairs(codes))
    named: dict[str, str] = {}
    for split, row in programs:
        # The build also saw programs that it dropped, and they may join families; so names
        # differ, but two programs of one family here are of one family there.
        name = named.setdefault(found[row["id"]], row["family"])
        if name != row["family"]:
            says = f"family {row['family']}"
            yield Mismatch("programs", split, row["id"], says, f"code of family {name}")


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError):
        return False
    return True
