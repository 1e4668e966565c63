"""Change single values all over a built data set, and see which of them `pyx verify` finds.

    python benchmarks/detection.py DIR [--rows 25] [--workers 2]

In a copy, one value of one row is changed: a digit, a letter, a number by one, a truth turned
around, one member of a list taken out; `--rows` times for each column of each config, always in a
row that is untouched. Rows of other splits are swapped in, too. Then the copy is verified once.
A change is found if the report names its row; rows that were named without a change to them, or
to a row that speaks of the same program, are counted as false alarms.
"""

import argparse
import random
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pyx_dataset.export.audit import rows
from pyx_dataset.export.features import FEATURES
from pyx_dataset.schema import SPLITS, Split
from pyx_dataset.verify import verify

Row = dict[str, Any]


def changed(value: Any, rng: random.Random) -> Any:
    """`value` with one small difference; as it is if there is nothing in it to change."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case float():
            return value + 0.01
        case str():
            return _other_text(value, rng)
        case list() if value and isinstance(value[0], dict) and rng.random() < 0.8:
            place = rng.randrange(len(value))
            return [*value[:place], changed(value[place], rng), *value[place + 1 :]]
        case list() if value:
            place = rng.randrange(len(value))
            return [*value[:place], *value[place + 1 :]]
        case dict():
            names = [name for name, item in value.items() if item not in (None, "", [])]
            if not names:
                return value
            name = rng.choice(names)
            return {**value, name: changed(value[name], rng)}
    return value


def _other_text(text: str, rng: random.Random) -> str:
    places = [place for place, letter in enumerate(text) if letter.isalnum()]
    if not places:
        return text + "x"
    place = rng.choice(places)
    letter = text[place]
    other = str((int(letter) + 1) % 10) if letter in "0123456789" else "q" if letter != "q" else "z"
    return text[:place] + other + text[place + 1 :]


def plant(folder: Path, each: int, rng: random.Random) -> dict[tuple[str, str], set[str]]:
    """Change rows of every config in place; the ids of the changed ones by config and column."""
    planted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for config, features in FEATURES.items():
        held = {split: list(rows(folder, config, split)) for split in SPLITS}
        order = [(split, place) for split in SPLITS for place in range(len(held[split]))]
        rng.shuffle(order)
        places = iter(order)
        for column in features:
            if column == "id":
                continue
            for split, place in places:
                row = held[split][place]
                new = {**row, column: changed(row[column], rng)}
                if new != row:
                    held[split][place] = new
                    planted[config, column].add(row["id"])
                if len(planted[config, column]) == each:
                    break
        for split, place in _some(places, each):
            row = held[split][place]
            target = next(name for name in SPLITS if name != split and held[name])
            held[target].append(row)
            held[split][place] = {}
            planted[config, "(its split)"].add(row["id"])
        for split in SPLITS:
            kept = [row for row in held[split] if row]
            first, *others = sorted((folder / config).glob(f"{split}-*.parquet"))
            for other in others:
                other.unlink()
            pq.write_table(pa.Table.from_pylist(kept, features.arrow_schema), first)
    return planted


def _some(places: Iterator[tuple[Split, int]], most: int) -> list[tuple[Split, int]]:
    return [place for place, _ in zip(places, range(most), strict=False)]


def main() -> None:
    """Plant, verify, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=25)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "pyx"
        shutil.copytree(options.folder, copy, ignore=shutil.ignore_patterns(".build"))
        planted = plant(copy, options.rows, random.Random(3))  # noqa: S311  (a sample)
        report = verify(copy, workers=options.workers)
    named: dict[str, set[str]] = defaultdict(set)
    for item in report.mismatches:
        named[item.config].add(item.row_id)
    print("| config | column | changed | found |\n| --- | --- | --- | --- |")
    total = found = 0
    for (config, column), ids in planted.items():
        hits = len(ids & named[config])
        total, found = total + len(ids), found + hits
        mark = "" if hits == len(ids) else " **missed**"
        print(f"| `{config}` | `{column}` | {len(ids)} | {hits}{mark} |")
    print(f"\n{found} of {total} found")


if __name__ == "__main__":
    main()
