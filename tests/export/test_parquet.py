"""Rows in files."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from datasets import ClassLabel, Features, List, Value, load_dataset

from pyx_dataset.export.parquet import GROUP_ROWS, SplitWriter

FEATURES = Features({"id": Value("string"), "kinds": List(ClassLabel(names=["a", "b"]))})


def write(folder: Path, rows: list[dict[str, Any]], **options: int) -> list[str]:
    with SplitWriter(folder, "train", FEATURES, **options) as writer:
        for row in rows:
            writer.write(row)
    return sorted(path.name for path in folder.iterdir())


def some(count: int) -> list[dict[str, Any]]:
    return [{"id": f"{number:x}" * 9, "kinds": [number % 2]} for number in range(count)]


def test_a_reader_without_us_gets_the_features_back(tmp_path: Path) -> None:
    """`datasets` reads lists and class labels from the files alone."""
    write(tmp_path / "forward", some(5))
    found = load_dataset("parquet", data_files=str(tmp_path / "forward" / "*"), split="train")

    assert found.features == FEATURES
    assert found.to_list() == some(5)


@pytest.mark.parametrize("row", [{"id": "x"}, {"id": "x", "kinds": [], "more": 1}])
def test_a_row_of_other_columns_is_an_error_that_names_them(
    tmp_path: Path, row: dict[str, Any]
) -> None:
    """Neither dropped nor filled in, and no file is left."""
    with pytest.raises(KeyError, match=r"row x of forward .*(kinds|more)"):
        write(tmp_path / "forward", [row])

    assert not list((tmp_path / "forward").glob("*.parquet"))


def test_files_are_bounded_and_numbered(tmp_path: Path) -> None:
    """Every row is in one of N files, in order, each closed at the bound."""
    rows = some(5 * GROUP_ROWS - 1)
    names = write(tmp_path / "forward", rows, shard_bytes=3_000)
    read = [row for name in names for row in pq.read_table(tmp_path / "forward" / name).to_pylist()]

    assert names == [f"train-{n:05}-of-{len(names):05}.parquet" for n in range(len(names))]
    assert len(names) > 1
    assert read == rows


def test_no_rows_still_make_a_file_of_their_columns(tmp_path: Path) -> None:
    """Valid Parquet with the schema and nothing in it."""
    names = write(tmp_path / "forward", [])
    file = tmp_path / "forward" / names[0]

    assert names == ["train-00000-of-00001.parquet"]
    assert pq.read_table(file).to_pylist() == []
    assert Features.from_arrow_schema(pq.read_schema(file)) == FEATURES


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    """No time, no name, no order of a set in a file."""
    for name in ("one", "two"):
        write(tmp_path / name, some(600))
    one, two = (next((tmp_path / name).iterdir()).read_bytes() for name in ("one", "two"))

    assert one == two


def test_rows_are_compressed_with_zstd(tmp_path: Path) -> None:
    """Every column chunk."""
    write(tmp_path / "forward", some(3))
    group = pq.read_metadata(next((tmp_path / "forward").iterdir())).row_group(0)

    assert {group.column(n).compression for n in range(group.num_columns)} == {"ZSTD"}
