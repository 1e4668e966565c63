"""Seeds of rows: JSONL and Parquet files, and data sets as `datasets` reads them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pyx_dataset.config import BuildConfig
from pyx_dataset.errors import InputError
from pyx_dataset.schema import Rejected, Seed
from pyx_dataset.seeds.collect import collect, editions

ROWS = [
    {"code": "def f(x):\n    y = x + 1\n    return y\n", "license": "mit"},
    {"code": "def g(x):\n    y = x + 2\n    return y\n", "license": ["MIT", "apache-2.0"]},
    {"code": "def h(x):\n    y = x + 3\n    return y\n", "license": "gpl-3.0"},
    {"code": "def i(x):\n    y = x + 4\n    return y\n", "license": None},
    {"code": "def j(:\n", "license": "mit"},
]
CONFIG = BuildConfig(seeds=("files:x",))


def config(**changes: object) -> BuildConfig:
    return CONFIG.with_changes(**changes)


def found(spec: str, settings: BuildConfig = CONFIG) -> tuple[list[Seed], list[Rejected]]:
    items = list(collect((spec,), settings))
    return (
        [item for item in items if isinstance(item, Seed)],
        [item for item in items if isinstance(item, Rejected)],
    )


@pytest.fixture
def jsonl(tmp_path: Path) -> Path:
    """Rows as JSON lines; lists become texts because a column has one type."""
    path = tmp_path / "rows.jsonl"
    rows = [{**row, "license": row["license"] and str(row["license"])} for row in ROWS]
    rows[1]["license"] = "MIT, apache-2.0"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    """The same rows, each with a list of licences, as one data set of a single file."""
    folder = tmp_path / "set"
    folder.mkdir()
    lists = [
        row["license"] if isinstance(row["license"], list) else [row["license"]] for row in ROWS
    ]
    table = pa.table(
        {
            "content": [row["code"] for row in ROWS],
            "max_stars_repo_licenses": [[each for each in row if each] for row in lists],
        }
    )
    pq.write_table(table, folder / "train.parquet")
    return folder


def test_rows_give_seeds_under_the_licence_they_state(jsonl: Path) -> None:
    """Each row is a file of its own, and its licence becomes SPDX."""
    seeds, rejected = found(f"files:{jsonl}:code")

    assert [(seed.entry_point, seed.source.license) for seed in seeds] == [
        ("f", "MIT"),
        ("g", "Apache-2.0 AND MIT"),
    ]
    assert {seed.source.distribution for seed in seeds} == {"rows.jsonl"}
    assert [item.reason for item in rejected] == [
        "license_not_allowed",
        "license_not_allowed",
        "syntax_error",
    ]


def test_parquet_rows_give_the_same(parquet: Path) -> None:
    """Whether named as a file or, like a data set of the Hub, as a folder."""
    by_file = found(f"files:{parquet}/train.parquet:content")[0]
    by_folder = found(f"hub:{parquet}:content")[0]

    assert [seed.code for seed in by_file] == [ROWS[0]["code"], ROWS[1]["code"]]
    assert [seed.code for seed in by_folder] == [seed.code for seed in by_file]
    assert str(parquet.parent) not in repr(by_folder)


def test_a_row_without_a_licence_is_taken_only_if_the_user_says_so(jsonl: Path) -> None:
    """Then it is marked; a licence that is not allowed stays out all the same."""
    seeds, rejected = found(f"files:{jsonl}:code", config(unlicensed="mark"))

    assert [(s.entry_point, s.source.license) for s in seeds][-1] == ("i", "unknown")
    assert rejected[0].detail == "gpl-3.0"


def test_a_column_for_licences_can_be_named_and_rows_can_be_few(jsonl: Path) -> None:
    """``?license=COLUMN&rows=N``; a column with something else in it allows nothing."""
    assert len(found(f"files:{jsonl}:code?rows=1")[0]) == 1
    assert not found(f"files:{jsonl}:code?license=code")[0]


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("files:{jsonl}:text", "has no column 'text'; it has code, license"),
        ("files:{jsonl}:code?license=spdx", "has no column 'spdx'"),
        ("files:{jsonl}:code?language=go", "unknown option language"),
        ("files:gone.jsonl:code", "there is none"),
        ("files:{jsonl}.parquet:code", "there is none"),
        ("hub:{folder}:code?split=dev", "cannot read"),
        ("hub:org/name", "write hub:PLACE:COLUMN"),
    ],
)
def test_a_table_that_is_not_as_named_is_said(
    spec: str, says: str, jsonl: Path, tmp_path: Path
) -> None:
    """One sentence that shows what is there or what would be right."""
    with pytest.raises(InputError, match=says):
        found(spec.format(jsonl=jsonl, folder=tmp_path))


def test_another_row_is_another_edition(jsonl: Path) -> None:
    """So a build never mixes two states of a file."""
    spec = f"files:{jsonl}:code"
    before = editions((spec,), CONFIG)
    jsonl.write_text(jsonl.read_text().replace("x + 1", "x + 9"))

    assert editions((spec,), CONFIG) != before


@pytest.mark.network
def test_a_hub_that_is_not_there_is_said() -> None:
    """No traceback, whatever fails below; asked of a closed port of this machine."""
    code = (
        "from pyx_dataset.config import BuildConfig\n"
        "from pyx_dataset.errors import InputError\n"
        "from pyx_dataset.seeds.collect import editions\n"
        "try:\n    editions(('hub:org/name:code',), BuildConfig(seeds=('hub:org/name:code',)))\n"
        "except InputError as exc:\n    print(exc)\n"
    )
    environment = {**os.environ, "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HUB_OFFLINE": "0"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )

    assert done.stdout.startswith("hub:org/name cannot be read")
    assert "refused" in done.stdout
